/* What a caller says a resource should be, checked by its schema and written as a request body. */
#ifndef NGROK_ATTRIBUTES_H
#define NGROK_ATTRIBUTES_H

#include <lua.h>

/* encode(name, verb, attributes, validate) -> body | nil, message, is_type_error
 *   What the table inherits counts as given. Without `validate` lengths and rules are not judged.
 */
int core_encode(lua_State *L);

#endif
