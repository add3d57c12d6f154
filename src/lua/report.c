#include "lua/report.h"

#include "lua/redaction.h"

#include <string.h>

static const char *const kinds[] = {
    [NGROK_KIND_NONE] = NULL,
    [NGROK_KIND_TIMEOUT] = "timeout",
    [NGROK_KIND_TRANSPORT] = "transport",
    [NGROK_KIND_API] = "api",
    [NGROK_KIND_CANCELLED] = "cancelled",
};

static const char *const phases[] = {
    [NGROK_PHASE_VALIDATE] = "validate", [NGROK_PHASE_WAIT] = "wait",
    [NGROK_PHASE_RESOLVE] = "resolve",   [NGROK_PHASE_CONNECT] = "connect",
    [NGROK_PHASE_TLS] = "tls",           [NGROK_PHASE_SEND] = "send",
    [NGROK_PHASE_RECEIVE] = "receive",   [NGROK_PHASE_DECODE] = "decode",
};

static const char *const outcomes[] = {
    [NGROK_OUTCOME_NONE] = NULL,
    [NGROK_OUTCOME_NOT_SENT] = "not_sent",
    [NGROK_OUTCOME_UNKNOWN] = "unknown",
    [NGROK_OUTCOME_REJECTED] = "rejected",
};

static const char *const event_names[] = {
    [NGROK_EVENT_SUBMITTED] = "submitted", [NGROK_EVENT_WAITING] = "waiting",
    [NGROK_EVENT_ATTEMPT] = "attempt",     [NGROK_EVENT_RETRY] = "retry",
    [NGROK_EVENT_DONE] = "done",
};

static const char *const reasons[] = {
    [NGROK_REASON_NONE] = NULL,
    [NGROK_REASON_IN_FLIGHT] = "max_in_flight",
    [NGROK_REASON_RATE_LIMIT] = "rate_limit",
    [NGROK_REASON_PAUSE] = "pause",
    [NGROK_REASON_BACKOFF] = "backoff",
};

void ngrok_report_set_string(lua_State *L, const char *name, const char *value) {
    if (value != NULL) {
        lua_pushstring(L, value);
        lua_setfield(L, -2, name);
    }
}

void ngrok_report_set_number(lua_State *L, const char *name, double value) {
    compat_pushnumber(L, value);
    lua_setfield(L, -2, name);
}

void ngrok_report_set_integer(lua_State *L, const char *name, lua_Integer value) {
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

static void set_head(lua_State *L, const ngrok_response *response) {
    ngrok_report_set_integer(L, "status", response->status);
    ngrok_report_set_string(L, "content_type", response->content_type);
    ngrok_report_set_string(L, "operation_id", response->operation_id);
    ngrok_report_set_integer(L, "body_length", (lua_Integer)response->body_length);
}

static void set_response(lua_State *L, const ngrok_response *response) {
    set_head(L, response);
    if (response->body != NULL && response->body_length <= ngrok_longest_error) {
        lua_pushlstring(L, response->body, response->body_length);
        lua_setfield(L, -2, "body");
    }
}

static void set_failure(lua_State *L, ngrok_kind kind, ngrok_phase phase, ngrok_outcome outcome) {
    if (kind != NGROK_KIND_NONE) {
        ngrok_report_set_string(L, "kind", kinds[kind]);
        ngrok_report_set_string(L, "phase", phases[phase]);
        ngrok_report_set_string(L, "outcome", outcomes[outcome]);
    }
}

void ngrok_report_push(lua_State *L, const ngrok_request *request) {
    lua_createtable(L, 0, 8);
    ngrok_report_set_integer(L, "attempts", (lua_Integer)request->attempts);
    set_failure(L, request->kind, request->phase, request->outcome);
    if (request->kind != NGROK_KIND_NONE) {
        ngrok_report_set_string(L, "message", request->message);
    }
    if (request->retry_after >= 0) {
        ngrok_report_set_number(L, "retry_after", request->retry_after);
    }
    if (request->response.status != 0) {
        set_response(L, &request->response);
    }
}

void ngrok_report_push_response(lua_State *L, const ngrok_request *request,
                                const ngrok_secret *key) {
    const char *operation_id = request->response.operation_id;
    lua_createtable(L, 0, 4);
    ngrok_report_set_integer(L, "status", request->response.status);
    ngrok_report_set_integer(L, "attempts", (lua_Integer)request->attempts);
    ngrok_report_set_number(L, "seconds", request->entered - request->submitted);
    if (operation_id != NULL &&
        ngrok_redaction_may_show_id(key, operation_id, strlen(operation_id))) {
        ngrok_report_set_string(L, "operation_id", operation_id);
    }
}

void ngrok_report_push_undecodable(lua_State *L, const ngrok_request *request,
                                   const char *problem) {
    lua_createtable(L, 0, 8);
    ngrok_report_set_integer(L, "attempts", (lua_Integer)request->attempts);
    ngrok_report_set_string(L, "kind", "decode");
    ngrok_report_set_string(L, "phase", phases[NGROK_PHASE_DECODE]);
    ngrok_report_set_string(L, "outcome", outcomes[NGROK_OUTCOME_UNKNOWN]);
    ngrok_report_set_string(L, "message", problem);
    set_head(L, &request->response);
}

static void set_timings(lua_State *L, const ngrok_timings *timings) {
    if (timings->total <= 0) {
        return; /* not sent, or by a transport that cannot tell */
    }
    lua_createtable(L, 0, 6);
    ngrok_report_set_number(L, "resolve", timings->resolve);
    ngrok_report_set_number(L, "connect", timings->connect);
    ngrok_report_set_number(L, "tls", timings->tls);
    ngrok_report_set_number(L, "first_byte", timings->first_byte);
    ngrok_report_set_number(L, "receive", timings->receive);
    ngrok_report_set_number(L, "total", timings->total);
    lua_setfield(L, -2, "timings");
}

void ngrok_report_push_event(lua_State *L, const ngrok_event *event) {
    lua_createtable(L, 0, 8);
    ngrok_report_set_string(L, "name", event_names[event->type]);
    ngrok_report_set_integer(L, "request", (lua_Integer)event->request);
    ngrok_report_set_integer(L, "attempt", (lua_Integer)event->attempt);
    ngrok_report_set_string(L, "why", reasons[event->reason]);
    if (event->seconds >= 0) {
        ngrok_report_set_number(L, "seconds", event->seconds);
    }
    set_failure(L, event->kind, event->phase, event->outcome);
    ngrok_report_set_string(L, "message", event->message);
    if (event->response.status != 0) {
        set_response(L, &event->response);
    }
    set_timings(L, &event->timings);
}
