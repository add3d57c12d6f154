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

/* ---- states ---- */

static ngrok_queue *queue_of(ngrok_engine *engine, ngrok_state state) {
    switch (state) {
    case NGROK_STATE_WAITING:
        return &engine->waiting;
    case NGROK_STATE_IN_FLIGHT:
        return &engine->in_flight;
    case NGROK_STATE_BACKING_OFF:
        return &engine->backing_off;
    case NGROK_STATE_COMPLETED:
        return &engine->completed;
    case NGROK_STATE_NEW:
    case NGROK_STATE_COLLECTED:
        break;
    }
    return NULL;
}

static void move(ngrok_engine *engine, ngrok_request *request, ngrok_state state) {
    ngrok_queue *from = queue_of(engine, request->state), *to = queue_of(engine, state);
    if (from != NULL) {
        ngrok_queue_remove(from, request);
    }
    request->state = state;
    if (state == NGROK_STATE_WAITING) {
        ngrok_queue_insert(to, request);
    } else if (to != NULL) {
        ngrok_queue_append(to, request);
    }
}

/* Each state spends of one budget: waiting for the limits has its own, so that a pause that the
 * server asks for does not use up the time for the response. */
static void charge(ngrok_request *request, double now) {
    double spent = fmax(now - request->entered, 0);
    if (request->state == NGROK_STATE_WAITING) {
        request->wait_left -= spent;
    } else if (request->state == NGROK_STATE_IN_FLIGHT ||
               request->state == NGROK_STATE_BACKING_OFF) {
        request->time_left -= spent;
    }
}

void ngrok_engine_enter(ngrok_engine *engine, ngrok_request *request, ngrok_state state,
                        double deadline, double now) {
    charge(request, now);
    move(engine, request, state);
    request->entered = now;
    request->deadline = deadline;
    request->overdue_since = INFINITY;
}

void ngrok_engine_wait(ngrok_engine *engine, ngrok_request *request, double now) {
    ngrok_engine_enter(engine, request, NGROK_STATE_WAITING, now + request->wait_left, now);
    engine->wait_end = fmin(engine->wait_end, request->deadline);
}

void ngrok_engine_complete(ngrok_engine *engine, ngrok_request *request, double now) {
    request->attempt.transfer = NULL;
    ngrok_engine_enter(engine, request, NGROK_STATE_COMPLETED, INFINITY, now);
    ngrok_trace_record(&engine->trace, NGROK_EVENT_DONE, request, NGROK_REASON_NONE,
                       now - request->submitted);
}

void ngrok_engine_submit(ngrok_engine *engine, ngrok_request *request, double now) {
    ngrok_request_retain(request);
    request->id = ++engine->last_id;
    request->entered = request->submitted = now;
    ngrok_engine_wait(engine, request, now);
    ngrok_trace_record(&engine->trace, NGROK_EVENT_SUBMITTED, request, NGROK_REASON_NONE, -1);
}

double ngrok_engine_time_left(const ngrok_request *request, double now) {
    return request->time_left - (now - request->entered);
}

/* One whose time ran out while the host did not look is not sent again: its response
 * would not be read. */
void ngrok_engine_end_backoffs(ngrok_engine *engine, double now) {
    if (now < engine->backoff_end) {
        return;
    }
    ngrok_request *request, *next;
    engine->backoff_end = INFINITY;
    for (request = engine->backing_off.first; request != NULL; request = next) {
        next = request->next;
        if (request->deadline > now) {
            engine->backoff_end = fmin(engine->backoff_end, request->deadline);
        } else if (ngrok_engine_time_left(request, now) >= ngrok_shortest_attempt) {
            ngrok_engine_wait(engine, request, now);
        } else {
            ngrok_engine_complete(engine, request, now);
        }
    }
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

ngrok_request *ngrok_engine_unfinished(ngrok_engine *engine) {
    return engine->in_flight.first != NULL     ? engine->in_flight.first
           : engine->backing_off.first != NULL ? engine->backing_off.first
                                               : engine->waiting.first;
}

ngrok_request *ngrok_engine_completed(ngrok_engine *engine) {
    return engine->completed.first;
}

void ngrok_engine_collect(ngrok_engine *engine, ngrok_request *request) {
    engine->attended -= request->attended ? 1 : 0;
    move(engine, request, NGROK_STATE_COLLECTED);
    ngrok_request_release(request);
}

size_t ngrok_engine_pending(const ngrok_engine *engine) {
    return engine->waiting.length + engine->in_flight.length + engine->backing_off.length +
           engine->completed.length;
}

ngrok_trace *ngrok_engine_trace(ngrok_engine *engine) {
    return &engine->trace;
}
