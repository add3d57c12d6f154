/* The rolling window, alone and with engines before a server that counts arrivals, in virtual time:
 * hours pass in milliseconds. */
#include "engine/limiter.h"

#include "engine/simulation.h"

/* The part of a window that is waited beyond it. */
static const double beyond = 1.001;

static const ngrok_limit usual = {120, 60};

static ngrok_limiter *make(ngrok_limit limit) {
    check_after = end;
    limiter = ngrok_limiter_new();
    CHECK(ngrok_limiter_remember(limiter, limit));
    return limiter;
}

static void check_near(double actual, double expected) {
    if (!CHECK(fabs(actual - expected) < 1e-6)) {
        printf("  %.9g instead of %.9g\n", actual, expected);
    }
}

/* --- the limiter alone ------------------------------------------------------------------------ */

CASE(admits_as_many_at_once_as_the_limit_has) {
    ngrok_limit limit = {3, 10};
    ngrok_limiter *self = make(limit);
    for (int i = 0; i < 3; i++) {
        CHECK_NUMBER(ngrok_limiter_earliest(self, limit, 1, 100), 100);
        CHECK(ngrok_limiter_admit(self, limit, 100));
    }
    CHECK(ngrok_limiter_earliest(self, limit, 1, 100) > 100);
    CHECK(!ngrok_limiter_admit(self, limit, 100));
}

/* The server may have counted it at any time until then. */
CASE(a_place_is_free_a_window_after_the_response) {
    ngrok_limit limit = {1, 10};
    ngrok_limiter *self = make(limit);
    CHECK(ngrok_limiter_admit(self, limit, 0));
    check_near(ngrok_limiter_earliest(self, limit, 1, 7), 7 + 10 * beyond);
    ngrok_limiter_note_end(self, 8);
    check_near(ngrok_limiter_earliest(self, limit, 1, 8), 8 + 10 * beyond);
    CHECK(!ngrok_limiter_admit(self, limit, 18));
    CHECK(ngrok_limiter_admit(self, limit, 8 + 10 * beyond));
}

CASE(a_request_that_never_left_gives_its_place_back) {
    ngrok_limit limit = {1, 10};
    ngrok_limiter *self = make(limit);
    for (int i = 0; i < 100; i++) {
        CHECK(ngrok_limiter_admit(self, limit, 0));
        CHECK(!ngrok_limiter_admit(self, limit, 0));
        CHECK(ngrok_limiter_has_open(self));
        ngrok_limiter_note_unsent(self);
        CHECK(!ngrok_limiter_has_open(self));
    }
    CHECK_NUMBER(ngrok_limiter_earliest(self, limit, 1, 0), 0);
}

CASE(tells_each_in_a_queue_when_its_turn_comes) {
    ngrok_limit limit = {2, 10};
    ngrok_limiter *self = make(limit);
    for (int i = 0; i < 2; i++) {
        CHECK(ngrok_limiter_admit(self, limit, i));
        ngrok_limiter_note_end(self, i);
    }
    double window = 10 * beyond;
    check_near(ngrok_limiter_earliest(self, limit, 1, 5), 0 + window);
    check_near(ngrok_limiter_earliest(self, limit, 2, 5), 1 + window);
    check_near(ngrok_limiter_earliest(self, limit, 3, 5), 0 + 2 * window);
    check_near(ngrok_limiter_earliest(self, limit, 6, 5), 1 + 3 * window);
}

CASE(has_no_limit_with_0_requests) {
    ngrok_limit none = {0, 60};
    ngrok_limiter *self = make(none);
    for (int i = 0; i < 1000; i++) {
        CHECK(ngrok_limiter_admit(self, none, 0));
        ngrok_limiter_note_end(self, 0);
    }
    CHECK_NUMBER(ngrok_limiter_earliest(self, none, 1000, 0), 0);
}

CASE(a_larger_limit_keeps_the_history_of_a_smaller_one) {
    ngrok_limit small = {3, 10}, large = {5, 10};
    ngrok_limiter *self = make(small);
    for (int i = 0; i < 7; i++) { /* round the ring more than once */
        CHECK(ngrok_limiter_admit(self, small, i * 100));
        ngrok_limiter_note_end(self, i * 100);
    }
    CHECK(ngrok_limiter_remember(self, large));
    CHECK(ngrok_limiter_remember(self, small)); /* changes nothing */
    CHECK(ngrok_limiter_admit(self, large, 600));
    for (int i = 0; i < 3; i++) {
        CHECK(ngrok_limiter_admit(self, large, 601));
    }
    CHECK(!ngrok_limiter_admit(self, large, 601));
    check_near(ngrok_limiter_earliest(self, small, 1, 601), 601 + 10 * beyond);
    for (int i = 0; i < 4; i++) {
        ngrok_limiter_note_end(self, 602 + i);
    }
    check_near(ngrok_limiter_earliest(self, large, 1, 606), 600 + 10 * beyond);
    check_near(ngrok_limiter_earliest(self, small, 1, 606), 603 + 10 * beyond);
}

/* Threads read the clock in one order and come in another. */
CASE(an_end_that_comes_late_counts_no_earlier_than_the_one_before) {
    ngrok_limit limit = {2, 10};
    ngrok_limiter *self = make(limit);
    for (int i = 0; i < 2; i++) {
        CHECK(ngrok_limiter_admit(self, limit, 0));
    }
    ngrok_limiter_note_end(self, 5);
    ngrok_limiter_note_end(self, 4);
    check_near(ngrok_limiter_earliest(self, limit, 1, 6), 5 + 10 * beyond);
}

CASE(matters_while_its_history_reaches_into_the_window) {
    ngrok_limit limit = {2, 10};
    ngrok_limiter *self = make(limit);
    CHECK(!ngrok_limiter_matters(self, 0));
    CHECK(ngrok_limiter_admit(self, limit, 0));
    CHECK(ngrok_limiter_matters(self, 1000)); /* still under way */
    ngrok_limiter_note_end(self, 1000);
    CHECK(ngrok_limiter_matters(self, 1010));
    CHECK(!ngrok_limiter_matters(self, 1010.02));
    ngrok_limiter_refused(self, limit, 30, 2000);
    CHECK(ngrok_limiter_matters(self, 2029.9));
    CHECK(!ngrok_limiter_matters(self, 2030));
}

/* --- before a server that counts -------------------------------------------------------------- */

static const ngrok_budget patient = {30, INFINITY, 0};

static void run(simulation *self, size_t expected, double start) {
    double now = start;
    size_t turns = 0;
    while (self->completed < expected && turns++ < expected * 20 + 1000) {
        simulation_step(self, now);
        now = fmax(now, simulation_next(self, now));
    }
    CHECK_INTEGER(self->completed, expected);
}

/* As they may be: 120 at once, 120 a window later, and so on. */
static double ideal(size_t requests, ngrok_limit limit) {
    unsigned full_windows = (unsigned)(requests - 1) / limit.requests;
    return full_windows * limit.window;
}

CASE(ten_thousand_at_once_go_as_fast_as_they_may) {
    enum { many = 10000 };
    for (uint64_t seed = 1; seed <= 2; seed++) {
        seed_chance(seed);
        simulation self;
        simulation_begin(&self, 1, &usual, many);
        self.most_latency = 25; /* 0.39 s */
        for (int i = 0; i < many; i++) {
            simulation_submit(&self, 0, 0, patient);
        }
        run(&self, many, 0);
        CHECK_INTEGER(self.arrived, many);
        simulation_check(&self, usual);
        CHECK(self.last_end <= ideal(many, usual) * 1.01);
        simulation_end(&self);
    }
}

CASE(slow_responses_slow_the_server_down_and_not_its_limit) {
    enum { many = 1000 };
    seed_chance(3);
    simulation self;
    simulation_begin(&self, 1, &usual, many);
    self.most_latency = 20 * 64;
    for (int i = 0; i < many; i++) {
        simulation_submit(&self, 0, 0, patient);
    }
    run(&self, many, 0);
    simulation_check(&self, usual);
    simulation_end(&self);
}

/* Submissions of one seed: at random times, now and then many at once. */
static void run_at_random(uint64_t seed, size_t engine_count, const ngrok_limit *limits,
                          size_t capacity) {
    seed_chance(seed);
    simulation self;
    simulation_begin(&self, engine_count, limits, capacity);
    self.most_latency = chance(3) * 128;
    self.troubled = chance(2) == 0;
    double now = 0, next_submit = 0;
    size_t submitted = 0, turns = 0;
    while (self.completed < capacity && turns++ < capacity * 100) {
        simulation_step(&self, now);
        while (submitted < capacity && next_submit <= now) {
            size_t at_once = chance(8) == 0 ? 1 + chance(10) : 1;
            for (; at_once > 0 && submitted < capacity; at_once--, submitted++) {
                double max_wait = chance(4) == 0 ? chance_seconds(10) : INFINITY;
                simulation_submit(&self, chance((unsigned)engine_count), now,
                                  (ngrok_budget){30, max_wait, 0});
            }
            next_submit = now + chance_seconds(3);
        }
        double due = submitted < capacity ? next_submit : INFINITY;
        now = fmax(now, fmin(due, simulation_next(&self, now)));
    }
    CHECK_INTEGER(self.completed, capacity);
    ngrok_limit widest = limits[0];
    for (size_t i = 1; i < engine_count; i++) {
        widest.requests =
            limits[i].requests > widest.requests ? limits[i].requests : widest.requests;
        widest.window = fmin(widest.window, limits[i].window);
    }
    simulation_check(&self, widest);
    simulation_end(&self);
}

static ngrok_limit random_limit(void) {
    return (ngrok_limit){1 + chance(6), (16 + chance(6 * 64)) / 64.0};
}

CASE(random_arrivals_never_pass_the_limit) {
    for (uint64_t seed = 1000; seed < 4000 && !check_failed; seed++) {
        seed_chance(seed);
        ngrok_limit limit = random_limit();
        run_at_random(seed, 1, &limit, 40);
    }
}

CASE(two_engines_with_one_limiter_never_pass_the_limit) {
    for (uint64_t seed = 5000; seed < 7000 && !check_failed; seed++) {
        seed_chance(seed);
        ngrok_limit limit = random_limit();
        run_at_random(seed, 2, (ngrok_limit[]){limit, limit}, 40);
    }
}

/* Each admits only what its own limit permits, no matter which one sent the others;
 * simulation_launch checks it. */
CASE(two_engines_with_limits_of_their_own_are_each_held_to_it) {
    for (uint64_t seed = 8000; seed < 10000 && !check_failed; seed++) {
        seed_chance(seed);
        ngrok_limit limits[] = {random_limit(), random_limit()};
        run_at_random(seed, 2, limits, 40);
    }
}

/* --- max_wait --------------------------------------------------------------------------------- */

/* Two went out and were answered at 0; the limit is 2 in 60 s. */
static ngrok_engine *begin_full(void) {
    ngrok_engine *engine = begin_limited(16, 2, 60);
    for (int i = 0; i < 2; i++) {
        ngrok_request *request = submit_with(engine, "GET", 0, patient);
        CHECK(ngrok_engine_ready(engine, 0) == request);
        respond_at(engine, request, 200, -1, 0);
    }
    return engine;
}

static ngrok_request *queue(ngrok_engine *engine, double max_wait, double now) {
    ngrok_request *request = submit_with(engine, "GET", now, (ngrok_budget){30, max_wait, 0});
    ngrok_engine_queue(engine, request, now);
    return request;
}

CASE(says_at_once_that_max_wait_would_not_do_and_how_long_it_takes) {
    ngrok_engine *engine = begin_full();
    ngrok_request *request = queue(engine, 59, 0);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK_INTEGER(request->attempts, 0);
    check_near(request->retry_after, 60 * beyond);
    CHECK_TEXT(request->message, "not admitted within max_wait (59 s): rate_limit (2 requests per "
                                 "60 s) is used up for another 60.1 s");
}

CASE(counts_those_before_it_when_it_says_how_long) {
    ngrok_engine *engine = begin_full();
    ngrok_request *waiting[3];
    for (int i = 0; i < 3; i++) {
        waiting[i] = queue(engine, 1000, 10);
        CHECK_INTEGER(waiting[i]->state, NGROK_STATE_WAITING);
    }
    ngrok_request *request = queue(engine, 100, 10);
    check_result(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    check_near(request->retry_after, 2 * 60 * beyond - 10);
    CHECK(says(request, "another 110.1 s"));
}

CASE(counts_only_those_that_stay_when_several_have_waited_enough) {
    ngrok_engine *engine = begin_full();
    ngrok_request *stays = submit_with(engine, "GET", 0, (ngrok_budget){30, 1000, 0});
    ngrok_request *ended[3];
    for (int i = 0; i < 3; i++) {
        ended[i] = submit_with(engine, "GET", 0, (ngrok_budget){30, 5, 0});
    }
    CHECK(ngrok_engine_overdue(engine, 5, false) == NULL);
    CHECK_INTEGER(stays->state, NGROK_STATE_WAITING);
    for (int i = 0; i < 3; i++) {
        check_result(ended[i], NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
        check_near(ended[i]->retry_after, 60 * beyond - 5); /* at position 2 */
    }
}

CASE(lets_one_wait_for_whom_max_wait_may_do) {
    ngrok_engine *engine = begin_full();
    ngrok_request *request = queue(engine, 61, 0);
    CHECK_INTEGER(request->state, NGROK_STATE_WAITING);
    CHECK(ngrok_engine_ready(engine, 60) == NULL);
    check_near(ngrok_engine_deadline(engine, 60), 60 * beyond);
    CHECK(ngrok_engine_ready(engine, 60 * beyond) == request);
}

CASE(max_wait_0_is_said_at_once_and_only_where_one_must_wait) {
    ngrok_engine *engine = begin_limited(16, 1, 60);
    ngrok_request *first = submit_with(engine, "GET", 0, (ngrok_budget){30, 0, 0});
    CHECK(ngrok_engine_ready(engine, 0) == first);
    ngrok_engine_queue(engine, first, 0);
    CHECK_INTEGER(first->state, NGROK_STATE_IN_FLIGHT);
    ngrok_request *second = queue(engine, 0, 0);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    check_near(second->retry_after, 60 * beyond);
}

CASE(says_of_the_cap_in_flight_nothing_about_how_long) {
    ngrok_engine *engine = begin_limited(1, 100, 60);
    ngrok_request *first = queue(engine, 10, 0);
    CHECK(ngrok_engine_ready(engine, 0) == first);
    ngrok_request *second = queue(engine, 0, 0);
    check_result(second, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, NGROK_OUTCOME_NOT_SENT);
    CHECK(second->retry_after < 0);
    CHECK_TEXT(second->message, "not admitted within max_wait (0 s): 1 requests are in flight "
                                "already");
}

/* One that holds a place may give it back unused, so those are let wait that its end may serve. */
CASE(one_that_waits_is_admitted_when_another_turns_out_unsent) {
    ngrok_engine *engine = begin_limited(16, 1, 60);
    ngrok_request *first = queue(engine, 90, 0);
    CHECK(ngrok_engine_ready(engine, 0) == first);
    ngrok_request *second = queue(engine, 90, 0);
    CHECK(ngrok_engine_ready(engine, 5) == NULL);
    fail_at(engine, first, unsent, 5);
    CHECK(ngrok_engine_deadline(engine, 5) <= 5);
    CHECK(ngrok_engine_ready(engine, 5) == second);
}

/* Nobody tells this engine that another one gave its place back. */
CASE(looks_again_soon_while_another_engine_holds_the_place) {
    ngrok_engine *one = begin_limited(16, 1, 60);
    ngrok_engine *other = another_engine(16, (ngrok_limit){1, 60}, 2);
    ngrok_request *first = queue(one, 90, 0), *second = queue(other, 90, 0);
    CHECK(ngrok_engine_ready(one, 0) == first);
    CHECK(ngrok_engine_ready(other, 0) == NULL);
    CHECK(ngrok_engine_deadline(other, 0) <= 1);
    fail_at(one, first, unsent, 0.5);
    CHECK(ngrok_engine_ready(other, ngrok_engine_deadline(other, 0.5)) == second);
    ngrok_engine_free(other);
}

/* Its requests may be on their way, although the engine forgets them. */
CASE(an_engine_that_is_freed_leaves_its_flights_places_taken) {
    ngrok_engine *one = begin_limited(16, 1, 60);
    ngrok_request *first = queue(one, 90, 0);
    CHECK(ngrok_engine_ready(one, 5) == first);
    end_engine();
    ngrok_limit limit = {1, 60};
    CHECK(!ngrok_limiter_has_open(limiter));
    check_near(ngrok_limiter_earliest(limiter, limit, 1, 6), 5 + 60 * beyond);
}
