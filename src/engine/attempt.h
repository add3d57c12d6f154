/* What the engine and a transport tell each other about one attempt at a request. */
#ifndef NGROK_ATTEMPT_H
#define NGROK_ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>

/* How far a request got before its outcome was decided; err.phase has these names. */
typedef enum ngrok_phase {
    NGROK_PHASE_VALIDATE,
    NGROK_PHASE_WAIT,
    NGROK_PHASE_RESOLVE,
    NGROK_PHASE_CONNECT,
    NGROK_PHASE_TLS,
    NGROK_PHASE_SEND,
    NGROK_PHASE_RECEIVE,
    NGROK_PHASE_DECODE
} ngrok_phase;

/* `sent`: part of the request may have reached the server, which may have acted on it. */
typedef struct ngrok_progress {
    ngrok_phase phase;
    bool sent;
} ngrok_progress;

/* What to send. The strings belong to the request and outlive the attempt. `transfer` is the
 * transport's own data, NULL while no transport holds the attempt. `late` is set when its time is
 * up: the transport must not begin to send it after that, because its response would not be read.
 * `deferred` is set if beginning this attempt must not advance others: it begins in the next
 * `perform`.
 *
 * The transport sets `out`, `reused` and `responding` where it can, because the server of a kept
 * connection may have vanished without closing it. They are false when the attempt begins, and stay
 * as they are when it has ended. */
typedef struct ngrok_attempt {
    const char *method;
    const char *target; /* path and query, below the base URL; starts with a slash */
    const char *body;   /* NULL for none; else JSON */
    size_t body_length;
    void *transfer;
    bool late;
    bool deferred;
    bool fresh;      /* it, or the next one if it is withdrawn, needs a new connection */
    bool out;        /* it was about to be sent, and can no longer be held back */
    bool reused;     /* it was sent on a kept connection */
    bool responding; /* its response has begun to arrive */
} ngrok_attempt;

/* Seconds that an attempt spent in each phase; 0 for a phase that it skipped (a kept connection
 * needs no look-up) or that the transport cannot measure. */
typedef struct ngrok_timings {
    double resolve, connect, tls;
    double first_byte; /* from when the request went out until the response began */
    double receive;
    double total;
} ngrok_timings;

/* An attempt that got no complete response. */
typedef struct ngrok_failure {
    ngrok_progress where;
    bool timed_out; /* the transport's own time-out, for connecting, ended it */
    bool permanent; /* it would fail the same way again */
    bool starved;   /* the process had no descriptor left for it */
    int status;     /* of a response that was not complete; 0 for none */
    const char *message;
} ngrok_failure;

/* In bytes. A longer body is not parsed as an error: the API's errors have less than a thousand,
 * and one step searches every text of an error for secrets. */
enum { ngrok_longest_error = 1 << 16 };

/* A complete response. Every pointer is malloc'ed or NULL and owned by the holder of the struct. */
typedef struct ngrok_response {
    int status;
    char *body;
    size_t body_length;
    char *content_type;
    char *operation_id;
    char *retry_after; /* one line for each such header */
    char *date;        /* by the server's clock */
} ngrok_response;

void ngrok_response_free(ngrok_response *response);

#endif
