#include "core_waker.h"

#include "compat.h"
#include "rendezvous.h"
#include "waker.h"

#include <errno.h>
#include <string.h>

#define WAKER "ngrok.core.waker"

typedef struct waker_box {
    ngrok_rendezvous meeting;
    ngrok_waker *waker; /* NULL before `accept` and after `close` */
} waker_box;

static waker_box *check_box(lua_State *L) {
    return luaL_checkudata(L, 1, WAKER);
}

static ngrok_waker *check_waker(lua_State *L) {
    ngrok_waker *waker = check_box(L)->waker;
    if (waker == NULL) {
        luaL_error(L, "the waker is not connected");
    }
    return waker;
}

/* waker:accept() -> boolean: whether somebody of this process has connected, and is met from here
 * on. The path is gone in either case. */
static int waker_accept(lua_State *L) {
    waker_box *box = check_box(L);
    int stream = ngrok_rendezvous_accept(&box->meeting);
    if (stream >= 0) {
        ngrok_waker_free(box->waker);
        box->waker = ngrok_waker_new(stream);
    }
    lua_pushboolean(L, stream >= 0 && box->waker != NULL);
    return 1;
}

/* waker:arm(seconds, descriptors) -> boolean: whether a byte will come. */
static int waker_arm(lua_State *L) {
    ngrok_waker *waker = check_waker(L);
    double seconds = luaL_checknumber(L, 2);
    luaL_checktype(L, 3, LUA_TTABLE);
    size_t count = compat_rawlen(L, 3);
    /* Lua's to free: reading the table may raise. */
    int *descriptors = compat_newuserdata(L, (count + 1) * sizeof *descriptors);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, 3, (int)i + 1);
        descriptors[i] = (int)luaL_checknumber(L, -1);
        lua_pop(L, 1);
    }
    lua_pushboolean(L, ngrok_waker_arm(waker, descriptors, count, seconds));
    return 1;
}

static int waker_ring(lua_State *L) {
    ngrok_waker_ring(check_waker(L));
    return 0;
}

static int waker_is_connected(lua_State *L) {
    const waker_box *box = check_box(L);
    lua_pushboolean(L, box->waker != NULL && ngrok_waker_is_connected(box->waker));
    return 1;
}

static int waker_close(lua_State *L) {
    waker_box *box = check_box(L);
    ngrok_rendezvous_close(&box->meeting);
    ngrok_waker_free(box->waker);
    box->waker = NULL;
    return 0;
}

int core_waker(lua_State *L) {
    const char *below = luaL_checkstring(L, 1);
    waker_box *box = compat_newuserdata(L, sizeof *box);
    *box = (waker_box){.meeting = {.listener = -1}};
    compat_setmetatable(L, WAKER);
    if (!ngrok_rendezvous_open(&box->meeting, below)) {
        lua_pushnil(L);
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): strerror_r differs from libc to libc */
        lua_pushfstring(L, "%s: %s", below, strerror(errno));
        return 2;
    }
    lua_pushstring(L, box->meeting.address.sun_path);
    return 2;
}

static const luaL_Reg methods[] = {
    {"accept", waker_accept}, {"arm", waker_arm},
    {"ring", waker_ring},     {"is_connected", waker_is_connected},
    {"close", waker_close},   {NULL, NULL},
};

static const luaL_Reg metamethods[] = {
    {"__gc", waker_close},
    {NULL, NULL},
};

void ngrok_core_waker_open(lua_State *L) {
    compat_newmetatable(L, WAKER, metamethods);
    lua_newtable(L);
    compat_setfuncs(L, methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}
