#include "base/secret.h"

#include "base/buffer.h"
#include "base/text.h"

#include <limits.h>
#include <string.h>

static const char mask[] = "[redacted]";

/* In bytes. A shorter secret would blank out parts of ordinary words; the API has none that short.
 */
enum { shortest_secret = 4 };

/* We do not know the tokens, but their format: 27 letters and digits, an underscore, 21 more
 * (credentials page). This many before the underscore are enough to be taken for one; an id has two
 * or three. */
enum { shortest_token_id = 20 };

/* A secret of this many bytes is also found where white space cuts it, as wrapping a line does. A
 * shorter one would be found in ordinary words ("not est" for "test"). */
enum { shortest_cut = 16 };

/* Bytes that may be compared for each byte of a text, and as many again for each secret: a secret
 * that repeats itself could otherwise take time by its length at each place. What is left of a text
 * that needs more is not shown. */
enum { most_work = 64, most_work_a_secret = 8 };

/* Three levels of JSON make eight backslashes of one. The bound limits what is read at each place
 * of a text, so that the whole takes linear time. */
enum { most_backslashes = 8 };

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
    ngrok_bytes_free(secret->bytes, secret->length);
    secret->bytes = NULL;
    secret->length = 0;
}

/* ---- how a byte can be spelled ---- */

static bool is_alphanumeric(char c) {
    char lower = ngrok_text_lower(c);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

static bool is_word(char c) {
    return is_alphanumeric(c) || c == '_';
}

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
    if (at < length && !is_alphanumeric(text[at])) {
        *byte = text[at];
        return at + 1;
    }
    *byte = '\\';
    return at;
}

/* How many bytes at the start of `text` encode its first byte: an escape, or the byte itself. */
static size_t read_byte(const char *text, size_t length, char *byte) {
    if (text[0] == '%' && read_hex(text, length, 1, byte)) {
        return 3;
    }
    if (text[0] == '\\') {
        return read_backslash(text, length, byte);
    }
    *byte = text[0];
    return 1;
}

/* ---- finding secrets ---- */

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
    size_t width = escaped ? read_byte(text, length, &byte) : 1;
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
    size_t width = read_byte(text, length, &byte);
    return byte == '\\' && text[width - 1] != '\\';
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t count_blanks(const char *text, size_t length, bool escaped) {
    size_t end = 0;
    while (end < length) {
        char byte = text[end];
        size_t width = escaped ? read_byte(text + end, length - end, &byte) : 1;
        if (!is_blank(byte)) {
            break;
        }
        end += width;
    }
    return end;
}

/* A secret, or a text that may spell it, from a place on. */
typedef struct rest {
    const char *at;
    size_t length;
} rest;

static void advance(rest *self, size_t count) {
    self->at += count;
    self->length -= count;
}

/* Takes the next byte of the secret, or its backslashes in a row; false where the text differs. */
static bool take_next(rest *secret, rest *text, bool escaped) {
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
static bool take_gap(rest *secret, rest *text, bool escaped, bool begun, bool may_cut) {
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

/* How many bytes at the beginning of `text` spell the whole secret; 0 where they do not. */
static size_t match_spelling(rest secret, rest text, bool escaped, size_t *work) {
    rest wanted = secret, given = text;
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

static size_t match_short_secret(rest secret, const char *text, size_t length, size_t at) {
    size_t end = at + secret.length;
    bool found =
        secret.length > 0 && end <= length && memcmp(text + at, secret.at, secret.length) == 0;
    bool within = (at > 0 && is_word(text[at - 1])) || (end < length && is_word(text[end]));
    return found && !within ? secret.length : 0;
}

/* Without the white space around it, which a server may leave out. */
static rest trim(const ngrok_secret *secret) {
    rest trimmed = {secret->bytes, secret->length};
    advance(&trimmed, count_blanks(trimmed.at, trimmed.length, false));
    while (trimmed.length > 0 && is_blank(trimmed.at[trimmed.length - 1])) {
        trimmed.length--;
    }
    return trimmed;
}

/* How many bytes at `at` spell the secret; 0 where they do not. */
static size_t match_secret(const ngrok_secret *secret, const char *text, size_t length, size_t at,
                           size_t *work) {
    rest trimmed = trim(secret), given = {text + at, length - at};
    if (trimmed.length < shortest_secret) {
        return match_short_secret(trimmed, text, length, at);
    }
    size_t escaped = match_spelling(trimmed, given, true, work);
    return escaped > 0 ? escaped : match_spelling(trimmed, given, false, work);
}

/* What is looked for in a text. */
typedef struct search {
    const ngrok_secret *secrets;
    size_t count;
    bool begins[UCHAR_MAX + 1]; /* by byte in lower case: whether one begins with it */
    size_t work, most_work;
} search;

static search begin_search(const ngrok_secret *secrets, size_t count, size_t length) {
    search self = {.secrets = secrets, .count = count};
    self.most_work = length * (most_work + most_work_a_secret * count);
    for (size_t i = 0; i < count; i++) {
        rest trimmed = trim(&secrets[i]);
        if (trimmed.length > 0) {
            self.begins[(unsigned char)ngrok_text_lower(trimmed.at[0])] = true;
        }
    }
    return self;
}

/* A quick look first: a traffic policy may have a thousand secrets. */
static size_t match_longest(search *self, const char *text, size_t length, size_t at) {
    char encoded;
    (void)read_byte(text + at, length - at, &encoded);
    if (!self->begins[(unsigned char)ngrok_text_lower(text[at])] &&
        !self->begins[(unsigned char)ngrok_text_lower(encoded)]) {
        return 0;
    }
    size_t longest = 0;
    for (size_t i = 0; i < self->count; i++) {
        size_t used = match_secret(&self->secrets[i], text, length, at, &self->work);
        longest = used > longest ? used : longest;
    }
    return longest;
}

bool ngrok_secret_is_surely_absent(const ngrok_secret *secret, const char *text, size_t length) {
    size_t head = length < shortest_token_id ? length : shortest_token_id;
    return length < secret->length && memchr(text + head, '_', length - head) == NULL;
}

/* A run of letters and digits in a text. */
typedef struct word {
    size_t start, count;
    size_t end; /* where the byte after them begins, which may be an escape */
} word;

/* Reads the byte at `self->end`. Where that makes the word the id of a token, it reads the rest,
 * too; then it returns true, and the word is the whole token. */
static bool read_token(word *self, const char *text, size_t length) {
    char byte;
    size_t at = self->end;
    self->start = self->count == 0 ? at : self->start;
    self->end += read_byte(text + at, length - at, &byte);
    if (is_alphanumeric(byte)) {
        self->count++;
        return false;
    }
    bool found = false;
    bool goes_on = byte == '_' && self->count >= shortest_token_id;
    while (goes_on && self->end < length) {
        size_t width = read_byte(text + self->end, length - self->end, &byte);
        goes_on = is_alphanumeric(byte);
        found = found || goes_on;
        self->end += goes_on ? width : 0;
    }
    self->count = 0;
    return found;
}

/* ---- taking them out ---- */

typedef struct redaction {
    const char *text;
    size_t kept; /* how much of the text is done with */
    ngrok_buffer out;
    bool fine; /* false once memory ran out */
} redaction;

static void keep_until(redaction *self, size_t end) {
    if (end > self->kept) {
        self->fine = self->fine &&
                     ngrok_buffer_append(&self->out, self->text + self->kept, end - self->kept);
        self->kept = end;
    }
}

/* A part that overlaps with the one before is merged with it. */
static void take_out(redaction *self, size_t start, size_t end) {
    if (start >= self->kept) {
        keep_until(self, start);
        self->fine = self->fine && ngrok_buffer_append(&self->out, mask, sizeof mask - 1);
    }
    self->kept = end > self->kept ? end : self->kept;
}

char *ngrok_secret_redact(const ngrok_secret *secrets, size_t count, const char *text,
                          size_t length, size_t *redacted_length) {
    redaction self = {.text = text, .fine = true};
    word behind = {0};
    search wanted = begin_search(secrets, count, length);
    self.fine = ngrok_buffer_append(&self.out, "", 0);
    for (size_t at = 0; self.fine && at < length; at++) {
        size_t used = match_longest(&wanted, text, length, at);
        if (wanted.work > wanted.most_work) {
            take_out(&self, at, length);
            break;
        }
        if (used > 0) {
            take_out(&self, at, at + used);
        }
        if (at == behind.end && read_token(&behind, text, length)) {
            take_out(&self, behind.start, behind.end);
        }
    }
    keep_until(&self, length);
    if (!self.fine) {
        ngrok_buffer_free(&self.out);
        return NULL;
    }
    return ngrok_buffer_take(&self.out, redacted_length);
}
