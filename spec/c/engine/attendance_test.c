/* Nothing begins for a caller who has left, and no request waits for one; in virtual time. */
#include "engine/attendance.h"

#include "engine/fixture.h"

static const ngrok_budget usual = {30, 90, 3};

static ngrok_request *submit(ngrok_engine *engine, double now) {
    return submit_with(engine, "POST", now, usual);
}

/* One whose caller waits, and sleeps just now. */
static ngrok_request *submit_attended(ngrok_engine *engine, double now) {
    ngrok_request *request = submit(engine, now);
    (void)ngrok_engine_attend(engine, request, now);
    ngrok_attendance_leave(request);
    return request;
}

/* What begins while its caller is here. */
static ngrok_request *ready_for(ngrok_engine *engine, ngrok_request *caller, double now) {
    bool may_begin = ngrok_engine_attend(engine, caller, now);
    ngrok_request *begun = ngrok_engine_ready(engine, now);
    ngrok_attendance_leave(caller);
    CHECK(may_begin == (begun == caller));
    return begun;
}

CASE(begins_only_while_its_caller_is_here) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = submit_attended(engine, 0);
    CHECK(ngrok_engine_ready(engine, 0) == NULL);
    CHECK(ngrok_engine_ready(engine, 60) == NULL);
    CHECK(ready_for(engine, request, 61) == request);
}

CASE(begins_again_only_while_its_caller_is_here) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = submit_attended(engine, 0);
    CHECK(ready_for(engine, request, 0) == request);
    fail_at(engine, request, unsent, 0);
    double due = request->deadline;
    CHECK(ngrok_engine_ready(engine, due) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    CHECK(ready_for(engine, request, due) == request);
}

CASE(calls_the_first_when_it_could_begin) {
    ngrok_engine *engine = begin(1);
    ngrok_request *requests[3] = {submit(engine, 0)};
    CHECK(ngrok_engine_ready(engine, 0) == requests[0]);
    requests[1] = submit_attended(engine, 0);
    requests[2] = submit_attended(engine, 0);
    CHECK(ngrok_engine_call_next(engine, 0) == NULL);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 0.1), 30);
    respond_at(engine, requests[0], 200, -1, 0.1);
    CHECK(ngrok_engine_call_next(engine, 0.1) == requests[1]);
    CHECK(ngrok_engine_deadline(engine, 0.1) <= 0.1);
    CHECK(ready_for(engine, requests[2], 0.1) == NULL);
    CHECK(ready_for(engine, requests[1], 0.1) == requests[1]);
    CHECK(ngrok_engine_call_next(engine, 0.1) == NULL);
}

static void leave_for_good(ngrok_engine *engine, const ngrok_request *caller, double now) {
    int calls = 0;
    while (calls < 100 && ngrok_engine_call_next(engine, now) == caller) {
        calls++;
    }
    CHECK(calls > 3 && calls < 100);
}

CASE(passes_over_a_caller_who_does_not_come) {
    ngrok_engine *engine = begin(1);
    ngrok_request *requests[] = {submit_attended(engine, 0), submit_attended(engine, 0),
                                 submit(engine, 0)};
    CHECK(ngrok_engine_ready(engine, 50) == NULL);
    leave_for_good(engine, requests[0], 50);
    CHECK(ngrok_engine_ready(engine, 50) == NULL);
    leave_for_good(engine, requests[1], 50);
    CHECK(ngrok_engine_ready(engine, 50) == requests[2]);
    CHECK(ngrok_engine_call_next(engine, 50) == NULL);
    respond_at(engine, requests[2], 200, -1, 51);
    CHECK(ngrok_engine_call_next(engine, 51) == NULL);
    CHECK(ngrok_engine_deadline(engine, 51) > 51);
    CHECK(ready_for(engine, requests[1], 52) == requests[1]);
}

CASE(keeps_calling_one_who_comes) {
    ngrok_engine *engine = begin_limited(16, 1, 60);
    ngrok_request *requests[] = {submit_attended(engine, 0), submit_attended(engine, 0)};
    for (int i = 0; i < 100; i++) {
        CHECK(ngrok_engine_call_next(engine, 1) == requests[0]);
        (void)ngrok_engine_attend(engine, requests[0], 1);
        ngrok_attendance_leave(requests[0]);
    }
}

CASE(keeps_the_place_of_a_caller_who_comes_back) {
    ngrok_engine *engine = begin(1);
    ngrok_request *requests[] = {submit_attended(engine, 0), submit_attended(engine, 0)};
    leave_for_good(engine, requests[0], 5);
    CHECK(ngrok_engine_call_next(engine, 5) == requests[1]);
    (void)ngrok_engine_attend(engine, requests[0], 6);
    ngrok_attendance_leave(requests[0]);
    CHECK(ngrok_engine_call_next(engine, 6) == requests[0]);
    CHECK(ready_for(engine, requests[1], 6) == NULL);
}

CASE(ends_by_max_wait_though_no_caller_comes) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = submit_attended(engine, 0);
    CHECK(ngrok_engine_overdue(engine, 90, false) == NULL);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}

CASE(wants_places_only_for_those_who_are_here) {
    ngrok_engine *engine = begin_limited(16, 10, 60);
    ngrok_engine_share_limit(engine);
    ngrok_request *requests[] = {submit_attended(engine, 0), submit_attended(engine, 0),
                                 submit(engine, 0)};
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 0), 0);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 1, 0), 1);
    CHECK(ngrok_engine_attend(engine, requests[0], 0.1));
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 0.1), 1);
    ngrok_attendance_leave(requests[0]);
    leave_for_good(engine, requests[0], 9);
    leave_for_good(engine, requests[1], 9);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 9), 1);
    ngrok_engine_grant_place(engine);
    CHECK(ngrok_engine_ready(engine, 9) == requests[2]);
    CHECK_INTEGER(ngrok_engine_take_back_places(engine).unused, 0);
}

/* In flight from 0 on; its caller was here then. */
static ngrok_request *start_attended(ngrok_engine *engine) {
    ngrok_request *request = submit_attended(engine, 0);
    CHECK(ready_for(engine, request, 0) == request);
    return request;
}

static void come(ngrok_engine *engine, ngrok_request *caller, double now) {
    (void)ngrok_engine_attend(engine, caller, now);
    ngrok_attendance_leave(caller);
}

CASE(misses_no_caller_who_comes_in_time) {
    ngrok_engine *engine = begin(16);
    ngrok_request *requests[] = {start_attended(engine), start_attended(engine), submit(engine, 0)};
    CHECK(ngrok_engine_ready(engine, 0) == requests[2]);
    for (int i = 1; i < 50; i++) {
        come(engine, requests[0], 0.1 * i);
        come(engine, requests[1], 0.1 * i + 0.04);
        CHECK(!ngrok_engine_has_absent(engine, 0.1 * i + 0.09));
    }
    come(engine, requests[1], 5.1);
    CHECK(ngrok_engine_has_absent(engine, 5.1));
    respond_at(engine, requests[0], 200, -1, 5.1);
    CHECK(!ngrok_engine_has_absent(engine, 5.1));
}

CASE(misses_no_request_that_was_never_attended) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = submit(engine, 0);
    CHECK(ngrok_engine_ready(engine, 0) == request);
    CHECK(!ngrok_engine_has_absent(engine, 29));
    ngrok_engine_note_turn(engine, 29);
    CHECK(ngrok_engine_left(engine, 29) == NULL);
    CHECK(!ngrok_engine_put_back(engine, request, 29));
}

CASE(counts_one_in_flight_as_gone_after_several_turns) {
    ngrok_engine *engine = begin(16);
    ngrok_request *requests[] = {start_attended(engine), start_attended(engine)};
    int turns = 0;
    while (turns < 100 && ngrok_engine_left(engine, 10) == NULL) {
        come(engine, requests[0], 10);
        CHECK(ngrok_engine_has_absent(engine, 10));
        ngrok_engine_note_turn(engine, 10);
        turns++;
    }
    CHECK(turns > 3 && turns < 100);
    CHECK(ngrok_engine_left(engine, 10) == requests[1]);
    CHECK(ngrok_engine_cancel(engine, requests[1], sent, "has left", 10));
    CHECK(ngrok_engine_left(engine, 10) == NULL);
    CHECK(!ngrok_engine_has_absent(engine, 10));
}

/* However few turns its host makes. */
CASE(keeps_one_who_comes_in_the_turn_after) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start_attended(engine);
    int missed = 0;
    for (int turn = 1; turn < 20; turn++) {
        double now = 2.0 * turn;
        if (ngrok_engine_has_absent(engine, now)) {
            missed++;
            ngrok_engine_note_turn(engine, now);
            CHECK(ngrok_engine_left(engine, now) == NULL);
        }
        come(engine, request, now);
    }
    CHECK_INTEGER(missed, 1); /* or nothing would be carried on in such a host */
}

CASE(puts_back_what_is_to_be_sent_for_one_who_is_absent) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_attended(engine);
    CHECK(!ngrok_engine_put_back(engine, request, 0.1));
    CHECK(ngrok_engine_put_back(engine, request, 0.7));
    CHECK(!ngrok_engine_put_back(engine, request, 0.7));
    CHECK(ngrok_engine_ready(engine, 0.7) == NULL);
    CHECK(ngrok_engine_call_next(engine, 0.7) == request);
    CHECK(ready_for(engine, request, 0.8) == request);
    CHECK(!ngrok_engine_put_back(engine, request, 1.5)); /* its host is so slow */
    respond_at(engine, request, 200, -1, 1.6);
    check_result(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
}

CASE(counts_requests_that_were_never_attended) {
    ngrok_engine *engine = begin(16);
    ngrok_request *requests[] = {submit(engine, 0), submit_attended(engine, 0)};
    CHECK_INTEGER(ngrok_engine_unattended(engine), 1);
    (void)ready_for(engine, requests[1], 0);
    CHECK_INTEGER(ngrok_engine_unattended(engine), 1);
    CHECK(ngrok_engine_cancel(engine, requests[1], sent, "the request was cancelled", 0));
    CHECK_INTEGER(ngrok_engine_unattended(engine), 1);
    ngrok_engine_collect(engine, requests[1]);
    CHECK_INTEGER(ngrok_engine_unattended(engine), 1);
    CHECK(!ngrok_engine_attend(engine, requests[1], 0));
    CHECK_INTEGER(ngrok_engine_unattended(engine), 1);
}
