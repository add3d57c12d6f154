/* A target in Lua: FUZZ_TARGET names a module of this folder that returns a function, which is
 * called with each input and raises where a property does not hold. */
#include "base/compat.h"

#include "property.h"

#include <lualib.h>

#define TEXT_OF(name) #name
#define TEXT(macro) TEXT_OF(macro)

/* So that what one input leaves behind reaches few others, and costs no memory for long. */
enum { inputs_per_state = 1000 };

int luaopen_ngrok_core(lua_State *L);

/* Lua's lines, which libFuzzer takes for branches of a program like any other's. */
__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t lines[8192];

static lua_State *state;
static unsigned inputs;

static void count_line(lua_State *L, lua_Debug *where) {
    size_t hash = (size_t)where->currentline;
    if (lua_getinfo(L, "S", where) != 0) {
        for (const char *c = where->short_src; *c != '\0'; c++) {
            hash = hash * 31 + (unsigned char)*c;
        }
    }
    lines[hash % sizeof lines]++;
}

static void fail(const char *what) {
    (void)fprintf(stderr, "%s\n", what != NULL ? what : "an error that is not a string");
    abort();
}

static void preload_core(lua_State *L) {
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "preload");
    lua_pushcfunction(L, luaopen_ngrok_core);
    lua_setfield(L, -2, "ngrok.core");
    lua_pop(L, 2);
}

/* Leaves on the stack what handles errors, and above it the target's function. */
static void load_target(lua_State *L) {
    static const char chunk[] =
        "package.path = 'lua/?.lua;lua/?/init.lua;fuzz/?.lua;' .. package.path\n"
        "return debug.traceback, require '" TEXT(FUZZ_TARGET) "'";
    if (luaL_loadstring(L, chunk) != NGROK_LUA_OK || lua_pcall(L, 0, 2, 0) != NGROK_LUA_OK) {
        fail(lua_tostring(L, -1));
    }
}

static void close_state(void) {
    if (state != NULL) {
        lua_close(state);
    }
    state = NULL;
}

static void open_state(void) {
    state = luaL_newstate();
    PROPERTY(state != NULL);
    luaL_openlibs(state);
    preload_core(state);
    load_target(state);
    lua_sethook(state, count_line, LUA_MASKLINE, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (inputs == 0) {
        PROPERTY(atexit(close_state) == 0);
    }
    if (inputs++ % inputs_per_state == 0) {
        close_state();
        open_state();
    }
    lua_pushvalue(state, 2);
    lua_pushlstring(state, (const char *)data, size);
    if (lua_pcall(state, 1, 0, 1) != NGROK_LUA_OK) {
        fail(lua_tostring(state, -1));
    }
    PROPERTY(lua_gettop(state) == 2);
    return 0;
}
