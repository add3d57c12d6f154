/* Whether a request may go out now: this process's limiter says so, and where a window is shared by
 * processes that the core cannot speak with, whoever can has brought a permit for it.
 *
 * No I/O, no Lua, no clock: time is an argument, in seconds from any fixed point. */
#ifndef NGROK_ADMISSION_H
#define NGROK_ADMISSION_H

#include "engine/limiter.h"

typedef struct ngrok_admission {
    ngrok_limiter *limiter; /* borrowed */
    ngrok_limit limit;
    bool by_permit;
    unsigned permits;       /* brought and not yet used */
    unsigned ended, unsent; /* with a permit each, since they were last taken */
    double shut_until;      /* no permit can be had before, as far as was known */
    double shut_at;         /* when that was */
} ngrok_admission;

/* What became of permits. */
typedef struct ngrok_permits {
    unsigned unused, unsent, ended;
} ngrok_permits;

/* False when memory ran out. */
bool ngrok_admission_init(ngrok_admission *self, ngrok_limiter *limiter, ngrok_limit limit);

/* As ngrok_limiter_earliest, which it bounds from below. */
double ngrok_admission_earliest(const ngrok_admission *self, unsigned position, double now);

/* When to ask again, as a place may come free before `earliest` says so and nobody would tell;
 * INFINITY where that cannot be. */
double ngrok_admission_next_look(const ngrok_admission *self, double now);

/* No permit can be had now, nor before `until`, as far as is known. */
void ngrok_admission_shut(ngrok_admission *self, double until, double now);

/* How many of the first `count` requests of a queue lack nothing but a permit now. */
unsigned ngrok_admission_wanted(const ngrok_admission *self, unsigned count, double now);

/* Takes a place, which must later be given up by exactly one of the two below it. */
bool ngrok_admission_admit(ngrok_admission *self, double now);
void ngrok_admission_note_end(ngrok_admission *self, double now); /* or it may have arrived */
void ngrok_admission_note_unsent(ngrok_admission *self);

/* Those that have been given up or were never used; they count from zero again. */
ngrok_permits ngrok_admission_take_permits(ngrok_admission *self);

#endif
