/* Connections that rest between two requests, and must be silent meanwhile.
 *
 * Whatever comes on such a connection of HTTP/1 answers nothing that was asked: a late 408, or
 * worse. libcurl (7.88, for one) would take it for the answer to the next request. HTTP/2 numbers
 * its requests and talks in between; its connections are none of this.
 *
 * Ownership: the descriptors are libcurl's, and may be closed or another's by the time they are
 * looked at; the port tells. */
#ifndef NGROK_CURL_IDLE_H
#define NGROK_CURL_IDLE_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct ngrok_curl_connection {
    curl_socket_t descriptor;
    int port; /* this end's */
} ngrok_curl_connection;

/* Zeroed it is empty. */
typedef struct ngrok_curl_idle {
    ngrok_curl_connection *connections;
    size_t count, capacity;
} ngrok_curl_idle;

void ngrok_curl_idle_free(ngrok_curl_idle *self);

/* A transfer has ended well, and is in the multi handle still: its connection rests, unless libcurl
 * has given it to another already. */
void ngrok_curl_idle_add(ngrok_curl_idle *self, CURL *easy);

/* To be called before libcurl chooses a connection: ends those that have something to say, but for
 * those that are busy. */
void ngrok_curl_idle_drop_talkative(ngrok_curl_idle *self,
                                    bool (*is_busy)(const void *context, int port),
                                    const void *context);

#endif
