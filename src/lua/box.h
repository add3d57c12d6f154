/* A userdata that acts as a table. Every Lua uses the metatable's __len and __ipairs for a
 * userdata; Lua 5.1 and LuaJIT do not for a table. */
#ifndef NGROK_BOX_H
#define NGROK_BOX_H

#include <lua.h>

/* Functions for the core's table:
 *   box(table, metatable) -> userdata
 *   unbox(value, metatable) -> the table | nil: nil where the value has another metatable */
int core_box(lua_State *L);
int core_unbox(lua_State *L);

#endif
