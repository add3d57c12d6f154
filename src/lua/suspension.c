/* core.can_yield() -> boolean: whether the running function can be suspended. Lua 5.3, 5.4 and
 * LuaJIT say so. PUC's 5.1 and 5.2 do not, and nothing may be sent before it is known. */
#include "lua/suspension.h"

#include <string.h>

#if LUA_VERSION_NUM >= 503

static int can_yield(lua_State *L) {
    return lua_isyieldable(L);
}

#elif LUA_VERSION_NUM == 502

/* Where a yield is allowed, lua_pcallk leaves the C stack on an error and goes on in the
 * continuation; where it is not, it returns (ldo.c, lapi.c). */
static int raise(lua_State *L) {
    lua_pushnil(L);
    return lua_error(L);
}

static int go_on(lua_State *L) {
    lua_pushboolean(L, true);
    return 1;
}

int core_can_yield(lua_State *L) {
    lua_pushcfunction(L, raise);
    (void)lua_pcallk(L, 0, 0, 0, 0, go_on);
    lua_pushboolean(L, false);
    return 1;
}

#else

/* A module that is built with PUC's headers for 5.1 loads in LuaJIT, too. */
#ifdef __APPLE__
__attribute__((weak_import))
#else
__attribute__((weak))
#endif
extern int
lua_isyieldable(lua_State *L);

/* A C function below has called Lua and cannot be left; nor can the iterator of a `for`. A
 * metamethod looks like any other function, so inside one the result may be true by mistake. */
static bool is_obstacle(const lua_Debug *frame) {
    return *frame->what == 'C' ||
           (frame->name != NULL && strcmp(frame->name, "(for generator)") == 0);
}

static int can_yield(lua_State *L) {
    if (lua_isyieldable != NULL) {
        return lua_isyieldable(L);
    }
    bool is_main = lua_pushthread(L) == 1;
    lua_pop(L, 1);
    lua_Debug frame;
    for (int level = 1; !is_main && lua_getstack(L, level, &frame); level++) {
        lua_getinfo(L, "Sn", &frame);
        if (is_obstacle(&frame)) {
            return false;
        }
    }
    return !is_main;
}

#endif

#if LUA_VERSION_NUM != 502
int core_can_yield(lua_State *L) {
    lua_pushboolean(L, can_yield(L));
    return 1;
}
#endif
