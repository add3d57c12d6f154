#include "curl/headers.h"

#include "base/text.h"

#include <stddef.h>
#include <string.h>

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static bool is_line_end(char c) {
    return c == '\r' || c == '\n';
}

/* Appends a line to the `kept` bytes of earlier headers. */
static void record_behind(char *into, size_t kept, const char *value, size_t length) {
    while (length > 0 && is_blank(*value)) {
        value++;
        length--;
    }
    while (length > 0 && (is_blank(value[length - 1]) || is_line_end(value[length - 1]))) {
        length--;
    }
    /* A value that does not fit is not one that we know, and half of it would mislead. */
    size_t start = kept > 0 ? kept + 1 : 0;
    if (start + length <= ngrok_headers_value_max && memchr(value, '\0', length) == NULL) {
        memcpy(into + start, value, length);
        into[start + length] = '\0';
        if (kept > 0) {
            into[kept] = '\n';
        }
    }
}

typedef struct known_header {
    const char *name;
    size_t length, place; /* the place within ngrok_headers */
} known_header;

#define KNOWN(name, member)                                                                        \
    { name, sizeof(name) - 1, offsetof(ngrok_headers, member) }

static const known_header known_headers[] = {
    KNOWN("content-type", content_type),
    KNOWN("ngrok-operation-id", operation_id),
    KNOWN("retry-after", retry_after),
    KNOWN("date", date),
};

/* Where the value of a header is kept; NULL where it is not. */
static char *place_of(ngrok_headers *headers, const char *name, size_t length) {
    enum { count = sizeof known_headers / sizeof *known_headers };
    for (size_t i = 0; i < count; i++) {
        const known_header *known = &known_headers[i];
        if (known->length == length && ngrok_text_equal_ignoring_case(name, length, known->name)) {
            return (char *)headers + known->place;
        }
    }
    return NULL;
}

static void forget_values(ngrok_headers *headers) {
    headers->content_type[0] = headers->operation_id[0] = '\0';
    headers->retry_after[0] = headers->date[0] = '\0';
}

bool ngrok_headers_skip(ngrok_headers *headers, size_t length) {
    headers->bytes += length;
    return headers->bytes <= ngrok_headers_bytes_max;
}

bool ngrok_headers_take(ngrok_headers *headers, const char *line, size_t length) {
    if (!ngrok_headers_skip(headers, length)) {
        return false;
    }
    if (length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        forget_values(headers); /* a response after a 100 Continue: only the last one's count */
        return true;
    }
    const char *colon = memchr(line, ':', length);
    if (colon == NULL) {
        return true;
    }
    size_t name = (size_t)(colon - line);
    char *place = place_of(headers, line, name);
    if (place != NULL) {
        size_t kept = place == headers->retry_after ? strlen(place) : 0;
        record_behind(place, kept, colon + 1, length - name - 1);
    }
    return true;
}

void ngrok_headers_reset(ngrok_headers *headers) {
    headers->bytes = 0;
    forget_values(headers);
}
