/* A request as the engine sees it, from submission to outcome, and queues of them.
 *
 * Ownership: requests are counted. ngrok_request_new gives the caller one reference; the engine
 * takes one of its own at submit and gives it up at collect (or when it is freed). The strings of
 * a request belong to it; code outside the engine may read every field, but sets only `timings`,
 * `subscribed` and the transport's fields of `attempt`. */
#ifndef NGROK_ENGINE_REQUEST_H
#define NGROK_ENGINE_REQUEST_H

#include "engine/attempt.h"

#include <stdint.h>

typedef enum ngrok_state {
    NGROK_STATE_NEW,
    NGROK_STATE_WAITING, /* for the limits */
    NGROK_STATE_IN_FLIGHT,
    NGROK_STATE_BACKING_OFF, /* between two attempts */
    NGROK_STATE_COMPLETED,
    NGROK_STATE_COLLECTED
} ngrok_state;

/* err.kind; NONE for a success. INVALID and DECODE are found above the engine. */
typedef enum ngrok_kind {
    NGROK_KIND_NONE,
    NGROK_KIND_TIMEOUT,
    NGROK_KIND_TRANSPORT,
    NGROK_KIND_API,
    NGROK_KIND_CANCELLED
} ngrok_kind;

/* err.outcome: what became of the request on the server's side. */
typedef enum ngrok_outcome {
    NGROK_OUTCOME_NONE,
    NGROK_OUTCOME_NOT_SENT,
    NGROK_OUTCOME_UNKNOWN,
    NGROK_OUTCOME_REJECTED
} ngrok_outcome;

/* What a call may spend. `timeout` counts from the first admission and covers every attempt and the
 * back-offs between them; `max_wait` bounds the waiting for the limits. Both in seconds. */
typedef struct ngrok_budget {
    double timeout;
    double max_wait;
    unsigned max_retries;
} ngrok_budget;

typedef struct ngrok_request ngrok_request;

struct ngrok_request {
    /* `attempt` comes first: a transport's pointer to it is a pointer to its request. */
    ngrok_attempt attempt;
    uint64_t id; /* from 1, in order of submission; 0 before it */
    ngrok_budget budget;

    /* The result of the last attempt; final once the request is completed. */
    ngrok_state state;
    ngrok_kind kind;
    ngrok_phase phase;
    ngrok_outcome outcome;
    unsigned attempts;
    ngrok_response response;
    char *message;      /* what went wrong, for API besides the server's text; may be NULL */
    double retry_after; /* seconds that the server or the limits ask to wait; below 0: none */
    ngrok_timings timings;

    /* The engine's own. */
    unsigned references;
    unsigned retries;      /* those that max_retries counts */
    bool has_failed;       /* kind to message are those of a failed attempt */
    bool may_have_arrived; /* the server may have acted on an attempt: no response says otherwise */
    double time_left;      /* of the timeout and of max_wait, when it entered its state */
    double wait_left;
    double entered; /* when it entered its state; of a collected one, COMPLETED */
    double submitted;
    double deadline; /* of the state it is in */
    double overdue_since;
    bool attended; /* see attendance.h */
    bool here;
    unsigned calls;
    double seen, longest_absence;
    char *target, *body;
    bool subscribed; /* the host wants to know its id when it is completed */
    ngrok_request *previous, *next;
};

/* `method` is a string literal; `target` and `body` (may be NULL) are copied. NULL when memory ran
 * out. */
ngrok_request *ngrok_request_new(const char *method, const char *target, const char *body,
                                 size_t body_length, ngrok_budget budget);
void ngrok_request_retain(ngrok_request *request);
void ngrok_request_release(ngrok_request *request);

/* Drops the result of the last attempt. */
void ngrok_request_forget_attempt(ngrok_request *request);

/* Sets the result. */
void ngrok_request_judge(ngrok_request *request, ngrok_kind kind, ngrok_phase phase,
                         ngrok_outcome outcome);

/* The outcome of a request whose last attempt got no response, or that had no attempt. */
ngrok_outcome ngrok_request_outcome(const ngrok_request *request);

/* Sets `message` to a copy, or to NULL when memory ran out. */
void ngrok_request_explain(ngrok_request *request, const char *message);

/* A request is in one queue at most; queues own nothing. */
typedef struct ngrok_queue {
    ngrok_request *first, *last;
    size_t length;
} ngrok_queue;

void ngrok_queue_append(ngrok_queue *queue, ngrok_request *request);
/* By its id: a request that is sent again goes in front of later ones. */
void ngrok_queue_insert(ngrok_queue *queue, ngrok_request *request);
void ngrok_queue_remove(ngrok_queue *queue, ngrok_request *request);

#endif
