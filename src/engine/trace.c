#include "engine/trace.h"

#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

static char *copy(const char *text) {
    return text != NULL ? ngrok_bytes_copy(text, strlen(text)) : NULL;
}

static void copy_response(ngrok_response *to, const ngrok_response *from, bool with_body) {
    to->status = from->status;
    to->operation_id = copy(from->operation_id);
    if (with_body && from->body != NULL) {
        to->content_type = copy(from->content_type);
        to->body_length = from->body_length;
        to->body = from->body_length <= ngrok_longest_error
                       ? ngrok_bytes_copy(from->body, from->body_length)
                       : NULL;
    }
}

static bool make_room(ngrok_trace *trace) {
    if (trace->first > 0 && trace->first == trace->count) {
        trace->first = trace->count = 0;
    }
    if (trace->count < trace->capacity) {
        return true;
    }
    size_t capacity = trace->capacity > 0 ? trace->capacity * 2 : 16;
    ngrok_event *events = realloc(trace->events, capacity * sizeof *events);
    if (events == NULL) {
        return false;
    }
    trace->events = events;
    trace->capacity = capacity;
    return true;
}

void ngrok_trace_record(ngrok_trace *trace, ngrok_event_type type, const ngrok_request *request,
                        ngrok_reason reason, double seconds) {
    if (!trace->on || !make_room(trace)) {
        return;
    }
    ngrok_event *event = &trace->events[trace->count++];
    *event = (ngrok_event){
        .type = type,
        .request = request->id,
        .attempt = request->attempts,
        .reason = reason,
        .seconds = seconds,
    };
    if (type == NGROK_EVENT_RETRY || type == NGROK_EVENT_DONE) {
        event->kind = request->kind;
        event->phase = request->phase;
        event->outcome = request->outcome;
        event->timings = request->timings;
        copy_response(&event->response, &request->response, request->kind == NGROK_KIND_API);
        event->message = copy(request->message);
    }
}

const ngrok_event *ngrok_trace_oldest(const ngrok_trace *trace) {
    return trace->first < trace->count ? &trace->events[trace->first] : NULL;
}

void ngrok_trace_drop_oldest(ngrok_trace *trace) {
    ngrok_event *oldest = &trace->events[trace->first++];
    ngrok_response_free(&oldest->response);
    ngrok_string_free(oldest->message);
}

void ngrok_trace_free(ngrok_trace *trace) {
    while (ngrok_trace_oldest(trace) != NULL) {
        ngrok_trace_drop_oldest(trace);
    }
    free(trace->events);
    *trace = (ngrok_trace){0};
}
