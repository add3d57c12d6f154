/* The client as the Lua layer holds it: a driver behind a userdata.
 *
 * Ownership: the userdata holds one reference to its driver. close, __close and __gc are one
 * tolerant function; every other method raises after it. */
#ifndef NGROK_CLIENT_H
#define NGROK_CLIENT_H

#include "engine/driver.h"

#include <lua.h>

#define NGROK_CLIENT_METATABLE "ngrok.core.client"

/* core.client{ api_key, base_url, max_in_flight, max_response_bytes, limit_requests, limit_window,
 * transport = box or nil } -> client. The Lua layer has checked them all. Specs add `wait_scale`;
 * see ngrok_engine_scale_waits. */
int core_client(lua_State *L);

int client_close(lua_State *L);
int client_gc(lua_State *L);

/* The driver of the client at `index`, which lives as long as that. Raises once it is collected. */
ngrok_driver *ngrok_client_driver(lua_State *L, int index);

#endif
