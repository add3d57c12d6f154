/* clock_gettime and nanosleep are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "driver.h"

#include "buffer.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* Bounds the reading before a time-out; see ngrok_driver_step. */
enum { most_rounds = 64 };

static double clock_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

ngrok_driver *ngrok_driver_new(unsigned max_in_flight) {
    ngrok_driver *driver = calloc(1, sizeof *driver);
    if (driver == NULL) {
        return NULL;
    }
    driver->references = 1;
    driver->engine = ngrok_engine_new(max_in_flight);
    if (driver->engine == NULL) {
        free(driver);
        return NULL;
    }
    return driver;
}

void ngrok_driver_retain(ngrok_driver *driver) {
    driver->references++;
}

void ngrok_driver_release(ngrok_driver *driver) {
    if (--driver->references > 0) {
        return;
    }
    ngrok_driver_close(driver);
    ngrok_engine_free(driver->engine);
    ngrok_bytes_free(driver, sizeof *driver); /* a base URL may have the key in its path */
}

void ngrok_driver_attach(ngrok_driver *driver, const ngrok_transport_class *class,
                         void *transport) {
    driver->class = class;
    driver->transport = transport;
}

/* attempt is a request's first member; see engine.h. */
static ngrok_request *request_of(ngrok_attempt *attempt) {
    return (ngrok_request *)attempt;
}

static void take_results(ngrok_driver *driver) {
    ngrok_finished result;
    while (driver->class->finished(driver->transport, &result)) {
        ngrok_request *request = request_of(result.attempt);
        if (result.answered) {
            ngrok_engine_respond(driver->engine, request, &result.answer);
        } else {
            ngrok_engine_fail(driver->engine, request, result.where, result.timed_out,
                              result.message);
        }
    }
}

static void begin_ready(ngrok_driver *driver) {
    if (driver->class == NULL) {
        return;
    }
    ngrok_request *request;
    while ((request = ngrok_engine_ready(driver->engine, clock_now())) != NULL) {
        if (!driver->class->start(driver->transport, &request->attempt)) {
            ngrok_engine_fail(driver->engine, request, (ngrok_standing){NGROK_PHASE_CONNECT, false},
                              false,
                              "the transfer could not be set up: out of memory or descriptors");
        }
        /* A transfer can end inside `start`; its place is free for the next one then. */
        take_results(driver);
    }
}

static ngrok_standing withdraw(ngrok_driver *driver, ngrok_request *request) {
    /* Lua does not tell how far it got with an attempt, so the worst is assumed. */
    ngrok_standing where = {NGROK_PHASE_RECEIVE, true};
    if (request->state == NGROK_STATE_FLYING && driver->class != NULL &&
        request->attempt.carrier != NULL) {
        where = driver->class->abort(driver->transport, &request->attempt);
    }
    return where;
}

static void expire_overdue(ngrok_driver *driver, bool busy) {
    ngrok_request *request;
    double now = clock_now();
    while ((request = ngrok_engine_overdue(driver->engine, now, busy)) != NULL) {
        ngrok_engine_expire(driver->engine, request, withdraw(driver, request));
    }
}

double ngrok_driver_timeout(ngrok_driver *driver) {
    if (driver->woken || ngrok_engine_completed(driver->engine) != NULL) {
        return 0;
    }
    if (driver->closed) {
        return INFINITY;
    }
    if (ngrok_engine_has_ready(driver->engine)) {
        return 0;
    }
    double seconds = ngrok_engine_deadline(driver->engine) - clock_now();
    if (driver->class != NULL) {
        seconds = fmin(seconds, driver->class->timeout(driver->transport));
    }
    return fmax(seconds, 0);
}

static void set_alarm(ngrok_driver *driver) {
    if (driver->watched && driver->class != NULL) {
        driver->class->alarm(driver->transport, ngrok_driver_timeout(driver));
    }
}

void ngrok_driver_submit(ngrok_driver *driver, ngrok_request *request) {
    ngrok_engine_submit(driver->engine, request, clock_now());
    if (driver->closed) {
        (void)ngrok_engine_cancel(driver->engine, request,
                                  (ngrok_standing){NGROK_PHASE_WAIT, false});
        return;
    }
    begin_ready(driver);
    /* Whoever cannot wait is told at once. All others are a step's to expire, which reads first:
     * what has come for them while the host was away must not be lost. */
    if (request->state == NGROK_STATE_WAITING && request->max_wait <= 0 &&
        !ngrok_engine_has_ready(driver->engine)) {
        ngrok_engine_expire(driver->engine, request, (ngrok_standing){NGROK_PHASE_WAIT, false});
    }
    set_alarm(driver);
}

/* An hour; a time_t cannot hold infinity, and whoever waits longer comes back. */
static const double longest_sleep = 3600;

static void sleep_for(double seconds) {
    struct timespec time = {.tv_sec = (time_t)floor(seconds)};
    time.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
    (void)nanosleep(&time, NULL); /* a signal ends it early: the host may want to stop us */
}

static int perform(ngrok_driver *driver, double seconds) {
    if (driver->class != NULL) {
        int events = driver->class->perform(driver->transport, seconds);
        take_results(driver);
        return events;
    }
    if (seconds > 0) {
        sleep_for(fmin(seconds, longest_sleep));
    }
    return 0;
}

void ngrok_driver_step(ngrok_driver *driver, double seconds) {
    double wait = fmin(seconds, ngrok_driver_timeout(driver));
    driver->woken = false;
    if (driver->closed) {
        return;
    }
    if (isinf(wait) && ngrok_engine_unfinished(driver->engine) == NULL) {
        wait = 0; /* nothing could ever end it */
    }
    ngrok_engine_mark_late(driver->engine, clock_now());
    /* I/O first: an answer that has arrived counts, however late the host comes to read it. */
    int events = perform(driver, wait);
    /* And all of it, where somebody's time is up: with many connections the answer that came in
     * time may not be among the first events. */
    for (int round = 0;
         round < most_rounds && events > 0 && ngrok_engine_deadline(driver->engine) <= clock_now();
         round++) {
        events = perform(driver, 0);
    }
    expire_overdue(driver, events > 0);
    begin_ready(driver);
    set_alarm(driver);
}

ngrok_request *ngrok_driver_next_attempt(ngrok_driver *driver) {
    if (driver->closed || driver->class != NULL) {
        return NULL;
    }
    return ngrok_engine_ready(driver->engine, clock_now());
}

double ngrok_driver_remaining(const ngrok_request *request) {
    return fmax(request->deadline - clock_now(), 0);
}

void ngrok_driver_respond(ngrok_driver *driver, ngrok_request *request, ngrok_answer *answer) {
    ngrok_engine_respond(driver->engine, request, answer);
}

void ngrok_driver_fail(ngrok_driver *driver, ngrok_request *request, ngrok_standing where,
                       const char *message) {
    ngrok_engine_fail(driver->engine, request, where, false, message);
}

bool ngrok_driver_cancel(ngrok_driver *driver, ngrok_request *request) {
    if (driver->closed) {
        return false;
    }
    bool cancelled = ngrok_engine_cancel(driver->engine, request, withdraw(driver, request));
    set_alarm(driver);
    return cancelled;
}

void ngrok_driver_close(ngrok_driver *driver) {
    if (driver->closed) {
        return;
    }
    ngrok_request *request;
    while ((request = ngrok_engine_unfinished(driver->engine)) != NULL) {
        (void)ngrok_engine_cancel(driver->engine, request, withdraw(driver, request));
    }
    driver->closed = true;
    if (driver->class != NULL) {
        driver->class->destroy(driver->transport);
        driver->class = NULL;
        driver->transport = NULL;
    }
    ngrok_secret_wipe(&driver->key);
}

void ngrok_driver_wake(ngrok_driver *driver) {
    driver->woken = true;
    set_alarm(driver);
}

int ngrok_driver_descriptor(ngrok_driver *driver) {
    if (driver->closed || driver->class == NULL) {
        return -1;
    }
    driver->watched = true;
    set_alarm(driver);
    return driver->class->descriptor(driver->transport);
}
