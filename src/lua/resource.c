#include "lua/resource.h"

#include "base/compat.h"
#include "lua/client.h"
#include "lua/json.h"
#include "lua/redaction.h"

#include <stddef.h>
#include <string.h>

/* In the registry: a table from the metatables of resources to their schemas. */
#define KINDS "ngrok.core.kinds"

typedef struct resource {
    const ngrok_schema *schema;
    bool shows_id;    /* judged when it is made: later the key may be wiped */
    bool is_replaced; /* another one was written to it, and has the values */
    /* JSON texts, one behind the other: the fields' values, then what the schema does not have, as
     * the members of an object. Before each is its length, seven bits a byte, the lowest first; all
     * but the last byte have the eighth bit. One that is absent is empty. */
    unsigned char bytes[];
} resource;

/* ---- values ---- */

/* Pushes the resource that has the values of the one at `index`: what is read of them is good while
 * it is on the stack. */
static const resource *push_holder(lua_State *L, int index) {
    const resource *self = lua_touserdata(L, index);
    if (!self->is_replaced) {
        lua_pushvalue(L, index);
        return self;
    }
    compat_getuservalue(L, index);
    lua_rawgeti(L, -1, 2);
    lua_remove(L, -2);
    return lua_touserdata(L, -1);
}

static ngrok_json read_text(const unsigned char **at) {
    size_t length = 0;
    unsigned shift = 0;
    do {
        length |= (size_t)(**at & 0x7F) << shift;
        shift += 7;
    } while ((*(*at)++ & 0x80) != 0);
    const char *text = (const char *)*at;
    *at += length;
    return (ngrok_json){text, length};
}

static ngrok_json value_at(const resource *self, size_t number) {
    const unsigned char *at = self->bytes;
    ngrok_json value = read_text(&at);
    for (size_t i = 0; i < number; i++) {
        value = read_text(&at);
    }
    return value;
}

/* The members that the schema does not have. */
static ngrok_json_walk other_members(const resource *self) {
    ngrok_json others = value_at(self, self->schema->count);
    return (ngrok_json_walk){others.text, others.text + others.length};
}

static ngrok_json find_value(const resource *self, const char *name, size_t length) {
    const ngrok_schema *schema = self->schema;
    for (size_t i = 0; i < schema->count; i++) {
        const char *known = schema->fields[i].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            return value_at(self, i);
        }
    }
    ngrok_json found = {0}, spelled;
    ngrok_json_walk walk = other_members(self);
    while (ngrok_json_next_member(&walk, &spelled)) {
        ngrok_json value = ngrok_json_take(&walk);
        found = ngrok_json_spells(spelled, name, length) ? value : found;
    }
    return found;
}

/* Members mostly come in the schema's order, so the search begins behind the field before. */
static size_t find_field(const ngrok_schema *schema, ngrok_json name, size_t first) {
    for (size_t i = 0; i < schema->count; i++) {
        size_t number = (first + i) % schema->count;
        const char *known = schema->fields[number].name;
        if (ngrok_json_spells(name, known, strlen(known))) {
            return number;
        }
    }
    return schema->count;
}

/* As they are kept: a name, a colon, a value, a comma. */
static size_t length_of_member(ngrok_json name, ngrok_json value) {
    return name.length + value.length + 2;
}

ngrok_members ngrok_members_find(const ngrok_schema *schema, ngrok_json_walk *walk,
                                 ngrok_json *values) {
    ngrok_json_walk members = ngrok_json_enter(walk->at, walk->end);
    ngrok_members found = {values, members, 0};
    memset(values, 0, schema->count * sizeof *values);
    size_t next = 0;
    for (ngrok_json name; ngrok_json_next_member(&members, &name);) {
        ngrok_json value = ngrok_json_take(&members);
        size_t number = find_field(schema, name, next);
        if (number < schema->count) {
            values[number] = value;
            next = number + 1;
        } else {
            found.others += length_of_member(name, value);
        }
    }
    walk->at = members.at;
    return found;
}

/* ---- making one ---- */

static size_t size_of_text(size_t length) {
    size_t size = length + 1;
    for (; length > 0x7F; length >>= 7) {
        size++;
    }
    return size;
}

static size_t size_of(const ngrok_schema *schema, const ngrok_members *members) {
    size_t size = offsetof(resource, bytes) + size_of_text(members->others);
    for (size_t i = 0; i < schema->count; i++) {
        size += size_of_text(members->values[i].length);
    }
    return size;
}

static unsigned char *append_length(unsigned char *to, size_t length) {
    for (; length > 0x7F; length >>= 7) {
        *to++ = (unsigned char)(length | 0x80);
    }
    *to++ = (unsigned char)length;
    return to;
}

static unsigned char *append(unsigned char *to, ngrok_json text) {
    memcpy(to, text.text, text.length);
    return to + text.length;
}

static void append_others(const ngrok_schema *schema, ngrok_json_walk walk, unsigned char *to) {
    for (ngrok_json name; ngrok_json_next_member(&walk, &name);) {
        ngrok_json value = ngrok_json_take(&walk);
        if (find_field(schema, name, 0) == schema->count) {
            to = append(to, name);
            *to++ = ':';
            to = append(to, value);
            *to++ = ',';
        }
    }
}

static void copy_values(resource *to, const ngrok_schema *schema, const ngrok_members *members) {
    unsigned char *end = to->bytes;
    for (size_t i = 0; i < schema->count; i++) {
        ngrok_json value = members->values[i];
        end = append_length(end, value.length);
        end = value.length > 0 ? append(end, value) : end;
    }
    end = append_length(end, members->others);
    if (members->others > 0) {
        append_others(schema, members->all, end);
    }
}

void ngrok_resource_push(lua_State *L, const ngrok_schema *schema, bool shows_id,
                         const ngrok_members *members, int origin, int metatable) {
    resource *self = compat_newuserdata(L, size_of(schema, members));
    self->schema = schema;
    self->shows_id = shows_id;
    self->is_replaced = false;
    copy_values(self, schema, members);
    lua_pushvalue(L, origin);
    compat_setuservalue(L, -2);
    lua_pushvalue(L, metatable);
    lua_setmetatable(L, -2);
}

/* ---- using one ---- */

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

static void push_origin(lua_State *L, int index) {
    const resource *self = lua_touserdata(L, index);
    compat_getuservalue(L, index);
    if (self->is_replaced) {
        lua_rawgeti(L, -1, 1);
        lua_remove(L, -2);
    }
}

static void push_value(lua_State *L, ngrok_json value, ngrok_json_nulls nulls) {
    bool is_null = ngrok_json_is(value, 'n') && nulls != NGROK_JSON_ALL_NULLS;
    if (value.length == 0 || is_null) {
        lua_pushnil(L);
    } else {
        ngrok_json_push(L, value, nulls);
    }
}

/* Pushes a table of the fields, as a caller may change it. */
static void push_fields(lua_State *L, int index, ngrok_json_nulls nulls) {
    (void)check_resource(L, index);
    const resource *self = push_holder(L, index);
    lua_newtable(L);
    ngrok_json_push_members(L, other_members(self), nulls);
    for (size_t i = 0; i < self->schema->count; i++) {
        push_value(L, value_at(self, i), nulls);
        lua_setfield(L, -2, self->schema->fields[i].name);
    }
    lua_remove(L, -2);
}

void ngrok_resource_push_field(lua_State *L, int index, const char *name) {
    ngrok_json value = find_value(push_holder(L, index), name, strlen(name));
    push_value(L, value, NGROK_JSON_NO_NULLS);
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

/* Pushes a resource like the one at `fresh`, with what only the one at `known` has. */
static void push_merged(lua_State *L, int known, int fresh) {
    const resource *old = push_holder(L, known), *self = lua_touserdata(L, fresh);
    const ngrok_schema *schema = self->schema;
    ngrok_json *values = lua_newuserdata(L, (schema->count + 1) * sizeof *values);
    for (size_t i = 0; i < schema->count; i++) {
        ngrok_json value = value_at(self, i);
        bool keep = schema->fields[i].once && (value.length == 0 || ngrok_json_is(value, 'n'));
        values[i] = keep ? value_at(old, i) : value;
    }
    ngrok_members members = {values, other_members(self), value_at(self, schema->count).length};
    push_origin(L, fresh);
    (void)lua_getmetatable(L, fresh);
    ngrok_resource_push(L, schema, self->shows_id, &members, lua_gettop(L) - 1, lua_gettop(L));
}

void ngrok_resource_assign(lua_State *L, int into) {
    int fresh = lua_gettop(L);
    resource *self = check_resource(L, into);
    lua_createtable(L, 2, 0);
    push_origin(L, into);
    lua_rawseti(L, -2, 1);
    push_merged(L, into, fresh);
    lua_rawseti(L, fresh + 1, 2);
    lua_settop(L, fresh + 1);
    compat_setuservalue(L, into);
    self->is_replaced = true;
    lua_settop(L, fresh - 1);
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
    size_t length;
    const char *name = lua_tolstring(L, 2, &length);
    push_value(L, find_value(push_holder(L, 1), name, length), NGROK_JSON_NO_NULLS);
    if (lua_istable(L, -1)) {
        make_callable(L);
    }
    return 1;
}

/* Pushes what may be shown of the name on top of the stack, which may be the key by mistake. Once
 * the client is closed, a key is known by its look. */
static void push_shown_name(lua_State *L) {
    int name = lua_gettop(L);
    push_origin(L, 1);
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
    push_fields(L, 1, NGROK_JSON_NO_NULLS);
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
    ngrok_schema *schema = ngrok_schema_push(L, 1, 2, name != NULL);
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
    push_origin(L, 1);
    return 1;
}

int core_plain(lua_State *L) {
    push_fields(L, 1, NGROK_JSON_NO_NULLS);
    return 1;
}

int core_decoded(lua_State *L) {
    push_fields(L, 1, NGROK_JSON_ALL_NULLS);
    return 1;
}

void ngrok_resource_open(lua_State *L) {
    lua_newtable(L);
    lua_setfield(L, LUA_REGISTRYINDEX, KINDS);
}
