#include "lua/handle.h"

#include "base/clock.h"
#include "base/compat.h"
#include "base/text.h"
#include "engine/attendance.h"
#include "lua/json.h"
#include "lua/reading.h"
#include "lua/report.h"

#include <string.h>

#define HANDLE "ngrok.request"
#define ATTEMPT "ngrok.attempt"

struct ngrok_handle {
    ngrok_driver *driver; /* both NULL until filled */
    ngrok_request *request;
    unsigned attempt; /* the number of the attempt that an attempt's userdata is for */
};

static ngrok_handle *push_box(lua_State *L, const char *metatable) {
    ngrok_handle *box = compat_newuserdata(L, sizeof *box);
    *box = (ngrok_handle){0};
    compat_setmetatable(L, metatable);
    return box;
}

ngrok_handle *ngrok_handle_push(lua_State *L) {
    return push_box(L, HANDLE);
}

ngrok_handle *ngrok_handle_push_attempt(lua_State *L) {
    return push_box(L, ATTEMPT);
}

void ngrok_handle_hold(ngrok_handle *box, ngrok_driver *driver, ngrok_request *request) {
    ngrok_driver_retain(driver);
    ngrok_request_retain(request);
    box->driver = driver;
    box->request = request;
    box->attempt = request->attempts;
}

static ngrok_handle *check_box(lua_State *L, const char *metatable) {
    ngrok_handle *box = luaL_checkudata(L, 1, metatable);
    if (box->request == NULL) {
        luaL_error(L, "this request was never submitted");
    }
    return box;
}

static void release(ngrok_handle *box) {
    if (box->request != NULL) {
        ngrok_request_release(box->request);
        ngrok_driver_release(box->driver);
        *box = (ngrok_handle){0};
    }
}

static bool is_done(const ngrok_request *request) {
    return request->state == NGROK_STATE_COMPLETED || request->state == NGROK_STATE_COLLECTED;
}

/* ---- handles ---- */

static int handle_done(lua_State *L) {
    lua_pushboolean(L, is_done(check_box(L, HANDLE)->request));
    return 1;
}

static int handle_cancel(lua_State *L) {
    ngrok_handle *box = check_box(L, HANDLE);
    lua_pushboolean(L, ngrok_driver_cancel(box->driver, box->request));
    return 1;
}

/* handle:attend() -> boolean: its caller is here until `leave`; see engine.h. */
static int handle_attend(lua_State *L) {
    const ngrok_handle *box = check_box(L, HANDLE);
    lua_pushboolean(
        L, ngrok_engine_attend(ngrok_driver_engine(box->driver), box->request, ngrok_clock_now()));
    return 1;
}

static int handle_leave(lua_State *L) {
    ngrok_attendance_leave(check_box(L, HANDLE)->request);
    return 0;
}

static void retire(const ngrok_handle *box) {
    if (box->request->state == NGROK_STATE_COMPLETED) {
        ngrok_engine_collect(box->driver->engine, box->request);
    }
}

/* handle:retire(): no later step reports that it is done. */
static int handle_retire(lua_State *L) {
    retire(check_box(L, HANDLE));
    return 0;
}

enum { take_request = 2, take_reader, take_into, take_is_last, take_client };

/* Pushes the value of a success: an item, a page, the JSON itself where the reader is true, or true
 * where there is no reader. If the response is wrong, returns false and pushes the reason, or nil
 * where it is not JSON. */
static bool push_value(lua_State *L, const ngrok_handle *box) {
    const ngrok_response *response = &box->request->response;
    if (lua_isnil(L, take_reader)) {
        lua_pushboolean(L, true);
        return true;
    }
    lua_pushlstring(L, response->body != NULL ? response->body : "", response->body_length);
    if (!ngrok_json_decode(L, -1)) {
        lua_pushnil(L);
        return false;
    }
    if (lua_isboolean(L, take_reader)) {
        if (lua_istable(L, -1)) {
            ngrok_json_strip(L, -1);
        }
        return true;
    }
    ngrok_reading reading = {take_reader, take_into, take_client, &box->driver->key};
    return ngrok_reading_push(L, &reading);
}

/* handle:take(request, reader, into, is_last): takes a finished request over, once. Sets `value` or
 * `report` (see report.h) of the table `request`, and `settled`; its `client` is the one that
 * resources belong to. Then the body is wiped: Lua's collector does not see its size, and a
 * response to create has a token in it. All in one call, so that no error in between loses the
 * response.
 * - reader: see reading.h; true for the response's JSON without its nulls; nil where a success has
 *   no body that matters
 * - into: the resource that the response is written to, or the id that it must have, or nil
 * - is_last: whether no step has to report any more that the request is done */
static int handle_take(lua_State *L) {
    const ngrok_handle *box = check_box(L, HANDLE);
    ngrok_request *request = box->request;
    luaL_checktype(L, 2, LUA_TTABLE);
    if (!is_done(request)) {
        return luaL_error(L, "the request is not done");
    }
    lua_settop(L, take_is_last);
    lua_getfield(L, take_request, "client");
    if (request->kind != NGROK_KIND_NONE) {
        ngrok_report_push(L, request);
        lua_setfield(L, take_request, "report");
    } else if (push_value(L, box)) {
        lua_setfield(L, take_request, "value");
    } else {
        ngrok_report_push_undecodable(L, request, lua_tostring(L, -1));
        lua_setfield(L, take_request, "report");
    }
    lua_pushboolean(L, true);
    lua_setfield(L, take_request, "settled");
    ngrok_response_free(&request->response);
    if (lua_toboolean(L, take_is_last)) {
        retire(box);
    }
    return 0;
}

static int handle_gc(lua_State *L) {
    ngrok_handle *box = lua_touserdata(L, 1);
    if (box->request != NULL) {
        (void)ngrok_driver_cancel(box->driver, box->request);
        retire(box);
    }
    release(box);
    return 0;
}

/* ---- attempts, for transports in Lua ---- */

static void push_headers(lua_State *L, const ngrok_handle *box) {
    lua_createtable(L, 0, 4);
    lua_pushfstring(L, "Bearer %s", box->driver->key.bytes);
    lua_setfield(L, -2, "Authorization");
    ngrok_report_set_string(L, "Ngrok-Version", "2");
    if (box->request->attempt.body != NULL) {
        ngrok_report_set_string(L, "Content-Type", "application/json");
    }
}

/* attempt:description(base_url) -> table: method, url, timeout, patience, call_timeout, number,
 * headers, body. */
static int attempt_description(lua_State *L) {
    const ngrok_handle *box = check_box(L, ATTEMPT);
    (void)luaL_checkstring(L, 2);
    const ngrok_request *request = box->request;
    if (box->driver->closed) {
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
    push_headers(L, box);
    lua_setfield(L, -2, "headers");
    if (request->attempt.body != NULL) {
        lua_pushlstring(L, request->attempt.body, request->attempt.body_length);
        lua_setfield(L, -2, "body");
    }
    ngrok_driver_hold(box->driver, box->request);
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

static bool is_current(const ngrok_handle *box) {
    return box->request->state == NGROK_STATE_IN_FLIGHT && box->attempt == box->request->attempts &&
           !box->driver->closed;
}

/* attempt:is_current() -> boolean: whether its response is still awaited. A weak table may hold an
 * attempt that was collected. */
static int attempt_is_current(lua_State *L) {
    const ngrok_handle *box = luaL_checkudata(L, 1, ATTEMPT);
    lua_pushboolean(L, box->request != NULL && is_current(box));
    return 1;
}

/* attempt:put_back() -> boolean: true where nothing may be sent now, because the caller may have
 * left. The attempt has then ended. */
static int attempt_put_back(lua_State *L) {
    const ngrok_handle *box = check_box(L, ATTEMPT);
    lua_pushboolean(L, is_current(box) && ngrok_engine_put_back(ngrok_driver_engine(box->driver),
                                                                box->request, ngrok_clock_now()));
    return 1;
}

static void fail(const ngrok_handle *box, ngrok_phase phase, const char *message) {
    ngrok_failure failure = {.where = {phase, phase >= NGROK_PHASE_SEND}, .message = message};
    ngrok_driver_fail(box->driver, box->request, &failure);
}

static void fail_as_oversized(const ngrok_handle *box, int status, const char *message) {
    ngrok_failure failure = {
        .where = {NGROK_PHASE_RECEIVE, true},
        .permanent = true,
        .status = status,
        .message = message,
    };
    ngrok_driver_fail(box->driver, box->request, &failure);
}

/* attempt:respond(status, headers, body) -> boolean: false when it came too late. */
static int attempt_respond(lua_State *L) {
    const ngrok_handle *box = check_box(L, ATTEMPT);
    lua_Integer status = luaL_checkinteger(L, 2);
    luaL_checktype(L, 3, LUA_TTABLE);
    size_t length;
    const char *body = luaL_optlstring(L, 4, "", &length);
    bool current = is_current(box);
    if (current && length > box->driver->max_response_bytes) {
        lua_pushfstring(L, "the response exceeds max_response_bytes (%d)",
                        (int)box->driver->max_response_bytes);
        fail_as_oversized(box, (int)status, lua_tostring(L, -1));
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
            fail(box, NGROK_PHASE_RECEIVE, "out of memory while reading the response");
        } else {
            ngrok_driver_respond(box->driver, box->request, &response);
        }
    }
    lua_pushboolean(L, current);
    return 1;
}

/* attempt:fail(phase, message, manner) -> boolean: false when it came too late. */
static int attempt_fail(lua_State *L) {
    const ngrok_handle *box = check_box(L, ATTEMPT);
    static const char *const names[] = {"resolve", "connect", "tls", "send", "receive", NULL};
    static const char *const manners[] = {"passing", "permanent", "timeout", NULL};
    ngrok_phase phase = NGROK_PHASE_RESOLVE + (unsigned)luaL_checkoption(L, 2, "receive", names);
    const char *message = luaL_checkstring(L, 3);
    int manner = luaL_checkoption(L, 4, "passing", manners);
    bool current = is_current(box);
    if (current) {
        ngrok_failure failure = {
            .where = {phase, phase >= NGROK_PHASE_SEND},
            .permanent = manner == 1,
            .timed_out = manner == 2,
            .message = message,
        };
        ngrok_driver_fail(box->driver, box->request, &failure);
    }
    lua_pushboolean(L, current);
    return 1;
}

/* The transport has dropped the attempt without reporting a result. The request must not wait for
 * one. */
static int attempt_gc(lua_State *L) {
    ngrok_handle *box = lua_touserdata(L, 1);
    if (box->request != NULL && is_current(box)) {
        fail(box, NGROK_PHASE_RECEIVE, "the transport dropped the attempt without a response");
    }
    release(box);
    return 0;
}

/* ---- metatables ---- */

static const luaL_Reg handle_methods[] = {
    {"done", handle_done},
    {"cancel", handle_cancel},
    {"take", handle_take},
    {"retire", handle_retire},
    {"attend", handle_attend},
    {"leave", handle_leave},
    {NULL, NULL},
};

static const luaL_Reg attempt_methods[] = {
    {"description", attempt_description},
    {"is_current", attempt_is_current},
    {"put_back", attempt_put_back},
    {"respond", attempt_respond},
    {"fail", attempt_fail},
    {NULL, NULL},
};

static const luaL_Reg handle_metamethods[] = {
    {"__gc", handle_gc},
    {NULL, NULL},
};

static const luaL_Reg attempt_metamethods[] = {
    {"__gc", attempt_gc},
    {NULL, NULL},
};

static void open_class(lua_State *L, const char *name, const luaL_Reg *metamethods,
                       const luaL_Reg *methods) {
    compat_newmetatable(L, name, metamethods);
    lua_newtable(L);
    compat_setfuncs(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

void ngrok_handle_open(lua_State *L) {
    open_class(L, HANDLE, handle_metamethods, handle_methods);
    open_class(L, ATTEMPT, attempt_metamethods, attempt_methods);
}
