#include "lua/reading.h"

#include "base/compat.h"
#include "lua/json.h"
#include "lua/redaction.h"
#include "lua/resource.h"
#include "lua/schema.h"

#include <string.h>

/* {} and [] count as either, as some servers write an empty one like the other. */
static bool is_container(ngrok_json value, char kind) {
    return ngrok_json_is(value, kind) ||
           ((ngrok_json_is(value, '{') || ngrok_json_is(value, '[')) && ngrok_json_is_empty(value));
}

static bool is_one(ngrok_json value, ngrok_base base) {
    static const char kinds[] = {[NGROK_STRING] = '"', [NGROK_INTEGER] = '0', [NGROK_NUMBER] = '0'};
    if (base == NGROK_BOOLEAN) {
        return ngrok_json_is(value, 't') || ngrok_json_is(value, 'f');
    }
    return base == NGROK_OBJECT ? is_container(value, '{') : ngrok_json_is(value, kinds[base]);
}

static bool is_array(ngrok_json value, ngrok_base base) {
    bool fine = is_container(value, '[');
    ngrok_json_walk walk = ngrok_json_enter(value.text, value.text + value.length);
    while (fine && ngrok_json_next_item(&walk)) {
        fine = is_one(ngrok_json_take(&walk), base);
    }
    return fine;
}

/* Objects in a field are kept as they are, because the API may add to them. */
static bool is_fitting(ngrok_json value, const ngrok_field *field) {
    if (field->shape == NGROK_ARRAY) {
        return is_array(value, field->base);
    }
    return field->shape == NGROK_MAP ? is_container(value, '{') : is_one(value, field->base);
}

static bool is_absent(ngrok_json value) {
    return value.length == 0 || ngrok_json_is(value, 'n');
}

/* What making resources of one schema takes: once for a whole page of them. */
typedef struct maker {
    const ngrok_schema *schema;
    const ngrok_secret *key;
    int secrets, origin, metatable; /* where they are on the stack */
    ngrok_json *values;             /* by field, of the resource that is made; on the stack, too */
} maker;

static maker make_maker(lua_State *L, int index, const ngrok_reading *reading) {
    const ngrok_schema *schema = ngrok_schema_check(L, index);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    ngrok_resource_push_metatable(L, index);
    int metatable = lua_gettop(L);
    ngrok_json *values = lua_newuserdata(L, (schema->count + 1) * sizeof *values);
    return (maker){schema, reading->key, reading->secrets, reading->origin, metatable, values};
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
static bool check_field(lua_State *L, const maker *with, size_t number) {
    const ngrok_field *field = &with->schema->fields[number];
    ngrok_json *value = &with->values[number];
    if (is_absent(*value)) {
        if (field->required) {
            return refuse_field(L, with->schema, field, "missing");
        }
        if (field->shape == NGROK_ARRAY) {
            *value = (ngrok_json){"[]", 2};
        }
    } else if (!is_fitting(*value, field)) {
        lua_pushfstring(L, "not of type %s", ngrok_schema_push_noun(L, field));
        return refuse_field(L, with->schema, field, lua_tostring(L, -1));
    } else if (field->required && ngrok_json_is(*value, '"') && value->length == 2) {
        return refuse_field(L, with->schema, field, "empty");
    }
    return true;
}

static ngrok_json find_id(const maker *with) {
    size_t number = 0;
    while (number < with->schema->count && strcmp(with->schema->fields[number].name, "id") != 0) {
        number++;
    }
    return number < with->schema->count ? with->values[number] : (ngrok_json){0};
}

/* No id that may be shown is longer, even with all its bytes escaped. */
enum { longest_id = 1024 };

/* A server may send anything as an id, even the key, a token, or a secret that was sent to it. It
 * is judged here, because later the key may be wiped. */
static bool may_show_id(lua_State *L, const maker *with) {
    char text[longest_id];
    ngrok_json id = find_id(with);
    if (!ngrok_json_is(id, '"') || id.length > longest_id) {
        return false;
    }
    size_t length = ngrok_json_unescape(id, text);
    bool fine = ngrok_redaction_may_show_id(with->key, text, length);
    if (fine && lua_istable(L, with->secrets)) {
        lua_pushlstring(L, text, length);
        int whole = lua_gettop(L);
        ngrok_redaction_push_without(L, with->secrets);
        fine = lua_rawequal(L, -1, whole);
        lua_settop(L, whole - 1);
    }
    return fine;
}

/* What follows in the text, from the value at the walk on. */
static ngrok_json rest_of(const ngrok_json_walk *walk) {
    return (ngrok_json){walk->at, (size_t)(walk->end - walk->at)};
}

/* Pushes the resource that the object at the walk makes, or returns false and pushes what is wrong
 * with it. */
static bool push_resource(lua_State *L, const maker *with, ngrok_json_walk *walk) {
    if (!is_container(rest_of(walk), '{')) {
        return refuse_item(L, with->schema, "");
    }
    ngrok_members members = ngrok_members_find(with->schema, walk, with->values);
    for (size_t i = 0; i < with->schema->count; i++) {
        if (!check_field(L, with, i)) {
            return false;
        }
    }
    bool shows_id = may_show_id(L, with);
    ngrok_resource_push(L, with->schema, shows_id, &members, with->origin, with->metatable);
    return true;
}

static bool read_item(lua_State *L, const maker *with, ngrok_json response, int into) {
    ngrok_json_walk walk = {response.text, response.text + response.length};
    if (!push_resource(L, with, &walk)) {
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

static bool refuse_page(lua_State *L, const char *format, const char *list_key) {
    lua_pushfstring(L, format, list_key);
    return refuse(L, lua_tostring(L, -1));
}

/* Writes the array of resources at the walk to the stack index `page`: nil where there is none.
 * Null is an empty one, as some servers write it. */
static bool read_items(lua_State *L, const maker *with, ngrok_json_walk *walk, int page) {
    bool is_list = is_container(rest_of(walk), '[');
    if (is_list || *walk->at == 'n') {
        lua_newtable(L);
    } else {
        lua_pushnil(L);
    }
    lua_replace(L, page);
    if (!is_list) {
        (void)ngrok_json_take(walk);
        return true;
    }
    ngrok_json_walk items = ngrok_json_enter(walk->at, walk->end);
    for (int i = 1; ngrok_json_next_item(&items); i++) {
        if (!push_resource(L, with, &items)) {
            return false;
        }
        lua_rawseti(L, page, i);
    }
    walk->at = items.at;
    return true;
}

static void set_string(lua_State *L, int page, ngrok_json value, const char *name) {
    if (ngrok_json_is(value, '"')) {
        ngrok_json_push(L, value, NGROK_JSON_NO_NULLS);
        lua_setfield(L, page, name);
    }
}

/* Of members that come twice the last one counts. */
static bool read_page(lua_State *L, const maker *with, ngrok_json response, int reader) {
    ngrok_json name, next = {0}, uri = {0};
    lua_getfield(L, reader, "list_key");
    const char *list_key = lua_tostring(L, -1);
    if (!is_container(response, '{')) {
        return refuse_page(L, "expected a page: an object with the array %s", list_key);
    }
    lua_pushnil(L);
    int page = lua_gettop(L);
    ngrok_json_walk walk = ngrok_json_enter(response.text, response.text + response.length);
    while (ngrok_json_next_member(&walk, &name)) {
        if (!ngrok_json_spells(name, list_key, strlen(list_key))) {
            ngrok_json value = ngrok_json_take(&walk);
            next = ngrok_json_spells(name, "next_page_uri", 13) ? value : next;
            uri = ngrok_json_spells(name, "uri", 3) ? value : uri;
        } else if (!read_items(L, with, &walk, page)) {
            return false;
        }
    }
    if (!lua_istable(L, page)) {
        return refuse_page(L, "expected a page, but %s is not an array", list_key);
    }
    if (!is_absent(next) && !ngrok_json_is(next, '"')) {
        /* It would end the walk silently. */
        return refuse(L, "expected a page, but next_page_uri is not a string");
    }
    set_string(L, page, uri, "uri");
    set_string(L, page, next, "next_page_uri");
    lua_getfield(L, reader, "metatable");
    lua_setmetatable(L, page);
    lua_settop(L, page);
    return true;
}

bool ngrok_reading_push(lua_State *L, const ngrok_reading *reading, ngrok_json response) {
    if (!lua_istable(L, reading->reader)) {
        maker with = make_maker(L, reading->reader, reading);
        return read_item(L, &with, response, reading->into);
    }
    lua_getfield(L, reading->reader, "schema");
    maker with = make_maker(L, lua_gettop(L), reading);
    return read_page(L, &with, response, reading->reader);
}
