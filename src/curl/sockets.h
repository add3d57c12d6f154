/* The sockets of libcurl's connections, and which of them the poller watches.
 *
 * A connection that is kept between requests stays watched: libcurl takes it back and hands it out
 * again for each request, which would be two system calls.
 *
 * Ownership: the list only. The poller is its maker's; a socket is libcurl's, which closes it by
 * ngrok_sockets_close. */
#ifndef NGROK_SOCKETS_H
#define NGROK_SOCKETS_H

#include "base/descriptors.h"
#include "curl/poller.h"

#include <curl/curl.h>

/* Zeroed it is empty; `poller` is for the owner to set. */
typedef struct ngrok_sockets {
    ngrok_descriptors open;
    ngrok_poller *poller;
} ngrok_sockets;

/* CURL_SOCKET_BAD where the system gives none, as errno says, or where memory ran out: then errno
 * is ENOMEM. */
curl_socket_t ngrok_sockets_open(ngrok_sockets *self, const struct curl_sockaddr *address);

/* What close returns. */
int ngrok_sockets_close(ngrok_sockets *self, curl_socket_t number);

/* NULL where it is not one of them. Valid until the next call that opens or closes. */
ngrok_descriptor *ngrok_sockets_find(ngrok_sockets *self, curl_socket_t number);

/* By this end's port, the only name that libcurl gives to a connection. As `find`. */
ngrok_descriptor *ngrok_sockets_from(ngrok_sockets *self, int port);

/* What libcurl wants to know of a descriptor, one of these sockets or another; see poller.h. False
 * where it cannot be watched. */
bool ngrok_sockets_watch(ngrok_sockets *self, int number, unsigned what);

/* Whether libcurl waits for an event of it. If not, it is not watched any more. */
bool ngrok_sockets_expects_event(ngrok_sockets *self, int number);

#endif
