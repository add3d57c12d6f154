/* Which clients share a limit, for how long it is remembered, and many threads at one. */
#include "engine/limiters.h"

#include "check.h"
#include "engine/engine.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>

static const ngrok_limit limit = {2, 60};

static ngrok_limiter *take(const char *key, double now) {
    ngrok_limiter *taken = ngrok_limiters_take(key, strlen(key), now);
    CHECK(ngrok_limiter_remember(taken, limit));
    return taken;
}

static void spend(ngrok_limiter *limiter, double now) {
    CHECK(ngrok_limiter_admit(limiter, limit, now));
    ngrok_limiter_note_end(limiter, now);
}

static void give_back(const ngrok_limiter *limiter, double now) {
    CHECK(ngrok_limiters_give_back(limiter, now));
}

CASE(the_same_key_shares) {
    char copy[] = "one_key";
    ngrok_limiter *first = take("one_key", 0), *second = take(copy, 0);
    CHECK(first == second);
    spend(first, 0);
    spend(second, 0);
    CHECK(!ngrok_limiter_admit(first, limit, 1));
    give_back(first, 1000);
    give_back(second, 1000);
}

CASE(another_key_does_not) {
    ngrok_limiter *first = take("one_key", 0), *second = take("one_kez", 0);
    ngrok_limiter *shorter = ngrok_limiters_take("one_key", 6, 0);
    CHECK(first != second && first != shorter && second != shorter);
    spend(first, 0);
    spend(first, 0);
    spend(second, 0);
    give_back(first, 1000);
    give_back(second, 1000);
    give_back(shorter, 1000);
}

CASE(the_history_survives_the_clients_while_it_matters) {
    ngrok_limiter *limiter = take("one_key", 0);
    spend(limiter, 0);
    spend(limiter, 50);
    give_back(limiter, 50);
    limiter = take("one_key", 100);
    CHECK(ngrok_limiter_admit(limiter, limit, 100));
    CHECK(!ngrok_limiter_admit(limiter, limit, 100)); /* that of 50 still counts */
    ngrok_limiter_note_unsent(limiter);
    give_back(limiter, 1000);
}

CASE(a_pause_survives_the_clients) {
    ngrok_limiter *limiter = take("one_key", 0);
    ngrok_limiter_refused(limiter, limit, 300, 0);
    give_back(limiter, 10);
    limiter = take("one_key", 200);
    CHECK(!ngrok_limiter_admit(limiter, limit, 299));
    CHECK_NUMBER(ngrok_limiter_paused_until(limiter), 300);
    give_back(limiter, 1000);
}

/* What was dropped cannot be given back again. */
CASE(it_is_dropped_when_it_no_longer_matters) {
    ngrok_limiter *limiter = take("one_key", 0);
    spend(limiter, 0);
    give_back(limiter, 60);
    give_back(take("another_key", 60.05), 60.05);
    limiter = take("one_key", 60.05); /* the old one, by a tenth of a second */
    CHECK(ngrok_limiter_matters(limiter, 60.05));
    give_back(limiter, 61);
    CHECK(!ngrok_limiters_give_back(limiter, 61));
}

CASE(it_is_kept_while_any_client_has_it) {
    ngrok_limiter *first = take("one_key", 0), *second = take("one_key", 0);
    spend(first, 0);
    give_back(first, 1000);
    CHECK(take("one_key", 2000) == second);
    give_back(second, 3000);
    give_back(second, 3000);
    CHECK(!ngrok_limiters_give_back(second, 3000));
}

CASE(what_was_not_taken_here_cannot_be_given_back) {
    ngrok_limiter *own = ngrok_limiter_new();
    CHECK(!ngrok_limiters_give_back(own, 0));
    ngrok_limiter_free(own);
}

/* --- threads ---------------------------------------------------------------------------------- */

/* Each look at the clock is a moment of its own, and the window is so many moments: whichever
 * thread runs when, time goes on for as long as anybody looks. */
enum { thread_count = 4, requests_each = 500, arrivals = thread_count * requests_each };

static const ngrok_limit crowded = {1, 20}; /* so that all come for the same place */
static const ngrok_budget patient = {INFINITY, INFINITY, 0};

typedef struct hammer {
    atomic_ullong *clock;
    uint64_t seed;
    double arrived[requests_each];
    size_t count;
} hammer;

static double look(hammer *self) {
    return (double)atomic_fetch_add(self->clock, 1);
}

static void response(ngrok_engine *engine, ngrok_request *request, double now) {
    ngrok_response plain = {.status = 200};
    ngrok_engine_respond(engine, request, &plain, -1, now);
    ngrok_engine_collect(engine, request);
}

/* No check in here: those are for one thread. */
static void *strike(void *argument) {
    hammer *self = argument;
    ngrok_limiter *limiter = ngrok_limiters_take("one_key", 7, look(self));
    ngrok_engine *engine = ngrok_engine_new(&(ngrok_engine_options){
        .max_in_flight = 16,
        .limit = crowded,
        .limiter = limiter,
        .seed = self->seed,
    });
    for (int i = 0; i < requests_each; i++) {
        ngrok_request *request = ngrok_request_new("GET", "/", NULL, 0, patient);
        ngrok_engine_submit(engine, request, look(self));
        ngrok_request_release(request);
    }
    for (long turn = 0; self->count < requests_each && turn < 10000000; turn++) {
        ngrok_request *request = ngrok_engine_ready(engine, look(self));
        if (request != NULL) {
            self->arrived[self->count++] = look(self);
            response(engine, request, look(self));
        }
    }
    ngrok_engine_free(engine);
    (void)ngrok_limiters_give_back(limiter, look(self));
    return NULL;
}

static int compare(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void check_arrivals(const hammer *hammers) {
    static double all[arrivals];
    size_t count = 0, too_close = 0;
    for (int i = 0; i < thread_count; i++) {
        CHECK_INTEGER(hammers[i].count, requests_each);
        memcpy(all + count, hammers[i].arrived, hammers[i].count * sizeof *all);
        count += hammers[i].count;
    }
    qsort(all, count, sizeof *all, compare);
    for (size_t i = crowded.requests; i < count; i++) {
        too_close += all[i] - all[i - crowded.requests] <= crowded.window ? 1 : 0;
    }
    CHECK_INTEGER(too_close, 0);
}

CASE(threads_with_one_key_never_pass_the_limit) {
    static hammer hammers[thread_count];
    atomic_ullong clock = 1000000; /* past what the cases above left */
    pthread_t threads[thread_count];
    for (int i = 0; i < thread_count; i++) {
        hammers[i] = (hammer){.clock = &clock, .seed = (uint64_t)i};
        CHECK_INTEGER(pthread_create(&threads[i], NULL, strike, &hammers[i]), 0);
    }
    for (int i = 0; i < thread_count; i++) {
        CHECK_INTEGER(pthread_join(threads[i], NULL), 0);
    }
    check_arrivals(hammers);
}

static void *come_and_go(void *argument) {
    hammer *self = argument;
    static const char keys[] = "abc";
    for (int i = 0; i < 2000; i++) {
        ngrok_limiter *limiter = ngrok_limiters_take(&keys[i % 3], 1, look(self));
        if (limiter != NULL && ngrok_limiter_remember(limiter, limit) &&
            ngrok_limiter_admit(limiter, limit, look(self))) {
            ngrok_limiter_note_end(limiter, look(self));
            self->count++;
        }
        (void)ngrok_limiters_give_back(limiter, look(self));
    }
    return NULL;
}

/* For the sanitizers: entries are made, shared and dropped while others do the same. */
CASE(threads_come_and_go) {
    static hammer hammers[thread_count];
    atomic_ullong clock = 2000000;
    pthread_t threads[thread_count];
    for (int i = 0; i < thread_count; i++) {
        hammers[i] = (hammer){.clock = &clock};
        CHECK_INTEGER(pthread_create(&threads[i], NULL, come_and_go, &hammers[i]), 0);
    }
    size_t count = 0;
    for (int i = 0; i < thread_count; i++) {
        CHECK_INTEGER(pthread_join(threads[i], NULL), 0);
        count += hammers[i].count;
    }
    /* Three keys, two places each in a window, in all the time that passed. */
    double windows = ((double)clock - 2000000) / limit.window + 1;
    CHECK(count > 0 && (double)count <= 3 * limit.requests * windows);
    give_back(take("d", 1e9), 1e9); /* and drops what they left */
}
