#include "engine/engine.h"

#include "engine/attendance.h"
#include "engine/retry.h"
#include "engine/state.h"

#include <math.h>
#include <stdlib.h>

/* Seconds. Less time is not divided between two attempts: each would have too little. */
static const double shortest_shared = 1.0;

ngrok_engine *ngrok_engine_new(const ngrok_engine_options *options) {
    ngrok_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) {
        return NULL;
    }
    if (!ngrok_admission_init(&engine->admission, options->limiter, options->limit)) {
        free(engine);
        return NULL;
    }
    engine->max_in_flight = options->max_in_flight;
    engine->chance = options->seed;
    engine->wait_scale = 1;
    engine->paused_until = -INFINITY;
    engine->wait_end = engine->backoff_end = INFINITY;
    return engine;
}

void ngrok_engine_scale_waits(ngrok_engine *engine, double factor) {
    engine->wait_scale = factor;
}

static void forget(ngrok_engine *engine, ngrok_queue *from) {
    while (from->first != NULL) {
        ngrok_request *request = from->first;
        if (request->state == NGROK_STATE_IN_FLIGHT) {
            ngrok_admission_note_end(&engine->admission, request->entered);
        }
        request->attempt.transfer = NULL;
        ngrok_engine_collect(engine, request);
    }
}

void ngrok_engine_free(ngrok_engine *engine) {
    if (engine == NULL) {
        return;
    }
    forget(engine, &engine->waiting);
    forget(engine, &engine->in_flight);
    forget(engine, &engine->backing_off);
    forget(engine, &engine->completed);
    ngrok_trace_free(&engine->trace);
    free(engine);
}

void ngrok_engine_submit(ngrok_engine *engine, ngrok_request *request, double now) {
    ngrok_request_retain(request);
    request->id = ++engine->last_id;
    request->entered = request->submitted = now;
    ngrok_engine_wait(engine, request, now);
    ngrok_trace_record(&engine->trace, NGROK_EVENT_SUBMITTED, request, NGROK_REASON_NONE, -1);
}

/* Seconds for the first byte on a kept connection. Half of the time is left for a new connection,
 * as this one may be half open; see timeout.c. A request that cannot be sent again has all the
 * time. */
static double patience(const ngrok_request *request) {
    bool shared = request->time_left >= shortest_shared &&
                  request->retries < request->budget.max_retries &&
                  ngrok_retry_is_repeatable(request->attempt.method);
    return shared ? request->time_left / 2 : request->time_left;
}

ngrok_request *ngrok_engine_ready(ngrok_engine *engine, double now) {
    ngrok_engine_end_backoffs(engine, now);
    ngrok_engine_notice_pause(engine, now);
    ngrok_request *request = ngrok_attendance_first(&engine->waiting);
    if (request == NULL || !ngrok_attendance_may_begin(request) ||
        engine->in_flight.length >= engine->max_in_flight ||
        !ngrok_admission_admit(&engine->admission, now)) {
        return NULL;
    }
    request->attempts++;
    request->attempt.late = request->attempt.responding = false;
    request->attempt.out = request->attempt.reused = false;
    ngrok_request_forget_attempt(request);
    double waited = now - request->entered;
    ngrok_engine_enter(engine, request, NGROK_STATE_IN_FLIGHT, now + patience(request), now);
    ngrok_trace_record(&engine->trace, NGROK_EVENT_ATTEMPT, request, NGROK_REASON_NONE, waited);
    return request;
}

/* ---- the end ---- */

static void end_cancelled(ngrok_engine *engine, ngrok_request *request, ngrok_phase phase,
                          const char *why, double now) {
    ngrok_request_forget_attempt(request);
    ngrok_request_explain(request, why);
    ngrok_request_judge(request, NGROK_KIND_CANCELLED, phase, ngrok_request_outcome(request));
    ngrok_engine_complete(engine, request, now);
}

bool ngrok_engine_cancel(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                         const char *why, double now) {
    if (request->state == NGROK_STATE_IN_FLIGHT) {
        ngrok_engine_end_attempt(engine, request, where, now);
    } else if (request->state == NGROK_STATE_WAITING || request->state == NGROK_STATE_BACKING_OFF) {
        where.phase = NGROK_PHASE_WAIT;
    } else {
        return false;
    }
    end_cancelled(engine, request, where.phase, why, now);
    return true;
}

void ngrok_engine_follow_fork(ngrok_engine *engine, uint64_t seed, double now) {
    ngrok_request *request;
    engine->chance = seed;
    while ((request = ngrok_engine_unfinished(engine)) != NULL) {
        bool in_flight = request->state == NGROK_STATE_IN_FLIGHT;
        request->may_have_arrived = request->may_have_arrived || in_flight;
        end_cancelled(engine, request, in_flight ? NGROK_PHASE_RECEIVE : NGROK_PHASE_WAIT,
                      "the process was forked: the request goes on in the parent", now);
    }
    (void)ngrok_admission_take_back(&engine->admission);
}

ngrok_trace *ngrok_engine_trace(ngrok_engine *engine) {
    return &engine->trace;
}
