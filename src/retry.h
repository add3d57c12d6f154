/* When to ask again, as an answer says it. */
#ifndef NGROK_RETRY_H
#define NGROK_RETRY_H

#include <stddef.h>
#include <stdint.h>

/* The seconds that a Retry-After header asks for, counted from `now` (Unix time): a number of
 * seconds or an HTTP date (RFC 9110, 10.2.3 and 5.6.7, the form with four-digit years); a date in
 * the past is 0. Negative when it is neither. */
double ngrok_retry_after(const char *text, size_t length, int64_t now);

#endif
