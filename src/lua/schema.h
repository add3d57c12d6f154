/* A schema: the fields of a resource, of an object in one, or of what an operation takes, compiled
 * from a description (see lua/ngrok/description.lua).
 *
 * Ownership: a schema is a userdata, with the names of its fields behind them. Its user value is a
 * table that keeps alive what the schema points to: at i the schema of the objects in the i-th
 * field. */
#ifndef NGROK_SCHEMA_H
#define NGROK_SCHEMA_H

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ngrok_base {
    NGROK_STRING,
    NGROK_INTEGER,
    NGROK_NUMBER,
    NGROK_BOOLEAN,
    NGROK_OBJECT
} ngrok_base;

typedef enum ngrok_shape { NGROK_ONE, NGROK_ARRAY, NGROK_MAP } ngrok_shape;

typedef struct ngrok_schema ngrok_schema;

typedef struct ngrok_field {
    const char *name;
    const ngrok_schema *object; /* of NGROK_OBJECT */
    uint32_t max_bytes;         /* 0: no limit */
    ngrok_shape shape : 2;
    ngrok_base base : 3; /* of the value, or of each in an array or a map */
    unsigned check : 3;  /* of a string, see ngrok_schema_problem; 0: none */
    bool required : 1;
    bool once : 1; /* in one response only: kept when a later one says null */
    bool secret : 1;
    bool is_id : 1; /* by its name: an object may be given in place of its id */
} ngrok_field;

struct ngrok_schema {
    const char *name; /* of a resource, "credential"; else NULL */
    size_t count;
    ngrok_field fields[];
};

void ngrok_schema_open(lua_State *L);

/* Pushes the schema that the array at `fields` describes: for each field a table of its name, its
 * type and its properties. Types that it names are schemas in the table at `types`. Raises where
 * something is wrong. The schema has a user value where it is named, or has objects in it. */
ngrok_schema *ngrok_schema_push(lua_State *L, int fields, int types, bool is_named);

/* Raises where the value at `index` is not a schema. */
const ngrok_schema *ngrok_schema_check(lua_State *L, int index);

/* What a field's value is called: "string", "array of strings". Pushes it, too. */
const char *ngrok_schema_push_noun(lua_State *L, const ngrok_field *field);

/* core.field(schema, name) -> "one", "array" or "map", whether it is secret, the schema of the
 * objects in it or nil | nothing where the schema is nil or has no such field */
int core_field(lua_State *L);

/* Returns what the field's check finds wrong with a string, or NULL. */
const char *ngrok_schema_problem(const ngrok_field *field, const char *text, size_t length);

/* One value of the field's base type. */
const char *ngrok_schema_noun(const ngrok_field *field);

#endif
