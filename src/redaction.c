#include "redaction.h"

#include "compat.h"
#include "scratch.h"

void ngrok_redaction_push(lua_State *L, const ngrok_secret *secret, const char *text,
                          size_t length) {
    ngrok_buffer *redacted = ngrok_scratch_push(L);
    redacted->bytes = ngrok_secret_redact(secret, text, length, &redacted->length);
    if (redacted->bytes == NULL) {
        luaL_error(L, "out of memory");
    }
    ngrok_scratch_finish(L);
}

int core_redact(lua_State *L) {
    size_t length, text_length;
    const char *key = luaL_checklstring(L, 1, &length);
    const char *text = luaL_checklstring(L, 2, &text_length);
    /* Not ours to wipe: Lua has it anyway. */
    ngrok_secret secret = {.bytes = (char *)key, .length = length};
    ngrok_redaction_push(L, &secret, text, text_length);
    return 1;
}
