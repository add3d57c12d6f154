#include "buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
    char *bytes = realloc(buffer->bytes, capacity);
    if (bytes == NULL) {
        return false;
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
    free(buffer->bytes);
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
