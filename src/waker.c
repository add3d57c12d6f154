/* Signal masks are POSIX, not C11; macOS hides SO_NOSIGPIPE where only POSIX is asked for. */
#define _GNU_SOURCE

#include "waker.h"

#include "clock.h"
#include "descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* there is SO_NOSIGPIPE instead */
#endif

struct ngrok_waker {
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows, but for `polled` while `polling` */
    pthread_cond_t changed, left_poll;
    bool armed, polling, ending;
    double until;
    struct pollfd *polled; /* the first is `interrupt`'s reading end */
    size_t count, capacity;

    int stream;
    int interrupt[2]; /* a pipe that takes the thread out of poll */
    pid_t process;
    ngrok_descriptors owned; /* for a child, whose host may have closed what it inherited */
};

static void write_byte(int stream) {
    /* Each byte is read before the next is asked for, so the only failure is that nobody reads. */
    (void)send(stream, "w", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* ---- the thread ---- */

static int milliseconds_left(double until) {
    double left = ceil((until - ngrok_clock_now()) * 1e3);
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static bool is_ready(const ngrok_waker *self) {
    for (size_t i = 1; i < self->count; i++) {
        if (self->polled[i].revents != 0) {
            return true;
        }
    }
    return false;
}

/* Closed by its owner, against what waker.h asks for: it would be ready for ever. */
static void drop_closed(ngrok_waker *self) {
    for (size_t i = 1; i < self->count; i++) {
        if ((self->polled[i].revents & POLLNVAL) != 0) {
            self->polled[i].fd = -1;
            self->polled[i].revents = 0;
        }
    }
}

static void take_interruption(ngrok_waker *self) {
    if (self->polled[0].revents != 0) {
        char bytes[16];
        (void)!read(self->interrupt[0], bytes, sizeof bytes);
    }
}

static void poll_once(ngrok_waker *self) {
    int wait = milliseconds_left(self->until);
    self->polling = true;
    (void)pthread_mutex_unlock(&self->lock);
    int found = poll(self->polled, (nfds_t)self->count, wait);
    (void)pthread_mutex_lock(&self->lock);
    self->polling = false;
    (void)pthread_cond_signal(&self->left_poll);
    if (found > 0) {
        take_interruption(self);
        drop_closed(self);
    }
    bool over = ngrok_clock_now() >= self->until;
    if (self->armed && (over || (found > 0 && is_ready(self)))) {
        self->armed = false;
        write_byte(self->stream);
    }
}

static void *run(void *argument) {
    ngrok_waker *self = argument;
    (void)pthread_mutex_lock(&self->lock);
    while (!self->ending) {
        if (self->armed) {
            poll_once(self);
        } else {
            (void)pthread_cond_wait(&self->changed, &self->lock);
        }
    }
    (void)pthread_mutex_unlock(&self->lock);
    return NULL;
}

/* ---- its life ---- */

static bool open_interrupt(ngrok_waker *self) {
    if (pipe(self->interrupt) != 0) {
        self->interrupt[0] = self->interrupt[1] = -1;
        return false;
    }
    for (int i = 0; i < 2; i++) {
        if (fcntl(self->interrupt[i], F_SETFD, FD_CLOEXEC) != 0 ||
            fcntl(self->interrupt[i], F_SETFL, O_NONBLOCK) != 0 ||
            !ngrok_descriptors_add(&self->owned, self->interrupt[i])) {
            return false;
        }
    }
    return true;
}

static bool reserve(ngrok_waker *self, size_t count) {
    if (count <= self->capacity) {
        return true;
    }
    struct pollfd *grown = realloc(self->polled, count * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    self->polled = grown;
    self->capacity = count;
    return true;
}

/* The host's signals are for the host's thread. */
static bool start_thread(ngrok_waker *self) {
    sigset_t all, before;
    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) {
        return false;
    }
    bool started = pthread_create(&self->thread, NULL, run, self) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static void close_all(ngrok_waker *self) {
    if (self->process != getpid()) {
        ngrok_descriptors_close_all(&self->owned);
        return;
    }
    int all[] = {self->stream, self->interrupt[0], self->interrupt[1]};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i] >= 0) {
            (void)close(all[i]);
        }
    }
}

static void free_without_thread(ngrok_waker *self) {
    close_all(self);
    ngrok_descriptors_free(&self->owned);
    free(self->polled);
    free(self);
}

ngrok_waker *ngrok_waker_new(int stream) {
    enum { first_capacity = 8 };
    ngrok_waker *self = calloc(1, sizeof *self);
    if (self == NULL) {
        (void)close(stream);
        return NULL;
    }
    *self = (ngrok_waker){.stream = stream, .interrupt = {-1, -1}, .process = getpid()};
#ifdef SO_NOSIGPIPE
    int on = 1;
    (void)setsockopt(stream, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    (void)pthread_mutex_init(&self->lock, NULL);
    (void)pthread_cond_init(&self->changed, NULL);
    (void)pthread_cond_init(&self->left_poll, NULL);
    if (!open_interrupt(self) || !ngrok_descriptors_add(&self->owned, stream) ||
        !reserve(self, first_capacity) || !start_thread(self)) {
        free_without_thread(self);
        return NULL;
    }
    return self;
}

/* Of a locked waker. Disarmed first, lest the thread goes from one poll into the next. */
static void take_out_of_poll(ngrok_waker *self) {
    self->armed = false;
    if (self->polling) {
        (void)!write(self->interrupt[1], "i", 1);
    }
    while (self->polling) {
        (void)pthread_cond_wait(&self->left_poll, &self->lock);
    }
}

void ngrok_waker_free(ngrok_waker *self) {
    if (self == NULL) {
        return;
    }
    if (self->process == getpid()) { /* in a child the lock may be held, by nobody */
        (void)pthread_mutex_lock(&self->lock);
        self->ending = true;
        take_out_of_poll(self);
        (void)pthread_cond_signal(&self->changed);
        (void)pthread_mutex_unlock(&self->lock);
        (void)pthread_join(self->thread, NULL);
        (void)pthread_cond_destroy(&self->left_poll);
        (void)pthread_cond_destroy(&self->changed);
        (void)pthread_mutex_destroy(&self->lock);
    }
    free_without_thread(self);
}

/* ---- its use ---- */

static bool watch(ngrok_waker *self, const int *descriptors, size_t count) {
    if (!reserve(self, count + 1)) {
        return false;
    }
    self->polled[0] = (struct pollfd){.fd = self->interrupt[0], .events = POLLIN};
    for (size_t i = 0; i < count; i++) {
        self->polled[i + 1] = (struct pollfd){.fd = descriptors[i], .events = POLLIN};
    }
    self->count = count + 1;
    return true;
}

bool ngrok_waker_arm(ngrok_waker *self, const int *descriptors, size_t count, double seconds) {
    if (self->process != getpid()) {
        return false;
    }
    (void)pthread_mutex_lock(&self->lock);
    take_out_of_poll(self);
    self->armed = watch(self, descriptors, count);
    self->until = ngrok_clock_now() + seconds;
    bool armed = self->armed;
    (void)pthread_cond_signal(&self->changed);
    (void)pthread_mutex_unlock(&self->lock);
    return armed;
}

void ngrok_waker_ring(ngrok_waker *self) {
    if (self->process != getpid()) {
        return;
    }
    (void)pthread_mutex_lock(&self->lock);
    bool due = self->armed;
    take_out_of_poll(self);
    if (due) {
        write_byte(self->stream);
    }
    (void)pthread_mutex_unlock(&self->lock);
}

bool ngrok_waker_is_connected(const ngrok_waker *self) {
    char byte;
    if (self->process != getpid()) {
        return false;
    }
    return recv(self->stream, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}
