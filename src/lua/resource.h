/* Resources: what the API calls by an id, held by a userdata that Lua reads and cannot change.
 *
 * Ownership: a resource's fields are a Lua table that belongs to its userdata (its user value, see
 * compat.h), as it was decoded: a null in it counts as absent. That table's metatable is the
 * resource's origin: the client it came from, or a table with the `client`, its `core` and the
 * parameters of the path that are not fields. A resource's metatable keeps its schema alive. */
#ifndef NGROK_RESOURCE_H
#define NGROK_RESOURCE_H

#include "lua/schema.h"

#include <lua.h>

void ngrok_resource_open(lua_State *L);

/* NULL where the value at `index` is not a resource. */
const ngrok_schema *ngrok_resource_test(lua_State *L, int index);

/* Pushes the metatable of the schema's resources; the schema is at `index`. */
void ngrok_resource_push_metatable(lua_State *L, int index);

/* Pushes a resource whose fields are the table at `fields`, checked already; `shows_id`: whether
 * tostring shows its id. `origin` and `metatable` are stack indices. */
void ngrok_resource_push(lua_State *L, const ngrok_schema *schema, bool shows_id, int fields,
                         int origin, int metatable);

/* Pushes a field as it was decoded. */
void ngrok_resource_push_field(lua_State *L, int index, const char *name);

/* Pushes the id of the resource at `index`; false, and nothing pushed, where the value is none or
 * has no id. */
bool ngrok_resource_push_id(lua_State *L, int index);

/* Writes the fields of the resource on top of the stack into the one at `into`, which keeps what is
 * in one response only. */
void ngrok_resource_assign(lua_State *L, int into);

/* Functions for the core's table:
 *   define(fields, types, name) -> schema: with a name, of resources
 *   methods(schema) -> table: what is in it is a method of its resources; table: the metatable of
 *     what a field is read as, by its name, where it is an array or an object
 *   schema_of(value) -> the resource's schema | nil;  id_of(value) -> the resource's id | nil
 *   origin_of(resource) -> origin
 *   plain(resource) -> a copy of its fields
 *   decoded(resource) -> its fields themselves, nulls included; must not be changed */
int core_define(lua_State *L);
int core_methods(lua_State *L);
int core_schema_of(lua_State *L);
int core_id_of(lua_State *L);
int core_origin_of(lua_State *L);
int core_plain(lua_State *L);
int core_decoded(lua_State *L);

#endif
