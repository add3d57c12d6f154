/* Text, against a decoder that knows code points, and against the C library. */
#include "base/text.h"

#include "property.h"

#include <ctype.h>
#include <strings.h>

/* The code point at `at` and how many bytes its form takes, 0 where there is none. Takes overlong
 * forms, too, and whatever four bytes can hold. */
static size_t decode(const unsigned char *at, size_t length, uint32_t *point) {
    static const unsigned char marks[] = {0x00, 0xC0, 0xE0, 0xF0},
                               bits[] = {0x7F, 0x1F, 0x0F, 0x07};
    for (size_t size = 1; size <= 4 && size <= length; size++) {
        if ((at[0] & (unsigned char)~bits[size - 1]) != marks[size - 1]) {
            continue;
        }
        *point = at[0] & bits[size - 1];
        for (size_t i = 1; i < size; i++) {
            if ((at[i] & 0xC0) != 0x80) {
                return 0;
            }
            *point = *point << 6 | (at[i] & 0x3F);
        }
        return size;
    }
    return 0;
}

static size_t shortest(uint32_t point) {
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

static bool is_utf8(const unsigned char *bytes, size_t length) {
    for (size_t i = 0, size = 0; i < length; i += size) {
        uint32_t point = 0;
        size = decode(bytes + i, length - i, &point);
        if (size == 0 || size != shortest(point) || point > 0x10FFFF ||
            (point >= 0xD800 && point <= 0xDFFF)) {
            return false;
        }
    }
    return true;
}

static bool has_control(const unsigned char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (iscntrl(bytes[i])) {
            return true;
        }
    }
    return false;
}

static void compare_ignoring_case(const char *data, size_t size) {
    property_input input = property_split(data, size);
    char *first = property_string(input.first, input.first_length);
    char *rest = property_string(input.rest, input.rest_length);
    bool equal = strlen(first) == input.first_length && strcasecmp(first, rest) == 0;
    PROPERTY(ngrok_text_equal_ignoring_case(input.first, input.first_length, rest) == equal);
    free(first);
    free(rest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    PROPERTY(ngrok_text_is_utf8(text, size) == is_utf8(data, size));
    PROPERTY(ngrok_text_has_control(text, size) == has_control(data, size));
    for (size_t i = 0; i < size; i++) {
        PROPERTY((unsigned char)ngrok_text_lower(text[i]) == tolower(data[i]));
    }
    compare_ignoring_case(text, size);
    return 0;
}
