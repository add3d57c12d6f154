/* What all resources of the API have in common: fields that a schema describes, held by a userdata
 * that Lua reads and cannot change.
 *
 * Ownership: schemas are static. A resource's fields are a Lua table that belongs to its userdata
 * (its user value, see compat.h), as it was decoded: a null in it is as good as absent. That
 * table's metatable is the client it came from. */
#ifndef NGROK_RESOURCE_H
#define NGROK_RESOURCE_H

#include "base/secret.h"

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum ngrok_field_type { NGROK_FIELD_STRING, NGROK_FIELD_STRINGS } ngrok_field_type;

enum {
    NGROK_FIELD_CREATE = 1,   /* may be given to create */
    NGROK_FIELD_UPDATE = 2,   /* may be given to update */
    NGROK_FIELD_REQUIRED = 4, /* no response without it */
    NGROK_FIELD_ONCE = 8      /* told once: stays when a later response says null */
};

typedef struct ngrok_field {
    const char *name;
    ngrok_field_type type;
    unsigned flags;
    size_t max_bytes; /* 0: no limit */
    /* What is wrong with a string (or one of the strings), or NULL; NULL for no check. */
    const char *(*check)(const char *text, size_t length);
} ngrok_field;

typedef struct ngrok_schema {
    const char *name; /* "credential" */
    const char *metatable;
    const ngrok_field *fields; /* ends in one without a name */
} ngrok_schema;

/* The schema that the string at `index` names. Raises where there is none. */
const ngrok_schema *ngrok_schema_check(lua_State *L, int index);

/* Makes the schema's metatable, and its methods table in the registry. */
void ngrok_resource_open(lua_State *L, const ngrok_schema *schema);

/* How a response becomes a resource or a page of them: stack indices, and the client's key.
 *   reader   a table: `schema`, a name; of a page `list_key`, where its items are, and `page`, its
 *            metatable
 *   into     the resource that is written to, or the id that the response must have, or nil
 *   client   the client that resources belong to */
typedef struct ngrok_reading {
    int reader, into, client;
    const ngrok_secret *key;
} ngrok_reading;

/* Takes over the decoded response on top of the stack and pushes what it is. Returns false and
 * pushes what is wrong with it otherwise. */
bool ngrok_resource_read(lua_State *L, const ngrok_reading *reading);

/* Functions for the core's table:
 *   plain(resource) -> a copy of its fields
 *   decoded(resource) -> its fields themselves, nulls included; must not be changed
 *   fields(name) -> { name = { list = boolean, once = boolean } }: what its fields are
 *   client_of(resource) -> client;  methods(name) -> table;  kind_of(value) -> name | nil */
int core_plain(lua_State *L);
int core_decoded(lua_State *L);
int core_fields(lua_State *L);
int core_client_of(lua_State *L);
int core_methods(lua_State *L);
int core_kind_of(lua_State *L);

#endif
