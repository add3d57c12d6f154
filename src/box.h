/* A userdata that stands for a table: of a userdata, every Lua asks the metatable for its length
 * and its items, of a table Lua 5.1 and LuaJIT do not. */
#ifndef NGROK_BOX_H
#define NGROK_BOX_H

#include <lua.h>

/* Functions for the core's table:
 *   box(table, metatable) -> userdata
 *   unbox(value, metatable) -> the table | nil: nil for whatever has not that metatable */
int core_box(lua_State *L);
int core_unbox(lua_State *L);

#endif
