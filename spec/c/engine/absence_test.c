/* The driver, and callers who leave what is in flight. */
#include "engine/driver_fixture.h"

#include "engine/attendance.h"

static void come(ngrok_driver *driver, ngrok_request *caller) {
    (void)ngrok_engine_attend(driver->engine, caller, now);
    ngrok_attendance_leave(caller);
}

static ngrok_request *submit_attended(ngrok_driver *driver) {
    ngrok_request *request = submit_any(driver);
    come(driver, request);
    return request;
}

CASE(takes_back_what_is_in_flight_for_one_who_has_left) {
    ngrok_driver *driver = begin(2);
    ngrok_request *left = submit_attended(driver), *stays = submit_attended(driver);
    ngrok_request *next = submit_any(driver);
    CHECK_INTEGER(next->state, NGROK_STATE_WAITING);
    int turns = 0;
    now += 5;
    while (ngrok_driver_has_absent(driver) && turns < 100) {
        come(driver, stays);
        CHECK_INTEGER(transport.aborts, 0);
        turns++;
    }
    CHECK(turns > 3 && turns < 100);
    CHECK_INTEGER(transport.aborts, 1);
    CHECK_INTEGER(left->state, NGROK_STATE_COMPLETED);
    CHECK_INTEGER(left->kind, NGROK_KIND_CANCELLED);
    CHECK_INTEGER(left->outcome, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(stays->state, NGROK_STATE_IN_FLIGHT);
    ngrok_driver_begin(driver);
    CHECK_INTEGER(next->state, NGROK_STATE_IN_FLIGHT);
}

CASE(goes_on_while_all_was_sent_for_one_who_is_absent) {
    ngrok_driver *driver = begin(2);
    transport.sends = true;
    ngrok_request *request = submit_attended(driver);
    int turns = 0;
    now += 5;
    while (transport.aborts == 0 && turns < 100) {
        CHECK(!ngrok_driver_has_absent(driver));
        turns++;
    }
    CHECK(turns > 3 && turns < 100);
    CHECK_INTEGER(request->kind, NGROK_KIND_CANCELLED);
}

/* Beginning lets libcurl carry on others, too. */
CASE(defers_what_begins_while_somebody_is_absent) {
    ngrok_driver *driver = begin(2);
    ngrok_request *request = submit_attended(driver);
    CHECK(!request->attempt.deferred);
    now += 5;
    ngrok_request *other = submit_any(driver);
    CHECK_INTEGER(other->state, NGROK_STATE_IN_FLIGHT);
    CHECK(other->attempt.deferred);
}

CASE(misses_no_caller_once_closed) {
    ngrok_driver *driver = begin(2);
    (void)submit_attended(driver);
    now += 5;
    ngrok_driver_close(driver);
    CHECK(!ngrok_driver_has_absent(driver));
}
