/* One request, as the Lua layer holds it.
 *
 * Ownership: the userdata holds one reference to its driver and one to its request. A handle that
 * is collected while its request is unfinished cancels it, because its result can no longer be
 * read. */
#ifndef NGROK_HANDLE_H
#define NGROK_HANDLE_H

#include "engine/driver.h"

#include <lua.h>

/* The metatables of handles and attempts. */
void ngrok_handle_open(lua_State *L);

/* Pushes a handle (or, for a transport in Lua, the attempt in flight, which observes only) in its
 * safe, empty state; the caller fills it with ngrok_handle_hold. Raises when memory runs out. */
typedef struct ngrok_handle ngrok_handle;
ngrok_handle *ngrok_handle_push(lua_State *L);
ngrok_handle *ngrok_handle_push_attempt(lua_State *L);

/* Adds its own references to both. */
void ngrok_handle_hold(ngrok_handle *box, ngrok_driver *driver, ngrok_request *request);

#endif
