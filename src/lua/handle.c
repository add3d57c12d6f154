#include "lua/handle.h"

#include "base/clock.h"
#include "base/compat.h"
#include "engine/attendance.h"
#include "lua/json.h"
#include "lua/reading.h"
#include "lua/report.h"

#define HANDLE "ngrok.request"

static bool is_done(const ngrok_request *request) {
    return request->state == NGROK_STATE_COMPLETED || request->state == NGROK_STATE_COLLECTED;
}

static int handle_done(lua_State *L) {
    lua_pushboolean(L, is_done(ngrok_reference_check(L, HANDLE)->request));
    return 1;
}

static int handle_cancel(lua_State *L) {
    ngrok_reference *self = ngrok_reference_check(L, HANDLE);
    lua_pushboolean(L, ngrok_driver_cancel(self->driver, self->request));
    return 1;
}

/* handle:attend() -> boolean: its caller is here until `leave`; see engine.h. */
static int handle_attend(lua_State *L) {
    const ngrok_reference *self = ngrok_reference_check(L, HANDLE);
    lua_pushboolean(L, ngrok_engine_attend(ngrok_driver_engine(self->driver), self->request,
                                           ngrok_clock_now()));
    return 1;
}

static int handle_leave(lua_State *L) {
    ngrok_attendance_leave(ngrok_reference_check(L, HANDLE)->request);
    return 0;
}

/* handle:subscribe() -> boolean: a later step returns its id when it is done; false where an
 * earlier step has seen that. */
static int handle_subscribe(lua_State *L) {
    ngrok_request *request = ngrok_reference_check(L, HANDLE)->request;
    request->subscribed = true;
    lua_pushboolean(L, request->state != NGROK_STATE_COLLECTED);
    return 1;
}

static void retire(const ngrok_reference *self) {
    if (self->request->state == NGROK_STATE_COMPLETED) {
        ngrok_engine_collect(self->driver->engine, self->request);
    }
}

/* handle:retire(): no later step reports that it is done. */
static int handle_retire(lua_State *L) {
    retire(ngrok_reference_check(L, HANDLE));
    return 0;
}

enum { take_request = 2, take_reader, take_into, take_is_last, take_origin, take_secrets };

/* Pushes the JSON itself, or true where there is none. */
static bool push_plain(lua_State *L, ngrok_json value) {
    if (!ngrok_json_is(value, '{') && !ngrok_json_is(value, '[')) {
        lua_pushliteral(L, "unexpected response: expected a JSON object or an array");
        return false;
    }
    ngrok_json_push(L, value, NGROK_JSON_NULLS_OF_ARRAYS);
    return true;
}

/* Pushes the value of a success: an item, a page, the JSON itself where the reader is true, or true
 * where there is no reader or the JSON itself is empty. If the response is wrong, returns false and
 * pushes the reason, or nil where it is not JSON. */
static bool push_value(lua_State *L, const ngrok_reference *self) {
    const ngrok_response *response = &self->request->response;
    bool is_plain = lua_isboolean(L, take_reader);
    if (lua_isnil(L, take_reader) || (is_plain && response->body_length == 0)) {
        lua_pushboolean(L, true);
        return true;
    }
    /* A copy, as a finalizer may free the body meanwhile. */
    lua_pushlstring(L, response->body != NULL ? response->body : "", response->body_length);
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    ngrok_json value;
    if (!ngrok_json_parse(text, length, &value)) {
        lua_pushnil(L);
        return false;
    }
    if (is_plain) {
        return push_plain(L, value);
    }
    ngrok_reading reading = {take_reader, take_into, take_secrets, take_origin, &self->driver->key};
    return ngrok_reading_push(L, &reading, value);
}

/* handle:take(request, reader, into, is_last): takes a finished request over, once. Sets `value`
 * and `response`, or `report` (see report.h), of the table `request`, and `settled`; its `origin`
 * is that of resources (resource.h), its `secrets` are what it has sent. Then the body is wiped:
 * Lua's collector does not see its size, and a response to create has a token in it. All in one
 * call, so that no error in between loses the response.
 * - reader: see reading.h; true for the JSON without its nulls, or true where the body is empty;
 *   nil where a success has no body that matters
 * - into: the resource that the response is written to, or the id that it must have, or nil
 * - is_last: whether no step has to report any more that the request is done */
static int handle_take(lua_State *L) {
    const ngrok_reference *self = ngrok_reference_check(L, HANDLE);
    ngrok_request *request = self->request;
    luaL_checktype(L, 2, LUA_TTABLE);
    if (!is_done(request)) {
        return luaL_error(L, "the request is not done");
    }
    lua_settop(L, take_is_last);
    lua_getfield(L, take_request, "origin");
    lua_getfield(L, take_request, "secrets");
    if (request->kind != NGROK_KIND_NONE) {
        ngrok_report_push(L, request);
        lua_setfield(L, take_request, "report");
    } else if (push_value(L, self)) {
        ngrok_report_push_response(L, request, &self->driver->key);
        lua_setfield(L, take_request, "response");
        lua_setfield(L, take_request, "value");
    } else {
        ngrok_report_push_undecodable(L, request, lua_tostring(L, -1));
        lua_setfield(L, take_request, "report");
    }
    lua_pushboolean(L, true);
    lua_setfield(L, take_request, "settled");
    ngrok_response_free(&request->response);
    if (lua_toboolean(L, take_is_last)) {
        retire(self);
    }
    return 0;
}

static int handle_gc(lua_State *L) {
    ngrok_reference *self = lua_touserdata(L, 1);
    if (self->request != NULL) {
        (void)ngrok_driver_cancel(self->driver, self->request);
        retire(self);
    }
    ngrok_reference_release(self);
    return 0;
}

/* ---- the metatable ---- */

static const luaL_Reg methods[] = {
    {"done", handle_done},     {"cancel", handle_cancel},
    {"take", handle_take},     {"subscribe", handle_subscribe},
    {"retire", handle_retire}, {"attend", handle_attend},
    {"leave", handle_leave},   {NULL, NULL},
};

static const luaL_Reg metamethods[] = {
    {"__gc", handle_gc},
    {NULL, NULL},
};

void ngrok_handle_open(lua_State *L) {
    compat_newclass(L, HANDLE, metamethods, methods);
}

ngrok_reference *ngrok_handle_push(lua_State *L) {
    return ngrok_reference_push(L, HANDLE);
}
