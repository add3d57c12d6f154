#include "lua/resource.h"

#include "base/compat.h"
#include "lua/client.h"
#include "lua/json.h"
#include "lua/redaction.h"
#include "lua/schemas.h"

#include <string.h>

typedef struct resource {
    const ngrok_schema *schema;
    bool shows_id; /* judged when it is made: later the key may be wiped */
} resource;

const ngrok_schema *ngrok_schema_check(lua_State *L, int index) {
    const char *name = luaL_checkstring(L, index);
    for (const ngrok_schema *const *at = ngrok_schemas; *at != NULL; at++) {
        if (strcmp((*at)->name, name) == 0) {
            return *at;
        }
    }
    luaL_error(L, "ngrok.core knows no resource '%s'", name);
    return NULL;
}

static resource *test_resource(lua_State *L, int index) {
    for (const ngrok_schema *const *at = ngrok_schemas; *at != NULL; at++) {
        resource *self = compat_testudata(L, index, (*at)->metatable);
        if (self != NULL) {
            return self;
        }
    }
    return NULL;
}

static resource *check_resource(lua_State *L, int index) {
    resource *self = test_resource(L, index);
    if (self == NULL) {
        luaL_error(L, "a resource is expected here, got %s (is it called with a colon?)",
                   luaL_typename(L, index));
    }
    return self;
}

static bool is_absent(lua_State *L, int index) {
    return lua_isnil(L, index) || ngrok_json_is_null(L, index);
}

static bool has_pairs(lua_State *L, int index) {
    lua_pushnil(L);
    if (lua_next(L, index) == 0) {
        return false;
    }
    lua_pop(L, 2);
    return true;
}

/* Of a decoded value: an array's keys are numbers, and an object's are strings, all of them. */
static bool is_strings(lua_State *L, int index) {
    if (!lua_istable(L, index)) {
        return false;
    }
    int length = (int)compat_rawlen(L, index);
    for (int i = 1; i <= length; i++) {
        lua_rawgeti(L, index, i);
        bool fine = lua_type(L, -1) == LUA_TSTRING;
        lua_pop(L, 1);
        if (!fine) {
            return false;
        }
    }
    return length > 0 || !has_pairs(L, index);
}

/* What making resources of one schema takes, on the stack: once for a whole page of them. */
typedef struct maker {
    const ngrok_schema *schema;
    const ngrok_secret *key;
    int client, metatable, names; /* where they are; of the fields' names, the first */
} maker;

static maker make_maker(lua_State *L, const ngrok_schema *schema, const ngrok_reading *reading) {
    luaL_getmetatable(L, schema->metatable);
    int metatable = lua_gettop(L);
    maker made = {schema, reading->key, reading->client, metatable, metatable + 1};
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        luaL_checkstack(L, LUA_MINSTACK, "too many fields");
        lua_pushstring(L, field->name);
    }
    return made;
}

/* What is wrong with a known field of a response, or NULL. Absent lists become empty ones. */
static const char *check_field(lua_State *L, int fields, const ngrok_field *field, int name) {
    bool required = (field->flags & NGROK_FIELD_REQUIRED) != 0;
    const char *problem = NULL;
    lua_pushvalue(L, name);
    lua_rawget(L, fields);
    if (field->type == NGROK_FIELD_STRING && lua_type(L, -1) == LUA_TSTRING) {
        problem = required && compat_rawlen(L, -1) == 0 ? "is empty" : NULL;
    } else if (is_absent(L, -1) && field->type == NGROK_FIELD_STRINGS) {
        lua_pushvalue(L, name);
        lua_newtable(L);
        lua_rawset(L, fields);
    } else if (is_absent(L, -1)) {
        problem = required ? "is missing" : NULL;
    } else if (field->type == NGROK_FIELD_STRINGS) {
        problem = is_strings(L, lua_gettop(L)) ? NULL : "is not an array of strings";
    } else {
        problem = "is not a string";
    }
    lua_pop(L, 1);
    return problem;
}

/* A server may send anything as an id, even the key or a token. */
static bool may_show_id(lua_State *L, const ngrok_secret *key, int fields) {
    lua_getfield(L, fields, "id");
    size_t length;
    const char *id = lua_tolstring(L, -1, &length);
    bool fine = id != NULL && ngrok_redaction_may_show_id(key, id, length);
    lua_pop(L, 1);
    return fine;
}

/* Pushes the resource that the fields on top of the stack make, or false what keeps them from it.
 */
static bool push_resource(lua_State *L, const maker *with) {
    int fields = lua_gettop(L);
    if (!lua_istable(L, fields)) {
        lua_pushfstring(L, "unexpected response: expected a %s object", with->schema->name);
        return false;
    }
    int name = with->names;
    for (const ngrok_field *field = with->schema->fields; field->name != NULL; field++, name++) {
        const char *problem = check_field(L, fields, field, name);
        if (problem != NULL) {
            lua_pushfstring(L, "unexpected response: expected a %s object, but %s %s",
                            with->schema->name, field->name, problem);
            return false;
        }
    }
    bool shows_id = may_show_id(L, with->key, fields);
    lua_pushvalue(L, with->client);
    lua_setmetatable(L, fields);
    resource *self = compat_newuserdata(L, sizeof *self);
    *self = (resource){with->schema, shows_id};
    lua_pushvalue(L, fields);
    compat_setuservalue(L, -2);
    lua_pushvalue(L, with->metatable);
    lua_setmetatable(L, -2);
    return true;
}

static bool refuse(lua_State *L, const char *problem) {
    lua_pushfstring(L, "unexpected response: %s", problem);
    return false;
}

static void push_field(lua_State *L, int index, const char *name) {
    compat_getuservalue(L, index);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

/* Writes the fields of the resource on top of the stack into the one at `into`, which keeps what is
 * told once. */
static void assign(lua_State *L, const ngrok_schema *schema, int into) {
    compat_getuservalue(L, into);
    compat_getuservalue(L, -2);
    int known = lua_gettop(L) - 1, told = known + 1;
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        lua_getfield(L, told, field->name);
        if ((field->flags & NGROK_FIELD_ONCE) != 0 && is_absent(L, -1)) {
            lua_getfield(L, known, field->name);
            lua_setfield(L, told, field->name);
        }
        lua_pop(L, 1);
    }
    compat_setuservalue(L, into);
    lua_pop(L, 1);
}

/* `decoded` is where the decoded response is. */
static bool read_item(lua_State *L, const maker *with, int decoded, int into) {
    lua_pushvalue(L, decoded);
    if (!push_resource(L, with)) {
        return false;
    }
    bool is_resource = test_resource(L, into) != NULL;
    if (is_resource) {
        push_field(L, into, "id");
    } else {
        lua_pushvalue(L, into);
    }
    push_field(L, -2, "id");
    bool is_other = !lua_isnil(L, -2) && !lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    if (is_other) {
        lua_pushfstring(L, "unexpected response: it has the id of another %s", with->schema->name);
    } else if (is_resource) {
        assign(L, with->schema, into);
        lua_pushvalue(L, into);
    }
    return !is_other;
}

/* Pushes the array of a page's items; null is an empty one, as some servers write it. */
static bool push_items(lua_State *L, int reader, int decoded) {
    lua_getfield(L, reader, "list_key");
    if (!lua_istable(L, decoded)) {
        lua_pushfstring(L, "expected a page: an object with the array %s", lua_tostring(L, -1));
        return refuse(L, lua_tostring(L, -1));
    }
    lua_pushvalue(L, -1);
    lua_rawget(L, decoded);
    if (ngrok_json_is_null(L, -1)) {
        lua_newtable(L);
    } else if (!lua_istable(L, -1) || (compat_rawlen(L, -1) == 0 && has_pairs(L, lua_gettop(L)))) {
        lua_pushfstring(L, "expected a page, but %s is not an array", lua_tostring(L, -2));
        return refuse(L, lua_tostring(L, -1));
    }
    return true;
}

static void copy_string(lua_State *L, int from, int to, const char *name) {
    lua_getfield(L, from, name);
    if (lua_type(L, -1) != LUA_TSTRING) {
        lua_pop(L, 1);
        lua_pushnil(L);
    }
    lua_setfield(L, to, name);
}

/* Puts a resource in the place of each item's fields. */
static bool read_page(lua_State *L, const maker *with, int decoded, int reader) {
    if (!push_items(L, reader, decoded)) {
        return false;
    }
    int items = lua_gettop(L), length = (int)compat_rawlen(L, items);
    for (int i = 1; i <= length; i++) {
        lua_rawgeti(L, items, i);
        if (!push_resource(L, with)) {
            return false;
        }
        lua_rawseti(L, items, i);
        lua_pop(L, 1);
    }
    /* Anything but a string or null would end the walk without a word. */
    lua_getfield(L, decoded, "next_page_uri");
    if (!is_absent(L, -1) && lua_type(L, -1) != LUA_TSTRING) {
        return refuse(L, "expected a page, but next_page_uri is not a string");
    }
    copy_string(L, decoded, items, "uri");
    copy_string(L, decoded, items, "next_page_uri");
    lua_settop(L, items);
    lua_getfield(L, reader, "page");
    lua_setmetatable(L, items);
    return true;
}

bool ngrok_resource_read(lua_State *L, const ngrok_reading *reading) {
    int decoded = lua_gettop(L);
    lua_getfield(L, reading->reader, "schema");
    maker with = make_maker(L, ngrok_schema_check(L, -1), reading);
    lua_getfield(L, reading->reader, "page");
    return lua_isnil(L, -1) ? read_item(L, &with, decoded, reading->into)
                            : read_page(L, &with, decoded, reading->reader);
}

/* Whether it has the metatable that an upvalue has: asked for each field that is read, so without
 * looking names up. */
static bool is_own(lua_State *L, int index, int metatable) {
    bool own = lua_getmetatable(L, index) && lua_rawequal(L, -1, metatable);
    lua_settop(L, 2);
    return own;
}

/* A method of the same name wins; see ngrok_resource_open for the upvalues. */
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
    ngrok_redaction_push(L, ngrok_client_key(L, lua_gettop(L)), 1, text, length);
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
        push_field(L, 1, "id");
        push_field(L, 2, "id");
        equal = lua_rawequal(L, -1, -2);
    }
    lua_pushboolean(L, equal);
    return 1;
}

/* The id and nothing else: a description may be anything, and a token must not be seen. */
static int resource_tostring(lua_State *L) {
    const resource *self = check_resource(L, 1);
    if (!self->shows_id) {
        lua_pushstring(L, self->schema->metatable);
        return 1;
    }
    push_field(L, 1, "id");
    lua_pushfstring(L, "%s: %s", self->schema->metatable, lua_tostring(L, -1));
    return 1;
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

int core_client_of(lua_State *L) {
    (void)check_resource(L, 1);
    compat_getuservalue(L, 1);
    return lua_getmetatable(L, -1) ? 1 : 0;
}

int core_kind_of(lua_State *L) {
    const resource *self = test_resource(L, 1);
    lua_pushstring(L, self != NULL ? self->schema->name : NULL);
    return 1;
}

int core_fields(lua_State *L) {
    const ngrok_schema *schema = ngrok_schema_check(L, 1);
    lua_newtable(L);
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        lua_createtable(L, 0, 2);
        lua_pushboolean(L, field->type == NGROK_FIELD_STRINGS);
        lua_setfield(L, -2, "list");
        lua_pushboolean(L, (field->flags & NGROK_FIELD_ONCE) != 0);
        lua_setfield(L, -2, "once");
        lua_setfield(L, -2, field->name);
    }
    return 1;
}

/* ---- the metatable ---- */

int core_methods(lua_State *L) {
    const ngrok_schema *schema = ngrok_schema_check(L, 1);
    luaL_getmetatable(L, schema->metatable);
    lua_getfield(L, -1, "methods");
    return 1;
}

static const luaL_Reg metamethods[] = {
    {"__newindex", resource_newindex}, {"__eq", resource_eq}, {"__pairs", resource_pairs},
    {"__tostring", resource_tostring}, {NULL, NULL},
};

void ngrok_resource_open(lua_State *L, const ngrok_schema *schema) {
    compat_newmetatable(L, schema->metatable, metamethods);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "methods");
    lua_pushvalue(L, -2);
    lua_pushcclosure(L, resource_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
