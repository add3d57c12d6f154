#include "lua/resource.h"

#include "base/compat.h"
#include "lua/client.h"
#include "lua/json.h"
#include "lua/redaction.h"

/* In the registry: a table from the metatables of resources to their schemas. */
#define KINDS "ngrok.core.kinds"

typedef struct resource {
    const ngrok_schema *schema;
    bool shows_id; /* judged when it is made: later the key may be wiped */
} resource;

static resource *test_resource(lua_State *L, int index) {
    resource *self = lua_islightuserdata(L, index) ? NULL : lua_touserdata(L, index);
    if (self == NULL || !lua_getmetatable(L, index)) {
        return NULL;
    }
    lua_getfield(L, LUA_REGISTRYINDEX, KINDS);
    lua_insert(L, -2);
    lua_rawget(L, -2);
    bool is_resource = !lua_isnil(L, -1);
    lua_pop(L, 2);
    return is_resource ? self : NULL;
}

static resource *check_resource(lua_State *L, int index) {
    resource *self = test_resource(L, index);
    if (self == NULL) {
        luaL_error(L, "expected a resource, got %s (call it with a colon)",
                   luaL_typename(L, index));
    }
    return self;
}

const ngrok_schema *ngrok_resource_test(lua_State *L, int index) {
    const resource *self = test_resource(L, index);
    return self != NULL ? self->schema : NULL;
}

void ngrok_resource_push(lua_State *L, const ngrok_schema *schema, bool shows_id, int fields,
                         int origin, int metatable) {
    lua_pushvalue(L, origin);
    lua_setmetatable(L, fields);
    resource *self = compat_newuserdata(L, sizeof *self);
    *self = (resource){schema, shows_id};
    lua_pushvalue(L, fields);
    compat_setuservalue(L, -2);
    lua_pushvalue(L, metatable);
    lua_setmetatable(L, -2);
}

void ngrok_resource_push_field(lua_State *L, int index, const char *name) {
    compat_getuservalue(L, index);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

bool ngrok_resource_push_id(lua_State *L, int index) {
    if (test_resource(L, index) == NULL) {
        return false;
    }
    ngrok_resource_push_field(L, index, "id");
    bool has = lua_type(L, -1) == LUA_TSTRING;
    lua_pop(L, has ? 0 : 1);
    return has;
}

void ngrok_resource_assign(lua_State *L, int into) {
    const resource *self = check_resource(L, into);
    compat_getuservalue(L, into);
    compat_getuservalue(L, -2);
    int known = lua_gettop(L) - 1, fresh = known + 1;
    for (size_t i = 0; i < self->schema->count; i++) {
        const ngrok_field *field = &self->schema->fields[i];
        lua_getfield(L, fresh, field->name);
        if (field->once && (lua_isnil(L, -1) || ngrok_json_is_null(L, -1))) {
            lua_getfield(L, known, field->name);
            lua_setfield(L, fresh, field->name);
        }
        lua_pop(L, 1);
    }
    compat_setuservalue(L, into);
    lua_pop(L, 1);
}

/* ---- metamethods ---- */

/* Whether it has the metatable that an upvalue has: asked for each field that is read, so without
 * looking names up. */
static bool is_own(lua_State *L, int index, int metatable) {
    bool own = lua_getmetatable(L, index) && lua_rawequal(L, -1, metatable);
    lua_settop(L, 2);
    return own;
}

/* Of a field that has a method's name, too: the table on top of the stack can be called then. */
static void make_callable(lua_State *L) {
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(3));
    if (lua_istable(L, -1)) {
        lua_setmetatable(L, -2);
    } else {
        lua_pop(L, 1);
    }
}

/* A method of the same name wins; see push_new_metatable for the upvalues. */
static int resource_index(lua_State *L) {
    if (!is_own(L, 1, lua_upvalueindex(2))) {
        (void)check_resource(L, 1);
    }
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    if (!lua_isnil(L, -1) || lua_type(L, 2) != LUA_TSTRING) {
        return 1;
    }
    compat_getuservalue(L, 1);
    lua_pushvalue(L, 2);
    lua_rawget(L, -2);
    if (lua_istable(L, -1)) {
        ngrok_json_copy(L, -1); /* so that no caller's change shows in the object */
        make_callable(L);
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
        ngrok_json_push_number(L, -1);
    } else if (ngrok_json_is_null(L, -1)) {
        lua_pushnil(L);
    }
    return 1;
}

/* Pushes what may be shown of the name on top of the stack, which may be the key by mistake. Once
 * the client is closed, a key is known by its look. */
static void push_shown_name(lua_State *L) {
    int name = lua_gettop(L);
    compat_getuservalue(L, 1);
    (void)lua_getmetatable(L, -1);
    lua_getfield(L, -1, "core");
    size_t length;
    const char *text = lua_tolstring(L, name, &length);
    ngrok_redaction_push(L, &ngrok_client_driver(L, lua_gettop(L))->key, 1, text, length);
}

static int resource_newindex(lua_State *L) {
    const resource *self = check_resource(L, 1);
    if (lua_type(L, 2) == LUA_TSTRING) {
        lua_pushvalue(L, 2);
    } else {
        lua_pushstring(L, luaL_typename(L, 2));
    }
    push_shown_name(L);
    return luaL_error(L, "a %s's fields are read-only (assigning '%s'); change it with update{...}",
                      self->schema->name, lua_tostring(L, -1));
}

static int resource_eq(lua_State *L) {
    const resource *left = test_resource(L, 1), *right = test_resource(L, 2);
    bool equal = left != NULL && right != NULL && left->schema == right->schema;
    if (equal) {
        ngrok_resource_push_field(L, 1, "id");
        ngrok_resource_push_field(L, 2, "id");
        equal = lua_isstring(L, -1) ? lua_rawequal(L, -1, -2) : lua_rawequal(L, 1, 2);
    }
    lua_pushboolean(L, equal);
    return 1;
}

/* The id and nothing else: a description may be anything, and a token must not be seen. */
static int resource_tostring(lua_State *L) {
    const resource *self = check_resource(L, 1);
    if (!self->shows_id) {
        lua_pushfstring(L, "ngrok.%s", self->schema->name);
        return 1;
    }
    ngrok_resource_push_field(L, 1, "id");
    lua_pushfstring(L, "ngrok.%s: %s", self->schema->name, lua_tostring(L, -1));
    return 1;
}

static int next_pair(lua_State *L) {
    lua_settop(L, 2);
    if (lua_next(L, 1) == 0) {
        lua_pushnil(L);
        return 1;
    }
    return 2;
}

/* For Lua 5.2 and later, and for LuaJIT where it is built with 5.2's features. */
static int resource_pairs(lua_State *L) {
    lua_settop(L, 1);
    lua_pushcfunction(L, next_pair);
    (void)check_resource(L, 1);
    compat_getuservalue(L, 1);
    ngrok_json_copy(L, -1);
    lua_replace(L, -2);
    return 2;
}

static const luaL_Reg metamethods[] = {
    {"__newindex", resource_newindex}, {"__eq", resource_eq}, {"__pairs", resource_pairs},
    {"__tostring", resource_tostring}, {NULL, NULL},
};

/* ---- kinds of resources ---- */

/* Pushes the metatable of resources whose schema is at `schema`. Scripts that call getmetatable see
 * a name instead: the methods behind it are not theirs to change. */
static void push_new_metatable(lua_State *L, int schema, const char *name) {
    lua_newtable(L);
    int metatable = lua_gettop(L);
    compat_setfuncs(L, metamethods);
    lua_pushfstring(L, "ngrok.%s", name);
    lua_pushvalue(L, -1);
    lua_setfield(L, metatable, "__name");
    lua_setfield(L, metatable, "__metatable");
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, metatable, "methods");
    lua_pushvalue(L, metatable);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, metatable, "callable");
    lua_pushcclosure(L, resource_index, 3);
    lua_setfield(L, metatable, "__index");
    lua_getfield(L, LUA_REGISTRYINDEX, KINDS);
    lua_pushvalue(L, metatable);
    lua_pushvalue(L, schema);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

int core_define(lua_State *L) {
    const char *name = luaL_optstring(L, 3, NULL);
    lua_settop(L, 3);
    ngrok_schema *schema = ngrok_schema_push(L, 1, 2);
    if (name != NULL) {
        compat_getuservalue(L, 4);
        lua_pushvalue(L, 3); /* keeps the name alive */
        lua_setfield(L, -2, "name");
        schema->name = name;
        push_new_metatable(L, 4, name);
        lua_setfield(L, -2, "metatable");
        lua_pop(L, 1);
    }
    return 1;
}

void ngrok_resource_push_metatable(lua_State *L, int index) {
    compat_getuservalue(L, index);
    lua_getfield(L, -1, "metatable");
    lua_remove(L, -2);
}

int core_methods(lua_State *L) {
    (void)ngrok_schema_check(L, 1);
    ngrok_resource_push_metatable(L, 1);
    lua_getfield(L, -1, "methods");
    lua_getfield(L, -2, "callable");
    return 2;
}

int core_schema_of(lua_State *L) {
    if (test_resource(L, 1) == NULL) {
        return 0;
    }
    (void)lua_getmetatable(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, KINDS);
    lua_insert(L, -2);
    lua_rawget(L, -2);
    return 1;
}

int core_id_of(lua_State *L) {
    return ngrok_resource_push_id(L, 1) ? 1 : 0;
}

int core_origin_of(lua_State *L) {
    (void)check_resource(L, 1);
    compat_getuservalue(L, 1);
    return lua_getmetatable(L, -1) ? 1 : 0;
}

int core_plain(lua_State *L) {
    (void)check_resource(L, 1);
    compat_getuservalue(L, 1);
    ngrok_json_copy(L, -1);
    return 1;
}

int core_decoded(lua_State *L) {
    (void)check_resource(L, 1);
    compat_getuservalue(L, 1);
    return 1;
}

void ngrok_resource_open(lua_State *L) {
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, KINDS);
}
