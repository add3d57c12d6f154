/* See poller.h. For systems with neither epoll nor kqueue, and for tests of that case anywhere
 * (NGROK_POLLER_PORTABLE): there is then no descriptor for a host's loop, and a blocking step still
 * waits as it should. */
#if defined(NGROK_POLLER_PORTABLE) ||                                                              \
    !(defined(__linux__) || defined(__APPLE__) || defined(__FreeBSD__) || defined(__NetBSD__) ||   \
      defined(__OpenBSD__) || defined(__DragonFly__))

#include "curl/poller.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>

struct ngrok_poller {
    struct pollfd *watched;
    nfds_t count, capacity;
    nfds_t turn; /* whose events are told first: with a small capacity the others' must come too */
};

ngrok_poller *ngrok_poller_new(void) {
    return calloc(1, sizeof(ngrok_poller));
}

void ngrok_poller_free(ngrok_poller *poller) {
    if (poller != NULL) {
        free(poller->watched);
        free(poller);
    }
}

void ngrok_poller_abandon(ngrok_poller *poller) {
    ngrok_poller_free(poller);
}

int ngrok_poller_descriptor(const ngrok_poller *poller) {
    (void)poller;
    return -1;
}

static struct pollfd *find(ngrok_poller *poller, int descriptor) {
    for (nfds_t i = 0; i < poller->count; i++) {
        if (poller->watched[i].fd == descriptor) {
            return &poller->watched[i];
        }
    }
    return NULL;
}

static struct pollfd *add(ngrok_poller *poller) {
    if (poller->count == poller->capacity) {
        nfds_t capacity = poller->capacity * 2 + 8;
        struct pollfd *watched = realloc(poller->watched, capacity * sizeof *watched);
        if (watched == NULL) {
            return NULL;
        }
        poller->watched = watched;
        poller->capacity = capacity;
    }
    return &poller->watched[poller->count++];
}

bool ngrok_poller_watch(ngrok_poller *poller, int descriptor, unsigned what) {
    struct pollfd *entry = find(poller, descriptor);
    if (what == 0) {
        if (entry != NULL) {
            *entry = poller->watched[--poller->count];
        }
        return true;
    }
    if (entry == NULL && (entry = add(poller)) == NULL) {
        return false;
    }
    *entry = (struct pollfd){
        .fd = descriptor,
        .events = (short)(((what & NGROK_POLLER_READ) != 0 ? POLLIN : 0) |
                          ((what & NGROK_POLLER_WRITE) != 0 ? POLLOUT : 0)),
    };
    return true;
}

int ngrok_poller_wait(ngrok_poller *poller, double seconds, ngrok_poller_event *events,
                      int capacity) {
    int limit = seconds <= 0 ? 0 : seconds > 1e6 ? -1 : (int)ceil(seconds * 1e3);
    int found = poll(poller->watched, poller->count, limit);
    int count = 0;
    for (nfds_t i = 0; found > 0 && i < poller->count && count < capacity; i++) {
        const struct pollfd *entry = &poller->watched[poller->turn++ % poller->count];
        short bits = entry->revents;
        if (bits == 0) {
            continue;
        }
        events[count++] = (ngrok_poller_event){
            .descriptor = entry->fd,
            .ready = ((bits & POLLIN) != 0 ? NGROK_POLLER_READ : 0U) |
                     ((bits & POLLOUT) != 0 ? NGROK_POLLER_WRITE : 0U) |
                     ((bits & (POLLERR | POLLHUP | POLLNVAL)) != 0 ? NGROK_POLLER_ERROR : 0U),
        };
    }
    return count;
}

void ngrok_poller_alarm(ngrok_poller *poller, double seconds) {
    (void)poller;
    (void)seconds;
}

#else
typedef int ngrok_poller_poll_is_not_here; /* ISO C wants something in every file */
#endif
