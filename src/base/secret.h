/* The API key, and values of secret fields: kept where we can wipe them, and redacted in all texts
 * that we show.
 *
 * Ownership: a secret owns its bytes; ngrok_secret_wipe overwrites and frees them. */
#ifndef NGROK_SECRET_H
#define NGROK_SECRET_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ngrok_secret {
    char *bytes;
    size_t length;
} ngrok_secret;

/* False when memory ran out. */
bool ngrok_secret_set(ngrok_secret *secret, const char *bytes, size_t length);
void ngrok_secret_wipe(ngrok_secret *secret);

/* A copy of `text` in which "[redacted]" replaces
 *   - each of `count` secrets, in any case, and with any of its bytes percent-encoded or with
 *     backslash escapes (JSON's, Markdown's), also escaped again; without the white space around
 *     it, with other white space where it has some, and from sixteen bytes on with white space
 *     anywhere; one of less than four bytes only where it is a word, and only as it is;
 *   - all that looks like a token or the beginning of one, escaped like that or not.
 * It takes time in proportion to `length` and `count`. NULL when memory ran out: then show nothing.
 * The caller frees it. */
char *ngrok_secret_redact(const ngrok_secret *secrets, size_t count, const char *text,
                          size_t length, size_t *redacted_length);

/* A quick look at a text without escapes: true where it is too short for the secret, and has no
 * underscore where a token has its own. */
bool ngrok_secret_is_surely_absent(const ngrok_secret *secret, const char *text, size_t length);

#endif
