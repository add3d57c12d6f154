#include "lua/client_methods.h"

#include "base/clock.h"
#include "base/compat.h"
#include "engine/attendance.h"
#include "lua/attempt.h"
#include "lua/client.h"
#include "lua/handle.h"
#include "lua/redaction.h"
#include "lua/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

/* ---- requests ---- */

/* client:submit(method, target, body, timeout, max_wait, max_retries) -> handle, id; nothing where
 * the client is closed */
static int client_submit(lua_State *L) {
    static const char *const http_methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", NULL};
    ngrok_driver *driver = ngrok_client_driver(L, 1);
    const char *method = http_methods[luaL_checkoption(L, 2, NULL, http_methods)];
    const char *target = luaL_checkstring(L, 3);
    size_t length = 0;
    const char *body = luaL_optlstring(L, 4, NULL, &length);
    ngrok_budget budget = {
        .timeout = luaL_checknumber(L, 5),
        .max_wait = luaL_checknumber(L, 6),
        .max_retries = (unsigned)luaL_checknumber(L, 7),
    };
    if (driver->closed) {
        return 0;
    }
    ngrok_reference *handle = ngrok_handle_push(L);
    ngrok_request *request = ngrok_request_new(method, target, body, length, budget);
    if (request == NULL) {
        return luaL_error(L, "not enough memory");
    }
    ngrok_reference_fill(handle, driver, request);
    ngrok_driver_submit(driver, request);
    lua_pushinteger(L, (lua_Integer)request->id);
    ngrok_request_release(request);
    return 2;
}

/* Bounds what a step delivers, so that decoding and callbacks do not hold the host. */
enum { completions_per_step = 4 };

/* client:step(seconds) -> starved, count, id, ...: whether an attempt since the last step has found
 * no descriptor, how many requests it has collected, and the ids of completed ones that are
 * subscribed to, and not collected yet. */
static int client_step(lua_State *L) {
    ngrok_driver *driver = ngrok_client_driver(L, 1);
    ngrok_driver_step(driver, luaL_checknumber(L, 2));
    lua_pushboolean(L, driver->starved);
    driver->starved = false;
    lua_pushnil(L);
    int place = lua_gettop(L), count = 0, collected = 0;
    ngrok_request *request = ngrok_engine_completed(driver->engine), *next;
    for (; request != NULL && count < completions_per_step; request = next, count++) {
        next = request->next;
        if (request->subscribed) {
            lua_pushinteger(L, (lua_Integer)request->id);
        } else {
            ngrok_engine_collect(driver->engine, request);
            collected++;
        }
    }
    lua_pushinteger(L, collected);
    lua_replace(L, place);
    return 2 + count - collected;
}

/* client:collect(id, ...), as `step` has returned them. Apart from `step`, so that a request stays
 * completed until the Lua layer has noted it, even if an error is raised in between. */
static int client_collect(lua_State *L) {
    const ngrok_driver *driver = ngrok_client_driver(L, 1);
    int count = lua_gettop(L);
    for (int i = 2; i <= count; i++) {
        ngrok_request *request = ngrok_engine_completed(driver->engine);
        /* One may be gone: a finalizer has run since, and its handle was garbage. */
        if (request != NULL && (lua_Number)request->id == luaL_checknumber(L, i)) {
            ngrok_engine_collect(driver->engine, request);
        }
    }
    return 0;
}

/* client:begin(): begins what may begin, without a step. */
static int client_begin(lua_State *L) {
    ngrok_driver_begin(ngrok_client_driver(L, 1));
    return 0;
}

/* client:call_next() -> id | nil: of the request that could begin if its caller were here. */
static int client_call_next(lua_State *L) {
    ngrok_engine *engine = ngrok_driver_engine(ngrok_client_driver(L, 1));
    const ngrok_request *request = ngrok_engine_call_next(engine, ngrok_clock_now());
    if (request == NULL) {
        lua_pushnil(L);
    } else {
        lua_pushinteger(L, (lua_Integer)request->id);
    }
    return 1;
}

/* client:has_absent() -> boolean: whether a step must wait for the next turn; see driver.h. */
static int client_has_absent(lua_State *L) {
    lua_pushboolean(L, ngrok_driver_has_absent(ngrok_client_driver(L, 1)));
    return 1;
}

/* client:next_attempt() -> attempt | nothing: work for a transport in Lua. */
static int client_next_attempt(lua_State *L) {
    ngrok_driver *driver = ngrok_client_driver(L, 1);
    ngrok_reference *attempt = ngrok_attempt_push(L);
    ngrok_request *request = ngrok_driver_next_attempt(driver);
    if (request == NULL) {
        return 0;
    }
    ngrok_reference_fill(attempt, driver, request);
    return 1;
}

/* client:trace(): from here on events are recorded for `next_event`. */
static int client_trace(lua_State *L) {
    ngrok_engine_trace(ngrok_client_driver(L, 1)->engine)->on = true;
    return 0;
}

/* client:next_event() -> event | nil; see report.h. */
static int client_next_event(lua_State *L) {
    ngrok_trace *trace = ngrok_engine_trace(ngrok_client_driver(L, 1)->engine);
    const ngrok_event *event = ngrok_trace_oldest(trace);
    if (event == NULL) {
        return 0;
    }
    ngrok_report_push_event(L, event);
    ngrok_trace_drop_oldest(trace);
    return 1;
}

/* ---- a limiter that is shared; see engine.h ---- */

/* client:share_limit() -> text derived from the key, by which the shared limiter knows it. */
static int client_share_limit(lua_State *L) {
    const ngrok_driver *driver = ngrok_client_driver(L, 1);
    if (driver->closed) {
        return luaL_error(L, "the client is closed");
    }
    char text[2 * sizeof(uint64_t) + 1];
    (void)snprintf(text, sizeof text, "%016" PRIx64,
                   ngrok_limiters_hash(driver->key.bytes, driver->key.length));
    ngrok_engine_share_limit(driver->engine);
    lua_pushstring(L, text);
    return 1;
}

/* client:places_wanted(more) -> count */
static int client_places_wanted(lua_State *L) {
    ngrok_engine *engine = ngrok_driver_engine(ngrok_client_driver(L, 1));
    unsigned more = (unsigned)luaL_checkinteger(L, 2);
    lua_pushinteger(L, (lua_Integer)ngrok_engine_places_wanted(engine, more, ngrok_clock_now()));
    return 1;
}

static int client_grant_place(lua_State *L) {
    ngrok_engine_grant_place(ngrok_driver_engine(ngrok_client_driver(L, 1)));
    return 0;
}

/* client:refuse_place(seconds, is_pause) */
static int client_refuse_place(lua_State *L) {
    double now = ngrok_clock_now();
    ngrok_engine_refuse_place(ngrok_driver_engine(ngrok_client_driver(L, 1)),
                              now + luaL_checknumber(L, 2), lua_toboolean(L, 3), now);
    return 0;
}

/* client:take_back_places() -> unused, ended, seconds of pause that are left */
static int client_take_back_places(lua_State *L) {
    ngrok_engine *engine = ngrok_driver_engine(ngrok_client_driver(L, 1));
    ngrok_places places = ngrok_engine_take_back_places(engine);
    lua_pushinteger(L, (lua_Integer)places.unused);
    lua_pushinteger(L, (lua_Integer)places.ended);
    lua_pushnumber(L, fmax(ngrok_engine_paused_until(engine) - ngrok_clock_now(), 0));
    return 3;
}

/* ---- for event loops ---- */

static int client_pollfd(lua_State *L) {
    int descriptor = ngrok_driver_descriptor(ngrok_client_driver(L, 1));
    if (descriptor < 0) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, descriptor);
    return 1;
}

static int client_timeout(lua_State *L) {
    double seconds = ngrok_driver_timeout(ngrok_client_driver(L, 1));
    if (isinf(seconds)) {
        lua_pushnil(L);
        return 1;
    }
    compat_pushnumber(L, seconds);
    return 1;
}

static int client_pending(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)ngrok_engine_pending(ngrok_client_driver(L, 1)->engine));
    return 1;
}

static int client_unattended(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)ngrok_engine_unattended(ngrok_client_driver(L, 1)->engine));
    return 1;
}

/* client:wake(seconds): a step is due by then; 0 where they are left out */
static int client_wake(lua_State *L) {
    ngrok_driver_wake(ngrok_client_driver(L, 1), luaL_optnumber(L, 2, 0));
    return 0;
}

/* ---- secrets and addresses ---- */

/* client:redact(text, secrets) -> text | nil: without the key and the secrets, an array or nil; nil
 * once the key is wiped, because then it cannot be recognized. */
static int client_redact(lua_State *L) {
    const ngrok_driver *driver = ngrok_client_driver(L, 1);
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);
    ngrok_redaction_push(L, &driver->key, 1, text, length);
    if (lua_istable(L, 3)) {
        ngrok_redaction_push_without(L, 3);
    }
    return driver->closed ? 0 : 1; /* asked only now: it may have run a finalizer */
}

/* client:shown_id(text) -> text | nil: nil unless it is an id, and neither the key nor a token. */
static int client_shown_id(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 2, &length);
    lua_settop(L, 2);
    return ngrok_redaction_may_show_id(&ngrok_client_driver(L, 1)->key, text, length) ? 1 : 0;
}

/* client:page_query(list_path, next_page_uri) -> query | nil, what is wrong with it. */
static int client_page_query(lua_State *L) {
    const ngrok_driver *driver = ngrok_client_driver(L, 1);
    const char *list_path = luaL_checkstring(L, 2);
    size_t length, query_length;
    const char *next = luaL_checklstring(L, 3, &length), *query;
    const char *problem =
        ngrok_url_page_query(&driver->base, list_path, next, length, &query, &query_length);
    if (problem != NULL) {
        lua_pushnil(L);
        lua_pushstring(L, problem);
        return 2;
    }
    lua_pushlstring(L, query, query_length);
    return 1;
}

static int client_closed(lua_State *L) {
    lua_pushboolean(L, ngrok_client_driver(L, 1)->closed);
    return 1;
}

static const luaL_Reg methods[] = {
    {"submit", client_submit},
    {"step", client_step},
    {"collect", client_collect},
    {"begin", client_begin},
    {"call_next", client_call_next},
    {"has_absent", client_has_absent},
    {"next_attempt", client_next_attempt},
    {"share_limit", client_share_limit},
    {"places_wanted", client_places_wanted},
    {"grant_place", client_grant_place},
    {"refuse_place", client_refuse_place},
    {"take_back_places", client_take_back_places},
    {"trace", client_trace},
    {"next_event", client_next_event},
    {"pollfd", client_pollfd},
    {"timeout", client_timeout},
    {"pending", client_pending},
    {"unattended", client_unattended},
    {"wake", client_wake},
    {"redact", client_redact},
    {"shown_id", client_shown_id},
    {"page_query", client_page_query},
    {"close", client_close},
    {"closed", client_closed},
    {NULL, NULL},
};

static const luaL_Reg metamethods[] = {
    {"__gc", client_gc},
    {NULL, NULL},
};

void ngrok_client_methods_open(lua_State *L) {
    compat_newclass(L, NGROK_CLIENT_METATABLE, metamethods, methods);
}
