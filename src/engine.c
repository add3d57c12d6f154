#include "engine.h"

#include "buffer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For how long an overdue request is spared while I/O makes progress. Long enough to read an answer
 * that arrived while the host was away, short enough to end one that never ends. */
static const double grace = 1.0;

typedef struct list {
    ngrok_request *first, *last;
    size_t length;
} list;

struct ngrok_engine {
    list waiting, flying, completed;
    unsigned max_in_flight;
    uint64_t last_id;
    double deadline; /* a lower bound; see ngrok_engine_overdue */
};

static void append(list *to, ngrok_request *request) {
    request->previous = to->last;
    request->next = NULL;
    if (to->last != NULL) {
        to->last->next = request;
    } else {
        to->first = request;
    }
    to->last = request;
    to->length++;
}

static void withdraw(list *from, ngrok_request *request) {
    if (request->previous != NULL) {
        request->previous->next = request->next;
    } else {
        from->first = request->next;
    }
    if (request->next != NULL) {
        request->next->previous = request->previous;
    } else {
        from->last = request->previous;
    }
    request->previous = request->next = NULL;
    from->length--;
}

void ngrok_answer_free(ngrok_answer *answer) {
    ngrok_bytes_free(answer->body, answer->body_length);
    ngrok_string_free(answer->content_type);
    ngrok_string_free(answer->operation_id);
    ngrok_string_free(answer->retry_after);
    *answer = (ngrok_answer){0};
}

ngrok_request *ngrok_request_new(const char *method, const char *target, const char *body,
                                 size_t body_length, double timeout, double max_wait) {
    ngrok_request *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    request->references = 1;
    request->target = ngrok_bytes_copy(target, strlen(target));
    request->body = ngrok_bytes_copy(body, body_length);
    request->attempt = (ngrok_attempt){
        .method = method,
        .target = request->target,
        .body = request->body,
        .body_length = body_length,
    };
    if (request->target == NULL || (body != NULL && request->body == NULL)) {
        ngrok_request_release(request);
        return NULL;
    }
    request->timeout = timeout;
    request->max_wait = max_wait;
    request->overdue_since = INFINITY;
    return request;
}

void ngrok_request_retain(ngrok_request *request) {
    request->references++;
}

void ngrok_request_release(ngrok_request *request) {
    if (--request->references > 0) {
        return;
    }
    ngrok_answer_free(&request->answer);
    ngrok_string_free(request->message);
    ngrok_string_free(request->target);
    ngrok_bytes_free(request->body, request->attempt.body_length);
    free(request);
}

ngrok_engine *ngrok_engine_new(unsigned max_in_flight) {
    ngrok_engine *engine = calloc(1, sizeof *engine);
    if (engine != NULL) {
        engine->max_in_flight = max_in_flight;
        engine->deadline = INFINITY;
    }
    return engine;
}

static void forget(ngrok_engine *engine, list *from) {
    ngrok_request *request, *next;
    for (request = from->first; request != NULL; request = next) {
        next = request->next;
        request->attempt.carrier = NULL;
        ngrok_engine_collect(engine, request);
    }
}

void ngrok_engine_free(ngrok_engine *engine) {
    if (engine == NULL) {
        return;
    }
    forget(engine, &engine->waiting);
    forget(engine, &engine->flying);
    forget(engine, &engine->completed);
    free(engine);
}

static list *list_of(ngrok_engine *engine, const ngrok_request *request) {
    switch (request->state) {
    case NGROK_STATE_WAITING:
        return &engine->waiting;
    case NGROK_STATE_FLYING:
        return &engine->flying;
    case NGROK_STATE_COMPLETED:
        return &engine->completed;
    case NGROK_STATE_NEW:
    case NGROK_STATE_COLLECTED:
        break;
    }
    return NULL;
}

static void move(ngrok_engine *engine, ngrok_request *request, ngrok_state state) {
    list *from = list_of(engine, request);
    if (from != NULL) {
        withdraw(from, request);
    }
    request->state = state;
    list *to = list_of(engine, request);
    if (to != NULL) {
        append(to, request);
    }
}

static void set_deadline(ngrok_engine *engine, ngrok_request *request, double deadline) {
    request->deadline = deadline;
    request->overdue_since = INFINITY;
    if (deadline < engine->deadline) {
        engine->deadline = deadline;
    }
}

void ngrok_engine_submit(ngrok_engine *engine, ngrok_request *request, double now) {
    ngrok_request_retain(request);
    request->id = ++engine->last_id;
    move(engine, request, NGROK_STATE_WAITING);
    set_deadline(engine, request, now + request->max_wait);
}

bool ngrok_engine_has_ready(const ngrok_engine *engine) {
    return engine->waiting.first != NULL && engine->flying.length < engine->max_in_flight;
}

ngrok_request *ngrok_engine_ready(ngrok_engine *engine, double now) {
    if (!ngrok_engine_has_ready(engine)) {
        return NULL;
    }
    ngrok_request *request = engine->waiting.first;
    move(engine, request, NGROK_STATE_FLYING);
    request->attempts++;
    set_deadline(engine, request, now + request->timeout);
    return request;
}

static void settle(ngrok_engine *engine, ngrok_request *request, ngrok_kind kind, ngrok_phase phase,
                   ngrok_outcome outcome) {
    request->kind = kind;
    request->phase = phase;
    request->outcome = outcome;
    request->attempt.carrier = NULL;
    move(engine, request, NGROK_STATE_COMPLETED);
    /* With nobody left to expire, an idle host need not be woken. */
    if (engine->waiting.first == NULL && engine->flying.first == NULL) {
        engine->deadline = INFINITY;
    }
}

static void explain(ngrok_request *request, const char *message) {
    ngrok_string_free(request->message);
    request->message = ngrok_bytes_copy(message, strlen(message));
}

static ngrok_outcome outcome_of(ngrok_standing where) {
    return where.sent ? NGROK_OUTCOME_UNKNOWN : NGROK_OUTCOME_NOT_SENT;
}

void ngrok_engine_respond(ngrok_engine *engine, ngrok_request *request, ngrok_answer *answer) {
    if (request->state != NGROK_STATE_FLYING) {
        ngrok_answer_free(answer);
        return;
    }
    request->answer = *answer;
    *answer = (ngrok_answer){0};
    int status = request->answer.status;
    if (status >= 200 && status < 300) {
        settle(engine, request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
    } else if (status >= 300 && status < 500) {
        settle(engine, request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_REJECTED);
    } else {
        settle(engine, request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    }
}

void ngrok_engine_fail(ngrok_engine *engine, ngrok_request *request, ngrok_standing where,
                       bool timed_out, const char *message) {
    if (request->state != NGROK_STATE_FLYING) {
        return;
    }
    explain(request, message);
    settle(engine, request, timed_out ? NGROK_KIND_TIMEOUT : NGROK_KIND_TRANSPORT, where.phase,
           outcome_of(where));
}

double ngrok_engine_deadline(const ngrok_engine *engine) {
    return engine->deadline;
}

void ngrok_engine_mark_late(ngrok_engine *engine, double now) {
    if (now < engine->deadline) {
        return;
    }
    for (ngrok_request *request = engine->flying.first; request != NULL; request = request->next) {
        request->attempt.late = request->deadline <= now;
    }
}

static ngrok_request *first_overdue(list *among, double now, bool spare, double *earliest) {
    for (ngrok_request *request = among->first; request != NULL; request = request->next) {
        if (request->deadline > now) {
            *earliest = fmin(*earliest, request->deadline);
            continue;
        }
        request->overdue_since = fmin(request->overdue_since, now);
        if (!spare || now - request->overdue_since >= grace) {
            return request;
        }
        *earliest = now;
    }
    return NULL;
}

ngrok_request *ngrok_engine_overdue(ngrok_engine *engine, double now, bool busy) {
    if (now < engine->deadline) {
        return NULL;
    }
    double earliest = INFINITY;
    ngrok_request *request = first_overdue(&engine->waiting, now, false, &earliest);
    if (request == NULL) {
        request = first_overdue(&engine->flying, now, busy, &earliest);
    }
    /* Requests leave without touching this bound, so it is made true only when it has passed. */
    if (request == NULL) {
        engine->deadline = earliest;
    }
    return request;
}

void ngrok_engine_expire(ngrok_engine *engine, ngrok_request *request, ngrok_standing where) {
    char message[160];
    if (request->state == NGROK_STATE_WAITING) {
        (void)snprintf(message, sizeof message,
                       "not admitted within max_wait (%g s): %u requests are in flight already",
                       request->max_wait, engine->max_in_flight);
        where = (ngrok_standing){NGROK_PHASE_WAIT, false};
    } else if (request->state == NGROK_STATE_FLYING) {
        (void)snprintf(message, sizeof message, "no answer within timeout (%g s)",
                       request->timeout);
    } else {
        return;
    }
    explain(request, message);
    settle(engine, request, NGROK_KIND_TIMEOUT, where.phase, outcome_of(where));
}

bool ngrok_engine_cancel(ngrok_engine *engine, ngrok_request *request, ngrok_standing where) {
    if (request->state == NGROK_STATE_WAITING) {
        where = (ngrok_standing){NGROK_PHASE_WAIT, false};
    } else if (request->state != NGROK_STATE_FLYING) {
        return false;
    }
    explain(request, "the request was cancelled");
    settle(engine, request, NGROK_KIND_CANCELLED, where.phase, outcome_of(where));
    return true;
}

ngrok_request *ngrok_engine_unfinished(ngrok_engine *engine) {
    return engine->flying.first != NULL ? engine->flying.first : engine->waiting.first;
}

ngrok_request *ngrok_engine_completed(ngrok_engine *engine) {
    return engine->completed.first;
}

void ngrok_engine_collect(ngrok_engine *engine, ngrok_request *request) {
    move(engine, request, NGROK_STATE_COLLECTED);
    ngrok_request_release(request);
}

size_t ngrok_engine_pending(const ngrok_engine *engine) {
    return engine->waiting.length + engine->flying.length + engine->completed.length;
}
