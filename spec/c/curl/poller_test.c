/* pipe, poll and fcntl are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* The poller on real descriptors. Nothing sleeps for luck: each wait is for something that must
 * come, with a limit that only a failure reaches. */
#include "curl/poller.h"

#include "base/clock.h"
#include "check.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most_events = 64, R = NGROK_POLLER_READ, W = NGROK_POLLER_WRITE, E = NGROK_POLLER_ERROR };
static const double patience = 10;

static ngrok_poller *poller;
static int pair[2];

static void begin(void) {
    poller = ngrok_poller_new();
    CHECK(poller != NULL);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
}

static void end(void) {
    ngrok_poller_free(poller);
    (void)close(pair[0]);
    (void)close(pair[1]);
}

static void send_byte(int descriptor) {
    CHECK(write(descriptor, "x", 1) == 1);
}

static void receive_byte(int descriptor) {
    char byte;
    CHECK(read(descriptor, &byte, 1) == 1);
}

static bool watch(int descriptor, unsigned what) {
    return ngrok_poller_watch(poller, descriptor, what);
}

/* What is ready of `descriptor`, over all the events of one wait. */
static unsigned ready_within(int descriptor, double seconds) {
    ngrok_poller_event events[most_events];
    unsigned ready = 0;
    int count = ngrok_poller_wait(poller, seconds, events, most_events);
    CHECK(count >= 0 && count <= most_events);
    for (int i = 0; i < count; i++) {
        ready |= events[i].descriptor == descriptor ? events[i].ready : 0;
    }
    return ready;
}

static int count_ready(double seconds) {
    ngrok_poller_event events[most_events];
    return ngrok_poller_wait(poller, seconds, events, most_events);
}

CASE(waits_no_longer_and_no_shorter_than_it_is_to) {
    begin();
    CHECK(watch(pair[0], R));
    double start = ngrok_clock_now();
    CHECK_INTEGER(count_ready(0), 0);
    CHECK_INTEGER(count_ready(-1), 0);
    CHECK(ngrok_clock_now() - start < patience);
    start = ngrok_clock_now();
    CHECK_INTEGER(count_ready(0.0205), 0);
    CHECK(ngrok_clock_now() - start >= 0.0205);
    end();
}

CASE(sees_what_it_watches_for_each_time_until_it_is_read) {
    begin();
    CHECK(watch(pair[0], R));
    CHECK_INTEGER(count_ready(0), 0);
    send_byte(pair[1]);
    CHECK_INTEGER(ready_within(pair[0], INFINITY), R);
    CHECK(watch(pair[0], W));
    CHECK_INTEGER(ready_within(pair[0], patience), W);
    CHECK(watch(pair[0], R | W));
    CHECK_INTEGER(ready_within(pair[0], patience), R | W);
    CHECK(watch(pair[0], R));
    CHECK_INTEGER(ready_within(pair[0], patience), R);
    CHECK_INTEGER(ready_within(pair[0], patience), R);
    receive_byte(pair[0]);
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

CASE(a_full_descriptor_can_not_be_written) {
    begin();
    int flags = fcntl(pair[0], F_GETFL);
    CHECK(fcntl(pair[0], F_SETFL, flags | O_NONBLOCK) == 0);
    while (write(pair[0], "x", 1) == 1) {
    }
    CHECK(watch(pair[0], W));
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

CASE(forgets_a_descriptor_and_no_other) {
    begin();
    CHECK(watch(pair[0], 0)); /* which it has never watched */
    send_byte(pair[1]);
    CHECK(watch(pair[0], R));
    CHECK(watch(pair[1], W));
    CHECK(watch(pair[0], 0));
    CHECK_INTEGER(count_ready(patience), 1);
    CHECK_INTEGER(ready_within(pair[1], patience), W);
    CHECK(watch(pair[0], R));
    CHECK_INTEGER(ready_within(pair[0], patience), R);
    end();
}

CASE(a_closed_descriptor_can_be_forgotten_not_watched) {
    begin();
    CHECK(watch(pair[0], R | W));
    (void)close(pair[0]);
    CHECK(watch(pair[0], 0));
    CHECK_INTEGER(count_ready(0), 0);
    CHECK(!watch(pair[0], R));
    end();
}

/* libcurl does not tell of every socket that it closes, and the next one has the same number. */
CASE(the_number_of_a_closed_descriptor_may_come_back) {
    begin();
    CHECK(watch(pair[0], R));
    (void)close(pair[0]);
    int again = dup(pair[1]);
    CHECK_INTEGER(again, pair[0]);
    CHECK(watch(again, W));
    CHECK(ready_within(again, patience) & W);
    end();
}

CASE(the_other_end_closing_is_seen) {
    begin();
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK(watch(pair[0], R));
    (void)close(pair[1]);
    CHECK(ready_within(pair[0], patience) & (R | E));
    CHECK(watch(ends[1], W));
    (void)close(ends[0]);
    CHECK(ready_within(ends[1], patience) & E);
    (void)close(ends[1]);
    end();
}

/* More than fit into one call's events, all of them always ready. */
CASE(comes_to_every_descriptor_in_turn) {
    enum { count = 40, at_once = 16 };
    begin();
    int descriptors[count];
    bool seen[count] = {false};
    for (int i = 0; i < count; i++) {
        descriptors[i] = dup(pair[0]);
        CHECK(watch(descriptors[i], W));
    }
    CHECK_INTEGER(count_ready(patience), count);
    for (int turn = 0; turn < count; turn++) {
        ngrok_poller_event events[at_once];
        int found = ngrok_poller_wait(poller, patience, events, at_once);
        CHECK(found > 0 && found <= at_once);
        for (int i = 0; i < found; i++) {
            for (int k = 0; k < count; k++) {
                seen[k] |= events[i].descriptor == descriptors[k];
            }
        }
    }
    for (int i = 0; i < count; i++) {
        CHECK(seen[i]);
        CHECK(watch(descriptors[i], 0));
        (void)close(descriptors[i]);
    }
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

/* ---- its own descriptor, and the alarm ---- */

/* As a host's loop sees it. */
static bool is_readable_within(double seconds) {
    struct pollfd entry = {.fd = ngrok_poller_descriptor(poller), .events = POLLIN};
    return poll(&entry, 1, (int)(seconds * 1000)) == 1 && (entry.revents & POLLIN) != 0;
}

/* Of the first 256 descriptors; `inherited` counts only those that a child would get. */
static int count_open(bool inherited) {
    int count = 0;
    for (int descriptor = 0; descriptor < 256; descriptor++) {
        int flags = fcntl(descriptor, F_GETFD);
        count += flags >= 0 && !(inherited && (flags & FD_CLOEXEC) != 0) ? 1 : 0;
    }
    return count;
}

CASE(closes_its_descriptors_and_lets_no_program_inherit_them) {
    int inherited = count_open(true), all = count_open(false);
    ngrok_poller *one = ngrok_poller_new();
    CHECK_INTEGER(count_open(true), inherited);
    CHECK(count_open(false) > all);
    ngrok_poller_free(one);
    CHECK_INTEGER(count_open(false), all);
    ngrok_poller_free(NULL);
}

CASE(the_descriptor_is_readable_when_something_is_ready) {
    begin();
    CHECK(watch(pair[0], R));
    CHECK(!is_readable_within(0));
    send_byte(pair[1]);
    CHECK(is_readable_within(patience));
    receive_byte(pair[0]);
    CHECK(!is_readable_within(0));
    end();
}

CASE(the_alarm_rings_in_time_each_time_it_is_set) {
    begin();
    for (int i = 0; i < 3; i++) {
        double start = ngrok_clock_now();
        ngrok_poller_alarm(poller, 0.02);
        CHECK(is_readable_within(patience));
        CHECK(ngrok_clock_now() - start >= 0.02);
        CHECK_INTEGER(count_ready(0), 0);
    }
    CHECK(!is_readable_within(0.03));
    end();
}

CASE(an_alarm_of_0_rings_at_once) {
    begin();
    ngrok_poller_alarm(poller, 0);
    CHECK(is_readable_within(patience));
    CHECK_INTEGER(count_ready(0), 0);
    ngrok_poller_alarm(poller, -1);
    CHECK(is_readable_within(patience));
    end();
}

CASE(only_the_alarm_ends_an_endless_wait) {
    begin();
    double start = ngrok_clock_now();
    ngrok_poller_alarm(poller, 0.02);
    CHECK_INTEGER(count_ready(INFINITY), 0);
    CHECK(ngrok_clock_now() - start >= 0.02);
    end();
}

CASE(the_alarm_hides_no_event) {
    begin();
    CHECK(watch(pair[0], R));
    ngrok_poller_alarm(poller, 0);
    CHECK(is_readable_within(patience));
    send_byte(pair[1]);
    CHECK_INTEGER(ready_within(pair[0], patience), R);
    end();
}

CASE(an_alarm_can_be_turned_off) {
    begin();
    ngrok_poller_alarm(poller, 0.01);
    ngrok_poller_alarm(poller, INFINITY);
    CHECK(!is_readable_within(0.03));
    ngrok_poller_alarm(poller, 0);
    CHECK(is_readable_within(patience));
    ngrok_poller_alarm(poller, INFINITY);
    CHECK(!is_readable_within(0));
    end();
}

CASE(a_new_alarm_replaces_the_old) {
    begin();
    ngrok_poller_alarm(poller, 0.01);
    ngrok_poller_alarm(poller, 1000);
    CHECK(!is_readable_within(0.03));
    ngrok_poller_alarm(poller, 0.001);
    CHECK(is_readable_within(patience));
    CHECK_INTEGER(count_ready(0), 0);
    CHECK(!is_readable_within(0.02));
    end();
}
