/* An attempt at a request that a transport in Lua performs. It keeps the request in memory, but not
 * under way: when the attempt is collected without a response, it has failed. */
#ifndef NGROK_LUA_ATTEMPT_H
#define NGROK_LUA_ATTEMPT_H

#include "lua/reference.h"

/* Makes the metatable. */
void ngrok_attempt_open(lua_State *L);

/* Pushes an empty attempt. */
ngrok_reference *ngrok_attempt_push(lua_State *L);

#endif
