/* The driver: beginning, results, time-outs and cancelling. */
#include "engine/driver_fixture.h"

/* --- beginning ------------------------------------------------------------------------------- */

CASE(submit_starts_at_once) {
    ngrok_driver *driver = begin(2);
    ngrok_request *request = submit_any(driver);
    CHECK_INTEGER(transport.starts, 1);
    CHECK(holds(&request->attempt));
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK_NUMBER(transport.performed_for, 0);
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
}

CASE(a_start_that_fails_is_a_failure_before_sending) {
    ngrok_driver *driver = begin(2);
    transport.refuses = true;
    ngrok_request *request = submit_any(driver);
    check_result(request, NGROK_KIND_TRANSPORT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT);
    CHECK(request->message != NULL);
    CHECK_INTEGER(transport.aborts, 0);
    release_driver();
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
    release_driver();
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
    }
}

CASE(what_finished_inside_start_is_no_victim_of_close) {
    ngrok_driver *driver = begin(1);
    transport.responses_at_once = true;
    ngrok_request *request = submit_any(driver);
    ngrok_driver_close(driver);
    check_success(request);
    CHECK_INTEGER(transport.aborts, 0);
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
    release_driver();
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
    release_driver();
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
}

CASE(an_overdue_request_that_was_not_sent_says_so) {
    ngrok_driver *driver = begin(2);
    transport.stands = (ngrok_progress){NGROK_PHASE_RESOLVE, false};
    ngrok_request *request = submit_any(driver);
    now += 30;
    ngrok_driver_step(driver, 0);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RESOLVE, NGROK_OUTCOME_NOT_SENT);
}

CASE(a_waiting_request_is_expired_without_an_abort) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit(driver, 30, 90), *second = submit(driver, 30, 5);
    now += 5;
    ngrok_driver_step(driver, 0);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(transport.aborts, 0);
    CHECK_INTEGER(first->state, NGROK_STATE_IN_FLIGHT);
}

CASE(max_wait_0_is_refused_inside_submit_when_there_is_no_room) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit(driver, 30, 0), *second = submit(driver, 30, 0);
    CHECK_INTEGER(first->state, NGROK_STATE_IN_FLIGHT);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}

CASE(a_step_reads_a_response_before_it_expires) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    now += 3600;
    arrive(request);
    ngrok_driver_step(driver, 0);
    check_success(request);
    release_driver();
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
    release_driver();
    CHECK_INTEGER(transport.aborts, 1);
}

CASE(cancelling_a_waiting_request_aborts_nothing) {
    ngrok_driver *driver = begin(1);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    CHECK(ngrok_driver_cancel(driver, second));
    check_result(second, NGROK_KIND_CANCELLED, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(transport.aborts, 0);
    CHECK(holds(&first->attempt));
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
    release_driver();
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
}
