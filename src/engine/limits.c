/* Requests that wait for the limits: why, for how long, and which of them wait in vain. */
#include "engine/attendance.h"
#include "engine/state.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

/* ---- why one waits ---- */

static ngrok_reason reason_to_wait(const ngrok_engine *engine, unsigned position, double now) {
    double until = ngrok_admission_earliest(&engine->admission, position, now);
    if (until <= now) {
        return NGROK_REASON_IN_FLIGHT;
    }
    return until <= ngrok_engine_paused_until(engine) ? NGROK_REASON_PAUSE
                                                      : NGROK_REASON_RATE_LIMIT;
}

static void explain_wait(const ngrok_engine *engine, ngrok_request *request, unsigned position,
                         double now) {
    char message[200];
    double seconds = ngrok_admission_earliest(&engine->admission, position, now) - now;
    ngrok_seconds max_wait = ngrok_text_seconds(request->budget.max_wait);
    ngrok_seconds left = ngrok_text_seconds(round(seconds * 10) / 10);
    ngrok_limit limit = engine->admission.limit;
    switch (reason_to_wait(engine, position, now)) {
    case NGROK_REASON_PAUSE:
        (void)snprintf(message, sizeof message,
                       "not admitted within max_wait (%s s): the server asked for a pause (HTTP "
                       "429) that lasts another %s s",
                       max_wait.text, left.text);
        break;
    case NGROK_REASON_RATE_LIMIT:
        (void)snprintf(message, sizeof message,
                       "not admitted within max_wait (%s s): rate_limit (%u requests per %s s) "
                       "is used up for another %s s",
                       max_wait.text, limit.requests, ngrok_text_seconds(limit.window).text,
                       left.text);
        break;
    default:
        (void)snprintf(message, sizeof message,
                       "not admitted within max_wait (%s s): %u requests are in flight already",
                       max_wait.text, engine->max_in_flight);
    }
    ngrok_request_explain(request, message);
    request->retry_after = seconds > 0 ? seconds : -1;
}

/* A request whose last attempt failed keeps the error of that attempt. */
static void end_waiting(ngrok_engine *engine, ngrok_request *request, unsigned position,
                        double now) {
    if (!request->has_failed) {
        explain_wait(engine, request, position, now);
        ngrok_request_judge(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT,
                            ngrok_request_outcome(request));
    }
    ngrok_engine_complete(engine, request, now);
}

/* ---- those that have waited enough ---- */

/* It would reach its deadline before the limits admit it. */
static bool would_wait_in_vain(const ngrok_request *request, double until) {
    return until >= request->deadline;
}

static bool has_waited_enough(const ngrok_engine *engine, const ngrok_request *request,
                              unsigned position, bool hopeless, double now) {
    double until = hopeless ? ngrok_admission_earliest(&engine->admission, position, now) : now;
    return request->deadline <= now || (until > now && would_wait_in_vain(request, until));
}

/* Ends those whose time is up; with `hopeless` also those that would wait in vain. */
static void end_waits(ngrok_engine *engine, bool hopeless, double now) {
    unsigned position = 1;
    ngrok_request *next;
    engine->wait_end = INFINITY;
    for (ngrok_request *request = engine->waiting.first; request != NULL; request = next) {
        next = request->next;
        if (has_waited_enough(engine, request, position, hopeless, now)) {
            end_waiting(engine, request, position, now);
        } else {
            engine->wait_end = fmin(engine->wait_end, request->deadline);
            position++;
        }
    }
}

void ngrok_engine_end_waits(ngrok_engine *engine, double now) {
    if (now >= engine->wait_end) {
        end_waits(engine, false, now);
    }
}

void ngrok_engine_notice_pause(ngrok_engine *engine, double now) {
    double until = ngrok_engine_paused_until(engine);
    if (until > engine->paused_until) {
        engine->paused_until = until;
        end_waits(engine, true, now);
    }
}

double ngrok_engine_paused_until(const ngrok_engine *engine) {
    return ngrok_limiter_paused_until(engine->admission.limiter);
}

void ngrok_engine_queue(ngrok_engine *engine, ngrok_request *request, double now) {
    if (request->state != NGROK_STATE_WAITING) {
        return;
    }
    unsigned position = (unsigned)engine->waiting.length; /* it came last */
    double until = ngrok_admission_earliest(&engine->admission, position, now);
    bool must_wait = until > now || engine->in_flight.length + position > engine->max_in_flight;
    if (must_wait && would_wait_in_vain(request, until)) {
        end_waiting(engine, request, position, now);
    } else if (must_wait) {
        ngrok_trace_record(&engine->trace, NGROK_EVENT_WAITING, request,
                           reason_to_wait(engine, position, now), until > now ? until - now : -1);
    }
}

/* ---- a limiter that is shared ---- */

void ngrok_engine_share_limit(ngrok_engine *engine) {
    engine->admission.is_shared = true;
}

unsigned ngrok_engine_places_wanted(ngrok_engine *engine, unsigned more, double now) {
    ngrok_engine_end_backoffs(engine, now);
    ngrok_engine_notice_pause(engine, now);
    size_t room = engine->max_in_flight - engine->in_flight.length;
    size_t count = ngrok_attendance_count(&engine->waiting, (unsigned)room) + more;
    return ngrok_admission_wanted(&engine->admission, (unsigned)(count < room ? count : room), now);
}

void ngrok_engine_grant_place(ngrok_engine *engine) {
    engine->admission.granted++;
}

void ngrok_engine_refuse_place(ngrok_engine *engine, double until, bool is_pause, double now) {
    if (is_pause) {
        ngrok_limiter_pause(engine->admission.limiter, until);
        ngrok_engine_notice_pause(engine, now);
    } else {
        ngrok_admission_refuse(&engine->admission, until, now);
        end_waits(engine, true, now);
    }
}

ngrok_places ngrok_engine_take_back_places(ngrok_engine *engine) {
    return ngrok_admission_take_back(&engine->admission);
}
