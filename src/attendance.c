#include "attendance.h"

/* A caller that is alive comes when it is called once, in the same turn of its host. */
enum { most_calls = 8 };

void ngrok_attendance_arrive(ngrok_request *request) {
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

static bool has_left(const ngrok_request *request) {
    return !ngrok_attendance_may_begin(request) && request->calls >= most_calls;
}

static ngrok_request *first_from(ngrok_request *request) {
    while (request != NULL && has_left(request)) {
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
