/* See poller.h. Empty but on Linux. */
#if defined(__linux__) && !defined(NGROK_POLLER_PORTABLE)
/* CLOCK_MONOTONIC is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "poller.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { most_events = 64 };

struct ngrok_poller {
    int epoll;
    int timer;
    bool armed;
};

ngrok_poller *ngrok_poller_new(void) {
    ngrok_poller *poller = calloc(1, sizeof *poller);
    if (poller == NULL) {
        return NULL;
    }
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    poller->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (poller->epoll < 0 || poller->timer < 0 ||
        !ngrok_poller_watch(poller, poller->timer, NGROK_POLLER_READ)) {
        ngrok_poller_free(poller);
        return NULL;
    }
    return poller;
}

void ngrok_poller_free(ngrok_poller *poller) {
    if (poller == NULL) {
        return;
    }
    if (poller->timer >= 0) {
        (void)close(poller->timer);
    }
    if (poller->epoll >= 0) {
        (void)close(poller->epoll);
    }
    free(poller);
}

/* Both processes have descriptors of one epoll and one timer: each closes its own, and no more. */
void ngrok_poller_abandon(ngrok_poller *poller) {
    ngrok_poller_free(poller);
}

int ngrok_poller_descriptor(const ngrok_poller *poller) {
    return poller->epoll;
}

bool ngrok_poller_watch(ngrok_poller *poller, int descriptor, unsigned what) {
    struct epoll_event event = {.data.fd = descriptor};
    if (what == 0) {
        /* It may be closed by now, and then the kernel has forgotten it already. */
        (void)epoll_ctl(poller->epoll, EPOLL_CTL_DEL, descriptor, &event);
        return true;
    }
    event.events = ((what & NGROK_POLLER_READ) != 0 ? (uint32_t)EPOLLIN : 0U) |
                   ((what & NGROK_POLLER_WRITE) != 0 ? (uint32_t)EPOLLOUT : 0U);
    /* A closed descriptor's number may have come back, so neither case can be told beforehand. Each
     * request on a connection that is kept adds it anew; changes come while it is set up. */
    return epoll_ctl(poller->epoll, EPOLL_CTL_ADD, descriptor, &event) == 0 ||
           epoll_ctl(poller->epoll, EPOLL_CTL_MOD, descriptor, &event) == 0;
}

static int milliseconds(double seconds) {
    if (seconds <= 0) {
        return 0;
    }
    /* Rounded up: woken a moment too early, the caller would only come back and wait again. */
    return seconds > 1e6 ? -1 : (int)ceil(seconds * 1e3);
}

static void silence(ngrok_poller *poller) {
    uint64_t rings;
    poller->armed = read(poller->timer, &rings, sizeof rings) < 0;
}

int ngrok_poller_wait(ngrok_poller *poller, double seconds, ngrok_poller_event *events,
                      int capacity) {
    struct epoll_event ready[most_events];
    int wanted = capacity < most_events ? capacity : most_events;
    int found = epoll_wait(poller->epoll, ready, wanted, milliseconds(seconds));
    int count = 0;
    for (int i = 0; i < found; i++) {
        if (ready[i].data.fd == poller->timer) {
            silence(poller);
            continue;
        }
        uint32_t bits = ready[i].events;
        events[count++] = (ngrok_poller_event){
            .descriptor = ready[i].data.fd,
            .ready = ((bits & (uint32_t)EPOLLIN) != 0 ? NGROK_POLLER_READ : 0U) |
                     ((bits & (uint32_t)EPOLLOUT) != 0 ? NGROK_POLLER_WRITE : 0U) |
                     ((bits & (uint32_t)(EPOLLERR | EPOLLHUP)) != 0 ? NGROK_POLLER_ERROR : 0U),
        };
    }
    return count;
}

void ngrok_poller_alarm(ngrok_poller *poller, double seconds) {
    struct itimerspec at = {0};
    bool wanted = seconds < 1e6;
    if (!wanted && !poller->armed) {
        return;
    }
    if (wanted) {
        double whole = floor(seconds > 0 ? seconds : 0);
        at.it_value.tv_sec = (time_t)whole;
        at.it_value.tv_nsec = seconds > 0 ? (long)((seconds - whole) * 1e9) : 0;
        if (at.it_value.tv_sec == 0 && at.it_value.tv_nsec == 0) {
            at.it_value.tv_nsec = 1; /* zero would turn it off */
        }
    }
    poller->armed = wanted && timerfd_settime(poller->timer, 0, &at, NULL) == 0;
    if (!wanted) {
        (void)timerfd_settime(poller->timer, 0, &at, NULL);
    }
}

#else
typedef int ngrok_poller_epoll_is_not_here; /* ISO C wants something in every file */
#endif
