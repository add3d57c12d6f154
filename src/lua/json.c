#include "lua/json.h"

#include "base/compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void push_string(lua_State *L, ngrok_json string) {
    if (memchr(string.text, '\\', string.length) == NULL) {
        lua_pushlstring(L, string.text + 1, string.length - 2);
        return;
    }
    char *spelled = lua_newuserdata(L, string.length);
    lua_pushlstring(L, spelled, ngrok_json_unescape(string, spelled));
    lua_remove(L, -2);
}

/* strtod reads the locale's decimal point only. */
static double read_number(lua_State *L, ngrok_json number) {
    const char *mark = memchr(number.text, '.', number.length);
    lua_pushlstring(L, number.text, mark != NULL ? (size_t)(mark - number.text) : number.length);
    if (mark != NULL) {
        char half[16];
        int length = snprintf(half, sizeof half, "%.1f", 0.5);
        lua_pushlstring(L, half + 1, (size_t)length - 2);
        lua_pushlstring(L, mark + 1, number.length - (size_t)(mark + 1 - number.text));
        lua_concat(L, 3);
    }
    double value = strtod(lua_tostring(L, -1), NULL);
    lua_pop(L, 1);
    return value;
}

static void push_walked(lua_State *L, ngrok_json_walk *walk, ngrok_json_nulls nulls);

/* Both go as deep as the text does. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void push_array(lua_State *L, ngrok_json_walk *walk, ngrok_json_nulls nulls) {
    lua_newtable(L);
    for (int i = 1; ngrok_json_next_item(walk); i++) {
        if (nulls == NGROK_JSON_NO_NULLS && *walk->at == 'n') {
            (void)ngrok_json_take(walk);
        } else {
            push_walked(L, walk, nulls);
            lua_rawseti(L, -2, i);
        }
    }
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void push_members(lua_State *L, ngrok_json_walk *walk, ngrok_json_nulls nulls) {
    ngrok_json name;
    while (ngrok_json_next_member(walk, &name)) {
        push_string(L, name);
        if (nulls != NGROK_JSON_ALL_NULLS && *walk->at == 'n') {
            (void)ngrok_json_take(walk);
            lua_pushnil(L); /* a name may come twice, and the last one counts */
        } else {
            push_walked(L, walk, nulls);
        }
        lua_rawset(L, -3);
    }
}

static void push_scalar(lua_State *L, ngrok_json value) {
    switch (value.text[0]) {
    case '"':
        push_string(L, value);
        break;
    case 't':
    case 'f':
        lua_pushboolean(L, value.text[0] == 't');
        break;
    case 'n':
        lua_pushlightuserdata(L, NULL);
        break;
    default:
        compat_pushnumber(L, read_number(L, value));
    }
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void push_walked(lua_State *L, ngrok_json_walk *walk, ngrok_json_nulls nulls) {
    char kind = *walk->at;
    luaL_checkstack(L, 8, "JSON is nested too deeply");
    if (kind != '[' && kind != '{') {
        push_scalar(L, ngrok_json_take(walk));
        return;
    }
    ngrok_json_walk inner = ngrok_json_enter(walk->at, walk->end);
    if (kind == '[') {
        push_array(L, &inner, nulls);
    } else {
        lua_newtable(L);
        push_members(L, &inner, nulls);
    }
    walk->at = inner.at;
}

void ngrok_json_push(lua_State *L, ngrok_json value, ngrok_json_nulls nulls) {
    ngrok_json_walk walk = {value.text, value.text + value.length};
    push_walked(L, &walk, nulls);
}

void ngrok_json_push_members(lua_State *L, ngrok_json_walk walk, ngrok_json_nulls nulls) {
    push_members(L, &walk, nulls);
}

bool ngrok_json_is_null(lua_State *L, int index) {
    return lua_islightuserdata(L, index) && lua_touserdata(L, index) == NULL;
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
