/* clock_gettime is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/clock.h"

#include <time.h>

static double read_clock(clockid_t clock) {
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double ngrok_clock_now(void) {
    return read_clock(CLOCK_MONOTONIC);
}

double ngrok_clock_processor(void) {
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}
