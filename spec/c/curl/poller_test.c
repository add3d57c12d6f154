/* pipe, poll and fcntl are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* The poller on real descriptors; built once as the system has it and once with
 * NGROK_POLLER_PORTABLE. Nothing sleeps for luck: each wait is for something that must come, with a
 * limit that only a failure reaches. */
#include "curl/poller.h"

#include "check.h"

#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { most_events = 8 };
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

static double clock_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void nothing_is_ready_at_first(void) {
    begin();
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

static void a_wait_of_0_does_not_block(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    double start = clock_now();
    for (int i = 0; i < 100; i++) {
        CHECK_INTEGER(count_ready(0), 0);
        CHECK_INTEGER(count_ready(-1), 0);
    }
    CHECK(clock_now() - start < patience);
    end();
}

static void a_wait_is_never_too_short(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    double start = clock_now();
    CHECK_INTEGER(count_ready(0.0205), 0);
    CHECK(clock_now() - start >= 0.0205);
    end();
}

static void sees_what_can_be_read(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    send_byte(pair[1]);
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_READ);
    receive_byte(pair[0]);
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

static void waits_for_ever_when_something_comes(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    send_byte(pair[1]);
    CHECK_INTEGER(ready_within(pair[0], INFINITY), NGROK_POLLER_READ);
    end();
}

static void says_it_again_until_it_was_read(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    send_byte(pair[1]);
    for (int i = 0; i < 3; i++) {
        CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_READ);
    }
    end();
}

static void sees_what_can_be_written(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_WRITE));
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_WRITE);
    end();
}

static void sees_both_at_once(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ | NGROK_POLLER_WRITE));
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_WRITE);
    send_byte(pair[1]);
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_READ | NGROK_POLLER_WRITE);
    end();
}

static void sees_only_what_it_watches_for(void) {
    begin();
    send_byte(pair[1]);
    CHECK(watch(pair[0], NGROK_POLLER_WRITE));
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_WRITE);
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_READ);
    end();
}

static void a_full_descriptor_can_not_be_written(void) {
    begin();
    int flags = fcntl(pair[0], F_GETFL);
    CHECK(fcntl(pair[0], F_SETFL, flags | O_NONBLOCK) == 0);
    while (write(pair[0], "x", 1) == 1) {
    }
    CHECK(watch(pair[0], NGROK_POLLER_WRITE));
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

static void forgets_a_descriptor(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    send_byte(pair[1]);
    CHECK(watch(pair[0], 0));
    CHECK_INTEGER(count_ready(0), 0);
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_READ);
    end();
}

static void forgets_what_it_never_knew(void) {
    begin();
    CHECK(watch(pair[0], 0));
    CHECK(watch(pair[1], NGROK_POLLER_WRITE));
    CHECK(watch(pair[0], 0));
    CHECK_INTEGER(ready_within(pair[1], patience), NGROK_POLLER_WRITE);
    end();
}

static void forgetting_one_keeps_the_others(void) {
    begin();
    int other[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, other) == 0);
    CHECK(watch(pair[0], NGROK_POLLER_WRITE));
    CHECK(watch(pair[1], NGROK_POLLER_WRITE));
    CHECK(watch(other[0], NGROK_POLLER_WRITE));
    CHECK(watch(pair[0], 0));
    ngrok_poller_event events[most_events];
    CHECK_INTEGER(ngrok_poller_wait(poller, patience, events, most_events), 2);
    CHECK(events[0].descriptor != pair[0] && events[1].descriptor != pair[0]);
    CHECK(events[0].descriptor != events[1].descriptor);
    (void)close(other[0]);
    (void)close(other[1]);
    end();
}

static void a_closed_descriptor_can_be_forgotten(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ | NGROK_POLLER_WRITE));
    (void)close(pair[0]);
    CHECK(watch(pair[0], 0));
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

/* libcurl does not tell of every socket that it closes, and the next one has the same number. */
static void the_number_of_a_closed_descriptor_may_come_back(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    (void)close(pair[0]);
    int again = dup(pair[1]);
    CHECK_INTEGER(again, pair[0]);
    CHECK(watch(again, NGROK_POLLER_WRITE));
    CHECK(ready_within(again, patience) & NGROK_POLLER_WRITE);
    end();
}

static void the_other_end_closing_is_seen(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    (void)close(pair[1]);
    CHECK(ready_within(pair[0], patience) & (NGROK_POLLER_READ | NGROK_POLLER_ERROR));
    end();
}

static void a_pipe_without_readers_is_an_error(void) {
    begin();
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK(watch(ends[1], NGROK_POLLER_WRITE));
    (void)close(ends[0]);
    CHECK(ready_within(ends[1], patience) & NGROK_POLLER_ERROR);
    (void)close(ends[1]);
    end();
}

/* More than fit into one response, all of them always ready. */
static void comes_to_every_descriptor_in_turn(void) {
    enum { count = 5, at_once = 2 };
    begin();
    int descriptors[count];
    bool seen[count] = {false};
    for (int i = 0; i < count; i++) {
        descriptors[i] = dup(pair[0]);
        CHECK(watch(descriptors[i], NGROK_POLLER_WRITE));
    }
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
        (void)close(descriptors[i]);
    }
    end();
}

static void watches_many_descriptors(void) {
    enum { count = 40 };
    begin();
    int descriptors[count];
    for (int i = 0; i < count; i++) {
        descriptors[i] = dup(pair[0]);
        CHECK(watch(descriptors[i], NGROK_POLLER_WRITE));
    }
    ngrok_poller_event events[count + 1];
    CHECK_INTEGER(ngrok_poller_wait(poller, patience, events, count + 1), count);
    for (int i = 0; i < count; i++) {
        CHECK(watch(descriptors[i], 0));
        (void)close(descriptors[i]);
    }
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

static void no_poller_can_be_freed(void) {
    ngrok_poller_free(NULL);
    CHECK(true);
}

#ifdef NGROK_POLLER_PORTABLE

static void has_no_descriptor(void) {
    begin();
    CHECK_INTEGER(ngrok_poller_descriptor(poller), -1);
    end();
}

static void an_alarm_is_no_event(void) {
    begin();
    ngrok_poller_alarm(poller, 0);
    CHECK_INTEGER(count_ready(0), 0);
    ngrok_poller_alarm(poller, INFINITY);
    CHECK_INTEGER(count_ready(0), 0);
    end();
}

#else

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

#ifdef __linux__
static void children_inherit_none_of_its_descriptors(void) {
    int before = count_open(true);
    ngrok_poller *one = ngrok_poller_new();
    CHECK(ngrok_poller_descriptor(one) >= 0);
    CHECK_INTEGER(count_open(true), before);
    ngrok_poller_free(one);
}
#endif

static void freeing_closes_its_descriptors(void) {
    int before = count_open(false);
    ngrok_poller *one = ngrok_poller_new();
    CHECK(count_open(false) > before);
    ngrok_poller_free(one);
    CHECK_INTEGER(count_open(false), before);
}

static void the_descriptor_is_readable_when_something_is_ready(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    CHECK(!is_readable_within(0));
    send_byte(pair[1]);
    CHECK(is_readable_within(patience));
    receive_byte(pair[0]);
    CHECK(!is_readable_within(0));
    end();
}

static void watching_a_closed_descriptor_fails(void) {
    begin();
    (void)close(pair[0]);
    CHECK(!watch(pair[0], NGROK_POLLER_READ));
    end();
}

static void the_alarm_makes_the_descriptor_readable(void) {
    begin();
    double start = clock_now();
    ngrok_poller_alarm(poller, 0.03);
    CHECK(is_readable_within(patience));
    CHECK(clock_now() - start >= 0.03);
    end();
}

static void an_alarm_of_0_rings_at_once(void) {
    begin();
    ngrok_poller_alarm(poller, 0);
    CHECK(is_readable_within(patience));
    CHECK_INTEGER(count_ready(0), 0);
    ngrok_poller_alarm(poller, -1);
    CHECK(is_readable_within(patience));
    end();
}

static void the_alarm_rings_once_and_is_no_event(void) {
    begin();
    ngrok_poller_alarm(poller, 0.001);
    CHECK(is_readable_within(patience));
    CHECK_INTEGER(count_ready(0), 0);
    CHECK(!is_readable_within(0.02));
    end();
}

static void only_the_alarm_ends_an_endless_wait(void) {
    begin();
    double start = clock_now();
    ngrok_poller_alarm(poller, 0.02);
    CHECK_INTEGER(count_ready(INFINITY), 0);
    CHECK(clock_now() - start >= 0.02);
    end();
}

static void the_alarm_hides_no_event(void) {
    begin();
    CHECK(watch(pair[0], NGROK_POLLER_READ));
    ngrok_poller_alarm(poller, 0);
    CHECK(is_readable_within(patience));
    send_byte(pair[1]);
    CHECK_INTEGER(ready_within(pair[0], patience), NGROK_POLLER_READ);
    end();
}

static void an_alarm_can_be_turned_off(void) {
    begin();
    ngrok_poller_alarm(poller, 0.01);
    ngrok_poller_alarm(poller, INFINITY);
    CHECK(!is_readable_within(0.03));
    end();
}

static void an_alarm_that_rang_can_be_turned_off(void) {
    begin();
    ngrok_poller_alarm(poller, 0);
    CHECK(is_readable_within(patience));
    ngrok_poller_alarm(poller, INFINITY);
    CHECK(!is_readable_within(0));
    end();
}

static void a_new_alarm_replaces_the_old(void) {
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

static void an_alarm_can_be_set_again_after_it_rang(void) {
    begin();
    for (int i = 0; i < 3; i++) {
        ngrok_poller_alarm(poller, 0.001);
        CHECK(is_readable_within(patience));
        CHECK_INTEGER(count_ready(0), 0);
    }
    CHECK(!is_readable_within(0));
    ngrok_poller_alarm(poller, INFINITY);
    CHECK(!is_readable_within(0));
    end();
}

#endif

static const check_case cases[] = {
    CHECK_CASE(nothing_is_ready_at_first),
    CHECK_CASE(a_wait_of_0_does_not_block),
    CHECK_CASE(a_wait_is_never_too_short),
    CHECK_CASE(sees_what_can_be_read),
    CHECK_CASE(waits_for_ever_when_something_comes),
    CHECK_CASE(says_it_again_until_it_was_read),
    CHECK_CASE(sees_what_can_be_written),
    CHECK_CASE(sees_both_at_once),
    CHECK_CASE(sees_only_what_it_watches_for),
    CHECK_CASE(a_full_descriptor_can_not_be_written),
    CHECK_CASE(forgets_a_descriptor),
    CHECK_CASE(forgets_what_it_never_knew),
    CHECK_CASE(forgetting_one_keeps_the_others),
    CHECK_CASE(a_closed_descriptor_can_be_forgotten),
    CHECK_CASE(the_number_of_a_closed_descriptor_may_come_back),
    CHECK_CASE(the_other_end_closing_is_seen),
    CHECK_CASE(a_pipe_without_readers_is_an_error),
    CHECK_CASE(comes_to_every_descriptor_in_turn),
    CHECK_CASE(watches_many_descriptors),
    CHECK_CASE(no_poller_can_be_freed),
#ifdef NGROK_POLLER_PORTABLE
    CHECK_CASE(has_no_descriptor),
    CHECK_CASE(an_alarm_is_no_event),
#else
#ifdef __linux__
    CHECK_CASE(children_inherit_none_of_its_descriptors),
#endif
    CHECK_CASE(freeing_closes_its_descriptors),
    CHECK_CASE(the_descriptor_is_readable_when_something_is_ready),
    CHECK_CASE(watching_a_closed_descriptor_fails),
    CHECK_CASE(the_alarm_makes_the_descriptor_readable),
    CHECK_CASE(an_alarm_of_0_rings_at_once),
    CHECK_CASE(the_alarm_rings_once_and_is_no_event),
    CHECK_CASE(only_the_alarm_ends_an_endless_wait),
    CHECK_CASE(the_alarm_hides_no_event),
    CHECK_CASE(an_alarm_can_be_turned_off),
    CHECK_CASE(an_alarm_that_rang_can_be_turned_off),
    CHECK_CASE(a_new_alarm_replaces_the_old),
    CHECK_CASE(an_alarm_can_be_set_again_after_it_rang),
#endif
};

int main(void) {
    return check_run(cases, sizeof cases / sizeof cases[0]);
}
