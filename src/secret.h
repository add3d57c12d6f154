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

/* A write that the compiler does not drop because the memory is freed next. */
void ngrok_memory_wipe(void *memory, size_t length);

/* A copy of `text` in which the secret (as it is, percent-encoded or in base64) and whatever looks
 * like a token read "[redacted]". NULL when memory ran out: then show nothing. The caller frees it.
 */
char *ngrok_secret_redact(const ngrok_secret *secret, const char *text, size_t length,
                          size_t *redacted_length);

#endif
