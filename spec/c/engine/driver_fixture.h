/* A driver with a transport of the test's own, and a clock that only the test and the driver's
 * sleep move: both are defined here, before the C library's. Include it before any other header.
 *
 * Ownership: the fixture owns the driver and its requests. The end of the case, or the next
 * `begin`, releases them. */
#ifndef NGROK_DRIVER_FIXTURE_H
#define NGROK_DRIVER_FIXTURE_H

/* clock_gettime and nanosleep are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/process.h"
#include "engine/driver.h"

#include "check.h"

#include <math.h>
#include <time.h>

static double now;
static double slept; /* by the driver, since begin */
static int sleeps;

int clock_gettime(clockid_t clock, struct timespec *out) {
    (void)clock;
    out->tv_sec = (time_t)floor(now);
    out->tv_nsec = (long)((now - floor(now)) * 1e9);
    return 0;
}

int nanosleep(const struct timespec *time, struct timespec *left) {
    (void)left;
    double seconds = (double)time->tv_sec + (double)time->tv_nsec * 1e-9;
    now += seconds;
    slept += seconds;
    sleeps++;
    return 0;
}

/* --- the transport --------------------------------------------------------------------------- */

enum { most_held = 16, a_descriptor = 77 };

/* What it was told, and what it is to do. */
typedef struct fake {
    ngrok_attempt *held[most_held];
    size_t held_count;
    ngrok_finished ended[most_held]; /* to be reported, first in first out */
    size_t ended_first, ended_count;
    ngrok_attempt *arriving[most_held]; /* answered 201 when perform is called next */
    size_t arriving_count;

    bool refuses, responses_at_once, cannot_fork;
    bool sends; /* at once, so that nothing can hold it back */
    ngrok_progress stands;
    double timeout;
    int events;

    int starts, aborts, performs, alarms, forks, destroyed;
    double performed_for, alarmed_in;
} fake;

static fake transport;
static int process = 100;

/* The driver's, too. */
int ngrok_process(void) {
    return process;
}
static char a_transfer;

static inline bool holds(const ngrok_attempt *attempt) {
    bool found = false;
    for (size_t i = 0; i < transport.held_count; i++) {
        found |= transport.held[i] == attempt;
    }
    return found;
}

static inline void let_go(ngrok_attempt *attempt) {
    size_t left = 0;
    for (size_t i = 0; i < transport.held_count; i++) {
        if (transport.held[i] != attempt) {
            transport.held[left++] = transport.held[i];
        }
    }
    CHECK_INTEGER(left + 1, transport.held_count); /* it was held, once */
    transport.held_count = left;
    attempt->transfer = NULL;
}

/* Ended, it stays held until it is reported or taken back. */
static inline ngrok_finished *end(ngrok_attempt *attempt) {
    CHECK(holds(attempt));
    ngrok_finished *result = &transport.ended[transport.ended_count++ % most_held];
    *result = (ngrok_finished){.attempt = attempt};
    return result;
}

static inline void response(ngrok_attempt *attempt, int status) {
    ngrok_finished *result = end(attempt);
    result->has_response = true;
    result->response.status = status;
    result->response.body = ngrok_bytes_copy("{}", 2);
    result->response.body_length = 2;
}

static inline void check_alive(const void *self) {
    CHECK(self == &transport);
    CHECK_INTEGER(transport.destroyed, 0);
}

static inline bool fake_start(void *self, ngrok_attempt *attempt) {
    check_alive(self);
    CHECK(attempt->transfer == NULL);
    CHECK(transport.held_count < most_held);
    transport.starts++;
    if (transport.refuses) {
        return false;
    }
    attempt->transfer = &a_transfer;
    attempt->out = transport.sends;
    transport.held[transport.held_count++] = attempt;
    if (transport.responses_at_once) {
        response(attempt, 200);
    }
    return true;
}

static inline ngrok_progress fake_abort(void *self, ngrok_attempt *attempt) {
    check_alive(self);
    transport.aborts++;
    let_go(attempt);
    size_t left = transport.ended_first;
    for (size_t i = transport.ended_first; i < transport.ended_count; i++) {
        ngrok_finished *result = &transport.ended[i % most_held];
        if (result->attempt == attempt) {
            ngrok_response_free(&result->response);
        } else {
            transport.ended[left++ % most_held] = *result;
        }
    }
    transport.ended_count = left;
    return transport.stands;
}

static inline int fake_perform(void *self, double seconds) {
    check_alive(self);
    transport.performs++;
    transport.performed_for = seconds;
    for (size_t i = 0; i < transport.arriving_count; i++) {
        response(transport.arriving[i], 201);
    }
    transport.arriving_count = 0;
    return transport.events;
}

static inline bool fake_finished(void *self, ngrok_finished *out) {
    check_alive(self);
    if (transport.ended_first == transport.ended_count) {
        return false;
    }
    *out = transport.ended[transport.ended_first++ % most_held];
    let_go(out->attempt);
    return true;
}

static inline double fake_timeout(void *self) {
    check_alive(self);
    return transport.timeout;
}

static inline int fake_descriptor(void *self) {
    check_alive(self);
    return a_descriptor;
}

static inline void fake_alarm(void *self, double seconds) {
    check_alive(self);
    transport.alarms++;
    transport.alarmed_in = seconds;
}

static inline bool fake_forked(void *self) {
    check_alive(self);
    transport.forks++;
    transport.held_count = 0;
    return !transport.cannot_fork;
}

static inline void fake_destroy(void *self) {
    check_alive(self);
    CHECK_INTEGER(transport.held_count, 0);
    transport.destroyed++;
}

static const ngrok_transport_class fake_class = {
    .start = fake_start,
    .abort = fake_abort,
    .perform = fake_perform,
    .finished = fake_finished,
    .timeout = fake_timeout,
    .descriptor = fake_descriptor,
    .alarm = fake_alarm,
    .forked = fake_forked,
    .destroy = fake_destroy,
};

/* --- set-up ---------------------------------------------------------------------------------- */

static ngrok_driver *the_driver;
enum { most_kept = 20 };

static ngrok_request *kept[most_kept];
static size_t kept_count;

static inline void release_driver(void) {
    ngrok_driver_release(the_driver);
    the_driver = NULL;
}

static inline void release_requests(void) {
    while (kept_count > 0) {
        ngrok_request_release(kept[--kept_count]);
    }
}

static inline void end_case(void) {
    if (the_driver != NULL) {
        release_driver();
    }
    release_requests();
}

static inline ngrok_driver *begin_without_transport(unsigned max_in_flight) {
    end_case();
    check_after = end_case;
    now = 1000;
    slept = 0;
    sleeps = 0;
    transport = (fake){.timeout = INFINITY, .stands = {NGROK_PHASE_TLS, false}};
    the_driver = ngrok_driver_new(CHECK_BYTES("a_key"), max_in_flight, (ngrok_limit){0, 60});
    return the_driver;
}

static inline ngrok_driver *begin(unsigned max_in_flight) {
    ngrok_driver *driver = begin_without_transport(max_in_flight);
    ngrok_driver_attach(driver, &fake_class, &transport);
    return driver;
}

static inline ngrok_request *submit(ngrok_driver *driver, double timeout, double max_wait) {
    ngrok_request *request =
        ngrok_request_new("GET", "/credentials", NULL, 0, (ngrok_budget){timeout, max_wait, 0});
    CHECK(kept_count < most_kept);
    kept[kept_count++] = request;
    ngrok_driver_submit(driver, request);
    return request;
}

static inline ngrok_request *submit_any(ngrok_driver *driver) {
    return submit(driver, 30, 90);
}

/* As Lua does: it gets an attempt, and hands it to its transport. */
static inline ngrok_request *take_attempt(ngrok_driver *driver) {
    ngrok_request *request = ngrok_driver_next_attempt(driver);
    ngrok_driver_hold(driver, request);
    return request;
}

static inline void arrive(ngrok_request *request) {
    transport.arriving[transport.arriving_count++] = &request->attempt;
}

static inline void check_result(const ngrok_request *request, ngrok_kind kind, ngrok_phase phase,
                                ngrok_outcome outcome) {
    CHECK_INTEGER(request->state, NGROK_STATE_COMPLETED);
    CHECK_INTEGER(request->kind, kind);
    CHECK_INTEGER(request->phase, phase);
    CHECK_INTEGER(request->outcome, outcome);
}

static inline void check_success(const ngrok_request *request) {
    check_result(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
}

static inline void collect_all(ngrok_driver *driver) {
    ngrok_request *request;
    while ((request = ngrok_engine_completed(driver->engine)) != NULL) {
        ngrok_engine_collect(driver->engine, request);
    }
}

#endif
