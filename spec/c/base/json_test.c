/* What is JSON and what is not, walks over what is, and what strings spell. */
#include "base/json.h"

#include "check.h"

/* In memory of exactly that size, so that the sanitizers see a byte too far. */
static bool parses(const char *text, size_t length) {
    char *copy = check_copy(text, length);
    ngrok_json value;
    bool does = ngrok_json_parse(copy, length, &value);
    CHECK(!does || (value.text >= copy && value.text + value.length <= copy + length));
    free(copy);
    return does;
}

#define PARSES(text) parses(CHECK_BYTES(text))

CASE(takes_each_kind_of_value) {
    CHECK(PARSES("null") && PARSES("true") && PARSES("false"));
    CHECK(PARSES("0") && PARSES("-0") && PARSES("10.25") && PARSES("1e9") && PARSES("-1.5E-3"));
    CHECK(PARSES("\"\"") && PARSES("\"a\\\"b\\\\\"") && PARSES("\"\\u00e9\\ud83d\\uDE00\\n\\/\""));
    CHECK(PARSES("[]") && PARSES("{}") && PARSES(" [ 1 , [ ] , { } ] ") && PARSES("[\"]\",\"}\"]"));
    CHECK(PARSES("\t{ \"a\" : 1 ,\r\n\"b\":{\"c\":[]}}\n"));
}

CASE(refuses_what_is_cut_off) {
    static const char whole[] = "{\"a\":[1.5e1,true,\"x\\u00e9\\n\"],\"b\":null}";
    for (size_t length = 0; length < sizeof whole - 1; length++) {
        CHECK(!parses(whole, length));
    }
    CHECK(PARSES("{\"a\":[1.5e1,true,\"x\\u00e9\\n\"],\"b\":null}"));
}

CASE(refuses_what_is_almost_json) {
    CHECK(!PARSES("[1,]") && !PARSES("[,1]") && !PARSES("[1 2]") && !PARSES("[1}"));
    CHECK(!PARSES("{\"a\":1,}") && !PARSES("{\"a\" 1}") && !PARSES("{a:1}") && !PARSES("{\"a\":}"));
    CHECK(!PARSES("{\"a\":1 \"b\":2}") && !PARSES("{1:2}") && !PARSES("{\"a\"}"));
    CHECK(!PARSES("01") && !PARSES("1.") && !PARSES(".5") && !PARSES("-") && !PARSES("1e") &&
          !PARSES("+1"));
    CHECK(!PARSES("0x10") && !PARSES("nan") && !PARSES("nul") && !PARSES("True") && !PARSES("1 1"));
    CHECK(!PARSES("'a'") && !PARSES("\"\\x41\"") && !PARSES("\"\\u12g4\"") && !PARSES("\"\\\""));
    CHECK(!PARSES("\"a\0b\"") && !PARSES("\"\\\0\"") && !PARSES("\xef\xbb\xbf{}"));
}

CASE(refuses_half_a_surrogate_pair) {
    CHECK(!PARSES("\"\\ud83d\"") && !PARSES("\"\\ude00\"") && !PARSES("\"\\ud83dx\""));
    CHECK(!PARSES("\"\\ud83d\\u0041\"") && !PARSES("\"\\ud83d\\ud83d\""));
}

static bool parses_nested(size_t levels) {
    char *text = malloc(2 * levels);
    memset(text, '[', levels);
    memset(text + levels, ']', levels);
    bool does = parses(text, 2 * levels);
    free(text);
    return does;
}

CASE(takes_a_thousand_levels_and_no_more) {
    CHECK(parses_nested(1000));
    CHECK(!parses_nested(1001));
}

/* The closing quote must not be looked for from each escape on: that would take hours. */
CASE(reads_a_string_of_escapes_in_linear_time) {
    size_t length = 8U << 20;
    char *text = malloc(length);
    for (size_t i = 0; i < length; i++) {
        text[i] = i % 2 == 1 ? '\\' : 'n';
    }
    text[0] = text[length - 1] = '"';
    CHECK(parses(text, length));
    free(text);
}

static ngrok_json parse(const char *text) {
    ngrok_json value = {0};
    CHECK(ngrok_json_parse(text, strlen(text), &value));
    return value;
}

static bool is_slice(ngrok_json value, const char *text) {
    return value.length == strlen(text) && memcmp(value.text, text, value.length) == 0;
}

CASE(walks_over_members_and_enters_values) {
    const char *text = " { \"a\" : [ 1 , \"x\" ] , \"b\":{},\"c\" : -2 } ";
    ngrok_json object = parse(text), name;
    ngrok_json_walk walk = ngrok_json_enter(object.text, object.text + object.length);
    CHECK(ngrok_json_next_member(&walk, &name) && is_slice(name, "\"a\""));
    ngrok_json_walk items = ngrok_json_enter(walk.at, walk.end);
    CHECK(ngrok_json_next_item(&items) && is_slice(ngrok_json_take(&items), "1"));
    CHECK(ngrok_json_next_item(&items) && is_slice(ngrok_json_take(&items), "\"x\""));
    CHECK(!ngrok_json_next_item(&items));
    walk.at = items.at;
    CHECK(ngrok_json_next_member(&walk, &name) && is_slice(ngrok_json_take(&walk), "{}"));
    CHECK(ngrok_json_next_member(&walk, &name) && is_slice(name, "\"c\""));
    CHECK(is_slice(ngrok_json_take(&walk), "-2"));
    CHECK(!ngrok_json_next_member(&walk, &name));
    CHECK(walk.at == object.text + object.length);
}

static bool unescapes(const char *json, const char *expected, size_t length) {
    ngrok_json string = parse(json);
    char *out = malloc(string.length);
    size_t written = ngrok_json_unescape(string, out);
    bool same = written == length && memcmp(out, expected, length) == 0;
    free(out);
    return same && ngrok_json_spells(string, expected, length);
}

CASE(unescapes_strings) {
    CHECK(unescapes("\"\"", "", 0));
    CHECK(unescapes("\"plain\"", "plain", 5));
    CHECK(unescapes("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8));
    CHECK(unescapes("\"a\\u0000\\u0041\\u00e9\\u20AC\\ud83d\\ude00z\"",
                    CHECK_BYTES("a\0A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z")));
}

CASE(compares_what_strings_spell) {
    CHECK(ngrok_json_spells(parse("\"i\\u0064\""), "id", 2));
    CHECK(!ngrok_json_spells(parse("\"id\""), "i", 1));
    CHECK(!ngrok_json_spells(parse("\"id\""), "idx", 3));
    CHECK(!ngrok_json_spells(parse("\"\\n\""), "\\n", 2));
}

CASE(knows_kinds_and_empty_containers) {
    ngrok_json absent = {0};
    CHECK(ngrok_json_is(parse("-1"), '0') && ngrok_json_is(parse("7"), '0'));
    CHECK(!ngrok_json_is(parse("null"), '0') && !ngrok_json_is(absent, 'n'));
    CHECK(ngrok_json_is_empty(parse("[ ]")) && ngrok_json_is_empty(parse("{}")));
    CHECK(!ngrok_json_is_empty(parse("[[]]")));
}
