/* The part of kqueue's interface that src/curl/poller_kqueue.c uses, as the manual pages of macOS
 * and the BSDs have it, so that `make lint` can compile the file on Linux. */
#ifndef NGROK_SPEC_KQUEUE_H
#define NGROK_SPEC_KQUEUE_H

#include <stdint.h>
#include <time.h>

struct kevent {
    uintptr_t ident;
    short filter;
    unsigned short flags;
    unsigned fflags;
    intptr_t data;
    void *udata;
};

#define EVFILT_READ (-1)
#define EVFILT_WRITE (-2)
#define EVFILT_TIMER (-7)

#define EV_ADD 0x0001
#define EV_DELETE 0x0002
#define EV_ONESHOT 0x0010
#define EV_ERROR 0x4000
#define EV_EOF 0x8000

#define EV_SET(event, ident_, filter_, flags_, fflags_, data_, udata_)                             \
    (*(event) = (struct kevent){.ident = (uintptr_t)(ident_),                                      \
                                .filter = (filter_),                                               \
                                .flags = (flags_),                                                 \
                                .fflags = (fflags_),                                               \
                                .data = (data_),                                                   \
                                .udata = (void *)(udata_)})

int kqueue(void);
int kevent(int queue, const struct kevent *changes, int change_count, struct kevent *events,
           int event_count, const struct timespec *timeout);

#endif
