#include "secret.h"

#include "buffer.h"

#include <stdlib.h>
#include <string.h>

static const char mask[] = "[redacted]";

/* Shorter secrets would blank out ordinary words; the API has none that short. */
enum { shortest_secret = 4, token_first_shortest = 20, token_second_shortest = 15 };

/* What a volatile pointer points to may be more than memset, so the call has to be made. */
static void *(*const volatile set)(void *, int, size_t) = memset;

void ngrok_memory_wipe(void *memory, size_t length) {
    (void)set(memory, 0, length);
}

bool ngrok_secret_set(ngrok_secret *secret, const char *bytes, size_t length) {
    char *copy = ngrok_bytes_copy(bytes, length);
    if (copy == NULL) {
        return false;
    }
    ngrok_secret_wipe(secret);
    secret->bytes = copy;
    secret->length = length;
    return true;
}

void ngrok_secret_wipe(ngrok_secret *secret) {
    if (secret->bytes != NULL) {
        ngrok_memory_wipe(secret->bytes, secret->length);
        free(secret->bytes);
    }
    secret->bytes = NULL;
    secret->length = 0;
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

static size_t match_plain(const ngrok_secret *secret, const char *text, size_t length) {
    bool same = length >= secret->length && memcmp(text, secret->bytes, secret->length) == 0;
    return same ? secret->length : 0;
}

static bool is_escape_of(char c, const char *text, size_t length) {
    if (length < 3 || text[0] != '%') {
        return false;
    }
    int high = hex_value(text[1]), low = hex_value(text[2]);
    return high >= 0 && low >= 0 && (char)(high * 16 + low) == c;
}

/* How many bytes of `text` spell the secret, each byte as it is or as %XX; 0 when they do not. */
static size_t match_percent(const ngrok_secret *secret, const char *text, size_t length) {
    size_t used = 0;
    for (size_t i = 0; i < secret->length; i++) {
        if (is_escape_of(secret->bytes[i], text + used, length - used)) {
            used += 3;
        } else if (used < length && text[used] == secret->bytes[i]) {
            used++;
        } else {
            return 0;
        }
    }
    return used;
}

static char base64_digit(unsigned value, bool url) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    if (value >= 62) {
        return (url ? "-_" : "+/")[value - 62];
    }
    return digits[value];
}

/* The secret inside a longer base64 text starts at one of three bit offsets. `skip` is how many
 * of its first bytes share a digit with what stands before it; only digits that the secret alone
 * determines are compared. */
static size_t match_base64(const ngrok_secret *secret, size_t skip, bool url, const char *text,
                           size_t length) {
    if (secret->length < skip + 3) {
        return 0;
    }
    const unsigned char *bytes = (const unsigned char *)secret->bytes + skip;
    size_t bits = (secret->length - skip) * 8, used = 0;
    for (size_t bit = 0; bit + 6 <= bits; bit += 6, used++) {
        unsigned window = (unsigned)bytes[bit / 8] << 8;
        if (bit / 8 + 1 < secret->length - skip) {
            window |= bytes[bit / 8 + 1];
        }
        if (used >= length || text[used] != base64_digit((window >> (10 - bit % 8)) & 63U, url)) {
            return 0;
        }
    }
    return used;
}

static bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t run_length(const char *text, size_t length) {
    size_t run = 0;
    while (run < length && is_alphanumeric(text[run])) {
        run++;
    }
    return run;
}

/* Tokens are not ours to know, but their look is: 27 characters, an underscore, 21 characters
 * (credentials page). An id has two or three characters before its underscore. */
static size_t match_token(const char *text, size_t length) {
    size_t first = run_length(text, length);
    if (first < token_first_shortest || first == length || text[first] != '_') {
        return 0;
    }
    size_t second = run_length(text + first + 1, length - first - 1);
    return second >= token_second_shortest ? first + 1 + second : 0;
}

static size_t match_key(const ngrok_secret *secret, const char *text, size_t length) {
    if (secret->length < shortest_secret) {
        return 0;
    }
    size_t used = match_plain(secret, text, length);
    if (used == 0) {
        used = match_percent(secret, text, length);
    }
    for (size_t skip = 0; used == 0 && skip < 3; skip++) {
        used = match_base64(secret, skip, false, text, length);
        if (used == 0) {
            used = match_base64(secret, skip, true, text, length);
        }
    }
    return used;
}

static size_t match_secret(const ngrok_secret *secret, const char *text, size_t length) {
    size_t used = match_key(secret, text, length);
    return used > 0 ? used : match_token(text, length);
}

char *ngrok_secret_redact(const ngrok_secret *secret, const char *text, size_t length,
                          size_t *redacted_length) {
    ngrok_buffer out = {0};
    bool fine = ngrok_buffer_append(&out, "", 0);
    size_t kept = 0, i = 0;
    while (fine && i < length) {
        size_t used = match_secret(secret, text + i, length - i);
        if (used == 0) {
            i++;
            continue;
        }
        fine = ngrok_buffer_append(&out, text + kept, i - kept) &&
               ngrok_buffer_append(&out, mask, sizeof mask - 1);
        i += used;
        kept = i;
    }
    if (!fine || !ngrok_buffer_append(&out, text + kept, length - kept)) {
        ngrok_buffer_free(&out);
        return NULL;
    }
    return ngrok_buffer_take(&out, redacted_length);
}
