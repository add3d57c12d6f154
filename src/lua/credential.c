/* The schema of a tunnel credential. Fields, their order and limits:
 * https://ngrok.com/docs/api/resources/tunnel-credentials/ */

#include "lua/credential.h"

#include "base/acl.h"
#include "base/compat.h"
#include "lua/schemas.h"

enum { on_create = NGROK_FIELD_CREATE, on_both = NGROK_FIELD_CREATE | NGROK_FIELD_UPDATE };

static const ngrok_field fields[] = {
    {.name = "id", .flags = NGROK_FIELD_REQUIRED},
    {.name = "uri"},
    {.name = "created_at"},
    {.name = "description", .flags = on_both, .max_bytes = 255},
    {.name = "metadata", .flags = on_both, .max_bytes = 4096},
    {.name = "token", .flags = NGROK_FIELD_ONCE},
    {.name = "acl", .type = NGROK_FIELD_STRINGS, .flags = on_both, .check = ngrok_acl_check},
    {.name = "owner_id", .flags = on_create},
    {.name = NULL},
};

const ngrok_schema ngrok_credential_schema = {
    .name = "credential",
    .metatable = "ngrok.credential",
    .fields = fields,
};

const ngrok_schema *const ngrok_schemas[] = {&ngrok_credential_schema, NULL};

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
        lua_pushfstring(L, "this is no name that an agent binds: %s", problem);
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
            L, "acl[%d] is a rule of a kind unknown here, and no other permits the name", unknown);
        return 2;
    }
    lua_pushboolean(L, response == NGROK_ACL_PERMITTED);
    return 1;
}
