/* A driver's end, and its forks. */
#include "engine/driver_fixture.h"

#include "freed.h"

/* --- closing --------------------------------------------------------------------------------- */

CASE(closing_cancels_what_is_in_flight_and_what_waits) {
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
    }
    CHECK_INTEGER(transport.starts, 2);
    CHECK_INTEGER(transport.aborts, 2);
    release_driver();
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
}

CASE(closing_destroys_the_transport_once) {
    ngrok_driver *driver = begin(1);
    CHECK_INTEGER(transport.destroyed, 0);
    ngrok_driver_close(driver);
    CHECK_INTEGER(transport.destroyed, 1);
    ngrok_driver_close(driver);
    release_driver();
    CHECK_INTEGER(transport.destroyed, 1);
}

CASE(closing_wipes_the_key) {
    ngrok_driver *driver = begin(1);
    CHECK(ngrok_secret_set(&driver->key, CHECK_BYTES("FIRST_SECOND")));
    ngrok_driver_close(driver);
    CHECK(driver->key.bytes == NULL);
    CHECK_INTEGER(driver->key.length, 0);
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
}
#endif

CASE(closing_without_a_transport_cancels_too) {
    ngrok_driver *driver = begin_without_transport(1);
    ngrok_request *first = submit_any(driver), *second = submit_any(driver);
    CHECK(take_attempt(driver) == first);
    ngrok_driver_close(driver);
    check_result(first, NGROK_KIND_CANCELLED, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    check_result(second, NGROK_KIND_CANCELLED, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}

CASE(a_closed_driver_steps_without_its_transport) {
    ngrok_driver *driver = begin(1);
    (void)submit_any(driver);
    ngrok_driver_close(driver);
    int performs = transport.performs;
    ngrok_driver_step(driver, 10);
    ngrok_driver_step(driver, INFINITY);
    CHECK_INTEGER(transport.performs, performs);
    CHECK_INTEGER(sleeps, 0);
}

CASE(a_closed_driver_still_hands_out_what_it_completed) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_close(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    CHECK(ngrok_engine_completed(driver->engine) == request);
    collect_all(driver);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
}

CASE(a_closed_driver_has_nothing_to_give) {
    ngrok_driver *driver = begin(1);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), a_descriptor);
    ngrok_driver_close(driver);
    CHECK_INTEGER(ngrok_driver_descriptor(driver), -1);
    CHECK(ngrok_driver_next_attempt(driver) == NULL);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
}

CASE(a_closed_driver_can_be_woken_for_one_step) {
    ngrok_driver *driver = begin(1);
    (void)ngrok_driver_descriptor(driver);
    ngrok_driver_close(driver);
    ngrok_driver_wake(driver, 0);
    CHECK_NUMBER(ngrok_driver_timeout(driver), 0);
    ngrok_driver_step(driver, 0);
    CHECK_NUMBER(ngrok_driver_timeout(driver), INFINITY);
}

CASE(cancelling_in_a_closed_driver_does_nothing) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_close(driver);
    CHECK(!ngrok_driver_cancel(driver, request));
    CHECK_INTEGER(transport.aborts, 1);
}

/* --- releasing ------------------------------------------------------------------------------- */

CASE(the_last_release_closes) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    ngrok_driver_retain(driver);
    ngrok_driver_release(driver);
    CHECK_INTEGER(transport.destroyed, 0);
    CHECK(holds(&request->attempt));
    release_driver();
    CHECK_INTEGER(transport.destroyed, 1);
    CHECK_INTEGER(transport.aborts, 1);
    CHECK_INTEGER(request->kind, NGROK_KIND_CANCELLED);
    CHECK_INTEGER(request->references, 1);
}

CASE(a_request_outlives_its_driver) {
    ngrok_driver *driver = begin(1);
    ngrok_request *request = submit_any(driver);
    arrive(request);
    ngrok_driver_step(driver, 0);
    release_driver();
    CHECK_INTEGER(request->response.status, 201);
    CHECK_TEXT(request->response.body, "{}");
}

CASE(a_driver_outlives_the_others_hold_on_its_requests) {
    ngrok_driver *driver = begin(1);
    (void)submit_any(driver);
    (void)submit_any(driver);
    release_requests();
    now += 30;
    ngrok_driver_step(driver, 0);
    CHECK_INTEGER(ngrok_engine_pending(driver->engine), 2);
    collect_all(driver);
    CHECK_INTEGER(ngrok_engine_pending(driver->engine), 1);
    release_driver();
    CHECK_INTEGER(transport.aborts, 2);
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
}

CASE(a_child_starts_with_nothing_once) {
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
}

CASE(a_child_that_only_closes_lets_go_first) {
    ngrok_driver *driver = begin(1);
    (void)submit_any(driver);
    process++;
    ngrok_driver_close(driver);
    CHECK_INTEGER(transport.forks, 1);
    CHECK_INTEGER(transport.aborts, 0);
    CHECK_INTEGER(transport.destroyed, 1);
}

CASE(a_child_that_cannot_start_is_closed) {
    ngrok_driver *driver = begin(1);
    transport.cannot_fork = true;
    process++;
    ngrok_request *request = submit_any(driver);
    CHECK(driver->closed);
    CHECK_INTEGER(transport.destroyed, 1);
    CHECK_INTEGER(request->kind, NGROK_KIND_CANCELLED);
}

CASE(what_a_parents_attempt_comes_to_does_not_matter_to_the_child) {
    ngrok_driver *driver = begin_without_transport(1);
    ngrok_request *request = submit_any(driver);
    CHECK(ngrok_driver_next_attempt(driver) == request);
    process++;
    ngrok_driver_fail(driver, request, &(ngrok_failure){.where = {NGROK_PHASE_CONNECT, false}});
    check_result(request, NGROK_KIND_CANCELLED, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
}
