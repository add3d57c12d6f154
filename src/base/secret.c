#include "base/secret.h"

#include "base/buffer.h"
#include "base/spelling.h"
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

/* Bytes that may be compared for each byte of a text, and as many again for each secret: a secret
 * that repeats itself could otherwise take time by its length at each place. What is left of a text
 * that needs more is not shown. */
enum { most_work = 64, most_work_a_secret = 8 };

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

static bool is_word(char c) {
    return ngrok_text_is_alphanumeric(c) || c == '_';
}

/* ---- finding secrets ---- */

static size_t match_short_secret(ngrok_span secret, const char *text, size_t length, size_t at) {
    size_t end = at + secret.length;
    bool found =
        secret.length > 0 && end <= length && memcmp(text + at, secret.at, secret.length) == 0;
    bool within = (at > 0 && is_word(text[at - 1])) || (end < length && is_word(text[end]));
    return found && !within ? secret.length : 0;
}

static ngrok_span trim(const ngrok_secret *secret) {
    ngrok_span whole = {secret->bytes, secret->length};
    return ngrok_spelling_trim(whole);
}

/* How many bytes at `at` spell the secret; 0 where they do not. */
static size_t match_secret(const ngrok_secret *secret, const char *text, size_t length, size_t at,
                           size_t *work) {
    ngrok_span trimmed = trim(secret), given = {text + at, length - at};
    if (trimmed.length < shortest_secret) {
        return match_short_secret(trimmed, text, length, at);
    }
    size_t escaped = ngrok_spelling_match(trimmed, given, true, work);
    return escaped > 0 ? escaped : ngrok_spelling_match(trimmed, given, false, work);
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
        ngrok_span trimmed = trim(&secrets[i]);
        if (trimmed.length > 0) {
            self.begins[(unsigned char)ngrok_text_lower(trimmed.at[0])] = true;
        }
    }
    return self;
}

/* A quick look first: a traffic policy may have a thousand secrets. */
static size_t match_longest(search *self, const char *text, size_t length, size_t at) {
    char encoded;
    (void)ngrok_spelling_read(text + at, length - at, &encoded);
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
    self->end += ngrok_spelling_read(text + at, length - at, &byte);
    if (ngrok_text_is_alphanumeric(byte)) {
        self->count++;
        return false;
    }
    bool found = false;
    bool goes_on = byte == '_' && self->count >= shortest_token_id;
    while (goes_on && self->end < length) {
        size_t width = ngrok_spelling_read(text + self->end, length - self->end, &byte);
        goes_on = ngrok_text_is_alphanumeric(byte);
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
