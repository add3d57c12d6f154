/* Requests from submission to outcome. No I/O, no Lua, no clock: time is an argument, in seconds
 * from any fixed point.
 *
 *   submit -> waiting -> (ready) in flight -> (respond, fail, expire, cancel) completed ->
 * collected ^                 |
 *                +--- (backing off) <--+   when it is sent again
 *
 * What does not depend on the transport is here: the limits, the deadlines, the retries, and what
 * an error says of the outcome. Who owns requests: see request.h. */
#ifndef NGROK_ENGINE_H
#define NGROK_ENGINE_H

#include "engine/admission.h"
#include "engine/limiter.h"
#include "engine/request.h"
#include "engine/trace.h"

typedef struct ngrok_engine ngrok_engine;

typedef struct ngrok_engine_options {
    unsigned max_in_flight;
    ngrok_limit limit;      /* its window is the measure of pauses even where it has 0 requests */
    ngrok_limiter *limiter; /* borrowed: it must outlive the engine */
    uint64_t seed;          /* of the chance in backoffs */
} ngrok_engine_options;

/* NULL when memory ran out. */
ngrok_engine *ngrok_engine_new(const ngrok_engine_options *options);

/* In a child process: ends every request that is not completed. It goes on in the parent, and keeps
 * its place of the limits there. `seed` is a new one, so that the two do not back off for the
 * same times. */
void ngrok_engine_follow_fork(ngrok_engine *engine, uint64_t seed, double now);

/* Multiplies the seconds of back-offs and those that Retry-After asks for. It is 1 except in specs,
 * which have less time. */
void ngrok_engine_scale_waits(ngrok_engine *engine, double factor);

/* Drops every request: cancel them first if their owners are to get a result. */
void ngrok_engine_free(ngrok_engine *engine);

void ngrok_engine_submit(ngrok_engine *engine, ngrok_request *request, double now);

/* For a request that could not begin right after `submit`: ends it at once if the limits cannot
 * admit it within max_wait. */
void ngrok_engine_queue(ngrok_engine *engine, ngrok_request *request, double now);

/* For a limiter that is shared with other processes: from here on each attempt needs a place of it,
 * beside that of this process's limiter. Who can speak with it asks how many places are wanted, if
 * `more` requests are about to be submitted, and then grants one by one before the requests are
 * asked for; or says until when there is none, and whether that is a pause that a server asked
 * another process for. */
void ngrok_engine_share_limit(ngrok_engine *engine);
unsigned ngrok_engine_places_wanted(ngrok_engine *engine, unsigned more, double now);
void ngrok_engine_grant_place(ngrok_engine *engine);
void ngrok_engine_refuse_place(ngrok_engine *engine, double until, bool is_pause, double now);

/* The places to be given back since it was last asked. Those of before a fork are the parent's. */
ngrok_places ngrok_engine_take_back_places(ngrok_engine *engine);

/* When the pause ends that an HTTP 429 asked for; in the past when there is none. */
double ngrok_engine_paused_until(const ngrok_engine *engine);

/* Admits the next waiting request, in order of submission, if the limits allow, and returns it for
 * its attempt to be performed; else NULL. */
ngrok_request *ngrok_engine_ready(ngrok_engine *engine, double now);

/* How a request in flight's attempt went. `response`'s pointers pass to the request; `retry_after`
 * is what its headers ask for, in seconds, negative for nothing; of more than an hour an hour
 * counts. `failure`'s message is copied. Anything but a request in flight is left alone: a late
 * word changes nothing. */
void ngrok_engine_respond(ngrok_engine *engine, ngrok_request *request, ngrok_response *response,
                          double retry_after, double now);
void ngrok_engine_fail(ngrok_engine *engine, ngrok_request *request, const ngrok_failure *failure,
                       double now);

/* When there is something to do: a request can begin, a back-off ends, or to look for overdue ones.
 * INFINITY for never. It may be too early, never too late. */
double ngrok_engine_deadline(const ngrok_engine *engine, double now);

/* Marks the attempts in flight whose time is up as late: the call's, or half of it for one that
 * hears nothing on a connection that was kept. */
void ngrok_engine_mark_late(ngrok_engine *engine, double now);

/* True when a request in flight's time is up. */
bool ngrok_engine_has_late(const ngrok_engine *engine, double now);

/* Ends waiting requests whose time is up. Returns a request in flight whose time is up, to be taken
 * from its transport and passed to ngrok_engine_expire, or NULL when there is none. With `busy`,
 * when I/O just made progress and more may be pending, it is spared for up to a quarter of a
 * second: its response may have arrived long ago, while the host did something else.
 */
ngrok_request *ngrok_engine_overdue(ngrok_engine *engine, double now, bool busy);

/* Ends it, or sends it again where the call has time left for a new connection. */
void ngrok_engine_expire(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                         double now);

/* Ends a request that is not completed; `why` is its message, `where` matters for one in flight.
 * False for one that is completed. */
bool ngrok_engine_cancel(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                         const char *why, double now);

/* Any request that is not completed; NULL when there is none. */
ngrok_request *ngrok_engine_unfinished(ngrok_engine *engine);

/* The completed request that waits longest to be collected, or NULL. */
ngrok_request *ngrok_engine_completed(ngrok_engine *engine);
void ngrok_engine_collect(ngrok_engine *engine, ngrok_request *request);

/* Requests that were submitted and not yet collected. */
size_t ngrok_engine_pending(const ngrok_engine *engine);

/* The engine's own, to be switched on and taken from. */
ngrok_trace *ngrok_engine_trace(ngrok_engine *engine);

#endif
