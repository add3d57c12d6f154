#include "lua/reading.h"

#include "base/compat.h"
#include "lua/json.h"
#include "lua/redaction.h"
#include "lua/resource.h"
#include "lua/schema.h"

#include <string.h>

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

/* Of decoded JSON: an array's keys are numbers, and an object's are strings, all of them. */
static bool is_object(lua_State *L, int index) {
    return lua_istable(L, index) && compat_rawlen(L, index) == 0;
}

/* Whether the value on top of the stack is one of the field's base type. */
static bool is_one(lua_State *L, ngrok_base base) {
    static const int types[] = {
        [NGROK_STRING] = LUA_TSTRING,
        [NGROK_INTEGER] = LUA_TNUMBER,
        [NGROK_NUMBER] = LUA_TNUMBER,
        [NGROK_BOOLEAN] = LUA_TBOOLEAN,
    };
    return base == NGROK_OBJECT ? is_object(L, lua_gettop(L)) : lua_type(L, -1) == types[base];
}

static bool is_array(lua_State *L, int index, ngrok_base base) {
    int length = lua_istable(L, index) ? (int)compat_rawlen(L, index) : -1;
    for (int i = 1; i <= length; i++) {
        lua_rawgeti(L, index, i);
        bool fine = is_one(L, base);
        lua_pop(L, 1);
        if (!fine) {
            return false;
        }
    }
    return length > 0 || (length == 0 && !has_pairs(L, index));
}

/* Objects in a field are kept as they are, because the API may add to them. */
static bool is_fitting(lua_State *L, const ngrok_field *field) {
    int value = lua_gettop(L);
    if (field->shape == NGROK_ARRAY) {
        return is_array(L, value, field->base);
    }
    return field->shape == NGROK_MAP ? is_object(L, value) : is_one(L, field->base);
}

/* What making resources of one schema takes, on the stack: once for a whole page of them. */
typedef struct maker {
    const ngrok_schema *schema;
    const ngrok_secret *key;
    int secrets, origin, metatable, names; /* where they are; of the fields' names, the first */
} maker;

static maker make_maker(lua_State *L, int index, const ngrok_reading *reading) {
    const ngrok_schema *schema = ngrok_schema_check(L, index);
    luaL_checkstack(L, (int)schema->count + LUA_MINSTACK, "too many fields");
    ngrok_resource_push_metatable(L, index);
    int metatable = lua_gettop(L);
    for (size_t i = 0; i < schema->count; i++) {
        lua_pushstring(L, schema->fields[i].name);
    }
    return (maker){schema,          reading->key, reading->secrets,
                   reading->origin, metatable,    metatable + 1};
}

static bool refuse(lua_State *L, const char *problem) {
    lua_pushfstring(L, "unexpected response: %s", problem);
    return false;
}

static bool refuse_item(lua_State *L, const ngrok_schema *schema, const char *problem) {
    const char *article = strchr("aeiou", schema->name[0]) != NULL ? "an" : "a";
    lua_pushfstring(L, "unexpected response: expected %s %s object%s", article, schema->name,
                    problem);
    return false;
}

static bool refuse_field(lua_State *L, const ngrok_schema *schema, const ngrok_field *field,
                         const char *problem) {
    lua_pushfstring(L, ", but %s is %s", field->name, problem);
    return refuse_item(L, schema, lua_tostring(L, -1));
}

/* Of a response's field. Absent arrays become empty ones. */
static bool check_field(lua_State *L, const maker *with, int fields, size_t number) {
    const ngrok_field *field = &with->schema->fields[number];
    lua_pushvalue(L, with->names + (int)number);
    lua_rawget(L, fields);
    if (is_fitting(L, field)) {
        if (field->required && lua_type(L, -1) == LUA_TSTRING && compat_rawlen(L, -1) == 0) {
            return refuse_field(L, with->schema, field, "empty");
        }
    } else if (!is_absent(L, -1)) {
        lua_pushfstring(L, "not of type %s", ngrok_schema_push_noun(L, field));
        return refuse_field(L, with->schema, field, lua_tostring(L, -1));
    } else if (field->required) {
        return refuse_field(L, with->schema, field, "missing");
    } else if (field->shape == NGROK_ARRAY) {
        lua_pushvalue(L, with->names + (int)number);
        lua_newtable(L);
        lua_rawset(L, fields);
    }
    lua_pop(L, 1);
    return true;
}

/* A server may send anything as an id, even the key, a token, or a secret that was sent to it. It
 * is judged here, because later the key may be wiped. */
static bool may_show_id(lua_State *L, const maker *with, int fields) {
    size_t length;
    lua_getfield(L, fields, "id");
    int id = lua_gettop(L);
    const char *text = lua_tolstring(L, id, &length);
    bool fine = text != NULL && ngrok_redaction_may_show_id(with->key, text, length);
    if (fine && lua_istable(L, with->secrets)) {
        lua_pushvalue(L, id);
        ngrok_redaction_push_without(L, with->secrets);
        fine = lua_rawequal(L, -1, id);
    }
    lua_settop(L, id - 1);
    return fine;
}

/* Pushes the resource that the fields on top of the stack make, or returns false and pushes what is
 * wrong with them. */
static bool push_resource(lua_State *L, const maker *with) {
    int fields = lua_gettop(L);
    if (!is_object(L, fields)) {
        return refuse_item(L, with->schema, "");
    }
    for (size_t i = 0; i < with->schema->count; i++) {
        if (!check_field(L, with, fields, i)) {
            return false;
        }
    }
    bool shows_id = may_show_id(L, with, fields);
    ngrok_resource_push(L, with->schema, shows_id, fields, with->origin, with->metatable);
    return true;
}

/* `decoded` is where the decoded response is. */
static bool read_item(lua_State *L, const maker *with, int decoded, int into) {
    lua_pushvalue(L, decoded);
    if (!push_resource(L, with)) {
        return false;
    }
    bool is_resource = ngrok_resource_test(L, into) != NULL;
    if (is_resource) {
        ngrok_resource_push_field(L, into, "id");
    } else {
        lua_pushvalue(L, into);
    }
    ngrok_resource_push_field(L, -2, "id");
    bool is_other = !lua_isnil(L, -2) && !lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    if (is_other) {
        lua_pushfstring(L, "unexpected response: it has the id of another %s", with->schema->name);
    } else if (is_resource) {
        ngrok_resource_assign(L, into);
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
    int items = lua_gettop(L);
    if (ngrok_json_is_null(L, items)) {
        lua_newtable(L);
    } else if (!lua_istable(L, items) || (compat_rawlen(L, items) == 0 && has_pairs(L, items))) {
        lua_pushfstring(L, "expected a page, but %s is not an array", lua_tostring(L, items - 1));
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
    /* Anything but a string or null would end the walk silently. */
    lua_getfield(L, decoded, "next_page_uri");
    if (!is_absent(L, -1) && lua_type(L, -1) != LUA_TSTRING) {
        return refuse(L, "expected a page, but next_page_uri is not a string");
    }
    copy_string(L, decoded, items, "uri");
    copy_string(L, decoded, items, "next_page_uri");
    lua_settop(L, items);
    lua_getfield(L, reader, "metatable");
    lua_setmetatable(L, items);
    return true;
}

bool ngrok_reading_push(lua_State *L, const ngrok_reading *reading) {
    int decoded = lua_gettop(L);
    if (!lua_istable(L, reading->reader)) {
        maker with = make_maker(L, reading->reader, reading);
        return read_item(L, &with, decoded, reading->into);
    }
    lua_getfield(L, reading->reader, "schema");
    maker with = make_maker(L, lua_gettop(L), reading);
    return read_page(L, &with, decoded, reading->reader);
}
