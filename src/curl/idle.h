/* Connections that are idle between two requests, and must be silent meanwhile.
 *
 * Bytes that arrive on an idle connection of HTTP/1 belong to no request: they are a late 408, or
 * worse. libcurl 7 takes them for the response to the next request; libcurl 8 checks by itself.
 * HTTP/2 numbers its requests and talks in between; its connections are none of this. Only the one
 * connection that libcurl has chosen for a request is asked, as the request is about to go out.
 *
 * Of a connection libcurl tells its descriptor when a transfer ends, and only its port when the
 * next one begins. So the port is noted with the socket. */
#ifndef NGROK_IDLE_H
#define NGROK_IDLE_H

#include "base/descriptors.h"

/* A transfer has ended well on the HTTP/1 connection from `port`. */
void ngrok_idle_begin(ngrok_descriptors *sockets, int descriptor, int port);

/* The connection from `port` carries a request again. Returns whether the server has sent something
 * on it meanwhile. */
bool ngrok_idle_end(ngrok_descriptors *sockets, int port);

#endif
