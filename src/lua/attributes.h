/* What a caller gives an operation, checked by its schema and written as a request body. */
#ifndef NGROK_ATTRIBUTES_H
#define NGROK_ATTRIBUTES_H

#include <lua.h>

/* encode(schema, verb, attributes, validate) -> body, secrets | nil, message, is_type_error
 *   What a table inherits counts as given. Without `validate` lengths, rules and what is missing
 *   are not judged. `secrets` is an array of the values of secret fields, or nil. */
int core_encode(lua_State *L);

#endif
