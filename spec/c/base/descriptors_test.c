/* open and fcntl are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/descriptors.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

static int open_null(void) {
    return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static bool is_open(int number) {
    return fcntl(number, F_GETFD) >= 0;
}

CASE(closes_what_was_added) {
    enum { count = 20 };
    ngrok_descriptors self = {0};
    int pair[count][2];
    for (int i = 0; i < count; i++) {
        CHECK_INTEGER(pipe(pair[i]), 0);
        CHECK(ngrok_descriptors_add(&self, pair[i][0]));
    }
    ngrok_descriptors_close_all(&self);
    for (int i = 0; i < count; i++) {
        CHECK(!is_open(pair[i][0]));
        CHECK(is_open(pair[i][1]));
        (void)close(pair[i][1]);
    }
    CHECK_INTEGER(self.count, 0);
    ngrok_descriptors_free(&self);
}

CASE(leaves_what_was_removed) {
    ngrok_descriptors self = {0};
    int kept = open_null(), other = open_null();
    CHECK(ngrok_descriptors_add(&self, kept));
    CHECK(ngrok_descriptors_add(&self, other));
    ngrok_descriptors_remove(&self, kept);
    ngrok_descriptors_remove(&self, kept);
    ngrok_descriptors_close_all(&self);
    CHECK(is_open(kept));
    CHECK(!is_open(other));
    (void)close(kept);
    ngrok_descriptors_free(&self);
}

CASE(leaves_another_file_that_has_got_the_number) {
    ngrok_descriptors self = {0};
    int pair[2];
    CHECK_INTEGER(pipe(pair), 0);
    CHECK(ngrok_descriptors_add(&self, pair[0]));
    (void)close(pair[0]);
    int other = open_null();
    CHECK_INTEGER(other, pair[0]);
    ngrok_descriptors_close_all(&self);
    CHECK(is_open(other));
    (void)close(other);
    (void)close(pair[1]);
    ngrok_descriptors_free(&self);
}

CASE(knows_a_number_as_what_it_was_last) {
    ngrok_descriptors self = {0};
    int pair[2];
    CHECK_INTEGER(pipe(pair), 0);
    CHECK(ngrok_descriptors_add(&self, pair[0]));
    (void)close(pair[0]);
    int other = open_null();
    CHECK(ngrok_descriptors_add(&self, other));
    CHECK_INTEGER(self.count, 1);
    ngrok_descriptors_close_all(&self);
    CHECK(!is_open(other));
    (void)close(pair[1]);
    ngrok_descriptors_free(&self);
}

CASE(refuses_what_is_not_open) {
    ngrok_descriptors self = {0};
    CHECK(!ngrok_descriptors_add(&self, -1));
    CHECK_INTEGER(self.count, 0);
    ngrok_descriptors_free(&self);
}

CASE(are_short_when_few_can_be_opened) {
    enum { most = 64 };
    struct rlimit before, low;
    int taken[most], count = 0;
    CHECK_INTEGER(getrlimit(RLIMIT_NOFILE, &before), 0);
    CHECK(!ngrok_descriptors_are_short());
    low = before;
    low.rlim_cur = most;
    CHECK_INTEGER(setrlimit(RLIMIT_NOFILE, &low), 0);
    while (count < most && (taken[count] = open_null()) >= 0) {
        count++;
    }
    CHECK(ngrok_descriptors_are_used_up(errno));
    CHECK(ngrok_descriptors_are_short());
    (void)close(taken[--count]);
    CHECK(ngrok_descriptors_are_short());
    while (count > 0) {
        (void)close(taken[--count]);
    }
    CHECK(!ngrok_descriptors_are_short());
    CHECK_INTEGER(setrlimit(RLIMIT_NOFILE, &before), 0);
}
