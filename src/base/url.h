/* URLs and ids: what may be sent, and where the key may travel.
 *
 * Ownership: ngrok_url is plain memory without anything to free. Functions that check return NULL
 * when all is well and otherwise a static sentence that says what is wrong. */
#ifndef NGROK_URL_H
#define NGROK_URL_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

enum { ngrok_url_host_max = 255, ngrok_url_path_max = 1023 };

typedef struct ngrok_url {
    bool https;
    bool ipv6;
    unsigned port;
    char host[ngrok_url_host_max + 1]; /* lower case, an IPv6 address without its brackets */
    char path[ngrok_url_path_max + 1]; /* "" or "/…", without a slash at its end */
} ngrok_url;

/* A base URL: http or https, a host, perhaps a port and a path; no user, query or fragment. */
const char *ngrok_url_parse(ngrok_url *url, const char *text, size_t length);

/* localhost, 127.0.0.0/8 or ::1, in their usual spelling. */
bool ngrok_url_is_loopback(const ngrok_url *url);

/* Appends scheme://host[:port]path, the port only where it is not the scheme's own. */
bool ngrok_url_write(const ngrok_url *url, ngrok_buffer *out);

/* Finds the query of a next_page_uri, without its "?", inside `next`. Its origin must be the base
 * URL's or https://api.ngrok.com, its path must end in `list_path`: who writes a response must
 * not be able to direct the key elsewhere. */
const char *ngrok_url_page_query(const ngrok_url *base, const char *list_path, const char *next,
                                 size_t length, const char **query, size_t *query_length);

/* One or more of A-Z a-z 0-9 _ -: an id can not leave its path. */
bool ngrok_url_is_id(const char *text, size_t length);

/* Percent-encodes all but RFC 3986's unreserved characters. */
bool ngrok_url_escape(ngrok_buffer *out, const char *text, size_t length);

#endif
