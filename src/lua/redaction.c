#include "lua/redaction.h"

#include "base/buffer.h"
#include "base/compat.h"
#include "base/url.h"
#include "lua/scratch.h"

#include <string.h>

void ngrok_redaction_push(lua_State *L, const ngrok_secret *secrets, size_t count, const char *text,
                          size_t length) {
    ngrok_buffer *redacted = ngrok_scratch_push(L);
    redacted->bytes = ngrok_secret_redact(secrets, count, text, length, &redacted->length);
    if (redacted->bytes == NULL) {
        luaL_error(L, "not enough memory");
    }
    ngrok_scratch_finish(L);
}

void ngrok_redaction_push_without(lua_State *L, int secrets) {
    size_t count = compat_rawlen(L, secrets), length;
    const char *text = lua_tolstring(L, -1, &length);
    ngrok_secret *array = lua_newuserdata(L, (count + 1) * sizeof *array);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(L, secrets, (int)i + 1);
        array[i].bytes = (char *)lua_tolstring(L, -1, &array[i].length); /* the table keeps it */
        lua_pop(L, 1);
    }
    ngrok_redaction_push(L, array, count, text, length);
}

enum { longest_id = 128 }; /* the API's have about thirty bytes */

static bool is_redacted(const ngrok_secret *secret, const char *text, size_t length) {
    size_t redacted_length = 0;
    char *redacted = ngrok_secret_redact(secret, 1, text, length, &redacted_length);
    bool same =
        redacted != NULL && redacted_length == length && memcmp(redacted, text, length) == 0;
    ngrok_bytes_free(redacted, redacted_length);
    return !same;
}

bool ngrok_redaction_may_show_id(const ngrok_secret *secret, const char *text, size_t length) {
    /* Redacting each of a page's ids would make the page slower by a tenth. */
    return secret->length > 0 && length <= longest_id && ngrok_url_is_id(text, length) &&
           (ngrok_secret_is_surely_absent(secret, text, length) ||
            !is_redacted(secret, text, length));
}

int core_redact(lua_State *L) {
    size_t length, text_length;
    const char *key = luaL_checklstring(L, 1, &length);
    const char *text = luaL_checklstring(L, 2, &text_length);
    /* Not ours to wipe: Lua has it anyway. */
    ngrok_secret secret = {.bytes = (char *)key, .length = length};
    ngrok_redaction_push(L, &secret, 1, text, text_length);
    return 1;
}
