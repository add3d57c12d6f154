/* clock_gettime is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* The driver, and callers who leave what is in flight; with a transport and a clock of the test's
 * own. */
#include "engine/attendance.h"
#include "engine/driver.h"

#include "check.h"

#include <math.h>
#include <time.h>

static double now;

int clock_gettime(clockid_t clock, struct timespec *out) {
    (void)clock;
    out->tv_sec = (time_t)floor(now);
    out->tv_nsec = (long)((now - floor(now)) * 1e9);
    return 0;
}

static int aborted;
static bool sends; /* at once */
static char transfer;

static bool start(void *self, ngrok_attempt *attempt) {
    (void)self;
    attempt->transfer = &transfer;
    attempt->out = sends;
    return true;
}

static ngrok_progress abort_attempt(void *self, ngrok_attempt *attempt) {
    (void)self;
    attempt->transfer = NULL;
    aborted++;
    return (ngrok_progress){NGROK_PHASE_TLS, false};
}

static bool finished(void *self, ngrok_finished *out) {
    (void)self, (void)out;
    return false;
}

static double timeout(void *self) {
    (void)self;
    return INFINITY;
}

static void destroy(void *self) {
    (void)self;
}

static const ngrok_transport_class class = {
    .start = start,
    .abort = abort_attempt,
    .finished = finished,
    .timeout = timeout,
    .destroy = destroy,
};

static ngrok_driver *begin(void) {
    static const ngrok_limit none = {0, 60};
    now = 1000;
    aborted = 0;
    sends = false;
    ngrok_driver *driver = ngrok_driver_new(CHECK_BYTES("a_key"), 2, none);
    ngrok_driver_attach(driver, &class, NULL);
    return driver;
}

static void come(ngrok_driver *driver, ngrok_request *caller) {
    (void)ngrok_engine_attend(driver->engine, caller, now);
    ngrok_attendance_leave(caller);
}

static ngrok_request *submit(ngrok_driver *driver) {
    static const ngrok_budget usual = {30, 90, 3};
    ngrok_request *request = ngrok_request_new("POST", "/credentials", NULL, 0, usual);
    ngrok_driver_submit(driver, request);
    return request;
}

static ngrok_request *submit_attended(ngrok_driver *driver) {
    ngrok_request *request = submit(driver);
    come(driver, request);
    return request;
}

CASE(takes_back_what_is_in_flight_for_one_who_has_left) {
    ngrok_driver *driver = begin();
    ngrok_request *left = submit_attended(driver), *stays = submit_attended(driver);
    ngrok_request *next = submit(driver);
    CHECK_INTEGER(next->state, NGROK_STATE_WAITING);
    int turns = 0;
    now += 5;
    while (ngrok_driver_has_absent(driver) && turns < 100) {
        come(driver, stays);
        CHECK_INTEGER(aborted, 0);
        turns++;
    }
    CHECK(turns > 3 && turns < 100);
    CHECK_INTEGER(aborted, 1);
    CHECK_INTEGER(left->state, NGROK_STATE_COMPLETED);
    CHECK_INTEGER(left->kind, NGROK_KIND_CANCELLED);
    CHECK_INTEGER(left->outcome, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(stays->state, NGROK_STATE_IN_FLIGHT);
    ngrok_driver_begin(driver);
    CHECK_INTEGER(next->state, NGROK_STATE_IN_FLIGHT);
    ngrok_request_release(left);
    ngrok_request_release(stays);
    ngrok_request_release(next);
    ngrok_driver_release(driver);
}

CASE(goes_on_while_all_was_sent_for_one_who_is_absent) {
    ngrok_driver *driver = begin();
    sends = true;
    ngrok_request *request = submit_attended(driver);
    int turns = 0;
    now += 5;
    while (aborted == 0 && turns < 100) {
        CHECK(!ngrok_driver_has_absent(driver));
        turns++;
    }
    CHECK(turns > 3 && turns < 100);
    CHECK_INTEGER(request->kind, NGROK_KIND_CANCELLED);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

/* Beginning lets libcurl carry on others, too. */
CASE(defers_what_begins_while_somebody_is_absent) {
    ngrok_driver *driver = begin();
    ngrok_request *request = submit_attended(driver);
    CHECK(!request->attempt.deferred);
    now += 5;
    ngrok_request *other = submit(driver);
    CHECK_INTEGER(other->state, NGROK_STATE_IN_FLIGHT);
    CHECK(other->attempt.deferred);
    ngrok_request_release(request);
    ngrok_request_release(other);
    ngrok_driver_release(driver);
}

CASE(misses_nobody_once_closed) {
    ngrok_driver *driver = begin();
    ngrok_request *request = submit_attended(driver);
    now += 5;
    ngrok_driver_close(driver);
    CHECK(!ngrok_driver_has_absent(driver));
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}
