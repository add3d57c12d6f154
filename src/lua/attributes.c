#include "lua/attributes.h"

#include "base/compat.h"
#include "base/text.h"
#include "lua/json.h"
#include "lua/resource.h"
#include "lua/schema.h"
#include "lua/scratch.h"

#include <math.h>
#include <string.h>

/* Bounds what is read from a table whose __index may never end. */
enum { longest_array = 100000 };

/* A message of more is not read to its end. */
enum { most_problems = 20 };

enum { argument_given = 2, argument_validate, secrets, type_problems, problems, scratch };

typedef struct encoder {
    lua_State *L;
    ngrok_buffer *out; /* of no use once there are problems */
    bool validate;
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

/* ---- problems: all that a table has are noted, and writing goes on ---- */

/* Pops the problem. */
static void note(lua_State *L, int list) {
    int count = (int)compat_rawlen(L, list);
    if (count == most_problems) {
        lua_pushliteral(L, "and more");
        lua_replace(L, -2);
    }
    if (count <= most_problems) {
        lua_rawseti(L, list, count + 1);
    } else {
        lua_pop(L, 1);
    }
}

static void refuse(encoder *self, const place *at, const char *problem) {
    const char *where = push_place(self->L, at);
    lua_pushfstring(self->L, "%s %s", where, problem);
    note(self->L, problems);
}

static void refuse_type(encoder *self, const place *at, const char *problem) {
    const char *where = push_place(self->L, at);
    lua_pushfstring(self->L, "bad attribute '%s' (%s)", where, problem);
    note(self->L, type_problems);
}

static void refuse_value(encoder *self, const place *at, const char *expected, int index) {
    lua_State *L = self->L;
    const char *got = ngrok_json_is_null(L, index) ? "null" : luaL_typename(L, index);
    refuse_type(self, at, lua_pushfstring(L, "%s expected, got %s", expected, got));
}

/* As a table, so that Lua finds the nearest of the `known` names. */
static void refuse_name(lua_State *L, const ngrok_schema *schema, const place *at, int name) {
    const place unknown = {at, lua_tostring(L, name), 0};
    const char *where = push_place(L, &unknown);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, where);
    lua_setfield(L, -2, "place");
    lua_pushvalue(L, name);
    lua_setfield(L, -2, "name");
    lua_createtable(L, (int)schema->count, 0);
    for (size_t i = 0; i < schema->count; i++) {
        lua_pushstring(L, schema->fields[i].name);
        lua_rawseti(L, -2, (int)i + 1);
    }
    lua_setfield(L, -2, "known");
    note(L, type_problems);
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

static void check_string(encoder *self, const ngrok_field *field, const place *at, const char *text,
                         size_t length) {
    lua_State *L = self->L;
    const char *problem = NULL;
    if (!ngrok_text_is_utf8(text, length)) {
        problem = "is not valid UTF-8, which JSON requires";
    } else if (self->validate && field->max_bytes > 0 && length > field->max_bytes) {
        problem =
            lua_pushfstring(L, "has %d bytes; the limit is %d", (int)length, (int)field->max_bytes);
    } else if (self->validate && ngrok_schema_problem(field, text, length) != NULL) {
        problem = lua_pushfstring(L, "is not a valid rule: %s",
                                  ngrok_schema_problem(field, text, length));
    }
    if (problem != NULL) {
        refuse(self, at, problem);
    }
}

static void write_string(encoder *self, const ngrok_field *field, const place *at) {
    size_t length;
    const char *text = lua_tolstring(self->L, -1, &length);
    if (field->secret) {
        note_secret(self->L);
    }
    append_text(self, text, length);
    check_string(self, field, at, text, length);
}

static void write_number(encoder *self, const ngrok_field *field, const place *at) {
    double number = (double)lua_tonumber(self->L, -1);
    if (!isfinite(number) || (field->base == NGROK_INTEGER && floor(number) != number)) {
        refuse_type(self, at, lua_pushfstring(self->L, "%s expected", ngrok_schema_noun(field)));
        return;
    }
    check_memory(self, ngrok_json_append_number(self->out, number));
}

/* Puts an object's id in its place. */
static void take_id(lua_State *L) {
    if (ngrok_resource_push_id(L, lua_gettop(L))) {
        lua_replace(L, -2);
    }
}

static void write_object(encoder *self, const ngrok_schema *schema, const place *at);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void write_one(encoder *self, const ngrok_field *field, const place *at) {
    static const int types[] = {
        [NGROK_STRING] = LUA_TSTRING,   [NGROK_INTEGER] = LUA_TNUMBER, [NGROK_NUMBER] = LUA_TNUMBER,
        [NGROK_BOOLEAN] = LUA_TBOOLEAN, [NGROK_OBJECT] = LUA_TTABLE,
    };
    if (field->is_id) {
        take_id(self->L);
    }
    if (lua_type(self->L, -1) != types[field->base]) {
        refuse_value(self, at, ngrok_schema_noun(field), lua_gettop(self->L));
        return;
    }
    switch (field->base) {
    case NGROK_STRING:
        write_string(self, field, at);
        return;
    case NGROK_INTEGER:
    case NGROK_NUMBER:
        write_number(self, field, at);
        return;
    case NGROK_BOOLEAN:
        append(self, lua_toboolean(self->L, -1) ? "true" : "false");
        return;
    case NGROK_OBJECT:
        break;
    }
    write_object(self, field->object, at);
}

static bool has_metafield(lua_State *L, int index, const char *name) {
    bool has = luaL_getmetafield(L, index, name) != 0;
    lua_pop(L, has ? 1 : 0);
    return has;
}

/* A table that only looks like an array (a read-only one, say) counts, too: read raw it would be
 * empty, and an empty list of rules allows everything. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void write_array(encoder *self, const ngrok_field *field, const place *at) {
    lua_State *L = self->L;
    int array = lua_gettop(L);
    bool is_inherited = has_metafield(L, array, "__index");
    if (!is_inherited && !ngrok_json_is_array(L, array)) {
        const char *noun = ngrok_schema_push_noun(L, field);
        refuse_type(self, at,
                    lua_pushfstring(L, "an %s expected, got a table with other keys", noun));
        return;
    }
    append(self, "[");
    for (int i = 1; !is_inherited || i <= longest_array; i++) {
        const place item = {at, NULL, i};
        lua_pushinteger(L, i);
        lua_gettable(L, array);
        if (lua_isnil(L, -1)) {
            append(self, "]");
            return;
        }
        append(self, i > 1 ? "," : "");
        write_one(self, field, &item);
        lua_settop(L, array);
    }
    refuse_type(self, at,
                lua_pushfstring(L,
                                "its __index gives %d items or more: copy them into a plain "
                                "table",
                                (int)longest_array));
}

/* The key and the value are on top of the stack. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void write_pair(encoder *self, const ngrok_field *field, const place *at) {
    lua_State *L = self->L;
    size_t length = 0;
    const char *key = lua_type(L, -2) == LUA_TSTRING ? lua_tolstring(L, -2, &length) : NULL;
    if (key == NULL) {
        refuse_type(self, at, "its keys must be strings");
        return;
    }
    if (!ngrok_text_is_utf8(key, length)) {
        refuse(self, at, "has a key that is not valid UTF-8, which JSON requires");
        return;
    }
    const place item = {at, key, 0};
    append_text(self, key, length);
    append(self, ":");
    write_one(self, field, &item);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void write_map(encoder *self, const ngrok_field *field, const place *at) {
    lua_State *L = self->L;
    int map = lua_gettop(L);
    if (has_metafield(L, map, "__index")) {
        refuse_type(self, at, "it has an __index: copy its values into a plain table");
        return;
    }
    const char *separator = "{";
    for (lua_pushnil(L); lua_next(L, map) != 0; lua_settop(L, map + 1)) {
        append(self, separator);
        separator = ",";
        write_pair(self, field, at);
    }
    append(self, separator[0] == '{' ? "{}" : "}");
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void write_value(encoder *self, const ngrok_field *field, const place *at) {
    if (field->shape == NGROK_ONE) {
        write_one(self, field, at);
    } else if (!lua_istable(self->L, -1)) {
        const char *noun = ngrok_schema_push_noun(self->L, field);
        refuse_value(self, at, noun, lua_gettop(self->L) - 1);
    } else if (field->shape == NGROK_ARRAY) {
        write_array(self, field, at);
    } else {
        write_map(self, field, at);
    }
}

static bool has_field(const ngrok_schema *schema, lua_State *L, int name) {
    size_t length;
    const char *text = lua_tolstring(L, name, &length);
    for (size_t i = 0; i < schema->count; i++) {
        const char *known = schema->fields[i].name;
        if (strlen(known) == length && memcmp(known, text, length) == 0) {
            return true;
        }
    }
    return false;
}

static void check_keys(lua_State *L, const ngrok_schema *schema, const place *at) {
    int table = lua_gettop(L), key = table + 1;
    for (lua_pushnil(L); lua_next(L, table) != 0; lua_settop(L, key)) {
        if (lua_type(L, key) != LUA_TSTRING) {
            lua_pushfstring(L, "an attribute's name must be a string, got %s",
                            luaL_typename(L, key));
            note(L, type_problems);
        } else if (!has_field(schema, L, key)) {
            refuse_name(L, schema, at, key);
        }
    }
}

/* Null clears a field, but not one that must be there. */
static bool is_missing(lua_State *L, const ngrok_field *field, bool validate) {
    return lua_isnil(L, -1) || (field->required && validate && ngrok_json_is_null(L, -1));
}

/* Each field is read once, inherited or not, so that what was checked is what is written, even if
 * the table changes meanwhile. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as the schema */
static void write_object(encoder *self, const ngrok_schema *schema, const place *at) {
    lua_State *L = self->L;
    luaL_checkstack(L, LUA_MINSTACK, "attributes are nested too deeply");
    check_keys(L, schema, at);
    int table = lua_gettop(L);
    const char *separator = "{\"";
    for (size_t i = 0; i < schema->count; i++) {
        const ngrok_field *field = &schema->fields[i];
        const place inner = {at, field->name, 0};
        lua_getfield(L, table, field->name);
        if (!is_missing(L, field, self->validate)) {
            append(self, separator);
            append(self, field->name);
            append(self, "\":");
            separator = ",\"";
            if (ngrok_json_is_null(L, -1)) {
                append(self, "null");
            } else {
                write_value(self, field, &inner);
            }
        } else if (field->required && self->validate) {
            refuse(self, &inner, "is required");
        }
        lua_settop(L, table);
    }
    append(self, separator[0] == '{' ? "{}" : "}");
}

int core_encode(lua_State *L) {
    const ngrok_schema *schema = ngrok_schema_check(L, 1);
    luaL_checktype(L, argument_given, LUA_TTABLE);
    lua_settop(L, argument_validate);
    lua_pushnil(L); /* secrets */
    lua_newtable(L);
    lua_newtable(L);
    encoder self = {.L = L, .validate = lua_toboolean(L, argument_validate)};
    self.out = ngrok_scratch_push(L);
    lua_pushvalue(L, argument_given);
    const place whole = {NULL, NULL, 0};
    write_object(&self, schema, &whole);
    lua_settop(L, scratch);
    if (compat_rawlen(L, type_problems) + compat_rawlen(L, problems) > 0) {
        lua_pushnil(L);
        lua_pushvalue(L, type_problems);
        lua_pushvalue(L, problems);
        return 3;
    }
    ngrok_scratch_finish(L);
    lua_pushvalue(L, secrets);
    return 2;
}
