/* fork and waitpid are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* What the clients of a process share, after that process has forked; with real forks. */
#include "base/lock.h"
#include "engine/limiters.h"

#include "engine/fixture.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static const ngrok_limit limit = {2, 60};
static const ngrok_budget usual = {30, 0, 3};

/* Whether `body` holds in a child, which has some seconds for it. */
static bool holds_in_child(bool (*body)(void *), void *context) {
    enum { seconds = 20 };
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        (void)alarm(seconds);
        _exit(body(context) ? 0 : 1);
    }
    int status = -1;
    return waitpid(child, &status, 0) == child && status == 0;
}

/* Two clients with one key; the first has all that the limit allows under way. */
typedef struct two {
    ngrok_limiter *limiter;
    ngrok_engine *busy, *idle;
} two;

static ngrok_engine *engine_of(ngrok_limiter *of) {
    return ngrok_engine_new(&(ngrok_engine_options){
        .max_in_flight = 16,
        .limit = limit,
        .limiter = of,
        .seed = 1,
    });
}

static void submit(ngrok_engine *engine, double now) {
    (void)submit_with(engine, "GET", now, usual);
}

static two begin_two(void) {
    ngrok_limiter *shared = ngrok_limiter_new();
    two made = {shared, engine_of(shared), engine_of(shared)};
    for (unsigned i = 0; i < limit.requests; i++) {
        submit(made.busy, 0);
        CHECK(ngrok_engine_ready(made.busy, 0) != NULL);
    }
    submit(made.idle, 0);
    CHECK(ngrok_engine_ready(made.idle, 0) == NULL);
    return made;
}

static void end_two(two *made) {
    ngrok_engine_free(made->busy);
    ngrok_engine_free(made->idle);
    ngrok_limiter_free(made->limiter);
}

static bool idle_one_is_admitted(void *context) {
    two *made = context;
    return ngrok_engine_ready(made->idle, 0) != NULL;
}

CASE(another_clients_requests_hold_no_place_in_the_child) {
    two made = begin_two();
    CHECK(holds_in_child(idle_one_is_admitted, &made));
    CHECK(ngrok_engine_ready(made.idle, 0) == NULL); /* the parent has them still */
    end_two(&made);
}

/* Whichever of the two the child comes to first. */
static bool places_stay_right(void *context) {
    two *made = context;
    bool first = ngrok_engine_ready(made->idle, 0) != NULL;
    ngrok_engine_follow_fork(made->busy, 2, 0);
    submit(made->busy, 0);
    bool second = ngrok_engine_ready(made->busy, 0) != NULL;
    submit(made->idle, 0);
    return first && second && ngrok_engine_ready(made->idle, 0) == NULL;
}

CASE(what_the_child_admits_holds_places_when_the_parents_are_forgotten) {
    two made = begin_two();
    CHECK(holds_in_child(places_stay_right, &made));
    end_two(&made);
}

static bool history_is_known(void *context) {
    return !ngrok_limiter_admit(context, limit, 1);
}

CASE(the_child_remembers_what_was_sent) {
    ngrok_limiter *made = ngrok_limiter_new();
    CHECK(ngrok_limiter_remember(made, limit));
    for (unsigned i = 0; i < limit.requests; i++) {
        CHECK(ngrok_limiter_admit(made, limit, 0));
        ngrok_limiter_note_end(made, 0);
    }
    CHECK(holds_in_child(history_is_known, made));
    ngrok_limiter_free(made);
}

static bool can_lock(void *context) {
    (void)ngrok_lock_take(context);
    ngrok_lock_release(context);
    (void)ngrok_lock_take(context); /* its own is a lock as any */
    return true;
}

CASE(a_lock_that_is_held_at_the_fork_is_free_in_the_child) {
    ngrok_lock lock = {0};
    (void)ngrok_lock_take(&lock);
    CHECK(holds_in_child(can_lock, &lock));
    ngrok_lock_release(&lock);
}

/* --- threads that fork has no regard for -------------------------------------------------------
 */

static atomic_bool stopped;

static void *use_limiters(void *argument) {
    (void)argument;
    while (!atomic_load(&stopped)) {
        ngrok_limiter *taken = ngrok_limiters_take(CHECK_BYTES("a_key"), 0);
        (void)ngrok_limiter_earliest(taken, limit, 1, 0);
        (void)ngrok_limiters_give_back(taken, 0);
    }
    return NULL;
}

static bool can_use_limiters(void *context) {
    ngrok_limiter *taken = ngrok_limiters_take(CHECK_BYTES("a_key"), 0);
    (void)context;
    return taken != NULL && ngrok_limiter_earliest(taken, limit, 1, 0) <= 0 &&
           ngrok_limiters_give_back(taken, 0);
}

CASE(a_child_waits_for_no_thread_of_its_parent) {
    enum { forks = 30 };
    pthread_t thread;
    /* Held meanwhile: what the thread is about to free or has just made would be a leak in a child.
     */
    ngrok_limiter *held = ngrok_limiters_take(CHECK_BYTES("a_key"), 0);
    if (!CHECK(pthread_create(&thread, NULL, use_limiters, NULL) == 0)) {
        return;
    }
    for (int i = 0; i < forks; i++) {
        CHECK(holds_in_child(can_use_limiters, NULL));
    }
    atomic_store(&stopped, true);
    (void)pthread_join(thread, NULL);
    CHECK(ngrok_limiters_give_back(held, 0));
}
