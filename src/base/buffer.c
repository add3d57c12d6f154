#include "base/buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What a volatile pointer points to may be more than memset, so the call has to be made. */
static void *(*const volatile set)(void *, int, size_t) = memset;

void ngrok_memory_wipe(void *memory, size_t length) {
    (void)set(memory, 0, length);
}

void ngrok_bytes_free(void *bytes, size_t length) {
    if (bytes != NULL) {
        ngrok_memory_wipe(bytes, length);
        free(bytes);
    }
}

void ngrok_string_free(char *string) {
    ngrok_bytes_free(string, string != NULL ? strlen(string) : 0);
}

static bool reserve(ngrok_buffer *buffer, size_t extra) {
    if (extra > SIZE_MAX / 4 - buffer->length) {
        return false;
    }
    size_t needed = buffer->length + extra + 1;
    if (needed <= buffer->capacity) {
        return true;
    }
    size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
    while (capacity < needed) {
        capacity *= 2;
    }
    /* Not realloc: where it moves, it leaves a copy in memory that is free. */
    char *bytes = malloc(capacity);
    if (bytes == NULL) {
        return false;
    }
    if (buffer->bytes != NULL) {
        memcpy(bytes, buffer->bytes, buffer->length + 1);
        ngrok_bytes_free(buffer->bytes, buffer->length);
    }
    buffer->bytes = bytes;
    buffer->capacity = capacity;
    return true;
}

bool ngrok_buffer_append(ngrok_buffer *buffer, const char *bytes, size_t length) {
    if (!reserve(buffer, length)) {
        return false;
    }
    if (length > 0) {
        memcpy(buffer->bytes + buffer->length, bytes, length);
    }
    buffer->length += length;
    buffer->bytes[buffer->length] = '\0';
    return true;
}

bool ngrok_buffer_append_string(ngrok_buffer *buffer, const char *string) {
    return ngrok_buffer_append(buffer, string, strlen(string));
}

char *ngrok_buffer_take(ngrok_buffer *buffer, size_t *length) {
    char *bytes = buffer->bytes;
    *length = buffer->length;
    *buffer = (ngrok_buffer){0};
    return bytes;
}

void ngrok_buffer_free(ngrok_buffer *buffer) {
    ngrok_bytes_free(buffer->bytes, buffer->length);
    *buffer = (ngrok_buffer){0};
}

char *ngrok_bytes_copy(const char *bytes, size_t length) {
    if (bytes == NULL || length == SIZE_MAX) {
        return NULL;
    }
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, bytes, length);
        copy[length] = '\0';
    }
    return copy;
}
