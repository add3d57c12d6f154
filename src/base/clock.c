/* clock_gettime is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/clock.h"

#include <time.h>

double ngrok_clock_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
