/* What admits a request: the limiter, and places of a limiter that processes share. In virtual
 * time.
 */
#include "engine/fixture.h"

static const ngrok_budget usual = {30, 90, 3};

static ngrok_engine *begin_shared(unsigned max_in_flight, unsigned requests) {
    ngrok_engine *engine = begin_limited(max_in_flight, requests, 60);
    ngrok_engine_share_limit(engine);
    return engine;
}

static ngrok_request *submit(ngrok_engine *engine, double now) {
    ngrok_request *request = submit_with(engine, "POST", now, usual);
    ngrok_engine_queue(engine, request, now);
    return request;
}

static void check_given_back(ngrok_engine *engine, unsigned unused, unsigned ended) {
    ngrok_places places = ngrok_engine_take_back_places(engine);
    CHECK_INTEGER(places.unused, unused);
    CHECK_INTEGER(places.ended, ended);
}

CASE(wants_none_where_nothing_is_shared) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = submit(engine, 0);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 3, 0), 0);
    CHECK(ngrok_engine_ready(engine, 0) == request);
    respond_at(engine, request, 200, -1, 1);
    check_given_back(engine, 0, 0);
}

CASE(begins_no_request_without_a_place) {
    ngrok_engine *engine = begin_shared(16, 100);
    ngrok_request *request = submit(engine, 0);
    CHECK(ngrok_engine_ready(engine, 0) == NULL);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 0), 1);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 0), 0);
    ngrok_engine_grant_place(engine);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 0), 0);
    CHECK(ngrok_engine_ready(engine, 0) == request);
    (void)submit(engine, 0);
    CHECK(ngrok_engine_ready(engine, 0) == NULL);
}

CASE(wants_no_more_than_can_begin) {
    ngrok_engine *engine = begin_shared(3, 2);
    ngrok_request *first = submit(engine, 0);
    (void)submit(engine, 0);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 0), 2);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 5, 0), 2); /* of this process's own limit */
    ngrok_engine_grant_place(engine);
    CHECK(ngrok_engine_ready(engine, 0) == first);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 5, 0), 1);

    engine = begin_shared(3, 100);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 5, 0), 3); /* of max_in_flight */
}

CASE(tells_which_places_are_to_be_given_back) {
    ngrok_engine *engine = begin_shared(16, 100);
    ngrok_request *requests[3];
    for (int i = 0; i < 4; i++) {
        ngrok_engine_grant_place(engine);
    }
    for (int i = 0; i < 3; i++) {
        requests[i] = submit_with(engine, "POST", 0, (ngrok_budget){30, 90, 0});
        CHECK(ngrok_engine_ready(engine, 0) == requests[i]);
    }
    respond_at(engine, requests[0], 200, -1, 1);
    fail_at(engine, requests[1], sent, 1);
    fail_at(engine, requests[2], unsent, 1);
    check_given_back(engine, 2, 2);
    check_given_back(engine, 0, 0);
}

CASE(needs_a_place_for_each_attempt) {
    ngrok_engine *engine = begin_shared(16, 100);
    ngrok_request *request = submit(engine, 0);
    ngrok_engine_grant_place(engine);
    CHECK(ngrok_engine_ready(engine, 0) == request);
    fail_at(engine, request, unsent, 1);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 1), 0); /* it backs off */
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 20), 1);
    CHECK(ngrok_engine_ready(engine, 20) == NULL);
    ngrok_engine_grant_place(engine);
    CHECK(ngrok_engine_ready(engine, 20) == request);
}

CASE(asks_again_at_the_time_given_or_after_a_second) {
    ngrok_engine *engine = begin_shared(16, 100);
    (void)submit(engine, 0);
    ngrok_engine_refuse_place(engine, 0.5, false, 0);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 0.4), 0);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 0), 0.5);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 0.5), 1);
    ngrok_engine_refuse_place(engine, 40, false, 0.5);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 1.4), 0);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 0.5), 1.5);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 1.5), 1);
}

CASE(ends_at_once_those_that_would_wait_in_vain) {
    ngrok_engine *engine = begin_shared(16, 100);
    ngrok_request *request = submit(engine, 0);
    ngrok_engine_refuse_place(engine, 89, false, 0);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    ngrok_engine_refuse_place(engine, 90, false, 0);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_NUMBER(request->retry_after, 90);
    ngrok_request *later = submit(engine, 0);
    check_result(later, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}

CASE(keeps_a_pause_that_another_process_was_asked_for) {
    ngrok_engine *engine = begin_shared(16, 100);
    ngrok_request *request = submit(engine, 0);
    ngrok_engine_refuse_place(engine, 10, true, 0);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 5), 0);
    ngrok_engine_refuse_place(engine, 7, true, 5); /* never shorter */
    CHECK_NUMBER(ngrok_engine_paused_until(engine), 10);
    CHECK_INTEGER(ngrok_engine_places_wanted(engine, 0, 10), 1);
    ngrok_engine_refuse_place(engine, 91, true, 10);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}
