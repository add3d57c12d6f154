#include "engine/attendance.h"

#include <math.h>

/* A caller that is alive comes when it is called once, in the same turn of its host. */
enum { most_calls = 8 };

/* Seconds. A caller comes each 0.1 s by itself, if its host has the time. */
static const double usual_absence = 0.15;

/* A host may be so busy that each of its turns takes longer than the usual absence. Then living
 * callers must not be missed in each turn: one who was missed and came may be away for longer. */
static double absence_to_grant(const ngrok_request *request, double now) {
    if (!request->attended) {
        return usual_absence;
    }
    double away = request->calls > 0 ? now - request->seen : 0;
    return fmax(request->longest_absence, 2 * away);
}

void ngrok_attendance_arrive(ngrok_request *request, double now) {
    request->longest_absence = absence_to_grant(request, now);
    request->seen = now;
    request->attended = true;
    request->here = true;
    request->calls = 0;
}

void ngrok_attendance_leave(ngrok_request *request) {
    request->here = false;
}

void ngrok_attendance_call(ngrok_request *request) {
    request->calls++;
}

bool ngrok_attendance_may_begin(const ngrok_request *request) {
    return !request->attended || request->here;
}

double ngrok_attendance_due(const ngrok_request *request) {
    return request->attended ? request->seen + request->longest_absence : INFINITY;
}

bool ngrok_attendance_has_left(const ngrok_request *request, double now) {
    return ngrok_attendance_due(request) <= now && request->calls >= most_calls;
}

static bool is_passed_over(const ngrok_request *request) {
    return !ngrok_attendance_may_begin(request) && request->calls >= most_calls;
}

static ngrok_request *first_from(ngrok_request *request) {
    while (request != NULL && is_passed_over(request)) {
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
