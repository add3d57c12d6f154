/* What happened to requests, for the trace hook: recorded while the engine works, read when it has
 * returned. Off until it is switched on.
 *
 * Ownership: a trace owns its events. */
#ifndef NGROK_TRACE_H
#define NGROK_TRACE_H

#include "engine/request.h"

typedef enum ngrok_event_type {
    NGROK_EVENT_SUBMITTED,
    NGROK_EVENT_WAITING,
    NGROK_EVENT_ATTEMPT,
    NGROK_EVENT_RETRY,
    NGROK_EVENT_DONE
} ngrok_event_type;

/* What a request waits for. */
typedef enum ngrok_reason {
    NGROK_REASON_NONE,
    NGROK_REASON_IN_FLIGHT,  /* the cap on requests in flight */
    NGROK_REASON_RATE_LIMIT, /* our own limit */
    NGROK_REASON_PAUSE,      /* the server refused one for coming too often */
    NGROK_REASON_BACKOFF     /* an attempt failed */
} ngrok_reason;

typedef struct ngrok_event {
    ngrok_event_type type;
    uint64_t request;
    unsigned attempt; /* how many have begun */
    ngrok_reason reason;
    /* How long it will wait; ATTEMPT: has waited; DONE: from submission to now. Below 0: not
     * known. */
    double seconds;
    /* RETRY and DONE: the result of the last attempt. */
    ngrok_kind kind;
    ngrok_phase phase;
    ngrok_outcome outcome;
    ngrok_timings timings;
    ngrok_response response; /* its body only of an API error, which says there what it is */
    char *message;           /* or NULL */
} ngrok_event;

typedef struct ngrok_trace {
    bool on;
    ngrok_event *events;
    size_t first, count, capacity;
} ngrok_trace;

/* Nothing where it is off. When memory runs out the event is lost, and no request with it. */
void ngrok_trace_record(ngrok_trace *trace, ngrok_event_type type, const ngrok_request *request,
                        ngrok_reason reason, double seconds);

/* The oldest event, or NULL; valid until the trace is used again. Dropping it is a call of its own,
 * so that a reader that fails finds it again. */
const ngrok_event *ngrok_trace_oldest(const ngrok_trace *trace);
void ngrok_trace_drop_oldest(ngrok_trace *trace);

void ngrok_trace_free(ngrok_trace *trace);

#endif
