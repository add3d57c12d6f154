/* When a waker writes into its stream, and what is left of it afterwards. */
#define _POSIX_C_SOURCE 200809L

#include "waker.h"

#include "check.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    longest_wait = 20000, /* milliseconds, for what takes far less than one */
    glance = 30           /* for what must not come; passing by mistake is all that can go wrong */
};

static const double never = 3600;

/* A waker, the end of its stream that a host has, and something to be woken by. */
typedef struct fixture {
    ngrok_waker *waker;
    int stream;
    int ends[2];
} fixture;

static int lowest_free(void) {
    int number = open("/dev/null", O_RDONLY | O_CLOEXEC);
    (void)close(number);
    return number;
}

static void connect_stream(int pair[2]) {
    CHECK_INTEGER(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    for (int i = 0; i < 2; i++) {
        CHECK_INTEGER(fcntl(pair[i], F_SETFL, O_NONBLOCK), 0);
    }
}

static fixture begin(void) {
    fixture self;
    int pair[2] = {-1, -1};
    connect_stream(pair);
    self.stream = pair[0];
    self.waker = ngrok_waker_new(pair[1]);
    CHECK(self.waker != NULL);
    CHECK_INTEGER(pipe(self.ends), 0);
    return self;
}

static void end(fixture *self) {
    ngrok_waker_free(self->waker);
    (void)close(self->stream);
    (void)close(self->ends[0]);
    (void)close(self->ends[1]);
}

static bool is_readable(int descriptor, int milliseconds) {
    struct pollfd polled = {.fd = descriptor, .events = POLLIN};
    return poll(&polled, 1, milliseconds) == 1;
}

static void make_readable(const fixture *self) {
    CHECK_INTEGER(write(self->ends[1], "x", 1), 1);
}

static void make_unreadable(const fixture *self) {
    char byte;
    CHECK_INTEGER(read(self->ends[0], &byte, 1), 1);
}

/* How many bytes there are once the waker has nothing more to write. */
static int count_bytes(const fixture *self) {
    char bytes[16];
    CHECK(is_readable(self->stream, longest_wait));
    return (int)read(self->stream, bytes, sizeof bytes);
}

static bool has_none(const fixture *self) {
    return !is_readable(self->stream, glance);
}

static void writes_a_byte_when_a_descriptor_becomes_readable(void) {
    fixture self = begin();
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    CHECK(has_none(&self));
    make_readable(&self);
    CHECK_INTEGER(count_bytes(&self), 1);
    end(&self);
}

static void writes_a_byte_for_what_is_readable_already(void) {
    fixture self = begin();
    make_readable(&self);
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    CHECK_INTEGER(count_bytes(&self), 1);
    end(&self);
}

static void writes_a_byte_when_the_time_is_over(void) {
    fixture self = begin();
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, 0.001));
    CHECK_INTEGER(count_bytes(&self), 1);
    CHECK(ngrok_waker_arm(self.waker, NULL, 0, 0));
    CHECK_INTEGER(count_bytes(&self), 1);
    end(&self);
}

static void writes_no_second_byte_until_it_is_armed_again(void) {
    fixture self = begin();
    make_readable(&self);
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    CHECK_INTEGER(count_bytes(&self), 1);
    CHECK(has_none(&self));
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    CHECK_INTEGER(count_bytes(&self), 1);
    end(&self);
}

static void rings_once(void) {
    fixture self = begin();
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    ngrok_waker_ring(self.waker);
    ngrok_waker_ring(self.waker);
    CHECK_INTEGER(count_bytes(&self), 1);
    make_readable(&self);
    CHECK(has_none(&self));
    end(&self);
}

static void rings_not_unless_armed(void) {
    fixture self = begin();
    ngrok_waker_ring(self.waker);
    CHECK(has_none(&self));
    end(&self);
}

static void waits_for_what_it_was_armed_with_last(void) {
    fixture self = begin();
    int other[2];
    CHECK_INTEGER(pipe(other), 0);
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    CHECK(ngrok_waker_arm(self.waker, other, 1, never));
    make_readable(&self);
    CHECK(has_none(&self));
    CHECK_INTEGER(write(other[1], "x", 1), 1);
    CHECK_INTEGER(count_bytes(&self), 1);
    (void)close(other[0]);
    (void)close(other[1]);
    end(&self);
}

static void waits_for_many(void) {
    enum { count = 100 };
    fixture self = begin();
    int all[count];
    for (int i = 0; i < count - 1; i++) {
        all[i] = dup(self.stream); /* not readable before the waker has written */
    }
    all[count - 1] = self.ends[0];
    CHECK(ngrok_waker_arm(self.waker, all, count, never));
    make_readable(&self);
    CHECK_INTEGER(count_bytes(&self), 1);
    for (int i = 0; i < count - 1; i++) {
        (void)close(all[i]);
    }
    end(&self);
}

static void leaves_alone_what_was_closed_under_it(void) {
    fixture self = begin();
    int both[] = {dup(self.ends[0]), self.ends[0]};
    (void)close(both[0]);
    CHECK(ngrok_waker_arm(self.waker, both, 2, never));
    CHECK(has_none(&self));
    make_readable(&self);
    CHECK_INTEGER(count_bytes(&self), 1);
    end(&self);
}

/* The descriptor may be closed once `ring` has returned, whatever gets its number. */
static void touches_nothing_after_it_was_rung(void) {
    fixture self = begin();
    for (int i = 0; i < 200; i++) {
        int again = dup(self.ends[0]);
        CHECK(ngrok_waker_arm(self.waker, &again, 1, never));
        ngrok_waker_ring(self.waker);
        (void)close(again);
        CHECK_INTEGER(count_bytes(&self), 1);
    }
    end(&self);
}

/* Whoever comes first, the thread or the host, there is one byte for each arming. */
static void counts_right_however_both_threads_meet(void) {
    fixture self = begin();
    for (int i = 0; i < 2000; i++) {
        CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
        make_readable(&self);
        if (i % 3 == 0) {
            ngrok_waker_ring(self.waker);
        }
        if (!CHECK_INTEGER(count_bytes(&self), 1)) {
            break;
        }
        make_unreadable(&self);
    }
    CHECK(has_none(&self));
    end(&self);
}

static void knows_whether_anybody_reads(void) {
    fixture self = begin();
    CHECK(ngrok_waker_is_connected(self.waker));
    CHECK(ngrok_waker_arm(self.waker, NULL, 0, 0));
    CHECK(is_readable(self.stream, longest_wait));
    CHECK(ngrok_waker_is_connected(self.waker));
    (void)close(self.stream);
    CHECK(!ngrok_waker_is_connected(self.waker));
    self.stream = -1;
    end(&self);
}

/* A SIGPIPE would end this process. */
static void survives_that_nobody_reads(void) {
    fixture self = begin();
    (void)close(self.stream);
    self.stream = -1;
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    ngrok_waker_ring(self.waker);
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, 0));
    end(&self);
}

static int count_threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    int count = 0;
    if (tasks == NULL) {
        return 1; /* not on this system */
    }
    for (const struct dirent *task; (task = readdir(tasks)) != NULL;) {
        count += task->d_name[0] != '.' ? 1 : 0;
    }
    (void)closedir(tasks);
    return count;
}

/* A thread that was joined is gone from there only a little later. */
static bool becomes(int threads) {
    for (int waited = 0; waited < longest_wait && count_threads() > threads; waited++) {
        (void)poll(NULL, 0, 1);
    }
    return count_threads() == threads;
}

static void leaves_no_thread_and_no_descriptor(void) {
    int descriptor = lowest_free(), threads = count_threads();
    for (int i = 0; i < 20; i++) {
        fixture self = begin();
        if (i % 2 == 0) {
            CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
        }
        end(&self);
    }
    CHECK_INTEGER(lowest_free(), descriptor);
    CHECK(becomes(threads));
}

static volatile sig_atomic_t caught;

static void count_signal(int number) {
    (void)number;
    caught++;
}

static void leaves_signals_to_the_hosts_thread(void) {
    struct sigaction action = {.sa_handler = count_signal}, before;
    sigset_t set, mask;
    fixture self = begin();
    CHECK_INTEGER(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    CHECK_INTEGER(sigismember(&mask, SIGUSR1), 0);
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGUSR1);
    (void)sigaction(SIGUSR1, &action, &before);
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    caught = 0;
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never));
    (void)kill(getpid(), SIGUSR1);
    (void)poll(NULL, 0, glance);
    CHECK_INTEGER(caught, 0);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    CHECK_INTEGER(caught, 1);
    (void)sigaction(SIGUSR1, &before, NULL);
    end(&self);
}

/* What a child may do with the waker of its parent: the number of what went wrong. */
static int use_inherited(fixture *self, int before) {
    if (ngrok_waker_arm(self->waker, self->ends, 1, 0)) {
        return 1;
    }
    if (ngrok_waker_is_connected(self->waker)) {
        return 2;
    }
    ngrok_waker_ring(self->waker);
    end(self);
    return lowest_free() == before ? 0 : 3;
}

static void is_of_no_use_to_a_child(void) {
    int before = lowest_free(), status = -1;
    fixture self = begin();
    CHECK(ngrok_waker_arm(self.waker, self.ends, 1, never)); /* so that the lock may be held */
    pid_t child = fork();
    if (child == 0) {
        _exit(use_inherited(&self, before));
    }
    CHECK_INTEGER(waitpid(child, &status, 0), child);
    CHECK_INTEGER(status, 0);
    CHECK(has_none(&self));
    make_readable(&self);
    CHECK_INTEGER(count_bytes(&self), 1);
    CHECK(ngrok_waker_is_connected(self.waker));
    end(&self);
}

/* Once the host of the child has closed what it inherited, the numbers are somebody else's. */
static int free_after_closing(const fixture *self, int last) {
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (int number = self->stream; number <= last; number++) {
        (void)dup2(null, number);
    }
    ngrok_waker_free(self->waker);
    for (int number = self->stream; number <= last; number++) {
        if (fcntl(number, F_GETFD) < 0) {
            return 1;
        }
    }
    return 0;
}

static void closes_in_a_child_what_is_still_its_own_only(void) {
    fixture self = begin();
    int last = lowest_free() - 1, status = -1;
    pid_t child = fork();
    if (child == 0) {
        _exit(free_after_closing(&self, last));
    }
    CHECK_INTEGER(waitpid(child, &status, 0), child);
    CHECK_INTEGER(status, 0);
    end(&self);
}

static const check_case cases[] = {
    CHECK_CASE(writes_a_byte_when_a_descriptor_becomes_readable),
    CHECK_CASE(writes_a_byte_for_what_is_readable_already),
    CHECK_CASE(writes_a_byte_when_the_time_is_over),
    CHECK_CASE(writes_no_second_byte_until_it_is_armed_again),
    CHECK_CASE(rings_once),
    CHECK_CASE(rings_not_unless_armed),
    CHECK_CASE(waits_for_what_it_was_armed_with_last),
    CHECK_CASE(waits_for_many),
    CHECK_CASE(leaves_alone_what_was_closed_under_it),
    CHECK_CASE(touches_nothing_after_it_was_rung),
    CHECK_CASE(counts_right_however_both_threads_meet),
    CHECK_CASE(knows_whether_anybody_reads),
    CHECK_CASE(survives_that_nobody_reads),
    CHECK_CASE(leaves_no_thread_and_no_descriptor),
    CHECK_CASE(leaves_signals_to_the_hosts_thread),
    CHECK_CASE(is_of_no_use_to_a_child),
    CHECK_CASE(closes_in_a_child_what_is_still_its_own_only),
};

int main(void) {
    return check_run(cases, sizeof cases / sizeof cases[0]);
}
