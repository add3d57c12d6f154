#include "engine/driver.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/process.h"
#include "engine/retry.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

/* Enough to tell clients apart that start at the same moment; nothing secret depends on it. */
static uint64_t make_seed(const void *address) {
    return (uint64_t)(ngrok_clock_now() * 1e9) ^ ((uint64_t)ngrok_process() << 40) ^
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
    driver->late_since = driver->wake_at = INFINITY;
    driver->process = ngrok_process();
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

void ngrok_driver_follow_fork(ngrok_driver *driver) {
    int process = ngrok_process();
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

ngrok_engine *ngrok_driver_engine(ngrok_driver *driver) {
    ngrok_driver_follow_fork(driver);
    return driver->engine;
}

void ngrok_driver_respond(ngrok_driver *driver, ngrok_request *request, ngrok_response *response) {
    const char *text = response->retry_after;
    double seconds = text != NULL ? ngrok_retry_after(text, response->date, time(NULL)) : -1;
    ngrok_engine_respond(ngrok_driver_engine(driver), request, response, seconds,
                         ngrok_clock_now());
}

void ngrok_driver_fail(ngrok_driver *driver, ngrok_request *request, const ngrok_failure *failure) {
    ngrok_engine_fail(ngrok_driver_engine(driver), request, failure, ngrok_clock_now());
}

/* attempt is a request's first member; see request.h. */
static ngrok_request *request_of(ngrok_attempt *attempt) {
    return (ngrok_request *)attempt;
}

void ngrok_driver_take_results(ngrok_driver *driver) {
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

ngrok_progress ngrok_driver_withdraw(ngrok_driver *driver, ngrok_request *request) {
    /* Lua does not report its progress, so an attempt that Lua holds counts as sent. */
    ngrok_progress where = {NGROK_PHASE_RECEIVE, true};
    bool is_held = request->attempt.transfer != NULL;
    if (request->state == NGROK_STATE_IN_FLIGHT && driver->class != NULL && is_held) {
        where = driver->class->abort(driver->transport, &request->attempt);
    } else if (request->state == NGROK_STATE_IN_FLIGHT && driver->class == NULL && !is_held) {
        where = (ngrok_progress){NGROK_PHASE_CONNECT, false};
    }
    return where;
}

bool ngrok_driver_end(ngrok_driver *driver, ngrok_request *request, const char *why) {
    ngrok_progress where = ngrok_driver_withdraw(driver, request);
    return ngrok_engine_cancel(driver->engine, request, where, why, ngrok_clock_now());
}

void ngrok_driver_close(ngrok_driver *driver) {
    ngrok_driver_follow_fork(driver);
    if (driver->class != NULL) {
        ngrok_driver_take_results(driver); /* a response that has come is not cancelled */
    }
    ngrok_request *request;
    while (driver->engine != NULL && (request = ngrok_engine_unfinished(driver->engine)) != NULL) {
        (void)ngrok_driver_end(driver, request, "the client was closed");
    }
    shut(driver);
}
