/* Resources: what the API calls by an id, held by a userdata that Lua reads and cannot change.
 *
 * A resource keeps its fields as JSON, in its own block of memory, and makes Lua values of them
 * when they are asked for: hundreds of thousands of them can be kept.
 *
 * Ownership: a resource's user value (see compat.h) is its origin: the client it came from, or a
 * table with the `client`, its `core` and the parameters of the path that are not fields. Once the
 * resource was written to, the user value is an array of the origin and the resource that has the
 * values. A resource's metatable keeps its schema alive. */
#ifndef NGROK_RESOURCE_H
#define NGROK_RESOURCE_H

#include "base/json.h"
#include "lua/schema.h"

#include <lua.h>

void ngrok_resource_open(lua_State *L);

/* NULL where the value at `index` is not a resource. */
const ngrok_schema *ngrok_resource_test(lua_State *L, int index);

/* Pushes the metatable of the schema's resources; the schema is at `index`. */
void ngrok_resource_push_metatable(lua_State *L, int index);

/* An object's members. `values` has one for each field of the schema, and is the caller's; `others`
 * of them, in bytes, the schema does not have. */
typedef struct ngrok_members {
    ngrok_json *values;
    ngrok_json_walk all;
    size_t others;
} ngrok_members;

/* Those of the object at the walk, which then is behind it. */
ngrok_members ngrok_members_find(const ngrok_schema *schema, ngrok_json_walk *walk,
                                 ngrok_json *values);

/* Pushes a resource with copies of them, checked already; `shows_id`: whether tostring shows its
 * id. `origin` and `metatable` are stack indices. */
void ngrok_resource_push(lua_State *L, const ngrok_schema *schema, bool shows_id,
                         const ngrok_members *members, int origin, int metatable);

/* Pushes a field as programs read it. */
void ngrok_resource_push_field(lua_State *L, int index, const char *name);

/* Pushes the id of the resource at `index`; false, and nothing pushed, where the value is none or
 * has no id. */
bool ngrok_resource_push_id(lua_State *L, int index);

/* Writes the values of the resource on top of the stack into the one at `into`, which keeps what is
 * in one response only. Pops it. */
void ngrok_resource_assign(lua_State *L, int into);

/* Functions for the core's table:
 *   define(fields, types, name) -> schema: with a name, of resources
 *   methods(schema) -> table: what is in it is a method of its resources; table: the metatable of
 *     what a field is read as, by its name, where it is an array or an object
 *   schema_of(value) -> the resource's schema | nil;  id_of(value) -> the resource's id | nil
 *   origin_of(resource) -> origin
 *   plain(resource) -> a copy of its fields
 *   decoded(resource) -> the same, nulls included */
int core_define(lua_State *L);
int core_methods(lua_State *L);
int core_schema_of(lua_State *L);
int core_id_of(lua_State *L);
int core_origin_of(lua_State *L);
int core_plain(lua_State *L);
int core_decoded(lua_State *L);

#endif
