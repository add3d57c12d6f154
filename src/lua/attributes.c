#include "lua/attributes.h"

#include "base/compat.h"
#include "base/text.h"
#include "lua/json.h"
#include "lua/schema.h"
#include "lua/scratch.h"

#include <math.h>
#include <string.h>

/* Bounds what is read from a table whose __index may never end. */
enum { longest_array = 100000 };

enum { argument_verb = 2, argument_given, argument_validate, secrets, scratch };

typedef struct encoder {
    lua_State *L;
    ngrok_buffer *out;
    bool validate;
    bool type_error;
} encoder;

/* The path of a value in the attributes: `target.datadog.api_key`, `acl[2]`. */
typedef struct place {
    const struct place *outer; /* NULL: the table itself */
    const char *name;          /* NULL in an array */
    int position;              /* in an array */
} place;

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static const char *push_place(lua_State *L, const place *at) {
    luaL_checkstack(L, 1 + LUA_MINSTACK, "attributes are nested too deeply");
    if (at->outer == NULL) {
        return lua_pushfstring(L, "%s", "");
    }
    const char *outer = push_place(L, at->outer);
    if (at->name == NULL) {
        return lua_pushfstring(L, "%s[%d]", outer, at->position);
    }
    return lua_pushfstring(L, "%s%s%s", outer, outer[0] != '\0' ? "." : "", at->name);
}

/* ---- refusals: each leaves a message on the stack ---- */

static bool refuse(encoder *self, const place *at, const char *problem) {
    lua_pushfstring(self->L, "%s %s", push_place(self->L, at), problem);
    return false;
}

static bool refuse_type(encoder *self, const place *at, const char *problem) {
    self->type_error = true;
    lua_pushfstring(self->L, "bad attribute '%s' (%s)", push_place(self->L, at), problem);
    return false;
}

static bool refuse_value(encoder *self, const place *at, const char *expected, int index) {
    const char *got = luaL_typename(self->L, index);
    return refuse_type(self, at, lua_pushfstring(self->L, "%s expected, got %s", expected, got));
}

static bool refuse_key(encoder *self, const ngrok_schema *schema, const place *at, int key) {
    lua_State *L = self->L;
    self->type_error = true;
    if (lua_type(L, key) == LUA_TSTRING) {
        const place unknown = {at, lua_tostring(L, key), 0};
        lua_pushfstring(L, "unknown attribute '%s' for %s", push_place(L, &unknown),
                        lua_tostring(L, argument_verb));
    } else {
        lua_pushfstring(L, "an attribute's name must be a string, got %s", luaL_typename(L, key));
    }
    for (size_t i = 0; i < schema->count; i++) {
        lua_pushfstring(L, "%s%s", i == 0 ? " (there are " : ", ", schema->fields[i].name);
        lua_concat(L, 2);
    }
    lua_pushliteral(L, ")");
    lua_concat(L, 2);
    return false;
}

/* ---- writing: the value is on top of the stack, and stays there ---- */

static void check_memory(encoder *self, bool fine) {
    if (!fine) {
        luaL_error(self->L, "not enough memory");
    }
}

static void append(encoder *self, const char *text) {
    check_memory(self, ngrok_buffer_append_string(self->out, text));
}

static void append_text(encoder *self, const char *text, size_t length) {
    check_memory(self, ngrok_json_append_string(self->out, text, length));
}

static void note_secret(lua_State *L) {
    if (lua_isnil(L, secrets)) {
        lua_newtable(L);
        lua_replace(L, secrets);
    }
    lua_pushvalue(L, -1);
    lua_rawseti(L, secrets, (int)compat_rawlen(L, secrets) + 1);
}

static bool write_string(encoder *self, const ngrok_field *field, const place *at) {
    lua_State *L = self->L;
    size_t length;
    const char *text = lua_tolstring(L, -1, &length);
    if (!ngrok_text_is_utf8(text, length)) {
        return refuse(self, at, "is not valid UTF-8, which JSON requires");
    }
    if (self->validate && field->max_bytes > 0 && length > field->max_bytes) {
        return refuse(self, at,
                      lua_pushfstring(L, "has %d bytes; the limit is %d", (int)length,
                                      (int)field->max_bytes));
    }
    const char *problem =
        self->validate && field->check != NULL ? field->check(text, length) : NULL;
    if (problem != NULL) {
        return refuse(self, at, lua_pushfstring(L, "is not a valid rule: %s", problem));
    }
    if (field->secret) {
        note_secret(L);
    }
    append_text(self, text, length);
    return true;
}

static bool write_number(encoder *self, const ngrok_field *field, const place *at) {
    double number = (double)lua_tonumber(self->L, -1);
    if (!isfinite(number) || (field->base == NGROK_INTEGER && floor(number) != number)) {
        return refuse_type(self, at,
                           lua_pushfstring(self->L, "%s expected", ngrok_schema_noun(field)));
    }
    check_memory(self, ngrok_json_append_number(self->out, number));
    return true;
}

static bool write_object(encoder *self, const ngrok_schema *schema, const place *at);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static bool write_one(encoder *self, const ngrok_field *field, const place *at) {
    static const int types[] = {
        [NGROK_STRING] = LUA_TSTRING,   [NGROK_INTEGER] = LUA_TNUMBER, [NGROK_NUMBER] = LUA_TNUMBER,
        [NGROK_BOOLEAN] = LUA_TBOOLEAN, [NGROK_OBJECT] = LUA_TTABLE,
    };
    if (lua_type(self->L, -1) != types[field->base]) {
        return refuse_value(self, at, ngrok_schema_noun(field), lua_gettop(self->L));
    }
    switch (field->base) {
    case NGROK_STRING:
        return write_string(self, field, at);
    case NGROK_INTEGER:
    case NGROK_NUMBER:
        return write_number(self, field, at);
    case NGROK_BOOLEAN:
        append(self, lua_toboolean(self->L, -1) ? "true" : "false");
        return true;
    case NGROK_OBJECT:
        break;
    }
    return write_object(self, field->object, at);
}

static bool has_metafield(lua_State *L, int index, const char *name) {
    bool has = luaL_getmetafield(L, index, name) != 0;
    lua_pop(L, has ? 1 : 0);
    return has;
}

/* A table that only looks like an array (a read-only one, say) counts, too: read raw it would be
 * empty, and an empty list of rules allows everything. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static bool write_array(encoder *self, const ngrok_field *field, const place *at) {
    lua_State *L = self->L;
    int array = lua_gettop(L);
    bool is_inherited = has_metafield(L, array, "__index");
    if (!is_inherited && !ngrok_json_is_array(L, array)) {
        const char *noun = ngrok_schema_push_noun(L, field);
        return refuse_type(self, at,
                           lua_pushfstring(L, "an %s expected, got a table with other keys", noun));
    }
    append(self, "[");
    for (int i = 1; !is_inherited || i <= longest_array; i++) {
        const place item = {at, NULL, i};
        lua_pushinteger(L, i);
        lua_gettable(L, array);
        if (lua_isnil(L, -1)) {
            append(self, "]");
            lua_settop(L, array);
            return true;
        }
        append(self, i > 1 ? "," : "");
        if (!write_one(self, field, &item)) {
            return false;
        }
        lua_settop(L, array);
    }
    return refuse_type(self, at,
                       lua_pushfstring(L,
                                       "its __index gives %d items or more: copy them into a plain "
                                       "table",
                                       (int)longest_array));
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static bool write_map(encoder *self, const ngrok_field *field, const place *at) {
    lua_State *L = self->L;
    int map = lua_gettop(L);
    if (has_metafield(L, map, "__index")) {
        return refuse_type(self, at, "it has an __index: copy its values into a plain table");
    }
    const char *separator = "{";
    for (lua_pushnil(L); lua_next(L, map) != 0; lua_settop(L, map + 1)) {
        size_t length;
        const char *key =
            lua_type(L, map + 1) == LUA_TSTRING ? lua_tolstring(L, map + 1, &length) : NULL;
        const place item = {at, key, 0};
        if (key == NULL) {
            return refuse_type(self, at, "its keys must be strings");
        }
        if (!ngrok_text_is_utf8(key, length)) {
            return refuse(self, at, "has a key that is not valid UTF-8, which JSON requires");
        }
        append(self, separator);
        append_text(self, key, length);
        append(self, ":");
        if (!write_one(self, field, &item)) {
            return false;
        }
        separator = ",";
    }
    append(self, separator[0] == '{' ? "{}" : "}");
    return true;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static bool write_value(encoder *self, const ngrok_field *field, const place *at) {
    if (field->shape == NGROK_ONE) {
        return write_one(self, field, at);
    }
    if (!lua_istable(self->L, -1)) {
        const char *noun = ngrok_schema_push_noun(self->L, field);
        return refuse_value(self, at, noun, lua_gettop(self->L) - 1);
    }
    return field->shape == NGROK_ARRAY ? write_array(self, field, at) : write_map(self, field, at);
}

static bool has_field(const ngrok_schema *schema, const char *name, size_t length) {
    for (size_t i = 0; i < schema->count; i++) {
        const char *known = schema->fields[i].name;
        if (strlen(known) == length && memcmp(known, name, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool check_keys(encoder *self, const ngrok_schema *schema, const place *at) {
    lua_State *L = self->L;
    int table = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_pop(L, 1)) {
        size_t length = 0;
        const char *name =
            lua_type(L, table + 1) == LUA_TSTRING ? lua_tolstring(L, table + 1, &length) : NULL;
        if (name == NULL || !has_field(schema, name, length)) {
            return refuse_key(self, schema, at, table + 1);
        }
    }
    return true;
}

/* Each field is read once, inherited or not, so that what was checked is what is written, even if
 * the table changes meanwhile. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static bool write_object(encoder *self, const ngrok_schema *schema, const place *at) {
    lua_State *L = self->L;
    luaL_checkstack(L, LUA_MINSTACK, "attributes are nested too deeply");
    if (!check_keys(self, schema, at)) {
        return false;
    }
    int table = lua_gettop(L);
    const char *separator = "{\"";
    const char *missing = NULL; /* reported last, after values of the wrong type */
    for (size_t i = 0; i < schema->count; i++) {
        const ngrok_field *field = &schema->fields[i];
        const place inner = {at, field->name, 0};
        lua_getfield(L, table, field->name);
        if (!lua_isnil(L, -1)) {
            append(self, separator);
            append(self, field->name);
            append(self, "\":");
            separator = ",\"";
            if (!write_value(self, field, &inner)) {
                return false;
            }
        } else if (field->required && missing == NULL) {
            missing = field->name;
        }
        lua_settop(L, table);
    }
    if (missing != NULL && self->validate) {
        return refuse(self, &(place){at, missing, 0}, "is required");
    }
    append(self, separator[0] == '{' ? "{}" : "}");
    return true;
}

int core_encode(lua_State *L) {
    const ngrok_schema *schema = ngrok_schema_check(L, 1);
    (void)luaL_checkstring(L, argument_verb);
    luaL_checktype(L, argument_given, LUA_TTABLE);
    lua_settop(L, argument_validate);
    lua_pushnil(L); /* secrets */
    encoder self = {.L = L, .validate = lua_toboolean(L, argument_validate)};
    self.out = ngrok_scratch_push(L);
    lua_pushvalue(L, argument_given);
    const place whole = {NULL, NULL, 0};
    if (!write_object(&self, schema, &whole)) {
        lua_pushnil(L);
        lua_insert(L, -2);
        lua_pushboolean(L, self.type_error);
        return 3;
    }
    lua_settop(L, scratch);
    ngrok_scratch_finish(L);
    lua_pushvalue(L, secrets);
    return 2;
}
