/* A server in virtual time, and engines that share a limiter before it. A request arrives at the
 * server at any time between its admission and its response, and the server counts arrivals. */
#ifndef NGROK_SIMULATION_H
#define NGROK_SIMULATION_H

#include "chance.h"
#include "engine/fixture.h"

enum { simulated_engines = 2, simulated_cap = 16 };

/* How a exchange ends. */
typedef enum ending { END_RESPONSE, END_BREAK, END_UNSENT, END_CANCEL } ending;

typedef struct exchange {
    ngrok_request *request; /* NULL: free */
    ending way;
    double arrival, end; /* arrival: INFINITY for none */
} exchange;

typedef struct simulation {
    ngrok_limiter *limiter;
    ngrok_limit limits[simulated_engines];
    ngrok_engine *engines[simulated_engines];
    size_t engine_count;
    exchange in_flight[simulated_engines][simulated_cap];
    double *arrivals; /* in order of admission until simulation_check sorts them */
    size_t arrived, capacity;
    size_t admitted, completed;
    double last_end;
    unsigned most_latency; /* in 64ths of a second */
    bool troubled;         /* in_flight end in every way, not only with a response */
} simulation;

static inline void simulation_begin(simulation *self, size_t engine_count,
                                    const ngrok_limit *limits, size_t capacity) {
    *self = (simulation){.limiter = ngrok_limiter_new(), .engine_count = engine_count};
    self->arrivals = calloc(capacity, sizeof *self->arrivals);
    self->capacity = capacity;
    for (size_t i = 0; i < engine_count; i++) {
        self->limits[i] = limits[i];
        self->engines[i] = ngrok_engine_new(&(ngrok_engine_options){
            .max_in_flight = simulated_cap,
            .limit = limits[i],
            .limiter = self->limiter,
            .seed = chance(1000),
        });
    }
}

static inline void simulation_end(simulation *self) {
    for (size_t i = 0; i < self->engine_count; i++) {
        ngrok_engine_free(self->engines[i]);
    }
    ngrok_limiter_free(self->limiter);
    free(self->arrivals);
    end();
}

static inline void simulation_submit(const simulation *self, size_t which, double now,
                                     ngrok_budget budget) {
    (void)submit_with(self->engines[which], "GET", now, budget);
}

/* Whoever admits one must find a place free among those that arrived within its window and those
 * that may be about to. */
static inline size_t simulation_places_taken(const simulation *self, double window, double now) {
    size_t taken = 0;
    for (size_t i = self->arrived; i > 0; i--) {
        taken += self->arrivals[i - 1] > now - window ? 1 : 0;
    }
    return taken;
}

static inline void simulation_launch(simulation *self, size_t which, ngrok_request *request,
                                     double now) {
    exchange *one = self->in_flight[which];
    while (one->request != NULL) {
        one++;
    }
    ngrok_limit limit = self->limits[which];
    CHECK(simulation_places_taken(self, limit.window, now) < limit.requests);
    double latency = chance(self->most_latency + 1) / 64.0;
    one->request = request;
    one->way = self->troubled ? (ending)chance(4) : END_RESPONSE;
    one->end = now + latency;
    one->arrival = now + latency * chance(65) / 64.0;
    self->admitted++;
    bool arrives = one->way != END_UNSENT;
    if (arrives && CHECK(self->arrived < self->capacity)) {
        self->arrivals[self->arrived++] = one->arrival;
    }
}

static inline void simulation_end_exchange(simulation *self, size_t which, exchange *one,
                                           double now) {
    ngrok_request *request = one->request;
    switch (one->way) {
    case END_RESPONSE:
        respond_at(self->engines[which], request, 200, -1, now);
        break;
    case END_BREAK:
        fail_at(self->engines[which], request, sent, now);
        break;
    case END_UNSENT:
        fail_at(self->engines[which], request, unsent, now);
        break;
    case END_CANCEL:
        CHECK(ngrok_engine_cancel(self->engines[which], request, sent, "the request was cancelled",
                                  now));
        break;
    }
    one->request = NULL;
    self->last_end = now;
}

static inline void simulation_collect(simulation *self) {
    for (size_t i = 0; i < self->engine_count; i++) {
        ngrok_request *request;
        while ((request = ngrok_engine_completed(self->engines[i])) != NULL) {
            ngrok_engine_collect(self->engines[i], request);
            self->completed++;
        }
    }
}

/* What is due: ends of exchanges, then those whose time is up, then admissions. */
static inline void simulation_step(simulation *self, double now) {
    for (size_t i = 0; i < self->engine_count; i++) {
        for (size_t j = 0; j < simulated_cap; j++) {
            if (self->in_flight[i][j].request != NULL && self->in_flight[i][j].end <= now) {
                simulation_end_exchange(self, i, &self->in_flight[i][j], now);
            }
        }
    }
    for (size_t i = 0; i < self->engine_count; i++) {
        ngrok_request *request = ngrok_engine_overdue(self->engines[i], now, false);
        CHECK(request == NULL); /* time-outs are not simulated */
        while ((request = ngrok_engine_ready(self->engines[i], now)) != NULL) {
            simulation_launch(self, i, request, now);
        }
    }
    simulation_collect(self);
}

static inline double simulation_next(const simulation *self, double now) {
    double next = INFINITY;
    for (size_t i = 0; i < self->engine_count; i++) {
        next = fmin(next, ngrok_engine_deadline(self->engines[i], now));
        for (size_t j = 0; j < simulated_cap; j++) {
            if (self->in_flight[i][j].request != NULL) {
                next = fmin(next, self->in_flight[i][j].end);
            }
        }
    }
    return next;
}

static inline int simulation_compare(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* No window of that length, wherever it begins, has more arrivals than the limit. */
static inline void simulation_check(simulation *self, ngrok_limit limit) {
    qsort(self->arrivals, self->arrived, sizeof *self->arrivals, simulation_compare);
    size_t too_close = 0;
    for (size_t i = limit.requests; i < self->arrived; i++) {
        too_close += self->arrivals[i] - self->arrivals[i - limit.requests] <= limit.window ? 1 : 0;
    }
    CHECK_INTEGER(too_close, 0);
}

#endif
