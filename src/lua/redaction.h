/* Texts as they may be shown, for Lua. */
#ifndef NGROK_REDACTION_H
#define NGROK_REDACTION_H

#include "base/secret.h"

#include <lua.h>

/* Pushes `text` without the secrets and without tokens; see ngrok_secret_redact. Raises when memory
 * ran out. It may run finalizers: who owns the secrets must look whether they were wiped meanwhile.
 */
void ngrok_redaction_push(lua_State *L, const ngrok_secret *secrets, size_t count, const char *text,
                          size_t length);

/* Pushes the text on top of the stack without the strings of the array at `secrets`. */
void ngrok_redaction_push_without(lua_State *L, int secrets);

/* Whether `text` is what the API calls an id, and neither the secret nor a token, nor has them in
 * it. False where the secret was wiped. */
bool ngrok_redaction_may_show_id(const ngrok_secret *secret, const char *text, size_t length);

/* core.redact(key, text) -> text, for those that have no client yet */
int core_redact(lua_State *L);

#endif
