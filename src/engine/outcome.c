/* What the result of an attempt means for its request, and whether and when there is another. */
#include "engine/state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Seconds. A server that asks for more has most likely made a mistake, which must not block a
 * client forever. */
static const double longest_retry_after = 3600;

/* Seconds. A pause of 0 is taken as this: the header counts whole seconds, so its 0 may be
 * almost 1. */
static const double shortest_pause = 1.0;

/* From 0 up to 1; splitmix64 by Sebastiano Vigna, https://prng.di.unimi.it/splitmix64.c */
static double next_chance(ngrok_engine *engine) {
    uint64_t z = engine->chance += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    z ^= z >> 31;
    return (double)(z >> 11) * 0x1p-53;
}

static bool back_off(ngrok_engine *engine, ngrok_request *request, double seconds, double now) {
    if (request->retries >= request->budget.max_retries ||
        seconds + ngrok_shortest_attempt >= ngrok_engine_time_left(request, now)) {
        return false;
    }
    request->retries++;
    ngrok_trace_record(&engine->trace, NGROK_EVENT_RETRY, request, NGROK_REASON_BACKOFF, seconds);
    ngrok_engine_enter(engine, request, NGROK_STATE_BACKING_OFF, now + seconds, now);
    engine->backoff_end = fmin(engine->backoff_end, request->deadline);
    return true;
}

static double backoff_of(ngrok_engine *engine, const ngrok_request *request) {
    double seconds = ngrok_retry_backoff(request->retries + 1, next_chance(engine));
    return fmax(seconds, request->retry_after) * engine->wait_scale;
}

/* Seconds; negative where the server does not say how many. */
static double pause_asked(const ngrok_engine *engine, double retry_after) {
    return retry_after < 0 ? -1 : fmax(retry_after, shortest_pause) * engine->wait_scale;
}

/* Pauses are charged to max_wait and not to max_retries: the server has done nothing yet. */
static bool wait_for_pause(ngrok_engine *engine, ngrok_request *request, double now) {
    double until = ngrok_admission_earliest(&engine->admission, 1, now);
    if (request->budget.max_retries == 0 || until - now >= request->wait_left ||
        ngrok_engine_time_left(request, now) < ngrok_shortest_attempt) {
        return false;
    }
    ngrok_trace_record(&engine->trace, NGROK_EVENT_RETRY, request, NGROK_REASON_PAUSE, until - now);
    ngrok_engine_wait(engine, request, now);
    return true;
}

void ngrok_engine_go_on(ngrok_engine *engine, ngrok_request *request, ngrok_verdict verdict,
                        double now) {
    request->attempt.transfer = NULL;
    request->has_failed = verdict != NGROK_VERDICT_FINAL;
    if ((verdict == NGROK_VERDICT_BACK_OFF &&
         back_off(engine, request, backoff_of(engine, request), now)) ||
        (verdict == NGROK_VERDICT_AT_ONCE && back_off(engine, request, 0, now)) ||
        (verdict == NGROK_VERDICT_PAUSE && wait_for_pause(engine, request, now))) {
        return;
    }
    ngrok_engine_complete(engine, request, now);
}

/* ---- with a response ---- */

/* An earlier attempt may have deleted what this one does not find. */
static bool is_success(const ngrok_request *request, int status) {
    bool gone = status == 404 && request->may_have_arrived &&
                strcmp(request->attempt.method, "DELETE") == 0;
    return gone || (status >= 200 && status < 300);
}

/* A refusal concerns the last attempt only, and an earlier one may have caused it. A GET changes
 * nothing. */
static ngrok_outcome outcome_of_refusal(const ngrok_request *request) {
    bool may_have_acted = request->may_have_arrived && strcmp(request->attempt.method, "GET") != 0;
    return may_have_acted ? NGROK_OUTCOME_UNKNOWN : NGROK_OUTCOME_REJECTED;
}

static void judge_response(ngrok_request *request, int status) {
    if (is_success(request, status)) {
        ngrok_request_judge(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
    } else if (status >= 300 && status < 500) {
        ngrok_request_judge(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE,
                            outcome_of_refusal(request));
    } else {
        request->may_have_arrived = true;
        ngrok_request_judge(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    }
}

static void keep_retry_after(ngrok_request *request, double asked) {
    request->retry_after = fmin(asked, longest_retry_after);
    if (asked > longest_retry_after) {
        char message[160];
        (void)snprintf(message, sizeof message,
                       "Retry-After asks for %.0f s, but the client waits %.0f s at most", asked,
                       longest_retry_after);
        ngrok_request_explain(request, message);
    }
}

void ngrok_engine_respond(ngrok_engine *engine, ngrok_request *request, ngrok_response *response,
                          double retry_after, double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT) {
        ngrok_response_free(response);
        return;
    }
    ngrok_admission *admission = &engine->admission;
    ngrok_admission_note_end(admission, now);
    request->response = *response;
    *response = (ngrok_response){0};
    int status = request->response.status;
    ngrok_verdict verdict = ngrok_retry_judge_response(request->attempt.method, status);
    judge_response(request, status);
    keep_retry_after(request, retry_after);
    if (verdict == NGROK_VERDICT_PAUSE) {
        ngrok_limiter_refused(admission->limiter, admission->limit,
                              pause_asked(engine, request->retry_after), now);
    } else {
        ngrok_limiter_passed(admission->limiter, now);
    }
    ngrok_engine_go_on(engine, request, verdict, now);
    ngrok_engine_notice_pause(engine, now);
}

/* ---- without one ---- */

void ngrok_engine_fail(ngrok_engine *engine, ngrok_request *request, const ngrok_failure *failure,
                       double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT) {
        return;
    }
    ngrok_engine_end_attempt(engine, request, failure->where, now);
    ngrok_request_explain(request, failure->message);
    request->response.status = failure->status;
    ngrok_request_judge(request, failure->timed_out ? NGROK_KIND_TIMEOUT : NGROK_KIND_TRANSPORT,
                        failure->where.phase, ngrok_request_outcome(request));
    ngrok_engine_go_on(engine, request, ngrok_retry_judge_failure(request->attempt.method, failure),
                       now);
}
