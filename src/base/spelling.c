#include "base/spelling.h"

#include "base/text.h"

#include <string.h>

/* A secret of this many bytes is also found where white space cuts it, as wrapping a line does. A
 * shorter one would be found in ordinary words ("not est" for "test"). */
enum { shortest_cut = 16 };

/* Three levels of JSON make eight backslashes of one. The bound limits what is read at each place
 * of a text, so that the whole takes linear time. */
enum { most_backslashes = 8 };

/* ---- how a byte can be spelled ---- */

static int hex_value(char c) {
    char lower = ngrok_text_lower(c);
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Two hexadecimal digits at `at`; false where there are none. */
static bool read_hex(const char *text, size_t length, size_t at, char *byte) {
    int high = at < length ? hex_value(text[at]) : -1;
    int low = at + 1 < length ? hex_value(text[at + 1]) : -1;
    if (high < 0 || low < 0) {
        return false;
    }
    *byte = (char)(high * 16 + low);
    return true;
}

static bool has_at(const char *text, size_t length, size_t at, const char *part) {
    size_t part_length = strlen(part);
    return length - at >= part_length && memcmp(text + at, part, part_length) == 0;
}

/* \n and its kin, \u005f, \x5f, and a backslash and a sign (\_ in Markdown, \/ in JSON); where that
 * was escaped again, with as many backslashes as that has made. Returns how many bytes it has. */
static size_t read_backslash(const char *text, size_t length, char *byte) {
    static const char letters[] = "nrtbf", controls[] = "\n\r\t\b\f";
    size_t at = 0;
    while (at < length && at < most_backslashes && text[at] == '\\') {
        at++;
    }
    if (has_at(text, length, at, "u00") && read_hex(text, length, at + 3, byte)) {
        return at + 5;
    }
    if (has_at(text, length, at, "x") && read_hex(text, length, at + 1, byte)) {
        return at + 3;
    }
    const char *letter = at < length && text[at] != '\0' ? strchr(letters, text[at]) : NULL;
    if (letter != NULL) {
        *byte = controls[letter - letters];
        return at + 1;
    }
    if (at < length && !ngrok_text_is_alphanumeric(text[at])) {
        *byte = text[at];
        return at + 1;
    }
    *byte = '\\';
    return at;
}

/* How many bytes at the start of `text` encode its first byte: an escape, or the byte itself. */
size_t ngrok_spelling_read(const char *text, size_t length, char *byte) {
    if (text[0] == '%' && read_hex(text, length, 1, byte)) {
        return 3;
    }
    if (text[0] == '\\') {
        return read_backslash(text, length, byte);
    }
    *byte = text[0];
    return 1;
}

/* ---- how a secret can be spelled ---- */

static bool same(char a, char b) {
    return ngrok_text_lower(a) == ngrok_text_lower(b);
}

static size_t count_backslashes(const char *text, size_t length) {
    size_t count = 0;
    while (count < length && text[count] == '\\') {
        count++;
    }
    return count;
}

/* How many bytes of `text` spell one byte of a secret; 0 where they do not. With `escaped` an
 * escape is read, unless only the text itself matches: a secret may have a percent sign. */
static size_t match_byte(char wanted, const char *text, size_t length, bool escaped) {
    char byte = text[0];
    size_t width = escaped ? ngrok_spelling_read(text, length, &byte) : 1;
    if (same(byte, wanted)) {
        return width;
    }
    return same(text[0], wanted) ? 1 : 0;
}

/* The same for `count` backslashes in a row. Each escaping doubles them, and adds fewer than that
 * for the byte behind them. */
static size_t match_backslashes(size_t count, const char *text, size_t length) {
    size_t most = count * most_backslashes;
    size_t found = count_backslashes(text, length < most ? length : most);
    size_t used = count;
    while (used * 2 <= found) {
        used *= 2;
    }
    return used <= found ? used : 0;
}

/* Whether an escape with digits, as \u005c is, encodes a backslash. */
static bool is_encoded_backslash(const char *text, size_t length) {
    char byte;
    size_t width = ngrok_spelling_read(text, length, &byte);
    return byte == '\\' && text[width - 1] != '\\';
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t count_blanks(const char *text, size_t length, bool escaped) {
    size_t end = 0;
    while (end < length) {
        char byte = text[end];
        size_t width = escaped ? ngrok_spelling_read(text + end, length - end, &byte) : 1;
        if (!is_blank(byte)) {
            break;
        }
        end += width;
    }
    return end;
}

static void advance(ngrok_span *self, size_t count) {
    self->at += count;
    self->length -= count;
}

/* Takes the next byte of the secret, or its backslashes in a row; false where the text differs. */
static bool take_next(ngrok_span *secret, ngrok_span *text, bool escaped) {
    if (text->length == 0) {
        return false;
    }
    size_t count = escaped ? count_backslashes(secret->at, secret->length) : 0, width;
    if (count > 0 && !is_encoded_backslash(text->at, text->length)) {
        width = match_backslashes(count, text->at, text->length);
    } else {
        count = 1;
        width = match_byte(secret->at[0], text->at, text->length, escaped);
    }
    if (width == 0) {
        return false;
    }
    advance(secret, count);
    advance(text, width);
    return true;
}

/* Takes white space that differs: a server may trim lines, change their ends, or wrap them anew.
 * False where there is none that may be taken. `begun`: the byte before was white space in both. */
static bool take_gap(ngrok_span *secret, ngrok_span *text, bool escaped, bool begun, bool may_cut) {
    size_t in_secret = count_blanks(secret->at, secret->length, false);
    size_t in_text = count_blanks(text->at, text->length, escaped);
    bool both = begun || (in_secret > 0 && in_text > 0);
    if (in_secret + in_text == 0 || !(both || may_cut)) {
        return false;
    }
    advance(secret, in_secret);
    advance(text, in_text);
    return true;
}

size_t ngrok_spelling_match(ngrok_span secret, ngrok_span text, bool escaped, size_t *work) {
    ngrok_span wanted = secret, given = text;
    for (; wanted.length > 0; ++*work) {
        if (take_next(&wanted, &given, escaped)) {
            continue;
        }
        bool is_start = wanted.length == secret.length;
        if (is_start || !take_gap(&wanted, &given, escaped, is_blank(wanted.at[-1]),
                                  secret.length >= shortest_cut)) {
            return 0;
        }
    }
    return text.length - given.length;
}

ngrok_span ngrok_spelling_trim(ngrok_span secret) {
    ngrok_span trimmed = secret;
    advance(&trimmed, count_blanks(trimmed.at, trimmed.length, false));
    while (trimmed.length > 0 && is_blank(trimmed.at[trimmed.length - 1])) {
        trimmed.length--;
    }
    return trimmed;
}
