/* How a secret can be spelled in a text: what servers, JSON, URLs and Markdown make of it.
 *
 * Ownership: a span owns nothing. */
#ifndef NGROK_SPELLING_H
#define NGROK_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a text or of a secret. */
typedef struct ngrok_span {
    const char *at;
    size_t length;
} ngrok_span;

/* How many bytes at the start of `text` encode its first byte: an escape, or the byte itself. */
size_t ngrok_spelling_read(const char *text, size_t length, char *byte);

/* Without the white space around it, which a server may leave out. */
ngrok_span ngrok_spelling_trim(ngrok_span secret);

/* How many bytes at the start of `text` spell the whole secret, which is trimmed; 0 where they do
 * not. With `escaped` escapes in the text are read. Adds to `work` how many were compared. */
size_t ngrok_spelling_match(ngrok_span secret, ngrok_span text, bool escaped, size_t *work);

#endif
