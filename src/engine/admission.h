/* Whether a request may go out now: this process's limiter has a place, and where a limiter is
 * shared by processes, it has given one, too.
 *
 * No I/O, no Lua, no clock: time is an argument, in seconds from any fixed point. */
#ifndef NGROK_ADMISSION_H
#define NGROK_ADMISSION_H

#include "engine/limiter.h"

/* Places of a shared limiter that are to be given back. */
typedef struct ngrok_places {
    unsigned unused; /* nothing was sent for them */
    unsigned ended;  /* their requests count from now on, for a window */
} ngrok_places;

typedef struct ngrok_admission {
    ngrok_limiter *limiter; /* borrowed */
    ngrok_limit limit;
    bool is_shared;
    unsigned granted; /* places of the shared limiter that no request has taken yet */
    ngrok_places left;
    double refused_until; /* it has no place before, as far as was known */
    double refused_at;    /* when that was */
} ngrok_admission;

/* False when memory ran out. */
bool ngrok_admission_init(ngrok_admission *self, ngrok_limiter *limiter, ngrok_limit limit);

/* As ngrok_limiter_earliest, which it bounds from below. */
double ngrok_admission_earliest(const ngrok_admission *self, unsigned position, double now);

/* When to ask again, as a place may come free without notice before `earliest` says so;
 * INFINITY where that cannot be. */
double ngrok_admission_next_look(const ngrok_admission *self, double now);

/* The shared limiter has no place now, nor before `until`, as far as is known. */
void ngrok_admission_refuse(ngrok_admission *self, double until, double now);

/* How many of the first `count` requests of a queue lack nothing but a place of the shared limiter.
 */
unsigned ngrok_admission_wanted(const ngrok_admission *self, unsigned count, double now);

/* Takes a place, which must later be given up by exactly one of the two below it. */
bool ngrok_admission_admit(ngrok_admission *self, double now);
void ngrok_admission_note_end(ngrok_admission *self, double now); /* or it may have arrived */
void ngrok_admission_note_unsent(ngrok_admission *self);

/* Those to be given back; the counts begin at zero again. */
ngrok_places ngrok_admission_take_back(ngrok_admission *self);

#endif
