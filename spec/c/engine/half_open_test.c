/* Connections that were kept and whose other end is gone without a word, in virtual time: an
 * attempt that hears nothing on one is given half of the call's time, the rest is for a new one. */
#include "engine/fixture.h"

static const ngrok_budget usual = {30, 90, 3};

/* In flight on a connection that was kept, as the transport says. */
static ngrok_request *start_reused(ngrok_engine *engine, const char *method, double now,
                                   ngrok_budget budget) {
    ngrok_request *request = submit_with(engine, method, now, budget);
    CHECK(ngrok_engine_ready(engine, now) == request);
    CHECK(!request->attempt.fresh && !request->attempt.reused && !request->attempt.responding);
    request->attempt.reused = true;
    return request;
}

/* As a driver does. */
static ngrok_request *step(ngrok_engine *engine, double now) {
    ngrok_request *request;
    ngrok_engine_mark_late(engine, now);
    while ((request = ngrok_engine_overdue(engine, now, false)) != NULL) {
        CHECK(request->attempt.late);
        /* Its transport, which lets go now, keeps no connection that is given up. */
        bool has_time = request->deadline < request->entered + request->time_left;
        CHECK(!has_time || request->state != NGROK_STATE_IN_FLIGHT || request->attempt.fresh);
        ngrok_engine_expire(engine, request, sent, now);
    }
    return ngrok_engine_ready(engine, now);
}

CASE(what_may_be_repeated_is_tried_on_a_new_connection_after_half_of_the_time) {
    static const char *const methods[] = {"GET", "PATCH", "DELETE"};
    for (int i = 0; i < 3; i++) {
        ngrok_engine *engine = begin(1);
        ngrok_request *request = start_reused(engine, methods[i], 0, usual);
        check_about("%s", methods[i]);
        CHECK(ngrok_engine_deadline(engine, 0) <= 15);
        CHECK(step(engine, 14.9) == NULL);
        CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
        CHECK(step(engine, 15) == request);
        CHECK(request->attempt.fresh && !request->attempt.reused && !request->attempt.late);
        CHECK_INTEGER(request->attempts, 2);
        respond_at(engine, request, 200, -1, 15.5);
        check_result(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
    }
}

CASE(the_new_connection_has_all_the_time_that_is_left) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, usual);
    CHECK(step(engine, 15) == request);
    CHECK(step(engine, 29.9) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK(step(engine, 30) == NULL);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK(says(request, "timeout (30 s)"));
    CHECK_INTEGER(request->attempts, 2);
}

CASE(a_new_connection_may_be_silent_for_all_the_time) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, usual);
    request->attempt.reused = false;
    CHECK(step(engine, 15) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 15), 30);
    CHECK(!ngrok_engine_has_late(engine, 29.9));
    CHECK(step(engine, 29.9) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK(step(engine, 30) == NULL);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
}

CASE(a_response_that_has_begun_has_all_the_time) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, usual);
    request->attempt.responding = true;
    CHECK(step(engine, 15) == NULL);
    CHECK(step(engine, 29.9) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK_INTEGER(request->attempts, 1);
    respond_at(engine, request, 200, -1, 29.9);
    check_result(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
}

/* The host was away: the response begins with the I/O that comes before the look. */
CASE(a_response_that_begins_late_is_not_thrown_away) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, usual);
    ngrok_engine_mark_late(engine, 20);
    request->attempt.responding = true;
    CHECK(!ngrok_engine_has_late(engine, 20));
    CHECK(ngrok_engine_overdue(engine, 20, false) == NULL);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 20), 30);
}

CASE(what_cannot_be_sent_again_has_all_the_time) {
    static const struct {
        const char *method;
        ngrok_budget budget;
    } all[] = {{"POST", {30, 90, 3}}, {"GET", {30, 90, 0}}, {"GET", {0.9, 90, 3}}};
    for (int i = 0; i < 3; i++) {
        double timeout = all[i].budget.timeout;
        ngrok_engine *engine = begin(1);
        ngrok_request *request = start_reused(engine, all[i].method, 0, all[i].budget);
        check_about("%s, %g s, %u retries", all[i].method, timeout, all[i].budget.max_retries);
        CHECK_NUMBER(ngrok_engine_deadline(engine, 0), timeout);
        CHECK(step(engine, timeout / 2) == NULL);
        CHECK(step(engine, timeout) == NULL);
        check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
        CHECK_INTEGER(request->attempts, 1);
    }
}

/* It is one of the attempts that max_retries allows. */
CASE(the_last_attempt_is_not_shared) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, (ngrok_budget){32, 90, 1});
    CHECK(step(engine, 16) == request);
    request->attempt.reused = true; /* a transport that cannot make new ones */
    CHECK(step(engine, 24) == NULL);
    CHECK(step(engine, 32) == NULL);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK_INTEGER(request->attempts, 2);
}

CASE(endless_time_is_not_shared) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, (ngrok_budget){INFINITY, 90, 3});
    CHECK(step(engine, 1e9) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 1e9), INFINITY);
}

CASE(the_first_attempt_counts_as_one_that_may_have_arrived) {
    ngrok_engine *engine = begin_limited(1, 1, 60);
    ngrok_request *request = start_reused(engine, "PATCH", 0, (ngrok_budget){30, 10, 3});
    CHECK(step(engine, 15) == NULL); /* it has taken a place of the limit, too */
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    CHECK(step(engine, 25) == NULL);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK_TEXT(request->message, "no response within 15 s on a kept connection");
}

CASE(after_a_kept_connection_that_broke_comes_a_new_one) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, usual);
    fail_at(engine, request, sent, 1);
    CHECK(step(engine, 2) == request);
    CHECK(request->attempt.fresh);
}

CASE(after_a_new_connection_that_broke_any_will_do) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_reused(engine, "GET", 0, usual);
    request->attempt.reused = false;
    fail_at(engine, request, sent, 1);
    CHECK(step(engine, 2) == request);
    CHECK(!request->attempt.fresh);
}
