#include "curl/headers.h"

#include "base/text.h"

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

static void record(char *into, const char *value, size_t length) {
    record_behind(into, 0, value, length);
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
    size_t name = (size_t)(colon - line), rest = length - name - 1;
    if (ngrok_text_equal_ignoring_case(line, name, "content-type")) {
        record(headers->content_type, colon + 1, rest);
    } else if (ngrok_text_equal_ignoring_case(line, name, "ngrok-operation-id")) {
        record(headers->operation_id, colon + 1, rest);
    } else if (ngrok_text_equal_ignoring_case(line, name, "retry-after")) {
        record_behind(headers->retry_after, strlen(headers->retry_after), colon + 1, rest);
    } else if (ngrok_text_equal_ignoring_case(line, name, "date")) {
        record(headers->date, colon + 1, rest);
    }
    return true;
}

void ngrok_headers_reset(ngrok_headers *headers) {
    headers->bytes = 0;
    forget_values(headers);
}
