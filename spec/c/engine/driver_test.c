/* clock_gettime and nanosleep are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* The driver with a transport of the test's own and a clock that only the test and the driver's
 * sleep move: both are defined here, before the C library's. */
#include "engine/driver.h"

#include "check.h"
#include "freed.h"

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
    ngrok_progress stands;
    double timeout;
    int events;

    int starts, aborts, performs, alarms, forks, destroyed;
    double performed_for, alarmed_in;
} fake;

static fake transport;
static pid_t process = 100;

/* The driver's, too. */
pid_t getpid(void) {
    return process;
}
static char a_transfer;

static bool holds(const ngrok_attempt *attempt) {
    bool found = false;
    for (size_t i = 0; i < transport.held_count; i++) {
        found |= transport.held[i] == attempt;
    }
    return found;
}

static void let_go(ngrok_attempt *attempt) {
    size_t kept = 0;
    for (size_t i = 0; i < transport.held_count; i++) {
        if (transport.held[i] != attempt) {
            transport.held[kept++] = transport.held[i];
        }
    }
    CHECK_INTEGER(kept + 1, transport.held_count); /* it was held, once */
    transport.held_count = kept;
    attempt->transfer = NULL;
}

/* Ended, it stays held until it is reported or taken back. */
static ngrok_finished *end(ngrok_attempt *attempt) {
    CHECK(holds(attempt));
    ngrok_finished *result = &transport.ended[transport.ended_count++ % most_held];
    *result = (ngrok_finished){.attempt = attempt};
    return result;
}

static void response(ngrok_attempt *attempt, int status) {
    ngrok_finished *result = end(attempt);
    result->has_response = true;
    result->response.status = status;
    result->response.body = ngrok_bytes_copy("{}", 2);
    result->response.body_length = 2;
}

static void check_alive(const void *self) {
    CHECK(self == &transport);
    CHECK_INTEGER(transport.destroyed, 0);
}

static bool fake_start(void *self, ngrok_attempt *attempt) {
    check_alive(self);
    CHECK(attempt->transfer == NULL);
    CHECK(transport.held_count < most_held);
    transport.starts++;
    if (transport.refuses) {
        return false;
    }
    attempt->transfer = &a_transfer;
    transport.held[transport.held_count++] = attempt;
    if (transport.responses_at_once) {
        response(attempt, 200);
    }
    return true;
}

static ngrok_progress fake_abort(void *self, ngrok_attempt *attempt) {
    check_alive(self);
    transport.aborts++;
    let_go(attempt);
    size_t kept = transport.ended_first;
    for (size_t i = transport.ended_first; i < transport.ended_count; i++) {
        ngrok_finished *result = &transport.ended[i % most_held];
        if (result->attempt == attempt) {
            ngrok_response_free(&result->response);
        } else {
            transport.ended[kept++ % most_held] = *result;
        }
    }
    transport.ended_count = kept;
    return transport.stands;
}

static int fake_perform(void *self, double seconds) {
    check_alive(self);
    transport.performs++;
    transport.performed_for = seconds;
    for (size_t i = 0; i < transport.arriving_count; i++) {
        response(transport.arriving[i], 201);
    }
    transport.arriving_count = 0;
    return transport.events;
}

static bool fake_finished(void *self, ngrok_finished *out) {
    check_alive(self);
    if (transport.ended_first == transport.ended_count) {
        return false;
    }
    *out = transport.ended[transport.ended_first++ % most_held];
    let_go(out->attempt);
    return true;
}

static double fake_timeout(void *self) {
    check_alive(self);
    return transport.timeout;
}

static int fake_descriptor(void *self) {
    check_alive(self);
    return a_descriptor;
}

static void fake_alarm(void *self, double seconds) {
    check_alive(self);
    transport.alarms++;
    transport.alarmed_in = seconds;
}

static bool fake_forked(void *self) {
    check_alive(self);
    transport.forks++;
    transport.held_count = 0;
    return !transport.cannot_fork;
}

static void fake_destroy(void *self) {
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

static ngrok_driver *begin_without_transport(unsigned max_in_flight) {
    now = 1000;
    slept = 0;
    sleeps = 0;
    transport = (fake){.timeout = INFINITY, .stands = {NGROK_PHASE_TLS, false}};
    return ngrok_driver_new(CHECK_BYTES("a_key"), max_in_flight, (ngrok_limit){0, 60});
}

static ngrok_driver *begin(unsigned max_in_flight) {
    ngrok_driver *driver = begin_without_transport(max_in_flight);
    ngrok_driver_attach(driver, &fake_class, &transport);
    return driver;
}

/* Submitted, and held by the test too. */
static ngrok_request *submit(ngrok_driver *driver, double timeout, double max_wait) {
    ngrok_request *request =
        ngrok_request_new("GET", "/credentials", NULL, 0, (ngrok_budget){timeout, max_wait, 0});
    ngrok_driver_submit(driver, request);
    return request;
}

static ngrok_request *submit_any(ngrok_driver *driver) {
    return submit(driver, 30, 90);
}

static void arrive(ngrok_request *request) {
    transport.arriving[transport.arriving_count++] = &request->attempt;
}

static void check_result(const ngrok_request *request, ngrok_kind kind, ngrok_phase phase,
                         ngrok_outcome outcome) {
    CHECK_INTEGER(request->state, NGROK_STATE_COMPLETED);
    CHECK_INTEGER(request->kind, kind);
    CHECK_INTEGER(request->phase, phase);
    CHECK_INTEGER(request->outcome, outcome);
}

static void check_success(const ngrok_request *request) {
    check_result(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
}

static void collect_all(ngrok_driver *driver) {
    ngrok_request *request;
    while ((request = ngrok_engine_completed(driver->engine)) != NULL) {
        ngrok_engine_collect(driver->engine, request);
    }
}

/* --- beginning ------------------------------------------------------------------------------- */

CASE(submit_starts_at_once) {
    ngrok_driver *driver = begin(2);
    ngrok_request *request = submit_any(driver);
    CHECK_INTEGER(transport.starts, 1);
    CHECK(holds(&request->attempt));
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK_NUMBER(transport.performed_for, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(submit_starts_no_more_than_the_cap) {
    ngrok_driver *driver = begin(2);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    ngrok_request *third = submit_any(driver);
    CHECK_INTEGER(transport.starts, 2);
    CHECK_INTEGER(third->state, NGROK_STATE_WAITING);
    arrive(first);
    ngrok_driver_step(driver, 0);
    check_success(first);
    CHECK_INTEGER(transport.starts, 3);
    CHECK(holds(&second->attempt) && holds(&third->attempt));
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_request_release(third);
    ngrok_driver_release(driver);
}

CASE(a_start_that_fails_is_a_failure_before_sending) {
    ngrok_driver *driver = begin(2);
    transport.refuses = true;
    ngrok_request *request = submit_any(driver);
    check_result(request, NGROK_KIND_TRANSPORT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT);
    CHECK(request->message != NULL);
    CHECK_INTEGER(transport.aborts, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 0);
}

CASE(a_start_that_fails_makes_room_for_the_next) {
    ngrok_driver *driver = begin(1);
    ngrok_request *requests[3];
    for (int i = 0; i < 3; i++) {
        requests[i] = submit_any(driver);
    }
    transport.refuses = true;
    arrive(requests[0]);
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(transport.starts, 3);
    check_result(requests[1], NGROK_KIND_TRANSPORT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT);
    check_result(requests[2], NGROK_KIND_TRANSPORT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT);
    for (int i = 0; i < 3; i++) {
        ngrok_request_release(requests[i]);
    }
    ngrok_driver_release(driver);
}

/* Else a program that asks again and again, and is answered at once, would never let its loop turn.
 */
CASE(what_finishes_inside_start_is_for_the_next_step_to_tell) {
    ngrok_driver *driver = begin(1);
    transport.responses_at_once = true;
    ngrok_request *request = submit_any(driver);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    ngrok_driver_step(driver, 0);
    check_success(request);
    CHECK_INTEGER(request->response.status, 200);
    CHECK_TEXT(request->response.body, "{}");
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 0);
}

CASE(finishing_inside_start_makes_room_for_the_next) {
    ngrok_driver *driver = begin(1);
    ngrok_request *requests[3];
    transport.responses_at_once = true;
    for (int i = 0; i < 3; i++) {
        requests[i] = submit_any(driver);
    }
    for (int i = 0; i < 3; i++) {
        CHECK_INTEGER(transport.starts, i + 1);
        ngrok_driver_step(driver, 0);
        check_success(requests[i]);
        ngrok_request_release(requests[i]);
    }
    ngrok_driver_release(driver);
}

CASE(what_finished_inside_start_is_no_victim_of_close) {
    ngrok_driver *driver = begin(1);
    transport.responses_at_once = true;
    ngrok_request *request = submit_any(driver);
    ngrok_driver_close(driver);
    check_success(request);
    CHECK_INTEGER(transport.aborts, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

/* --- results --------------------------------------------------------------------------------- */

CASE(a_step_takes_every_response) {
    ngrok_driver *driver = begin(4);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    arrive(second);
    arrive(first);
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(transport.performs, 1);
    check_success(first);
    check_success(second);
    CHECK_INTEGER(first->response.status, 201);
    CHECK(ngrok_engine_completed(driver->engine) == second);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 0);
}

static void check_transport_failure(ngrok_progress where, bool timed_out, ngrok_kind kind,
                                    ngrok_outcome outcome) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_finished *result = end(&request->attempt);
    result->failure.where = where;
    result->failure.timed_out = timed_out;
    strcpy(result->message, "what broke");
    ngrok_driver_step(driver, 0);
    check_result(request, kind, where.phase, outcome);
    CHECK_TEXT(request->message, "what broke");
    ngrok_request_release(request);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 0);
}

CASE(a_step_takes_failures_as_they_are) {
    check_transport_failure((ngrok_progress){NGROK_PHASE_RESOLVE, false}, false,
                            NGROK_KIND_TRANSPORT, NGROK_OUTCOME_NOT_SENT);
    check_transport_failure((ngrok_progress){NGROK_PHASE_SEND, true}, false, NGROK_KIND_TRANSPORT,
                            NGROK_OUTCOME_UNKNOWN);
    check_transport_failure((ngrok_progress){NGROK_PHASE_CONNECT, false}, true, NGROK_KIND_TIMEOUT,
                            NGROK_OUTCOME_NOT_SENT);
}

/* --- time-outs ------------------------------------------------------------------------------- */

CASE(an_overdue_request_is_aborted_once) {
    ngrok_driver *driver = begin(2);
    transport.stands = (ngrok_progress){NGROK_PHASE_SEND, true};
    ngrok_request *request = submit_any(driver);
    now += 29.5;
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    now += 0.5;
    ngrok_driver_step(driver, 0);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_SEND, NGROK_OUTCOME_UNKNOWN);
    ngrok_driver_step(driver, 0);
    CHECK(!ngrok_driver_cancel(driver, request));
    ngrok_driver_close(driver);
    CHECK_INTEGER(transport.aborts, 1);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(an_overdue_request_that_was_not_sent_says_so) {
    ngrok_driver *driver = begin(2);
    transport.stands = (ngrok_progress){NGROK_PHASE_RESOLVE, false};
    ngrok_request *request = submit_any(driver);
    now += 30;
    ngrok_driver_step(driver, 0);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RESOLVE, NGROK_OUTCOME_NOT_SENT);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_waiting_request_is_expired_without_an_abort) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit(driver, 30, 90), *second = submit(driver, 30, 5);
    now += 5;
    ngrok_driver_step(driver, 0);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(transport.aborts, 0);
    CHECK_INTEGER(first->state, NGROK_STATE_IN_FLIGHT);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(max_wait_0_is_refused_inside_submit_when_there_is_no_room) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit(driver, 30, 0), *second = submit(driver, 30, 0);
    CHECK_INTEGER(first->state, NGROK_STATE_IN_FLIGHT);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(a_step_reads_a_response_before_it_expires) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    now += 3600;
    arrive(request);
    ngrok_driver_step(driver, 0);
    check_success(request);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 0);
}

/* The host was away while the response came, and the first thing it does is to ask for more. */
CASE(submit_expires_no_request_whose_response_was_not_read_yet) {
    ngrok_driver *driver = begin(2);
    ngrok_request *first = submit_any(driver);
    arrive(first);
    now += 3600;
    ngrok_request *second = submit_any(driver);
    CHECK_INTEGER(transport.aborts, 0);
    transport.arriving_count = first->state == NGROK_STATE_IN_FLIGHT ? 1 : 0;
    ngrok_driver_step(driver, 0);
    check_success(first);
    CHECK_INTEGER(second->state, NGROK_STATE_IN_FLIGHT);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(progress_spares_an_overdue_request_for_a_moment) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    transport.events = 1;
    now += 100;
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    now += 0.125;
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    now += 0.125;
    ngrok_driver_step(driver, 0);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_TLS, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(transport.aborts, 1);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(without_progress_an_overdue_request_is_not_spared) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    transport.events = 1;
    now += 100;
    ngrok_driver_step(driver, 0);
    transport.events = 0;
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(request->state, NGROK_STATE_COMPLETED);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

/* --- cancelling ------------------------------------------------------------------------------ */

CASE(cancelling_a_request_in_flight_aborts_it_once) {
    ngrok_driver *driver = begin(1);
    transport.stands = (ngrok_progress){NGROK_PHASE_RECEIVE, true};
    ngrok_request *request = submit_any(driver);
    CHECK(ngrok_driver_cancel(driver, request));
    check_result(request, NGROK_KIND_CANCELLED, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK(!ngrok_driver_cancel(driver, request));
    now += 3600;
    ngrok_driver_step(driver, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 1);
}

CASE(cancelling_a_waiting_request_aborts_nothing) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    CHECK(ngrok_driver_cancel(driver, second));
    check_result(second, NGROK_KIND_CANCELLED, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(transport.aborts, 0);
    CHECK(holds(&first->attempt));
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(cancelling_a_finished_request_aborts_nothing) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    arrive(request);
    ngrok_driver_step(driver, 0);
    CHECK(!ngrok_driver_cancel(driver, request));
    collect_all(driver);
    CHECK(!ngrok_driver_cancel(driver, request));
    CHECK_INTEGER(request->kind, NGROK_KIND_NONE);
    CHECK_INTEGER(transport.aborts, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(cancelling_takes_a_response_back_that_was_not_reported_yet) {
    ngrok_driver *driver = begin(2);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    response(&first->attempt, 200);
    response(&second->attempt, 200);
    CHECK(ngrok_driver_cancel(driver, first));
    CHECK_INTEGER(transport.aborts, 1);
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(first->kind, NGROK_KIND_CANCELLED);
    check_success(second);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 1);
}

CASE(a_place_that_cancelling_frees_is_taken_by_the_next_step) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    CHECK(ngrok_driver_cancel(driver, first));
    collect_all(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    ngrok_driver_step(driver, 10);
    CHECK_NUMBER(transport.performed_for, 0);
    CHECK(holds(&second->attempt));
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

/* --- closing --------------------------------------------------------------------------------- */

CASE(closing_cancels_what_flies_and_what_waits) {
    ngrok_driver *driver = begin(2);
    ngrok_request *requests[4];
    for (int i = 0; i < 4; i++) {
        requests[i] = submit_any(driver);
    }
    transport.stands = (ngrok_progress){NGROK_PHASE_SEND, true};
    ngrok_driver_close(driver);
    for (int i = 0; i < 4; i++) {
        check_about("request %d", i);
        check_result(requests[i], NGROK_KIND_CANCELLED, i < 2 ? NGROK_PHASE_SEND : NGROK_PHASE_WAIT,
                     i < 2 ? NGROK_OUTCOME_UNKNOWN : NGROK_OUTCOME_NOT_SENT);
        ngrok_request_release(requests[i]);
    }
    CHECK_INTEGER(transport.starts, 2);
    CHECK_INTEGER(transport.aborts, 2);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 2);
}

CASE(closing_leaves_finished_requests_alone) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    arrive(request);
    ngrok_driver_step(driver, 0);
    ngrok_driver_close(driver);
    check_success(request);
    CHECK_INTEGER(transport.aborts, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(closing_destroys_the_transport_once) {
    ngrok_driver *driver = begin(1);
    CHECK_INTEGER(transport.destroyed, 0);
    ngrok_driver_close(driver);
    CHECK_INTEGER(transport.destroyed, 1);
    ngrok_driver_close(driver);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.destroyed, 1);
}

CASE(closing_wipes_the_key) {
    ngrok_driver *driver = begin(1);
    CHECK(ngrok_secret_set(&driver->key, CHECK_BYTES("FIRST_SECOND")));
    ngrok_driver_close(driver);
    CHECK(driver->key.bytes == NULL);
    CHECK_INTEGER(driver->key.length, 0);
    ngrok_driver_release(driver);
}

#ifdef __linux__
CASE(closing_leaves_no_byte_of_the_key) {
    char key[200];
    memset(key, '#', sizeof key);
    ngrok_driver *driver = begin(1);
    CHECK(ngrok_secret_set(&driver->key, key, sizeof key));
    uintptr_t address = (uintptr_t)driver->key.bytes + freed_notes;
    ngrok_driver_close(driver);
    CHECK_INTEGER(freed_bytes_at(address, sizeof key - freed_notes, '#'), 0);
    ngrok_driver_release(driver);
}
#endif

/* As Lua does: it gets an attempt, and hands it to its transport. */
static ngrok_request *take_attempt(ngrok_driver *driver) {
    ngrok_request *request = ngrok_driver_next_attempt(driver);
    ngrok_driver_hold(driver, request);
    return request;
}

CASE(closing_without_a_transport_cancels_too) {
    ngrok_driver *driver = begin_without_transport(1);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    CHECK(take_attempt(driver) == first);
    ngrok_driver_close(driver);
    check_result(first, NGROK_KIND_CANCELLED, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    check_result(second, NGROK_KIND_CANCELLED, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(a_closed_driver_steps_without_its_transport) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_close(driver);
    int performs = transport.performs;
    ngrok_driver_step(driver, 10);
    ngrok_driver_step(driver, INFINITY);
    CHECK_INTEGER(transport.performs, performs);
    CHECK_INTEGER(sleeps, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_closed_driver_still_hands_out_what_it_completed) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_close(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    CHECK(ngrok_engine_completed(driver->engine) == request);
    collect_all(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_closed_driver_has_nothing_to_give) {
    ngrok_driver *driver = begin(1);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), a_descriptor);
    ngrok_driver_close(driver);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), -1);
    CHECK(ngrok_driver_next_attempt(driver) == NULL);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
    ngrok_driver_release(driver);
}

CASE(a_closed_driver_can_be_woken_for_one_step) {
    ngrok_driver *driver = begin(1);
    (void)ngrok_driver_descriptor(driver);
    ngrok_driver_close(driver);
    ngrok_driver_wake(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    ngrok_driver_step(driver, 0);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
    ngrok_driver_release(driver);
}

CASE(cancelling_in_a_closed_driver_does_nothing) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_close(driver);
    CHECK(!ngrok_driver_cancel(driver, request));
    CHECK_INTEGER(transport.aborts, 1);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

/* --- releasing ------------------------------------------------------------------------------- */

CASE(the_last_release_closes) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_retain(driver);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.destroyed, 0);
    CHECK(holds(&request->attempt));
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.destroyed, 1);
    CHECK_INTEGER(transport.aborts, 1);
    CHECK_INTEGER(request->kind, NGROK_KIND_CANCELLED);
    CHECK_INTEGER(request->references, 1);
    ngrok_request_release(request);
}

CASE(a_request_outlives_its_driver) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    arrive(request);
    ngrok_driver_step(driver, 0);
    ngrok_driver_release(driver);
    CHECK_INTEGER(request->response.status, 201);
    CHECK_TEXT(request->response.body, "{}");
    ngrok_request_release(request);
}

CASE(a_driver_outlives_the_others_hold_on_its_requests) {
    ngrok_driver *driver = begin(1);
    ngrok_request_release(submit_any(driver));
    ngrok_request_release(submit_any(driver));
    now += 30;
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(ngrok_engine_pending(driver->engine), 2);
    collect_all(driver);
    CHECK_INTEGER(ngrok_engine_pending(driver->engine), 1);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.aborts, 2);
}

/* --- the descriptor, its alarm and the time-out ---------------------------------------------- */

CASE(an_idle_driver_has_no_timeout) {
    ngrok_driver *driver = begin(1);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
    ngrok_driver_release(driver);
}

CASE(the_timeout_counts_down_to_the_deadline) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 30);
    now += 12.5;
    CHECK_NUMBER(ngrok_driver_timeout(driver), 17.5);
    CHECK_NUMBER(ngrok_driver_remaining(request), 17.5);
    now += 100;
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    CHECK_NUMBER(ngrok_driver_remaining(request), 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(the_timeout_heeds_the_transports_own) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    transport.timeout = 0.25;
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0.25);
    transport.timeout = 100;
    CHECK_NUMBER(ngrok_driver_timeout(driver), 30);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(the_timeout_is_0_until_completions_are_collected) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    arrive(request);
    ngrok_driver_step(driver, 0);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    collect_all(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(the_descriptor_is_the_transports) {
    ngrok_driver *driver = begin(1);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), a_descriptor);
    ngrok_driver_release(driver);
}

CASE(there_is_no_descriptor_without_a_transport) {
    ngrok_driver *driver = begin_without_transport(1);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), -1);
    ngrok_driver_wake(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    ngrok_driver_release(driver);
}

CASE(no_alarm_is_set_while_nobody_has_the_descriptor) {
    ngrok_driver *driver = begin(2);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    ngrok_driver_step(driver, 0);
    ngrok_driver_wake(driver);
    CHECK(ngrok_driver_cancel(driver, first));
    CHECK_INTEGER(transport.alarms, 0);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(asking_for_the_descriptor_sets_the_alarm) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    now += 10;
    (void)ngrok_driver_descriptor(driver);
    CHECK_INTEGER(transport.alarms, 1);
    CHECK_NUMBER(transport.alarmed_in, 20);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

static void check_alarm(ngrok_driver *driver, double expected) {
    CHECK_NUMBER(ngrok_driver_timeout(driver), expected);
    CHECK_NUMBER(transport.alarmed_in, expected);
}

CASE(the_alarm_follows_the_timeout) {
    ngrok_driver *driver = begin(2);
    (void)ngrok_driver_descriptor(driver);
    check_alarm(driver, INFINITY);
    ngrok_request *first = submit(driver, 30, 90);
    check_alarm(driver, 30);
    ngrok_request *second = submit(driver, 20, 90);
    check_alarm(driver, 20);
    now += 5;
    ngrok_driver_step(driver, 0);
    check_alarm(driver, 15);
    transport.timeout = 2;
    ngrok_driver_step(driver, 0);
    check_alarm(driver, 2);
    CHECK(ngrok_driver_cancel(driver, second));
    check_alarm(driver, 0);
    collect_all(driver);
    arrive(first);
    transport.timeout = INFINITY;
    ngrok_driver_step(driver, 0);
    check_alarm(driver, 0);
    collect_all(driver);
    ngrok_driver_step(driver, 0);
    check_alarm(driver, INFINITY);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(waking_makes_the_timeout_0_for_one_step) {
    ngrok_driver *driver = begin(1);
    (void)ngrok_driver_descriptor(driver);
    ngrok_driver_wake(driver);
    check_alarm(driver, 0);
    ngrok_driver_step(driver, 100);
    CHECK_NUMBER(transport.performed_for, 0);
    check_alarm(driver, INFINITY);
    ngrok_driver_release(driver);
}

/* --- waiting --------------------------------------------------------------------------------- */

CASE(a_step_waits_as_long_as_it_may) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 5);
    ngrok_driver_step(driver, 0);
    CHECK_NUMBER(transport.performed_for, 0);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_step_waits_no_longer_than_the_timeout) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_step(driver, INFINITY);
    CHECK_NUMBER(transport.performed_for, 30);
    transport.timeout = 0.5;
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 0.5);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_step_does_not_wait_while_something_is_completed) {
    ngrok_driver *driver = begin(2);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    arrive(first);
    ngrok_driver_step(driver, 5);
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 0);
    collect_all(driver);
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 5);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(an_idle_step_does_not_wait_for_ever) {
    ngrok_driver *driver = begin(1);
    ngrok_driver_step(driver, INFINITY);
    CHECK_NUMBER(transport.performed_for, 0);
    ngrok_driver_release(driver);
    driver = begin_without_transport(1);
    ngrok_driver_step(driver, INFINITY);
    CHECK_INTEGER(sleeps, 0);
    ngrok_driver_release(driver);
}

/* --- attempts that Lua performs -------------------------------------------------------------- */

CASE(lua_gets_attempts_in_order_and_under_the_cap) {
    ngrok_driver *driver = begin_without_transport(2);
    ngrok_request *requests[3];
    for (int i = 0; i < 3; i++) {
        requests[i] = submit_any(driver);
        CHECK_INTEGER(requests[i]->state, NGROK_STATE_WAITING);
    }
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    CHECK(ngrok_driver_next_attempt(driver) == requests[0]);
    CHECK(ngrok_driver_next_attempt(driver) == requests[1]);
    CHECK(ngrok_driver_next_attempt(driver) == NULL);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 30);
    for (int i = 0; i < 3; i++) {
        ngrok_request_release(requests[i]);
    }
    ngrok_driver_release(driver);
}

CASE(lua_gets_no_attempts_of_a_transport) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    CHECK(ngrok_driver_cancel(driver, first));
    CHECK(ngrok_driver_next_attempt(driver) == NULL);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(lua_responses_or_fails_an_attempt) {
    ngrok_driver *driver = begin_without_transport(2);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    (void)ngrok_driver_next_attempt(driver);
    (void)ngrok_driver_next_attempt(driver);
    ngrok_response found = {.status = 200, .body = ngrok_bytes_copy("{}", 2), .body_length = 2};
    ngrok_driver_respond(driver, first, &found);
    CHECK(found.body == NULL);
    check_success(first);
    ngrok_driver_fail(driver, second,
                      &(ngrok_failure){.where = {NGROK_PHASE_SEND, true}, .message = "reset"});
    check_result(second, NGROK_KIND_TRANSPORT, NGROK_PHASE_SEND, NGROK_OUTCOME_UNKNOWN);
    CHECK_TEXT(second->message, "reset");
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

/* nginx may have no timer to perform it in. */
CASE(what_lua_has_not_begun_was_not_sent) {
    ngrok_driver *driver = begin_without_transport(2);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    (void)ngrok_driver_next_attempt(driver);
    (void)ngrok_driver_next_attempt(driver);
    CHECK(ngrok_driver_cancel(driver, first));
    check_result(first, NGROK_KIND_CANCELLED, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT);
    now += 1000;
    ngrok_driver_step(driver, 0);
    now += 1;
    ngrok_driver_step(driver, 0);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(what_lua_says_too_late_changes_nothing) {
    ngrok_driver *driver = begin_without_transport(1);
    ngrok_request *request = submit_any(driver);
    (void)take_attempt(driver);
    CHECK(ngrok_driver_cancel(driver, request));
    check_result(request, NGROK_KIND_CANCELLED, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    ngrok_response late = {.status = 200, .body = ngrok_bytes_copy("{}", 2), .body_length = 2};
    ngrok_driver_respond(driver, request, &late);
    CHECK(late.body == NULL);
    ngrok_driver_close(driver);
    ngrok_driver_fail(driver, request,
                      &(ngrok_failure){.where = {NGROK_PHASE_SEND, true}, .message = "late"});
    CHECK_INTEGER(request->kind, NGROK_KIND_CANCELLED);
    CHECK(request->response.body == NULL);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_step_without_a_transport_sleeps_and_expires) {
    ngrok_driver *driver = begin_without_transport(1);
    ngrok_request *request = submit_any(driver);
    (void)take_attempt(driver);
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(sleeps, 0);
    ngrok_driver_step(driver, 12.5);
    CHECK_NUMBER(slept, 12.5);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    ngrok_driver_step(driver, INFINITY);
    CHECK_NUMBER(slept, 30);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    ngrok_driver_step(driver, INFINITY);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK(slept < 30.1);
    double before = slept;
    ngrok_driver_step(driver, 10);
    CHECK_NUMBER(slept, before);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

/* What has come is the host's to hand over, and it steps first when it was away. */
CASE(lua_has_a_turn_of_its_host_before_an_attempt_expires) {
    ngrok_driver *driver = begin_without_transport(2);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    (void)take_attempt(driver);
    (void)take_attempt(driver);
    now += 1000;
    ngrok_driver_step(driver, 0);
    ngrok_driver_step(driver, 0);
    ngrok_response found = {.status = 200, .body = ngrok_bytes_copy("{}", 2), .body_length = 2};
    ngrok_driver_respond(driver, first, &found);
    check_success(first);
    CHECK(ngrok_driver_timeout(driver) < 0.1);
    now += 0.1;
    ngrok_driver_step(driver, 0);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    ngrok_request_release(first);
    ngrok_request_release(second);
    ngrok_driver_release(driver);
}

CASE(a_step_sleeps_for_an_hour_at_most) {
    ngrok_driver *driver = begin_without_transport(1);
    ngrok_request *request = submit(driver, INFINITY, INFINITY);
    (void)ngrok_driver_next_attempt(driver);
    ngrok_driver_step(driver, INFINITY);
    CHECK_INTEGER(sleeps, 1);
    CHECK(slept > 0 && slept <= 3600);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

/* --- forks ----------------------------------------------------------------------------------- */

CASE(a_child_cancels_what_is_its_parents_to_carry_on) {
    ngrok_driver *driver = begin(1);
    ngrok_request *in_flight = submit_any(driver), *waiting = submit_any(driver);
    process++;
    ngrok_driver_step(driver, 0);
    check_result(in_flight, NGROK_KIND_CANCELLED, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    check_result(waiting, NGROK_KIND_CANCELLED, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK(strstr(in_flight->message, "forked") != NULL);
    CHECK_INTEGER(transport.starts, 1);
    CHECK_INTEGER(transport.aborts, 0);
    ngrok_request_release(in_flight);
    ngrok_request_release(waiting);
    ngrok_driver_release(driver);
}

CASE(a_child_begins_anew_once) {
    ngrok_driver *driver = begin(1);
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(transport.forks, 0);
    process++;
    ngrok_request *request = submit_any(driver);
    CHECK_INTEGER(transport.forks, 1);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    arrive(request);
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(request->response.status, 201);
    CHECK_INTEGER(transport.forks, 1);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_child_that_only_closes_lets_go_first) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    process++;
    ngrok_driver_close(driver);
    CHECK_INTEGER(transport.forks, 1);
    CHECK_INTEGER(transport.aborts, 0);
    CHECK_INTEGER(transport.destroyed, 1);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(a_child_that_cannot_begin_anew_is_closed) {
    ngrok_driver *driver = begin(1);
    transport.cannot_fork = true;
    process++;
    ngrok_request *request = submit_any(driver);
    CHECK(driver->closed);
    CHECK_INTEGER(transport.destroyed, 1);
    CHECK_INTEGER(request->kind, NGROK_KIND_CANCELLED);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}

CASE(what_a_parents_attempt_comes_to_does_not_matter_to_the_child) {
    ngrok_driver *driver = begin_without_transport(1);
    ngrok_request *request = submit_any(driver);
    CHECK(ngrok_driver_next_attempt(driver) == request);
    process++;
    ngrok_driver_fail(driver, request, &(ngrok_failure){.where = {NGROK_PHASE_CONNECT, false}});
    check_result(request, NGROK_KIND_CANCELLED, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    ngrok_request_release(request);
    ngrok_driver_release(driver);
}
