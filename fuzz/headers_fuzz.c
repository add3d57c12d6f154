/* A response's header lines, against a reading by the C library's functions for strings. */
#include "curl/headers.h"

#include "property.h"

#include <strings.h>

/* `start` is where it goes: behind the lines that are there. */
static void expect_value(char *into, size_t start, const char *line, size_t length,
                         const char *name) {
    size_t skipped = strlen(name);
    if (strncasecmp(line, name, skipped) != 0 || strlen(line) != length) {
        return; /* another header, or one with a NUL in it */
    }
    const char *value = line + skipped + strspn(line + skipped, " \t");
    size_t kept = strlen(value);
    while (kept > 0 && strchr(" \t\r\n", value[kept - 1]) != NULL) {
        kept--;
    }
    if (start + kept <= ngrok_headers_value_max) {
        memcpy(into + start, value, kept);
        into[start + kept] = '\0';
        if (start > 0) {
            into[start - 1] = '\n';
        }
    }
}

static void expect(ngrok_headers *expected, const char *line, size_t length) {
    if (strncmp(line, "HTTP/", 5) == 0) {
        *expected = (ngrok_headers){0};
    }
    size_t lines = strlen(expected->retry_after);
    expect_value(expected->content_type, 0, line, length, "content-type:");
    expect_value(expected->operation_id, 0, line, length, "ngrok-operation-id:");
    expect_value(expected->retry_after, lines > 0 ? lines + 1 : 0, line, length, "retry-after:");
    expect_value(expected->date, 0, line, length, "date:");
}

static void compare(const ngrok_headers *headers, const ngrok_headers *expected) {
    PROPERTY(strcmp(headers->content_type, expected->content_type) == 0);
    PROPERTY(strcmp(headers->operation_id, expected->operation_id) == 0);
    PROPERTY(strcmp(headers->retry_after, expected->retry_after) == 0);
    PROPERTY(strcmp(headers->date, expected->date) == 0);
}

static size_t line_length(const char *at, size_t rest) {
    const char *newline = memchr(at, '\n', rest);
    return newline != NULL ? (size_t)(newline - at) + 1 : rest;
}

/* `before` bytes were taken already. */
static void take_lines(const char *text, size_t size, size_t before) {
    ngrok_headers headers = {.bytes = before}, expected = {0};
    for (size_t at = 0, length = 0; at < size; at += length) {
        length = line_length(text + at, size - at);
        bool fits = before + at + length <= ngrok_headers_bytes_max;
        char *line = property_string(text + at, length);
        PROPERTY(ngrok_headers_take(&headers, text + at, length) == fits);
        if (fits) {
            expect(&expected, line, length);
        }
        free(line);
        compare(&headers, &expected);
        PROPERTY(headers.bytes == before + at + length);
        if (!fits) {
            break;
        }
    }
    ngrok_headers_reset(&headers);
    compare(&headers, &(ngrok_headers){0});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size > ngrok_headers_bytes_max) {
        return 0;
    }
    take_lines((const char *)data, size, 0);
    take_lines((const char *)data, size, ngrok_headers_bytes_max - size / 2);
    return 0;
}
