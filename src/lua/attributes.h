/* What a caller gives an operation, checked by its schema and written as a request body. */
#ifndef NGROK_ATTRIBUTES_H
#define NGROK_ATTRIBUTES_H

#include <lua.h>

/* encode(schema, attributes, validate) -> body, secrets | nil, type_problems, problems
 *   What a table inherits counts as given. Without `validate` lengths, rules and what is missing
 *   are not judged. `secrets` is an array of the values of secret fields, or nil. Problems are
 *   arrays of sentences: of what a program gets wrong, and of values. One for an unknown name is a
 *   table: its `place`, the `name`, and the `known` ones. */
int core_encode(lua_State *L);

#endif
