/* See poller.h. Empty on Linux, but for `make lint`, which brings declarations of kqueue. */
#if !defined(__linux__) || defined(NGROK_POLLER_KQUEUE)

#include "curl/poller.h"

#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/event.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

enum { most_events = 64, alarm_ident = 1 };

struct ngrok_poller {
    int queue;
};

ngrok_poller *ngrok_poller_new(void) {
    ngrok_poller *poller = calloc(1, sizeof *poller);
    if (poller == NULL) {
        return NULL;
    }
    poller->queue = kqueue();
    if (poller->queue < 0) {
        free(poller);
        return NULL;
    }
    (void)fcntl(poller->queue, F_SETFD, FD_CLOEXEC);
    return poller;
}

void ngrok_poller_free(ngrok_poller *poller) {
    if (poller != NULL) {
        (void)close(poller->queue);
        free(poller);
    }
}

/* A child inherits no kqueue: its number may be another descriptor's by now. */
void ngrok_poller_abandon(ngrok_poller *poller) {
    free(poller);
}

int ngrok_poller_descriptor(const ngrok_poller *poller) {
    return poller->queue;
}

/* Deleting a filter that was never added fails, without harm. */
static bool change(ngrok_poller *poller, int descriptor, short filter, bool wanted) {
    struct kevent event;
    EV_SET(&event, (uintptr_t)descriptor, filter, wanted ? EV_ADD : EV_DELETE, 0, 0, 0);
    return kevent(poller->queue, &event, 1, NULL, 0, NULL) == 0 || !wanted;
}

bool ngrok_poller_watch(ngrok_poller *poller, int descriptor, unsigned what) {
    bool reads = change(poller, descriptor, EVFILT_READ, (what & NGROK_POLLER_READ) != 0);
    bool writes = change(poller, descriptor, EVFILT_WRITE, (what & NGROK_POLLER_WRITE) != 0);
    return reads && writes;
}

/* EV_EOF on reading is the end of the other side's data, which a read shows as well. On writing it
 * means that the other side reads no more: epoll calls that an error. */
static unsigned readiness(const struct kevent *event) {
    if (event->filter == EVFILT_READ) {
        return NGROK_POLLER_READ;
    }
    return NGROK_POLLER_WRITE | ((event->flags & EV_EOF) != 0 ? NGROK_POLLER_ERROR : 0U);
}

int ngrok_poller_wait(ngrok_poller *poller, double seconds, ngrok_poller_event *events,
                      int capacity) {
    struct kevent ready[most_events];
    struct timespec limit = {0};
    bool bounded = seconds < 1e6;
    if (bounded && seconds > 0) {
        limit.tv_sec = (time_t)floor(seconds);
        limit.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
    }
    int wanted = capacity < most_events ? capacity : most_events;
    int found = kevent(poller->queue, NULL, 0, ready, wanted, bounded ? &limit : NULL);
    int count = 0;
    for (int i = 0; i < found; i++) {
        if (ready[i].filter == EVFILT_TIMER) {
            continue;
        }
        events[count++] = (ngrok_poller_event){
            .descriptor = (int)ready[i].ident,
            .ready = readiness(&ready[i]),
        };
    }
    return count;
}

void ngrok_poller_alarm(ngrok_poller *poller, double seconds) {
    struct kevent event;
    if (seconds >= 1e6) {
        EV_SET(&event, alarm_ident, EVFILT_TIMER, EV_DELETE, 0, 0, 0);
    } else {
        /* Milliseconds, rounded up: the one unit that every kqueue has. */
        intptr_t wait = seconds > 0 ? (intptr_t)ceil(seconds * 1e3) : 1;
        EV_SET(&event, alarm_ident, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0, wait, 0);
    }
    (void)kevent(poller->queue, &event, 1, NULL, 0, NULL);
}

#else
typedef int ngrok_poller_kqueue_is_not_here; /* ISO C wants something in every file */
#endif
