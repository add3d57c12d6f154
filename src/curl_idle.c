#include "curl_idle.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { ports = 65536 };

void ngrok_curl_idle_free(ngrok_curl_idle *self) {
    free(self->descriptors);
    *self = (ngrok_curl_idle){0};
}

void ngrok_curl_idle_add(ngrok_curl_idle *self, int descriptor, int port) {
    if (port <= 0 || port >= ports) {
        return;
    }
    if (self->descriptors == NULL) {
        self->descriptors = calloc(ports, sizeof *self->descriptors);
    }
    if (self->descriptors == NULL) {
        (void)shutdown(descriptor, SHUT_RDWR); /* it would not be looked at */
        return;
    }
    self->descriptors[port] = descriptor + 1;
}

static int port_of(int descriptor) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};
    socklen_t length = sizeof address;
    if (getsockname(descriptor, &address.any, &length) != 0) {
        return 0;
    }
    switch (address.any.sa_family) {
    case AF_INET:
        return ntohs(address.v4.sin_port);
    case AF_INET6:
        return ntohs(address.v6.sin6_port);
    default:
        return 0;
    }
}

static bool has_input(int descriptor) {
    char byte;
    return recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool ngrok_curl_idle_remove(ngrok_curl_idle *self, int port) {
    if (self->descriptors == NULL || port <= 0 || port >= ports || self->descriptors[port] == 0) {
        return false;
    }
    int descriptor = self->descriptors[port] - 1;
    self->descriptors[port] = 0;
    return port_of(descriptor) == port && has_input(descriptor);
}
