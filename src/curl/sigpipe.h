/* Keeps a write to a connection that the other end has closed from ending the process.
 *
 * libcurl before 7.87 lets OpenSSL write with plain write(2), which raises SIGPIPE then, and with
 * CURLOPT_NOSIGNAL (which a library needs: its host has threads) it does nothing about it. What to
 * do about signals is the host's decision, so its handler is left alone: the signal is blocked in
 * this thread meanwhile, and one that we caused is taken away. */
#ifndef NGROK_SIGPIPE_H
#define NGROK_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

typedef struct ngrok_sigpipe {
    sigset_t before;
    bool held;
    bool was_pending; /* one that was not ours, and stays */
} ngrok_sigpipe;

/* Every hold is followed by its release, in the same thread. */
void ngrok_sigpipe_hold(ngrok_sigpipe *guard);
void ngrok_sigpipe_release(const ngrok_sigpipe *guard);

#endif
