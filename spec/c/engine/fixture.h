/* What the tests of the engine share: an engine with its own limiter, and functions that leave
 * out what most of them do not care about.
 *
 * Ownership: the fixture owns what `begin` and `keep` return. The end of the case, or the next
 * `begin`, gives it back. */
#ifndef NGROK_ENGINE_FIXTURE_H
#define NGROK_ENGINE_FIXTURE_H

#include "engine/engine.h"

#include "base/buffer.h"
#include "check.h"

#include <math.h>

static const ngrok_progress unsent = {NGROK_PHASE_CONNECT, false};
static const ngrok_progress sent = {NGROK_PHASE_RECEIVE, true};

static ngrok_limiter *limiter; /* of the engine of this case */
static ngrok_engine *the_engine;
static ngrok_request **kept;
static size_t kept_count;

/* Before the case ends: its requests outlive the engine. */
static inline void end_engine(void) {
    ngrok_engine_free(the_engine);
    the_engine = NULL;
}

static inline void end(void) {
    end_engine();
    for (size_t i = 0; i < kept_count; i++) {
        ngrok_request_release(kept[i]);
    }
    free(kept);
    kept = NULL;
    kept_count = 0;
    ngrok_limiter_free(limiter);
    limiter = NULL;
}

/* Holds a request for the test. */
static inline ngrok_request *keep(ngrok_request *request) {
    check_after = end;
    kept = realloc(kept, (kept_count + 1) * sizeof(ngrok_request *));
    if (kept == NULL) {
        abort();
    }
    kept[kept_count++] = request;
    return request;
}

static inline ngrok_engine *another_engine(unsigned max_in_flight, ngrok_limit limit,
                                           uint64_t seed) {
    return ngrok_engine_new(&(ngrok_engine_options){
        .max_in_flight = max_in_flight,
        .limit = limit,
        .limiter = limiter,
        .seed = seed,
    });
}

static inline ngrok_engine *begin_limited(unsigned max_in_flight, unsigned requests,
                                          double window) {
    end();
    check_after = end;
    limiter = ngrok_limiter_new();
    the_engine = another_engine(max_in_flight, (ngrok_limit){requests, window}, 1);
    return the_engine;
}

static inline ngrok_engine *begin(unsigned max_in_flight) {
    return begin_limited(max_in_flight, 0, 60);
}

static inline ngrok_request *submit_with(ngrok_engine *engine, const char *method, double now,
                                         ngrok_budget budget) {
    ngrok_request *request = keep(ngrok_request_new(method, "/credentials", NULL, 0, budget));
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
