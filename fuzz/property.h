/* What every fuzz target is made of: libFuzzer's entry, and properties that hold for every input.
 * One that does not hold ends the program, and libFuzzer keeps the input. */
#ifndef NGROK_PROPERTY_H
#define NGROK_PROPERTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `data` has exactly `size` bytes: a sanitizer sees who reads past the end. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Says what does not hold, and where. */
#define PROPERTY(condition) ((condition) ? (void)0 : property_fails(#condition, __FILE__, __LINE__))

static inline void property_fails(const char *what, const char *file, int line) {
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

/* Of several inputs in one: what precedes the first newline, and what follows it, which is
 * NULL where there is no newline. */
typedef struct property_input {
    const char *first, *rest;
    size_t first_length, rest_length;
} property_input;

static inline property_input property_split(const char *data, size_t size) {
    const char *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    property_input input = {data, NULL, size, 0};
    if (newline != NULL) {
        input.first_length = (size_t)(newline - data);
        input.rest = newline + 1;
        input.rest_length = size - input.first_length - 1;
    }
    return input;
}

/* What the caller frees. */
static inline char *property_memory(size_t size) {
    char *memory = malloc(size);
    PROPERTY(memory != NULL);
    return memory;
}

/* The bytes as a string, for what the C library has to compare with. The caller frees it. */
static inline char *property_string(const char *bytes, size_t length) {
    char *string = property_memory(length + 1);
    if (length > 0) {
        memcpy(string, bytes, length);
    }
    string[length] = '\0';
    return string;
}

/* What functions that check may return. */
static inline bool property_is_sentence(const char *problem) {
    return problem == NULL || (strlen(problem) > 0 && strchr(problem, '\n') == NULL);
}

#endif
