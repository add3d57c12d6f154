/* JSON as Lua values. */
#ifndef NGROK_JSON_H
#define NGROK_JSON_H

#include "base/json.h"

#include <lua.h>

/* Which nulls are pushed, as a light userdata: all; those in arrays, which keep their places; or
 * none, and an array has holes then. */
typedef enum ngrok_json_nulls {
    NGROK_JSON_ALL_NULLS,
    NGROK_JSON_NULLS_OF_ARRAYS,
    NGROK_JSON_NO_NULLS
} ngrok_json_nulls;

/* Pushes a value that was parsed. A whole number is an integer where Lua has them, up to 2^53:
 * one beyond was rounded. Raises when memory runs out. */
void ngrok_json_push(lua_State *L, ngrok_json value, ngrok_json_nulls nulls);

/* Adds the members to the table on top of the stack. */
void ngrok_json_push_members(lua_State *L, ngrok_json_walk walk, ngrok_json_nulls nulls);

/* True for JSON null. */
bool ngrok_json_is_null(lua_State *L, int index);

/* True if the table at `index` is a sequence (keys 1..n only). */
bool ngrok_json_is_array(lua_State *L, int index);

#endif
