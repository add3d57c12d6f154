#include "secret.h"

#include "buffer.h"
#include "text.h"

#include <string.h>

static const char mask[] = "[redacted]";

/* In bytes of the secret. A shorter secret would blank out parts of ordinary words (the API has
 * none that short), and a shorter piece tells next to nothing of the rest. */
enum { shortest_secret = 4, shortest_piece = 8 };

/* Tokens are not ours to know, but their look is: 27 letters and digits, an underscore, 21 more
 * (credentials page). An id has two or three before its underscore. */
enum { token_id_shortest = 20 };

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

/* ---- how a secret can be spelled ---- */

/* Both cases and both alphabets of base64 count as one: what differs in nothing else is no other
 * text, but another spelling. */
static char fold(char c) {
    if (c == '-') {
        return '+';
    }
    if (c == '_') {
        return '/';
    }
    return ngrok_text_lower(c);
}

/* A folded spelling, and how much of it must be found together. */
typedef struct spelling {
    ngrok_buffer text;
    size_t least;
} spelling;

enum spelling_name { as_it_is, in_hexadecimal, in_base64, spelling_count = in_base64 + 3 };

static bool add(ngrok_buffer *to, char c) {
    char folded = fold(c);
    return ngrok_buffer_append(to, &folded, 1);
}

/* Writes the bits from `bit` on as digits of `width` bits each, as far as they make whole digits.
 */
static bool spell(ngrok_buffer *out, const ngrok_secret *secret, size_t bit, unsigned width) {
    static const char of_base64[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *digits = width == 6 ? of_base64 : "0123456789abcdef";
    bool fine = true;
    for (; fine && bit + width <= secret->length * 8; bit += width) {
        size_t at = bit / 8;
        unsigned window = (unsigned)(unsigned char)secret->bytes[at] << 8;
        if (at + 1 < secret->length) {
            window |= (unsigned char)secret->bytes[at + 1];
        }
        fine = add(out, digits[window >> (16 - width - bit % 8) & ((1U << width) - 1)]);
    }
    return fine;
}

static void limit(spelling *to, size_t least) {
    to->least = to->text.length < least ? to->text.length : least;
}

/* All that is looked for. `begins` has a bit for each three bytes that stand somewhere in a
 * spelling: nearly everywhere in a text, it tells that no piece begins there. */
typedef struct search {
    spelling all[spelling_count];
    unsigned char begins[1 << 13];
} search;

static unsigned bit_of(const char *three) {
    unsigned first = (unsigned char)fold(three[0]), second = (unsigned char)fold(three[1]),
             third = (unsigned char)fold(three[2]);
    return (first << 10 ^ second << 5 ^ third) & 0xFFFFU;
}

static void note_beginnings(search *self) {
    for (size_t i = 0; i < spelling_count; i++) {
        const ngrok_buffer *text = &self->all[i].text;
        for (size_t at = 0; at + 3 <= text->length; at++) {
            unsigned bit = bit_of(text->bytes + at);
            self->begins[bit / 8] |= (unsigned char)(1U << bit % 8);
        }
    }
}

static bool spell_all(search *self, const ngrok_secret *secret) {
    spelling *all = self->all;
    /* Inside a longer base64 text the secret begins at one of three places of a digit: so many of
     * its bits belong to a digit that also tells what stands before it. */
    static const size_t shared_bits[] = {0, 2, 4};
    bool fine = true;
    for (size_t i = 0; i < secret->length; i++) {
        fine = fine && add(&all[as_it_is].text, secret->bytes[i]);
    }
    limit(&all[as_it_is], shortest_piece);
    fine = fine && spell(&all[in_hexadecimal].text, secret, 0, 4);
    limit(&all[in_hexadecimal], (size_t)shortest_piece * 2);
    for (size_t i = 0; i < 3; i++) {
        fine = fine && spell(&all[in_base64 + i].text, secret, shared_bits[i], 6);
        /* The digits that eight bytes make whole, wherever they begin. */
        limit(&all[in_base64 + i], ((size_t)shortest_piece * 8 - 4) / 6);
    }
    note_beginnings(self);
    return fine;
}

static void forget(search *self) {
    for (size_t i = 0; i < spelling_count; i++) {
        ngrok_buffer_free(&self->all[i].text);
    }
    ngrok_memory_wipe(self, sizeof *self);
}

/* ---- finding them ---- */

static int hex_value(char c) {
    char lower = ngrok_text_lower(c);
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_escape(char c) {
    return c == '%' || c == '\\';
}

/* How many bytes of `text` stand for the one byte that it begins with: %XX, \u00XX, \xXX, a
 * backslash and a sign, or the byte itself. */
static size_t read_byte(const char *text, size_t length, char *byte) {
    static const struct {
        const char *start;
        size_t length;
    } escapes[] = {{"%", 1}, {"\\u00", 4}, {"\\x", 2}};
    *byte = text[0];
    if (!is_escape(text[0])) {
        return 1;
    }
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        size_t start = escapes[i].length;
        if (length < start + 2 || memcmp(text, escapes[i].start, start) != 0) {
            continue;
        }
        int high = hex_value(text[start]), low = hex_value(text[start + 1]);
        if (high >= 0 && low >= 0) {
            *byte = (char)(high * 16 + low);
            return start + 2;
        }
    }
    if (text[0] == '\\' && length > 1 && strchr("\\/\"'", text[1]) != NULL && text[1] != '\0') {
        *byte = text[1];
        return 2;
    }
    return 1;
}

/* How many bytes of `text` spell at least `least` of `spelled`, from its first one on; 0 where they
 * do not. Escapes are read as such, if `escaped`, unless only the text itself goes on like the
 * spelling: a secret may have a percent sign. */
static size_t run(const char *spelled, size_t spelled_length, size_t least, const char *text,
                  size_t length, bool escaped) {
    size_t used = 0, count = 0;
    for (; count < spelled_length && used < length; count++) {
        char byte = text[used];
        size_t width = escaped ? read_byte(text + used, length - used, &byte) : 1;
        if (fold(byte) != spelled[count]) {
            byte = text[used];
            width = 1;
        }
        if (fold(byte) != spelled[count]) {
            break;
        }
        used += width;
    }
    return count >= least ? used : 0;
}

static size_t longer(size_t a, size_t b) {
    return a > b ? a : b;
}

/* The longest piece of a spelling with which `text` begins, that is `first` (folded) or stands for
 * it. */
static size_t match_piece(const spelling *in, char first, const char *text, size_t length) {
    const char *end = in->text.bytes + in->text.length, *at = in->text.bytes;
    size_t used = 0;
    while ((size_t)(end - at) >= in->least &&
           (at = memchr(at, first, (size_t)(end - at) - in->least + 1)) != NULL) {
        size_t left = (size_t)(end - at);
        used = longer(used, run(at, left, in->least, text, length, false));
        used = longer(used, run(at, left, in->least, text, length, true));
        at++;
    }
    return used;
}

static bool may_begin(const search *self, const char *text, size_t length) {
    if (length < 3) {
        return false;
    }
    unsigned bit = bit_of(text);
    return (self->begins[bit / 8] >> bit % 8 & 1) != 0 || is_escape(text[0]) ||
           is_escape(text[1]) || is_escape(text[2]);
}

static size_t match_secret(const search *self, const char *text, size_t length) {
    const spelling *all = self->all;
    if (!may_begin(self, text, length)) {
        return 0;
    }
    char byte;
    size_t width = read_byte(text, length, &byte), used = 0;
    for (size_t i = 0; i < spelling_count; i++) {
        used = longer(used, match_piece(&all[i], fold(text[0]), text, length));
        if (width > 1) {
            used = longer(used, match_piece(&all[i], fold(byte), text, length));
        }
    }
    return used;
}

static bool is_alphanumeric(char c) {
    char lower = ngrok_text_lower(c);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

static bool is_word(char c) {
    return is_alphanumeric(c) || c == '_';
}

static size_t match_short_secret(const ngrok_secret *secret, const char *text, size_t length,
                                 size_t at) {
    size_t end = at + secret->length;
    bool same = secret->length > 0 && end <= length &&
                memcmp(text + at, secret->bytes, secret->length) == 0;
    bool within = (at > 0 && is_word(text[at - 1])) || (end < length && is_word(text[end]));
    return same && !within ? secret->length : 0;
}

/* The letters and digits behind which a text stands. */
typedef struct word {
    size_t start, count;
    size_t end; /* where the byte after them begins, which may be an escape */
} word;

/* Reads what begins at `at`. Where that makes the word the id of a token, the length of what
 * follows it; else 0. */
static size_t read_word(word *self, const char *text, size_t length, size_t at) {
    char byte;
    size_t width = read_byte(text + at, length - at, &byte);
    self->end = at + width;
    if (is_alphanumeric(byte)) {
        self->start = self->count == 0 ? at : self->start;
        self->count++;
        return 0;
    }
    size_t used = width;
    while (byte == '_' && self->count >= token_id_shortest && at + used < length) {
        char next;
        size_t more = read_byte(text + at + used, length - at - used, &next);
        if (!is_alphanumeric(next)) {
            break;
        }
        used += more;
    }
    if (used == width) {
        self->count = 0;
    }
    return used == width ? 0 : used;
}

/* ---- taking them out ---- */

static bool put_mask(ngrok_buffer *out, const char *kept, size_t length) {
    return ngrok_buffer_append(out, kept, length) &&
           ngrok_buffer_append(out, mask, sizeof mask - 1);
}

static bool redact(ngrok_buffer *out, const ngrok_secret *secret, const search *sought,
                   const char *text, size_t length) {
    word behind = {0};
    size_t kept = 0, at = 0;
    bool fine = ngrok_buffer_append(out, "", 0);
    while (fine && at < length) {
        size_t start = at;
        size_t used = secret->length < shortest_secret
                          ? match_short_secret(secret, text, length, at)
                          : match_secret(sought, text + at, length - at);
        if (used == 0 && at >= behind.end) {
            used = read_word(&behind, text, length, at);
            start = used > 0 ? behind.start : at;
        }
        at += used > 0 ? used : 1;
        if (used > 0) {
            fine = put_mask(out, text + kept, start - kept);
            kept = at;
            /* What may be half of an id by accident is followed by the rest of a token. */
            behind = (word){.start = at, .count = used, .end = at};
        }
    }
    return fine && ngrok_buffer_append(out, text + kept, length - kept);
}

char *ngrok_secret_redact(const ngrok_secret *secret, const char *text, size_t length,
                          size_t *redacted_length) {
    ngrok_buffer out = {0};
    search sought = {0};
    bool fine = (secret->length < shortest_secret || spell_all(&sought, secret)) &&
                redact(&out, secret, &sought, text, length);
    forget(&sought);
    if (!fine) {
        ngrok_buffer_free(&out);
        return NULL;
    }
    return ngrok_buffer_take(&out, redacted_length);
}
