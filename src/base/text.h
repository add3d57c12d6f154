/* What may travel: UTF-8 in JSON, no control characters in header lines and URLs. And how seconds
 * are written. */
#ifndef NGROK_TEXT_H
#define NGROK_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Well-formed UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
bool ngrok_text_is_utf8(const char *text, size_t length);

/* True when there is a byte below 0x20 (tab included) or 0x7f. */
bool ngrok_text_has_control(const char *text, size_t length);

/* ASCII only, in any locale. */
char ngrok_text_lower(char c);
bool ngrok_text_is_alphanumeric(char c);
bool ngrok_text_equal_ignoring_case(const char *a, size_t a_length, const char *b);

/* For messages: "0.2", with a point in every locale. */
typedef struct ngrok_seconds {
    char text[24];
} ngrok_seconds;

ngrok_seconds ngrok_text_seconds(double seconds);

#endif
