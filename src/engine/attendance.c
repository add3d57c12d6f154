#include "engine/attendance.h"

#include "engine/state.h"

/* A caller that is alive comes at the first call, in the same turn of its host's loop. */
enum { most_calls = 8 };

/* Seconds. A caller comes every 0.1 s uncalled, unless its host is busy. */
static const double usual_absence = 0.15;

/* ---- one caller ---- */

/* A busy host may take longer than the usual absence for each turn of its loop. So a caller that
 * came after it was called may be absent for longer the next time. */
static double absence_to_grant(const ngrok_request *request, double now) {
    if (!request->attended) {
        return usual_absence;
    }
    double away = request->calls > 0 ? now - request->seen : 0;
    return 2 * away > request->longest_absence ? 2 * away : request->longest_absence;
}

void ngrok_attendance_leave(ngrok_request *request) {
    request->here = false;
}

bool ngrok_attendance_may_begin(const ngrok_request *request) {
    return !request->attended || request->here;
}

static bool is_absent(const ngrok_request *request, double now) {
    return request->attended && now >= request->seen + request->longest_absence;
}

/* ---- those that wait ---- */

static ngrok_request *first_from(ngrok_request *request) {
    while (request != NULL && !ngrok_attendance_may_begin(request) &&
           request->calls >= most_calls) {
        request = request->next;
    }
    return request;
}

ngrok_request *ngrok_attendance_first(const ngrok_queue *waiting) {
    return first_from(waiting->first);
}

unsigned ngrok_attendance_count(const ngrok_queue *waiting, unsigned most) {
    unsigned count = 0;
    const ngrok_request *request = ngrok_attendance_first(waiting);
    while (count < most && request != NULL && ngrok_attendance_may_begin(request)) {
        count++;
        request = first_from(request->next);
    }
    return count;
}

static bool can_begin(const ngrok_engine *engine, const ngrok_request *request, double now) {
    return request != NULL && ngrok_attendance_first(&engine->waiting) == request &&
           ngrok_engine_next_begin(engine, request, now) <= now;
}

bool ngrok_engine_attend(ngrok_engine *engine, ngrok_request *request, double now) {
    if (request->state == NGROK_STATE_NEW || request->state == NGROK_STATE_COLLECTED) {
        return false;
    }
    engine->attended += request->attended ? 0 : 1;
    request->longest_absence = absence_to_grant(request, now);
    request->seen = now;
    request->attended = true;
    request->calls = 0;
    request->here = can_begin(engine, request, now);
    return request->here;
}

ngrok_request *ngrok_engine_call_next(ngrok_engine *engine, double now) {
    ngrok_request *request = ngrok_attendance_first(&engine->waiting);
    if (!can_begin(engine, request, now) || ngrok_attendance_may_begin(request)) {
        return NULL;
    }
    request->calls++;
    return request;
}

/* ---- those in flight ---- */

/* The requests in flight to look through: none unless a caller attends, as only nginx has it. */
static ngrok_request *in_flight_if_attended(const ngrok_engine *engine) {
    return engine->attended > 0 ? engine->in_flight.first : NULL;
}

void ngrok_engine_note_turn(ngrok_engine *engine, double now) {
    for (ngrok_request *at = in_flight_if_attended(engine); at != NULL; at = at->next) {
        at->calls += is_absent(at, now) ? 1 : 0;
    }
}

bool ngrok_engine_has_absent(const ngrok_engine *engine, double now) {
    const ngrok_request *at = in_flight_if_attended(engine);
    while (at != NULL && (at->attempt.out || !is_absent(at, now))) {
        at = at->next;
    }
    return at != NULL;
}

ngrok_request *ngrok_engine_left(const ngrok_engine *engine, double now) {
    ngrok_request *at = in_flight_if_attended(engine);
    while (at != NULL && (at->calls < most_calls || !is_absent(at, now))) {
        at = at->next;
    }
    return at;
}

bool ngrok_engine_put_back(ngrok_engine *engine, ngrok_request *request, double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT || !is_absent(request, now)) {
        return false;
    }
    request->calls++;
    ngrok_admission_note_unsent(&engine->admission);
    request->attempt.transfer = NULL;
    ngrok_engine_wait(engine, request, now);
    return true;
}

size_t ngrok_engine_unattended(const ngrok_engine *engine) {
    return ngrok_engine_pending(engine) - engine->attended;
}
