/* The waker as Lua sees it, with the socket at which it is met. */
#ifndef NGROK_CORE_WAKER_H
#define NGROK_CORE_WAKER_H

#include <lua.h>

/* core.waker(directory) -> waker, path | nil, why there is none */
int core_waker(lua_State *L);

void ngrok_core_waker_open(lua_State *L);

#endif
