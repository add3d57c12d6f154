/* One request, as the Lua layer holds it. A handle that is collected while its request is
 * unfinished cancels it, because its result can no longer be read. */
#ifndef NGROK_HANDLE_H
#define NGROK_HANDLE_H

#include "lua/reference.h"

/* Makes the metatable. */
void ngrok_handle_open(lua_State *L);

/* Pushes an empty handle. */
ngrok_reference *ngrok_handle_push(lua_State *L);

#endif
