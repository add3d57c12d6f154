/* The clock's and the timer's types are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* kqueue on Linux, for the test of src/curl/poller_kqueue.c where there is no other:
 * level-triggered EVFILT_READ and EVFILT_WRITE, and EVFILT_TIMER in milliseconds with EV_ONESHOT.
 *
 * A queue is an epoll descriptor, so that poll(2) and fcntl(2) take it. As the manual pages say:
 * adding a note again changes it and starts its timer anew; deleting what is not there is ENOENT;
 * a peer that has gone is EV_EOF, not EV_ERROR; closing a descriptor forgets its notes, whoever
 * else has the same socket open. For that, and for a queue's own timers, the test is linked with
 * -Wl,--wrap=close.
 *
 * One thing is poorer: of a descriptor that is readable and writable, the second event is dropped
 * where there is no room for it, and comes with the next call. */
#include "sys/event.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { most_notes = 256, most_events = 128 };

/* What a queue watches for on one descriptor, or one timer. Free while `queue` is 0. */
typedef struct note {
    int queue, watched; /* a timer's is our own timerfd */
    uintptr_t ident;
    bool reads, writes, is_timer;
} note;

static note notes[most_notes];

/* The linker's names, not ours. */
/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
int __real_close(int descriptor);
int __wrap_close(int descriptor);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

static note *find(int queue, uintptr_t ident, bool is_timer) {
    for (size_t i = 0; i < most_notes; i++) {
        note *at = &notes[i];
        if (at->queue == queue && at->ident == ident && at->is_timer == is_timer) {
            return at;
        }
    }
    return NULL;
}

static note *add(int queue, uintptr_t ident, bool is_timer) {
    for (size_t i = 0; i < most_notes; i++) {
        if (notes[i].queue == 0) {
            notes[i] = (note){.queue = queue, .ident = ident, .is_timer = is_timer, .watched = -1};
            return &notes[i];
        }
    }
    errno = ENOMEM;
    return NULL;
}

static void forget(note *gone) {
    if (gone->watched >= 0) {
        (void)epoll_ctl(gone->queue, EPOLL_CTL_DEL, gone->watched, &(struct epoll_event){0});
    }
    if (gone->is_timer && gone->watched >= 0) {
        (void)__real_close(gone->watched);
    }
    *gone = (note){0};
}

int __wrap_close(int descriptor) {
    for (size_t i = 0; i < most_notes; i++) {
        note *at = &notes[i];
        bool is_its = !at->is_timer && at->watched == descriptor;
        if (at->queue != 0 && (at->queue == descriptor || is_its)) {
            forget(at);
        }
    }
    return __real_close(descriptor);
}

int kqueue(void) {
    return epoll_create1(0);
}

/* Tells epoll what the note is for by now. */
static bool apply(note *changed, int operation) {
    struct epoll_event event = {
        .events = (changed->reads ? (uint32_t)(EPOLLIN | EPOLLRDHUP) : 0U) |
                  (changed->writes ? (uint32_t)EPOLLOUT : 0U),
        .data.ptr = changed,
    };
    return epoll_ctl(changed->queue, operation, changed->watched, &event) == 0;
}

static bool refuse(int reason) {
    errno = reason;
    return false;
}

static bool change_filter(int queue, const struct kevent *change) {
    bool wanted = (change->flags & EV_ADD) != 0;
    note *changed = find(queue, change->ident, false);
    bool is_new = changed == NULL;
    if (is_new && !wanted) {
        return refuse(ENOENT);
    }
    if (is_new && (changed = add(queue, change->ident, false)) == NULL) {
        return false;
    }
    bool *filter = change->filter == EVFILT_READ ? &changed->reads : &changed->writes;
    if (!wanted && !*filter) {
        return refuse(ENOENT);
    }
    *filter = wanted;
    changed->watched = (int)change->ident;
    if (!changed->reads && !changed->writes) {
        forget(changed);
        return true;
    }
    if (!apply(changed, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD)) {
        int reason = errno;
        forget(changed);
        return refuse(reason);
    }
    return true;
}

static bool change_timer(int queue, const struct kevent *change) {
    note *timer = find(queue, change->ident, true);
    if (timer != NULL) {
        forget(timer);
    }
    if ((change->flags & EV_DELETE) != 0) {
        return timer != NULL || refuse(ENOENT);
    }
    if ((change->flags & EV_ONESHOT) == 0 || change->fflags != 0) {
        return refuse(EINVAL);
    }
    timer = add(queue, change->ident, true);
    if (timer == NULL) {
        return false;
    }
    long wait = (long)change->data;
    struct itimerspec at = {.it_value = {wait / 1000, wait % 1000 * 1000000}};
    timer->watched = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    timer->reads = true;
    return timerfd_settime(timer->watched, 0, &at, NULL) == 0 && apply(timer, EPOLL_CTL_ADD);
}

static bool change_one(int queue, const struct kevent *change) {
    switch (change->filter) {
    case EVFILT_READ:
    case EVFILT_WRITE:
        return change_filter(queue, change);
    case EVFILT_TIMER:
        return change_timer(queue, change);
    default:
        return refuse(EINVAL);
    }
}

static unsigned pending_error(int descriptor) {
    int reason = 0;
    socklen_t size = sizeof reason;
    bool known = getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &reason, &size) == 0;
    return known ? (unsigned)reason : 0U;
}

/* Writes what one note has to tell; how many events that are. */
static int tell(note *of, uint32_t bits, struct kevent *events, int room) {
    const uint32_t gone = EPOLLERR | EPOLLHUP;
    int count = 0;
    if (of->is_timer) {
        EV_SET(&events[0], of->ident, EVFILT_TIMER, EV_ONESHOT, 0, 1, 0);
        forget(of);
        return 1;
    }
    unsigned error = (bits & EPOLLERR) != 0 ? pending_error(of->watched) : 0U;
    if (of->reads && (bits & (EPOLLIN | EPOLLRDHUP | gone)) != 0) {
        unsigned short end = (bits & (EPOLLRDHUP | gone)) != 0 ? EV_EOF : 0;
        EV_SET(&events[count++], of->ident, EVFILT_READ, end, error, 0, 0);
    }
    if (of->writes && (bits & (EPOLLOUT | gone)) != 0 && count < room) {
        unsigned short end = (bits & gone) != 0 ? EV_EOF : 0;
        EV_SET(&events[count++], of->ident, EVFILT_WRITE, end, error, 0, 0);
    }
    return count;
}

static int milliseconds(const struct timespec *timeout) {
    if (timeout == NULL) {
        return -1;
    }
    return (int)(timeout->tv_sec * 1000 + (timeout->tv_nsec + 999999) / 1000000);
}

int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events,
           int event_count, const struct timespec *timeout) {
    int count = 0;
    for (int i = 0; i < change_count; i++) {
        if (change_one(queue, &changes[i])) {
            continue;
        }
        if (count == event_count) {
            return -1;
        }
        EV_SET(&events[count++], changes[i].ident, changes[i].filter, EV_ERROR, 0, errno, 0);
    }
    if (count > 0 || event_count == 0) {
        return count;
    }
    struct epoll_event ready[most_events];
    int wanted = event_count < most_events ? event_count : most_events;
    int found = epoll_wait(queue, ready, wanted, milliseconds(timeout));
    if (found < 0) {
        return -1;
    }
    for (int i = 0; i < found && count < event_count; i++) {
        count += tell(ready[i].data.ptr, ready[i].events, events + count, event_count - count);
    }
    return count;
}
