#include "lua/attempt.h"

#include "base/clock.h"
#include "base/compat.h"
#include "base/text.h"
#include "engine/attendance.h"
#include "lua/report.h"

#include <string.h>

#define ATTEMPT "ngrok.attempt"

static void push_headers(lua_State *L, const ngrok_reference *self) {
    lua_createtable(L, 0, 4);
    lua_pushfstring(L, "Bearer %s", self->driver->key.bytes);
    lua_setfield(L, -2, "Authorization");
    ngrok_report_set_string(L, "Ngrok-Version", "2");
    if (self->request->attempt.body != NULL) {
        ngrok_report_set_string(L, "Content-Type", "application/json");
    }
}

/* attempt:description(base_url) -> table: method, url, timeout, patience, call_timeout, number,
 * headers, body. */
static int attempt_description(lua_State *L) {
    const ngrok_reference *self = ngrok_reference_check(L, ATTEMPT);
    (void)luaL_checkstring(L, 2);
    const ngrok_request *request = self->request;
    if (self->driver->closed) {
        return luaL_error(L, "the client is closed"); /* and its key is wiped */
    }
    lua_createtable(L, 0, 8);
    ngrok_report_set_string(L, "method", request->attempt.method);
    lua_pushvalue(L, 2);
    lua_pushstring(L, request->attempt.target);
    lua_concat(L, 2);
    lua_setfield(L, -2, "url");
    ngrok_report_set_number(L, "timeout", ngrok_driver_remaining(request));
    ngrok_report_set_number(L, "patience", ngrok_driver_patience(request));
    ngrok_report_set_number(L, "call_timeout", request->budget.timeout);
    lua_pushinteger(L, (lua_Integer)request->attempts);
    lua_setfield(L, -2, "number");
    push_headers(L, self);
    lua_setfield(L, -2, "headers");
    if (request->attempt.body != NULL) {
        lua_pushlstring(L, request->attempt.body, request->attempt.body_length);
        lua_setfield(L, -2, "body");
    }
    ngrok_driver_hold(self->driver, self->request);
    return 1;
}

/* Whether the key below the top is the header `name`, in any spelling. */
static bool is_header(lua_State *L, const char *name) {
    size_t length;
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &length) : NULL;
    return key != NULL && ngrok_text_equal_ignoring_case(key, length, name);
}

/* Replaces the text at `lines` by one with the value at the top as its last line, which it pops. Of
 * a number only its copy becomes a string. */
static void add_line(lua_State *L, int lines) {
    if (lua_isstring(L, -1)) {
        lua_pushvalue(L, lines);
        lua_insert(L, -2);
        lua_pushliteral(L, "\n");
        lua_concat(L, 3);
        lua_replace(L, lines);
    } else {
        lua_pop(L, 1);
    }
}

/* Pushes the values of the headers `name` of the table at `headers`, a line each; a value may be an
 * array, too. NULL when there is none. */
static const char *push_header_lines(lua_State *L, int headers, const char *name) {
    lua_pushliteral(L, "");
    int lines = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, headers) != 0) {
        size_t count = is_header(L, name) && lua_istable(L, -1) ? compat_rawlen(L, -1) : 0;
        for (size_t i = 1; i <= count; i++) {
            lua_rawgeti(L, -1, (int)i);
            add_line(L, lines);
        }
        if (is_header(L, name)) {
            add_line(L, lines);
        } else {
            lua_pop(L, 1);
        }
    }
    const char *text = lua_tostring(L, lines);
    return text[0] != '\0' ? text : NULL;
}

/* As above, but the first line alone. */
static const char *push_header(lua_State *L, int headers, const char *name) {
    const char *text = push_header_lines(L, headers, name);
    if (text == NULL) {
        return NULL;
    }
    lua_pushlstring(L, text, strcspn(text, "\n"));
    lua_replace(L, -2);
    return lua_tostring(L, -1);
}

static char *copy_text(const char *text) {
    return text != NULL ? ngrok_bytes_copy(text, strlen(text)) : NULL;
}

static bool is_current(const ngrok_reference *self) {
    return self->request->state == NGROK_STATE_IN_FLIGHT &&
           self->attempt == self->request->attempts && !self->driver->closed;
}

/* attempt:is_current() -> boolean: whether its response is still awaited. A weak table may hold an
 * attempt that was collected. */
static int attempt_is_current(lua_State *L) {
    const ngrok_reference *self = luaL_checkudata(L, 1, ATTEMPT);
    lua_pushboolean(L, self->request != NULL && is_current(self));
    return 1;
}

/* attempt:put_back() -> boolean: true where nothing may be sent now, because the caller may have
 * left. The attempt has then ended. */
static int attempt_put_back(lua_State *L) {
    const ngrok_reference *self = ngrok_reference_check(L, ATTEMPT);
    lua_pushboolean(L, is_current(self) && ngrok_engine_put_back(ngrok_driver_engine(self->driver),
                                                                 self->request, ngrok_clock_now()));
    return 1;
}

static void fail(const ngrok_reference *self, ngrok_phase phase, const char *message) {
    ngrok_failure failure = {.where = {phase, phase >= NGROK_PHASE_SEND}, .message = message};
    ngrok_driver_fail(self->driver, self->request, &failure);
}

static void fail_as_oversized(const ngrok_reference *self, int status, const char *message) {
    ngrok_failure failure = {
        .where = {NGROK_PHASE_RECEIVE, true},
        .permanent = true,
        .status = status,
        .message = message,
    };
    ngrok_driver_fail(self->driver, self->request, &failure);
}

/* attempt:respond(status, headers, body) -> boolean: false when it came too late. */
static int attempt_respond(lua_State *L) {
    const ngrok_reference *self = ngrok_reference_check(L, ATTEMPT);
    lua_Integer status = luaL_checkinteger(L, 2);
    luaL_checktype(L, 3, LUA_TTABLE);
    size_t length;
    const char *body = luaL_optlstring(L, 4, "", &length);
    bool current = is_current(self);
    if (current && length > self->driver->max_response_bytes) {
        lua_pushfstring(L, "the response exceeds max_response_bytes (%d)",
                        (int)self->driver->max_response_bytes);
        fail_as_oversized(self, (int)status, lua_tostring(L, -1));
    } else if (current) {
        const char *content_type = push_header(L, 3, "content-type");
        const char *operation_id = push_header(L, 3, "ngrok-operation-id");
        const char *retry_after = push_header_lines(L, 3, "retry-after");
        const char *date = push_header(L, 3, "date");
        /* From here on nothing of Lua's may raise: the copies would be lost. */
        ngrok_response response = {.status = (int)status, .body_length = length};
        response.body = ngrok_bytes_copy(body, length);
        response.content_type = copy_text(content_type);
        response.operation_id = copy_text(operation_id);
        response.retry_after = copy_text(retry_after);
        response.date = copy_text(date);
        if (response.body == NULL) {
            ngrok_response_free(&response);
            fail(self, NGROK_PHASE_RECEIVE, "out of memory while reading the response");
        } else {
            ngrok_driver_respond(self->driver, self->request, &response);
        }
    }
    lua_pushboolean(L, current);
    return 1;
}

/* attempt:fail(phase, message, manner) -> boolean: false when it came too late. */
static int attempt_fail(lua_State *L) {
    const ngrok_reference *self = ngrok_reference_check(L, ATTEMPT);
    static const char *const names[] = {"resolve", "connect", "tls", "send", "receive", NULL};
    static const char *const manners[] = {"passing", "permanent", "timeout", NULL};
    ngrok_phase phase = NGROK_PHASE_RESOLVE + (unsigned)luaL_checkoption(L, 2, "receive", names);
    const char *message = luaL_checkstring(L, 3);
    int manner = luaL_checkoption(L, 4, "passing", manners);
    bool current = is_current(self);
    if (current) {
        ngrok_failure failure = {
            .where = {phase, phase >= NGROK_PHASE_SEND},
            .permanent = manner == 1,
            .timed_out = manner == 2,
            .message = message,
        };
        ngrok_driver_fail(self->driver, self->request, &failure);
    }
    lua_pushboolean(L, current);
    return 1;
}

/* The transport has dropped the attempt without reporting a result. The request must not wait for
 * one. */
static int attempt_gc(lua_State *L) {
    ngrok_reference *self = lua_touserdata(L, 1);
    if (self->request != NULL && is_current(self)) {
        fail(self, NGROK_PHASE_RECEIVE, "the transport dropped the attempt without a response");
    }
    ngrok_reference_release(self);
    return 0;
}

/* ---- the metatable ---- */

static const luaL_Reg methods[] = {
    {"description", attempt_description},
    {"is_current", attempt_is_current},
    {"put_back", attempt_put_back},
    {"respond", attempt_respond},
    {"fail", attempt_fail},
    {NULL, NULL},
};

static const luaL_Reg metamethods[] = {
    {"__gc", attempt_gc},
    {NULL, NULL},
};

void ngrok_attempt_open(lua_State *L) {
    compat_newclass(L, ATTEMPT, metamethods, methods);
}

ngrok_reference *ngrok_attempt_push(lua_State *L) {
    return ngrok_reference_push(L, ATTEMPT);
}
