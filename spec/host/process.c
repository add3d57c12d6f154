/* A Lua module for specs: the system's calls for processes. */
#define _DEFAULT_SOURCE

#include "base/compat.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* fork() -> the child's process id; 0 in the child */
static int process_fork(lua_State *L) {
    (void)fflush(NULL); /* or both would write what is buffered */
    lua_pushinteger(L, (lua_Integer)fork());
    return 1;
}

/* wait(id) -> exit status, 128 and more when a signal ended it */
static int process_wait(lua_State *L) {
    int status = 0;
    if (waitpid((pid_t)luaL_checkinteger(L, 1), &status, 0) < 0) {
        return luaL_error(L, "there is no such child");
    }
    lua_pushinteger(L, WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    return 1;
}

/* leave(status): at once, with nothing closed and nothing finalized. */
static int process_leave(lua_State *L) {
    int status = (int)luaL_checkinteger(L, 1);
    (void)fflush(NULL);
    _exit(status);
}

/* link(path) -> what a symbolic link leads to | nil */
static int process_link(lua_State *L) {
    char target[4096];
    ssize_t length = readlink(luaL_checkstring(L, 1), target, sizeof target);
    if (length < 0) {
        return 0;
    }
    lua_pushlstring(L, target, (size_t)length);
    return 1;
}

/* close(descriptor): as a daemon does with all that it has inherited */
static int process_close(lua_State *L) {
    (void)close((int)luaL_checkinteger(L, 1));
    return 0;
}

NGROK_EXPORT int luaopen_process(lua_State *L);

NGROK_EXPORT int luaopen_process(lua_State *L) {
    static const luaL_Reg functions[] = {
        {"fork", process_fork}, {"wait", process_wait},   {"leave", process_leave},
        {"link", process_link}, {"close", process_close}, {NULL, NULL},
    };
    lua_newtable(L);
    compat_setfuncs(L, functions);
    return 1;
}
