/* The key comes out of whatever we show, in each spelling that it may have there, and its memory
 * is zeroed. */
#include "base/secret.h"

#include "check.h"
#include "freed.h"

static const char key[] = "2aKeyFirstPart_9SecondPart+/~x";

/* What becomes of `text` when `secret` is taken out; the caller frees it. */
static char *redact_bytes(const char *secret, const char *text, size_t length, size_t *out) {
    ngrok_secret kept = {0};
    CHECK(ngrok_secret_set(&kept, secret, strlen(secret)));
    char *copy = check_copy(text, length);
    char *redacted = ngrok_secret_redact(&kept, 1, copy, length, out);
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

CASE(redacts_the_secret_as_it_is) {
    check_redacted(key, "2aKeyFirstPart_9SecondPart+/~x", "[redacted]");
    check_redacted(key, "invalid key: '2aKeyFirstPart_9SecondPart+/~x'.",
                   "invalid key: '[redacted]'.");
}

CASE(redacts_the_secret_first_and_last) {
    check_redacted("abcdefgh", "abcdefgh is wrong", "[redacted] is wrong");
    check_redacted("abcdefgh", "wrong: abcdefgh", "wrong: [redacted]");
}

CASE(redacts_every_occurrence) {
    check_redacted("abcdefgh", "abcdefgh, abcdefgh and abcdefgh",
                   "[redacted], [redacted] and [redacted]");
}

CASE(redacts_occurrences_that_touch) {
    check_redacted("abcdefgh", "abcdefghabcdefgh", "[redacted][redacted]");
}

CASE(redacts_occurrences_that_overlap) {
    check_redacted("abcabc", "xabcabcabcx", "x[redacted]x");
    check_redacted("aaaa", "aaaaaaaaa", "[redacted]");
}

CASE(redacts_behind_a_false_start) {
    check_redacted("aab-key", "aaab-key", "a[redacted]");
    check_redacted("ababc", "abababc", "ab[redacted]");
    check_redacted("abcdefgh", "%61%62%61bcdefgh", "%61%62[redacted]");
}

CASE(leaves_a_text_without_the_secret) {
    check_redacted(key, "nothing to see here", "nothing to see here");
    check_redacted("abcdefgh", "abcdefg", "abcdefg");
    check_redacted("abcdefgh", "abcdefgg", "abcdefgg");
    check_redacted("abcdefgh", "abcdefg%", "abcdefg%");
    check_redacted("abcdefgh", "abcdefg%6", "abcdefg%6");
    check_redacted("abcdefgh", "abcdefg%6g", "abcdefg%6g");
    check_redacted("abcdefgh", "%61%62%63%64%65%66%67%69", "%61%62%63%64%65%66%67%69");
}

CASE(redacts_nothing_from_an_empty_text) {
    check_redacted(key, "", "");
}

CASE(redacts_percent_encoding_in_upper_and_lower_hex) {
    check_redacted("a+/=~zJK", "x%61%2B%2F%3D%7E%7A%4A%4Bx", "x[redacted]x");
    check_redacted("a+/=~zJK", "x%61%2b%2f%3d%7e%7a%4a%4bx", "x[redacted]x");
    check_redacted("a+/=~zJK", "x%61%2b%2F%3d%7E%7a%4A%4bx", "x[redacted]x");
}

CASE(redacts_partial_percent_encoding) {
    check_redacted("a+/=~zJK", "key=a%2B/%3D~zJK&x", "key=[redacted]&x");
    check_redacted("abcdefgh", "%61bcdefgh", "[redacted]");
    check_redacted("abcdefgh", "abcdefg%68", "[redacted]");
}

CASE(redacts_an_encoded_percent_sign_of_the_secret) {
    check_redacted("50%ofakey", "key=50%ofakey.", "key=[redacted].");
    check_redacted("50%ofakey", "key=50%25ofakey.", "key=[redacted].");
}

CASE(redacts_a_short_secret_only_where_it_is_a_word) {
    check_redacted("a", "a banana", "[redacted] banana");
    check_redacted("abc", "key 'abc'", "key '[redacted]'");
    check_redacted("abc", "abc", "[redacted]");
    check_redacted("abc", "abcd xabc a_abc abc_ ABC ab", "abcd xabc a_abc abc_ ABC ab");
    check_redacted("abc", "%61%62%63 YWJj 616263", "%61%62%63 YWJj 616263");
    check_redacted("?!", "what ?!", "what [redacted]");
}

CASE(redacts_secrets_of_four_bytes_everywhere) {
    check_redacted("abcd", "abcd", "[redacted]");
    check_redacted("abcd", "xabcdx", "x[redacted]x");
    check_redacted("abcd", "abc bcd", "abc bcd");
}

CASE(ignores_an_empty_secret) {
    check_redacted("", "any text", "any text");
    check_redacted("", "", "");
}

/* --- other spellings ------------------------------------------------------------------------- */

CASE(redacts_the_other_case) {
    check_redacted("2aKeyFirst_Part", "2AKEYFIRST_PART, 2akeyfirst_part", "[redacted], [redacted]");
    check_redacted("2aKeyFirst_Part", "https://2akeyfirst_part.example/",
                   "https://[redacted].example/");
}

CASE(redacts_json_escapes) {
    check_redacted("a+Key/Z\"", "\\u0061\\u002b\\u004B\\u0065\\u0079\\u002f\\u005a\\u0022.",
                   "[redacted].");
    check_redacted("a+Key/Z\"", "a+Key\\/Z\\\".", "[redacted].");
    check_redacted("a+Key/Z\"", "a\\u002bKey\\/Z\\\".", "[redacted].");
    check_redacted("a+Key/Z\"", "\\x61+Key/Z\\x22.", "[redacted].");
    check_redacted("abcdefgh", "abcdefg\\u006", "abcdefg\\u006");
    check_redacted("abcdefgh", "abcdefg\\u0168", "abcdefg\\u0168");
    check_redacted("abcdefgh", "abcdefg\\x6", "abcdefg\\x6");
    check_redacted("abcdefgh", "abcdefg\\", "abcdefg\\");
}

/* As those of a private key, which has lines. */
CASE(redacts_escaped_line_ends) {
    check_redacted("--KEY\r\nab\tcd\n--", "\"--KEY\\r\\nab\\tcd\\n--\"", "\"[redacted]\"");
    check_redacted("--KEY\nab\n--", "{\\\"--KEY\\\\nab\\\\n--\\\"}", "{\\\"[redacted]\\\"}");
    check_redacted("nabcdefgh", "\\nabcdefgh", "\\[redacted]");
}

CASE(redacts_markdown_escapes) {
    check_redacted("First_Second.Part-3", "key First\\_Second\\.Part\\-3.", "key [redacted].");
}

CASE(redacts_escapes_that_were_escaped_again) {
    check_redacted("First_Second", "First\\\\_Second", "[redacted]");
    check_redacted("First_Second", "First\\\\\\\\_Second", "[redacted]");
    check_redacted("First_Second", "First\\\\u005fSecond", "[redacted]");
    check_redacted("First_Second", "First\\\\\\\\x5FSecond", "[redacted]");
    check_redacted("First\\Second", "First\\\\Second", "[redacted]");
}

CASE(redacts_a_secret_that_looks_like_escapes) {
    check_redacted("%41%42\\u0043", "a %41%42\\u0043 b", "a [redacted] b");
    check_redacted("\\\\\\\\", "a \\\\\\\\ b", "a [redacted] b");
    check_redacted("\\\\\\\\", "a \\\\\\\\\\\\\\\\ b", "a [redacted] b");
    check_redacted("100%2Fabc", "100%2Fabc 100%252Fabc", "[redacted] [redacted]");
    check_redacted("2FabcdefghKlmn", "at 50%2FabcdefghKlmn.", "at 50%[redacted].");
    check_redacted("2FabcdefghKl_n", "at 50%2FabcdefghKl\\_n.", "at 50%[redacted].");
    check_redacted("ends%", "ends%41", "[redacted]41");
    check_redacted("ends\\", "ends\\_", "[redacted]_");
}

/* As those of JSON that is a secret as a whole. */
CASE(redacts_a_secret_with_backslashes_that_was_escaped) {
    check_redacted("a\\bcd", "\"a\\\\bcd\"", "\"[redacted]\"");
    check_redacted("a\\bcd", "\\\"a\\\\\\\\bcd\\\"", "\\\"[redacted]\\\"");
    check_redacted("{\"a\":\"b\\nc\\\"\"}", "\"{\\\"a\\\":\\\"b\\\\nc\\\\\\\"\\\"}\".",
                   "\"[redacted]\".");
    check_redacted("a\\\\\"b", "a\\\\\\\\\\\"b.", "[redacted].");
    check_redacted("a\\\nb\\", "a\\\\\\nb\\\\.", "[redacted].");
    check_redacted("a\\nb\\u", "a\\u005cnb%5Cu.", "[redacted].");
    check_redacted("a\\\\nb", "a\\nb.", "a\\nb.");
}

/* --- tokens ---------------------------------------------------------------------------------- */

#define TOKEN "2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD"

CASE(redacts_what_looks_like_a_token) {
    check_redacted("abcdefgh", TOKEN, "[redacted]");
    check_redacted("abcdefgh", "token=" TOKEN ".", "token=[redacted].");
    check_redacted("", "\"" TOKEN "\"," TOKEN, "\"[redacted]\",[redacted]");
    check_redacted("abc", "abc_" TOKEN, "abc_[redacted]");
}

CASE(redacts_the_beginning_of_a_token) {
    for (size_t length = 29; length < sizeof TOKEN; length++) {
        char text[64];
        (void)snprintf(text, sizeof text, "<%.*s...>", (int)length, TOKEN);
        check_redacted("abcdefgh", text, "<[redacted]...>");
    }
}

CASE(redacts_an_escaped_token) {
    check_redacted("abcdefgh", "2TMGGL7UOvE5IkjdLwjKrOlUJm3%5F5JsFk4rfMHdTH7B96qRVD", "[redacted]");
    check_redacted("abcdefgh", "%32TMGGL7UOvE5IkjdLwjKrOlUJm3\\u005f5JsFk4rfMHdTH7B96qRV%44.",
                   "[redacted].");
    check_redacted("abcdefgh", "2TMGGL7UOvE5IkjdLwjKrOlUJm3\\_5JsFk4rfMHdTH7B96qRVD", "[redacted]");
    check_redacted("abcdefgh", "2TMGGL7UOvE5IkjdLwjKrOlUJm3\\\\_5JsFk4rfMHdTH7B96qRVD.",
                   "[redacted].");
}

CASE(redacts_a_token_that_overlaps_with_the_secret) {
    check_redacted("2TMGGL7UOvE5IkjdLwjKrOlUJm3", "x " TOKEN ".", "x [redacted].");
    check_redacted("UOvE5Ikjd", "x " TOKEN ".", "x 2TMGGL7[redacted].");
    check_redacted("Jm3_5JsF", "x " TOKEN ".", "x 2TMGGL7UOvE5IkjdLwjKrOlU[redacted].");
    check_redacted("96qRVD+/key", "x " TOKEN "+/key.", "x [redacted].");
    check_redacted("key:2TMGGL7", "x key:" TOKEN ".", "x [redacted].");
}

CASE(leaves_ids_and_words) {
    static const char *const texts[] = {
        "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3",    "ERR_NGROK_226",         "2TMGGL7UOvE5IkjdLwjKrOlUJm3",
        "2TMGGL7UOvE5IkjdLwjKrOlUJm3_",      "op_2TMGGL7UOvE5_abc",   "max_response_bytes",
        "2TMGGL7UOvE5IkjdLwjKrOlUJm3 _5JsF", "of19charactersxxxxx_y",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_redacted("abcdefgh", texts[i], texts[i]);
    }
    check_redacted("abcdefgh", "of20charactersxxxxxx_y", "[redacted]");
    check_redacted("abcdefgh", "of19charactersxxxxx\\_y", "of19charactersxxxxx\\_y");
}

/* Whatever it has, a text is read in a time that its length tells: these take for ever otherwise.
 */
CASE(reads_a_long_text_once) {
    static const char *const parts[] = {"a", "%61", "%", "\\", "\\u0061", "aaaaaaaab", "2TMGGAxyz"};
    enum { size = 1 << 18 };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        char *text = malloc(size);
        if (!CHECK(text != NULL)) {
            return;
        }
        for (size_t at = 0; at < size; at++) {
            text[at] = parts[i][at % strlen(parts[i])];
        }
        size_t length = 0;
        free(redact_bytes("aaaaaaac2TMGGAxy", text, size, &length));
        CHECK(length > 0);
        free(text);
    }
}

/* --- several --------------------------------------------------------------------------------- */

CASE(redacts_each_of_several_secrets) {
    static const char text[] = "first-key, ab, abc second-key%41 and first-key-2.";
    const char *const secrets[] = {"first-key", "first-key-2", "second-key", "ab", ""};
    enum { count = sizeof secrets / sizeof *secrets };
    ngrok_secret kept[count] = {{0}};
    for (size_t i = 0; i < count; i++) {
        CHECK(ngrok_secret_set(&kept[i], secrets[i], strlen(secrets[i])));
    }
    size_t length = 0;
    char *redacted = ngrok_secret_redact(kept, count, CHECK_BYTES(text), &length);
    CHECK_TEXT(redacted, "[redacted], [redacted], abc [redacted]%41 and [redacted].");
    free(redacted);
    redacted = ngrok_secret_redact(kept, 0, CHECK_BYTES(text), &length);
    CHECK_TEXT(redacted, text);
    free(redacted);
    for (size_t i = 0; i < count; i++) {
        ngrok_secret_wipe(&kept[i]);
    }
}

/* --- odd texts ------------------------------------------------------------------------------- */

CASE(keeps_nul_bytes_of_the_text) {
    static const char expected[] = "a\0[redacted]\0b";
    size_t length = 0;
    char *redacted = redact_bytes("abcdefgh", CHECK_BYTES("a\0abcdefgh\0b"), &length);
    if (CHECK_INTEGER(length, sizeof expected - 1)) {
        CHECK(memcmp(redacted, expected, sizeof expected) == 0);
    }
    free(redacted);
}

CASE(ends_its_response_in_a_nul) {
    size_t length = 0;
    char *redacted = redact_bytes("abcdefgh", CHECK_BYTES("plain"), &length);
    CHECK_INTEGER(redacted[length], 0);
    free(redacted);
}

/* --- keeping and wiping ---------------------------------------------------------------------- */

CASE(keeps_a_copy_of_its_own) {
    char mine[] = "abcdefgh";
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, mine, 8));
    CHECK(secret.bytes != mine);
    memset(mine, 'x', 8);
    CHECK_INTEGER(secret.length, 8);
    CHECK(memcmp(secret.bytes, "abcdefgh", 8) == 0);
    ngrok_secret_wipe(&secret);
}

CASE(takes_a_new_secret_for_the_old) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("the-old-one")));
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("the-new-one!")));
    CHECK_TEXT(secret.bytes, "the-new-one!");
    CHECK_INTEGER(secret.length, 12);
    ngrok_secret_wipe(&secret);
}

CASE(takes_a_part_of_itself) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("abcdefgh")));
    CHECK(ngrok_secret_set(&secret, secret.bytes + 2, 4));
    CHECK_TEXT(secret.bytes, "cdef");
    ngrok_secret_wipe(&secret);
}

CASE(keeps_the_old_secret_when_there_is_no_new_one) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("the-old-one")));
    CHECK(!ngrok_secret_set(&secret, NULL, 0));
    CHECK_TEXT(secret.bytes, "the-old-one");
    ngrok_secret_wipe(&secret);
}

CASE(redacts_a_secret_whose_white_space_was_changed) {
    static const char pem[] = "-----BEGIN KEY-----\nMIIE vQIB\n\nADAN\n-----END KEY-----\n";
    check_redacted(pem, "-----BEGIN KEY-----\nMIIE vQIB\n\nADAN\n-----END KEY-----\n",
                   "[redacted]\n");
    check_redacted(pem, "'-----BEGIN KEY-----\nMIIE vQIB\n\nADAN\n-----END KEY-----'",
                   "'[redacted]'");
    check_redacted(pem, "a -----BEGIN KEY-----\r\nMIIE vQIB\r\n\r\nADAN\r\n-----END KEY-----",
                   "a [redacted]");
    check_redacted(pem, "-----BEGIN KEY----- MIIE\tvQIB ADAN -----END KEY----- b", "[redacted] b");
    check_redacted(pem, "-----BEGIN KEY-----\\nMIIE vQIB\\nADAN\\n-----END KEY-----\\n",
                   "[redacted]\\n");
    check_redacted(pem, "-----BEGIN%20KEY-----%0D%0AMIIE+vQIB",
                   "-----BEGIN%20KEY-----%0D%0AMIIE+vQIB");
    check_redacted(pem, "-----BEGIN%20KEY-----%0D%0AMIIE%20vQIB%0AADAN%0A-----END%09KEY-----",
                   "[redacted]");
}

CASE(redacts_a_long_secret_that_white_space_cuts) {
    check_redacted(key, "no 2aKeyFirst\nPart_9Second\r\n  Part+/~x.", "no [redacted].");
    check_redacted("first line\nsecond line", "firstline secondline", "[redacted]");
    check_redacted("first line\nsecond line", "first line second line", "[redacted]");
}

CASE(does_not_let_white_space_cut_a_short_secret) {
    check_redacted("test", "not established, a te st", "not established, a te st");
    check_redacted("pass word", "my pass \t\n word", "my [redacted]");
    check_redacted("pass word", "my password", "my password");
    check_redacted("pass  word", "my pass word", "my [redacted]");
}

CASE(shows_nothing_of_a_text_that_takes_too_long_to_search) {
    char secret[4001], text[65001];
    memset(secret, 'a', sizeof secret);
    memcpy(secret + sizeof secret - 2, "b", 2);
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    size_t length = 0;
    char *redacted = redact_bytes(secret, text, sizeof text - 1, &length);
    CHECK(length < 4000);
    CHECK_TEXT(redacted + length - strlen("[redacted]"), "[redacted]");
    free(redacted);
}

CASE(redacts_nothing_for_a_secret_of_white_space) {
    check_redacted(" \n\t    ", " \n\t     a", " \n\t     a");
    check_redacted(" \nab\t ", "ab abc", "[redacted] abc");
}

CASE(is_empty_once_wiped) {
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("abcdefgh")));
    ngrok_secret_wipe(&secret);
    CHECK(secret.bytes == NULL);
    CHECK_INTEGER(secret.length, 0);
    ngrok_secret_wipe(&secret);
    CHECK(secret.bytes == NULL);
}

#ifdef __linux__
CASE(leaves_no_byte_of_the_secret_in_freed_memory) {
    char text[200];
    memset(text, '#', sizeof text);
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, text, sizeof text));
    uintptr_t address = (uintptr_t)secret.bytes;
    CHECK_INTEGER(freed_bytes_at(address, sizeof text, '#'), sizeof text);
    ngrok_secret_wipe(&secret);
    CHECK_INTEGER(freed_bytes_at(address + freed_notes, sizeof text - freed_notes, '#'), 0);
}

CASE(leaves_no_byte_of_the_old_secret_when_a_new_one_comes) {
    char text[200];
    memset(text, '#', sizeof text);
    ngrok_secret secret = {0};
    CHECK(ngrok_secret_set(&secret, text, sizeof text));
    uintptr_t address = (uintptr_t)secret.bytes;
    CHECK(ngrok_secret_set(&secret, CHECK_BYTES("another")));
    CHECK_INTEGER(freed_bytes_at(address + freed_notes, sizeof text - freed_notes, '#'), 0);
    ngrok_secret_wipe(&secret);
}
#endif
