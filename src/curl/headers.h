/* Of a response's header lines, the four that we know, as they come in.
 *
 * Ownership: ngrok_headers is plain memory without anything to free. Zeroed, it has seen no line.
 */
#ifndef NGROK_HEADERS_H
#define NGROK_HEADERS_H

#include <stdbool.h>
#include <stddef.h>

enum { ngrok_headers_value_max = 255, ngrok_headers_bytes_max = 256 * 1024 };

typedef struct ngrok_headers {
    size_t bytes; /* of all lines so far, those of an earlier status included */
    char content_type[ngrok_headers_value_max + 1]; /* "" where there is none */
    char operation_id[ngrok_headers_value_max + 1];
    char retry_after[ngrok_headers_value_max + 1]; /* one line for each, as far as they fit */
    char date[ngrok_headers_value_max + 1];
} ngrok_headers;

/* Takes the next line, the status line and the empty one at the end included. False when all of
 * them together pass ngrok_headers_bytes_max. */
bool ngrok_headers_take(ngrok_headers *headers, const char *line, size_t length);

/* Counts a line that has nothing to say, a trailer's for one. False as above. */
bool ngrok_headers_skip(ngrok_headers *headers, size_t length);

/* Before the next response. */
void ngrok_headers_reset(ngrok_headers *headers);

#endif
