/* A userdata by which Lua refers to a request: a handle or an attempt.
 *
 * Ownership: it holds one reference to its driver and one to its request. */
#ifndef NGROK_REFERENCE_H
#define NGROK_REFERENCE_H

#include "engine/driver.h"

#include <lua.h>

typedef struct ngrok_reference {
    ngrok_driver *driver; /* both NULL until filled */
    ngrok_request *request;
    unsigned attempt; /* the number of the attempt that was in flight when it was filled */
} ngrok_reference;

/* Pushes an empty one. Raises when memory runs out. */
ngrok_reference *ngrok_reference_push(lua_State *L, const char *metatable);

/* Adds its own references to both. */
void ngrok_reference_fill(ngrok_reference *self, ngrok_driver *driver, ngrok_request *request);

/* The one at index 1. Raises where it is empty or something else. */
ngrok_reference *ngrok_reference_check(lua_State *L, const char *metatable);

/* Empties it. Twice does no harm. */
void ngrok_reference_release(ngrok_reference *self);

#endif
