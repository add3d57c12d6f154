#include "lua/scratch.h"

#include "base/compat.h"

#define SCRATCH "ngrok.core.scratch"

ngrok_buffer *ngrok_scratch_push(lua_State *L) {
    ngrok_buffer *buffer = compat_newuserdata(L, sizeof *buffer);
    *buffer = (ngrok_buffer){0};
    compat_setmetatable(L, SCRATCH);
    return buffer;
}

void ngrok_scratch_finish(lua_State *L) {
    ngrok_buffer *buffer = lua_touserdata(L, -1);
    lua_pushlstring(L, buffer->bytes != NULL ? buffer->bytes : "", buffer->length);
    ngrok_buffer_free(buffer);
    lua_remove(L, -2);
}

static int scratch_gc(lua_State *L) {
    ngrok_buffer_free(lua_touserdata(L, 1));
    return 0;
}

static const luaL_Reg metamethods[] = {
    {"__gc", scratch_gc},
    {NULL, NULL},
};

void ngrok_scratch_open(lua_State *L) {
    compat_newmetatable(L, SCRATCH, metamethods);
    lua_pop(L, 1);
}
