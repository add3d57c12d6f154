/* The methods of a client, and its metatable; client.h says what it holds. */
#ifndef NGROK_CLIENT_METHODS_H
#define NGROK_CLIENT_METHODS_H

#include <lua.h>

void ngrok_client_methods_open(lua_State *L);

#endif
