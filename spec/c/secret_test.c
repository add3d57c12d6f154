/* pread is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* The key comes out of whatever we show, in each spelling that it may have there, and its memory
 * is zeroed. */
#include "secret.h"

#include "check.h"

#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

static const char key[] = "2aKeyFirstPart_9SecondPart+/~x";

/* What becomes of `text` when `secret` is taken out; the caller frees it. */
static char *redact_bytes(const char *secret, const char *text, size_t length, size_t *out) {
    ngrok_secret kept = {0};
    CHECK(ngrok_secret_set(&kept, secret, strlen(secret)));
    char *copy = check_copy(text, length);
    char *redacted = ngrok_secret_redact(&kept, copy, length, out);
    free(copy);
    ngrok_secret_wipe(&kept);
    return redacted;
}

/* `expected` is the text after redaction, and its length tells the same. */
static void check_redacted(const char *secret, const char *text, const char *expected) {
    size_t length = 0;
    char *redacted = redact_bytes(secret, text, strlen(text), &length);
    CHECK_TEXT(redacted, expected);
    CHECK_INTEGER(length, strlen(expected));
    free(redacted);
}

static void redacts_the_secret_as_it_is(void) {
    check_redacted(key, "2aKeyFirstPart_9SecondPart+/~x", "[redacted]");
    check_redacted(key, "invalid key: '2aKeyFirstPart_9SecondPart+/~x'.",
                   "invalid key: '[redacted]'.");
}

static void redacts_the_secret_first_and_last(void) {
    check_redacted("abcdefgh", "abcdefgh is wrong", "[redacted] is wrong");
    check_redacted("abcdefgh", "wrong: abcdefgh", "wrong: [redacted]");
}

static void redacts_every_occurrence(void) {
    check_redacted("abcdefgh", "abcdefgh, abcdefgh and abcdefgh",
                   "[redacted], [redacted] and [redacted]");
}

static void redacts_occurrences_that_touch(void) {
    check_redacted("abcdefgh", "abcdefghabcdefgh", "[redacted][redacted]");
}

static void redacts_occurrences_that_overlap(void) {
    check_redacted("abcabc", "xabcabcabcx", "x[redacted]abcx");
    check_redacted("aaaa", "aaaaaaaaa", "[redacted][redacted]a");
}

static void redacts_behind_a_false_start(void) {
    check_redacted("aab-key", "aaab-key", "a[redacted]");
    check_redacted("ababc", "abababc", "ab[redacted]");
    check_redacted("abcdefgh", "%61%62%61bcdefgh", "%61%62[redacted]");
}

static void leaves_a_text_without_the_secret(void) {
    check_redacted(key, "nothing to see here", "nothing to see here");
    check_redacted("abcdefgh", "abcdefg", "abcdefg");
    check_redacted("abcdefgh", "ABCDEFGH", "ABCDEFGH");
    check_redacted("abcdefgh", "abcdefg%", "abcdefg%");
    check_redacted("abcdefgh", "abcdefg%6", "abcdefg%6");
    check_redacted("abcdefgh", "abcdefg%6g", "abcdefg%6g");
    check_redacted("abcdefgh", "%61%62%63%64%65%66%67%69", "%61%62%63%64%65%66%67%69");
}

static void redacts_nothing_from_an_empty_text(void) {
    check_redacted(key, "", "");
}

static void redacts_percent_encoding_in_upper_and_lower_hex(void) {
    check_redacted("a+/=~zJK", "x%61%2B%2F%3D%7E%7A%4A%4Bx", "x[redacted]x");
    check_redacted("a+/=~zJK", "x%61%2b%2f%3d%7e%7a%4a%4bx", "x[redacted]x");
    check_redacted("a+/=~zJK", "x%61%2b%2F%3d%7E%7a%4A%4bx", "x[redacted]x");
}

static void redacts_partial_percent_encoding(void) {
    check_redacted("a+/=~zJK", "key=a%2B/%3D~zJK&x", "key=[redacted]&x");
    check_redacted("abcdefgh", "%61bcdefgh", "[redacted]");
    check_redacted("abcdefgh", "abcdefg%68", "[redacted]");
}

static void redacts_an_encoded_percent_sign_of_the_secret(void) {
    check_redacted("50%ofakey", "key=50%ofakey.", "key=[redacted].");
    check_redacted("50%ofakey", "key=50%25ofakey.", "key=[redacted].");
}

static char *base64(const char *bytes, size_t length, bool url) {
    static char out[400];
    const char *tail = url ? "-_" : "+/";
    char digits[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    digits[62] = tail[0];
    digits[63] = tail[1];
    size_t used = 0;
    for (size_t i = 0; i < length; i += 3) {
        unsigned long group = 0;
        for (size_t k = 0; k < 3; k++) {
            group = group << 8 | (i + k < length ? (unsigned char)bytes[i + k] : 0U);
        }
        for (unsigned k = 0; k < 4; k++) {
            out[used++] = i + k > length ? '=' : digits[group >> (18 - 6 * k) & 63];
        }
    }
    out[used] = '\0';
    return out;
}

/* The secret behind `offset` bytes (a user name, say) and before three more, in base64. Digits that
 * the secret shares with its neighbours may stay: up to 3 on its left, up to 2 on its right. */
static void check_base64(const char *secret, size_t offset, bool url) {
    char clear[200];
    int length = snprintf(clear, sizeof clear, "%.*s%s:yz", (int)offset, "uvwxyz", secret);
    const char *encoded = base64(clear, (size_t)length, url);
    check_about("offset %zu, %s", offset, encoded);

    size_t redacted_length;
    char *redacted = redact_bytes(secret, encoded, strlen(encoded), &redacted_length);
    const char *mask = strstr(redacted, "[redacted]");
    if (CHECK(mask != NULL)) {
        size_t before = (size_t)(mask - redacted), after = strlen(mask) - strlen("[redacted]");
        CHECK(strncmp(redacted, encoded, before) == 0);
        CHECK(before <= (offset * 8 + 5) / 6 + 3);
        CHECK(after <= (3 * 8 + 5) / 6 + 2 + 2); /* the three bytes more, and padding */
    }
    free(redacted);
}

static void redacts_base64_at_every_offset(void) {
    for (size_t offset = 0; offset < 6; offset++) {
        check_base64("2aKeyFirstPart_9SecondPart", offset, false);
    }
}

static void redacts_base64_in_the_url_alphabet_at_every_offset(void) {
    for (size_t offset = 0; offset < 6; offset++) {
        check_base64("2aKeyFirstPart_9SecondPart", offset, true);
    }
}

static void redacts_base64_with_the_digits_62_and_63(void) {
    static const char odd[] = "~~~?>?~~~?>?~~~?>?~~~";
    CHECK(strchr(base64(odd, strlen(odd), false), '+') != NULL);
    CHECK(strchr(base64(odd, strlen(odd), false), '/') != NULL);
    for (size_t offset = 0; offset < 3; offset++) {
        check_base64(odd, offset, false);
        check_base64(odd, offset, true);
    }
}

static void redacts_base64_of_secrets_of_every_length_modulo_3(void) {
    for (size_t offset = 0; offset < 3; offset++) {
        check_base64("abcdefghijkl", offset, false);
        check_base64("abcdefghijklm", offset, false);
        check_base64("abcdefghijklmn", offset, false);
    }
}

static void redacts_basic_authorization(void) {
    size_t length;
    const char *encoded = base64("2aKeyFirstPart_9SecondPart:", 27, false);
    char *redacted = redact_bytes("2aKeyFirstPart_9SecondPart", encoded, strlen(encoded), &length);
    CHECK(strncmp(redacted, "[redacted]", 10) == 0);
    CHECK(length <= 10 + 2);
    free(redacted);
}

static void leaves_base64_of_something_else(void) {
    const char *other = "MmFLZXlGaXJzdFBhcnRfOVNlY29uZFBocnQ="; /* one digit is another */
    check_redacted("2aKeyFirstPart_9SecondPart", other, other);
}

static void ignores_secrets_that_would_blank_out_words(void) {
    check_redacted("a", "a banana", "a banana");
    check_redacted("abc", "abc %61%62%63 YWJj", "abc %61%62%63 YWJj");
    check_redacted("abcd", "abcd", "[redacted]");
}

static void ignores_an_empty_secret(void) {
    check_redacted("", "any text", "any text");
    check_redacted("", "", "");
}

static void keeps_nul_bytes_of_the_text(void) {
    static const char expected[] = "a\0[redacted]\0b";
    size_t length = 0;
    char *redacted = redact_bytes("abcdefgh", CHECK_BYTES("a\0abcdefgh\0b"), &length);
    if (CHECK_INTEGER(length, sizeof expected - 1)) {
        CHECK(memcmp(redacted, expected, sizeof expected) == 0);
    }
    free(redacted);
}

static void ends_its_answer_in_a_nul(void) {
    size_t length = 0;
    char *redacted = redact_bytes("abcdefgh", CHECK_BYTES("plain"), &length);
    CHECK_INTEGER(redacted[length], 0);
    free(redacted);
}

/* --- keeping and wiping ---------------------------------------------------------------------- */

static void keeps_a_copy_of_its_own(void) {
    char mine[] = "abcdefgh";
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, mine, 8));
    CHECK(secret.bytes != mine);
    memset(mine, 'x', 8);
    CHECK_INTEGER(secret.length, 8);
    CHECK(memcmp(secret.bytes, "abcdefgh", 8) == 0);
    ngrok_secret_wipe(&secret);
}

static void takes_a_new_secret_for_the_old(void) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("the-old-one")));
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("the-new-one!")));
    CHECK_TEXT(secret.bytes, "the-new-one!");
    CHECK_INTEGER(secret.length, 12);
    ngrok_secret_wipe(&secret);
}

static void takes_a_part_of_itself(void) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("abcdefgh")));
    CHECK(ngrok_secret_set(&secret, secret.bytes + 2, 4));
    CHECK_TEXT(secret.bytes, "cdef");
    ngrok_secret_wipe(&secret);
}

static void keeps_the_old_secret_when_there_is_no_new_one(void) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("the-old-one")));
    CHECK(!ngrok_secret_set(&secret, NULL, 0));
    CHECK_TEXT(secret.bytes, "the-old-one");
    ngrok_secret_wipe(&secret);
}

static void is_empty_once_wiped(void) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("abcdefgh")));
    ngrok_secret_wipe(&secret);
    CHECK(secret.bytes == NULL);
    CHECK_INTEGER(secret.length, 0);
    ngrok_secret_wipe(&secret);
    CHECK(secret.bytes == NULL);
}

static void zeroes_all_of_a_memory_and_nothing_beside_it(void) {
    unsigned char memory[64];
    memset(memory, 0xAA, sizeof memory);
    ngrok_memory_wipe(memory + 1, sizeof memory - 2);
    CHECK_INTEGER(memory[0], 0xAA);
    CHECK_INTEGER(memory[sizeof memory - 1], 0xAA);
    for (size_t i = 1; i < sizeof memory - 1; i++) {
        CHECK_INTEGER(memory[i], 0);
    }
    ngrok_memory_wipe(memory, 0);
    CHECK_INTEGER(memory[0], 0xAA);
}

#ifdef __linux__
/* Freed memory is out of a program's reach, but not of the kernel's: what is left there of the
 * secret, or -1 when it could not be read. */
static int bytes_left_at(uintptr_t address, size_t length, char secret_byte) {
    char found[256];
    int left = 0;
    int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    ssize_t got = memory >= 0 ? pread(memory, found, length, (off_t)address) : -1;
    for (ssize_t i = 0; i < got; i++) {
        left += found[i] == secret_byte ? 1 : 0;
    }
    (void)close(memory);
    return got == (ssize_t)length ? left : -1;
}

/* malloc writes two words of its own where freed memory begins, a random number among them: any
 * byte can be in those by chance. */
enum { words_of_malloc = 2 * sizeof(void *) };

static void leaves_no_byte_of_the_secret_in_freed_memory(void) {
    char text[200];
    memset(text, '#', sizeof text);
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, text, sizeof text));
    uintptr_t address = (uintptr_t)secret.bytes;
    CHECK_INTEGER(bytes_left_at(address, sizeof text, '#'), sizeof text);
    ngrok_secret_wipe(&secret);
    address += words_of_malloc;
    CHECK_INTEGER(bytes_left_at(address, sizeof text - words_of_malloc, '#'), 0);
}

static void leaves_no_byte_of_the_old_secret_when_a_new_one_comes(void) {
    char text[200];
    memset(text, '#', sizeof text);
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, text, sizeof text));
    uintptr_t address = (uintptr_t)secret.bytes;
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("another")));
    address += words_of_malloc;
    CHECK_INTEGER(bytes_left_at(address, sizeof text - words_of_malloc, '#'), 0);
    ngrok_secret_wipe(&secret);
}
#endif

static const check_case cases[] = {
    CHECK_CASE(redacts_the_secret_as_it_is),
    CHECK_CASE(redacts_the_secret_first_and_last),
    CHECK_CASE(redacts_every_occurrence),
    CHECK_CASE(redacts_occurrences_that_touch),
    CHECK_CASE(redacts_occurrences_that_overlap),
    CHECK_CASE(redacts_behind_a_false_start),
    CHECK_CASE(leaves_a_text_without_the_secret),
    CHECK_CASE(redacts_nothing_from_an_empty_text),
    CHECK_CASE(redacts_percent_encoding_in_upper_and_lower_hex),
    CHECK_CASE(redacts_partial_percent_encoding),
    CHECK_CASE(redacts_an_encoded_percent_sign_of_the_secret),
    CHECK_CASE(redacts_base64_at_every_offset),
    CHECK_CASE(redacts_base64_in_the_url_alphabet_at_every_offset),
    CHECK_CASE(redacts_base64_with_the_digits_62_and_63),
    CHECK_CASE(redacts_base64_of_secrets_of_every_length_modulo_3),
    CHECK_CASE(redacts_basic_authorization),
    CHECK_CASE(leaves_base64_of_something_else),
    CHECK_CASE(ignores_secrets_that_would_blank_out_words),
    CHECK_CASE(ignores_an_empty_secret),
    CHECK_CASE(keeps_nul_bytes_of_the_text),
    CHECK_CASE(ends_its_answer_in_a_nul),
    CHECK_CASE(keeps_a_copy_of_its_own),
    CHECK_CASE(takes_a_new_secret_for_the_old),
    CHECK_CASE(takes_a_part_of_itself),
    CHECK_CASE(keeps_the_old_secret_when_there_is_no_new_one),
    CHECK_CASE(is_empty_once_wiped),
    CHECK_CASE(zeroes_all_of_a_memory_and_nothing_beside_it),
#ifdef __linux__
    CHECK_CASE(leaves_no_byte_of_the_secret_in_freed_memory),
    CHECK_CASE(leaves_no_byte_of_the_old_secret_when_a_new_one_comes),
#endif
};

int main(void) {
    return check_run(cases, sizeof cases / sizeof cases[0]);
}
