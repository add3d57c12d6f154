/* A key, and on the next lines a text that may repeat it. */
#include "buffer.h"
#include "secret.h"

#include "property.h"

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum { shortest_key = 4, mask_length = sizeof "[redacted]" - 1 };

static bool contains(const char *text, size_t length, const char *part, size_t part_length) {
    return memmem(text, length, part, part_length) != NULL;
}

/* Keys as there are. One of other characters, or in "redacted" itself, may be spelled by our mask
 * and what stands around it. */
static bool is_key(const char *key, size_t length) {
    static const char characters[] = LETTERS_AND_DIGITS "_-.~";
    for (size_t i = 0; i < length; i++) {
        if (key[i] == '\0' || strchr(characters, key[i]) == NULL) {
            return false;
        }
    }
    return length >= shortest_key && !contains("redacted", 8, key, length);
}

static int hex_digit(char c) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) % 16 : -1;
}

static char *percent_decode(const char *text, size_t length, size_t *decoded) {
    char *out = property_string(text, length);
    size_t to = 0;
    for (size_t i = 0; i < length; i++) {
        bool escape = length - i > 2 && text[i] == '%' && hex_digit(text[i + 1]) >= 0 &&
                      hex_digit(text[i + 2]) >= 0;
        out[to++] = text[i];
        if (escape) {
            out[to - 1] = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
    }
    *decoded = to;
    return out;
}

static void check_percent(const char *key, size_t key_length, const char *text, size_t length) {
    size_t decoded_length;
    char *decoded = percent_decode(text, length, &decoded_length);
    PROPERTY(!contains(decoded, decoded_length, key, key_length));
    free(decoded);
}

/* The digits of a base64 text that start with a byte of the key and that no other byte is in. */
static void check_base64(const char *key, size_t key_length, const char *digits, const char *text,
                         size_t length) {
    char *encoded = property_memory(key_length * 2);
    uint32_t bits = 0;
    unsigned held = 0;
    size_t used = 0;
    for (size_t i = 0; i < key_length; i++) {
        bits = bits << 8 | (unsigned char)key[i];
        for (held += 8; held >= 6; held -= 6) {
            encoded[used++] = digits[bits >> (held - 6) & 63U];
        }
    }
    PROPERTY(!contains(text, length, encoded, used));
    free(encoded);
}

static void check_gone(const char *key, size_t key_length, const char *text, size_t length) {
    PROPERTY(!contains(text, length, key, key_length));
    check_percent(key, key_length, text, length);
    for (size_t skip = 0; skip < 3 && key_length >= skip + 3; skip++) {
        check_base64(key + skip, key_length - skip, LETTERS_AND_DIGITS "+/", text, length);
        check_base64(key + skip, key_length - skip, LETTERS_AND_DIGITS "-_", text, length);
    }
}

static char *redact(const ngrok_secret *secret, const char *text, size_t length, size_t *redacted) {
    char *out = ngrok_secret_redact(secret, text, length, redacted);
    PROPERTY(out != NULL);
    PROPERTY(out[*redacted] == '\0');
    PROPERTY(*redacted <= length * mask_length);
    return out;
}

static void check_again(const ngrok_secret *secret, const char *text, size_t length) {
    size_t again_length;
    char *again = redact(secret, text, length, &again_length);
    PROPERTY(again_length == length && memcmp(again, text, length) == 0);
    free(again);
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
    if (is_key(input.first, input.first_length)) {
        check_gone(input.first, input.first_length, redacted, length);
        check_again(&secret, redacted, length);
    }
    free(redacted);
    ngrok_secret_wipe(&secret);
    PROPERTY(secret.bytes == NULL && secret.length == 0);
    return 0;
}
