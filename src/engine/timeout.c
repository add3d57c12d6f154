/* Requests whose time is up. */
#include "engine/attendance.h"
#include "engine/state.h"

#include "base/text.h"

#include <math.h>
#include <stdio.h>

/* For how long an overdue request is spared while I/O makes progress. Long enough to read a
 * response that arrived while the host was away, short enough to end one that never ends. Seconds.
 */
static const double longest_sparing = 0.25;

static double end_of_time(const ngrok_request *request) {
    return request->entered + request->time_left;
}

static bool is_silent(const ngrok_request *request) {
    return request->attempt.reused && !request->attempt.responding;
}

/* An attempt has all of the call's time, unless it is silent on a kept connection. */
static bool is_late(ngrok_request *request, double now) {
    if (request->deadline <= now && !is_silent(request)) {
        request->deadline = end_of_time(request);
    }
    return request->deadline <= now;
}

double ngrok_engine_deadline(const ngrok_engine *engine, double now) {
    const ngrok_request *first = ngrok_attendance_first(&engine->waiting);
    double deadline = ngrok_engine_next_begin(engine, first, now);
    if (engine->waiting.length > 0) {
        deadline = fmin(deadline, engine->wait_end);
    }
    if (engine->backing_off.length > 0) {
        deadline = fmin(deadline, engine->backoff_end);
    }
    for (const ngrok_request *at = engine->in_flight.first; at != NULL; at = at->next) {
        deadline = fmin(deadline, at->deadline);
    }
    return deadline;
}

void ngrok_engine_mark_late(ngrok_engine *engine, double now) {
    for (ngrok_request *at = engine->in_flight.first; at != NULL; at = at->next) {
        at->attempt.late = is_late(at, now);
    }
}

bool ngrok_engine_has_late(const ngrok_engine *engine, double now) {
    ngrok_request *at = engine->in_flight.first;
    while (at != NULL && !is_late(at, now)) {
        at = at->next;
    }
    return at != NULL;
}

/* Whether it is the connection's time that is up, and not the call's. */
static bool gives_up_connection(const ngrok_request *request) {
    return is_silent(request) && request->deadline < end_of_time(request);
}

static bool is_spared(ngrok_request *request, double now, bool busy) {
    request->overdue_since = fmin(request->overdue_since, now);
    return busy && now - request->overdue_since < longest_sparing;
}

ngrok_request *ngrok_engine_overdue(ngrok_engine *engine, double now, bool busy) {
    for (ngrok_request *at = engine->in_flight.first; at != NULL; at = at->next) {
        if (is_late(at, now) && !is_spared(at, now, busy)) {
            /* Before its transport lets go. */
            at->attempt.fresh = at->attempt.fresh || gives_up_connection(at);
            return at;
        }
    }
    ngrok_engine_end_waits(engine, now);
    return NULL;
}

static void explain_timeout(ngrok_request *request, bool has_time) {
    char message[80];
    double seconds = has_time ? request->deadline - request->entered : request->budget.timeout;
    (void)snprintf(message, sizeof message,
                   has_time ? "no response within %s s on a kept connection"
                            : "no response within timeout (%s s)",
                   ngrok_text_seconds(seconds).text);
    ngrok_request_explain(request, message);
}

void ngrok_engine_expire(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                         double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT) {
        return;
    }
    bool has_time = gives_up_connection(request);
    ngrok_engine_end_attempt(engine, request, where, now);
    ngrok_request_judge(request, NGROK_KIND_TIMEOUT, where.phase, ngrok_request_outcome(request));
    explain_timeout(request, has_time);
    ngrok_engine_go_on(engine, request, has_time ? NGROK_VERDICT_AT_ONCE : NGROK_VERDICT_FINAL,
                       now);
}
