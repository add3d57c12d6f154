/* How often requests may go out: at most so many in any window of time, as the server counts them.
 *
 * The server counts a request when it arrives, which is some time between its leaving and its
 * response. So a request holds a place from its admission until a window after its response came;
 * what never left gives its place back. A limiter that counts only when requests leave lets two
 * arrive too close together whenever the first was slow on its way.
 *
 * No I/O, no Lua, no clock: time is an argument, in seconds from any fixed point that all callers
 * share. Safe to call from several threads: Lua states in one process may share one. After a fork
 * the child has the history, but no place is held in it. */
#ifndef NGROK_LIMITER_H
#define NGROK_LIMITER_H

#include <stdbool.h>

/* At most `requests` in any `window` seconds; 0 requests for no limit. */
typedef struct ngrok_limit {
    unsigned requests;
    double window;
} ngrok_limit;

typedef struct ngrok_limiter ngrok_limiter;

/* The caller owns it. NULL when memory ran out. */
ngrok_limiter *ngrok_limiter_new(void);
void ngrok_limiter_free(ngrok_limiter *limiter);

/* Makes it remember as much as `limit` asks about; false when memory ran out. Clients with
 * different limits may share a limiter: it remembers what was sent, and each client is held to its
 * limit. */
bool ngrok_limiter_remember(ngrok_limiter *limiter, ngrok_limit limit);

/* The earliest time at which the request at `position` (from 1) of a queue may be admitted, as far
 * as can be known; `now` for at once. */
double ngrok_limiter_earliest(ngrok_limiter *limiter, ngrok_limit limit, unsigned position,
                              double now);

/* Takes a place if one is free now. Exactly one of the two functions below must give it up later.
 * Asking and taking are one call, so that two threads never get the same place. */
bool ngrok_limiter_admit(ngrok_limiter *limiter, ngrok_limit limit, double now);
void ngrok_limiter_note_end(ngrok_limiter *limiter, double now); /* it may have arrived */
void ngrok_limiter_note_unsent(ngrok_limiter *limiter);

/* Whether any place is held by a request that is under way. */
bool ngrok_limiter_has_open(ngrok_limiter *limiter);

/* The server refused a request for coming too often (HTTP 429) and asked to wait `retry_after`
 * seconds, or did not say (negative): no request is admitted for that long, or for a quarter of the
 * window, doubled each time up to the window, and never past the end of the window that the first
 * refusal begins. One burst counts as one refusal. */
void ngrok_limiter_refused(ngrok_limiter *limiter, ngrok_limit limit, double retry_after,
                           double now);
/* The server accepted a request: the next refusal counts as the first again. */
void ngrok_limiter_passed(ngrok_limiter *limiter, double now);

/* Another process knows of a refusal: no request is admitted until then. */
void ngrok_limiter_pause(ngrok_limiter *limiter, double until);

/* When the pause ends; in the past when there is none. */
double ngrok_limiter_paused_until(ngrok_limiter *limiter);

/* Whether it is still needed: a place is held, or its history reaches into the window. */
bool ngrok_limiter_matters(ngrok_limiter *limiter, double now);

#endif
