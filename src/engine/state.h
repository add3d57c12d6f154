/* The engine as its own files see it. No other file includes this.
 *
 *   engine.c      a request's states, from submission to collection
 *   limits.c      those that wait for the limits
 *   outcome.c     what an attempt came to, and whether there is another
 *   timeout.c     whose time is up
 *   attendance.c  callers that may leave */
#ifndef NGROK_ENGINE_STATE_H
#define NGROK_ENGINE_STATE_H

#include "engine/admission.h"
#include "engine/engine.h"

struct ngrok_engine {
    ngrok_queue waiting; /* in order of submission */
    ngrok_queue in_flight, backing_off, completed;
    size_t attended; /* of those in the queues */
    unsigned max_in_flight;
    ngrok_admission admission;
    double paused_until; /* the limiter's, when the waiting ones were last held against it */
    uint64_t last_id;
    uint64_t chance;
    double wait_scale;
    double wait_end;    /* a lower bound of when a wait is over */
    double backoff_end; /* a lower bound of when a back-off is over */
    ngrok_trace trace;
};

/* Seconds. With less time left another attempt could only end as the last one did. */
static const double ngrok_shortest_attempt = 0.02;

/* Into another state, which ends by itself at `deadline`. */
void ngrok_engine_enter(ngrok_engine *engine, ngrok_request *request, ngrok_state state,
                        double deadline, double now);
void ngrok_engine_wait(ngrok_engine *engine, ngrok_request *request, double now);
void ngrok_engine_complete(ngrok_engine *engine, ngrok_request *request, double now);

/* Gives its place up, after an attempt without a response. */
void ngrok_engine_end_attempt(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                              double now);

/* Sends it again at once where it may be, or completes it as it stands. */
void ngrok_engine_try_again(ngrok_engine *engine, ngrok_request *request, double now);

/* Seconds that are left to a request in flight or backing off for its response. */
double ngrok_engine_time_left(const ngrok_request *request, double now);

/* When the request at `position` of those that wait may begin, as far as the limits are concerned.
 */
double ngrok_engine_earliest(const ngrok_engine *engine, unsigned position, double now);

/* When `request`, the first of those that wait, may begin; INFINITY while that depends on others.
 */
double ngrok_engine_next_begin(const ngrok_engine *engine, const ngrok_request *request,
                               double now);

/* Moves those on whose back-off is over. */
void ngrok_engine_end_backoffs(ngrok_engine *engine, double now);

/* Another client of the limiter, or another process, may have met with a refusal. */
void ngrok_engine_notice_pause(ngrok_engine *engine, double now);

/* Ends those that have waited enough. */
void ngrok_engine_end_waits(ngrok_engine *engine, double now);

#endif
