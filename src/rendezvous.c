/* For struct ucred. */
#define _GNU_SOURCE

#include "rendezvous.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* Not passed to programs that the host starts, and never waited for. */
static bool set_flags(int descriptor) {
    return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 &&
           fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0;
}

static bool write_names(ngrok_rendezvous *self, const char *below) {
    self->address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(self->directory, sizeof self->directory, "%s/ngrok-XXXXXX", below);
    const int more = 2; /* for the name in it */
    if (length < 0 || length + more >= (int)sizeof self->directory) {
        self->directory[0] = '\0';
        errno = ENAMETOOLONG;
        return false;
    }
    return true;
}

static bool bind_in_directory(ngrok_rendezvous *self) {
    struct sockaddr_un *address = &self->address;
    /* Nobody else may look into it, so nobody else can connect. */
    if (mkdtemp(self->directory) == NULL) {
        self->directory[0] = '\0';
        return false;
    }
    (void)snprintf(address->sun_path, sizeof address->sun_path, "%.*s/s",
                   (int)sizeof address->sun_path - 3, self->directory);
    return bind(self->listener, (const struct sockaddr *)address, sizeof *address) == 0;
}

bool ngrok_rendezvous_open(ngrok_rendezvous *self, const char *below) {
    *self = (ngrok_rendezvous){.listener = -1, .process = getpid()};
    if (!write_names(self, below)) {
        return false;
    }
    self->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (self->listener >= 0 && set_flags(self->listener) && bind_in_directory(self) &&
        listen(self->listener, 1) == 0) {
        return true;
    }
    int problem = errno;
    ngrok_rendezvous_close(self);
    errno = problem;
    return false;
}

/* Another program of the same user could have been quicker, and would then stall the host. */
static bool is_from_here(int connection) {
#if defined(SO_PEERCRED) && defined(__linux__)
    struct ucred peer;
    socklen_t size = sizeof peer;
    return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
           peer.pid == getpid();
#elif defined(LOCAL_PEERPID)
    pid_t peer;
    socklen_t size = sizeof peer;
    return getsockopt(connection, SOL_LOCAL, LOCAL_PEERPID, &peer, &size) == 0 && peer == getpid();
#else
    (void)connection;
    return true;
#endif
}

int ngrok_rendezvous_accept(ngrok_rendezvous *self) {
    int connection = self->listener >= 0 ? accept(self->listener, NULL, NULL) : -1;
    if (connection >= 0 && !(set_flags(connection) && is_from_here(connection))) {
        (void)close(connection);
        connection = -1;
    }
    ngrok_rendezvous_close(self);
    return connection;
}

void ngrok_rendezvous_close(ngrok_rendezvous *self) {
    if (self->listener >= 0) {
        (void)close(self->listener);
        self->listener = -1;
    }
    if (self->directory[0] != '\0' && self->process == getpid()) {
        (void)unlink(self->address.sun_path);
        (void)rmdir(self->directory);
    }
    self->directory[0] = '\0';
}
