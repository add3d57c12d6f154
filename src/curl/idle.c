#include "curl/idle.h"

#include <sys/socket.h>

void ngrok_idle_begin(ngrok_descriptors *sockets, int descriptor, int port) {
    for (size_t i = 0; i < sockets->count; i++) {
        if (sockets->all[i].number == descriptor) {
            sockets->all[i].idle_port = port;
        }
    }
}

static bool has_input(const ngrok_descriptor *socket) {
    char byte;
    return ngrok_descriptor_is_same(socket) &&
           recv(socket->number, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool ngrok_idle_end(ngrok_descriptors *sockets, int port) {
    for (size_t i = 0; port > 0 && i < sockets->count; i++) {
        ngrok_descriptor *socket = &sockets->all[i];
        if (socket->idle_port == port) {
            socket->idle_port = 0;
            return has_input(socket);
        }
    }
    return false;
}
