/* Attempts that a driver without a transport hands over to its host, and what comes of them. */
#include "engine/driver.h"

#include "base/clock.h"
#include "engine/retry.h"

#include <math.h>
#include <time.h>

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

void ngrok_driver_respond(ngrok_driver *driver, ngrok_request *request, ngrok_response *response) {
    const char *text = response->retry_after;
    double seconds = text != NULL ? ngrok_retry_after(text, response->date, time(NULL)) : -1;
    ngrok_engine_respond(ngrok_driver_engine(driver), request, response, seconds,
                         ngrok_clock_now());
}

void ngrok_driver_fail(ngrok_driver *driver, ngrok_request *request, const ngrok_failure *failure) {
    ngrok_engine_fail(ngrok_driver_engine(driver), request, failure, ngrok_clock_now());
}
