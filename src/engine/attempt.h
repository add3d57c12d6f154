/* What the engine and a transport tell each other about one attempt at a request. */
#ifndef NGROK_ATTEMPT_H
#define NGROK_ATTEMPT_H

#include <stdbool.h>
#include <stddef.h>

/* Where a request stood when its outcome was settled; the names are err.phase. */
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

/* `sent`: a part of the request may have reached the server, so that it may have acted on it. */
typedef struct ngrok_progress {
    ngrok_phase phase;
    bool sent;
} ngrok_progress;

/* What to send. The strings belong to the request and outlive the attempt. `transfer` is the
 * transport's own note, NULL when no transport holds the attempt. `late` is set when its time is
 * up: it must not begin to go out after that, because its response would not be read. `deferred` is
 * set where beginning it must do nothing for others: it begins when the transport is next asked to
 * perform.
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
    bool fresh;  /* it, or the next one when it is taken back, must go out on a new connection */
    bool out;    /* it was about to go out: nothing can hold it back any more */
    bool reused; /* it has gone out on a connection that was kept */
    bool responding; /* bytes of a response have come */
} ngrok_attempt;

/* Seconds that an attempt spent, by phase; 0 where it had no part in it (a connection that was kept
 * has no look-up) or the transport cannot tell. */
typedef struct ngrok_timings {
    double resolve, connect, tls;
    double first_byte; /* from when the request went out until the response began */
    double receive;
    double total;
} ngrok_timings;

/* An attempt that got no complete response. */
typedef struct ngrok_failure {
    ngrok_progress where;
    bool timed_out; /* a limit of the transport's own (connecting) struck */
    bool permanent; /* it would fail the same way again */
    bool starved;   /* the process had no descriptor left for it */
    int status;     /* of a response that was not complete; 0 for none */
    const char *message;
} ngrok_failure;

/* In bytes. A longer body is not read as an error: the API's errors have less than a thousand, and
 * each text of one is searched for secrets in the step that delivers it. */
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
