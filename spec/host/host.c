/* A Lua module for specs: Lua states of their own in the process of the spec, whose memory can be
 * told to run out, and with it that of our own C.
 *
 *   host.state() -> state
 *   state:run(chunk, ...) -> true, string | false, message     arguments and result are strings
 *   state:fail(after, lasting)    lets that many allocations of this Lua succeed, then fails one,
 * or (lasting) all that come state:relent() -> count       allocations since `fail`; nothing fails
 * any more state:close() host.fail(after, lasting), host.relent() -> count          the same for
 * our C's allocations host.blocks() -> count        of our C's that are not freed
 *
 * The module must be loaded so that others find its functions: package.loadlib(path, "*"). */
#define NGROK_SPEC_HOST

#include "allocation.h"
#include "compat.h"

#include <limits.h>
#include <lualib.h>
#include <stdlib.h>

#define STATE "ngrok.spec.state"

/* What may fail, and when. Not armed, it counts nothing. */
typedef struct supply {
    bool armed, lasting;
    long left, count;
} supply;

static bool refuses(supply *self) {
    if (!self->armed) {
        return false;
    }
    self->count++;
    if (self->left > 0) {
        self->left--;
        return false;
    }
    if (!self->lasting) {
        self->left = LONG_MAX;
    }
    return true;
}

static void arm(lua_State *L, int index, supply *self) {
    *self = (supply){
        .armed = true,
        .left = (long)luaL_checknumber(L, index),
        .lasting = lua_toboolean(L, index + 1),
    };
}

static int disarm(lua_State *L, supply *self) {
    lua_pushinteger(L, (lua_Integer)self->count);
    *self = (supply){0};
    return 1;
}

/* ---- our C's memory ---- */

static supply ours;
static long blocks;

NGROK_EXPORT void *ngrok_spec_malloc(size_t size) {
    return ngrok_spec_realloc(NULL, size);
}

NGROK_EXPORT void *ngrok_spec_calloc(size_t count, size_t size) {
    if (refuses(&ours)) {
        return NULL;
    }
    blocks++;
    return calloc(count, size);
}

NGROK_EXPORT void *ngrok_spec_realloc(void *block, size_t size) {
    if (refuses(&ours)) {
        return NULL;
    }
    blocks += block == NULL ? 1 : 0;
    return realloc(block, size);
}

NGROK_EXPORT void ngrok_spec_free(void *block) {
    blocks -= block != NULL ? 1 : 0;
    free(block);
}

static int host_fail(lua_State *L) {
    arm(L, 1, &ours);
    return 0;
}

static int host_relent(lua_State *L) {
    return disarm(L, &ours);
}

static int host_blocks(lua_State *L) {
    lua_pushinteger(L, (lua_Integer)blocks);
    return 1;
}

/* ---- a Lua's memory ---- */

typedef struct state {
    lua_State *L;
    lua_Alloc allocate; /* Lua's own */
    void *context;
    supply supply;
} state;

/* Shrinking never fails: Lua relies on that. */
static void *allocate(void *context, void *block, size_t old, size_t new) {
    state *self = context;
    bool grows = new > 0 && (block == NULL || new > old);
    if (grows && refuses(&self->supply)) {
        return NULL;
    }
    return self->allocate(self->context, block, old, new);
}

static state *check_state(lua_State *L) {
    state *self = luaL_checkudata(L, 1, STATE);
    if (self->L == NULL) {
        luaL_error(L, "this state is closed");
    }
    return self;
}

static int host_state(lua_State *L) {
    state *self = compat_newuserdata(L, sizeof *self);
    *self = (state){0};
    compat_setmetatable(L, STATE);
    self->L = luaL_newstate();
    if (self->L == NULL) {
        return luaL_error(L, "out of memory");
    }
    luaL_openlibs(self->L);
    self->allocate = lua_getallocf(self->L, &self->context);
    lua_setallocf(self->L, allocate, self);
    return 1;
}

/* state:run(chunk, ...): the chunk is loaded and its arguments are put there with memory to spare;
 * `supply` counts from the call on, and what the call returns is read after it has ended. */
static int state_run(lua_State *L) {
    state *self = check_state(L);
    supply later = self->supply;
    size_t length;
    const char *chunk = luaL_checklstring(L, 2, &length);
    int arguments = lua_gettop(L) - 2;
    self->supply.armed = false;
    bool fine = luaL_loadbuffer(self->L, chunk, length, "=chunk") == NGROK_LUA_OK;
    if (fine) {
        luaL_checkstack(self->L, arguments + 1, "arguments");
        for (int i = 0; i < arguments; i++) {
            lua_pushstring(self->L, luaL_checkstring(L, 3 + i));
        }
        self->supply = later;
        fine = lua_pcall(self->L, arguments, 1, 0) == NGROK_LUA_OK;
        later = self->supply;
        self->supply.armed = false;
    }
    lua_pushboolean(L, fine);
    if (lua_isstring(self->L, -1)) {
        lua_pushstring(L, lua_tostring(self->L, -1));
    } else {
        lua_pushnil(L);
    }
    lua_settop(self->L, 0);
    self->supply = later;
    return 2;
}

static int state_fail(lua_State *L) {
    arm(L, 2, &check_state(L)->supply);
    return 0;
}

static int state_relent(lua_State *L) {
    return disarm(L, &check_state(L)->supply);
}

/* With its own allocator back, which LuaJIT frees as a whole. */
static int state_close(lua_State *L) {
    state *self = luaL_checkudata(L, 1, STATE);
    if (self->L != NULL) {
        lua_setallocf(self->L, self->allocate, self->context);
        lua_close(self->L);
        self->L = NULL;
    }
    return 0;
}

static const luaL_Reg methods[] = {
    {"run", state_run},     {"fail", state_fail}, {"relent", state_relent},
    {"close", state_close}, {NULL, NULL},
};

static const luaL_Reg metamethods[] = {
    {"__gc", state_close},
    {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"state", host_state},   {"fail", host_fail}, {"relent", host_relent},
    {"blocks", host_blocks}, {NULL, NULL},
};

NGROK_EXPORT int luaopen_host(lua_State *L);

NGROK_EXPORT int luaopen_host(lua_State *L) {
    compat_newmetatable(L, STATE, metamethods);
    lua_newtable(L);
    compat_setfuncs(L, methods);
    lua_setfield(L, -2, "__index");
    lua_newtable(L);
    compat_setfuncs(L, functions);
    return 1;
}
