/* See poller.h. Empty but on Linux. */
#if defined(__linux__) && !defined(NGROK_POLLER_PORTABLE)
/* CLOCK_MONOTONIC is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "poller.h"

#include "clock.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { most_events = 64 };

/* Seconds. What the timer is set to may be so much too early: setting it anew costs a system call.
 */
static const double close_enough = 0.0005;

struct ngrok_poller {
    int epoll;
    int timer;
    double due; /* when the timer rings or has rung; INFINITY: it is not set */
    int bell; /* rings at once: a timer that is due takes an interrupt, 20 us on virtual machines */
    bool rung;
};

ngrok_poller *ngrok_poller_new(void) {
    ngrok_poller *poller = calloc(1, sizeof *poller);
    if (poller == NULL) {
        return NULL;
    }
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    poller->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    poller->due = INFINITY;
    poller->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (poller->epoll < 0 || poller->timer < 0 || poller->bell < 0 ||
        !ngrok_poller_watch(poller, poller->timer, NGROK_POLLER_READ) ||
        !ngrok_poller_watch(poller, poller->bell, NGROK_POLLER_READ)) {
        ngrok_poller_free(poller);
        return NULL;
    }
    return poller;
}

void ngrok_poller_free(ngrok_poller *poller) {
    if (poller == NULL) {
        return;
    }
    const int own[] = {poller->timer, poller->bell, poller->epoll};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (own[i] >= 0) {
            (void)close(own[i]);
        }
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

static void ring(ngrok_poller *poller) {
    const uint64_t once = 1;
    poller->rung = poller->rung || write(poller->bell, &once, sizeof once) > 0;
}

static void silence_bell(ngrok_poller *poller) {
    uint64_t rings;
    if (poller->rung) {
        (void)!read(poller->bell, &rings, sizeof rings);
        poller->rung = false;
    }
}

static void silence_timer(ngrok_poller *poller) {
    uint64_t rings;
    if (read(poller->timer, &rings, sizeof rings) > 0) {
        poller->due = INFINITY;
    }
}

/* Whether it was the alarm, which is none of the caller's. */
static bool silence(ngrok_poller *poller, int descriptor) {
    if (descriptor == poller->bell) {
        silence_bell(poller);
    } else if (descriptor == poller->timer) {
        silence_timer(poller);
    } else {
        return false;
    }
    return true;
}

int ngrok_poller_wait(ngrok_poller *poller, double seconds, ngrok_poller_event *events,
                      int capacity) {
    struct epoll_event ready[most_events];
    int wanted = capacity < most_events ? capacity : most_events;
    int found = epoll_wait(poller->epoll, ready, wanted, milliseconds(seconds));
    int count = 0;
    for (int i = 0; i < found; i++) {
        if (silence(poller, ready[i].data.fd)) {
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

static bool set_timer(const ngrok_poller *poller, double seconds) {
    struct itimerspec at = {0}; /* off */
    if (!isinf(seconds)) {
        double whole = floor(seconds);
        at.it_value.tv_sec = (time_t)whole;
        /* Zero would turn it off. */
        at.it_value.tv_nsec = 1 + (long)((seconds - whole) * 999999998);
    }
    return timerfd_settime(poller->timer, 0, &at, NULL) == 0;
}

void ngrok_poller_alarm(ngrok_poller *poller, double seconds) {
    if (seconds <= 0) {
        ring(poller);
        return;
    }
    silence_bell(poller);
    seconds = seconds < 1e6 ? seconds : INFINITY;
    double due = ngrok_clock_now() + seconds;
    bool is_set = due == poller->due || (due >= poller->due && due - poller->due < close_enough);
    if (!is_set) {
        poller->due = set_timer(poller, seconds) ? due : INFINITY;
    }
}

#else
typedef int ngrok_poller_epoll_is_not_here; /* ISO C wants something in every file */
#endif
