/* Tens of thousands that wait for the limits: what a step does is bounded, whatever becomes of
 * them, and the steps are no more than a look at each takes. In virtual time; steps are counted,
 * not timed. */
#include "engine/fixture.h"

enum { many = 20000, twice = 2 * many, share = 512, two_shares = 2 * share, slack = 8 };

static const ngrok_limit limit = {10, 60};

static ngrok_request *requests[twice];

/* All places of the limit are taken, by requests in flight. */
static ngrok_engine *begin_full(void) {
    ngrok_engine *engine = begin_limited(limit.requests, limit.requests, limit.window);
    for (unsigned i = 0; i < limit.requests; i++) {
        (void)submit_with(engine, "GET", 0, (ngrok_budget){1e9, 1e9, 0});
        CHECK(ngrok_engine_ready(engine, 0) != NULL);
    }
    return engine;
}

static void submit_many(ngrok_engine *engine, int from, int to, double max_wait) {
    for (int i = from; i < to; i++) {
        requests[i] = submit_with(engine, "GET", 0, (ngrok_budget){1e9, max_wait, 0});
    }
}

/* As a driver's, and how many requests it ended. */
static size_t step(ngrok_engine *engine, double now) {
    size_t ended = 0;
    CHECK(ngrok_engine_overdue(engine, now, false) == NULL);
    CHECK(ngrok_engine_ready(engine, now) == NULL);
    while (ngrok_engine_completed(engine) != NULL) {
        ngrok_engine_collect(engine, ngrok_engine_completed(engine));
        ended++;
    }
    return ended;
}

/* Steps until none is due, and checks that as many end as were to, a share at a time. */
static void step_through(ngrok_engine *engine, size_t to_end, size_t to_look_at, double now) {
    size_t ended = 0, steps = 0;
    for (; ngrok_engine_deadline(engine, now) <= now && steps < many; steps++) {
        size_t in_step = step(engine, now);
        CHECK(in_step <= share);
        ended += in_step;
    }
    CHECK_INTEGER(ended, to_end);
    CHECK(steps >= to_look_at / share);
    CHECK(steps <= to_look_at / share + slack);
}

CASE(those_that_expire_behind_others_do_so_in_shares) {
    ngrok_engine *engine = begin_full();
    submit_many(engine, 0, many, 1000);
    submit_many(engine, many, 2 * many, 5);
    step_through(engine, many, twice, 5);
    CHECK_INTEGER(requests[0]->state, NGROK_STATE_WAITING);
    CHECK_INTEGER(requests[many - 1]->state, NGROK_STATE_WAITING);
    /* Each of them was the next one behind those. */
    double expected = ngrok_limiter_earliest(limiter, limit, many + 1, 5) - 5;
    for (int i = many; i < 2 * many; i++) {
        CHECK(requests[i]->kind == NGROK_KIND_TIMEOUT && requests[i]->phase == NGROK_PHASE_WAIT);
        CHECK(fabs(requests[i]->retry_after - expected) < 1e-6);
    }
    CHECK(says(requests[many], "rate_limit (10 requests per 60 s) has no place"));
}

CASE(those_that_expire_first_do_so_in_shares) {
    ngrok_engine *engine = begin_full();
    submit_many(engine, 0, many, 5);
    submit_many(engine, many, 2 * many, 1000);
    step_through(engine, many, twice, 5);
    CHECK_INTEGER(requests[many]->state, NGROK_STATE_WAITING);
    step_through(engine, many, many, 1000);
}

CASE(those_that_a_pause_makes_hopeless_end_in_shares) {
    ngrok_engine *engine = begin_full();
    ngrok_request *refused = ngrok_engine_unfinished(engine);
    submit_many(engine, 0, many, 90);
    respond_at(engine, refused, 429, 3000, 1);
    ngrok_engine_collect(engine, refused);
    size_t at_once = step(engine, 1);
    CHECK(at_once >= share && at_once <= two_shares);
    step_through(engine, many - at_once, many - at_once, 1);
    for (int i = 0; i < many; i++) {
        CHECK(
            says(requests[i], "the server asked for a pause (HTTP 429), of which 3000 s are left"));
    }
}

/* Its turn comes as soon as those before it have gone, which have no hope. */
CASE(one_that_comes_while_others_go_is_held_against_those_that_stay) {
    ngrok_engine *engine = begin_full();
    ngrok_request *refused = ngrok_engine_unfinished(engine);
    submit_many(engine, 0, many, 90);
    respond_at(engine, refused, 429, 3000, 1);
    ngrok_engine_collect(engine, refused);
    ngrok_request *patient = submit_with(engine, "GET", 1, (ngrok_budget){30, 3500, 0});
    ngrok_engine_queue(engine, patient, 1);
    ngrok_request *hasty = submit_with(engine, "GET", 1, (ngrok_budget){30, 2500, 0});
    ngrok_engine_queue(engine, hasty, 1);
    CHECK_INTEGER(patient->state, NGROK_STATE_WAITING);
    for (int steps = 0; ngrok_engine_deadline(engine, 1) <= 1 && steps < many; steps++) {
        (void)step(engine, 1);
    }
    CHECK_INTEGER(patient->state, NGROK_STATE_WAITING);
    CHECK_INTEGER(requests[many - 1]->kind, NGROK_KIND_TIMEOUT);
    CHECK_INTEGER(hasty->kind, NGROK_KIND_TIMEOUT);
    CHECK_NUMBER(hasty->retry_after, 3000);
}

/* In flight is not looked at in shares: no transport has more than a few. */
CASE(one_in_flight_is_not_kept_waiting_for_a_look_at_others) {
    ngrok_engine *engine = begin(1);
    ngrok_request *in_flight = submit_with(engine, "GET", 0, (ngrok_budget){5, 90, 0});
    CHECK(ngrok_engine_ready(engine, 0) == in_flight);
    submit_many(engine, 0, many, 5);
    CHECK(ngrok_engine_overdue(engine, 5, false) == in_flight);
    ngrok_engine_expire(engine, in_flight, sent, 5);
    check_result(in_flight, NGROK_KIND_TIMEOUT, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
}

CASE(those_that_return_at_the_same_time_go_in_their_order) {
    enum { some = 2000 };
    ngrok_engine *engine = begin(some);
    for (int i = 0; i < some; i++) {
        requests[i] = submit_with(engine, "GET", 0, (ngrok_budget){1000, 1000, 3});
        CHECK(ngrok_engine_ready(engine, 0) == requests[i]);
    }
    submit_many(engine, some, 2 * some, 1000);
    for (int i = 0; i < some; i++) {
        respond_at(engine, requests[(i * 7) % some], 503, 60, 0); /* not in order */
    }
    for (int i = 0; i < some; i++) {
        CHECK(ngrok_engine_ready(engine, 60) == requests[i]);
    }
}
