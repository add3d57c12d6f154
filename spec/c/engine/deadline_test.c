/* The engine's deadline against a model of its rules that is looked at all the time: who steps only
 * when the deadline says so, and when something comes from outside, is never late. */
#include "chance.h"
#include "engine/fixture.h"

enum { most = 24, places = 8 };

static const double beyond = 1.001; /* of a window */
static const double tiny = 1e-6;    /* sums of fractions are not exact */

/* What the rules say of one request, kept beside the engine's own account. */
typedef struct tracked {
    ngrok_request *request; /* NULL: free */
    ngrok_state state;
    double entered, wait_left, time_left;
    double backoff_end;
    double response_at;
} tracked;

typedef struct model {
    ngrok_engine *engine;
    ngrok_limit limit;
    unsigned cap;
    tracked all[most];
    double ends[places]; /* of the latest requests, the newest last */
    double now;
    unsigned submitted, admitted, retried, expired, refused;
} model;

static unsigned count_in(const model *self, ngrok_state state) {
    unsigned count = 0;
    for (int i = 0; i < most; i++) {
        count += self->all[i].request != NULL && self->all[i].state == state ? 1 : 0;
    }
    return count;
}

static void note_end(model *self) {
    memmove(self->ends, self->ends + 1, (places - 1) * sizeof *self->ends);
    self->ends[places - 1] = self->now;
}

static double pause_end(void) {
    return ngrok_limiter_paused_until(limiter);
}

/* Whether some request could go out at that time, if nothing came from outside until then. */
static bool could_begin(const model *self, double at) {
    unsigned waiting = count_in(self, NGROK_STATE_WAITING);
    for (int i = 0; i < most; i++) {
        waiting += self->all[i].request != NULL && self->all[i].state == NGROK_STATE_BACKING_OFF &&
                           self->all[i].backoff_end <= at
                       ? 1
                       : 0;
    }
    unsigned in_flight = count_in(self, NGROK_STATE_IN_FLIGHT), taken = in_flight;
    for (int i = 0; i < places; i++) {
        taken += self->ends[i] + self->limit.window * beyond > at ? 1 : 0;
    }
    return waiting > 0 && in_flight < self->cap && at >= pause_end() &&
           (self->limit.requests == 0 || taken < self->limit.requests);
}

static double due_of(const tracked *one) {
    return one->request == NULL                  ? INFINITY
           : one->state == NGROK_STATE_WAITING   ? one->entered + one->wait_left
           : one->state == NGROK_STATE_IN_FLIGHT ? one->entered + one->time_left
                                                 : INFINITY;
}

static bool something_is_due(const model *self, double at) {
    bool due = could_begin(self, at);
    for (int i = 0; i < most; i++) {
        due |= due_of(&self->all[i]) <= at;
    }
    return due;
}

static tracked *find(model *self, const ngrok_request *request) {
    for (int i = 0; i < most; i++) {
        if (self->all[i].request == request) {
            return &self->all[i];
        }
    }
    return NULL;
}

/* Reads what the engine made of it; the budgets are counted here. */
static void follow(model *self, tracked *one) {
    double spent = self->now - one->entered;
    ngrok_state before = one->state;
    one->wait_left -= before == NGROK_STATE_WAITING ? spent : 0;
    one->time_left -= before == NGROK_STATE_WAITING ? 0 : spent;
    one->entered = self->now;
    one->state = one->request->state;
    if (one->state == NGROK_STATE_BACKING_OFF) {
        one->backoff_end = one->request->deadline;
        CHECK(one->backoff_end < self->now + one->time_left);
        self->retried++;
    } else if (one->state == NGROK_STATE_COMPLETED) {
        ngrok_engine_collect(self->engine, one->request);
        *one = (tracked){0};
    }
}

/* Back-offs end, and hopeless ones with them, as a part of something else. */
static void follow_all(model *self) {
    for (int i = 0; i < most; i++) {
        tracked *one = &self->all[i];
        if (one->request != NULL && one->request->state != one->state) {
            follow(self, one);
        }
    }
}

static void submit_some(model *self) {
    for (int i = 0; i < most; i++) {
        tracked *one = &self->all[i];
        if (one->request != NULL || chance(3) > 0) {
            continue;
        }
        ngrok_budget budget = {chance_seconds(20), chance(3) == 0 ? INFINITY : chance_seconds(30),
                               chance(4)};
        *one = (tracked){
            .entered = self->now,
            .wait_left = budget.max_wait,
            .time_left = budget.timeout,
            .state = NGROK_STATE_WAITING,
        };
        one->request =
            submit_with(self->engine, chance(3) == 0 ? "POST" : "PATCH", self->now, budget);
        ngrok_engine_queue(self->engine, one->request, self->now);
        self->submitted++;
        follow_all(self);
    }
}

static void give_response(model *self, tracked *one) {
    static const int statuses[] = {200, 200, 404, 503, 503, 429};
    unsigned which = chance(8);
    if (which < 6) {
        double retry_after = chance(2) == 0 ? -1.0 : (double)chance(5);
        note_end(self);
        self->refused += which == 5 ? 1 : 0;
        respond_at(self->engine, one->request, statuses[which], retry_after, self->now);
    } else if (which == 6) {
        note_end(self);
        fail_at(self->engine, one->request, sent, self->now);
    } else {
        fail_at(self->engine, one->request, unsent, self->now);
    }
    follow(self, one);
    follow_all(self);
}

static void response_due(model *self) {
    for (int i = 0; i < most; i++) {
        tracked *one = &self->all[i];
        if (one->request != NULL && one->state == NGROK_STATE_IN_FLIGHT &&
            one->response_at <= self->now) {
            give_response(self, one);
        }
    }
}

static void expire_due(model *self) {
    ngrok_request *request;
    while ((request = ngrok_engine_overdue(self->engine, self->now, false)) != NULL) {
        tracked *one = find(self, request);
        if (!CHECK(one != NULL)) {
            return;
        }
        CHECK(fabs(due_of(one) - self->now) < tiny);
        bool was_sent = chance(2) == 0;
        if (one->state == NGROK_STATE_IN_FLIGHT && was_sent) {
            note_end(self);
        }
        ngrok_engine_expire(self->engine, request, was_sent ? sent : unsent, self->now);
        self->expired++;
        follow(self, one);
        follow_all(self);
    }
}

static void begin_due(model *self) {
    ngrok_request *request;
    while ((request = ngrok_engine_ready(self->engine, self->now)) != NULL) {
        follow_all(self);
        tracked *one = find(self, request);
        if (!CHECK(one != NULL)) {
            return;
        }
        one->response_at = self->now + chance_seconds(6);
        self->admitted++;
    }
    follow_all(self);
}

static double next_response(const model *self) {
    double next = INFINITY;
    for (int i = 0; i < most; i++) {
        const tracked *one = &self->all[i];
        if (one->request != NULL && one->state == NGROK_STATE_IN_FLIGHT) {
            next = fmin(next, one->response_at);
        }
    }
    return next;
}

/* Nothing may have become due between two steps. */
static void check_not_late(const model *self, double next) {
    CHECK(!something_is_due(self, self->now - tiny));
    double last = fmin(next, self->now + 100);
    bool due_before = false;
    for (int i = 0; i < 64 && !due_before; i++) {
        double at = self->now + (last - tiny - self->now) * i / 63;
        due_before = at > self->now && something_is_due(self, at - tiny);
    }
    CHECK(!due_before);
}

static void run(model *self, uint64_t seed) {
    seed_chance(seed);
    unsigned requests = chance(4) == 0 ? 0 : 1 + chance(places);
    self->cap = 1 + chance(6);
    self->limit = (ngrok_limit){requests, 1 + chance_seconds(8)};
    self->engine = begin_limited(self->cap, requests, self->limit.window);
    for (int i = 0; i < places; i++) {
        self->ends[i] = -INFINITY;
    }
    double next_submit = 0;
    for (int turn = 0; turn < 150 && !check_failed; turn++) {
        response_due(self);
        expire_due(self);
        if (self->now >= next_submit) {
            submit_some(self);
            next_submit = self->now + chance_seconds(10);
        }
        begin_due(self);
        double next = fmin(next_response(self),
                           fmax(ngrok_engine_deadline(self->engine, self->now), self->now));
        check_not_late(self, next);
        self->now = fmin(next, next_submit);
    }
}

CASE(is_never_too_late_with_retries_and_a_limit) {
    unsigned submitted = 0, admitted = 0, retried = 0, expired = 0, refused = 0;
    for (uint64_t seed = 1; seed <= 400 && !check_failed; seed++) {
        model self = {0};
        run(&self, seed);
        submitted += self.submitted;
        admitted += self.admitted;
        retried += self.retried;
        expired += self.expired;
        refused += self.refused;
    }
    /* That all of it was tried. */
    CHECK(submitted > 1000 && admitted > 1000 && retried > 1000 && expired > 1000);
    CHECK(refused > 100);
}
