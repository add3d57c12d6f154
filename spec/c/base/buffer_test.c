/* The growing byte string. */
#include "base/buffer.h"

#include "check.h"
#include "freed.h"

#include <stdint.h>

CASE(has_no_bytes_at_first) {
    ngrok_buffer buffer = {0};
    size_t length = 1;
    CHECK(ngrok_buffer_take(&buffer, &length) == NULL);
    CHECK_INTEGER(length, 0);
    ngrok_buffer_free(&buffer);
}

CASE(ends_in_a_nul_that_does_not_count) {
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append(&buffer, "abc", 2));
    CHECK_INTEGER(buffer.length, 2);
    CHECK_TEXT(buffer.bytes, "ab");
    ngrok_buffer_free(&buffer);
}

CASE(is_an_empty_string_after_an_empty_append) {
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append(&buffer, "", 0));
    CHECK_TEXT(buffer.bytes, "");
    CHECK(ngrok_buffer_append(&buffer, NULL, 0));
    CHECK_INTEGER(buffer.length, 0);
    ngrok_buffer_free(&buffer);
}

CASE(appends_in_order) {
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append_string(&buffer, "one "));
    CHECK(ngrok_buffer_append_string(&buffer, ""));
    CHECK(ngrok_buffer_append(&buffer, "two", 3));
    CHECK_TEXT(buffer.bytes, "one two");
    CHECK_INTEGER(buffer.length, 7);
    ngrok_buffer_free(&buffer);
}

CASE(keeps_nul_bytes) {
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append(&buffer, CHECK_BYTES("a\0b\0")));
    CHECK_INTEGER(buffer.length, 4);
    CHECK(memcmp(buffer.bytes, "a\0b\0", 5) == 0);
    ngrok_buffer_free(&buffer);
}

CASE(grows_byte_by_byte) {
    enum { count = 20000 };
    ngrok_buffer buffer = {0};
    for (int i = 0; i < count; i++) {
        char byte = (char)(i * 7 % 251);
        CHECK(ngrok_buffer_append(&buffer, &byte, 1));
    }
    CHECK_INTEGER(buffer.length, count);
    CHECK(buffer.capacity > buffer.length);
    int wrong = 0;
    for (int i = 0; i < count; i++) {
        wrong += buffer.bytes[i] == (char)(i * 7 % 251) ? 0 : 1;
    }
    CHECK_INTEGER(wrong, 0);
    CHECK_INTEGER(buffer.bytes[count], 0);
    ngrok_buffer_free(&buffer);
}

/* Each size around the capacities that it goes through, so that a sanitizer sees a NUL too far. */
CASE(grows_by_any_size) {
    static char block[1100];
    memset(block, 'x', sizeof block);
    for (size_t size = 0; size < sizeof block; size++) {
        ngrok_buffer buffer = {0};
        CHECK(ngrok_buffer_append(&buffer, block, size));
        CHECK_INTEGER(buffer.length, size);
        CHECK_INTEGER(buffer.bytes[size], 0);
        ngrok_buffer_free(&buffer);
    }
}

CASE(stays_as_it_was_when_too_much_is_asked) {
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append_string(&buffer, "abc"));
    CHECK(!ngrok_buffer_append(&buffer, "x", SIZE_MAX));
    CHECK(!ngrok_buffer_append(&buffer, "x", SIZE_MAX - 3));
    CHECK(!ngrok_buffer_append(&buffer, "x", SIZE_MAX - 4));
    CHECK(!ngrok_buffer_append(&buffer, "x", SIZE_MAX / 2));
    CHECK_TEXT(buffer.bytes, "abc");
    CHECK_INTEGER(buffer.length, 3);
    CHECK(ngrok_buffer_append_string(&buffer, "def"));
    CHECK_TEXT(buffer.bytes, "abcdef");
    ngrok_buffer_free(&buffer);
}

CASE(hands_its_bytes_over) {
    ngrok_buffer buffer = {0};
    size_t length = 0;
    CHECK(ngrok_buffer_append_string(&buffer, "abc"));
    char *bytes = ngrok_buffer_take(&buffer, &length);
    CHECK_TEXT(bytes, "abc");
    CHECK_INTEGER(length, 3);
    CHECK(buffer.bytes == NULL);
    CHECK_INTEGER(buffer.length, 0);
    CHECK(ngrok_buffer_append_string(&buffer, "new"));
    CHECK_TEXT(buffer.bytes, "new");
    CHECK_TEXT(bytes, "abc");
    ngrok_buffer_free(&buffer);
    free(bytes);
}

CASE(can_be_freed_twice_and_used_again) {
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append_string(&buffer, "abc"));
    ngrok_buffer_free(&buffer);
    CHECK(buffer.bytes == NULL);
    CHECK_INTEGER(buffer.length, 0);
    CHECK_INTEGER(buffer.capacity, 0);
    ngrok_buffer_free(&buffer);
    CHECK(ngrok_buffer_append_string(&buffer, "def"));
    CHECK_TEXT(buffer.bytes, "def");
    ngrok_buffer_free(&buffer);
}

CASE(copies_bytes_and_a_nul) {
    char *source = check_copy(CHECK_BYTES("a\0b"));
    char *copy = ngrok_bytes_copy(source, 3);
    CHECK(copy != source);
    CHECK(memcmp(copy, "a\0b", 4) == 0);
    free(copy);
    free(source);
    copy = ngrok_bytes_copy("", 0);
    CHECK_TEXT(copy, "");
    free(copy);
}

CASE(copies_nothing_from_null_or_beyond_all_memory) {
    CHECK(ngrok_bytes_copy(NULL, 0) == NULL);
    CHECK(ngrok_bytes_copy(NULL, 5) == NULL);
    CHECK(ngrok_bytes_copy("abc", SIZE_MAX) == NULL);
}

CASE(zeroes_all_of_a_memory_and_nothing_beside_it) {
    unsigned char memory[64];
    memset(memory, 0xAA, sizeof memory);
    ngrok_memory_wipe(memory + 1, sizeof memory - 2);
    CHECK_INTEGER(memory[0], 0xAA);
    CHECK_INTEGER(memory[sizeof memory - 1], 0xAA);
    for (size_t i = 1; i < sizeof memory - 1; i++) {
        CHECK_INTEGER(memory[i], 0);
    }
    ngrok_memory_wipe(memory, 0);
    CHECK_INTEGER(memory[0], 0xAA);
}

#ifdef __linux__
CASE(leaves_nothing_in_freed_memory) {
    char text[200];
    memset(text, '#', sizeof text);
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append(&buffer, text, sizeof text));
    uintptr_t address = (uintptr_t)buffer.bytes + freed_notes;
    size_t length = sizeof text - freed_notes;
    CHECK_INTEGER(freed_bytes_at(address, length, '#'), length);
    ngrok_buffer_free(&buffer);
    CHECK_INTEGER(freed_bytes_at(address, length, '#'), 0);
}

CASE(leaves_nothing_where_it_was_before_it_grew) {
    char text[200];
    memset(text, '#', sizeof text);
    ngrok_buffer buffer = {0};
    CHECK(ngrok_buffer_append(&buffer, text, sizeof text));
    uintptr_t address = (uintptr_t)buffer.bytes;
    CHECK(ngrok_buffer_append(&buffer, text, sizeof text));
    CHECK((uintptr_t)buffer.bytes != address);
    CHECK_INTEGER(freed_bytes_at(address + freed_notes, sizeof text - freed_notes, '#'), 0);
    ngrok_buffer_free(&buffer);
}

CASE(leaves_nothing_of_copies) {
    char text[200];
    memset(text, '#', sizeof text);
    text[sizeof text - 1] = '\0';
    char *bytes = ngrok_bytes_copy(text, sizeof text), *string = ngrok_bytes_copy(text, 199);
    const uintptr_t addresses[] = {(uintptr_t)bytes, (uintptr_t)string};
    ngrok_bytes_free(bytes, sizeof text);
    ngrok_string_free(string);
    for (size_t i = 0; i < 2; i++) {
        CHECK_INTEGER(freed_bytes_at(addresses[i] + freed_notes, sizeof text - freed_notes, '#'),
                      0);
    }
}
#endif

CASE(frees_nothing_where_nothing_is) {
    ngrok_bytes_free(NULL, 0);
    ngrok_string_free(NULL);
    ngrok_buffer buffer = {0};
    ngrok_buffer_free(&buffer);
    CHECK(buffer.bytes == NULL);
}
