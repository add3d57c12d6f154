/* UTF-8 over its boundaries, control characters, and case without a locale. */
#include "base/text.h"

#include "check.h"

#include <math.h>

static bool is_utf8(const char *text, size_t length) {
    char *copy = check_copy(text, length);
    bool is = ngrok_text_is_utf8(copy, length);
    free(copy);
    return is;
}

static bool has_control(const char *text, size_t length) {
    char *copy = check_copy(text, length);
    bool has = ngrok_text_has_control(copy, length);
    free(copy);
    return has;
}

/* A code point as UTF-8 would spell it in `size` bytes, whether it may or not. */
static bool is_utf8_in(unsigned long point, size_t size) {
    static const unsigned char leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0, 0xF8, 0xFC};
    char bytes[6];
    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    bytes[0] = (char)(leads[size] | point);
    return is_utf8(bytes, size);
}

CASE(accepts_nothing_and_ascii) {
    CHECK(is_utf8("", 0));
    CHECK(is_utf8(CHECK_BYTES("plain \x7f\t\r\n")));
    CHECK(is_utf8(CHECK_BYTES("a\0b")));
}

CASE(accepts_the_first_and_last_of_each_length) {
    CHECK(is_utf8_in(0x0, 1));
    CHECK(is_utf8_in(0x7F, 1));
    CHECK(is_utf8_in(0x80, 2));
    CHECK(is_utf8_in(0x7FF, 2));
    CHECK(is_utf8_in(0x800, 3));
    CHECK(is_utf8_in(0xFFFF, 3));
    CHECK(is_utf8_in(0x10000, 4));
    CHECK(is_utf8_in(0x10FFFF, 4));
}

CASE(refuses_overlong_forms) {
    CHECK(!is_utf8_in(0x0, 2));
    CHECK(!is_utf8_in(0x2F, 2));
    CHECK(!is_utf8_in(0x7F, 2));
    CHECK(!is_utf8_in(0x0, 3));
    CHECK(!is_utf8_in(0x7FF, 3));
    CHECK(!is_utf8_in(0x0, 4));
    CHECK(!is_utf8_in(0xFFFF, 4));
}

CASE(refuses_surrogates_and_nothing_beside_them) {
    CHECK(is_utf8_in(0xD7FF, 3));
    CHECK(!is_utf8_in(0xD800, 3));
    CHECK(!is_utf8_in(0xDBFF, 3));
    CHECK(!is_utf8_in(0xDC00, 3));
    CHECK(!is_utf8_in(0xDFFF, 3));
    CHECK(is_utf8_in(0xE000, 3));
}

CASE(refuses_what_lies_above_the_last_code_point) {
    CHECK(!is_utf8_in(0x110000, 4));
    CHECK(!is_utf8_in(0x13FFFF, 4));
    CHECK(!is_utf8_in(0x140000, 4));
    CHECK(!is_utf8_in(0x1FFFFF, 4));
    CHECK(!is_utf8_in(0x200000, 5));
    CHECK(!is_utf8_in(0x4000000, 6));
    CHECK(!is_utf8(CHECK_BYTES("\xFE")));
    CHECK(!is_utf8(CHECK_BYTES("\xFF")));
}

/* All 1,114,112 of them, against the definition. */
CASE(accepts_every_code_point_but_the_surrogates) {
    unsigned long wrong = 0, first = 0;
    for (unsigned long point = 0; point <= 0x10FFFF; point++) {
        size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
        bool expected = point < 0xD800 || point > 0xDFFF;
        if (is_utf8_in(point, size) != expected && wrong++ == 0) {
            first = point;
        }
    }
    check_about("first wrong code point %lX", first);
    CHECK_INTEGER(wrong, 0);
}

CASE(refuses_a_continuation_without_a_lead) {
    CHECK(!is_utf8(CHECK_BYTES("\x80")));
    CHECK(!is_utf8(CHECK_BYTES("\xBF")));
    CHECK(!is_utf8(CHECK_BYTES("\xC3\xA4\xA4")));
}

CASE(refuses_truncated_sequences) {
    CHECK(!is_utf8(CHECK_BYTES("\xC3")));
    CHECK(!is_utf8(CHECK_BYTES("\xE2\x82")));
    CHECK(!is_utf8(CHECK_BYTES("\xE2")));
    CHECK(!is_utf8(CHECK_BYTES("\xF0\x9F\x98")));
    CHECK(!is_utf8(CHECK_BYTES("\xF0\x9F")));
    CHECK(!is_utf8(CHECK_BYTES("fine\xF0")));
}

CASE(refuses_a_lead_where_a_continuation_belongs) {
    CHECK(!is_utf8(CHECK_BYTES("\xC3\xC3")));
    CHECK(!is_utf8(CHECK_BYTES("\xC3z")));
    CHECK(!is_utf8(CHECK_BYTES("\xE2\x82z")));
    CHECK(!is_utf8(CHECK_BYTES("\xE2z\x82")));
    CHECK(!is_utf8(CHECK_BYTES("\xF0\x9F\x98z")));
    CHECK(!is_utf8(CHECK_BYTES("\xF0\x9F\xC0\x80")));
}

CASE(forgets_a_narrowed_second_byte_before_the_third) {
    CHECK(is_utf8(CHECK_BYTES("\xE0\xA0\x80")));
    CHECK(is_utf8(CHECK_BYTES("\xED\x9F\xBF")));
    CHECK(is_utf8(CHECK_BYTES("\xF0\x90\x80\x80")));
    CHECK(is_utf8(CHECK_BYTES("\xF4\x8F\xBF\xBF")));
}

CASE(looks_behind_the_first_sequence) {
    CHECK(is_utf8(CHECK_BYTES("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z")));
    CHECK(!is_utf8(CHECK_BYTES("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\xFF")));
    CHECK(!is_utf8(CHECK_BYTES("a\0\xFF")));
}

CASE(finds_every_control_character) {
    for (int c = 0; c < 256; c++) {
        char text[3] = {'a', (char)c, 'b'};
        check_about("byte %d", c);
        CHECK(has_control(text, sizeof text) == (c < 0x20 || c == 0x7F));
    }
}

CASE(finds_a_control_character_first_and_last) {
    CHECK(has_control(CHECK_BYTES("\nab")));
    CHECK(has_control(CHECK_BYTES("ab\n")));
    CHECK(has_control(CHECK_BYTES("ab\0")));
}

CASE(finds_no_control_character_in_nothing) {
    CHECK(!has_control("", 0));
    CHECK(!has_control(CHECK_BYTES("AK_x y~\xC3\xA4")));
}

CASE(lowers_ascii_letters_only) {
    for (int c = 0; c < 256; c++) {
        int expected = c >= 'A' && c <= 'Z' ? c + 32 : c;
        check_about("byte %d", c);
        CHECK_INTEGER((unsigned char)ngrok_text_lower((char)c), expected);
    }
}

CASE(compares_without_case_over_the_whole_length) {
    CHECK(ngrok_text_equal_ignoring_case("HTTPS://", 5, "https"));
    CHECK(ngrok_text_equal_ignoring_case("", 0, ""));
    CHECK(!ngrok_text_equal_ignoring_case("http", 4, "https"));
    CHECK(!ngrok_text_equal_ignoring_case("https", 5, "http"));
    CHECK(!ngrok_text_equal_ignoring_case("httpz", 5, "https"));
    CHECK(!ngrok_text_equal_ignoring_case("\xC4", 1, "\xE4"));
    CHECK(!ngrok_text_equal_ignoring_case("@", 1, "`"));
}

CASE(writes_seconds_shortly) {
    CHECK_TEXT(ngrok_text_seconds(30).text, "30");
    CHECK_TEXT(ngrok_text_seconds(0.25).text, "0.25");
    CHECK_TEXT(ngrok_text_seconds(86399.9).text, "86399.9");
    CHECK_TEXT(ngrok_text_seconds(1.5e9).text, "1.5e+09");
    CHECK_TEXT(ngrok_text_seconds(1e-300).text, "1e-300");
    CHECK_TEXT(ngrok_text_seconds(-1.23456e-300).text, "-1.23456e-300");
    CHECK_TEXT(ngrok_text_seconds(HUGE_VAL).text, "inf");
}
