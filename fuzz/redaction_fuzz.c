/* A key, and on the next lines a text that may repeat it. */
#include "base/buffer.h"
#include "base/secret.h"

#include "property.h"

#include <ctype.h>
#include <strings.h>

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum { shortest_key = 4, mask_length = sizeof "[redacted]" - 1 };

static bool contains(const char *text, size_t length, const char *part, size_t part_length) {
    for (size_t i = 0; i + part_length <= length; i++) {
        if (strncasecmp(text + i, part, part_length) == 0) {
            return true;
        }
    }
    return false;
}

static char *redact(const ngrok_secret *secret, const char *text, size_t length, size_t *redacted) {
    char *out = ngrok_secret_redact(secret, 1, text, length, redacted);
    PROPERTY(out != NULL);
    PROPERTY(out[*redacted] == '\0');
    PROPERTY(*redacted <= length * mask_length);
    return out;
}

static bool is_left_alone(const ngrok_secret *secret, const char *text, size_t length) {
    size_t redacted_length;
    char *redacted = redact(secret, text, length, &redacted_length);
    bool same = redacted_length == length && memcmp(redacted, text, length) == 0;
    free(redacted);
    return same;
}

/* Keys as there are, and none that our mask spells. */
static bool is_key(const ngrok_secret *secret) {
    static const char characters[] = LETTERS_AND_DIGITS "_-.~";
    const char *key = secret->bytes;
    size_t length = secret->length;
    return length >= shortest_key && strspn(key, characters) == length &&
           is_left_alone(secret, "[redacted]", mask_length);
}

static int hex_digit(char c) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) % 16 : -1;
}

/* As a reader would who unescapes once. */
static char *decode(const char *text, size_t length, size_t *decoded) {
    char *out = property_string(text, length);
    size_t to = 0;
    for (size_t i = 0; i < length; i++) {
        out[to++] = text[i];
        if (length - i > 2 && text[i] == '%' && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            out[to - 1] = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else if (length - i > 1 && text[i] == '\\' && ispunct((unsigned char)text[i + 1])) {
            out[to - 1] = text[++i];
        }
    }
    *decoded = to;
    return out;
}

static void check_gone(const ngrok_secret *secret, const char *text, size_t length) {
    PROPERTY(!contains(text, length, secret->bytes, secret->length));
    size_t decoded_length;
    char *decoded = decode(text, length, &decoded_length);
    PROPERTY(!contains(decoded, decoded_length, secret->bytes, secret->length));
    free(decoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    property_input input = property_split((const char *)data, size);
    if (input.rest == NULL) {
        return 0;
    }
    ngrok_secret secret = {0};
    PROPERTY(ngrok_secret_set(&secret, input.first, input.first_length));
    size_t length;
    char *redacted = redact(&secret, input.rest, input.rest_length, &length);
    if (is_key(&secret)) {
        check_gone(&secret, redacted, length);
        PROPERTY(is_left_alone(&secret, redacted, length));
    }
    free(redacted);
    ngrok_secret_wipe(&secret);
    PROPERTY(secret.bytes == NULL && secret.length == 0);
    return 0;
}
