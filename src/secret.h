/* The API key, kept where we can wipe it, and taken out of whatever we show.
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

/* A copy of `text` in which "[redacted]" stands for
 *   - every piece of the secret that has eight of its bytes or more, and the whole secret where
 * that is shorter: as it is, in the other case, in hexadecimal, in base64 of either alphabet
 * wherever it begins in there, and each of these percent-encoded or with backslash escapes;
 *   - a secret of less than four bytes only where it is a word, and only as it is;
 *   - whatever looks like a token or the beginning of one, escaped like that or not.
 * NULL when memory ran out: then show nothing. The caller frees it. */
char *ngrok_secret_redact(const ngrok_secret *secret, const char *text, size_t length,
                          size_t *redacted_length);

#endif
