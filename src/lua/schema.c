#include "lua/schema.h"

#include "base/acl.h"
#include "base/compat.h"

#include <string.h>

#define SCHEMA "ngrok.schema"

static const char *const bases[] = {"string", "integer", "number", "boolean"};

static const struct {
    const char *one, *many;
} nouns[] = {
    [NGROK_STRING] = {"string", "strings"}, [NGROK_INTEGER] = {"whole number", "whole numbers"},
    [NGROK_NUMBER] = {"number", "numbers"}, [NGROK_BOOLEAN] = {"boolean", "booleans"},
    [NGROK_OBJECT] = {"table", "tables"},
};

static const struct {
    const char *name;
    const char *(*check)(const char *text, size_t length);
} checks[] = {{"none", NULL}, {"acl_rule", ngrok_acl_check}};

const char *ngrok_schema_problem(const ngrok_field *field, const char *text, size_t length) {
    return field->check != 0 ? checks[field->check].check(text, length) : NULL;
}

const char *ngrok_schema_noun(const ngrok_field *field) {
    return nouns[field->base].one;
}

const char *ngrok_schema_push_noun(lua_State *L, const ngrok_field *field) {
    static const char *const formats[] = {
        [NGROK_ONE] = "%s", [NGROK_ARRAY] = "array of %s", [NGROK_MAP] = "table of %s by name"};
    const char *noun = field->shape == NGROK_ONE ? nouns[field->base].one : nouns[field->base].many;
    return lua_pushfstring(L, formats[field->shape], noun);
}

/* ---- compiling ---- */

typedef struct compiler {
    lua_State *L;
    int types, kept; /* where they are on the stack: the named types, the schema's user value */
    int entry;       /* the table that describes the field */
    ngrok_field *field;
    int number;  /* of the field, from 1 */
    char *names; /* where the field's name goes */
} compiler;

/* Raises without a position in the code: the caller names the place in the description. */
static void fail(lua_State *L) {
    (void)lua_error(L);
}

static bool get_flag(const compiler *self, const char *name) {
    lua_getfield(self->L, self->entry, name);
    bool flag = lua_toboolean(self->L, -1);
    lua_pop(self->L, 1);
    return flag;
}

static const char *get_text(const compiler *self, int position, const char *what) {
    lua_rawgeti(self->L, self->entry, position);
    if (lua_type(self->L, -1) != LUA_TSTRING) {
        lua_pushfstring(self->L, "field %d: its %s must be a string", self->number, what);
        fail(self->L);
    }
    const char *text = lua_tostring(self->L, -1);
    lua_pop(self->L, 1); /* the entry keeps it */
    return text;
}

static void set_object(const compiler *self, const char *type, size_t length) {
    lua_State *L = self->L;
    lua_pushlstring(L, type, length);
    lua_gettable(L, self->types);
    ngrok_schema *object = compat_testudata(L, -1, SCHEMA);
    if (object == NULL) {
        lua_pushlstring(L, type, length);
        lua_pushfstring(L, "%s: unknown type '%s'", self->field->name, lua_tostring(L, -1));
        fail(L);
    }
    self->field->base = NGROK_OBJECT;
    self->field->object = object;
    if (lua_isnil(L, self->kept)) {
        lua_newtable(L);
        lua_replace(L, self->kept);
    }
    lua_rawseti(L, self->kept, self->number);
}

static void set_base(const compiler *self, const char *type, size_t length) {
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        if (strlen(bases[i]) == length && memcmp(bases[i], type, length) == 0) {
            self->field->base = (ngrok_base)i;
            return;
        }
    }
    set_object(self, type, length);
}

/* "string", "[string]", "{string}", and so on. */
static void set_type(const compiler *self) {
    const char *type = get_text(self, 2, "type");
    size_t length = strlen(type);
    const char *last = length > 2 ? &type[length - 1] : "";
    if (type[0] == '[' && *last == ']') {
        self->field->shape = NGROK_ARRAY;
    } else if (type[0] == '{' && *last == '}') {
        self->field->shape = NGROK_MAP;
    }
    if (self->field->shape == NGROK_ONE) {
        set_base(self, type, length);
    } else {
        set_base(self, type + 1, length - 2);
    }
}

static void set_check(const compiler *self) {
    lua_getfield(self->L, self->entry, "check");
    const char *name = lua_tostring(self->L, -1);
    for (unsigned i = 1; name != NULL && i < sizeof checks / sizeof *checks; i++) {
        if (strcmp(checks[i].name, name) == 0) {
            self->field->check = i & 7U;
        }
    }
    if (name != NULL && self->field->check == 0) {
        lua_pushfstring(self->L, "%s: unknown check '%s'", self->field->name, name);
        fail(self->L);
    }
    lua_pop(self->L, 1);
}

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), length_of_end = strlen(end);
    return length >= length_of_end && strcmp(text + length - length_of_end, end) == 0;
}

static bool is_id(const ngrok_field *field) {
    return field->base == NGROK_STRING &&
           (strcmp(field->name, "id") == 0 || ends_with(field->name, "_id") ||
            ends_with(field->name, "_ids"));
}

static void compile(const compiler *self) {
    lua_State *L = self->L;
    if (!lua_istable(L, self->entry)) {
        lua_pushfstring(L, "field %d is not a table", self->number);
        fail(L);
    }
    const char *name = get_text(self, 1, "name");
    *self->field = (ngrok_field){.name = memcpy(self->names, name, strlen(name) + 1)};
    set_type(self);
    set_check(self);
    self->field->is_id = is_id(self->field);
    self->field->required = get_flag(self, "required");
    self->field->once = get_flag(self, "once");
    self->field->secret = get_flag(self, "secret");
    lua_getfield(L, self->entry, "max");
    self->field->max_bytes = (uint32_t)lua_tonumber(L, -1);
    lua_pop(L, 1);
}

/* Of the names, each with its end. What is not a name is reported when its field is compiled. */
static size_t size_of_names(lua_State *L, int fields, size_t count) {
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, fields, (int)i + 1);
        if (lua_istable(L, -1)) {
            lua_rawgeti(L, -1, 1);
            size += lua_type(L, -1) == LUA_TSTRING ? strlen(lua_tostring(L, -1)) + 1 : 0;
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    return size;
}

ngrok_schema *ngrok_schema_push(lua_State *L, int fields, int types, bool is_named) {
    luaL_checktype(L, fields, LUA_TTABLE);
    luaL_checktype(L, types, LUA_TTABLE);
    size_t count = compat_rawlen(L, fields);
    size_t size = sizeof(ngrok_schema) + count * sizeof(ngrok_field);
    ngrok_schema *schema = compat_newuserdata(L, size + size_of_names(L, fields, count));
    char *names = (char *)schema + size;
    schema->name = NULL;
    schema->count = 0;
    compat_setmetatable(L, SCHEMA);
    if (is_named) {
        lua_newtable(L);
    } else {
        lua_pushnil(L);
    }
    int kept = lua_gettop(L);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, fields, (int)i + 1);
        compiler self = {L, types, kept, kept + 1, &schema->fields[i], (int)i + 1, names};
        compile(&self);
        names += strlen(names) + 1;
        lua_settop(L, kept);
    }
    schema->count = count;
    if (lua_isnil(L, kept)) {
        lua_pop(L, 1);
    } else {
        compat_setuservalue(L, -2);
    }
    return schema;
}

const ngrok_schema *ngrok_schema_check(lua_State *L, int index) {
    return luaL_checkudata(L, index, SCHEMA);
}

int core_field(lua_State *L) {
    static const char *const shapes[] = {
        [NGROK_ONE] = "one", [NGROK_ARRAY] = "array", [NGROK_MAP] = "map"};
    const ngrok_schema *schema = lua_isnil(L, 1) ? NULL : ngrok_schema_check(L, 1);
    const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
    for (size_t i = 0; schema != NULL && i < schema->count; i++) {
        if (strcmp(schema->fields[i].name, name) == 0) {
            lua_pushstring(L, shapes[schema->fields[i].shape]);
            lua_pushboolean(L, schema->fields[i].secret);
            if (schema->fields[i].object == NULL) {
                return 2;
            }
            compat_getuservalue(L, 1);
            lua_rawgeti(L, -1, (int)i + 1);
            lua_remove(L, -2);
            return 3;
        }
    }
    return 0;
}

void ngrok_schema_open(lua_State *L) {
    static const luaL_Reg none[] = {{NULL, NULL}};
    compat_newmetatable(L, SCHEMA, none);
    lua_pop(L, 1);
}
