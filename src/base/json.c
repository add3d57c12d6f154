#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { most_levels = 1000 };

/* ---- strings ---- */

static int hex_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | ' ');
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Of the four digits after \u, or -1. */
static int read_unit(const char *at, const char *end) {
    int unit = 0;
    if (end - at < 6 || at[0] != '\\' || at[1] != 'u') {
        return -1;
    }
    for (int i = 2; i < 6; i++) {
        int digit = hex_value(at[i]);
        if (digit < 0) {
            return -1;
        }
        unit = unit * 16 + digit;
    }
    return unit;
}

/* Reads an escape: its code point, or -1 where it is none. Half a surrogate pair is none. */
static long read_escape(const char **at, const char *end) {
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *letter = end - *at < 2 || (*at)[1] == '\0' ? NULL : strchr(letters, (*at)[1]);
    if (letter != NULL) {
        *at += 2;
        return meanings[letter - letters];
    }
    int unit = read_unit(*at, end);
    if (unit < 0) {
        return -1;
    }
    *at += 6;
    if (unit < 0xD800 || unit > 0xDFFF) {
        return unit;
    }
    int low = unit < 0xDC00 ? read_unit(*at, end) : -1;
    if (low < 0xDC00 || low > 0xDFFF) {
        return -1;
    }
    *at += 6;
    return 0x10000 + (unit - 0xD800) * 0x400L + (low - 0xDC00);
}

/* From the opening quote to behind the closing one; NULL where it is not a string. */
static const char *skip_string(const char *at, const char *end) {
    const char *quote = at++;
    for (;;) {
        if (quote < at) { /* the one found before was escaped */
            quote = memchr(at, '"', (size_t)(end - at));
        }
        const char *escape = quote != NULL ? memchr(at, '\\', (size_t)(quote - at)) : NULL;
        if (escape == NULL) {
            return quote != NULL ? quote + 1 : NULL;
        }
        at = escape;
        if (read_escape(&at, end) < 0) {
            return NULL;
        }
    }
}

static size_t write_utf8(unsigned long point, char *out) {
    static const unsigned char leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    size_t size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (point & 0x3F));
        point >>= 6;
    }
    out[0] = (char)(leads[size] | point);
    return size;
}

size_t ngrok_json_unescape(ngrok_json string, char *out) {
    const char *at = string.text + 1, *end = string.text + string.length - 1;
    size_t length = 0;
    while (at < end) {
        const char *escape = memchr(at, '\\', (size_t)(end - at));
        size_t plain = (size_t)((escape != NULL ? escape : end) - at);
        memcpy(out + length, at, plain);
        length += plain;
        at += plain;
        if (escape != NULL) {
            length += write_utf8((unsigned long)read_escape(&at, end), out + length);
        }
    }
    return length;
}

bool ngrok_json_spells(ngrok_json string, const char *text, size_t length) {
    const char *at = string.text + 1, *end = string.text + string.length - 1;
    if (string.length == length + 2 && memcmp(at, text, length) == 0) {
        return memchr(text, '\\', length) == NULL;
    }
    size_t matched = 0;
    while (at < end) {
        char bytes[4];
        size_t size = 1;
        if (*at == '\\') {
            size = write_utf8((unsigned long)read_escape(&at, end), bytes);
        } else {
            bytes[0] = *at++;
        }
        if (size > length - matched || memcmp(bytes, text + matched, size) != 0) {
            return false;
        }
        matched += size;
    }
    return matched == length;
}

/* ---- the other values ---- */

static const char *skip_space(const char *at, const char *end) {
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
        at++;
    }
    return at;
}

static const char *skip_digits(const char *at, const char *end) {
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at;
}

/* NULL where there are no digits. */
static const char *skip_some_digits(const char *at, const char *end) {
    const char *behind = skip_digits(at, end);
    return behind > at ? behind : NULL;
}

static const char *skip_number(const char *at, const char *end) {
    at += *at == '-' ? 1 : 0;
    at = at < end && *at == '0' ? at + 1 : skip_some_digits(at, end);
    if (at != NULL && at < end && *at == '.') {
        at = skip_some_digits(at + 1, end);
    }
    if (at != NULL && at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-') ? 1 : 0;
        at = skip_some_digits(at, end);
    }
    return at;
}

static const char *skip_word(const char *at, const char *end, const char *word) {
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

static const char *skip_value(const char *at, const char *end, int levels);

/* Behind the colon after a member's name. */
static const char *skip_name(const char *at, const char *end) {
    at = at < end && *at == '"' ? skip_string(at, end) : NULL;
    at = at != NULL ? skip_space(at, end) : end;
    return at < end && *at == ':' ? skip_space(at + 1, end) : NULL;
}

/* As deep as `levels` allows. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static const char *skip_container(const char *at, const char *end, int levels) {
    char close = *at == '{' ? '}' : ']';
    at = skip_space(at + 1, end);
    if (at < end && *at == close) {
        return at + 1;
    }
    while (at != NULL && at < end) {
        at = close == '}' ? skip_name(at, end) : at;
        at = at != NULL ? skip_value(at, end, levels - 1) : NULL;
        at = at != NULL ? skip_space(at, end) : end;
        if (at < end && *at == close) {
            return at + 1;
        }
        at = at < end && *at == ',' ? skip_space(at + 1, end) : NULL;
    }
    return NULL;
}

/* Behind the value; NULL where it is not JSON. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static const char *skip_value(const char *at, const char *end, int levels) {
    if (at >= end) {
        return NULL;
    }
    switch (*at) {
    case '"':
        return skip_string(at, end);
    case '{':
    case '[':
        return levels > 0 ? skip_container(at, end, levels) : NULL;
    case 't':
        return skip_word(at, end, "true");
    case 'f':
        return skip_word(at, end, "false");
    case 'n':
        return skip_word(at, end, "null");
    default:
        return skip_number(at, end);
    }
}

bool ngrok_json_parse(const char *text, size_t length, ngrok_json *value) {
    const char *end = text + length, *start = skip_space(text, end);
    const char *behind = skip_value(start, end, most_levels);
    bool has_nul = memchr(text, '\0', length) != NULL;
    if (behind == NULL || skip_space(behind, end) != end || has_nul) {
        return false;
    }
    *value = (ngrok_json){start, (size_t)(behind - start)};
    return true;
}

/* ---- walks ---- */

ngrok_json_walk ngrok_json_enter(const char *container, const char *end) {
    return (ngrok_json_walk){container + 1, end};
}

bool ngrok_json_next_item(ngrok_json_walk *walk) {
    walk->at = skip_space(walk->at, walk->end);
    if (walk->at < walk->end && *walk->at == ',') {
        walk->at = skip_space(walk->at + 1, walk->end);
    }
    if (walk->at < walk->end && *walk->at != ']' && *walk->at != '}') {
        return true;
    }
    walk->at += walk->at < walk->end ? 1 : 0;
    return false;
}

bool ngrok_json_next_member(ngrok_json_walk *walk, ngrok_json *name) {
    if (!ngrok_json_next_item(walk)) {
        return false;
    }
    *name = ngrok_json_take(walk);
    walk->at = skip_space(skip_space(walk->at, walk->end) + 1, walk->end);
    return true;
}

ngrok_json ngrok_json_take(ngrok_json_walk *walk) {
    const char *start = walk->at;
    walk->at = skip_value(start, walk->end, most_levels);
    return (ngrok_json){start, (size_t)(walk->at - start)};
}

bool ngrok_json_is(ngrok_json value, char kind) {
    if (value.length == 0) {
        return false;
    }
    char first = value.text[0];
    return kind == '0' ? first == '-' || (first >= '0' && first <= '9') : first == kind;
}

bool ngrok_json_is_empty(ngrok_json container) {
    const char *end = container.text + container.length;
    const char *inside = skip_space(container.text + 1, end);
    return inside < end && (*inside == ']' || *inside == '}');
}

/* ---- writing ---- */

static bool append_escape(ngrok_buffer *out, char character) {
    char escape[sizeof "\\u0000"];
    if (character == '"' || character == '\\') {
        (void)snprintf(escape, sizeof escape, "\\%c", character);
    } else {
        (void)snprintf(escape, sizeof escape, "\\u%04x", (unsigned char)character);
    }
    return ngrok_buffer_append_string(out, escape);
}

static bool is_plain(char character) {
    return (unsigned char)character >= ' ' && character != '"' && character != '\\';
}

bool ngrok_json_append_string(ngrok_buffer *out, const char *text, size_t length) {
    const char *end = text + length;
    bool fine = ngrok_buffer_append_string(out, "\"");
    while (fine && text < end) {
        const char *start = text;
        while (text < end && is_plain(*text)) {
            text++;
        }
        fine = ngrok_buffer_append(out, start, (size_t)(text - start));
        if (fine && text < end) {
            fine = append_escape(out, *text++);
        }
    }
    return fine && ngrok_buffer_append_string(out, "\"");
}

/* With as few digits as read back as the same number, and a point in every locale. */
bool ngrok_json_append_number(ngrok_buffer *out, double number) {
    const double largest = 9007199254740992.0; /* 2^53 */
    char text[32];
    if (isinf(number)) { /* as it was read: too large for a double */
        return ngrok_buffer_append_string(out, number > 0 ? "1e999" : "-1e999");
    }
    bool is_whole = floor(number) == number && fabs(number) < largest;
    (void)snprintf(text, sizeof text, is_whole ? "%.0f" : "%.15g", number);
    if (strtod(text, NULL) != number) {
        (void)snprintf(text, sizeof text, "%.17g", number);
    }
    char *comma = strchr(text, ',');
    if (comma != NULL) {
        *comma = '.';
    }
    return ngrok_buffer_append_string(out, text);
}
