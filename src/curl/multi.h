/* A multi handle of libcurl with its transfers. One poller watches all their sockets, so that a
 * host needs a single descriptor. See engine/transport.h for what a driver asks of it.
 *
 * Ownership: a multi owns its handle, its poller, its transfers and a copy of its settings. It
 * keeps pointers to attempts until their transfers are put back. */
#ifndef NGROK_MULTI_H
#define NGROK_MULTI_H

#include "curl/poller.h"
#include "curl/settings.h"
#include "curl/transfer.h"

typedef struct ngrok_multi ngrok_multi;

/* Makes the first transfer, too, so that a setting that libcurl refuses is reported before any
 * request. NULL on failure: `why` says what libcurl refuses, and with CURLE_OUT_OF_MEMORY errno
 * tells missing descriptors from missing memory. */
ngrok_multi *ngrok_multi_new(const ngrok_settings_given *given, CURLcode *why);
void ngrok_multi_free(ngrok_multi *self);

/* In a child process: leaves the parent's connections and transfers alone, and starts with none.
 * False when that failed: then it can only be freed. */
bool ngrok_multi_follow_fork(ngrok_multi *self);

/* Begins an attempt, or has a later call of ngrok_multi_serve begin it. False when memory ran out.
 */
bool ngrok_multi_start(ngrok_multi *self, ngrok_attempt *attempt);

/* Takes an attempt back, and returns how far it had come. */
ngrok_progress ngrok_multi_stop(ngrok_multi *self, ngrok_attempt *attempt);

/* Waits for at most `seconds` for something to serve. */
void ngrok_multi_wait(ngrok_multi *self, double seconds);

/* Performs a bounded share of the I/O that is possible, and begins a bounded number of the attempts
 * that wait. Returns how many events it served. */
int ngrok_multi_serve(ngrok_multi *self);

/* The next transfer that has ended, or NULL. It is to be put back. */
ngrok_transfer *ngrok_multi_take_ended(ngrok_multi *self);
void ngrok_multi_put_back(ngrok_multi *self, ngrok_transfer *done);

/* Seconds until there is something to do without an event on a socket; INFINITY for never. */
double ngrok_multi_timeout(const ngrok_multi *self);

ngrok_poller *ngrok_multi_poller(const ngrok_multi *self);

/* Whether SIGPIPE can be raised where libcurl may write: in free, start, stop and serve. */
bool ngrok_multi_raises_sigpipe(const ngrok_multi *self);

#endif
