#include "attendance.h"

/* Seconds. Longer than a living caller sleeps; see lua/ngrok/loop/nginx.lua. */
static const double longest_absence = 0.25;

void ngrok_attendance_arrive(ngrok_request *request, double now) {
    request->attended = true;
    request->here = true;
    request->seen = now;
}

void ngrok_attendance_leave(ngrok_request *request) {
    request->here = false;
}

bool ngrok_attendance_may_begin(const ngrok_request *request) {
    return !request->attended || request->here;
}

static bool has_left(const ngrok_request *request, double now) {
    return !ngrok_attendance_may_begin(request) && now - request->seen > longest_absence;
}

static ngrok_request *first_from(ngrok_request *request, double now) {
    while (request != NULL && has_left(request, now)) {
        request = request->next;
    }
    return request;
}

ngrok_request *ngrok_attendance_first(const ngrok_queue *waiting, double now) {
    return first_from(waiting->first, now);
}

unsigned ngrok_attendance_count(const ngrok_queue *waiting, unsigned most, double now) {
    unsigned count = 0;
    const ngrok_request *request = ngrok_attendance_first(waiting, now);
    while (count < most && request != NULL && ngrok_attendance_may_begin(request)) {
        count++;
        request = first_from(request->next, now);
    }
    return count;
}
