/* How a response becomes a resource or a page of them. */
#ifndef NGROK_READING_H
#define NGROK_READING_H

#include "base/json.h"
#include "base/secret.h"

#include <lua.h>
#include <stdbool.h>

/* Stack indices, and the client's key.
 * - reader: the schema of a resource; of a page a table: `schema`, `list_key`, where its items are,
 *   and `metatable`
 * - into: the resource that is written to, or the id that the response must have, or nil
 * - secrets: an array of strings that the request has sent, or nil
 * - origin: of the resources; see resource.h */
typedef struct ngrok_reading {
    int reader, into, secrets, origin;
    const ngrok_secret *key;
} ngrok_reading;

/* Pushes what the parsed response is. Returns false and pushes what is wrong with it otherwise. */
bool ngrok_reading_push(lua_State *L, const ngrok_reading *reading, ngrok_json response);

#endif
