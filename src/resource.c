#include "resource.h"

#include "compat.h"
#include "json.h"
#include "schemas.h"
#include "text.h"

#include <string.h>

/* Where a resource's fields keep the client that they came from. */
enum { client_slot = 1 };

typedef struct resource {
    const ngrok_schema *schema;
} resource;

static const ngrok_schema *check_schema(lua_State *L, int index) {
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

/* ---- attributes to a request body ---- */

typedef struct encoder {
    lua_State *L;
    const char *verb;
    int given;      /* stack index of the caller's table */
    int attributes; /* and of ours */
    bool validate;
    bool type_error;
} encoder;

/* Leaves a message on the stack; the caller's refusal returns it. */
static bool refuse_type(encoder *self, const char *name, int index, const char *expected) {
    self->type_error = true;
    lua_pushfstring(self->L, "bad attribute '%s' (%s expected, got %s)", name, expected,
                    luaL_typename(self->L, index));
    return false;
}

static bool check_text(encoder *self, const ngrok_field *field, int index, const char *label) {
    size_t length;
    const char *text = lua_tolstring(self->L, index, &length);
    if (!ngrok_text_is_utf8(text, length)) {
        lua_pushfstring(self->L, "%s is not valid UTF-8, which JSON requires", label);
        return false;
    }
    if (!self->validate) {
        return true;
    }
    if (field->max_bytes > 0 && length > field->max_bytes) {
        lua_pushfstring(self->L, "%s has %d bytes; the limit is %d", label, (int)length,
                        (int)field->max_bytes);
        return false;
    }
    const char *problem = field->check != NULL ? field->check(text, length) : NULL;
    if (problem != NULL) {
        lua_pushfstring(self->L, "%s is not a valid rule: %s", label, problem);
        return false;
    }
    return true;
}

static bool check_string(encoder *self, const ngrok_field *field, int index) {
    if (lua_type(self->L, index) != LUA_TSTRING) {
        return refuse_type(self, field->name, index, "string");
    }
    return check_text(self, field, index, field->name);
}

/* A table is an array when counting its pairs finds no more than counting up from 1 does. */
static bool is_array(lua_State *L, int index) {
    int pairs = 0, length = 0;
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

static bool check_strings(encoder *self, const ngrok_field *field, int index) {
    lua_State *L = self->L;
    if (!lua_istable(L, index)) {
        return refuse_type(self, field->name, index, "array of strings");
    }
    if (!is_array(L, index)) {
        self->type_error = true;
        lua_pushfstring(L, "bad attribute '%s' (an array of strings expected, got other keys)",
                        field->name);
        return false;
    }
    int length = (int)compat_rawlen(L, index);
    for (int i = 1; i <= length; i++) {
        lua_rawgeti(L, index, i);
        lua_pushfstring(L, "%s[%d]", field->name, i);
        const char *label = lua_tostring(L, -1);
        int value = lua_gettop(L) - 1;
        if (lua_type(L, value) != LUA_TSTRING) {
            return refuse_type(self, label, value, "string");
        }
        if (!check_text(self, field, value, label)) {
            return false;
        }
        lua_settop(L, value - 1);
    }
    return true;
}

static unsigned verb_flag(const encoder *self) {
    return strcmp(self->verb, "create") == 0 ? NGROK_FIELD_CREATE : NGROK_FIELD_UPDATE;
}

static const ngrok_field *find_field(const encoder *self, const ngrok_schema *schema,
                                     const char *name) {
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        if ((field->flags & verb_flag(self)) != 0 && strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

static bool refuse_key(encoder *self, const ngrok_schema *schema, int key) {
    lua_State *L = self->L;
    const char *separator = " (there are ";
    self->type_error = true;
    if (lua_type(L, key) == LUA_TSTRING) {
        lua_pushfstring(L, "unknown attribute '%s' for %s", lua_tostring(L, key), self->verb);
    } else {
        lua_pushfstring(L, "an attribute's name must be a string, got %s", luaL_typename(L, key));
    }
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        if ((field->flags & verb_flag(self)) != 0) {
            lua_pushfstring(L, "%s%s", separator, field->name);
            lua_concat(L, 2);
            separator = ", ";
        }
    }
    lua_pushliteral(L, ")");
    lua_concat(L, 2);
    return false;
}

static bool check_keys(encoder *self, const ngrok_schema *schema) {
    lua_State *L = self->L;
    lua_pushnil(L);
    while (lua_next(L, self->given) != 0) {
        int key = lua_gettop(L) - 1;
        if (lua_type(L, key) != LUA_TSTRING ||
            find_field(self, schema, lua_tostring(L, key)) == NULL) {
            return refuse_key(self, schema, key);
        }
        lua_pop(L, 1);
    }
    return true;
}

/* Takes a field once, inherited or not, into the plain table that is checked and then written. */
static bool take_attribute(encoder *self, const ngrok_field *field) {
    lua_State *L = self->L;
    lua_getfield(L, self->given, field->name);
    int value = lua_gettop(L);
    if (lua_isnil(L, value)) {
        lua_pop(L, 1);
        return true;
    }
    bool fine = field->type == NGROK_FIELD_STRINGS ? check_strings(self, field, value)
                                                   : check_string(self, field, value);
    if (fine) {
        lua_setfield(L, self->attributes, field->name);
    }
    return fine;
}

static bool take_attributes(encoder *self, const ngrok_schema *schema) {
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        if ((field->flags & verb_flag(self)) != 0 && !take_attribute(self, field)) {
            return false;
        }
    }
    return true;
}

/* Written here and not by cjson, which cannot tell an empty array from an empty object (2.1.0 has
 * no empty_array). The value is on top of the stack; a luaL_Buffer lets it be consumed there. */
static void add_strings(lua_State *L, luaL_Buffer *buffer, int attributes, const char *name) {
    lua_getfield(L, attributes, name);
    int length = (int)compat_rawlen(L, -1);
    lua_pop(L, 1);
    luaL_addchar(buffer, '[');
    for (int i = 1; i <= length; i++) {
        if (i > 1) {
            luaL_addchar(buffer, ',');
        }
        lua_getfield(L, attributes, name);
        lua_rawgeti(L, -1, i);
        ngrok_json_encode_string(L, -1);
        lua_replace(L, -3);
        lua_pop(L, 1);
        luaL_addvalue(buffer);
    }
    luaL_addchar(buffer, ']');
}

static void add_string(lua_State *L, luaL_Buffer *buffer, int attributes, const char *name) {
    lua_getfield(L, attributes, name);
    ngrok_json_encode_string(L, -1);
    lua_replace(L, -2);
    luaL_addvalue(buffer);
}

static void push_body(const encoder *self, const ngrok_schema *schema) {
    lua_State *L = self->L;
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    const char *separator = "{\"";
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        lua_getfield(L, self->attributes, field->name);
        bool absent = lua_isnil(L, -1);
        lua_pop(L, 1);
        if (absent) {
            continue;
        }
        luaL_addstring(&buffer, separator);
        luaL_addstring(&buffer, field->name);
        luaL_addstring(&buffer, "\":");
        if (field->type == NGROK_FIELD_STRINGS) {
            add_strings(L, &buffer, self->attributes, field->name);
        } else {
            add_string(L, &buffer, self->attributes, field->name);
        }
        separator = ",\"";
    }
    luaL_addstring(&buffer, separator[0] == '{' ? "{}" : "}");
    luaL_pushresult(&buffer);
}

int core_encode(lua_State *L) {
    const ngrok_schema *schema = check_schema(L, 1);
    encoder self = {
        .L = L,
        .verb = luaL_checkstring(L, 2),
        .given = 3,
        .attributes = 5,
        .validate = lua_toboolean(L, 4),
    };
    luaL_checktype(L, 3, LUA_TTABLE);
    lua_settop(L, 4);
    lua_newtable(L);
    if (!check_keys(&self, schema) || !take_attributes(&self, schema)) {
        lua_pushnil(L);
        lua_insert(L, -2);
        lua_pushboolean(L, self.type_error);
        return 3;
    }
    push_body(&self, schema);
    return 1;
}

/* ---- answers to userdata ---- */

static bool is_strings(lua_State *L, int index) {
    if (!lua_istable(L, index) || !is_array(L, index)) {
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
    return true;
}

/* What is wrong with a known field of an answer, or NULL. Absent lists become empty ones. */
static const char *check_field(lua_State *L, int fields, const ngrok_field *field) {
    const char *problem = NULL;
    lua_getfield(L, fields, field->name);
    if (lua_isnil(L, -1) && field->type == NGROK_FIELD_STRINGS) {
        lua_newtable(L);
        lua_setfield(L, fields, field->name);
    } else if (lua_isnil(L, -1)) {
        problem = (field->flags & NGROK_FIELD_REQUIRED) != 0 ? "is missing" : NULL;
    } else if (field->type == NGROK_FIELD_STRINGS) {
        problem = is_strings(L, lua_gettop(L)) ? NULL : "is not an array of strings";
    } else if (lua_type(L, -1) != LUA_TSTRING) {
        problem = "is not a string";
    } else if ((field->flags & NGROK_FIELD_REQUIRED) != 0 && compat_rawlen(L, -1) == 0) {
        problem = "is empty";
    }
    lua_pop(L, 1);
    return problem;
}

int core_resource(lua_State *L) {
    const ngrok_schema *schema = check_schema(L, 1);
    lua_settop(L, 3);
    if (!lua_istable(L, 2)) {
        lua_pushnil(L);
        lua_pushfstring(L, "the answer is no %s: it is no JSON object", schema->name);
        return 2;
    }
    ngrok_json_strip(L, 2);
    for (const ngrok_field *field = schema->fields; field->name != NULL; field++) {
        const char *problem = check_field(L, 2, field);
        if (problem != NULL) {
            lua_pushnil(L);
            lua_pushfstring(L, "the answer is no %s: %s %s", schema->name, field->name, problem);
            return 2;
        }
    }
    lua_pushvalue(L, 3);
    lua_rawseti(L, 2, client_slot);
    resource *self = compat_newuserdata(L, sizeof *self);
    self->schema = schema;
    lua_pushvalue(L, 2);
    compat_setpeer(L, -2);
    compat_setmetatable(L, schema->metatable);
    return 1;
}

/* A method of the same name wins; see ngrok_resource_open for the upvalue. */
static int resource_index(lua_State *L) {
    (void)check_resource(L, 1);
    lua_pushvalue(L, 2);
    lua_rawget(L, lua_upvalueindex(1));
    if (!lua_isnil(L, -1) || lua_type(L, 2) != LUA_TSTRING) {
        return 1;
    }
    compat_getpeer(L, 1);
    lua_pushvalue(L, 2);
    lua_rawget(L, -2);
    if (lua_istable(L, -1)) {
        ngrok_json_copy(L, -1); /* so that no caller's change shows in the object */
    }
    return 1;
}

static int resource_newindex(lua_State *L) {
    const resource *self = check_resource(L, 1);
    return luaL_error(L, "a %s's fields are read-only (assigning '%s'); change it with update{...}",
                      self->schema->name,
                      lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : luaL_typename(L, 2));
}

static void push_field(lua_State *L, int index, const char *name) {
    compat_getpeer(L, index);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
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
    push_field(L, 1, "id");
    lua_pushfstring(L, "%s: %s", self->schema->metatable, lua_tostring(L, -1));
    return 1;
}

static int resource_totable(lua_State *L) {
    (void)check_resource(L, 1);
    lua_settop(L, 1);
    lua_newtable(L);
    compat_getpeer(L, 1);
    lua_pushnil(L);
    while (lua_next(L, 3) != 0) {
        /* The client's slot has no string for a key: it is none of the fields. */
        if (lua_type(L, -2) == LUA_TSTRING) {
            lua_pushvalue(L, -2);
            if (lua_istable(L, -2)) {
                ngrok_json_copy(L, -2);
            } else {
                lua_pushvalue(L, -2);
            }
            lua_rawset(L, 2);
        }
        lua_pop(L, 1);
    }
    lua_settop(L, 2);
    return 1;
}

int core_assign(lua_State *L) {
    const resource *self = check_resource(L, 1);
    (void)check_resource(L, 2);
    compat_getpeer(L, 1);
    compat_getpeer(L, 2);
    for (const ngrok_field *field = self->schema->fields; field->name != NULL; field++) {
        lua_getfield(L, 4, field->name);
        if ((field->flags & NGROK_FIELD_ONCE) != 0 && lua_isnil(L, -1)) {
            lua_getfield(L, 3, field->name);
            lua_setfield(L, 4, field->name);
        }
        lua_pop(L, 1);
    }
    compat_setpeer(L, 1);
    return 0;
}

int core_client_of(lua_State *L) {
    (void)check_resource(L, 1);
    compat_getpeer(L, 1);
    lua_rawgeti(L, -1, client_slot);
    return 1;
}

int core_kind_of(lua_State *L) {
    const resource *self = test_resource(L, 1);
    lua_pushstring(L, self != NULL ? self->schema->name : NULL);
    return 1;
}

/* ---- the metatable ---- */

int core_methods(lua_State *L) {
    const ngrok_schema *schema = check_schema(L, 1);
    luaL_getmetatable(L, schema->metatable);
    lua_getfield(L, -1, "methods");
    return 1;
}

static const luaL_Reg metamethods[] = {
    {"__newindex", resource_newindex},
    {"__eq", resource_eq},
    {"__tostring", resource_tostring},
    {NULL, NULL},
};

void ngrok_resource_open(lua_State *L, const ngrok_schema *schema) {
    compat_newmetatable(L, schema->metatable, metamethods);
    lua_newtable(L);
    lua_pushcfunction(L, resource_totable);
    lua_setfield(L, -2, "totable");
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "methods");
    lua_pushcclosure(L, resource_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
