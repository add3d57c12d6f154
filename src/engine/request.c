#include "engine/request.h"

#include "base/buffer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void ngrok_response_free(ngrok_response *response) {
    ngrok_bytes_free(response->body, response->body_length);
    ngrok_string_free(response->content_type);
    ngrok_string_free(response->operation_id);
    ngrok_string_free(response->retry_after);
    ngrok_string_free(response->date);
    *response = (ngrok_response){0};
}

ngrok_request *ngrok_request_new(const char *method, const char *target, const char *body,
                                 size_t body_length, ngrok_budget budget) {
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
    request->budget = budget;
    request->time_left = budget.timeout;
    request->wait_left = budget.max_wait;
    request->retry_after = -1;
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
    ngrok_response_free(&request->response);
    ngrok_string_free(request->message);
    ngrok_string_free(request->target);
    ngrok_bytes_free(request->body, request->attempt.body_length);
    free(request);
}

void ngrok_request_forget_attempt(ngrok_request *request) {
    ngrok_response_free(&request->response);
    ngrok_string_free(request->message);
    request->message = NULL;
    request->retry_after = -1;
    request->timings = (ngrok_timings){0};
    request->has_failed = false;
}

void ngrok_request_judge(ngrok_request *request, ngrok_kind kind, ngrok_phase phase,
                         ngrok_outcome outcome) {
    request->kind = kind;
    request->phase = phase;
    request->outcome = outcome;
}

ngrok_outcome ngrok_request_outcome(const ngrok_request *request) {
    return request->may_have_arrived ? NGROK_OUTCOME_UNKNOWN : NGROK_OUTCOME_NOT_SENT;
}

void ngrok_request_explain(ngrok_request *request, const char *message) {
    ngrok_string_free(request->message);
    request->message = ngrok_bytes_copy(message, strlen(message));
}

static void insert_after(ngrok_queue *queue, ngrok_request *previous, ngrok_request *request) {
    ngrok_request *next = previous != NULL ? previous->next : queue->first;
    request->previous = previous;
    request->next = next;
    *(previous != NULL ? &previous->next : &queue->first) = request;
    *(next != NULL ? &next->previous : &queue->last) = request;
    queue->length++;
}

void ngrok_queue_append(ngrok_queue *queue, ngrok_request *request) {
    insert_after(queue, queue->last, request);
}

void ngrok_queue_insert(ngrok_queue *queue, ngrok_request *request) {
    ngrok_request *previous = queue->last;
    while (previous != NULL && previous->id > request->id) {
        previous = previous->previous;
    }
    insert_after(queue, previous, request);
}

void ngrok_queue_remove(ngrok_queue *queue, ngrok_request *request) {
    *(request->previous != NULL ? &request->previous->next : &queue->first) = request->next;
    *(request->next != NULL ? &request->next->previous : &queue->last) = request->previous;
    request->previous = request->next = NULL;
    queue->length--;
}
