#include "lua/permits.h"

#include "base/acl.h"
#include "base/compat.h"

static ngrok_acl_verdict ask_rule(lua_State *L, int position, const char *name,
                                  size_t name_length) {
    lua_rawgeti(L, 1, position);
    size_t length;
    const char *rule = lua_tolstring(L, -1, &length);
    ngrok_acl_verdict response =
        rule != NULL ? ngrok_acl_permits(rule, length, name, name_length) : NGROK_ACL_UNKNOWN;
    lua_pop(L, 1);
    return response;
}

int core_permits(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    size_t name_length;
    const char *name = luaL_checklstring(L, 2, &name_length);
    const char *problem = ngrok_acl_check_name(name, name_length);
    if (problem != NULL) {
        lua_pushnil(L);
        lua_pushfstring(L, "not a valid endpoint name: %s", problem);
        return 2;
    }
    int count = (int)compat_rawlen(L, 1), unknown = 0;
    ngrok_acl_verdict response = count == 0 ? NGROK_ACL_PERMITTED : NGROK_ACL_DENIED;
    for (int i = 1; i <= count && response != NGROK_ACL_PERMITTED; i++) {
        ngrok_acl_verdict one = ask_rule(L, i, name, name_length);
        unknown = one == NGROK_ACL_UNKNOWN && unknown == 0 ? i : unknown;
        response = one > response ? one : response;
    }
    if (response == NGROK_ACL_UNKNOWN) {
        lua_pushnil(L);
        lua_pushfstring(
            L, "acl[%d] is a rule of an unknown kind, and no other rule permits the name", unknown);
        return 2;
    }
    lua_pushboolean(L, response == NGROK_ACL_PERMITTED);
    return 1;
}
