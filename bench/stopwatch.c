/* clock_gettime and getrusage are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "stopwatch.h"

#include <sys/resource.h>
#include <sys/time.h>
#include <time.h>

static double microseconds(struct timeval time) {
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

bench_moment bench_now(void) {
    struct timespec wall;
    struct rusage used;
    (void)clock_gettime(CLOCK_MONOTONIC, &wall);
    (void)getrusage(RUSAGE_SELF, &used);
    return (bench_moment){
        .wall = (double)wall.tv_sec * 1e6 + (double)wall.tv_nsec / 1e3,
        .cpu = microseconds(used.ru_utime) + microseconds(used.ru_stime),
    };
}
