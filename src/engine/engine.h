/* Requests from submission to outcome. No I/O, no Lua, no clock: time is an argument, in seconds
 * from any fixed point.
 *
 *   submit -> waiting -> in flight -> completed -> collected
 *                ^           |
 *                +-- backing off, before it is sent again
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
    ngrok_limit limit;      /* its window sets the length of pauses, even with 0 requests */
    ngrok_limiter *limiter; /* borrowed: it must outlive the engine */
    uint64_t seed;          /* of the random part of back-offs */
} ngrok_engine_options;

/* NULL when memory ran out. */
ngrok_engine *ngrok_engine_new(const ngrok_engine_options *options);

/* In a child process: cancels every request that is not completed. The parent carries it on and
 * keeps its place in the limits. `seed` is a new one, so that the two processes do not back off for
 * the same times. */
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

/* After share_limit each attempt needs a place of a limiter that processes share, and one of this
 * process's limiter. The caller has access to the shared limiter. It asks how many places are
 * wanted, including those of `more` requests that it is about to submit. Then it grants them one by
 * one before it calls `ready`, or refuses them until a time; `is_pause` says that a server has
 * asked another process to pause until then. */
void ngrok_engine_share_limit(ngrok_engine *engine);
unsigned ngrok_engine_places_wanted(ngrok_engine *engine, unsigned more, double now);
void ngrok_engine_grant_place(ngrok_engine *engine);
void ngrok_engine_refuse_place(ngrok_engine *engine, double until, bool is_pause, double now);

/* The places to give back to the shared limiter since the last call. The parent gives back those
 * from before a fork. */
ngrok_places ngrok_engine_take_back_places(ngrok_engine *engine);

/* When the pause that an HTTP 429 asked for ends; in the past when there is none. */
double ngrok_engine_paused_until(const ngrok_engine *engine);

/* Admits the next waiting request, in order of submission, if the limits allow, and returns it for
 * its attempt to be performed; else NULL. */
ngrok_request *ngrok_engine_ready(ngrok_engine *engine, double now);

/* Set the result of the attempt of a request in flight; they ignore any other request, as a late
 * result changes nothing. The request takes over the pointers of `response`. `retry_after` is the
 * pause that its headers ask for in seconds, of which at most an hour counts; negative for none.
 * `failure`'s message is copied. */
void ngrok_engine_respond(ngrok_engine *engine, ngrok_request *request, ngrok_response *response,
                          double retry_after, double now);
void ngrok_engine_fail(ngrok_engine *engine, ngrok_request *request, const ngrok_failure *failure,
                       double now);

/* When there is something to do next: a request can begin, a back-off ends, or a request may be
 * overdue. INFINITY for never. It may be too early, but never too late. */
double ngrok_engine_deadline(const ngrok_engine *engine, double now);

/* Marks the attempts in flight whose time is up as late. The time is the call's, or half of it for
 * a silent attempt on a kept connection. */
void ngrok_engine_mark_late(ngrok_engine *engine, double now);

/* True when the time of a request in flight is up. */
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
