/* The bridge to lua-cjson, which reads responses. Request bodies we write ourselves.
 *
 * We work on an instance of our own (cjson.new), so that the host's settings neither reach us nor
 * change. JSON null arrives as a light userdata, which no program gets to see. */
#ifndef NGROK_JSON_H
#define NGROK_JSON_H

#include "base/buffer.h"

#include <lua.h>
#include <stdbool.h>

/* Loads lua-cjson and keeps our instance in the registry. Raises where the rock is missing. */
void ngrok_json_open(lua_State *L);

/* Pushes the value that the string at `index` spells; pushes nothing and returns false when it is
 * not JSON. Raises when memory runs out. What cjson says of it is dropped: nothing of a body may
 * end up in an error. */
bool ngrok_json_decode(lua_State *L, int index);

/* Append the JSON form of a string, and of a number. False when memory ran out. */
bool ngrok_json_append_string(ngrok_buffer *out, const char *text, size_t length);
bool ngrok_json_append_number(ngrok_buffer *out, double number);

/* Pushes the number at `index` as programs read it: a whole one is an integer where Lua has them,
 * and cjson (2.1) makes floats of all. One beyond 2^53 was rounded by cjson, and stays a float. */
void ngrok_json_push_number(lua_State *L, int index);

/* True for JSON null. */
bool ngrok_json_is_null(lua_State *L, int index);

/* True if the table at `index` is a sequence (keys 1..n only). */
bool ngrok_json_is_array(lua_State *L, int index);

/* Removes the fields that are null from the table at `index` and the tables in it, and makes whole
 * numbers integers. In an array null keeps its place, as a userdata: the rest would move. */
void ngrok_json_strip(lua_State *L, int index);

/* Pushes a copy of the table at `index` and of the tables in it, without their nulls and with whole
 * numbers as integers. */
void ngrok_json_copy(lua_State *L, int index);

#endif
