/* Where a process meets itself: a Unix socket in a directory of its own, there until the event loop
 * above, which can connect but not take a descriptor, has connected to it.
 *
 * Ownership: of the socket and of both names, until `accept` or `close`; what `accept` returns is
 * the caller's. */
#ifndef NGROK_RENDEZVOUS_H
#define NGROK_RENDEZVOUS_H

#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

typedef struct ngrok_rendezvous {
    int listener;
    pid_t process; /* whose the names are */
    char directory[sizeof(((struct sockaddr_un *)0)->sun_path)];
    struct sockaddr_un address;
} ngrok_rendezvous;

/* Below a directory. False when the system gives no such socket; errno says why. */
bool ngrok_rendezvous_open(ngrok_rendezvous *self, const char *below);

/* The other end of the connection that this very process has begun, or -1 when there is none. Waits
 * for nobody, and closes the rendezvous. */
int ngrok_rendezvous_accept(ngrok_rendezvous *self);

/* Once it is closed, there is nothing to do. */
void ngrok_rendezvous_close(ngrok_rendezvous *self);

#endif
