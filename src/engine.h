/* Requests from submission to outcome. No I/O, no Lua, no clock: time is an argument, in seconds
 * from any fixed point.
 *
 *   submit -> waiting -> (ready) flying -> (respond, fail, expire, cancel) completed -> collected
 *
 * Ownership: requests are counted. ngrok_request_new gives the caller one reference; the engine
 * takes one of its own at submit and gives it up at collect (or when it is freed). The strings of
 * a request belong to it; readers outside may look at every field and change only
 * `attempt.carrier`. */
#ifndef NGROK_ENGINE_H
#define NGROK_ENGINE_H

#include "attempt.h"

#include <stdint.h>

typedef enum ngrok_state {
    NGROK_STATE_NEW,
    NGROK_STATE_WAITING,
    NGROK_STATE_FLYING,
    NGROK_STATE_COMPLETED,
    NGROK_STATE_COLLECTED
} ngrok_state;

/* err.kind; NONE for a success. INVALID and DECODE are found above the engine. */
typedef enum ngrok_kind {
    NGROK_KIND_NONE,
    NGROK_KIND_TIMEOUT,
    NGROK_KIND_TRANSPORT,
    NGROK_KIND_API,
    NGROK_KIND_CANCELLED
} ngrok_kind;

/* err.outcome: what became of the request on the server's side. */
typedef enum ngrok_outcome {
    NGROK_OUTCOME_NONE,
    NGROK_OUTCOME_NOT_SENT,
    NGROK_OUTCOME_UNKNOWN,
    NGROK_OUTCOME_REJECTED
} ngrok_outcome;

typedef struct ngrok_engine ngrok_engine;
typedef struct ngrok_request ngrok_request;

struct ngrok_request {
    /* `attempt` comes first: a transport's pointer to it is a pointer to its request. */
    ngrok_attempt attempt;
    uint64_t id; /* from 1, in order of submission; 0 before it */
    double timeout;
    double max_wait;

    ngrok_state state;
    ngrok_kind kind;
    ngrok_phase phase;
    ngrok_outcome outcome;
    unsigned attempts;
    ngrok_answer answer;
    char *message; /* what went wrong, for kinds other than NONE and API; may be NULL */

    /* The engine's own. */
    unsigned references;
    double deadline;
    double overdue_since;
    char *target, *body;
    ngrok_request *previous, *next;
};

/* `method` is a string literal; `target` and `body` (may be NULL) are copied. NULL when memory ran
 * out. `timeout` counts from admission, `max_wait` bounds the time before it; both in seconds. */
ngrok_request *ngrok_request_new(const char *method, const char *target, const char *body,
                                 size_t body_length, double timeout, double max_wait);
void ngrok_request_retain(ngrok_request *request);
void ngrok_request_release(ngrok_request *request);

/* NULL when memory ran out. */
ngrok_engine *ngrok_engine_new(unsigned max_in_flight);

/* Forgets every request: cancel them first where their owners should hear of it. */
void ngrok_engine_free(ngrok_engine *engine);

void ngrok_engine_submit(ngrok_engine *engine, ngrok_request *request, double now);

/* Admits the next waiting request, in order of submission, if the cap on requests in flight
 * allows, and returns it for its attempt to be performed; else NULL. */
ngrok_request *ngrok_engine_ready(ngrok_engine *engine, double now);

/* True when ngrok_engine_ready would return a request. */
bool ngrok_engine_has_ready(const ngrok_engine *engine);

/* How a flying request's attempt went. `answer`'s pointers pass to the request. `message` is
 * copied. Anything but a flying request is left alone: a late word changes nothing. */
void ngrok_engine_respond(ngrok_engine *engine, ngrok_request *request, ngrok_answer *answer);
void ngrok_engine_fail(ngrok_engine *engine, ngrok_request *request, ngrok_standing where,
                       bool timed_out, const char *message);

/* When to look for overdue requests; INFINITY for never. It may be too early, never too late. */
double ngrok_engine_deadline(const ngrok_engine *engine);

/* Marks the attempts in flight whose time is up as late. */
void ngrok_engine_mark_late(ngrok_engine *engine, double now);

/* A request whose time is up, to be taken from its transport and passed to ngrok_engine_expire;
 * NULL when there is none. With `busy`, when I/O just made progress and more may be pending, a
 * flying request is spared for up to a second: its answer may have arrived long ago, while the
 * host did something else. */
ngrok_request *ngrok_engine_overdue(ngrok_engine *engine, double now, bool busy);
void ngrok_engine_expire(ngrok_engine *engine, ngrok_request *request, ngrok_standing where);

/* Ends a waiting or flying request; `where` matters for a flying one. False for any other. */
bool ngrok_engine_cancel(ngrok_engine *engine, ngrok_request *request, ngrok_standing where);

/* Any request that is waiting or flying; NULL when there is none. */
ngrok_request *ngrok_engine_unfinished(ngrok_engine *engine);

/* The completed request that waits longest to be collected, or NULL. */
ngrok_request *ngrok_engine_completed(ngrok_engine *engine);
void ngrok_engine_collect(ngrok_engine *engine, ngrok_request *request);

/* Requests that were submitted and not yet collected. */
size_t ngrok_engine_pending(const ngrok_engine *engine);

#endif
