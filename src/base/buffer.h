/* A growing byte string, and copies of bytes. Any of them may have the key or a token in it, so
 * none is given back to the allocator before it was overwritten.
 *
 * Ownership: the buffer owns `bytes`; ngrok_buffer_free releases it, ngrok_buffer_take hands it to
 * the caller, who frees it with ngrok_bytes_free. `bytes` is NULL while nothing was appended, and
 * otherwise ends in a NUL that `length` does not count. */
#ifndef NGROK_BUFFER_H
#define NGROK_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ngrok_buffer {
    char *bytes;
    size_t length;
    size_t capacity;
} ngrok_buffer;

/* False when memory ran out; the buffer is then as it was. */
bool ngrok_buffer_append(ngrok_buffer *buffer, const char *bytes, size_t length);
bool ngrok_buffer_append_string(ngrok_buffer *buffer, const char *string);
char *ngrok_buffer_take(ngrok_buffer *buffer, size_t *length);
void ngrok_buffer_free(ngrok_buffer *buffer);

/* A NUL-terminated copy, or NULL when memory ran out (or `bytes` is NULL). The caller frees it with
 * one of those below. */
char *ngrok_bytes_copy(const char *bytes, size_t length);

/* Overwrite what they free. NULL is fine. */
void ngrok_bytes_free(void *bytes, size_t length);
void ngrok_string_free(char *string);

/* A write that the compiler does not drop because the memory is freed next. */
void ngrok_memory_wipe(void *memory, size_t length);

#endif
