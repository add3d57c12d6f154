#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* Length of the sequence that `lead` opens, and the bounds of its second byte (which exclude
 * overlong forms, surrogates and what lies above U+10FFFF); 0 when no sequence starts so. */
static size_t sequence(unsigned char lead, unsigned char *low, unsigned char *high) {
    *low = 0x80;
    *high = 0xBF;
    if (lead < 0x80) {
        return 1;
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 2;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        *low = lead == 0xE0 ? 0xA0 : 0x80;
        *high = lead == 0xED ? 0x9F : 0xBF;
        return 3;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        *low = lead == 0xF0 ? 0x90 : 0x80;
        *high = lead == 0xF4 ? 0x8F : 0xBF;
        return 4;
    }
    return 0;
}

bool ngrok_text_is_utf8(const char *text, size_t length) {
    const unsigned char *bytes = (const unsigned char *)text;
    size_t i = 0;
    while (i < length) {
        unsigned char low, high;
        size_t size = sequence(bytes[i], &low, &high);
        if (size == 0 || size > length - i) {
            return false;
        }
        for (size_t k = 1; k < size; k++) {
            if (bytes[i + k] < low || bytes[i + k] > high) {
                return false;
            }
            low = 0x80;
            high = 0xBF;
        }
        i += size;
    }
    return true;
}

bool ngrok_text_has_control(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f) {
            return true;
        }
    }
    return false;
}

char ngrok_text_lower(char c) {
    if (c >= 'A' && c <= 'Z') {
        return (char)(c - 'A' + 'a');
    }
    return c;
}

bool ngrok_text_is_alphanumeric(char c) {
    char lower = ngrok_text_lower(c);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

bool ngrok_text_equal_ignoring_case(const char *a, size_t a_length, const char *b) {
    if (strlen(b) != a_length) {
        return false;
    }
    for (size_t i = 0; i < a_length; i++) {
        if (ngrok_text_lower(a[i]) != ngrok_text_lower(b[i])) {
            return false;
        }
    }
    return true;
}

ngrok_seconds ngrok_text_seconds(double seconds) {
    static const char other[] = "0123456789abcdefghijklmnopqrstuvwxyz+-"; /* 1e+09, inf */
    ngrok_seconds result = {""};
    (void)snprintf(result.text, sizeof result.text, "%g", seconds);
    char *point = result.text + strspn(result.text, other);
    if (*point != '\0') {
        const char *rest = point + strcspn(point, other); /* the point may have several bytes */
        memmove(point + 1, rest, strlen(rest) + 1);
        *point = '.';
    }
    return result;
}
