/* clock_gettime and nanosleep are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/clock.h"

#include <math.h>
#include <time.h>

/* Seconds: a time_t cannot hold infinity. */
static const double longest_sleep = 3600;

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

void ngrok_clock_sleep(double seconds) {
    seconds = fmin(seconds, longest_sleep);
    struct timespec time = {.tv_sec = (time_t)floor(seconds)};
    time.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
    (void)nanosleep(&time, NULL);
}
