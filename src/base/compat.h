/* What differs between Lua 5.1 (PUC's headers and LuaJIT's), 5.2, 5.3 and 5.4, in one place.
 *
 * A rock may be compiled against PUC's 5.1 headers and then be loaded by LuaJIT, so nothing that
 * only LuaJIT's lauxlib.h declares (luaL_setfuncs, luaL_testudata, ...) is used here. */
#ifndef NGROK_COMPAT_H
#define NGROK_COMPAT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__) || defined(__clang__)
#define NGROK_EXPORT __attribute__((visibility("default")))
#else
#define NGROK_EXPORT
#endif

/* Lua 5.1 knows no LUA_OK. */
#define NGROK_LUA_OK 0

static inline size_t compat_rawlen(lua_State *L, int index) {
#if LUA_VERSION_NUM == 501
    return lua_objlen(L, index);
#else
    return (size_t)lua_rawlen(L, index);
#endif
}

static inline int compat_absindex(lua_State *L, int index) {
    return (index > 0 || index <= LUA_REGISTRYINDEX) ? index : lua_gettop(L) + index + 1;
}

/* Pushes a whole number as an integer where Lua has integers: otherwise 30 would be shown as
 * "30.0". Beyond 2^53 a double may have been rounded, and stays a double. */
static inline void compat_pushnumber(lua_State *L, double number) {
#if LUA_VERSION_NUM >= 503
    const double largest = 9007199254740991.0;
    if (number >= -largest && number <= largest && (double)(lua_Integer)number == number) {
        lua_pushinteger(L, (lua_Integer)number);
        return;
    }
#endif
    lua_pushnumber(L, (lua_Number)number);
}

/* The table that belongs to a userdata: its environment on 5.1, its user value since 5.2. */
static inline void *compat_newuserdata(lua_State *L, size_t size) {
#if LUA_VERSION_NUM >= 504
    return lua_newuserdatauv(L, size, 1);
#else
    return lua_newuserdata(L, size);
#endif
}

static inline void compat_setuservalue(lua_State *L, int index) {
#if LUA_VERSION_NUM == 501
    lua_setfenv(L, index);
#elif LUA_VERSION_NUM >= 504
    lua_setiuservalue(L, index, 1);
#else
    lua_setuservalue(L, index);
#endif
}

static inline void compat_getuservalue(lua_State *L, int index) {
#if LUA_VERSION_NUM == 501
    lua_getfenv(L, index);
#elif LUA_VERSION_NUM >= 504
    lua_getiuservalue(L, index, 1);
#else
    lua_getuservalue(L, index);
#endif
}

/* Adds functions to the table on top of the stack. */
static inline void compat_setfuncs(lua_State *L, const luaL_Reg *functions) {
    for (; functions->name != NULL; functions++) {
        lua_pushcfunction(L, functions->func);
        lua_setfield(L, -2, functions->name);
    }
}

static inline void compat_setmetatable(lua_State *L, const char *name) {
    luaL_getmetatable(L, name);
    lua_setmetatable(L, -2);
}

/* NULL where luaL_checkudata would raise. */
static inline void *compat_testudata(lua_State *L, int index, const char *name) {
    void *block = lua_touserdata(L, index);
    if (block == NULL || lua_islightuserdata(L, index) || !lua_getmetatable(L, index)) {
        return NULL;
    }
    luaL_getmetatable(L, name);
    if (!lua_rawequal(L, -1, -2)) {
        block = NULL;
    }
    lua_pop(L, 2);
    return block;
}

/* A metatable under `name` with `__name` set (5.1 and 5.2 do not), left on the stack. Scripts that
 * call getmetatable see the name instead: the methods behind it are not theirs to change. */
static inline void compat_newmetatable(lua_State *L, const char *name, const luaL_Reg *functions) {
    luaL_newmetatable(L, name);
    compat_setfuncs(L, functions);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__metatable");
}

/* The same with methods as its __index, and off the stack. */
static inline void compat_newclass(lua_State *L, const char *name, const luaL_Reg *metamethods,
                                   const luaL_Reg *methods) {
    compat_newmetatable(L, name, metamethods);
    lua_newtable(L);
    compat_setfuncs(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

#endif
