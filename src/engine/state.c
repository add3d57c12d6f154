#include "engine/state.h"

#include <math.h>

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

/* Waiting for the limits has its own budget, so that a pause that the server asks for does not
 * use up the time for the response. */
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

double ngrok_engine_time_left(const ngrok_request *request, double now) {
    return request->time_left - (now - request->entered);
}

void ngrok_engine_end_attempt(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                              double now) {
    /* Other kept connections may be as dead as this one. */
    request->attempt.fresh = request->attempt.fresh || request->attempt.reused;
    if (where.sent) {
        ngrok_admission_note_end(&engine->admission, now);
        request->may_have_arrived = true;
    } else {
        ngrok_admission_note_unsent(&engine->admission);
    }
}

/* A request whose time ran out while the host was busy is not sent again: its response would not be
 * read. */
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

double ngrok_engine_next_begin(const ngrok_engine *engine, const ngrok_request *request,
                               double now) {
    if (request == NULL || engine->in_flight.length >= engine->max_in_flight) {
        return INFINITY;
    }
    return fmin(ngrok_admission_earliest(&engine->admission, 1, now),
                ngrok_admission_next_look(&engine->admission, now));
}

/* ---- what the queues hold ---- */

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
