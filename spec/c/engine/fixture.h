/* What the tests of the engine share: an engine with a limiter of its own, and words that leave out
 * what most of them do not care about. */
#ifndef NGROK_ENGINE_FIXTURE_H
#define NGROK_ENGINE_FIXTURE_H

#include "engine/engine.h"

#include "base/buffer.h"
#include "check.h"

#include <math.h>

static const ngrok_progress unsent = {NGROK_PHASE_CONNECT, false};
static const ngrok_progress sent = {NGROK_PHASE_RECEIVE, true};

static ngrok_limiter *limiter; /* of the engine of this case */

static inline ngrok_engine *begin_limited(unsigned max_in_flight, unsigned requests,
                                          double window) {
    limiter = ngrok_limiter_new();
    return ngrok_engine_new(&(ngrok_engine_options){
        .max_in_flight = max_in_flight,
        .limit = {requests, window},
        .limiter = limiter,
        .seed = 1,
    });
}

static inline ngrok_engine *begin(unsigned max_in_flight) {
    return begin_limited(max_in_flight, 0, 60);
}

static inline void end(ngrok_engine *engine) {
    ngrok_engine_free(engine);
    ngrok_limiter_free(limiter);
    limiter = NULL;
}

/* Submitted, and held by the test too. */
static inline ngrok_request *submit_with(ngrok_engine *engine, const char *method, double now,
                                         ngrok_budget budget) {
    ngrok_request *request = ngrok_request_new(method, "/credentials", NULL, 0, budget);
    ngrok_engine_submit(engine, request, now);
    return request;
}

/* All of it on the heap, so that a leak shows. */
static inline ngrok_response response_of(int status) {
    return (ngrok_response){
        .status = status,
        .body = ngrok_bytes_copy(CHECK_BYTES("{}")),
        .body_length = 2,
        .content_type = ngrok_bytes_copy(CHECK_BYTES("application/json")),
        .operation_id = ngrok_bytes_copy(CHECK_BYTES("op_1")),
        .retry_after = ngrok_bytes_copy(CHECK_BYTES("1")),
    };
}

static inline void respond_at(ngrok_engine *engine, ngrok_request *request, int status,
                              double retry_after, double now) {
    ngrok_response response = response_of(status);
    ngrok_engine_respond(engine, request, &response, retry_after, now);
    CHECK(response.body == NULL && response.content_type == NULL);
    CHECK(response.operation_id == NULL && response.retry_after == NULL);
}

static inline void fail_at(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                           double now) {
    ngrok_failure failure = {.where = where, .message = "reset"};
    ngrok_engine_fail(engine, request, &failure, now);
}

static inline void check_result(const ngrok_request *request, ngrok_kind kind, ngrok_phase phase,
                                ngrok_outcome outcome) {
    CHECK_INTEGER(request->state, NGROK_STATE_COMPLETED);
    CHECK_INTEGER(request->kind, kind);
    CHECK_INTEGER(request->phase, phase);
    CHECK_INTEGER(request->outcome, outcome);
    CHECK(request->attempt.transfer == NULL);
}

static inline bool says(const ngrok_request *request, const char *word) {
    return request->message != NULL && strstr(request->message, word) != NULL;
}

#endif
