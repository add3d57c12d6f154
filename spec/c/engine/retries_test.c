/* What is sent again, when, and what is said of a request that took several attempts; in virtual
 * time. */
#include "engine/retry.h"

#include "engine/fixture.h"

static const ngrok_budget usual = {30, 90, 3};

static ngrok_request *start(ngrok_engine *engine, const char *method, double now,
                            ngrok_budget budget) {
    ngrok_request *request = submit_with(engine, method, now, budget);
    CHECK(ngrok_engine_ready(engine, now) == request);
    return request;
}

/* As a driver does: those whose time is up first, then whatever can begin. */
static ngrok_request *step(ngrok_engine *engine, double now) {
    ngrok_request *request;
    while ((request = ngrok_engine_overdue(engine, now, false)) != NULL) {
        ngrok_engine_expire(engine, request, sent, now);
    }
    return ngrok_engine_ready(engine, now);
}

/* Seconds from now until a backing off request is sent again. */
static double backoff_of(const ngrok_request *request, double now) {
    CHECK_INTEGER(request->state, NGROK_STATE_BACKING_OFF);
    return request->deadline - now;
}

static double end_of_time(const ngrok_request *in_flight) {
    return in_flight->entered + in_flight->time_left;
}

/* --- how long ----------------------------------------------------------------------------------
 */

CASE(backs_off_by_chance_up_to_a_bound_that_doubles) {
    static const double bounds[] = {0.25, 0.5, 1, 2, 4, 8, 8, 8};
    for (unsigned i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        CHECK_NUMBER(ngrok_retry_backoff(i + 1, 0), 0);
        CHECK_NUMBER(ngrok_retry_backoff(i + 1, 0.5), bounds[i] / 2);
        CHECK_NUMBER(ngrok_retry_backoff(i + 1, 1), bounds[i]);
    }
    CHECK_NUMBER(ngrok_retry_backoff(4000000000U, 1), 8);
}

/* Full jitter: each tenth of the span has about its tenth of the back-offs. */
CASE(spreads_backoffs_over_the_whole_span) {
    enum { many = 10000, tenths = 10 };
    static const double bounds[] = {0.25, 0.5, 1};
    static int counts[3][tenths];
    ngrok_engine *engine = begin(1);
    for (int i = 0; i < many; i++) {
        double now = i * 100.0;
        ngrok_request *request = start(engine, "GET", now, usual);
        for (int retry = 0; retry < 3; retry++) {
            fail_at(engine, request, unsent, now);
            double share = backoff_of(request, now) / bounds[retry];
            CHECK(share >= 0 && share < 1);
            counts[retry][(int)(share * tenths) % tenths]++;
            now = request->deadline;
            CHECK(ngrok_engine_ready(engine, now) == request);
        }
        respond_at(engine, request, 200, -1, now);
        ngrok_engine_collect(engine, request);
    }
    for (int i = 0; i < 3 * tenths; i++) {
        int count = counts[i / tenths][i % tenths];
        CHECK(count > many / tenths * 8 / 10 && count < many / tenths * 12 / 10);
    }
}

CASE(engines_with_other_seeds_back_off_otherwise) {
    double backoffs[2];
    (void)begin(1);
    for (int i = 0; i < 2; i++) {
        ngrok_engine *engine = another_engine(1, (ngrok_limit){0, 60}, (uint64_t)i);
        ngrok_request *request = start(engine, "GET", 0, usual);
        fail_at(engine, request, unsent, 0);
        backoffs[i] = backoff_of(request, 0);
        ngrok_engine_free(engine);
    }
    CHECK(backoffs[0] < backoffs[1] || backoffs[0] > backoffs[1]);
}

CASE(backs_off_no_shorter_than_retry_after) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, 5, 1);
    CHECK_NUMBER(backoff_of(request, 1), 5);
    CHECK(ngrok_engine_ready(engine, 5.9) == NULL);
    CHECK(ngrok_engine_ready(engine, 6) == request);
    respond_at(engine, request, 503, 0, 7);
    CHECK(backoff_of(request, 7) < 0.5);
}

CASE(scales_backoffs_and_what_retry_after_asks_for) {
    static const int statuses[] = {503, 429};
    for (int i = 0; i < 2; i++) {
        ngrok_engine *engine = begin(1);
        ngrok_engine_scale_waits(engine, 0.25);
        ngrok_request *request = start(engine, "GET", 0, usual);
        respond_at(engine, request, statuses[i], 8, 1);
        CHECK_NUMBER(request->retry_after, 8);
        CHECK(ngrok_engine_ready(engine, 2.9) == NULL);
        CHECK(ngrok_engine_ready(engine, 3) == request);
        fail_at(engine, request, unsent, 3);
        CHECK(backoff_of(request, 3) < 0.25 * 0.5);
    }
}

/* It is this request's, not the whole client's as that of a 429. */
CASE(retry_after_of_a_5xx_holds_no_other_request) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, 5, 1);
    (void)start(engine, "GET", 1, usual);
}

CASE(forgets_retry_after_with_its_attempt) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, 5, 1);
    CHECK(ngrok_engine_ready(engine, 6) == request);
    fail_at(engine, request, sent, 7);
    CHECK(backoff_of(request, 7) < 0.5);
    CHECK(request->retry_after < 0);
    CHECK_INTEGER(request->response.status, 0);
}

/* --- one deadline ------------------------------------------------------------------------------
 */

CASE(never_backs_off_past_the_deadline) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, 20, 10);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK_NUMBER(request->retry_after, 20);
    request = start(engine, "GET", 100, usual);
    respond_at(engine, request, 503, 19.75, 110);
    CHECK_NUMBER(backoff_of(request, 110), 19.75);
}

CASE(begins_no_attempt_that_has_no_time) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, 1, 28.99);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    request = start(engine, "GET", 100, usual);
    respond_at(engine, request, 503, 1, 128.97);
    CHECK_NUMBER(backoff_of(request, 128.97), 1);
}

CASE(one_timeout_covers_all_attempts_and_backoffs) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, 4, 8);
    CHECK(step(engine, 12) == request);
    CHECK(fabs(end_of_time(request) - 30) < 1e-9);
    respond_at(engine, request, 503, 4, 20);
    CHECK(step(engine, 24) == request);
    CHECK(fabs(end_of_time(request) - 30) < 1e-9);
    CHECK(step(engine, 29.9) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT);
    CHECK(step(engine, 30) == NULL);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK_INTEGER(request->attempts, 3);
    CHECK(says(request, "timeout (30 s)"));
}

CASE(waiting_for_the_limits_again_is_not_charged_to_it) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    fail_at(engine, request, unsent, 2);
    ngrok_request *other = start(engine, "GET", 2, usual);
    double waited = backoff_of(request, 2);
    CHECK(step(engine, 2 + waited) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    respond_at(engine, other, 200, -1, 22);
    CHECK(step(engine, 22) == request);
    CHECK(fabs(end_of_time(request) - (22 + 30 - 2 - waited)) < 1e-9);
}

/* Both waits together. */
CASE(waits_before_the_first_and_later_attempts_share_max_wait) {
    ngrok_engine *engine = begin(1);
    ngrok_request *other = start(engine, "GET", 0, usual);
    ngrok_request *request = submit_with(engine, "GET", 0, (ngrok_budget){30, 10, 3});
    respond_at(engine, other, 200, -1, 8);
    CHECK(step(engine, 8) == request);
    fail_at(engine, request, sent, 9);
    (void)start(engine, "GET", 9, usual);
    double waited = backoff_of(request, 9);
    CHECK(step(engine, 9 + waited) == NULL);
    CHECK(step(engine, 9 + waited + 1.9) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    CHECK(step(engine, 9 + waited + 2) == NULL);
    /* What came of its attempt says more than that it waited. */
    check_result(request, NGROK_KIND_TRANSPORT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK_TEXT(request->message, "reset");
}

/* It need not wait. */
CASE(sends_again_where_max_wait_is_0) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, (ngrok_budget){30, 0, 3});
    fail_at(engine, request, sent, 1);
    CHECK(step(engine, request->deadline) == request);
    CHECK_INTEGER(request->attempts, 2);
    fail_at(engine, request, sent, 2);
    (void)start(engine, "GET", 2, usual);
    CHECK(step(engine, 4) == NULL); /* now it would have to */
    CHECK(ngrok_engine_deadline(engine, 4) <= 4);
    CHECK(step(engine, 4) == NULL);
    check_result(request, NGROK_KIND_TRANSPORT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
}

/* A host that was away: the response would not be read. */
CASE(sends_nothing_again_whose_time_ran_out_while_it_backed_off) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "PATCH", 0, usual);
    respond_at(engine, request, 503, 5, 1);
    CHECK(step(engine, 30) == NULL);
    check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK_INTEGER(request->response.status, 503);
    CHECK_INTEGER(request->attempts, 1);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 30), INFINITY);
}

CASE(those_that_return_at_the_same_time_go_in_their_order) {
    enum { some = 2000 };
    ngrok_engine *engine = begin(some);
    ngrok_request *requests[some];
    for (int i = 0; i < some; i++) {
        requests[i] = start(engine, "GET", 0, (ngrok_budget){1000, 1000, 3});
    }
    for (int i = 0; i < some; i++) {
        (void)submit_with(engine, "GET", 0, usual);
    }
    for (int i = 0; i < some; i++) {
        respond_at(engine, requests[(i * 7) % some], 503, 60, 0); /* not in order */
    }
    for (int i = 0; i < some; i++) {
        CHECK(ngrok_engine_ready(engine, 60) == requests[i]);
    }
}

/* --- how often ---------------------------------------------------------------------------------
 */

CASE(sends_again_max_retries_times) {
    static const unsigned most[] = {0, 1, 3, 10};
    for (int i = 0; i < 4; i++) {
        ngrok_engine *engine = begin(1);
        ngrok_request *request = start(engine, "GET", 0, (ngrok_budget){1000, 90, most[i]});
        check_about("max_retries %u", most[i]);
        double now = 0;
        for (unsigned retry = 0; retry < most[i]; retry++) {
            respond_at(engine, request, 503, -1, now);
            now = request->deadline;
            CHECK(step(engine, now) == request);
            CHECK_INTEGER(request->attempts, retry + 2);
        }
        respond_at(engine, request, 503, -1, now);
        check_result(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
        CHECK_INTEGER(request->attempts, most[i] + 1);
    }
}

CASE(judges_every_status) {
    static const char *const methods[] = {"POST", "GET", "PUT", "PATCH", "DELETE"};
    for (int i = 0; i < 5; i++) {
        for (int status = 100; status < 1000; status++) {
            bool again = i > 0 && status >= 500 && status < 600;
            check_about("%s %d", methods[i], status);
            CHECK_INTEGER(ngrok_retry_judge_response(methods[i], status),
                          status == 429 ? NGROK_VERDICT_PAUSE
                          : again       ? NGROK_VERDICT_BACK_OFF
                                        : NGROK_VERDICT_FINAL);
        }
    }
}

CASE(judges_every_failure) {
    static const char *const methods[] = {"POST", "GET", "PUT", "PATCH", "DELETE"};
    for (int i = 0; i < 20; i++) {
        bool was_sent = i & 1, permanent = i & 2;
        const char *method = methods[i / 4];
        bool again = !permanent && !(was_sent && i / 4 == 0);
        ngrok_failure failure = {.where = was_sent ? sent : unsent, .permanent = permanent};
        check_about("%s, sent %d, permanent %d", method, was_sent, permanent);
        CHECK_INTEGER(ngrok_retry_judge_failure(method, &failure),
                      again ? NGROK_VERDICT_BACK_OFF : NGROK_VERDICT_FINAL);
    }
}

/* --- what is said of several attempts ----------------------------------------------------------
 */

/* What happens to a request, a letter for each event:
 *
 *   u, s   an attempt breaks before, after it was sent     P, S   the same, permanently
 *   2 3 4 n 5   responses: 200, 301, 400, 404, 503           t, T   time-out before, after sending
 *   9   429 with a short pause      X   429 with one that is too long
 *   c   cancelled before it was sent again */
typedef struct history {
    const char *method, *events;
    unsigned attempts;
    ngrok_kind kind;
    ngrok_phase phase;
    ngrok_outcome outcome;
} history;

static int status_of(char event) {
    switch (event) {
    case '2':
        return 200;
    case '3':
        return 301;
    case '4':
        return 400;
    case 'n':
        return 404;
    case '5':
        return 503;
    default:
        return 429;
    }
}

static void happen(ngrok_engine *engine, ngrok_request *request, char event, double now) {
    if (event == 'c') {
        CHECK(ngrok_engine_cancel(engine, request, sent, "the request was cancelled", now));
        return;
    }
    if (!CHECK_INTEGER(request->state, NGROK_STATE_IN_FLIGHT)) {
        return;
    }
    if (strchr("usPS", event) != NULL) {
        ngrok_failure failure = {
            .where = event == 'u' || event == 'P' ? unsent : sent,
            .permanent = event == 'P' || event == 'S',
            .message = "reset",
        };
        ngrok_engine_fail(engine, request, &failure, now);
    } else if (event == 't' || event == 'T') {
        ngrok_engine_expire(engine, request, event == 't' ? unsent : sent, now);
    } else {
        double retry_after = event == '9' ? 2 : event == 'X' ? 500 : -1;
        respond_at(engine, request, status_of(event), retry_after, now);
    }
}

static void check_history(const history *given) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, given->method, 0, (ngrok_budget){100, 100, 3});
    check_about("%s %s", given->method, given->events);
    double now = 0;
    for (const char *event = given->events; *event != '\0'; event++) {
        if (event > given->events && *event != 'c') {
            now += 5; /* longer than any back-off */
            CHECK(step(engine, now) == request);
        }
        happen(engine, request, *event, now);
    }
    check_result(request, given->kind, given->phase, given->outcome);
    CHECK_INTEGER(request->attempts, given->attempts);
}

#define ANSWERED NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE
#define REJECTED NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED
#define UNKNOWN NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN
#define NOT_SENT NGROK_KIND_TRANSPORT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT
#define BROKEN NGROK_KIND_TRANSPORT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN
#define NOT_SENT_BUT_MAYBE NGROK_KIND_TRANSPORT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_UNKNOWN
#define LATE(phase, outcome) NGROK_KIND_TIMEOUT, NGROK_PHASE_##phase, NGROK_OUTCOME_##outcome
#define CANCELLED(outcome) NGROK_KIND_CANCELLED, NGROK_PHASE_WAIT, NGROK_OUTCOME_##outcome

static void check_histories(const history *all, size_t count) {
    for (size_t i = 0; i < count; i++) {
        check_history(&all[i]);
    }
}

#define CHECK_HISTORIES(all) check_histories(all, sizeof(all) / sizeof *(all))

CASE(all_but_post_are_repeated_after_any_passing_failure) {
    static const char *const methods[] = {"GET", "PUT", "PATCH", "DELETE"};
    for (int i = 0; i < 4; i++) {
        const char *method = methods[i];
        const history all[] = {
            {method, "2", 1, ANSWERED},      {method, "52", 2, ANSWERED},
            {method, "u2", 2, ANSWERED},     {method, "s2", 2, ANSWERED},
            {method, "92", 2, ANSWERED},     {method, "5us2", 4, ANSWERED},
            {method, "5555", 4, UNKNOWN},    {method, "uuuu", 4, NOT_SENT},
            {method, "ssss", 4, BROKEN},     {method, "99995us2", 8, ANSWERED},
            {method, "5955995", 7, UNKNOWN},
        };
        CHECK_HISTORIES(all);
    }
}

CASE(a_post_is_repeated_only_if_it_surely_was_not_acted_upon) {
    static const history all[] = {
        {"POST", "2", 1, ANSWERED},  {"POST", "5", 1, UNKNOWN},   {"POST", "s", 1, BROKEN},
        {"POST", "u2", 2, ANSWERED}, {"POST", "92", 2, ANSWERED}, {"POST", "uuuu", 4, NOT_SENT},
        {"POST", "u5", 2, UNKNOWN},  {"POST", "9s", 2, BROKEN},   {"POST", "9u9u9u2", 7, ANSWERED},
        {"POST", "us", 2, BROKEN},
    };
    CHECK_HISTORIES(all);
}

CASE(what_would_fail_the_same_way_again_is_not_repeated) {
    static const history all[] = {
        {"GET", "3", 1, REJECTED},   {"GET", "4", 1, REJECTED},    {"GET", "n", 1, REJECTED},
        {"GET", "P", 1, NOT_SENT},   {"GET", "S", 1, BROKEN},      {"POST", "P", 1, NOT_SENT},
        {"PATCH", "S", 1, BROKEN},   {"DELETE", "P", 1, NOT_SENT}, {"GET", "uP", 2, NOT_SENT},
        {"POST", "u4", 2, REJECTED},
    };
    CHECK_HISTORIES(all);
}

CASE(a_delete_that_finds_it_gone_after_one_that_may_have_arrived_did_it) {
    static const history all[] = {
        {"DELETE", "5n", 2, ANSWERED},  {"DELETE", "sn", 2, ANSWERED},
        {"DELETE", "59n", 3, ANSWERED}, {"DELETE", "5un", 3, ANSWERED},
        {"DELETE", "n", 1, REJECTED},   {"DELETE", "un", 2, REJECTED},
        {"DELETE", "9n", 2, REJECTED},  {"DELETE", "u9n", 3, REJECTED},
    };
    CHECK_HISTORIES(all);
}

/* The refusal may be for what the earlier attempt did: a name that it has taken, say. A GET does
 * nothing. */
CASE(a_refusal_says_nothing_of_an_earlier_attempt_that_may_have_arrived) {
    static const history all[] = {
        {"PATCH", "54", 2, UNKNOWN},   {"PATCH", "s4", 2, UNKNOWN},   {"PATCH", "5n", 2, UNKNOWN},
        {"PATCH", "s3", 2, UNKNOWN},   {"PATCH", "5X", 2, UNKNOWN},   {"PATCH", "5u4", 3, UNKNOWN},
        {"PATCH", "594", 3, UNKNOWN},  {"DELETE", "54", 2, UNKNOWN},  {"DELETE", "s3", 2, UNKNOWN},
        {"DELETE", "s9X", 3, UNKNOWN}, {"PATCH", "u4", 2, REJECTED},  {"PATCH", "94", 2, REJECTED},
        {"DELETE", "u3", 2, REJECTED}, {"DELETE", "94", 2, REJECTED}, {"GET", "54", 2, REJECTED},
        {"GET", "sn", 2, REJECTED},    {"GET", "5X", 2, REJECTED},
    };
    CHECK_HISTORIES(all);
}

CASE(what_is_unknown_stays_so_until_a_response_tells) {
    static const history all[] = {
        {"PATCH", "suuu", 4, NOT_SENT_BUT_MAYBE},
        {"PATCH", "5uuu", 4, NOT_SENT_BUT_MAYBE},
        {"PATCH", "5P", 2, NOT_SENT_BUT_MAYBE},
        {"PATCH", "X", 1, REJECTED},
        {"PATCH", "uX", 2, REJECTED},
        {"POST", "9X", 2, REJECTED},
        {"GET", "5t", 2, LATE(CONNECT, UNKNOWN)},
        {"GET", "ut", 2, LATE(CONNECT, NOT_SENT)},
        {"GET", "9t", 2, LATE(CONNECT, NOT_SENT)},
        {"GET", "uT", 2, LATE(RECEIVE, UNKNOWN)},
        {"POST", "T", 1, LATE(RECEIVE, UNKNOWN)},
    };
    CHECK_HISTORIES(all);
}

CASE(cancelled_between_attempts_it_tells_of_those_before) {
    static const history all[] = {
        {"PATCH", "5c", 1, CANCELLED(UNKNOWN)},  {"PATCH", "sc", 1, CANCELLED(UNKNOWN)},
        {"PATCH", "uc", 1, CANCELLED(NOT_SENT)}, {"PATCH", "9c", 1, CANCELLED(NOT_SENT)},
        {"PATCH", "59c", 2, CANCELLED(UNKNOWN)}, {"POST", "uc", 1, CANCELLED(NOT_SENT)},
        {"PATCH", "5uc", 2, CANCELLED(UNKNOWN)},
    };
    CHECK_HISTORIES(all);
}

CASE(cancelling_while_it_backs_off_forgets_the_response) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, 5, 1);
    CHECK(ngrok_engine_unfinished(engine) == request);
    CHECK(ngrok_engine_cancel(engine, request, sent, "the request was cancelled", 2));
    CHECK_INTEGER(request->response.status, 0);
    CHECK(request->response.body == NULL);
    CHECK(request->retry_after < 0);
    CHECK_TEXT(request->message, "the request was cancelled");
    CHECK(ngrok_engine_unfinished(engine) == NULL);
    CHECK_NUMBER(ngrok_engine_deadline(engine, 2), INFINITY);
    CHECK(step(engine, 100) == NULL);
}

/* A sanitizer sees what is left. */
CASE(an_engine_is_freed_with_requests_at_rest) {
    ngrok_engine *engine = begin(4);
    for (size_t i = 0; i < 4; i++) {
        ngrok_request *request = start(engine, "GET", 0, usual);
        respond_at(engine, request, 503, 5, 1);
        CHECK_INTEGER(ngrok_engine_pending(engine), i + 1);
    }
}

/* --- among others ------------------------------------------------------------------------------
 */

CASE(one_at_rest_holds_no_place_in_flight) {
    ngrok_engine *engine = begin(1);
    ngrok_request *first = start(engine, "GET", 0, usual);
    respond_at(engine, first, 503, 5, 1);
    ngrok_request *second = start(engine, "GET", 1, usual);
    CHECK(step(engine, 6) == NULL);
    respond_at(engine, second, 200, -1, 7);
    CHECK(step(engine, 7) == first);
}

CASE(older_requests_go_first_however_often_they_were_sent) {
    ngrok_engine *engine = begin(3);
    ngrok_request *all[6];
    for (int i = 0; i < 3; i++) {
        all[i] = start(engine, "GET", 0, usual);
    }
    for (int i = 3; i < 6; i++) {
        all[i] = submit_with(engine, "GET", 0, usual);
    }
    static const int order_of_failure[] = {2, 0, 1};
    for (int i = 0; i < 3; i++) {
        fail_at(engine, all[order_of_failure[i]], sent, 1);
    }
    for (int i = 0; i < 3; i++) { /* all back-offs end before the next look */
        CHECK(ngrok_engine_ready(engine, 2) == all[i]);
    }
    CHECK(ngrok_engine_ready(engine, 2) == NULL);
    respond_at(engine, all[1], 503, -1, 2);
    CHECK(ngrok_engine_ready(engine, 2) == all[3]);
    respond_at(engine, all[0], 200, -1, 3);
    CHECK(ngrok_engine_ready(engine, 3) == all[1]);
}

CASE(every_attempt_takes_a_place_of_the_limit) {
    ngrok_engine *engine = begin_limited(16, 2, 60);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, -1, 0);
    CHECK(step(engine, 1) == request);
    respond_at(engine, request, 503, -1, 2);
    CHECK(step(engine, 3) == NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    CHECK(step(engine, 60.07) == request);
}

/* --- the trace ---------------------------------------------------------------------------------
 */

static void check_event(ngrok_engine *engine, ngrok_event_type type, unsigned attempt,
                        ngrok_reason reason, int status) {
    const ngrok_event *event = ngrok_trace_oldest(ngrok_engine_trace(engine));
    if (!CHECK(event != NULL)) {
        return;
    }
    CHECK_INTEGER(event->type, type);
    CHECK_INTEGER(event->request, 1);
    CHECK_INTEGER(event->attempt, attempt);
    CHECK_INTEGER(event->reason, reason);
    CHECK_INTEGER(event->response.status, status);
    ngrok_trace_drop_oldest(ngrok_engine_trace(engine));
}

static double next_seconds(ngrok_engine *engine) {
    const ngrok_event *event = ngrok_trace_oldest(ngrok_engine_trace(engine));
    return event != NULL ? event->seconds : NAN;
}

CASE(records_what_happens_in_order) {
    ngrok_engine *engine = begin(1);
    ngrok_engine_trace(engine)->on = true;
    ngrok_request *request = start(engine, "PATCH", 0, usual);
    respond_at(engine, request, 503, 4, 1);
    CHECK(step(engine, 5) == request);
    respond_at(engine, request, 429, 7, 6);
    CHECK(step(engine, 13) == request);
    fail_at(engine, request, sent, 14);
    CHECK(step(engine, 16) == request);
    respond_at(engine, request, 404, -1, 17);
    check_event(engine, NGROK_EVENT_SUBMITTED, 0, NGROK_REASON_NONE, 0);
    CHECK_NUMBER(next_seconds(engine), 0);
    check_event(engine, NGROK_EVENT_ATTEMPT, 1, NGROK_REASON_NONE, 0);
    CHECK_NUMBER(next_seconds(engine), 4);
    check_event(engine, NGROK_EVENT_RETRY, 1, NGROK_REASON_BACKOFF, 503);
    check_event(engine, NGROK_EVENT_ATTEMPT, 2, NGROK_REASON_NONE, 0);
    CHECK_NUMBER(next_seconds(engine), 7);
    check_event(engine, NGROK_EVENT_RETRY, 2, NGROK_REASON_PAUSE, 429);
    CHECK_NUMBER(next_seconds(engine), 7);
    check_event(engine, NGROK_EVENT_ATTEMPT, 3, NGROK_REASON_NONE, 0);
    check_event(engine, NGROK_EVENT_RETRY, 3, NGROK_REASON_BACKOFF, 0);
    check_event(engine, NGROK_EVENT_ATTEMPT, 4, NGROK_REASON_NONE, 0);
    CHECK_NUMBER(next_seconds(engine), 17); /* all of it, from the call to its end */
    check_event(engine, NGROK_EVENT_DONE, 4, NGROK_REASON_NONE, 404);
    CHECK(ngrok_trace_oldest(ngrok_engine_trace(engine)) == NULL);
}

CASE(records_why_one_waits) {
    ngrok_engine *engine = begin_limited(1, 1, 60);
    (void)start(engine, "GET", 0, usual);
    ngrok_engine_trace(engine)->on = true;
    ngrok_request *second = submit_with(engine, "GET", 0, usual);
    ngrok_engine_queue(engine, second, 0);
    ngrok_trace_drop_oldest(ngrok_engine_trace(engine));
    const ngrok_event *event = ngrok_trace_oldest(ngrok_engine_trace(engine));
    CHECK(event != NULL && event->type == NGROK_EVENT_WAITING);
    CHECK(event != NULL && event->reason == NGROK_REASON_RATE_LIMIT);
    CHECK(event != NULL && event->request == second->id);
}

CASE(records_nothing_until_it_is_switched_on) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, "GET", 0, usual);
    respond_at(engine, request, 503, -1, 1);
    CHECK(ngrok_trace_oldest(ngrok_engine_trace(engine)) == NULL);
}
