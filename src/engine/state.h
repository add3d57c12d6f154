/* The engine as its own files see it. No other file includes this. Each of them calls only those
 * above it in this list:
 *
 *   state.c       the states of requests, and the queues that hold them
 *   attendance.c  callers that may leave
 *   limits.c      requests that wait for the limits
 *   outcome.c     the result of an attempt, and whether there is another
 *   timeout.c     requests whose time is up
 *   engine.c      submission, the beginning of attempts, and cancellation
 *
 * Ownership: the engine holds a reference to each request in its queues, from submission to
 * collection. It borrows its limiter, and owns its trace. */
#ifndef NGROK_ENGINE_STATE_H
#define NGROK_ENGINE_STATE_H

#include "engine/admission.h"
#include "engine/engine.h"
#include "engine/retry.h"

struct ngrok_engine {
    ngrok_queue waiting; /* in order of submission */
    ngrok_queue in_flight, backing_off, completed;
    size_t attended; /* of those in the queues */
    unsigned max_in_flight;
    ngrok_admission admission;
    double paused_until; /* the limiter's, when it was last applied to the requests that wait */
    uint64_t last_id;
    uint64_t chance;
    double wait_scale;
    double wait_end;    /* a lower bound of when a wait is over */
    double backoff_end; /* a lower bound of when a back-off is over */
    ngrok_trace trace;
};

/* Seconds. With less time left another attempt would be pointless. */
static const double ngrok_shortest_attempt = 0.02;

/* ---- state.c ---- */

/* Moves the request into another state, which ends at `deadline` if nothing ends it before. */
void ngrok_engine_enter(ngrok_engine *engine, ngrok_request *request, ngrok_state state,
                        double deadline, double now);
void ngrok_engine_wait(ngrok_engine *engine, ngrok_request *request, double now);
void ngrok_engine_complete(ngrok_engine *engine, ngrok_request *request, double now);

/* Gives up the place that the limits granted to an attempt, when it has got no response. */
void ngrok_engine_end_attempt(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                              double now);

/* Ends the back-offs that are over. */
void ngrok_engine_end_backoffs(ngrok_engine *engine, double now);

/* Seconds left for the response to a request that is in flight or backing off. */
double ngrok_engine_time_left(const ngrok_request *request, double now);

/* When `request`, the first that waits, may begin; INFINITY while that depends on others. */
double ngrok_engine_next_begin(const ngrok_engine *engine, const ngrok_request *request,
                               double now);

/* ---- limits.c ---- */

/* Looks for a pause that another client of the limiter, or another process, was asked for. Ends the
 * requests that would wait in vain because of it. */
void ngrok_engine_notice_pause(ngrok_engine *engine, double now);

/* Ends the requests that have waited for max_wait. */
void ngrok_engine_end_waits(ngrok_engine *engine, double now);

/* ---- outcome.c ---- */

/* Sends the request again as `verdict` says, or completes it if its budget does not allow that. */
void ngrok_engine_go_on(ngrok_engine *engine, ngrok_request *request, ngrok_verdict verdict,
                        double now);

#endif
