/* What the engine and the limiter make of HTTP 429, in virtual time. */
#include "engine/fixture.h"

/* The part of a window that is waited beyond it. */
static const double beyond = 1.001;

static const ngrok_budget usual = {30, 90, 3};

static ngrok_request *submit(ngrok_engine *engine, double now, ngrok_budget budget) {
    ngrok_request *request = submit_with(engine, "POST", now, budget);
    ngrok_engine_queue(engine, request, now);
    return request;
}

static ngrok_request *start(ngrok_engine *engine, double now, ngrok_budget budget) {
    ngrok_request *request = submit_with(engine, "POST", now, budget);
    CHECK(ngrok_engine_ready(engine, now) == request);
    return request;
}

/* When the request that was refused at `now` is sent again, as the deadline tells. A look for
 * overdue ones makes that true. */
static double sent_again_at(ngrok_engine *engine, ngrok_request *request, double now) {
    bool waits = true;
    for (int turn = 0; waits && turn < 100; turn++) {
        CHECK(ngrok_engine_overdue(engine, now, false) == NULL);
        waits = ngrok_engine_ready(engine, now) == NULL;
        double next = ngrok_engine_deadline(engine, now);
        waits = waits && CHECK(next > now);
        now = waits ? next : now;
    }
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    return now;
}

/* Refused at `now`, and sent again after: */
static double pause_after(ngrok_engine *engine, ngrok_request *request, double retry_after,
                          double now) {
    respond_at(engine, request, 429, retry_after, now);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    return sent_again_at(engine, request, now) - now;
}

/* --- how long ----------------------------------------------------------------------------------
 */

/* A request that is refused again and again. */
CASE(lasts_as_long_as_the_server_asks_or_the_window_says) {
    static const struct {
        const char *what;
        double window;
        struct {
            double retry_after, at, pause;
        } refusals[6];
    } all[] = {
        {"as Retry-After says", 60, {{7, 1, 7}, {2, 10, 2}}},
        {"a second for 0, which may be almost 1", 60, {{0, 3, 1}}},
        {"an hour at most", 60, {{999999999, 1, 3600}, {3601, 4000, 3600}, {3600, 8000, 3600}}},
        {"a quarter of the window, doubled up to it, and until it is over",
         60,
         {{-1, 1, 15}, {-1, 17, 30}, {-1, 48, 13}, {-1, 109, 60}, {-1, 170, 60}}},
        {"by its own window", 8, {{-1, 0, 2}, {-1, 2, 4}, {-1, 6, 2}, {-1, 8, 8}}},
        {"those with Retry-After are counted, too", 60, {{-1, 0, 15}, {5, 15, 5}, {-1, 20, 40}}},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        check_about("%s", all[i].what);
        ngrok_engine *engine = begin_limited(16, 100, all[i].window);
        ngrok_request *request = start(engine, 0, (ngrok_budget){INFINITY, INFINITY, 3});
        unsigned count = 0;
        for (; all[i].refusals[count].pause > 0; count++) {
            double pause = pause_after(engine, request, all[i].refusals[count].retry_after,
                                       all[i].refusals[count].at);
            CHECK_NUMBER(pause, all[i].refusals[count].pause);
        }
        /* The server has done nothing, so no retry is used up. */
        CHECK_INTEGER(request->attempts, count + 1);
    }
}

CASE(says_what_was_asked_and_what_is_kept_of_it) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, usual);
    respond_at(engine, request, 429, 999999999, 1);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    CHECK_TEXT(request->message,
               "Retry-After asks for 999999999 s, but the client waits 3600 s at most");
    CHECK_NUMBER(request->retry_after, 3600);
    CHECK_NUMBER(ngrok_engine_paused_until(engine), 3601);
}

CASE(says_so_of_another_status_too) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, usual);
    respond_at(engine, request, 503, 3601, 1);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK_TEXT(request->message,
               "Retry-After asks for 3601 s, but the client waits 3600 s at most");
    CHECK_NUMBER(request->retry_after, 3600);
    request = start(engine, 2, usual);
    respond_at(engine, request, 503, 3600, 3);
    CHECK(request->message == NULL);
}

/* Its own refused request has taken a place, too. */
CASE(lasts_until_the_limit_has_a_place_again) {
    ngrok_engine *engine = begin_limited(16, 1, 60);
    ngrok_request *request = start(engine, 0, usual);
    double pause = pause_after(engine, request, 3, 1);
    CHECK(pause >= 60 && pause < 61 * beyond);
}

/* --- bursts ------------------------------------------------------------------------------------
 */

enum { burst = 8 };

static void start_burst(ngrok_engine *engine, ngrok_request **requests, double now) {
    for (int i = 0; i < burst; i++) {
        requests[i] = start(engine, now, (ngrok_budget){30, INFINITY, 3});
    }
}

CASE(counts_a_burst_of_refusals_once) {
    ngrok_engine *engine = begin(16);
    ngrok_request *requests[burst];
    start_burst(engine, requests, 0);
    for (int i = 0; i < burst; i++) {
        respond_at(engine, requests[i], 429, -1, 1 + i);
    }
    CHECK_NUMBER(ngrok_limiter_paused_until(limiter), 1 + 15);
    CHECK(ngrok_engine_ready(engine, 15.9) == NULL);
    for (int i = 0; i < burst; i++) { /* in their order */
        CHECK(ngrok_engine_ready(engine, 16) == requests[i]);
    }
    for (int i = 0; i < burst; i++) {
        respond_at(engine, requests[i], 429, -1, 17);
    }
    CHECK_NUMBER(ngrok_limiter_paused_until(limiter), 17 + 30);
}

CASE(lasts_as_long_as_the_longest_of_a_burst) {
    ngrok_engine *engine = begin(16);
    ngrok_request *requests[burst];
    static const double said[burst] = {5, 3, -1, 20, 1, 0, -1, 8};
    start_burst(engine, requests, 0);
    for (int i = 0; i < burst; i++) {
        respond_at(engine, requests[i], 429, said[i], 1);
    }
    CHECK_NUMBER(ngrok_limiter_paused_until(limiter), 21);
}

CASE(starts_again_small_after_one_that_passed) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, (ngrok_budget){300, INFINITY, 3});
    CHECK_NUMBER(pause_after(engine, request, -1, 0), 15);
    CHECK_NUMBER(pause_after(engine, request, -1, 15), 30);
    respond_at(engine, request, 200, -1, 45);
    request = start(engine, 50, (ngrok_budget){30, INFINITY, 3});
    CHECK_NUMBER(pause_after(engine, request, -1, 50), 15);
}

/* It left before the refusal and says nothing of what would pass now. */
CASE(does_not_start_again_small_after_one_from_before_the_refusal) {
    ngrok_engine *engine = begin(16);
    ngrok_request *early = start(engine, 0, usual);
    ngrok_request *request = start(engine, 0, (ngrok_budget){30, INFINITY, 3});
    respond_at(engine, request, 429, -1, 1);
    respond_at(engine, early, 200, -1, 2);
    CHECK_NUMBER(sent_again_at(engine, request, 2), 16);
    CHECK_NUMBER(pause_after(engine, request, -1, 16), 30);
}

/* --- whom it concerns --------------------------------------------------------------------------
 */

CASE(holds_the_whole_client) {
    ngrok_engine *engine = begin(16);
    ngrok_request *first = start(engine, 0, usual);
    respond_at(engine, first, 429, 10, 1);
    ngrok_request *second = submit(engine, 2, usual);
    CHECK_INTEGER(second->state, NGROK_STATE_WAITING);
    CHECK(ngrok_engine_ready(engine, 10.9) == NULL);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 2), 11);
    CHECK(ngrok_engine_ready(engine, 11) == first);
    CHECK(ngrok_engine_ready(engine, 11) == second);
}

CASE(holds_the_other_engines_of_its_limiter) {
    ngrok_engine *engine = begin_limited(16, 100, 60);
    ngrok_engine *other = another_engine(16, (ngrok_limit){50, 60}, 2);
    ngrok_request *first = start(engine, 0, usual);
    ngrok_request *hopeless = submit_with(other, "GET", 0, (ngrok_budget){30, 5, 0});
    ngrok_request *patient = submit_with(other, "GET", 0, usual);
    respond_at(engine, first, 429, 10, 1);
    CHECK(ngrok_engine_ready(other, 2) == NULL);
    check_result(hopeless, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK(ngrok_engine_ready(other, 11) == patient);
    ngrok_engine_free(other);
}

/* With max_retries = 0 nothing is sent twice; the pause still counts. */
CASE(does_not_send_again_without_retries) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, (ngrok_budget){30, 90, 0});
    respond_at(engine, request, 429, 10, 1);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    CHECK_INTEGER(request->response.status, 429);
    CHECK_NUMBER(request->retry_after, 10);
    CHECK_NUMBER(ngrok_limiter_paused_until(limiter), 11);
}

/* --- what it is charged to ---------------------------------------------------------------------
 */

CASE(is_charged_to_max_wait) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, (ngrok_budget){30, 10, 3});
    CHECK_NUMBER(pause_after(engine, request, 4, 1), 4);
    CHECK_NUMBER(pause_after(engine, request, 5, 6), 5);
    respond_at(engine, request, 429, 2, 12); /* 1 s is left */
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    CHECK_INTEGER(request->response.status, 429);
    CHECK_INTEGER(request->attempts, 3);
    CHECK_NUMBER(request->retry_after, 2);
}

/* It would be admitted and overdue at the same moment. */
CASE(does_not_wait_in_vain_for_a_pause_that_ends_with_max_wait) {
    ngrok_engine *engine = begin(16);
    ngrok_request *refused = start(engine, 0, (ngrok_budget){30, 10, 3});
    ngrok_request *waiting = submit_with(engine, "GET", 0, (ngrok_budget){30, 11, 3});
    respond_at(engine, refused, 429, 10, 1);
    check_result(refused, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    check_result(waiting, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    ngrok_request *late = submit(engine, 4, (ngrok_budget){30, 7, 3});
    check_result(late, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}

CASE(is_not_charged_to_max_retries) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, (ngrok_budget){1000, 1000, 1});
    for (int i = 0; i < 20; i++) {
        CHECK_NUMBER(pause_after(engine, request, 3, i * 10), 3);
    }
    fail_at(engine, request, unsent, 200);
    CHECK_INTEGER(request->state, NGROK_STATE_BACKING_OFF); /* the one retry */
}

CASE(is_not_charged_to_the_timeout) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, (ngrok_budget){3, 1000, 3});
    CHECK_NUMBER(pause_after(engine, request, 60, 1), 60);
    CHECK_NUMBER(pause_after(engine, request, 60, 62), 60);
    /* Two seconds went by in flight. */
    CHECK_NUMBER(request->deadline, 122 + 1);
    CHECK(ngrok_engine_overdue(engine, 122.9, false) == NULL);
    CHECK(ngrok_engine_overdue(engine, 123, false) == request);
}

/* A host that was away reads the refusal when the time for a response is over. */
CASE(does_not_send_again_what_has_no_time_left) {
    ngrok_engine *engine = begin(16);
    ngrok_request *request = start(engine, 0, (ngrok_budget){3, 1000, 3});
    respond_at(engine, request, 429, 5, 4);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    CHECK_INTEGER(request->attempts, 1);
}

/* --- at once -----------------------------------------------------------------------------------
 */

CASE(ends_at_once_those_for_whom_it_is_too_long) {
    ngrok_engine *engine = begin_limited(1, 100, 60);
    ngrok_request *refused = start(engine, 0, usual);
    ngrok_request *waiting[3];
    static const double max_wait[3] = {90, INFINITY, 2000};
    for (int i = 0; i < 3; i++) {
        waiting[i] = submit(engine, 1, (ngrok_budget){30, max_wait[i], 3});
        CHECK_INTEGER(waiting[i]->state, NGROK_STATE_WAITING);
    }
    respond_at(engine, refused, 429, 999, 2);
    check_result(refused, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    check_result(waiting[0], NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_NUMBER(waiting[0]->retry_after, 999);
    CHECK_TEXT(waiting[0]->message, "not admitted within max_wait (90 s): the server asked for a "
                                    "pause (HTTP 429) that lasts another 999 s");
    CHECK_INTEGER(waiting[1]->state, NGROK_STATE_WAITING);
    CHECK_INTEGER(waiting[2]->state, NGROK_STATE_WAITING);
}

CASE(ends_at_once_those_that_come_later) {
    ngrok_engine *engine = begin(16);
    ngrok_request *refused = start(engine, 0, usual);
    respond_at(engine, refused, 429, 3600, 0);
    ngrok_request *late = submit(engine, 100, usual);
    check_result(late, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_NUMBER(late->retry_after, 3500);
    CHECK_INTEGER(late->attempts, 0);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 100), INFINITY);
}

/* One that waits for a pause is ended by a longer one, and reports its own refusal. */
CASE(ends_one_that_was_refused_with_its_refusal) {
    ngrok_engine *engine = begin(16);
    ngrok_request *first = start(engine, 0, usual), *second = start(engine, 0, usual);
    respond_at(engine, first, 429, 10, 1);
    CHECK_INTEGER(first->state, NGROK_STATE_WAITING);
    respond_at(engine, second, 429, 500, 2);
    for (int i = 0; i < 2; i++) {
        ngrok_request *request = i == 0 ? first : second;
        check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
        CHECK_INTEGER(request->response.status, 429);
        CHECK_INTEGER(request->attempts, 1);
    }
}

/* The other goes first, and nothing admits this one. */
CASE(ends_one_whose_max_wait_passes_meanwhile_with_its_refusal) {
    ngrok_engine *engine = begin(2);
    ngrok_request *older = start(engine, 0, usual);
    ngrok_request *request = start(engine, 0, (ngrok_budget){30, 5, 3});
    respond_at(engine, older, 429, 3, 1);
    respond_at(engine, request, 429, 3, 1);
    CHECK(ngrok_engine_ready(engine, 4) == older);
    respond_at(engine, older, 429, 1, 4);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    CHECK(ngrok_engine_ready(engine, 5) == older);
    CHECK(ngrok_engine_overdue(engine, 5.9, false) == NULL);
    CHECK(ngrok_engine_overdue(engine, 6, false) == NULL);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    CHECK_INTEGER(request->response.status, 429);
}
