/* The signals that end a program, for a command that must clean up before it ends. */

#ifndef NGROK_LUA_SIGNALS_H
#define NGROK_LUA_SIGNALS_H

#include <lua.h>

/* wait_for_signal(seconds) -> the number of a signal, or nil after that time. From the first call
   on SIGHUP, SIGINT and SIGTERM do not end this process: they arrive in the next call. */
int ngrok_signals_wait(lua_State *L);

#endif
