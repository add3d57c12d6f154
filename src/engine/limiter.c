#include "engine/limiter.h"

#include "base/lock.h"

#include <math.h>
#include <stdlib.h>

/* A window is waited for longer by this part of it: the server's clock may differ from ours, and be
 * read more coarsely. */
static const double margin = 1e-3;

struct ngrok_limiter {
    ngrok_lock lock;
    int process; /* that used it last; 0 for none yet */
    /* When the latest requests ended, a ring that begins anywhere: `count` of `capacity`, the
     * newest before `next`. */
    double *ends;
    unsigned capacity, count, next;
    unsigned open;
    double longest_window;
    double paused_until;
    unsigned refusals; /* one after the other */
    double refused_at; /* the first of them */
};

ngrok_limiter *ngrok_limiter_new(void) {
    ngrok_limiter *limiter = calloc(1, sizeof *limiter);
    if (limiter != NULL) {
        limiter->paused_until = -INFINITY;
    }
    return limiter;
}

void ngrok_limiter_free(ngrok_limiter *limiter) {
    if (limiter == NULL) {
        return;
    }
    free(limiter->ends);
    free(limiter);
}

/* After a fork all requests under way are the parent's: the child would never give their places
 * back. */
static void lock(ngrok_limiter *limiter) {
    int process = ngrok_lock_take(&limiter->lock);
    if (limiter->process != process) {
        limiter->process = process;
        limiter->open = 0;
    }
}

static void unlock(ngrok_limiter *limiter) {
    ngrok_lock_release(&limiter->lock);
}

/* The end that is `rank` (from 1) before now, the newest first; -INFINITY when there was none. */
static double end_at(const ngrok_limiter *limiter, unsigned rank) {
    if (rank > limiter->count) {
        return -INFINITY;
    }
    return limiter->ends[(limiter->next + limiter->capacity - rank) % limiter->capacity];
}

static bool grow(ngrok_limiter *limiter, unsigned capacity) {
    double *ends = calloc(capacity, sizeof *ends);
    if (ends == NULL) {
        return false;
    }
    for (unsigned i = 0; i < limiter->count; i++) {
        ends[i] = end_at(limiter, limiter->count - i);
    }
    double *old = limiter->ends;
    limiter->ends = ends; /* whole at every moment: see lock.h */
    limiter->next = limiter->count;
    limiter->capacity = capacity;
    free(old);
    return true;
}

bool ngrok_limiter_remember(ngrok_limiter *limiter, ngrok_limit limit) {
    lock(limiter);
    bool grown = limit.requests <= limiter->capacity || grow(limiter, limit.requests);
    if (grown) {
        limiter->longest_window = fmax(limiter->longest_window, limit.window);
    }
    unlock(limiter);
    return grown;
}

/* For a position within the limit: those behind it need a place that one before them gives up. */
static double earliest_place(const ngrok_limiter *limiter, ngrok_limit limit, unsigned position,
                             double now) {
    double window = limit.window * (1 + margin);
    /* This place, counted from the newest, must be free by then. */
    unsigned rank = limit.requests - position + 1;
    if (rank <= limiter->open) {
        return now + window; /* if it ends this very moment */
    }
    return fmax(now, end_at(limiter, rank - limiter->open) + window);
}

static double earliest_locked(const ngrok_limiter *limiter, ngrok_limit limit, unsigned position,
                              double now) {
    double begin = fmax(now, limiter->paused_until);
    if (limit.requests == 0) {
        return begin;
    }
    unsigned rounds = (position - 1) / limit.requests;
    unsigned within = (position - 1) % limit.requests + 1;
    return fmax(begin, earliest_place(limiter, limit, within, now)) +
           rounds * limit.window * (1 + margin);
}

double ngrok_limiter_earliest(ngrok_limiter *limiter, ngrok_limit limit, unsigned position,
                              double now) {
    lock(limiter);
    double earliest = earliest_locked(limiter, limit, position, now);
    unlock(limiter);
    return earliest;
}

bool ngrok_limiter_admit(ngrok_limiter *limiter, ngrok_limit limit, double now) {
    lock(limiter);
    bool admitted = earliest_locked(limiter, limit, 1, now) <= now;
    limiter->open += admitted ? 1 : 0;
    unlock(limiter);
    return admitted;
}

void ngrok_limiter_note_end(ngrok_limiter *limiter, double now) {
    lock(limiter);
    limiter->open--;
    if (limiter->capacity > 0) {
        /* Threads may come here in another order than they read the clock. */
        limiter->ends[limiter->next] = fmax(now, end_at(limiter, 1));
        limiter->next = (limiter->next + 1) % limiter->capacity;
        limiter->count += limiter->count < limiter->capacity ? 1 : 0;
    }
    unlock(limiter);
}

void ngrok_limiter_note_unsent(ngrok_limiter *limiter) {
    lock(limiter);
    limiter->open--;
    unlock(limiter);
}

bool ngrok_limiter_has_open(ngrok_limiter *limiter) {
    lock(limiter);
    bool has_open = limiter->open > 0;
    unlock(limiter);
    return has_open;
}

static double unasked_pause(const ngrok_limiter *limiter, ngrok_limit limit, double now) {
    double pause = limit.window / 4;
    for (unsigned i = 1; i < limiter->refusals && pause < limit.window; i++) {
        pause *= 2;
    }
    /* Then what filled the window before the first refusal is out of it. */
    double left = limiter->refused_at + limit.window - now;
    return fmin(pause, left > 0 ? left : limit.window);
}

void ngrok_limiter_refused(ngrok_limiter *limiter, ngrok_limit limit, double retry_after,
                           double now) {
    lock(limiter);
    bool first_of_burst = now >= limiter->paused_until;
    limiter->refusals += first_of_burst ? 1 : 0;
    limiter->refused_at = limiter->refusals == 1 && first_of_burst ? now : limiter->refused_at;
    if (retry_after >= 0) {
        limiter->paused_until = fmax(limiter->paused_until, now + retry_after);
    } else if (first_of_burst) {
        limiter->paused_until = now + unasked_pause(limiter, limit, now);
    }
    unlock(limiter);
}

void ngrok_limiter_passed(ngrok_limiter *limiter, double now) {
    lock(limiter);
    /* During a pause it is a request from before the refusal that passes. */
    if (now >= limiter->paused_until) {
        limiter->refusals = 0;
    }
    unlock(limiter);
}

void ngrok_limiter_pause(ngrok_limiter *limiter, double until) {
    lock(limiter);
    limiter->paused_until = fmax(limiter->paused_until, until);
    unlock(limiter);
}

double ngrok_limiter_paused_until(ngrok_limiter *limiter) {
    lock(limiter);
    double until = limiter->paused_until;
    unlock(limiter);
    return until;
}

bool ngrok_limiter_matters(ngrok_limiter *limiter, double now) {
    lock(limiter);
    bool matters = limiter->open > 0 || limiter->paused_until > now ||
                   end_at(limiter, 1) + limiter->longest_window * (1 + margin) > now;
    unlock(limiter);
    return matters;
}
