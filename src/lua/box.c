#include "lua/box.h"

#include "base/compat.h"

int core_box(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    (void)compat_newuserdata(L, 1);
    lua_pushvalue(L, 1);
    compat_setuservalue(L, -2);
    lua_pushvalue(L, 2);
    lua_setmetatable(L, -2);
    return 1;
}

int core_unbox(lua_State *L) {
    lua_settop(L, 2);
    if (lua_type(L, 1) != LUA_TUSERDATA || !lua_getmetatable(L, 1) || !lua_rawequal(L, 2, -1)) {
        return 0;
    }
    compat_getuservalue(L, 1);
    return 1;
}
