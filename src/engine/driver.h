/* One client's engine and transport, driven by the clock. No Lua.
 *
 * Ownership: drivers are reference-counted. A client holds one reference, and so does each handle
 * of a request. Closing (or the last release) cancels what is unfinished, destroys the transport
 * and wipes the key. Closed, a driver takes no new requests; those it completed can still be
 * collected.
 *
 * After a fork the child has a copy. The first call in the child cancels all requests that are not
 * completed there, because the parent carries them on, and restarts the transport. */
#ifndef NGROK_DRIVER_H
#define NGROK_DRIVER_H

#include "base/secret.h"
#include "base/url.h"
#include "engine/engine.h"
#include "engine/limiters.h"
#include "engine/transport.h"

#include <sys/types.h>

typedef struct ngrok_driver {
    ngrok_engine *engine;
    ngrok_limiter *limiter;             /* what all clients with this key share, or its own */
    const ngrok_transport_class *class; /* NULL: Lua performs the attempts */
    void *transport;
    ngrok_secret key;
    ngrok_url base;
    size_t max_response_bytes;
    bool closed;
    bool watched;      /* the host has asked for the descriptor, so its alarm must be kept */
    bool starved;      /* an attempt had no descriptor, and no step has said so yet */
    double wake_at;    /* when the Lua layer has something to do; INFINITY for never */
    double late_since; /* when an attempt of Lua's was first found late; INFINITY for none */
    unsigned references;
    int process; /* that used it last; see process.h */
} ngrok_driver;

/* With a limit of 0 requests the clients with the same key share nothing. The key is copied. NULL
 * when memory ran out. */
ngrok_driver *ngrok_driver_new(const char *key, size_t key_length, unsigned max_in_flight,
                               ngrok_limit limit);
void ngrok_driver_retain(ngrok_driver *driver);
void ngrok_driver_release(ngrok_driver *driver);

/* The engine, for what needs no transport. Follows a fork first. */
ngrok_engine *ngrok_driver_engine(ngrok_driver *driver);

/* Takes the transport over. */
void ngrok_driver_attach(ngrok_driver *driver, const ngrok_transport_class *class, void *transport);

/* Begins the request at once if the limits admit it, and ends it at once if they would keep it
 * longer than it may wait. Cancels it if the driver is closed: a finalizer may just have closed it.
 */
void ngrok_driver_submit(ngrok_driver *driver, ngrok_request *request);

/* Begins what may begin, without a step. */
void ngrok_driver_begin(ngrok_driver *driver);

/* Call it once in each turn of the host's loop, before a step. Cancels requests in flight whose
 * callers have left. Returns whether other callers are absent whose requests are not yet sent: then
 * the step must wait for the next turn, because it might send them. */
bool ngrok_driver_has_absent(ngrok_driver *driver);

/* Waits up to `seconds` for I/O, performs a bounded share of it, then expires and begins what is
 * due. Returns at once while a request is completed, and never waits forever while idle. */
void ngrok_driver_step(ngrok_driver *driver, double seconds);

/* Without a transport of our own: the next attempt for Lua to perform, or NULL. */
ngrok_request *ngrok_driver_next_attempt(ngrok_driver *driver);

/* From now on Lua holds the attempt, and may have sent it. */
void ngrok_driver_hold(ngrok_driver *driver, ngrok_request *request);

/* Seconds that the engine still grants a request in flight. */
double ngrok_driver_remaining(const ngrok_request *request);

/* Seconds that it may wait for the first byte on a kept connection. */
double ngrok_driver_patience(const ngrok_request *request);

/* The result of the attempt; ignored unless the request is in flight. The driver takes over
 * `response`. */
void ngrok_driver_respond(ngrok_driver *driver, ngrok_request *request, ngrok_response *response);
void ngrok_driver_fail(ngrok_driver *driver, ngrok_request *request, const ngrok_failure *failure);

/* False where there is nothing to cancel: it is completed, or the driver is closed. */
bool ngrok_driver_cancel(ngrok_driver *driver, ngrok_request *request);
void ngrok_driver_close(ngrok_driver *driver);

/* Makes the descriptor readable and the time-out 0 in so many seconds, until the next step after
 * that. Of several calls the earliest counts. */
void ngrok_driver_wake(ngrok_driver *driver, double seconds);

int ngrok_driver_descriptor(ngrok_driver *driver);

/* Seconds until a step is due: 0 while completions or attempts queue, INFINITY when idle. */
double ngrok_driver_timeout(ngrok_driver *driver);

/* ---- what driver_loop.c needs of driver.c ---- */

/* Each public function calls it first, as it may be the first to run in a child process. */
void ngrok_driver_follow_fork(ngrok_driver *driver);

/* Passes the results of the transport's attempts to the engine. */
void ngrok_driver_take_results(ngrok_driver *driver);

/* Takes the request's attempt back from the transport, and returns how far it got. */
ngrok_progress ngrok_driver_withdraw(ngrok_driver *driver, ngrok_request *request);

/* Withdraws and cancels the request; `why` is its message. False where it is completed. */
bool ngrok_driver_end(ngrok_driver *driver, ngrok_request *request, const char *why);

#endif
