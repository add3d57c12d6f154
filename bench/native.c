/* luaopen_bench_native: bare libcurl and a stopwatch for Lua.
 *
 *   native.bare(key, user_agent) -> bare;  bare:get(url) -> body;  native.now() -> wall, cpu
 *   native.allocated() -> bytes that malloc has given out, or nil where it does not say; LuaJIT's
 * own memory is not from malloc */

#include "bare.h"
#include "stopwatch.h"

#include "base/compat.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#define BARE "bench.bare"

typedef struct box {
    bench_bare *bare; /* NULL until made */
} box;

static int bare_new(lua_State *L) {
    const char *key = luaL_checkstring(L, 1), *user_agent = luaL_checkstring(L, 2);
    box *self = compat_newuserdata(L, sizeof *self);
    self->bare = NULL;
    compat_setmetatable(L, BARE);
    self->bare = bench_bare_new(key, user_agent);
    return self->bare != NULL ? 1 : luaL_error(L, "out of memory");
}

static int bare_get(lua_State *L) {
    const box *self = luaL_checkudata(L, 1, BARE);
    const char *url = luaL_checkstring(L, 2);
    size_t length;
    const char *body = bench_bare_get(self->bare, url, &length);
    if (body == NULL) {
        return luaL_error(L, "no response from %s", url);
    }
    lua_pushlstring(L, body, length);
    return 1;
}

static int bare_gc(lua_State *L) {
    box *self = lua_touserdata(L, 1);
    if (self->bare != NULL) {
        bench_bare_free(self->bare);
        self->bare = NULL;
    }
    return 0;
}

static int now(lua_State *L) {
    bench_moment moment = bench_now();
    lua_pushnumber(L, (lua_Number)moment.wall);
    lua_pushnumber(L, (lua_Number)moment.cpu);
    return 2;
}

static int allocated(lua_State *L) {
#ifdef __GLIBC__
    struct mallinfo2 info = mallinfo2();
    lua_pushnumber(L, (lua_Number)(info.uordblks + info.hblkhd));
    return 1;
#else
    (void)L;
    return 0;
#endif
}

static const luaL_Reg metamethods[] = {
    {"__gc", bare_gc},
    {NULL, NULL},
};

static const luaL_Reg methods[] = {
    {"get", bare_get},
    {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"allocated", allocated},
    {"bare", bare_new},
    {"now", now},
    {NULL, NULL},
};

NGROK_EXPORT int luaopen_bench_native(lua_State *L);

NGROK_EXPORT int luaopen_bench_native(lua_State *L) {
    compat_newmetatable(L, BARE, metamethods);
    lua_newtable(L);
    compat_setfuncs(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    lua_newtable(L);
    compat_setfuncs(L, functions);
    return 1;
}
