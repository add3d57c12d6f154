#include "curl_idle.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

void ngrok_curl_idle_free(ngrok_curl_idle *self) {
    free(self->connections);
    *self = (ngrok_curl_idle){0};
}

static void remove_at(ngrok_curl_idle *self, size_t index) {
    self->connections[index] = self->connections[--self->count];
}

static void forget(ngrok_curl_idle *self, int port) {
    for (size_t i = self->count; i > 0; i--) {
        if (self->connections[i - 1].port == port) {
            remove_at(self, i - 1);
        }
    }
}

static bool speaks_http1(CURL *easy) {
    long version = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1;
}

static bool reserve_one(ngrok_curl_idle *self) {
    if (self->count < self->capacity) {
        return true;
    }
    size_t capacity = self->capacity == 0 ? 4 : self->capacity * 2;
    ngrok_curl_connection *grown = realloc(self->connections, capacity * sizeof *self->connections);
    if (grown == NULL) {
        return false;
    }
    self->connections = grown;
    self->capacity = capacity;
    return true;
}

void ngrok_curl_idle_add(ngrok_curl_idle *self, CURL *easy) {
    curl_socket_t descriptor = CURL_SOCKET_BAD;
    long port = 0;
    if (!speaks_http1(easy) ||
        curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &descriptor) != CURLE_OK ||
        descriptor == CURL_SOCKET_BAD ||
        curl_easy_getinfo(easy, CURLINFO_LOCAL_PORT, &port) != CURLE_OK) {
        return;
    }
    forget(self, (int)port);
    if (!reserve_one(self)) {
        (void)shutdown(descriptor, SHUT_RDWR); /* it would not be watched */
        return;
    }
    self->connections[self->count++] =
        (ngrok_curl_connection){.descriptor = descriptor, .port = (int)port};
}

static int port_of(curl_socket_t descriptor) {
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

static bool has_input(curl_socket_t descriptor) {
    char byte;
    return recv(descriptor, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* Shut down and read empty, libcurl finds it closed by the other end, and connects anew. */
static void drop(curl_socket_t descriptor) {
    enum { most_reads = 1024 };
    char bytes[16384];
    (void)shutdown(descriptor, SHUT_RDWR);
    for (int reads = 0; reads < most_reads; reads++) {
        if (recv(descriptor, bytes, sizeof bytes, MSG_DONTWAIT) <= 0) {
            return;
        }
    }
}

void ngrok_curl_idle_drop_talkative(ngrok_curl_idle *self,
                                    bool (*is_busy)(const void *context, int port),
                                    const void *context) {
    for (size_t i = self->count; i > 0; i--) {
        ngrok_curl_connection at = self->connections[i - 1];
        bool ours = port_of(at.descriptor) == at.port;
        if (ours && (!has_input(at.descriptor) || is_busy(context, at.port))) {
            continue;
        }
        if (ours) {
            drop(at.descriptor);
        }
        remove_at(self, i - 1);
    }
}
