/* luaopen_ngrok_core: the engine, the userdata and the checks. Needs no libcurl. */

#include "base/clock.h"
#include "base/compat.h"
#include "base/descriptors.h"
#include "base/process.h"
#include "base/text.h"
#include "base/url.h"
#include "lua/attempt.h"
#include "lua/attributes.h"
#include "lua/box.h"
#include "lua/client.h"
#include "lua/client_methods.h"
#include "lua/handle.h"
#include "lua/json.h"
#include "lua/permits.h"
#include "lua/redaction.h"
#include "lua/resource.h"
#include "lua/schema.h"
#include "lua/scratch.h"
#include "lua/signals.h"
#include "lua/suspension.h"

#include <unistd.h>

/* core.decode(text) -> value | nil: nulls are gone from tables; what is not JSON is nil. */
static int core_decode(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    ngrok_json value;
    if (!ngrok_json_parse(text, length, &value) || ngrok_json_is(value, 'n')) {
        return 0;
    }
    ngrok_json_push(L, value, NGROK_JSON_NULLS_OF_ARRAYS);
    return 1;
}

/* core.json(value) -> the JSON of a string or a number */
static int core_json(lua_State *L) {
    size_t length = 0;
    bool is_number = lua_type(L, 1) == LUA_TNUMBER;
    const char *text = is_number ? NULL : luaL_checklstring(L, 1, &length);
    ngrok_buffer *out = ngrok_scratch_push(L);
    bool fine = is_number ? ngrok_json_append_number(out, (double)lua_tonumber(L, 1))
                          : ngrok_json_append_string(out, text, length);
    if (!fine) {
        return luaL_error(L, "not enough memory");
    }
    ngrok_scratch_finish(L);
    return 1;
}

/* core.is_id(text) -> boolean */
static int core_is_id(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    lua_pushboolean(L, ngrok_url_is_id(text, length));
    return 1;
}

/* core.is_utf8(text) -> boolean */
static int core_is_utf8(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    lua_pushboolean(L, ngrok_text_is_utf8(text, length));
    return 1;
}

/* core.has_control(text) -> boolean */
static int core_has_control(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    lua_pushboolean(L, ngrok_text_has_control(text, length));
    return 1;
}

/* core.escape(text) -> text, percent-encoded */
static int core_escape(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    if (!ngrok_url_escape(ngrok_scratch_push(L), text, length)) {
        return luaL_error(L, "not enough memory");
    }
    ngrok_scratch_finish(L);
    return 1;
}

/* core.base_url(text) -> { url, https, loopback } | nil, what is wrong with it */
static int core_base_url(lua_State *L) {
    size_t length;
    const char *text = luaL_checklstring(L, 1, &length);
    ngrok_url url;
    const char *problem = ngrok_url_parse(&url, text, length);
    if (problem != NULL) {
        lua_pushnil(L);
        lua_pushstring(L, problem);
        return 2;
    }
    lua_createtable(L, 0, 3);
    if (!ngrok_url_write(&url, ngrok_scratch_push(L))) {
        return luaL_error(L, "not enough memory");
    }
    ngrok_scratch_finish(L);
    lua_setfield(L, -2, "url");
    lua_pushboolean(L, url.https);
    lua_setfield(L, -2, "https");
    lua_pushboolean(L, ngrok_url_is_loopback(&url));
    lua_setfield(L, -2, "loopback");
    return 1;
}

/* core.now() -> seconds of a monotonic clock that all processes share */
static int core_now(lua_State *L) {
    lua_pushnumber(L, (lua_Number)ngrok_clock_now());
    return 1;
}

/* core.process() -> the process's id, another one after a fork */
static int core_process(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)ngrok_process());
    return 1;
}

/* core.starvation() -> the message for a process that has hardly a descriptor free | nil */
static int core_starvation(lua_State *L) {
    if (!ngrok_descriptors_are_short()) {
        return 0;
    }
    lua_pushliteral(L, ngrok_descriptors_starvation);
    return 1;
}

static const luaL_Reg functions[] = {
    {"base_url", core_base_url},
    {"box", core_box},
    {"can_yield", core_can_yield},
    {"client", core_client},
    {"decode", core_decode},
    {"define", core_define},
    {"encode", core_encode},
    {"escape", core_escape},
    {"field", core_field},
    {"has_control", core_has_control},
    {"id_of", core_id_of},
    {"is_id", core_is_id},
    {"is_utf8", core_is_utf8},
    {"methods", core_methods},
    {"now", core_now},
    {"origin_of", core_origin_of},
    {"permits", core_permits},
    {"process", core_process},
    {"redact", core_redact},
    {"schema_of", core_schema_of},
    {"starvation", core_starvation},
    {"unbox", core_unbox},
    {"plain", core_plain},
    {"decoded", core_decoded},
    {"json", core_json},
    {"wait_for_signal", ngrok_signals_wait},
    {NULL, NULL},
};

NGROK_EXPORT int luaopen_ngrok_core(lua_State *L);

NGROK_EXPORT int luaopen_ngrok_core(lua_State *L) {
    ngrok_scratch_open(L);
    ngrok_handle_open(L);
    ngrok_attempt_open(L);
    ngrok_client_methods_open(L);
    ngrok_schema_open(L);
    ngrok_resource_open(L);
    lua_newtable(L);
    compat_setfuncs(L, functions);
    lua_pushlightuserdata(L, NULL); /* as cjson has it */
    lua_setfield(L, -2, "null");
    return 1;
}
