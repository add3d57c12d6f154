/* See poller.h. Empty except on Linux. */
#ifdef __linux__
/* CLOCK_MONOTONIC is POSIX, not C11; SOCK_CLOEXEC is neither. */
#define _DEFAULT_SOURCE

#include "curl/poller.h"

#include "base/clock.h"
#include "base/descriptors.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { most_events = 64 };

/* Seconds by which the timer may be early: setting it again would cost a system call. */
static const double close_enough = 0.0005;

/* The bell is a socket that is always writable, so the poller is readable while the epoll watches
 * it for writing. A timer instead would cost an interrupt, 20 us on virtual machines. And a socket
 * can be recognized by its inode, while epolls and timers all share one. */
struct ngrok_poller {
    int epoll;
    int timer;
    double due; /* when the timer rings or has rung; INFINITY: it is not set */
    ngrok_descriptor bell;
    bool rung;
};

static void close_if_open(int descriptor) {
    if (descriptor >= 0) {
        (void)close(descriptor);
    }
}

ngrok_poller *ngrok_poller_new(void) {
    ngrok_poller *poller = calloc(1, sizeof *poller);
    if (poller == NULL) {
        return NULL;
    }
    int bell = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    poller->bell.number = bell;
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    poller->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    poller->due = INFINITY;
    struct epoll_event silent = {.data.fd = bell};
    if (bell < 0 || poller->epoll < 0 || poller->timer < 0 ||
        !ngrok_descriptor_identify(&poller->bell, bell) ||
        epoll_ctl(poller->epoll, EPOLL_CTL_ADD, bell, &silent) != 0 ||
        !ngrok_poller_watch(poller, poller->timer, NGROK_POLLER_READ)) {
        int why = errno;
        ngrok_poller_free(poller);
        errno = why;
        return NULL;
    }
    return poller;
}

void ngrok_poller_free(ngrok_poller *poller) {
    if (poller != NULL) {
        close_if_open(poller->timer);
        close_if_open(poller->bell.number);
        close_if_open(poller->epoll);
        free(poller);
    }
}

/* Whether an epoll watches a descriptor. An epoll knows it by number and file together, so neither
 * can be another one then. Changes nothing: what could be added is removed again. */
static bool has(int epoll, int descriptor) {
    struct epoll_event nothing = {.data.fd = -1};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &nothing) == 0) {
        (void)epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, &nothing);
        return false;
    }
    return errno == EEXIST;
}

/* After a fork both processes have descriptors of one epoll and one timer, and each closes its own.
 * But the program may have closed them already, and their numbers may be other files by now. The
 * bell is recognized by its inode, the epoll because it watches the bell, and the timer because
 * that epoll watches it. A descriptor that is not recognized stays open. */
void ngrok_poller_abandon(ngrok_poller *poller) {
    if (ngrok_descriptor_is_same(&poller->bell)) {
        if (has(poller->epoll, poller->bell.number)) {
            if (has(poller->epoll, poller->timer)) {
                (void)close(poller->timer);
            }
            (void)close(poller->epoll);
        }
        (void)close(poller->bell.number);
    }
    free(poller);
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
    /* Whether the epoll watches it is unknown, as the number may be a reused one. */
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

static void set_bell(ngrok_poller *poller, bool rung) {
    struct epoll_event event = {.events = rung ? (uint32_t)EPOLLOUT : 0U,
                                .data.fd = poller->bell.number};
    if (rung != poller->rung &&
        epoll_ctl(poller->epoll, EPOLL_CTL_MOD, poller->bell.number, &event) == 0) {
        poller->rung = rung;
    }
}

static void silence_timer(ngrok_poller *poller) {
    uint64_t rings;
    if (read(poller->timer, &rings, sizeof rings) > 0) {
        poller->due = INFINITY;
    }
}

/* Whether it was the alarm, which the caller does not see. */
static bool silence(ngrok_poller *poller, int descriptor) {
    if (descriptor == poller->bell.number) {
        set_bell(poller, false);
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
        set_bell(poller, true);
        return;
    }
    set_bell(poller, false);
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
