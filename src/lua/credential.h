/* What Lua can ask about a tunnel credential, beyond what all resources have. */
#ifndef NGROK_CREDENTIAL_H
#define NGROK_CREDENTIAL_H

#include <lua.h>

/* permits(rules, name) -> true | false | nil, message
 *   No rules permit everything. Nil where the name is none, and where no rule permits it while one
 *   is of a kind that we do not know. */
int core_permits(lua_State *L);

#endif
