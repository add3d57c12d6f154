#include "engine/engine.h"

#include "base/text.h"
#include "engine/admission.h"
#include "engine/attendance.h"
#include "engine/retry.h"
#include "engine/waiting.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For how long an overdue request is spared while I/O makes progress. Long enough to read a
 * response that arrived while the host was away, short enough to end one that never ends. Seconds.
 */
static const double grace = 0.25;

/* Seconds. With less time left another attempt could only end as the last one did. */
static const double shortest_attempt = 0.02;

/* Seconds. Less time is not divided between two attempts: each would have too little. */
static const double shortest_shared = 1.0;

/* Seconds. A server that asks for more has most likely made a mistake, which must not shut a client
 * for ever. */
static const double longest_retry_after = 3600;

/* Seconds. A server that asks for no pause at all while it refuses is given this much: the header
 * counts whole seconds, so its zero may be almost one. */
static const double shortest_pause = 1.0;

/* A step looks at no more of the waiting requests, and ends no more: this takes a fraction of a
 * millisecond, and few programs have as many. */
enum { share_of_look = 512 };

struct ngrok_engine {
    ngrok_waiting waiting;
    ngrok_queue in_flight, backing_off, completed;
    size_t attended; /* of those in the queues */
    double due;      /* a lower bound of when the callers of those in flight are */
    unsigned max_in_flight;
    ngrok_admission admission;
    double paused_until; /* the limiter's, when the waiting ones were last held against it */
    uint64_t last_id;
    uint64_t chance;
    double wait_scale;
    double deadline;    /* a lower bound of all requests'; see ngrok_engine_overdue */
    double wait_end;    /* the same of those that wait; while they are looked at, of the others */
    double rest_end;    /* the same of those that rest */
    bool ends_hopeless; /* the look ends those that would wait in vain, too */
    ngrok_trace trace;
};

ngrok_engine *ngrok_engine_new(const ngrok_engine_options *options) {
    ngrok_engine *engine = calloc(1, sizeof *engine);
    if (engine == NULL) {
        return NULL;
    }
    if (!ngrok_admission_init(&engine->admission, options->limiter, options->limit)) {
        free(engine);
        return NULL;
    }
    engine->max_in_flight = options->max_in_flight;
    engine->chance = options->seed;
    engine->wait_scale = 1;
    engine->paused_until = -INFINITY;
    engine->due = INFINITY;
    engine->deadline = engine->wait_end = engine->rest_end = INFINITY;
    return engine;
}

void ngrok_engine_scale_waits(ngrok_engine *engine, double factor) {
    engine->wait_scale = factor;
}

static void forget(ngrok_engine *engine, ngrok_queue *from) {
    while (from->first != NULL) {
        ngrok_request *request = from->first;
        if (request->state == NGROK_STATE_IN_FLIGHT) {
            ngrok_admission_note_end(&engine->admission, request->entered);
        }
        request->attempt.transfer = NULL;
        ngrok_engine_collect(engine, request);
    }
}

void ngrok_engine_free(ngrok_engine *engine) {
    if (engine == NULL) {
        return;
    }
    forget(engine, &engine->waiting.queue);
    forget(engine, &engine->in_flight);
    forget(engine, &engine->backing_off);
    forget(engine, &engine->completed);
    ngrok_trace_free(&engine->trace);
    free(engine);
}

/* ---- states ---- */

static ngrok_queue *queue_of(ngrok_engine *engine, const ngrok_request *request) {
    switch (request->state) {
    case NGROK_STATE_WAITING:
        return &engine->waiting.queue;
    case NGROK_STATE_IN_FLIGHT:
        return &engine->in_flight;
    case NGROK_STATE_BACKING_OFF:
        return &engine->backing_off;
    case NGROK_STATE_COMPLETED:
        return &engine->completed;
    case NGROK_STATE_NEW:
    case NGROK_STATE_COLLECTED:
        break;
    }
    return NULL;
}

static void move(ngrok_engine *engine, ngrok_request *request, ngrok_state state) {
    ngrok_queue *from = queue_of(engine, request);
    if (request->state == NGROK_STATE_WAITING) {
        ngrok_waiting_remove(&engine->waiting, request);
    } else if (from != NULL) {
        ngrok_queue_remove(from, request);
    }
    request->state = state;
    ngrok_queue *to = queue_of(engine, request);
    if (state == NGROK_STATE_WAITING) {
        ngrok_waiting_add(&engine->waiting, request);
    } else if (to != NULL) {
        ngrok_queue_append(to, request);
    }
}

/* Each state spends of one budget: waiting for the limits has its own, so that a pause that the
 * server asks for does not use up the time for the response. */
static void charge(ngrok_request *request, double now) {
    double spent = fmax(now - request->entered, 0);
    if (request->state == NGROK_STATE_WAITING) {
        request->wait_left -= spent;
    } else if (request->state == NGROK_STATE_IN_FLIGHT ||
               request->state == NGROK_STATE_BACKING_OFF) {
        request->time_left -= spent;
    }
}

static void enter(ngrok_engine *engine, ngrok_request *request, ngrok_state state, double deadline,
                  double now) {
    charge(request, now);
    move(engine, request, state);
    request->entered = now;
    request->deadline = deadline;
    request->overdue_since = INFINITY;
    engine->deadline = fmin(engine->deadline, deadline);
}

static void wait_for_limits(ngrok_engine *engine, ngrok_request *request, double now) {
    enter(engine, request, NGROK_STATE_WAITING, now + request->wait_left, now);
    engine->wait_end = fmin(engine->wait_end, request->deadline);
}

static void settle(ngrok_engine *engine, ngrok_request *request, double now) {
    request->attempt.transfer = NULL;
    enter(engine, request, NGROK_STATE_COMPLETED, INFINITY, now);
    /* With nobody left to expire, an idle host need not be woken. */
    if (ngrok_engine_unfinished(engine) == NULL) {
        engine->deadline = engine->wait_end = engine->rest_end = INFINITY;
    }
    ngrok_trace_record(&engine->trace, NGROK_EVENT_DONE, request, NGROK_REASON_NONE,
                       now - request->submitted);
}

static void judge(ngrok_request *request, ngrok_kind kind, ngrok_phase phase,
                  ngrok_outcome outcome) {
    request->kind = kind;
    request->phase = phase;
    request->outcome = outcome;
}

/* What is known of a request that got no response to its last attempt, or none at all. */
static ngrok_outcome outcome_of(const ngrok_request *request) {
    return request->may_have_arrived ? NGROK_OUTCOME_UNKNOWN : NGROK_OUTCOME_NOT_SENT;
}

/* ---- the limits ---- */

static double earliest(const ngrok_engine *engine, unsigned position, double now) {
    return ngrok_admission_earliest(&engine->admission, position, now);
}

static ngrok_reason reason_to_wait(const ngrok_engine *engine, unsigned position, double now) {
    double until = earliest(engine, position, now);
    if (until <= now) {
        return NGROK_REASON_IN_FLIGHT;
    }
    return until <= ngrok_limiter_paused_until(engine->admission.limiter) ? NGROK_REASON_PAUSE
                                                                          : NGROK_REASON_RATE_LIMIT;
}

static void explain_wait(const ngrok_engine *engine, ngrok_request *request, unsigned position,
                         double now) {
    char message[200];
    double seconds = earliest(engine, position, now) - now;
    ngrok_seconds max_wait = ngrok_text_seconds(request->budget.max_wait);
    ngrok_seconds left = ngrok_text_seconds(round(seconds * 10) / 10);
    switch (reason_to_wait(engine, position, now)) {
    case NGROK_REASON_PAUSE:
        (void)snprintf(message, sizeof message,
                       "not admitted within max_wait (%s s): the server asked for a pause (HTTP "
                       "429), of which %s s are left",
                       max_wait.text, left.text);
        break;
    case NGROK_REASON_RATE_LIMIT:
        (void)snprintf(message, sizeof message,
                       "not admitted within max_wait (%s s): rate_limit (%u requests per %s s) "
                       "has no place for another %s s",
                       max_wait.text, engine->admission.limit.requests,
                       ngrok_text_seconds(engine->admission.limit.window).text, left.text);
        break;
    default:
        (void)snprintf(message, sizeof message,
                       "not admitted within max_wait (%s s): %u requests are in flight already",
                       max_wait.text, engine->max_in_flight);
    }
    ngrok_request_explain(request, message);
    request->retry_after = seconds > 0 ? seconds : -1;
}

/* A request that was tried before is given what came of that. */
static void end_waiting(ngrok_engine *engine, ngrok_request *request, unsigned position,
                        double now) {
    if (!request->has_failed) {
        explain_wait(engine, request, position, now);
        judge(request, NGROK_KIND_TIMEOUT, NGROK_PHASE_WAIT, outcome_of(request));
    }
    settle(engine, request, now);
}

/* At its deadline it would be overdue and not admitted. */
static bool would_wait_in_vain(const ngrok_request *request, double until) {
    return until >= request->deadline;
}

static bool has_waited_enough(const ngrok_engine *engine, const ngrok_request *request,
                              unsigned position, double now) {
    if (request->deadline <= now) {
        return true;
    }
    double until = engine->ends_hopeless ? earliest(engine, position, now) : now;
    return until > now && would_wait_in_vain(request, until);
}

static void begin_look(ngrok_engine *engine, bool ends_hopeless) {
    ngrok_waiting_look(&engine->waiting);
    engine->ends_hopeless = ends_hopeless;
    engine->wait_end = INFINITY;
}

/* Looks at the next share of them. */
static void go_on_looking(ngrok_engine *engine, double now) {
    const ngrok_waiting *waiting = &engine->waiting;
    for (unsigned left = share_of_look; waiting->at != NULL && left > 0; left--) {
        ngrok_request *request = waiting->at;
        if (has_waited_enough(engine, request, waiting->position, now)) {
            end_waiting(engine, request, waiting->position, now);
        } else {
            engine->wait_end = fmin(engine->wait_end, request->deadline);
            ngrok_waiting_look_on(&engine->waiting);
        }
    }
}

/* When the look must go on, or a new one begin. */
static double next_look(const ngrok_engine *engine, double now) {
    return engine->waiting.at != NULL ? now : engine->wait_end;
}

/* Ends the requests whose wait a pause has made hopeless: at once, or where there are many in the
 * next steps. */
static void end_hopeless(ngrok_engine *engine, double now) {
    begin_look(engine, true);
    go_on_looking(engine, now);
    engine->deadline = fmin(engine->deadline, next_look(engine, now));
}

/* Another client of the limiter, or another process, may have met with a refusal. */
static void notice_pause(ngrok_engine *engine, double now) {
    double until = ngrok_limiter_paused_until(engine->admission.limiter);
    if (until > engine->paused_until) {
        engine->paused_until = until;
        end_hopeless(engine, now);
    }
}

void ngrok_engine_submit(ngrok_engine *engine, ngrok_request *request, double now) {
    ngrok_request_retain(request);
    request->id = ++engine->last_id;
    request->entered = request->submitted = now;
    wait_for_limits(engine, request, now);
    ngrok_trace_record(&engine->trace, NGROK_EVENT_SUBMITTED, request, NGROK_REASON_NONE, -1);
}

void ngrok_engine_queue(ngrok_engine *engine, ngrok_request *request, double now) {
    if (request->state != NGROK_STATE_WAITING) {
        return;
    }
    unsigned position = (unsigned)engine->waiting.queue.length; /* it came last */
    double until = earliest(engine, position, now);
    bool must_wait = until > now || engine->in_flight.length + position > engine->max_in_flight;
    bool in_vain = must_wait && would_wait_in_vain(request, until);
    if (in_vain && engine->waiting.at != NULL) {
        /* Requests in front of it may be about to end: the look that is under way decides. */
        engine->ends_hopeless = true;
    } else if (in_vain) {
        end_waiting(engine, request, position, now);
    } else if (must_wait) {
        ngrok_trace_record(&engine->trace, NGROK_EVENT_WAITING, request,
                           reason_to_wait(engine, position, now), until > now ? until - now : -1);
    }
}

/* Seconds that are left to a in flight or backing off request for its response. */
static double time_left(const ngrok_request *request, double now) {
    return request->time_left - (now - request->entered);
}

/* One whose time ran out while the host did not look is not sent again: nobody would read the
 * response. */
static void end_rests(ngrok_engine *engine, double now) {
    if (now < engine->rest_end) {
        return;
    }
    ngrok_request *request, *next;
    engine->rest_end = INFINITY;
    for (request = engine->backing_off.first; request != NULL; request = next) {
        next = request->next;
        if (request->deadline > now) {
            engine->rest_end = fmin(engine->rest_end, request->deadline);
        } else if (time_left(request, now) >= shortest_attempt) {
            wait_for_limits(engine, request, now);
        } else {
            settle(engine, request, now);
        }
    }
}

/* Seconds for the first byte on a kept connection. Half of the time is left for a new connection,
 * as this one may be half open; see is_late. A request that cannot be sent again has all the time.
 */
static double patience(const ngrok_request *request) {
    bool shared = request->time_left >= shortest_shared &&
                  request->retries < request->budget.max_retries &&
                  ngrok_retry_is_repeatable(request->attempt.method);
    return shared ? request->time_left / 2 : request->time_left;
}

/* When `request`, the first of those that wait, may begin; INFINITY while that depends on others.
 */
static double next_begin(const ngrok_engine *engine, const ngrok_request *request, double now) {
    if (request == NULL || engine->in_flight.length >= engine->max_in_flight) {
        return INFINITY;
    }
    return fmin(earliest(engine, 1, now), ngrok_admission_next_look(&engine->admission, now));
}

ngrok_request *ngrok_engine_ready(ngrok_engine *engine, double now) {
    end_rests(engine, now);
    notice_pause(engine, now);
    ngrok_request *request = ngrok_attendance_first(&engine->waiting.queue);
    if (request == NULL || !ngrok_attendance_may_begin(request) ||
        engine->in_flight.length >= engine->max_in_flight ||
        !ngrok_admission_admit(&engine->admission, now)) {
        return NULL;
    }
    request->attempts++;
    request->attempt.late = request->attempt.responding = false;
    request->attempt.out = request->attempt.reused = false;
    ngrok_request_forget_attempt(request);
    double waited = now - request->entered;
    enter(engine, request, NGROK_STATE_IN_FLIGHT, now + patience(request), now);
    engine->due = fmin(engine->due, ngrok_attendance_due(request));
    ngrok_trace_record(&engine->trace, NGROK_EVENT_ATTEMPT, request, NGROK_REASON_NONE, waited);
    return request;
}

/* ---- callers that may leave ---- */

bool ngrok_engine_attend(ngrok_engine *engine, ngrok_request *request, double now) {
    if (queue_of(engine, request) == NULL) {
        return false;
    }
    engine->attended += request->attended ? 0 : 1;
    ngrok_attendance_arrive(request, now);
    engine->due = fmin(engine->due, ngrok_attendance_due(request));
    request->here = ngrok_attendance_first(&engine->waiting.queue) == request &&
                    next_begin(engine, request, now) <= now;
    return request->here;
}

ngrok_request *ngrok_engine_call_next(ngrok_engine *engine, double now) {
    ngrok_request *request = ngrok_attendance_first(&engine->waiting.queue);
    if (request == NULL || ngrok_attendance_may_begin(request) ||
        next_begin(engine, request, now) > now) {
        return NULL;
    }
    ngrok_attendance_call(request);
    return request;
}

bool ngrok_engine_has_absent(ngrok_engine *engine, double now) {
    bool found = false;
    if (now < engine->due) {
        return false;
    }
    engine->due = INFINITY;
    for (ngrok_request *request = engine->in_flight.first; request != NULL;
         request = request->next) {
        double due = ngrok_attendance_due(request);
        found = found || (due <= now && !request->attempt.out);
        engine->due = fmin(engine->due, due);
    }
    return found;
}

bool ngrok_engine_note_absent(ngrok_engine *engine, double now) {
    bool found = false;
    if (now < engine->due) {
        return false;
    }
    for (ngrok_request *request = engine->in_flight.first; request != NULL;
         request = request->next) {
        if (ngrok_attendance_due(request) <= now) {
            ngrok_attendance_call(request);
            found = true;
        }
    }
    return found;
}

ngrok_request *ngrok_engine_left(const ngrok_engine *engine, double now) {
    ngrok_request *request = engine->in_flight.first;
    while (request != NULL && !ngrok_attendance_has_left(request, now)) {
        request = request->next;
    }
    return request;
}

bool ngrok_engine_put_back(ngrok_engine *engine, ngrok_request *request, double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT || ngrok_attendance_due(request) > now) {
        return false;
    }
    ngrok_attendance_call(request);
    ngrok_admission_note_unsent(&engine->admission);
    request->attempt.transfer = NULL;
    wait_for_limits(engine, request, now);
    return true;
}

size_t ngrok_engine_unattended(const ngrok_engine *engine) {
    return ngrok_engine_pending(engine) - engine->attended;
}

/* ---- a window that processes share ---- */

void ngrok_engine_need_permits(ngrok_engine *engine) {
    engine->admission.by_permit = true;
}

unsigned ngrok_engine_wanted(ngrok_engine *engine, unsigned more, double now) {
    end_rests(engine, now);
    notice_pause(engine, now);
    size_t room = engine->max_in_flight - engine->in_flight.length;
    size_t count = ngrok_attendance_count(&engine->waiting.queue, (unsigned)room) + more;
    return ngrok_admission_wanted(&engine->admission, (unsigned)(count < room ? count : room), now);
}

void ngrok_engine_permit(ngrok_engine *engine, unsigned count) {
    engine->admission.permits += count;
}

void ngrok_engine_shut(ngrok_engine *engine, double until, double now) {
    ngrok_admission_shut(&engine->admission, until, now);
    end_hopeless(engine, now);
}

void ngrok_engine_pause(ngrok_engine *engine, double until, double now) {
    ngrok_limiter_pause(engine->admission.limiter, until);
    notice_pause(engine, now);
}

double ngrok_engine_paused_until(const ngrok_engine *engine) {
    return ngrok_limiter_paused_until(engine->admission.limiter);
}

ngrok_permits ngrok_engine_take_permits(ngrok_engine *engine) {
    return ngrok_admission_take_permits(&engine->admission);
}

/* ---- after an attempt ---- */

/* From 0 up to 1; splitmix64 by Sebastiano Vigna, https://prng.di.unimi.it/splitmix64.c */
static double next_chance(ngrok_engine *engine) {
    uint64_t z = engine->chance += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    z ^= z >> 31;
    return (double)(z >> 11) * 0x1p-53;
}

static bool rest(ngrok_engine *engine, ngrok_request *request, double seconds, double now) {
    if (request->retries >= request->budget.max_retries) {
        return false;
    }
    if (seconds + shortest_attempt >= time_left(request, now)) {
        return false;
    }
    request->retries++;
    ngrok_trace_record(&engine->trace, NGROK_EVENT_RETRY, request, NGROK_REASON_BACKOFF, seconds);
    enter(engine, request, NGROK_STATE_BACKING_OFF, now + seconds, now);
    engine->rest_end = fmin(engine->rest_end, request->deadline);
    return true;
}

static double backoff(ngrok_engine *engine, const ngrok_request *request) {
    double seconds = ngrok_retry_backoff(request->retries + 1, next_chance(engine));
    return fmax(seconds, request->retry_after) * engine->wait_scale;
}

/* Seconds; negative where the server does not say how many. */
static double pause_asked(const ngrok_engine *engine, double retry_after) {
    return retry_after < 0 ? -1 : fmax(retry_after, shortest_pause) * engine->wait_scale;
}

/* Pauses are charged to max_wait and not to max_retries: the server has done nothing yet. */
static bool wait_for_pause(ngrok_engine *engine, ngrok_request *request, double now) {
    double until = earliest(engine, 1, now);
    if (request->budget.max_retries == 0 || until - now >= request->wait_left ||
        time_left(request, now) < shortest_attempt) {
        return false;
    }
    ngrok_trace_record(&engine->trace, NGROK_EVENT_RETRY, request, NGROK_REASON_PAUSE, until - now);
    wait_for_limits(engine, request, now);
    return true;
}

static void go_on(ngrok_engine *engine, ngrok_request *request, ngrok_verdict verdict, double now) {
    request->attempt.transfer = NULL;
    request->has_failed = verdict != NGROK_VERDICT_FINAL;
    if ((verdict == NGROK_VERDICT_BACK_OFF &&
         rest(engine, request, backoff(engine, request), now)) ||
        (verdict == NGROK_VERDICT_AT_ONCE && rest(engine, request, 0, now)) ||
        (verdict == NGROK_VERDICT_PAUSE && wait_for_pause(engine, request, now))) {
        return;
    }
    settle(engine, request, now);
}

/* An earlier DELETE may have done what this one finds done. */
static bool is_success(const ngrok_request *request, int status) {
    bool gone = status == 404 && request->may_have_arrived &&
                strcmp(request->attempt.method, "DELETE") == 0;
    return gone || (status >= 200 && status < 300);
}

/* A refusal is about the last attempt only, and may be caused by what an earlier one did. A GET
 * changes nothing. */
static ngrok_outcome outcome_of_refusal(const ngrok_request *request) {
    bool may_have_acted = request->may_have_arrived && strcmp(request->attempt.method, "GET") != 0;
    return may_have_acted ? NGROK_OUTCOME_UNKNOWN : NGROK_OUTCOME_REJECTED;
}

static void judge_response(ngrok_request *request, int status) {
    if (is_success(request, status)) {
        judge(request, NGROK_KIND_NONE, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_NONE);
    } else if (status >= 300 && status < 500) {
        judge(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, outcome_of_refusal(request));
    } else {
        request->may_have_arrived = true;
        judge(request, NGROK_KIND_API, NGROK_PHASE_RECEIVE, NGROK_OUTCOME_UNKNOWN);
    }
}

static void keep_retry_after(ngrok_request *request, double asked) {
    request->retry_after = fmin(asked, longest_retry_after);
    if (asked > longest_retry_after) {
        char message[160];
        (void)snprintf(message, sizeof message,
                       "Retry-After asks for %.0f s, but the client waits %.0f s at most", asked,
                       longest_retry_after);
        ngrok_request_explain(request, message);
    }
}

void ngrok_engine_respond(ngrok_engine *engine, ngrok_request *request, ngrok_response *response,
                          double retry_after, double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT) {
        ngrok_response_free(response);
        return;
    }
    ngrok_admission_note_end(&engine->admission, now);
    request->response = *response;
    *response = (ngrok_response){0};
    int status = request->response.status;
    ngrok_verdict verdict = ngrok_retry_judge_response(request->attempt.method, status);
    judge_response(request, status);
    keep_retry_after(request, retry_after);
    if (verdict == NGROK_VERDICT_PAUSE) {
        ngrok_limiter_refused(engine->admission.limiter, engine->admission.limit,
                              pause_asked(engine, request->retry_after), now);
    } else {
        ngrok_limiter_passed(engine->admission.limiter, now);
    }
    go_on(engine, request, verdict, now);
    notice_pause(engine, now);
}

static void land_without_response(ngrok_engine *engine, ngrok_request *request,
                                  ngrok_progress where, double now) {
    /* Other kept connections may be as dead as this one. */
    request->attempt.fresh = request->attempt.fresh || request->attempt.reused;
    if (where.sent) {
        ngrok_admission_note_end(&engine->admission, now);
        request->may_have_arrived = true;
    } else {
        ngrok_admission_note_unsent(&engine->admission);
    }
}

void ngrok_engine_fail(ngrok_engine *engine, ngrok_request *request, const ngrok_failure *failure,
                       double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT) {
        return;
    }
    land_without_response(engine, request, failure->where, now);
    ngrok_request_explain(request, failure->message);
    request->response.status = failure->status;
    judge(request, failure->timed_out ? NGROK_KIND_TIMEOUT : NGROK_KIND_TRANSPORT,
          failure->where.phase, outcome_of(request));
    go_on(engine, request, ngrok_retry_judge_failure(request->attempt.method, failure), now);
}

/* ---- time ---- */

double ngrok_engine_deadline(const ngrok_engine *engine, double now) {
    const ngrok_request *first = ngrok_attendance_first(&engine->waiting.queue);
    return fmin(engine->deadline, next_begin(engine, first, now));
}

static double end_of_time(const ngrok_request *request) {
    return request->entered + request->time_left;
}

static bool is_silent(const ngrok_request *request) {
    return request->attempt.reused && !request->attempt.responding;
}

/* An attempt has all the time that there is, unless it hears nothing on a kept connection. */
static bool is_late(ngrok_request *request, double now) {
    if (request->deadline <= now && !is_silent(request)) {
        request->deadline = end_of_time(request);
    }
    return request->deadline <= now;
}

void ngrok_engine_mark_late(ngrok_engine *engine, double now) {
    if (now < engine->deadline) {
        return;
    }
    for (ngrok_request *request = engine->in_flight.first; request != NULL;
         request = request->next) {
        request->attempt.late = is_late(request, now);
    }
}

bool ngrok_engine_has_late(const ngrok_engine *engine, double now) {
    if (now < engine->deadline) {
        return false;
    }
    ngrok_request *request = engine->in_flight.first;
    while (request != NULL && !is_late(request, now)) {
        request = request->next;
    }
    return request != NULL;
}

/* Whether it is the connection's time that is up, and not the call's. */
static bool gives_up_connection(const ngrok_request *request) {
    return is_silent(request) && request->deadline < end_of_time(request);
}

static ngrok_request *first_overdue(const ngrok_engine *engine, double now, bool spare,
                                    double *next) {
    for (ngrok_request *request = engine->in_flight.first; request != NULL;
         request = request->next) {
        if (!is_late(request, now)) {
            *next = fmin(*next, request->deadline);
            continue;
        }
        request->overdue_since = fmin(request->overdue_since, now);
        if (!spare || now - request->overdue_since >= grace) {
            return request;
        }
        *next = now;
    }
    return NULL;
}

ngrok_request *ngrok_engine_overdue(ngrok_engine *engine, double now, bool busy) {
    if (now < engine->deadline) {
        return NULL;
    }
    double next = INFINITY;
    ngrok_request *request = first_overdue(engine, now, busy, &next);
    if (request != NULL) {
        /* Before its transport is told to let go. */
        request->attempt.fresh = request->attempt.fresh || gives_up_connection(request);
        return request;
    }
    if (engine->waiting.at == NULL && now >= engine->wait_end) {
        begin_look(engine, false);
    }
    go_on_looking(engine, now);
    /* Requests leave without touching this bound, so it is made exact only when it has passed.
     * ngrok_engine_ready ends rests: a request that need not wait for the limits after its rest is
     * not overdue, however little time it has. */
    engine->deadline = fmin(fmin(next, engine->rest_end), next_look(engine, now));
    return NULL;
}

static void give_up_connection(ngrok_engine *engine, ngrok_request *request, double now) {
    char message[80];
    (void)snprintf(message, sizeof message, "no response within %s s on a kept connection",
                   ngrok_text_seconds(request->deadline - request->entered).text);
    ngrok_request_explain(request, message);
    go_on(engine, request, NGROK_VERDICT_AT_ONCE, now);
}

static void time_out(ngrok_engine *engine, ngrok_request *request, double now) {
    char message[80];
    (void)snprintf(message, sizeof message, "no response within timeout (%s s)",
                   ngrok_text_seconds(request->budget.timeout).text);
    ngrok_request_explain(request, message);
    settle(engine, request, now);
}

void ngrok_engine_expire(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                         double now) {
    if (request->state != NGROK_STATE_IN_FLIGHT) {
        return;
    }
    bool has_time = gives_up_connection(request);
    land_without_response(engine, request, where, now);
    judge(request, NGROK_KIND_TIMEOUT, where.phase, outcome_of(request));
    if (has_time) {
        give_up_connection(engine, request, now);
    } else {
        time_out(engine, request, now);
    }
}

/* ---- the end ---- */

static void end_cancelled(ngrok_engine *engine, ngrok_request *request, ngrok_phase phase,
                          const char *why, double now) {
    ngrok_request_forget_attempt(request);
    ngrok_request_explain(request, why);
    judge(request, NGROK_KIND_CANCELLED, phase, outcome_of(request));
    settle(engine, request, now);
}

bool ngrok_engine_cancel(ngrok_engine *engine, ngrok_request *request, ngrok_progress where,
                         const char *why, double now) {
    if (request->state == NGROK_STATE_IN_FLIGHT) {
        land_without_response(engine, request, where, now);
    } else if (request->state == NGROK_STATE_WAITING || request->state == NGROK_STATE_BACKING_OFF) {
        where.phase = NGROK_PHASE_WAIT;
    } else {
        return false;
    }
    end_cancelled(engine, request, where.phase, why, now);
    return true;
}

void ngrok_engine_follow_fork(ngrok_engine *engine, uint64_t seed, double now) {
    ngrok_request *request;
    engine->chance = seed;
    while ((request = ngrok_engine_unfinished(engine)) != NULL) {
        bool in_flight = request->state == NGROK_STATE_IN_FLIGHT;
        request->may_have_arrived = request->may_have_arrived || in_flight;
        end_cancelled(engine, request, in_flight ? NGROK_PHASE_RECEIVE : NGROK_PHASE_WAIT,
                      "the process was forked: the request goes on in the parent", now);
    }
    (void)ngrok_admission_take_permits(&engine->admission);
}

ngrok_request *ngrok_engine_unfinished(ngrok_engine *engine) {
    return engine->in_flight.first != NULL     ? engine->in_flight.first
           : engine->backing_off.first != NULL ? engine->backing_off.first
                                               : engine->waiting.queue.first;
}

ngrok_request *ngrok_engine_completed(ngrok_engine *engine) {
    return engine->completed.first;
}

void ngrok_engine_collect(ngrok_engine *engine, ngrok_request *request) {
    engine->attended -= request->attended ? 1 : 0;
    move(engine, request, NGROK_STATE_COLLECTED);
    ngrok_request_release(request);
}

size_t ngrok_engine_pending(const ngrok_engine *engine) {
    return engine->waiting.queue.length + engine->in_flight.length + engine->backing_off.length +
           engine->completed.length;
}

ngrok_trace *ngrok_engine_trace(ngrok_engine *engine) {
    return &engine->trace;
}
