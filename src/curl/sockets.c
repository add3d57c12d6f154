/* SOCK_CLOEXEC. */
#define _GNU_SOURCE

#include "curl/sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static curl_socket_t make(const struct curl_sockaddr *address) {
#ifdef SOCK_CLOEXEC
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    curl_socket_t made = socket(address->family, address->socktype, address->protocol);
    if (made >= 0) {
        (void)fcntl(made, F_SETFD, FD_CLOEXEC);
    }
    return made;
#endif
}

curl_socket_t ngrok_sockets_open(ngrok_sockets *self, const struct curl_sockaddr *address) {
    curl_socket_t made = make(address);
    if (made != CURL_SOCKET_BAD && !ngrok_descriptors_add(&self->open, made)) {
        (void)close(made);
        errno = ENOMEM;
        return CURL_SOCKET_BAD;
    }
    return made;
}

/* Before it is closed, as a child process may hold it open, and then the poller would go on
 * watching what has no number any more. */
static void unwatch(ngrok_sockets *self, ngrok_descriptor *socket) {
    if (socket->watched != 0) {
        (void)ngrok_poller_watch(self->poller, socket->number, 0);
        socket->watched = 0;
    }
}

int ngrok_sockets_close(ngrok_sockets *self, curl_socket_t number) {
    ngrok_descriptor *socket = ngrok_sockets_find(self, number);
    if (socket != NULL) {
        unwatch(self, socket);
    }
    ngrok_descriptors_remove(&self->open, number);
    return close(number);
}

ngrok_descriptor *ngrok_sockets_find(ngrok_sockets *self, curl_socket_t number) {
    return ngrok_descriptors_find(&self->open, number);
}

static int ask_for_port(curl_socket_t number) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};
    socklen_t length = sizeof address;
    if (getsockname(number, &address.any, &length) != 0) {
        return 0;
    }
    return address.any.sa_family == AF_INET    ? ntohs(address.v4.sin_port)
           : address.any.sa_family == AF_INET6 ? ntohs(address.v6.sin6_port)
                                               : 0;
}

/* A connected socket keeps its port, so each is asked once: with a thousand connections each
 * request would make a thousand system calls. */
ngrok_descriptor *ngrok_sockets_from(ngrok_sockets *self, int port) {
    for (size_t i = 0; port > 0 && i < self->open.count; i++) {
        ngrok_descriptor *socket = &self->open.all[i];
        socket->port = socket->port > 0 ? socket->port : ask_for_port(socket->number);
        if (socket->port == port) {
            return socket;
        }
    }
    return NULL;
}

bool ngrok_sockets_watch(ngrok_sockets *self, int number, unsigned what) {
    ngrok_descriptor *socket = ngrok_sockets_find(self, number);
    if (socket == NULL) {
        return ngrok_poller_watch(self->poller, number, what);
    }
    socket->wanted = what;
    /* Only for reading: an idle connection can be written to, and the poller would never rest. */
    if (what == socket->watched || (what == 0 && socket->watched == NGROK_POLLER_READ)) {
        return true;
    }
    bool fine = ngrok_poller_watch(self->poller, number, what);
    socket->watched = fine ? what : 0;
    return fine;
}

bool ngrok_sockets_expects_event(ngrok_sockets *self, int number) {
    ngrok_descriptor *socket = ngrok_sockets_find(self, number);
    if (socket != NULL && socket->wanted == 0) {
        unwatch(self, socket);
        return false;
    }
    return true;
}
