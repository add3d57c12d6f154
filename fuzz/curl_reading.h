/* A URL as libcurl reads it, to hold our reading against: where the two differ, the key may go
 * where we did not mean it to.
 *
 * Ownership: a reading owns its parts; curl_reading_free frees them. */
#ifndef NGROK_CURL_READING_H
#define NGROK_CURL_READING_H

#include <stdbool.h>

typedef struct curl_reading {
    char *scheme, *user, *host, *port, *path, *query, *fragment; /* NULL where there is none */
} curl_reading;

/* False where libcurl refuses the URL; then there is nothing to free. */
bool curl_reading_take(curl_reading *reading, const char *url);
void curl_reading_free(curl_reading *reading);

/* Whether the host is the same one. Addresses that are spelled in several ways are. */
bool curl_reading_has_host(const curl_reading *reading, const char *host);

/* Whether it is this machine whatever any name server says. */
bool curl_reading_is_loopback(const curl_reading *reading);

#endif
