/* Connections that rest between two requests, and must be silent meanwhile.
 *
 * Whatever comes on such a connection of HTTP/1 answers nothing that was asked: a late 408, or
 * worse. libcurl 7 would take it for the response to the next request; libcurl 8 looks by itself.
 * HTTP/2 numbers its requests and talks in between; its connections are none of this. Only the one
 * connection that libcurl has chosen for a request is asked, as the request is about to go out.
 *
 * Ownership: the descriptors are libcurl's, and may be closed or another's by the time they are
 * looked at; the port tells. */
#ifndef NGROK_CURL_IDLE_H
#define NGROK_CURL_IDLE_H

#include <stdbool.h>

/* Zeroed it is empty. */
typedef struct ngrok_curl_idle {
    int *descriptors; /* by this end's port, plus 1; 0 for none. NULL while it is empty */
} ngrok_curl_idle;

void ngrok_curl_idle_free(ngrok_curl_idle *self);

/* A transfer has ended well on a connection of HTTP/1, which rests now, unless libcurl has given it
 * to another one already. */
void ngrok_curl_idle_add(ngrok_curl_idle *self, int descriptor, int port);

/* The connection from `port` rests no longer. Whether it has said something meanwhile. */
bool ngrok_curl_idle_remove(ngrok_curl_idle *self, int port);

#endif
