/* What a driver is to a host's loop, and to a transport in Lua. */
#include "engine/driver_fixture.h"

/* --- the descriptor, its alarm and the time-out ---------------------------------------------- */

CASE(an_idle_driver_has_no_timeout) {
    ngrok_driver *driver = begin(1);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
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
}

CASE(the_timeout_heeds_the_transports_own) {
    ngrok_driver *driver = begin(1);
    (void)submit_any(driver);
    transport.timeout = 0.25;
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0.25);
    transport.timeout = 100;
    CHECK_NUMBER(ngrok_driver_timeout(driver), 30);
}

CASE(the_timeout_is_0_until_completions_are_collected) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    arrive(request);
    ngrok_driver_step(driver, 0);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    collect_all(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
}

CASE(the_descriptor_is_the_transports) {
    ngrok_driver *driver = begin(1);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), a_descriptor);
}

CASE(there_is_no_descriptor_without_a_transport) {
    ngrok_driver *driver = begin_without_transport(1);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), -1);
    ngrok_driver_wake(driver, 0);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
}

CASE(no_alarm_is_set_before_the_descriptor_is_asked_for) {
    ngrok_driver *driver = begin(2);
    ngrok_request *first = submit_any(driver);
    (void)submit_any(driver);
    ngrok_driver_step(driver, 0);
    ngrok_driver_wake(driver, 0);
    CHECK(ngrok_driver_cancel(driver, first));
    CHECK_INTEGER(transport.alarms, 0);
}

CASE(asking_for_the_descriptor_sets_the_alarm) {
    ngrok_driver *driver = begin(1);
    (void)submit_any(driver);
    now += 10;
    (void)ngrok_driver_descriptor(driver);
    CHECK_INTEGER(transport.alarms, 1);
    CHECK_NUMBER(transport.alarmed_in, 20);
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
}

CASE(waking_makes_the_timeout_0_for_one_step) {
    ngrok_driver *driver = begin(1);
    (void)ngrok_driver_descriptor(driver);
    ngrok_driver_wake(driver, 0);
    check_alarm(driver, 0);
    ngrok_driver_step(driver, 100);
    CHECK_NUMBER(transport.performed_for, 0);
    check_alarm(driver, INFINITY);
}

CASE(waking_later_bounds_the_timeout_until_then) {
    ngrok_driver *driver = begin(1);
    (void)ngrok_driver_descriptor(driver);
    ngrok_driver_wake(driver, 9);
    ngrok_driver_wake(driver, 5);
    ngrok_driver_wake(driver, 7);
    check_alarm(driver, 5);
    now += 4;
    ngrok_driver_step(driver, 0);
    check_alarm(driver, 1);
    now += 1;
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    ngrok_driver_step(driver, 100);
    check_alarm(driver, INFINITY);
}

/* --- waiting --------------------------------------------------------------------------------- */

CASE(a_step_waits_as_long_as_it_may) {
    ngrok_driver *driver = begin(1);
    (void)submit_any(driver);
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 5);
    ngrok_driver_step(driver, 0);
    CHECK_NUMBER(transport.performed_for, 0);
}

CASE(a_step_waits_no_longer_than_the_timeout) {
    ngrok_driver *driver = begin(1);
    (void)submit_any(driver);
    ngrok_driver_step(driver, INFINITY);
    CHECK_NUMBER(transport.performed_for, 30);
    transport.timeout = 0.5;
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 0.5);
}

CASE(a_step_does_not_wait_while_something_is_completed) {
    ngrok_driver *driver = begin(2);
    ngrok_request *first = submit_any(driver);
    (void)submit_any(driver);
    arrive(first);
    ngrok_driver_step(driver, 5);
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 0);
    collect_all(driver);
    ngrok_driver_step(driver, 5);
    CHECK_NUMBER(transport.performed_for, 5);
}

CASE(an_idle_step_does_not_wait_for_ever) {
    ngrok_driver *driver = begin(1);
    ngrok_driver_step(driver, INFINITY);
    CHECK_NUMBER(transport.performed_for, 0);
    driver = begin_without_transport(1);
    ngrok_driver_step(driver, INFINITY);
    CHECK_INTEGER(sleeps, 0);
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
}

CASE(lua_gets_no_attempts_of_a_transport) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit_any(driver);
    (void)submit_any(driver);
    CHECK(ngrok_driver_cancel(driver, first));
    CHECK(ngrok_driver_next_attempt(driver) == NULL);
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
}

CASE(a_step_sleeps_for_an_hour_at_most) {
    ngrok_driver *driver = begin_without_transport(1);
    (void)submit(driver, INFINITY, INFINITY);
    (void)ngrok_driver_next_attempt(driver);
    ngrok_driver_step(driver, INFINITY);
    CHECK_INTEGER(sleeps, 1);
    CHECK(slept > 0 && slept <= 3600);
}
