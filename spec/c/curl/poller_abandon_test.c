/* open, pipe and fcntl are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* A poller that a child process has inherited, and whose descriptors the program may have closed
 * before it is abandoned. Descriptors are the same to a child as to its parent, so that no process
 * has to fork for this. Only Linux' poller is inherited. */
#include "curl/poller.h"

#include "check.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <unistd.h>

#ifdef __linux__

enum { most = 256, most_own = 8 };

static ngrok_poller *poller;
static int own[most_own], own_count;

static bool is_open(int number) {
    return fcntl(number, F_GETFD) >= 0;
}

/* A poller, and the numbers of its descriptors. */
static void begin(void) {
    bool before[most];
    for (int number = 0; number < most; number++) {
        before[number] = is_open(number);
    }
    poller = ngrok_poller_new();
    CHECK(poller != NULL);
    own_count = 0;
    for (int number = 0; number < most; number++) {
        if (is_open(number) && !before[number]) {
            CHECK(own_count < most_own);
            own[own_count++] = number;
        }
    }
}

static void close_own(void) {
    for (int i = 0; i < own_count; i++) {
        (void)close(own[i]);
    }
}

static int count_open_own(void) {
    int count = 0;
    for (int i = 0; i < own_count; i++) {
        count += is_open(own[i]) ? 1 : 0;
    }
    return count;
}

CASE(closes_its_own_descriptors_also_while_the_alarm_rings) {
    for (int rings = 0; rings < 2; rings++) {
        begin();
        ngrok_poller_alarm(poller, rings == 1 ? 0 : INFINITY);
        ngrok_poller_abandon(poller);
        CHECK_INTEGER(count_open_own(), 0);
    }
}

CASE(leaves_files_that_have_got_the_numbers) {
    begin();
    close_own();
    for (int i = 0; i < own_count; i++) {
        CHECK_INTEGER(open("/dev/null", O_RDONLY | O_CLOEXEC), own[i]);
    }
    ngrok_poller_abandon(poller);
    CHECK_INTEGER(count_open_own(), own_count);
    close_own();
}

CASE(leaves_another_poller_that_has_got_the_numbers) {
    begin();
    ngrok_poller *old = poller;
    close_own();
    poller = ngrok_poller_new();
    CHECK(poller != NULL);
    CHECK_INTEGER(count_open_own(), own_count);
    int pair[2];
    CHECK_INTEGER(pipe(pair), 0);
    CHECK(ngrok_poller_watch(poller, pair[0], NGROK_POLLER_READ));
    ngrok_poller_abandon(old);
    CHECK_INTEGER(count_open_own(), own_count);
    CHECK(write(pair[1], "x", 1) == 1);
    ngrok_poller_event event;
    CHECK_INTEGER(ngrok_poller_wait(poller, INFINITY, &event, 1), 1);
    CHECK_INTEGER(event.descriptor, pair[0]);
    ngrok_poller_free(poller);
    (void)close(pair[0]);
    (void)close(pair[1]);
}

/* One after the other, whichever it is: a pipe is put in its place, and what else can still be told
 * to be the poller's may be closed, but the pipe may not. */
CASE(leaves_a_pipe_that_has_got_one_number) {
    begin();
    ngrok_poller_free(poller);
    int count = own_count;
    for (int i = 0; i < count; i++) {
        begin();
        int pair[2], replaced = own[i];
        CHECK_INTEGER(pipe(pair), 0);
        CHECK_INTEGER(dup2(pair[0], replaced), replaced);
        ngrok_poller_abandon(poller);
        CHECK(is_open(replaced));
        close_own();
        (void)close(pair[0]);
        (void)close(pair[1]);
    }
}

/* What it watches is watched in the parent still. */
CASE(changes_nothing_of_what_the_parent_watches) {
    begin();
    int copies[most_own] = {0};
    for (int i = 0; i < own_count; i++) {
        copies[i] = dup(own[i]);
        CHECK(copies[i] >= 0);
    }
    ngrok_poller_alarm(poller, 0);
    int epoll = ngrok_poller_descriptor(poller);
    int kept = -1;
    for (int i = 0; i < own_count; i++) {
        kept = own[i] == epoll ? copies[i] : kept;
    }
    ngrok_poller_abandon(poller);
    struct pollfd entry = {.fd = kept, .events = POLLIN};
    CHECK_INTEGER(poll(&entry, 1, 0), 1);
    for (int i = 0; i < own_count; i++) {
        (void)close(copies[i]);
    }
}

#endif
