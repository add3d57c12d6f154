/* The driver's work in each turn of the host's loop: it begins attempts, waits for I/O, reads
 * responses, and ends requests whose time is up. */
#include "base/clock.h"
#include "engine/attendance.h"
#include "engine/driver.h"

#include <math.h>

/* Bounds the reading before a time-out; see ngrok_driver_step. */
enum { most_events = 512 };

/* Seconds that a step goes on reading for attempts whose time is up: one event of a hostile server
 * can take tens of milliseconds. */
static const double longest_reading = 0.05;

static const ngrok_failure not_set_up = {
    .where = {NGROK_PHASE_CONNECT, false},
    .message = "the transfer could not be set up: out of memory",
};

static void begin_ready(ngrok_driver *driver) {
    if (driver->class == NULL) {
        return;
    }
    /* A transfer can end inside `start`, but only a step reports that. So a program that sends one
     * request after the other, and gets each response at once, lets its host's loop turn. */
    ngrok_request *request;
    while ((request = ngrok_engine_ready(driver->engine, ngrok_clock_now())) != NULL) {
        request->attempt.deferred = ngrok_engine_has_absent(driver->engine, ngrok_clock_now());
        if (!driver->class->start(driver->transport, &request->attempt)) {
            ngrok_driver_fail(driver, request, &not_set_up);
        }
    }
}

/* Seconds. The host hands over the response of a transport in Lua. A host that steps late may not
 * have done so yet: it gets one more turn of its loop. */
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
        ngrok_progress where = ngrok_driver_withdraw(driver, request);
        ngrok_engine_expire(driver->engine, request, where, now);
    }
}

static double time_left(const ngrok_driver *driver) {
    if (ngrok_engine_completed(driver->engine) != NULL) {
        return 0;
    }
    double now = ngrok_clock_now(), until_woken = fmax(driver->wake_at - now, 0);
    if (driver->closed) {
        return until_woken;
    }
    double seconds = ngrok_engine_deadline(driver->engine, now) - now;
    if (driver->class != NULL) {
        seconds = fmin(seconds, driver->class->timeout(driver->transport));
    } else if (!isinf(driver->late_since)) {
        seconds = driver->late_since + turn_of_host - now;
    }
    return fmin(fmax(seconds, 0), until_woken);
}

double ngrok_driver_timeout(ngrok_driver *driver) {
    ngrok_driver_follow_fork(driver);
    return time_left(driver);
}

static void set_alarm(ngrok_driver *driver) {
    if (driver->watched && driver->class != NULL) {
        driver->class->alarm(driver->transport, time_left(driver));
    }
}

void ngrok_driver_submit(ngrok_driver *driver, ngrok_request *request) {
    ngrok_driver_follow_fork(driver);
    ngrok_engine_submit(driver->engine, request, ngrok_clock_now());
    if (driver->closed) {
        ngrok_driver_close(driver); /* cancels this one, too */
        return;
    }
    begin_ready(driver);
    /* Only a step expires other requests, after it has read: a response that came while the host
     * was busy must not be lost. */
    ngrok_engine_queue(driver->engine, request, ngrok_clock_now());
    set_alarm(driver);
}

void ngrok_driver_begin(ngrok_driver *driver) {
    ngrok_driver_follow_fork(driver);
    if (!driver->closed) {
        begin_ready(driver);
        set_alarm(driver);
    }
}

bool ngrok_driver_has_absent(ngrok_driver *driver) {
    ngrok_driver_follow_fork(driver);
    double now = ngrok_clock_now();
    if (driver->closed) {
        return false;
    }
    ngrok_engine_note_turn(driver->engine, now);
    ngrok_request *request;
    while ((request = ngrok_engine_left(driver->engine, now)) != NULL) {
        (void)ngrok_driver_end(driver, request,
                               "the coroutine that waited for the request has ended");
    }
    set_alarm(driver);
    return ngrok_engine_has_absent(driver->engine, now);
}

static int perform(ngrok_driver *driver, double seconds) {
    if (driver->class != NULL) {
        int events = driver->class->perform(driver->transport, seconds);
        ngrok_driver_take_results(driver);
        return events;
    }
    if (seconds > 0) {
        ngrok_clock_sleep(seconds);
    }
    return 0;
}

void ngrok_driver_step(ngrok_driver *driver, double seconds) {
    ngrok_driver_follow_fork(driver);
    double wait = fmin(seconds, time_left(driver));
    if (!isinf(driver->wake_at) && driver->wake_at <= ngrok_clock_now()) {
        driver->wake_at = INFINITY;
    }
    if (driver->closed) {
        return;
    }
    if (isinf(wait) && ngrok_engine_unfinished(driver->engine) == NULL) {
        wait = 0; /* nothing would end the wait */
    }
    ngrok_engine_mark_late(driver->engine, ngrok_clock_now());
    /* I/O first: a response that has arrived counts, however late the host comes to read it. */
    int events = perform(driver, wait);
    /* All of it, if the time of a request is up: with many connections the response that came in
     * time may not be among the first events. */
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
    ngrok_driver_follow_fork(driver);
    if (driver->closed) {
        return false;
    }
    bool cancelled = ngrok_driver_end(driver, request, "the request was cancelled");
    if (cancelled) { /* otherwise this would stop an alarm that the host has not noticed yet */
        set_alarm(driver);
    }
    return cancelled;
}

void ngrok_driver_wake(ngrok_driver *driver, double seconds) {
    ngrok_driver_follow_fork(driver);
    driver->wake_at = fmin(driver->wake_at, ngrok_clock_now() + seconds);
    set_alarm(driver);
}

int ngrok_driver_descriptor(ngrok_driver *driver) {
    ngrok_driver_follow_fork(driver);
    if (driver->closed || driver->class == NULL) {
        return -1;
    }
    driver->watched = true;
    set_alarm(driver);
    return driver->class->descriptor(driver->transport);
}

/* ---- attempts that the host performs ---- */

ngrok_request *ngrok_driver_next_attempt(ngrok_driver *driver) {
    ngrok_engine *engine = ngrok_driver_engine(driver);
    bool hands_over = !driver->closed && driver->class == NULL;
    return hands_over ? ngrok_engine_ready(engine, ngrok_clock_now()) : NULL;
}

void ngrok_driver_hold(ngrok_driver *driver, ngrok_request *request) {
    request->attempt.transfer = driver;
    request->attempt.out = true;
}

double ngrok_driver_remaining(const ngrok_request *request) {
    return fmax(request->entered + request->time_left - ngrok_clock_now(), 0);
}

double ngrok_driver_patience(const ngrok_request *request) {
    return fmax(request->deadline - ngrok_clock_now(), 0);
}
