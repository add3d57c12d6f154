#include "lua/json.h"

#include "base/compat.h"
#include "lua/scratch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEW "ngrok.json.new"
#define DECODE "ngrok.json.decode"

/* Keeps the function `name` of the cjson on top of the stack. */
static void keep(lua_State *L, const char *name, const char *key) {
    lua_getfield(L, -1, name);
    lua_setfield(L, LUA_REGISTRYINDEX, key);
}

void ngrok_json_open(lua_State *L) {
    lua_getglobal(L, "require");
    lua_pushliteral(L, "cjson");
    if (lua_pcall(L, 1, 1, 0) != NGROK_LUA_OK) {
        luaL_error(L, "ngrok needs lua-cjson (luarocks install lua-cjson): %s",
                   lua_tostring(L, -1));
    }
    keep(L, "new", NEW);
    lua_getfield(L, -1, "new");
    lua_call(L, 0, 1);
    /* NaN and hexadecimal numbers are no JSON (RFC 8259). */
    lua_getfield(L, -1, "decode_invalid_numbers");
    lua_pushboolean(L, false);
    lua_call(L, 1, 0);
    keep(L, "decode", DECODE);
    lua_pop(L, 2);
}

/* cjson ends the process where it gets no memory (strbuf.c calls exit). It allocates as much as the
 * text is long. So that is tried here first, where a failure does no harm. */
static void check_memory(lua_State *L, int index) {
    size_t length = compat_rawlen(L, index);
    void *probe = malloc(length + 1024);
    if (probe == NULL) {
        luaL_error(L, "not enough memory");
    }
    free(probe);
}

static bool decode(lua_State *L, int index) {
    check_memory(L, index);
    lua_getfield(L, LUA_REGISTRYINDEX, DECODE);
    lua_pushvalue(L, index);
    int status = lua_pcall(L, 1, 1, 0);
    if (status == LUA_ERRMEM) {
        lua_error(L); /* the text may be fine, and another call may succeed */
    }
    if (status != NGROK_LUA_OK) {
        lua_pop(L, 1);
        return false;
    }
    return true;
}

/* cjson looks up the locale's decimal point only when it makes an instance, and for the whole
 * process (mpx/lua-cjson#70). When the locale has changed since, cjson takes no number with a
 * fraction. */
static void look_up_decimal_point(lua_State *L) {
    lua_getfield(L, LUA_REGISTRYINDEX, NEW);
    lua_call(L, 0, 0);
}

bool ngrok_json_decode(lua_State *L, int index) {
    index = compat_absindex(L, index);
    if (decode(L, index)) {
        return true;
    }
    look_up_decimal_point(L);
    return decode(L, index);
}

static bool append_escape(ngrok_buffer *out, char character) {
    char escape[sizeof "\\u0000"];
    if (character == '"' || character == '\\') {
        (void)snprintf(escape, sizeof escape, "\\%c", character);
    } else {
        (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)character);
    }
    return ngrok_buffer_append_string(out, escape);
}

static bool is_plain(char character) {
    return (unsigned char)character >= ' ' && character != '"' && character != '\\';
}

/* Not by cjson, which ends the process where it gets no memory. */
bool ngrok_json_append_string(ngrok_buffer *out, const char *text, size_t length) {
    const char *end = text + length;
    bool fine = ngrok_buffer_append_string(out, "\"");
    while (fine && text < end) {
        const char *start = text;
        while (text < end && is_plain(*text)) {
            text++;
        }
        fine = ngrok_buffer_append(out, start, (size_t)(text - start));
        if (fine && text < end) {
            fine = append_escape(out, *text++);
        }
    }
    return fine && ngrok_buffer_append_string(out, "\"");
}

/* With as few digits as read back as the same number, and a point in every locale. */
bool ngrok_json_append_number(ngrok_buffer *out, double number) {
    const double largest = 9007199254740992.0; /* 2^53 */
    char text[32];
    if (isinf(number)) { /* as it was read: too large for a double */
        return ngrok_buffer_append_string(out, number > 0 ? "1e999" : "-1e999");
    }
    bool is_whole = floor(number) == number && fabs(number) < largest;
    (void)snprintf(text, sizeof text, is_whole ? "%.0f" : "%.15g", number);
    if (strtod(text, NULL) != number) {
        (void)snprintf(text, sizeof text, "%.17g", number);
    }
    char *comma = strchr(text, ',');
    if (comma != NULL) {
        *comma = '.';
    }
    return ngrok_buffer_append_string(out, text);
}

void ngrok_json_push_number(lua_State *L, int index) {
#if LUA_VERSION_NUM >= 503
    if (!lua_isinteger(L, index)) {
        compat_pushnumber(L, lua_tonumber(L, index));
        return;
    }
#endif
    lua_pushvalue(L, index);
}

bool ngrok_json_is_null(lua_State *L, int index) {
    return lua_islightuserdata(L, index) && lua_touserdata(L, index) == NULL;
}

/* Both walks below go as deep as the text did, and cjson bounds that (1000 levels). */
/* NOLINTNEXTLINE(misc-no-recursion) */
void ngrok_json_strip(lua_State *L, int index) {
    index = compat_absindex(L, index);
    luaL_checkstack(L, 4, "JSON is nested too deeply");
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        if (lua_istable(L, -1)) {
            ngrok_json_strip(L, -1);
        } else if (ngrok_json_is_null(L, -1) && lua_type(L, -2) == LUA_TSTRING) {
            lua_pushvalue(L, -2);
            lua_pushnil(L);
            lua_rawset(L, index);
        } else if (lua_type(L, -1) == LUA_TNUMBER) {
            lua_pushvalue(L, -2);
            ngrok_json_push_number(L, -2);
            lua_rawset(L, index);
        }
        lua_pop(L, 1);
    }
}

/* NOLINTNEXTLINE(misc-no-recursion) */
void ngrok_json_copy(lua_State *L, int index) {
    index = compat_absindex(L, index);
    luaL_checkstack(L, 5, "JSON is nested too deeply");
    lua_createtable(L, (int)compat_rawlen(L, index), 0);
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        if (!ngrok_json_is_null(L, -1)) {
            lua_pushvalue(L, -2);
            if (lua_istable(L, -2)) {
                ngrok_json_copy(L, -2);
            } else if (lua_type(L, -2) == LUA_TNUMBER) {
                ngrok_json_push_number(L, -2);
            } else {
                lua_pushvalue(L, -2);
            }
            lua_rawset(L, -5);
        }
        lua_pop(L, 1);
    }
}

bool ngrok_json_is_array(lua_State *L, int index) {
    int pairs = 0, length = 0;
    index = compat_absindex(L, index);
    lua_pushnil(L);
    while (lua_next(L, index) != 0) {
        pairs++;
        lua_pop(L, 1);
    }
    for (;; length++) {
        lua_rawgeti(L, index, length + 1);
        bool end = lua_isnil(L, -1);
        lua_pop(L, 1);
        if (end) {
            return pairs == length;
        }
    }
}
