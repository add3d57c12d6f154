/* A buffer that Lua frees: most calls of Lua's API may raise, when its memory runs out, and what C
 * has allocated would be left behind.
 *
 * Ownership: the userdata on the stack owns the buffer; ngrok_scratch_finish frees it earlier. */
#ifndef NGROK_SCRATCH_H
#define NGROK_SCRATCH_H

#include "base/buffer.h"

#include <lua.h>

/* Pushes a userdata with an empty buffer. */
ngrok_buffer *ngrok_scratch_push(lua_State *L);

/* Replaces the userdata on top of the stack by a string of its bytes. */
void ngrok_scratch_finish(lua_State *L);

/* Makes the metatable. */
void ngrok_scratch_open(lua_State *L);

#endif
