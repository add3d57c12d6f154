/* What a hold keeps from the process, and what it leaves to it. */
#define _POSIX_C_SOURCE 200809L

#include "curl/sigpipe.h"

#include "check.h"

#include <errno.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void count_signal(int number) {
    (void)number;
    caught++;
}

/* SIGPIPE's handler and mask as every case finds them. */
static void handle_with(void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler};
    sigset_t none;
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)sigaction(SIGPIPE, &action, NULL);
    caught = 0;
}

static void write_to_nobody(void) {
    int ends[2] = {-1, -1};
    CHECK(pipe(ends) == 0);
    (void)close(ends[0]);
    errno = 0;
    CHECK(write(ends[1], "x", 1) == -1);
    CHECK_INTEGER(errno, EPIPE);
    (void)close(ends[1]);
}

static bool is_pending(void) {
    sigset_t pending;
    (void)sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

static bool is_blocked(void) {
    sigset_t blocked;
    (void)sigprocmask(SIG_BLOCK, NULL, &blocked);
    return sigismember(&blocked, SIGPIPE) == 1;
}

static void block_sigpipe(void) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGPIPE);
    (void)sigprocmask(SIG_BLOCK, &set, NULL);
}

CASE(tells_the_process_nothing_of_a_write_inside) {
    handle_with(count_signal);
    ngrok_sigpipe guard;
    ngrok_sigpipe_hold(&guard);
    write_to_nobody();
    ngrok_sigpipe_release(&guard);
    CHECK_INTEGER(caught, 0);
    CHECK(!is_pending());
    CHECK(!is_blocked());
}

CASE(leaves_later_writes_to_the_process) {
    handle_with(count_signal);
    ngrok_sigpipe guard;
    ngrok_sigpipe_hold(&guard);
    ngrok_sigpipe_release(&guard);
    write_to_nobody();
    CHECK_INTEGER(caught, 1);
}

CASE(leaves_a_signal_that_was_pending_before) {
    handle_with(count_signal);
    block_sigpipe();
    write_to_nobody();
    CHECK(is_pending());
    ngrok_sigpipe guard;
    ngrok_sigpipe_hold(&guard);
    write_to_nobody();
    ngrok_sigpipe_release(&guard);
    CHECK(is_pending());
    CHECK(is_blocked());
    handle_with(count_signal); /* unblocked, it is delivered before it can be counted again */
    CHECK(!is_pending());
}

CASE(works_where_the_process_ignores_it) {
    handle_with(SIG_IGN);
    ngrok_sigpipe guard;
    ngrok_sigpipe_hold(&guard);
    write_to_nobody();
    ngrok_sigpipe_release(&guard);
    CHECK(!is_pending());
    CHECK(!is_blocked());
}
