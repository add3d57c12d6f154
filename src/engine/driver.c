/* getpid and nanosleep are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "engine/driver.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "engine/attendance.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Bounds the reading before a time-out; see ngrok_driver_step. */
enum { most_events = 512 };

/* Seconds that a step goes on reading for attempts whose time is up: one event of a hostile server
 * can take tens of milliseconds. */
static const double longest_reading = 0.05;

/* Enough to tell clients apart that start at the same moment; nothing secret depends on it. */
static uint64_t make_seed(const void *address) {
    return (uint64_t)(ngrok_clock_now() * 1e9) ^ ((uint64_t)getpid() << 40) ^
           (uint64_t)(uintptr_t)address;
}

static ngrok_limiter *take_limiter(const char *key, size_t key_length, ngrok_limit limit) {
    return limit.requests > 0 ? ngrok_limiters_take(key, key_length, ngrok_clock_now())
                              : ngrok_limiter_new();
}

static void drop_limiter(ngrok_driver *driver) {
    if (driver->limiter != NULL && !ngrok_limiters_give_back(driver->limiter, ngrok_clock_now())) {
        ngrok_limiter_free(driver->limiter);
    }
}

ngrok_driver *ngrok_driver_new(const char *key, size_t key_length, unsigned max_in_flight,
                               ngrok_limit limit) {
    ngrok_driver *driver = calloc(1, sizeof *driver);
    if (driver == NULL) {
        return NULL;
    }
    driver->references = 1;
    driver->late_since = INFINITY;
    driver->process = getpid();
    driver->limiter = take_limiter(key, key_length, limit);
    if (driver->limiter != NULL) {
        driver->engine = ngrok_engine_new(&(ngrok_engine_options){
            .max_in_flight = max_in_flight,
            .limit = limit,
            .limiter = driver->limiter,
            .seed = make_seed(driver),
        });
    }
    if (driver->engine == NULL || !ngrok_secret_set(&driver->key, key, key_length)) {
        ngrok_driver_release(driver);
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
    drop_limiter(driver);
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
        request->timings = result.timings;
        if (result.has_response) {
            ngrok_driver_respond(driver, request, &result.response);
        } else {
            result.failure.message = result.message;
            driver->starved = driver->starved || result.failure.starved;
            ngrok_driver_fail(driver, request, &result.failure);
        }
    }
}

static const ngrok_failure not_set_up = {
    .where = {NGROK_PHASE_CONNECT, false},
    .message = "the transfer could not be set up: out of memory",
};

static void begin_ready(ngrok_driver *driver) {
    if (driver->class == NULL) {
        return;
    }
    /* A transfer can end inside `start`. Only a step finds that out all the same: a program that
     * asks again and again, and gets its response at once, must let its host's loop turn in
     * between. */
    ngrok_request *request;
    while ((request = ngrok_engine_ready(driver->engine, ngrok_clock_now())) != NULL) {
        request->attempt.deferred = ngrok_engine_has_absent(driver->engine, ngrok_clock_now());
        if (!driver->class->start(driver->transport, &request->attempt)) {
            ngrok_driver_fail(driver, request, &not_set_up);
        }
    }
}

static ngrok_progress withdraw(ngrok_driver *driver, ngrok_request *request) {
    /* Lua does not tell how far it got with an attempt. Once it has it, the worst is assumed. */
    ngrok_progress where = {NGROK_PHASE_RECEIVE, true};
    bool is_held = request->attempt.transfer != NULL;
    if (request->state == NGROK_STATE_IN_FLIGHT && driver->class != NULL && is_held) {
        where = driver->class->abort(driver->transport, &request->attempt);
    } else if (request->state == NGROK_STATE_IN_FLIGHT && driver->class == NULL && !is_held) {
        where = (ngrok_progress){NGROK_PHASE_CONNECT, false};
    }
    return where;
}

/* Seconds. The host hands over the response of a transport in Lua. A host that steps late may not
 * have come to that, but does so when its loop has turned once. */
static const double turn_of_host = 0.01;

static bool awaits_host(ngrok_driver *driver, double now) {
    bool waits = driver->class == NULL && ngrok_engine_has_late(driver->engine, now);
    if (waits) {
        driver->late_since = fmin(driver->late_since, now);
        waits = now - driver->late_since < turn_of_host - 1e-6; /* a sleep may end a bit early */
    }
    if (!waits) {
        driver->late_since = INFINITY;
    }
    return waits;
}

static void expire_overdue(ngrok_driver *driver, bool busy) {
    ngrok_request *request;
    double now = ngrok_clock_now();
    while ((request = ngrok_engine_overdue(driver->engine, now, busy)) != NULL) {
        ngrok_engine_expire(driver->engine, request, withdraw(driver, request), now);
    }
}

static const char was_closed[] = "the client was closed";

/* Of a driver without unfinished requests. */
static void shut(ngrok_driver *driver) {
    driver->closed = true;
    if (driver->class != NULL) {
        driver->class->destroy(driver->transport);
        driver->class = NULL;
        driver->transport = NULL;
    }
    ngrok_secret_wipe(&driver->key);
}

static void follow_fork(ngrok_driver *driver) {
    pid_t process = getpid();
    if (driver->process == process) {
        return;
    }
    driver->process = process;
    if (driver->engine == NULL || driver->closed) {
        return;
    }
    ngrok_engine_follow_fork(driver->engine, make_seed(driver), ngrok_clock_now());
    if (driver->class != NULL && !driver->class->forked(driver->transport)) {
        shut(driver);
    }
}

static double time_left(const ngrok_driver *driver) {
    if (driver->woken || ngrok_engine_completed(driver->engine) != NULL) {
        return 0;
    }
    if (driver->closed) {
        return INFINITY;
    }
    double now = ngrok_clock_now();
    double seconds = ngrok_engine_deadline(driver->engine, now) - now;
    if (driver->class != NULL) {
        seconds = fmin(seconds, driver->class->timeout(driver->transport));
    } else if (!isinf(driver->late_since)) {
        seconds = driver->late_since + turn_of_host - now;
    }
    return fmax(seconds, 0);
}

ngrok_engine *ngrok_driver_engine(ngrok_driver *driver) {
    follow_fork(driver);
    return driver->engine;
}

double ngrok_driver_timeout(ngrok_driver *driver) {
    follow_fork(driver);
    return time_left(driver);
}

static void set_alarm(ngrok_driver *driver) {
    if (driver->watched && driver->class != NULL) {
        driver->class->alarm(driver->transport, time_left(driver));
    }
}

void ngrok_driver_submit(ngrok_driver *driver, ngrok_request *request) {
    follow_fork(driver);
    ngrok_engine_submit(driver->engine, request, ngrok_clock_now());
    if (driver->closed) {
        (void)ngrok_engine_cancel(driver->engine, request,
                                  (ngrok_progress){NGROK_PHASE_WAIT, false}, was_closed,
                                  ngrok_clock_now());
        return;
    }
    begin_ready(driver);
    /* All others are a step's to expire, which reads first: what has come for them while the host
     * was away must not be lost. */
    ngrok_engine_queue(driver->engine, request, ngrok_clock_now());
    set_alarm(driver);
}

void ngrok_driver_begin(ngrok_driver *driver) {
    follow_fork(driver);
    if (!driver->closed) {
        begin_ready(driver);
        set_alarm(driver);
    }
}

bool ngrok_driver_has_absent(ngrok_driver *driver) {
    follow_fork(driver);
    double now = ngrok_clock_now();
    if (driver->closed) {
        return false;
    }
    ngrok_engine_note_turn(driver->engine, now);
    ngrok_request *request;
    while ((request = ngrok_engine_left(driver->engine, now)) != NULL) {
        (void)ngrok_engine_cancel(driver->engine, request, withdraw(driver, request),
                                  "the caller has left", now);
    }
    set_alarm(driver);
    return ngrok_engine_has_absent(driver->engine, now);
}

/* An hour; a time_t cannot hold infinity, and who waits longer steps again. */
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
    follow_fork(driver);
    double wait = fmin(seconds, time_left(driver));
    driver->woken = false;
    if (driver->closed) {
        return;
    }
    if (isinf(wait) && ngrok_engine_unfinished(driver->engine) == NULL) {
        wait = 0; /* nothing could ever end it */
    }
    ngrok_engine_mark_late(driver->engine, ngrok_clock_now());
    /* I/O first: a response that has arrived counts, however late the host comes to read it. */
    int events = perform(driver, wait);
    /* And all of it, where the time of a request is up: with many connections the response that
     * came in time may not be among the first events. */
    double until = ngrok_clock_now() + longest_reading;
    for (int handled = events; handled < most_events && events > 0 && ngrok_clock_now() < until &&
                               ngrok_engine_has_late(driver->engine, ngrok_clock_now());
         handled += events) {
        events = perform(driver, 0);
    }
    expire_overdue(driver, events > 0 || awaits_host(driver, ngrok_clock_now()));
    begin_ready(driver);
    set_alarm(driver);
}

bool ngrok_driver_cancel(ngrok_driver *driver, ngrok_request *request) {
    follow_fork(driver);
    if (driver->closed) {
        return false;
    }
    bool cancelled = ngrok_engine_cancel(driver->engine, request, withdraw(driver, request),
                                         "the request was cancelled", ngrok_clock_now());
    if (cancelled) { /* else it would stop an alarm that has rung and was not heard yet */
        set_alarm(driver);
    }
    return cancelled;
}

void ngrok_driver_close(ngrok_driver *driver) {
    follow_fork(driver);
    if (driver->closed) {
        return;
    }
    if (driver->class != NULL) {
        take_results(driver); /* a response that has come is not cancelled */
    }
    ngrok_request *request;
    while (driver->engine != NULL && (request = ngrok_engine_unfinished(driver->engine)) != NULL) {
        (void)ngrok_engine_cancel(driver->engine, request, withdraw(driver, request), was_closed,
                                  ngrok_clock_now());
    }
    shut(driver);
}

void ngrok_driver_wake(ngrok_driver *driver) {
    follow_fork(driver);
    driver->woken = true;
    set_alarm(driver);
}

int ngrok_driver_descriptor(ngrok_driver *driver) {
    follow_fork(driver);
    if (driver->closed || driver->class == NULL) {
        return -1;
    }
    driver->watched = true;
    set_alarm(driver);
    return driver->class->descriptor(driver->transport);
}
