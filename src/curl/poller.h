/* One descriptor that is readable when any of many is ready: epoll on Linux, kqueue on macOS and
 * the BSDs.
 *
 * Ownership: the poller owns its own descriptors; those it watches stay their owner's. */
#ifndef NGROK_POLLER_H
#define NGROK_POLLER_H

#include <stdbool.h>

#if !defined(__linux__) && !defined(__APPLE__) && !defined(__FreeBSD__) && !defined(__NetBSD__) && \
    !defined(__OpenBSD__) && !defined(__DragonFly__)
#error "ngrok-api needs epoll or kqueue, which Linux, macOS and the BSDs have"
#endif

typedef struct ngrok_poller ngrok_poller;

enum { NGROK_POLLER_READ = 1, NGROK_POLLER_WRITE = 2, NGROK_POLLER_ERROR = 4 };

typedef struct ngrok_poller_event {
    int descriptor;
    unsigned ready; /* of the three above */
} ngrok_poller_event;

/* NULL when the system gives none; errno says why. */
ngrok_poller *ngrok_poller_new(void);
void ngrok_poller_free(ngrok_poller *poller);

/* Frees what a child process has inherited. What it watches stays watched in the parent. */
void ngrok_poller_abandon(ngrok_poller *poller);

/* Readable when a watched descriptor is ready or the alarm rang. */
int ngrok_poller_descriptor(const ngrok_poller *poller);

/* `what` replaces what was watched before; 0 forgets the descriptor. False when that failed. */
bool ngrok_poller_watch(ngrok_poller *poller, int descriptor, unsigned what);

/* Waits up to `seconds` (0: not at all; INFINITY: forever) and returns how many events it wrote;
 * 0 also when a signal came in between or only the alarm rang. */
int ngrok_poller_wait(ngrok_poller *poller, double seconds, ngrok_poller_event *events,
                      int capacity);

/* Makes the descriptor readable in `seconds`, once; INFINITY turns the alarm off. It may ring a
 * moment early, and an alarm of 0 may leave the previous one set: the caller sets the alarm again
 * after each wait. */
void ngrok_poller_alarm(ngrok_poller *poller, double seconds);

#endif
