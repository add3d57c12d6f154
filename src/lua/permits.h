/* What the rules of a credential permit. */
#ifndef NGROK_PERMITS_H
#define NGROK_PERMITS_H

#include <lua.h>

/* permits(rules, name) -> true | false | nil, message
 *   No rules permit everything. Nil where the name is not valid, and where no rule permits it while
 *   one is of a kind that we do not know. */
int core_permits(lua_State *L);

#endif
