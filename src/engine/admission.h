/* Decides whether a request may go out now. It needs a place of this process's limiter, and also
 * one of the shared limiter, where processes share one.
 *
 * No I/O, no Lua, no clock: time is an argument, in seconds from any fixed point. */
#ifndef NGROK_ADMISSION_H
#define NGROK_ADMISSION_H

#include "engine/limiter.h"

/* Places to give back to the shared limiter. */
typedef struct ngrok_places {
    unsigned unused; /* nothing was sent for them */
    unsigned ended;  /* their requests have ended, and count for a window from now on */
} ngrok_places;

typedef struct ngrok_admission {
    ngrok_limiter *limiter; /* borrowed */
    ngrok_limit limit;
    bool is_shared;
    unsigned granted; /* places of the shared limiter that no request has taken yet */
    ngrok_places left;
    double refused_until; /* the shared limiter has no place before, as far as is known */
    double refused_at;    /* when it said so */
} ngrok_admission;

/* False when memory ran out. */
bool ngrok_admission_init(ngrok_admission *self, ngrok_limiter *limiter, ngrok_limit limit);

/* Like ngrok_limiter_earliest, but never before the shared limiter has a place. */
double ngrok_admission_earliest(const ngrok_admission *self, unsigned position, double now);

/* When to ask again, because a place may become free without notice before `earliest`. INFINITY if
 * none can. */
double ngrok_admission_next_look(const ngrok_admission *self, double now);

/* Records that the shared limiter has no place before `until`, as far as is known. */
void ngrok_admission_refuse(ngrok_admission *self, double until, double now);

/* How many of the first `count` requests of a queue need only a place of the shared one. */
unsigned ngrok_admission_wanted(const ngrok_admission *self, unsigned count, double now);

/* Takes a place. Exactly one of the two functions below must give it up later. */
bool ngrok_admission_admit(ngrok_admission *self, double now);
void ngrok_admission_note_end(ngrok_admission *self, double now); /* or it may have arrived */
void ngrok_admission_note_unsent(ngrok_admission *self);

/* Returns the places to give back, and counts from zero again. */
ngrok_places ngrok_admission_take_back(ngrok_admission *self);

#endif
