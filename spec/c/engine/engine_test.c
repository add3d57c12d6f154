/* The engine in virtual time: hours of requests pass in milliseconds, and nothing sleeps. */
#include "engine/fixture.h"

#include "chance.h"

static ngrok_request *submit(ngrok_engine *engine, double now, double timeout, double max_wait) {
    return submit_with(engine, "GET", now, (ngrok_budget){timeout, max_wait, 0});
}

static ngrok_request *submit_any(ngrok_engine *engine) {
    return submit(engine, 0, 30, 90);
}

static ngrok_request *start(ngrok_engine *engine, double timeout) {
    ngrok_request *request = submit(engine, 0, timeout, 90);
    CHECK(ngrok_engine_ready(engine, 0) == request);
    return request;
}

static ngrok_request *start_any(ngrok_engine *engine) {
    return start(engine, 30);
}

static void respond(ngrok_engine *engine, ngrok_request *request, int status) {
    respond_at(engine, request, status, -1, 0);
}

static void fail(ngrok_engine *engine, ngrok_request *request, ngrok_progress where, bool timed_out,
                 const char *message) {
    ngrok_failure failure = {.where = where, .timed_out = timed_out, .message = message};
    ngrok_engine_fail(engine, request, &failure, 0);
}

static void expire(ngrok_engine *engine, ngrok_request *request, ngrok_progress where) {
    ngrok_engine_expire(engine, request, where, 0);
}

static bool cancel(ngrok_engine *engine, ngrok_request *request, ngrok_progress where) {
    return ngrok_engine_cancel(engine, request, where, "the request was cancelled", 0);
}

/* When to look for overdue requests: whatever can begin, in the infinite future it has begun. */
static double expiry(const ngrok_engine *engine) {
    return ngrok_engine_deadline(engine, INFINITY);
}

static bool has_ready(const ngrok_engine *engine) {
    return ngrok_engine_deadline(engine, 0) <= 0;
}

/* --- requests -------------------------------------------------------------------------------- */

CASE(a_request_copies_its_target_and_body) {
    char target[] = "/credentials/cr_1", body[] = "{\"a\":1}";
    ngrok_request *request =
        keep(ngrok_request_new("PATCH", target, body, 7, (ngrok_budget){30, 90, 0}));
    memset(target, 'x', sizeof target - 1);
    memset(body, 'x', sizeof body - 1);
    CHECK_TEXT(request->attempt.method, "PATCH");
    CHECK_TEXT(request->attempt.target, "/credentials/cr_1");
    CHECK_TEXT(request->attempt.body, "{\"a\":1}");
    CHECK_INTEGER(request->attempt.body_length, 7);
    CHECK_NUMBER(request->budget.timeout, 30);
    CHECK_NUMBER(request->budget.max_wait, 90);
}

static ngrok_request *new_request(const char *method, const char *body) {
    return keep(ngrok_request_new(method, "/", body, 0, (ngrok_budget){30, 90, 0}));
}

CASE(a_request_tells_no_body_from_an_empty_one) {
    CHECK(new_request("DELETE", NULL)->attempt.body == NULL);
    CHECK_TEXT(new_request("POST", "")->attempt.body, "");
}

CASE(a_request_begins_blank) {
    const ngrok_request *request = new_request("GET", NULL);
    CHECK_INTEGER(request->state, NGROK_STATE_NEW);
    CHECK_INTEGER(request->id, 0);
    CHECK_INTEGER(request->kind, NGROK_KIND_NONE);
    CHECK_INTEGER(request->outcome, NGROK_OUTCOME_NONE);
    CHECK_INTEGER(request->attempts, 0);
    CHECK(request->message == NULL);
    CHECK(request->response.body == NULL);
    CHECK(request->attempt.transfer == NULL);
    CHECK((const void *)&request->attempt == (const void *)request); /* as transports rely on */
}

CASE(a_request_lives_until_its_last_release) {
    ngrok_request *request = new_request("GET", NULL);
    ngrok_request_retain(request);
    ngrok_request_retain(request);
    ngrok_request_release(request);
    ngrok_request_release(request);
    CHECK_TEXT(request->attempt.target, "/");
}

/* --- admission ------------------------------------------------------------------------------- */

CASE(ids_count_from_1_in_order_of_submission) {
    ngrok_engine *engine = begin(2);
    for (uint64_t id = 1; id <= 20; id++) {
        ngrok_request *request = submit_any(engine);
        CHECK_INTEGER(request->id, id);
    }
}

CASE(ids_are_not_used_again) {
    ngrok_engine *engine = begin(1);
    for (uint64_t id = 1; id <= 3; id++) {
        ngrok_request *request = start_any(engine);
        CHECK_INTEGER(request->id, id);
        respond(engine, request, 200);
        ngrok_engine_collect(engine, request);
    }
}

CASE(admits_first_in_first_out) {
    ngrok_engine *engine = begin(10);
    for (int i = 0; i < 10; i++) {
        (void)submit_any(engine);
    }
    for (uint64_t id = 1; id <= 10; id++) {
        ngrok_request *request = ngrok_engine_ready(engine, 0);
        CHECK(request != NULL && request->id == id);
    }
    CHECK(ngrok_engine_ready(engine, 0) == NULL);
}

CASE(keeps_the_order_when_one_in_the_middle_leaves) {
    ngrok_engine *engine = begin(10);
    ngrok_request *requests[4];
    for (int i = 0; i < 4; i++) {
        requests[i] = submit_any(engine);
    }
    CHECK(cancel(engine, requests[1], unsent));
    CHECK(cancel(engine, requests[3], unsent));
    CHECK(ngrok_engine_ready(engine, 0) == requests[0]);
    CHECK(ngrok_engine_ready(engine, 0) == requests[2]);
    CHECK(ngrok_engine_ready(engine, 0) == NULL);
}

CASE(admits_no_more_than_the_cap) {
    ngrok_engine *engine = begin(3);
    for (int i = 0; i < 5; i++) {
        (void)submit_any(engine);
    }
    for (int i = 0; i < 3; i++) {
        CHECK(has_ready(engine));
        CHECK(ngrok_engine_ready(engine, 0) != NULL);
    }
    CHECK(!has_ready(engine));
    CHECK(ngrok_engine_ready(engine, 0) == NULL);
}

CASE(admits_nothing_when_nothing_waits) {
    ngrok_engine *engine = begin(3);
    CHECK(!has_ready(engine));
    CHECK(ngrok_engine_ready(engine, 0) == NULL);
}

CASE(every_end_makes_room_for_the_next) {
    ngrok_engine *engine = begin(1);
    for (int way = 0; way < 4; way++) {
        ngrok_request *first = start_any(engine), *second = submit_any(engine);
        check_about("way %d", way);
        CHECK(!has_ready(engine));
        if (way == 0) {
            respond(engine, first, 200);
        } else if (way == 1) {
            fail(engine, first, sent, false, "reset");
        } else if (way == 2) {
            expire(engine, first, sent);
        } else {
            CHECK(cancel(engine, first, sent));
        }
        CHECK(has_ready(engine));
        CHECK(ngrok_engine_ready(engine, 0) == second);
        respond(engine, second, 200);
    }
}

CASE(counts_an_attempt_when_it_begins) {
    ngrok_engine *engine = begin(1);
    ngrok_request *first = submit_any(engine), *second = submit_any(engine);
    CHECK_INTEGER(first->attempts, 0);
    (void)ngrok_engine_ready(engine, 0);
    CHECK_INTEGER(first->attempts, 1);
    CHECK(cancel(engine, second, unsent));
    CHECK_INTEGER(second->attempts, 0);
}

/* --- responses and failures --------------------------------------------------------------------
 */

static void check_status(int status, ngrok_kind kind, ngrok_outcome outcome) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_any(engine);
    check_about("status %d", status);
    respond(engine, request, status);
    check_result(request, kind, NGROK_PHASE_RECEIVE, outcome);
    CHECK_INTEGER(request->response.status, status);
    CHECK_TEXT(request->response.body, "{}");
    CHECK_INTEGER(request->response.body_length, 2);
    CHECK_TEXT(request->response.operation_id, "op_1");
    CHECK(request->message == NULL);
}

CASE(a_status_says_what_became_of_the_request) {
    static const struct {
        ngrok_kind kind;
        ngrok_outcome outcome;
        int statuses[8]; /* up to a 1 */
    } classes[] = {
        {NGROK_KIND_NONE, NGROK_OUTCOME_NONE, {200, 201, 204, 299, 1}},
        {NGROK_KIND_API, NGROK_OUTCOME_REJECTED, {300, 301, 399, 400, 404, 429, 499, 1}},
        {NGROK_KIND_API, NGROK_OUTCOME_UNKNOWN, {500, 503, 599, 1}},
        {NGROK_KIND_API, NGROK_OUTCOME_UNKNOWN, {100, 199, 600, 999, 0, -1, 1}}, /* of no class */
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        for (const int *status = classes[i].statuses; *status != 1; status++) {
            check_status(*status, classes[i].kind, classes[i].outcome);
        }
    }
}

static void check_failure(ngrok_progress where, bool timed_out, ngrok_kind kind,
                          ngrok_outcome outcome) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start_any(engine);
    char message[] = "what broke";
    request->attempt.transfer = message;
    fail(engine, request, where, timed_out, message);
    memset(message, 'x', sizeof message - 1);
    check_result(request, kind, where.phase, outcome);
    CHECK_TEXT(request->message, "what broke");
}

CASE(a_failure_says_whether_the_request_may_have_arrived) {
    static const ngrok_progress before[] = {
        {NGROK_PHASE_RESOLVE, false}, {NGROK_PHASE_CONNECT, false}, {NGROK_PHASE_TLS, false}};
    static const ngrok_progress after[] = {{NGROK_PHASE_SEND, true}, {NGROK_PHASE_RECEIVE, true}};
    for (int i = 0; i < 3; i++) {
        check_failure(before[i], false, NGROK_KIND_TRANSPORT, NGROK_OUTCOME_NOT_SENT);
        check_failure(before[i], true, NGROK_KIND_TIMEOUT, NGROK_OUTCOME_NOT_SENT);
    }
    for (int i = 0; i < 2; i++) {
        check_failure(after[i], false, NGROK_KIND_TRANSPORT, NGROK_OUTCOME_UNKNOWN);
        check_failure(after[i], true, NGROK_KIND_TIMEOUT, NGROK_OUTCOME_UNKNOWN);
    }
}

/* --- what comes too late --------------------------------------------------------------------- */

/* Every late word to a request whose state may not change by it. */
static void check_unchanged(ngrok_engine *engine, ngrok_request *request) {
    ngrok_request before = *request;
    size_t pending = ngrok_engine_pending(engine);
    const char *message = request->message;
    respond(engine, request, 500);
    fail(engine, request, sent, true, "late");
    expire(engine, request, sent);
    CHECK(!cancel(engine, request, sent));
    CHECK_INTEGER(request->state, before.state);
    CHECK_INTEGER(request->kind, before.kind);
    CHECK_INTEGER(request->phase, before.phase);
    CHECK_INTEGER(request->outcome, before.outcome);
    CHECK_INTEGER(request->response.status, before.response.status);
    CHECK(request->response.body == before.response.body);
    CHECK(request->message == message);
    CHECK_INTEGER(request->references, before.references);
    CHECK_INTEGER(ngrok_engine_pending(engine), pending);
}

CASE(nothing_changes_a_completed_request) {
    ngrok_engine *engine = begin(4);
    ngrok_request *answered = start_any(engine), *failed = start_any(engine);
    ngrok_request *expired = start_any(engine), *cancelled = start_any(engine);
    respond(engine, answered, 201);
    fail(engine, failed, unsent, false, "refused");
    expire(engine, expired, unsent);
    CHECK(cancel(engine, cancelled, unsent));
    check_unchanged(engine, answered);
    check_unchanged(engine, failed);
    check_unchanged(engine, expired);
    check_unchanged(engine, cancelled);
}

CASE(nothing_changes_a_collected_request) {
    ngrok_engine *engine = begin(4);
    ngrok_request *request = start_any(engine);
    respond(engine, request, 201);
    ngrok_engine_collect(engine, request);
    check_unchanged(engine, request);
}

CASE(nothing_changes_a_request_that_was_never_submitted) {
    ngrok_engine *engine = begin(4);
    ngrok_request *request = new_request("GET", NULL);
    check_unchanged(engine, request);
}

CASE(a_waiting_request_hears_no_response_and_no_failure) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = submit_any(engine);
    respond(engine, request, 200);
    fail(engine, request, sent, false, "reset");
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    CHECK(request->response.body == NULL && request->message == NULL);
    CHECK(ngrok_engine_ready(engine, 0) == request);
}

/* --- cancelling ------------------------------------------------------------------------------ */

CASE(cancels_a_waiting_request_as_not_sent) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = submit_any(engine);
    CHECK(cancel(engine, request, sent)); /* where it stands is known better */
    check_result(request, NGROK_KIND_CANCELLED, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK(says(request, "cancelled"));
    CHECK(!has_ready(engine));
}

CASE(cancels_a_request_in_flight_in_its_phase) {
    ngrok_engine *engine = begin(2);
    ngrok_request *early = start_any(engine), *late = start_any(engine);
    CHECK(cancel(engine, early, (ngrok_progress){NGROK_PHASE_RESOLVE, false}));
    check_result(early, NGROK_KIND_CANCELLED, NGROK_PHASE_RESOLVE, NGROK_OUTCOME_NOT_SENT);
    CHECK(cancel(engine, late, (ngrok_progress){NGROK_PHASE_SEND, true}));
    check_result(late, NGROK_KIND_CANCELLED, NGROK_PHASE_SEND, NGROK_OUTCOME_UNKNOWN);
}

/* --- time ------------------------------------------------------------------------------------ */

CASE(waits_for_admission_no_longer_than_max_wait) {
    ngrok_engine *engine = begin(1);
    ngrok_request *first = submit(engine, 100, 1000, 1000);
    ngrok_request *second = submit(engine, 100, 1000, 5);
    CHECK(ngrok_engine_ready(engine, 100) == first);
    CHECK_NUMBER(expiry(engine), 105);
    CHECK(ngrok_engine_overdue(engine, 104.999, false) == NULL);
    CHECK(ngrok_engine_overdue(engine, 105, false) == NULL); /* no transport has it */
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK(says(second, "max_wait"));
    CHECK_INTEGER(second->attempts, 0);
}

CASE(max_wait_0_is_overdue_at_once_unless_admitted) {
    ngrok_engine *engine = begin(1);
    ngrok_request *first = submit(engine, 7, 10, 0);
    CHECK(ngrok_engine_ready(engine, 7) == first);
    CHECK(ngrok_engine_overdue(engine, 7, false) == NULL);
    ngrok_request *second = submit(engine, 7, 10, 0);
    CHECK(expiry(engine) <= 7);
    CHECK(ngrok_engine_overdue(engine, 7, false) == NULL);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}

CASE(endless_max_wait_and_timeout_are_never_overdue) {
    ngrok_engine *engine = begin(1);
    ngrok_request *first = submit(engine, 0, INFINITY, INFINITY);
    (void)submit(engine, 0, INFINITY, INFINITY);
    CHECK(ngrok_engine_ready(engine, 0) == first);
    CHECK_NUMBER(expiry(engine), INFINITY);
    CHECK(ngrok_engine_overdue(engine, 1e12, false) == NULL);
}

CASE(counts_the_timeout_from_admission) {
    ngrok_engine *engine = begin(1);
    ngrok_request *first = submit(engine, 0, 30, 90);
    ngrok_request *second = submit(engine, 0, 30, 90);
    CHECK(ngrok_engine_ready(engine, 0) == first);
    respond(engine, first, 200);
    CHECK(ngrok_engine_ready(engine, 80) == second);
    CHECK(ngrok_engine_overdue(engine, 90, false) == NULL);
    CHECK(ngrok_engine_overdue(engine, 109.999, false) == NULL);
    CHECK(ngrok_engine_overdue(engine, 110, false) == second);
}

CASE(times_a_request_in_flight_out_in_its_phase) {
    ngrok_engine *engine = begin(2);
    ngrok_request *early = submit(engine, 0, 30, 90), *late = submit(engine, 0, 30, 90);
    (void)ngrok_engine_ready(engine, 0);
    (void)ngrok_engine_ready(engine, 0);
    CHECK(ngrok_engine_overdue(engine, 30, false) == early);
    expire(engine, early, unsent);
    check_result(early, NGROK_KIND_TIMEOUT, NGROK_PHASE_CONNECT, NGROK_OUTCOME_NOT_SENT);
    CHECK(says(early, "timeout (30 s)"));
    CHECK(ngrok_engine_overdue(engine, 30, false) == late);
    expire(engine, late, sent);
    check_result(late, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    CHECK(ngrok_engine_overdue(engine, 30, false) == NULL);
}

CASE(a_response_before_the_look_wins_however_late) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, 30);
    respond(engine, request, 201);
    CHECK(ngrok_engine_overdue(engine, 1000, false) == NULL);
    check_result(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
}

CASE(one_in_flight_is_overdue_before_those_that_wait) {
    ngrok_engine *engine = begin(1);
    ngrok_request *in_flight = start(engine, 5);
    ngrok_request *waiting = submit(engine, 0, 30, 5);
    CHECK(ngrok_engine_overdue(engine, 5, false) == in_flight);
    CHECK_INTEGER(waiting->state, NGROK_STATE_WAITING);
    expire(engine, in_flight, sent);
    CHECK(ngrok_engine_overdue(engine, 5, false) == NULL);
    CHECK_INTEGER(waiting->kind, NGROK_KIND_TIMEOUT);
}

/* --- sparing what is overdue in a busy step
 * ---------------------------------------------------------------- */

CASE(spares_an_overdue_request_for_a_moment_of_progress) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, 10);
    CHECK(ngrok_engine_overdue(engine, 10, true) == NULL);
    CHECK(ngrok_engine_overdue(engine, 10.125, true) == NULL);
    CHECK(ngrok_engine_overdue(engine, 10.21875, true) == NULL);
    CHECK(ngrok_engine_overdue(engine, 10.25, true) == request);
    CHECK(ngrok_engine_overdue(engine, 12, true) == request);
}

CASE(counts_the_sparing_from_the_first_look) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, 10);
    CHECK(ngrok_engine_overdue(engine, 500, true) == NULL);
    CHECK(ngrok_engine_overdue(engine, 500.21875, true) == NULL);
    CHECK(ngrok_engine_overdue(engine, 500.25, true) == request);
}

CASE(spares_no_longer_than_progress_lasts) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, 10);
    CHECK(ngrok_engine_overdue(engine, 10, true) == NULL);
    CHECK(ngrok_engine_overdue(engine, 10.125, false) == request);
}

CASE(spares_no_waiting_request) {
    ngrok_engine *engine = begin(1);
    (void)start(engine, 10);
    ngrok_request *second = submit(engine, 0, 10, 5);
    CHECK(ngrok_engine_overdue(engine, 5, true) == NULL);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
}

CASE(takes_a_response_while_it_spares) {
    ngrok_engine *engine = begin(1);
    ngrok_request *request = start(engine, 10);
    CHECK(ngrok_engine_overdue(engine, 100, true) == NULL);
    respond(engine, request, 201);
    CHECK(ngrok_engine_overdue(engine, 200, true) == NULL);
    check_result(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
}

CASE(wants_to_be_looked_at_again_while_it_spares) {
    ngrok_engine *engine = begin(2);
    (void)start(engine, 10);
    (void)start(engine, 500);
    CHECK(ngrok_engine_overdue(engine, 10, true) == NULL);
    CHECK(expiry(engine) <= 10);
    CHECK(ngrok_engine_overdue(engine, 10.125, true) == NULL);
    CHECK(expiry(engine) <= 10.125);
}

/* --- the deadline ---------------------------------------------------------------------------- */

CASE(has_no_deadline_when_idle) {
    ngrok_engine *engine = begin(2);
    CHECK_NUMBER(expiry(engine), INFINITY);
    ngrok_request *first = submit(engine, 0, 30, 90), *second = submit(engine, 0, 30, 90);
    CHECK(ngrok_engine_ready(engine, 0) == first);
    CHECK(isfinite(expiry(engine)));
    respond(engine, first, 200);
    CHECK(isfinite(expiry(engine)));
    CHECK(cancel(engine, second, unsent));
    CHECK_NUMBER(expiry(engine), INFINITY);
}

CASE(makes_its_deadline_true_when_it_has_passed) {
    ngrok_engine *engine = begin(2);
    ngrok_request *first = start(engine, 10);
    (void)start(engine, 50);
    respond(engine, first, 200);
    CHECK(ngrok_engine_overdue(engine, 10, false) == NULL);
    CHECK_NUMBER(expiry(engine), 50);
}

/* --- collecting and counting ----------------------------------------------------------------- */

CASE(collects_in_order_of_completion) {
    ngrok_engine *engine = begin(3);
    ngrok_request *requests[3];
    for (int i = 0; i < 3; i++) {
        requests[i] = start_any(engine);
    }
    static const int order[] = {2, 0, 1};
    CHECK(ngrok_engine_completed(engine) == NULL);
    for (int i = 0; i < 3; i++) {
        respond(engine, requests[order[i]], 200);
    }
    for (int i = 0; i < 3; i++) {
        CHECK(ngrok_engine_completed(engine) == requests[order[i]]);
        ngrok_engine_collect(engine, requests[order[i]]);
    }
    CHECK(ngrok_engine_completed(engine) == NULL);
}

CASE(collects_from_the_middle) {
    ngrok_engine *engine = begin(3);
    ngrok_request *requests[3];
    for (int i = 0; i < 3; i++) {
        requests[i] = start_any(engine);
        respond(engine, requests[i], 200);
    }
    ngrok_engine_collect(engine, requests[1]);
    CHECK(ngrok_engine_completed(engine) == requests[0]);
    ngrok_engine_collect(engine, requests[0]);
    CHECK(ngrok_engine_completed(engine) == requests[2]);
}

CASE(a_collected_request_keeps_its_result) {
    ngrok_engine *engine = begin(3);
    ngrok_request *request = start_any(engine);
    respond(engine, request, 200);
    CHECK_INTEGER(request->references, 2);
    ngrok_engine_collect(engine, request);
    CHECK_INTEGER(request->references, 1);
    CHECK_INTEGER(request->state, NGROK_STATE_COLLECTED);
    end_engine();
    CHECK_INTEGER(request->response.status, 200);
    CHECK_TEXT(request->response.body, "{}");
}

CASE(counts_what_was_submitted_and_not_collected) {
    ngrok_engine *engine = begin(1);
    CHECK_INTEGER(ngrok_engine_pending(engine), 0);
    ngrok_request *first = submit_any(engine), *second = submit_any(engine);
    CHECK_INTEGER(ngrok_engine_pending(engine), 2);
    (void)ngrok_engine_ready(engine, 0);
    CHECK_INTEGER(ngrok_engine_pending(engine), 2);
    respond(engine, first, 200);
    CHECK(cancel(engine, second, unsent));
    CHECK_INTEGER(ngrok_engine_pending(engine), 2);
    ngrok_engine_collect(engine, first);
    CHECK_INTEGER(ngrok_engine_pending(engine), 1);
    ngrok_engine_collect(engine, second);
    CHECK_INTEGER(ngrok_engine_pending(engine), 0);
}

CASE(finds_every_unfinished_request) {
    ngrok_engine *engine = begin(2);
    CHECK(ngrok_engine_unfinished(engine) == NULL);
    for (int i = 0; i < 5; i++) {
        (void)submit_any(engine);
    }
    (void)ngrok_engine_ready(engine, 0);
    (void)ngrok_engine_ready(engine, 0);
    ngrok_request *request;
    int count = 0;
    while ((request = ngrok_engine_unfinished(engine)) != NULL && count < 10) {
        CHECK(cancel(engine, request, unsent));
        count++;
    }
    CHECK_INTEGER(count, 5);
}

/* Leaks are for the sanitizer to see. */
CASE(is_freed_with_requests_in_every_state) {
    ngrok_engine *engine = begin(1);
    ngrok_request *requests[4];
    char transfer;
    requests[0] = start_any(engine);
    fail(engine, requests[0], unsent, false, "refused");
    ngrok_engine_collect(engine, requests[0]);
    requests[1] = start_any(engine);
    respond(engine, requests[1], 200);
    requests[2] = start_any(engine);
    requests[2]->attempt.transfer = &transfer;
    requests[3] = submit_any(engine);
    end_engine();
    for (int i = 0; i < 4; i++) {
        check_about("request %d", i);
        CHECK_INTEGER(requests[i]->references, 1);
        CHECK_INTEGER(requests[i]->state, NGROK_STATE_COLLECTED);
        CHECK(requests[i]->attempt.transfer == NULL);
    }
}

CASE(no_engine_can_be_freed) {
    ngrok_engine_free(NULL);
    CHECK(true);
}

/* --- chance ---------------------------------------------------------------------------------- */

/* What the test itself knows of each request. */
typedef struct expected {
    ngrok_request *request;
    double submitted_at, admitted_at, response_at;
    bool waiting, in_flight;
} expected;

enum { many = 10000, cap = 16 };

typedef struct simulation {
    ngrok_engine *engine;
    expected *all;
    size_t submitted, finished, oldest; /* all before `oldest` have finished */
    uint64_t last_admitted;
    int in_flight, most_in_flight;
    size_t answered, timed_out, never_admitted;
} simulation;

static void admit(simulation *self, double now) {
    ngrok_request *request;
    while ((request = ngrok_engine_ready(self->engine, now)) != NULL) {
        expected *one = &self->all[request->id - 1];
        CHECK(one->request == request && one->waiting);
        CHECK(request->id > self->last_admitted);
        CHECK(now <= one->submitted_at + request->budget.max_wait);
        self->last_admitted = request->id;
        one->waiting = false;
        one->in_flight = true;
        one->admitted_at = now;
        one->response_at = now + chance_seconds(4);
        self->in_flight++;
        self->most_in_flight =
            self->in_flight > self->most_in_flight ? self->in_flight : self->most_in_flight;
        CHECK(self->in_flight <= cap);
    }
    CHECK(!has_ready(self->engine));
}

static void settle(simulation *self, expected *one) {
    self->in_flight -= one->in_flight ? 1 : 0;
    one->waiting = one->in_flight = false;
    self->finished++;
    CHECK_INTEGER(one->request->state, NGROK_STATE_COMPLETED);
    ngrok_engine_collect(self->engine, one->request);
    CHECK_INTEGER(one->request->references, 1);
    while (self->oldest < self->submitted && !self->all[self->oldest].waiting &&
           !self->all[self->oldest].in_flight) {
        self->oldest++;
    }
}

static void response_due(simulation *self, double now) {
    for (size_t i = self->oldest; i < self->submitted; i++) {
        expected *one = &self->all[i];
        if (one->in_flight && one->response_at <= now) {
            respond(self->engine, one->request, 200);
            settle(self, one);
            self->answered++;
        }
    }
}

static void expire_due(simulation *self, double now) {
    ngrok_request *request;
    while ((request = ngrok_engine_overdue(self->engine, now, false)) != NULL) {
        expected *one = &self->all[request->id - 1];
        /* To the moment: the deadline told when to look, and nothing else did. */
        CHECK_NUMBER(now, one->admitted_at + request->budget.timeout);
        expire(self->engine, request, sent);
        self->timed_out++;
        settle(self, one);
    }
    for (size_t i = self->oldest; i < self->submitted; i++) {
        expected *one = &self->all[i];
        if (one->waiting && one->request->state == NGROK_STATE_COMPLETED) {
            CHECK_NUMBER(now, one->submitted_at + one->request->budget.max_wait);
            self->never_admitted++;
            settle(self, one);
        }
    }
}

static double next_response(const simulation *self) {
    double at = INFINITY;
    for (size_t i = self->oldest; i < self->submitted; i++) {
        at = self->all[i].in_flight ? fmin(at, self->all[i].response_at) : at;
    }
    return at;
}

/* Requests come a little faster than they can be served, so that each kind of end occurs. */
static void simulate(uint64_t seed) {
    simulation self = {.engine = begin(cap)};
    self.all = calloc(many, sizeof *self.all);
    double next_submit = 0;
    seed_chance(seed);
    for (int turns = 0; self.finished < many && turns < many * 10; turns++) {
        double now = fmin(fmin(next_submit, next_response(&self)), expiry(self.engine));
        response_due(&self, now);
        if (self.submitted < many && now >= next_submit) {
            expected *one = &self.all[self.submitted++];
            *one = (expected){.submitted_at = now, .waiting = true};
            one->request = submit(self.engine, now, 3.5, 2 + chance_seconds(10));
            next_submit = self.submitted < many ? now + chance(15) / 64.0 : INFINITY;
        }
        expire_due(&self, now);
        admit(&self, now);
        CHECK_INTEGER(ngrok_engine_pending(self.engine), self.submitted - self.finished);
    }
    CHECK_INTEGER(self.finished, many);
    CHECK_INTEGER(self.most_in_flight, cap);
    CHECK(self.answered > 0 && self.timed_out > 0 && self.never_admitted > 0);
    CHECK_NUMBER(expiry(self.engine), INFINITY);
    free(self.all);
}

CASE(serves_10000_requests_in_order_and_under_the_cap) {
    simulate(1);
    simulate(20231117);
}

/* --- the deadline against brute force -------------------------------------------------------- */

enum { most = 40 };

typedef struct model {
    ngrok_engine *engine;
    expected all[most];
    /* When it was surely seen overdue first, and when it may have been: a look that finds one
     * request need not have come to the others. */
    double surely_since[most], perhaps_since[most];
    double now;
} model;

static double deadline_of(const expected *one) {
    return one->waiting     ? one->submitted_at + one->request->budget.max_wait
           : one->in_flight ? one->admitted_at + one->request->budget.timeout
                            : INFINITY;
}

static double brute_deadline(const model *self) {
    double earliest = INFINITY;
    for (size_t i = 0; i < most; i++) {
        earliest = fmin(earliest, deadline_of(&self->all[i]));
    }
    return earliest;
}

static void drop(model *self, size_t i) {
    ngrok_engine_collect(self->engine, self->all[i].request);
    self->all[i] = (expected){0};
}

static size_t index_of(const model *self, const ngrok_request *request) {
    size_t i = 0;
    while (i < most && self->all[i].request != request) {
        i++;
    }
    return i;
}

/* Those that wait must have ended when their time is up, and not before. They are looked at when no
 * in flight one is found. */
static void drop_expired(model *self, bool must_end) {
    for (size_t i = 0; i < most; i++) {
        const expected *one = &self->all[i];
        if (!one->waiting) {
            continue;
        }
        bool ended = one->request->state == NGROK_STATE_COMPLETED;
        CHECK(!ended || deadline_of(one) <= self->now);
        CHECK(ended || !must_end || deadline_of(one) > self->now);
        if (ended) {
            drop(self, i);
        }
    }
}

/* What is found must be overdue; nothing may be found only when nothing is overdue, or when it may
 * be spared still. */
static void look(model *self, bool busy) {
    ngrok_request *found = ngrok_engine_overdue(self->engine, self->now, busy);
    bool must_find = false;
    drop_expired(self, found == NULL);
    for (size_t i = 0; i < most; i++) {
        const expected *one = &self->all[i];
        if (!one->in_flight || deadline_of(one) > self->now) {
            continue;
        }
        self->perhaps_since[i] = fmin(self->perhaps_since[i], self->now);
        if (found == NULL) {
            self->surely_since[i] = fmin(self->surely_since[i], self->now);
        }
        must_find |= !busy || self->now - self->surely_since[i] >= 0.25;
    }
    CHECK(found != NULL || !must_find);
    size_t i = found != NULL ? index_of(self, found) : most;
    CHECK(found == NULL || i < most);
    if (i < most) {
        const expected *one = &self->all[i];
        CHECK(one->in_flight && deadline_of(one) <= self->now);
        CHECK(!busy || self->now - self->perhaps_since[i] >= 0.25);
        expire(self->engine, found, sent);
        drop(self, i);
    }
}

static void finish_one(model *self, size_t i) {
    if (self->all[i].in_flight && chance(2) == 0) {
        respond(self->engine, self->all[i].request, 200);
    } else if (self->all[i].in_flight) {
        fail(self->engine, self->all[i].request, unsent, false, "reset");
    } else {
        CHECK(cancel(self->engine, self->all[i].request, unsent));
    }
    drop(self, i);
}

static void act(model *self, bool ever_busy) {
    size_t i = chance(most);
    expected *one = &self->all[i];
    switch (chance(5)) {
    case 0:
    case 1:
        if (one->request == NULL) {
            *one = (expected){.submitted_at = self->now, .waiting = true};
            self->surely_since[i] = self->perhaps_since[i] = INFINITY;
            one->request = submit(self->engine, self->now, chance_seconds(20), chance_seconds(20));
        } else if (chance(3) == 0) {
            finish_one(self, i);
        }
        break;
    case 2: {
        ngrok_request *request = ngrok_engine_ready(self->engine, self->now);
        i = request != NULL ? index_of(self, request) : most;
        if (i < most) {
            self->all[i].waiting = false;
            self->all[i].in_flight = true;
            self->all[i].admitted_at = self->now;
            self->surely_since[i] = self->perhaps_since[i] = INFINITY;
        }
        break;
    }
    case 3:
        self->now += chance_seconds(1);
        break;
    default:
        look(self, ever_busy && chance(2) == 0);
    }
}

static void check_deadline_at_chance(uint64_t seed, bool ever_busy) {
    model self = {.engine = begin(8)};
    seed_chance(seed);
    for (int turn = 0; turn < 20000 && !check_failed; turn++) {
        act(&self, ever_busy);
        double earliest = brute_deadline(&self);
        CHECK(expiry(self.engine) <= fmax(earliest, self.now));
        if (isinf(earliest)) {
            CHECK_NUMBER(expiry(self.engine), INFINITY);
        }
    }
}

CASE(its_deadline_is_never_too_late) {
    for (uint64_t seed = 1; seed <= 20; seed++) {
        check_deadline_at_chance(seed, false);
    }
}

CASE(its_deadline_is_never_too_late_with_busy_looks) {
    for (uint64_t seed = 101; seed <= 120; seed++) {
        check_deadline_at_chance(seed, true);
    }
}
