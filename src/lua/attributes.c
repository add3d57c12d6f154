#include "lua/attributes.h"

#include "base/compat.h"
#include "base/text.h"
#include "lua/json.h"
#include "lua/resource.h"

#include <string.h>

/* Bounds what is read from a table whose __index may never end. */
enum { longest_list = 100000 };

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

static bool check_strings(encoder *self, const ngrok_field *field, int index) {
    lua_State *L = self->L;
    if (!lua_istable(L, index)) {
        return refuse_type(self, field->name, index, "array of strings");
    }
    if (!ngrok_json_is_array(L, index)) {
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
            compat_rawlen(L, key) != strlen(lua_tostring(L, key)) ||
            find_field(self, schema, lua_tostring(L, key)) == NULL) {
            return refuse_key(self, schema, key);
        }
        lua_pop(L, 1);
    }
    return true;
}

/* Replaces a list that only looks like one (a read-only table, say) by a plain one with the same
 * items: read raw it would be empty, and an empty list of rules allows everything. */
static bool make_plain(encoder *self, const ngrok_field *field, int index) {
    lua_State *L = self->L;
    if (!lua_istable(L, index) || luaL_getmetafield(L, index, "__index") == 0) {
        return true;
    }
    lua_pop(L, 1);
    lua_newtable(L);
    for (int i = 1; i <= longest_list; i++) {
        lua_pushinteger(L, i);
        lua_gettable(L, index);
        if (lua_isnil(L, -1)) {
            lua_pop(L, 1);
            lua_replace(L, index);
            return true;
        }
        lua_rawseti(L, -2, i);
    }
    self->type_error = true;
    lua_pushfstring(
        L,
        "bad attribute '%s' (its __index gives %d items or more: copy them into a plain "
        "table)",
        field->name, (int)longest_list);
    return false;
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
    bool fine = field->type == NGROK_FIELD_STRINGS
                    ? make_plain(self, field, value) && check_strings(self, field, value)
                    : check_string(self, field, value);
    if (fine && field->type == NGROK_FIELD_STRINGS) {
        ngrok_json_copy(L, value); /* what was checked is what is written, whoever changes theirs */
        lua_replace(L, value);
    }
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
    const ngrok_schema *schema = ngrok_schema_check(L, 1);
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
