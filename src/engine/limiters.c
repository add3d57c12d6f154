#include "engine/limiters.h"

#include "base/lock.h"

#include <stdlib.h>

typedef struct entry {
    uint64_t hash;
    unsigned shares;
    ngrok_limiter *limiter;
    struct entry *next;
} entry;

static ngrok_lock lock;
static entry *entries;

/* FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: two keys with the same hash would only share
 * a limit. */
uint64_t ngrok_limiters_hash(const char *key, size_t length) {
    uint64_t hash = 0xcbf29ce484222325U;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3U;
    }
    return hash;
}

static void purge(double now) {
    entry **at = &entries;
    while (*at != NULL) {
        entry *old = *at;
        if (old->shares > 0 || ngrok_limiter_matters(old->limiter, now)) {
            at = &old->next;
            continue;
        }
        *at = old->next;
        ngrok_limiter_free(old->limiter);
        free(old);
    }
}

static entry *find(uint64_t hash) {
    entry *at = entries;
    while (at != NULL && at->hash != hash) {
        at = at->next;
    }
    return at;
}

static entry *add(uint64_t hash) {
    entry *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    made->limiter = ngrok_limiter_new();
    if (made->limiter == NULL) {
        free(made);
        return NULL;
    }
    made->hash = hash;
    made->next = entries;
    entries = made;
    return made;
}

ngrok_limiter *ngrok_limiters_take(const char *key, size_t length, double now) {
    uint64_t hash = ngrok_limiters_hash(key, length);
    (void)ngrok_lock_take(&lock);
    purge(now);
    entry *found = find(hash);
    if (found == NULL) {
        found = add(hash);
    }
    ngrok_limiter *limiter = NULL;
    if (found != NULL) {
        found->shares++;
        limiter = found->limiter;
    }
    ngrok_lock_release(&lock);
    return limiter;
}

bool ngrok_limiters_give_back(const ngrok_limiter *limiter, double now) {
    (void)ngrok_lock_take(&lock);
    entry *at = entries;
    while (at != NULL && at->limiter != limiter) {
        at = at->next;
    }
    bool found = at != NULL;
    if (found) {
        at->shares--;
        purge(now);
    }
    ngrok_lock_release(&lock);
    return found;
}
