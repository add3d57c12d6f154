/* A key, and on the next lines a text that may repeat it. */
#include "buffer.h"
#include "secret.h"

#include "property.h"

#include <strings.h>

#define LETTERS_AND_DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

enum { shortest_key = 4, shortest_piece = 8, mask_length = sizeof "[redacted]" - 1 };

static bool contains(const char *text, size_t length, const char *part, size_t part_length) {
    for (size_t i = 0; i + part_length <= length; i++) {
        if (strncasecmp(text + i, part, part_length) == 0) {
            return true;
        }
    }
    return false;
}

static char *redact(const ngrok_secret *secret, const char *text, size_t length, size_t *redacted) {
    char *out = ngrok_secret_redact(secret, text, length, redacted);
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

/* Keys as there are, and none that our mask spells: long ones are in it only as they are. */
static bool is_key(const ngrok_secret *secret) {
    static const char characters[] = LETTERS_AND_DIGITS "_-.~";
    const char *key = secret->bytes;
    size_t length = secret->length;
    if (length < shortest_key || strspn(key, characters) != length) {
        return false;
    }
    bool left_alone = is_left_alone(secret, "[redacted]", mask_length);
    PROPERTY(left_alone || length < shortest_piece || contains(key, length, "redacted", 8));
    return left_alone;
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

static void check_pieces(const char *key, size_t key_length, const char *text, size_t length) {
    size_t least = key_length < shortest_piece ? key_length : shortest_piece;
    for (size_t i = 0; i + least <= key_length; i++) {
        PROPERTY(!contains(text, length, key + i, least));
    }
}

static void check_percent(const char *key, size_t key_length, const char *text, size_t length) {
    size_t decoded_length;
    char *decoded = percent_decode(text, length, &decoded_length);
    check_pieces(key, key_length, decoded, decoded_length);
    free(decoded);
}

static void check_hexadecimal(const char *key, size_t key_length, const char *text, size_t length) {
    char *encoded = property_memory(key_length * 2 + 1);
    for (size_t i = 0; i < key_length; i++) {
        (void)snprintf(encoded + 2 * i, 3, "%02x", (unsigned)(unsigned char)key[i]);
    }
    PROPERTY(!contains(text, length, encoded, key_length * 2));
    free(encoded);
}

/* Inside a longer base64 text the key's first bits may share a digit with what stands before it. */
static void check_base64(const char *key, size_t key_length, unsigned shared, const char *digits,
                         const char *text, size_t length) {
    char *encoded = property_memory(key_length * 2);
    uint32_t bits = 0;
    unsigned held = 0;
    size_t used = 0;
    for (size_t i = 0; i < key_length; i++) {
        bits = bits << 8 | (unsigned char)key[i];
        for (held += i == 0 ? 8 - shared : 8; held >= 6; held -= 6) {
            encoded[used++] = digits[bits >> (held - 6) & 63U];
        }
    }
    PROPERTY(!contains(text, length, encoded, used));
    free(encoded);
}

static void check_gone(const char *key, size_t key_length, const char *text, size_t length) {
    check_pieces(key, key_length, text, length);
    check_hexadecimal(key, key_length, text, length);
    check_percent(key, key_length, text, length);
    for (unsigned shared = 0; shared <= 4; shared += 2) {
        check_base64(key, key_length, shared, LETTERS_AND_DIGITS "+/", text, length);
        check_base64(key, key_length, shared, LETTERS_AND_DIGITS "-_", text, length);
    }
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
        check_gone(secret.bytes, secret.length, redacted, length);
        PROPERTY(is_left_alone(&secret, redacted, length));
    }
    free(redacted);
    ngrok_secret_wipe(&secret);
    PROPERTY(secret.bytes == NULL && secret.length == 0);
    return 0;
}
