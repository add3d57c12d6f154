/* core.can_yield, which is asked before a call waits in a coroutine. */
#ifndef NGROK_SUSPENSION_H
#define NGROK_SUSPENSION_H

#include "base/compat.h"

int core_can_yield(lua_State *L);

#endif
