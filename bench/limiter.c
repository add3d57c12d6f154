/* limiter COUNT: takes that many places of a limiter one after the other, as requests do, and gives
 * them back. */

#include "stopwatch.h"

#include "engine/limiter.h"

#include <stdio.h>
#include <stdlib.h>

static const ngrok_limit limit = {.requests = 120, .window = 60};

/* As often as the limit allows. Returns how many were admitted. */
static long reserve(ngrok_limiter *limiter, long count, double now) {
    long admitted = 0;
    for (long i = 0; i < count; i++) {
        now = ngrok_limiter_earliest(limiter, limit, 1, now + 0.5);
        admitted += ngrok_limiter_admit(limiter, limit, now) ? 1 : 0;
        ngrok_limiter_note_end(limiter, now);
    }
    return admitted;
}

int main(int argc, char **argv) {
    ngrok_limiter *limiter = ngrok_limiter_new();
    if (argc != 2 || limiter == NULL || !ngrok_limiter_remember(limiter, limit)) {
        (void)fprintf(stderr, "usage: limiter COUNT\n");
        return EXIT_FAILURE;
    }
    long count = strtol(argv[1], NULL, 10);
    (void)reserve(limiter, limit.requests, 0); /* from here on it remembers as much as it can */
    (void)bench_now();
    long admitted = reserve(limiter, count, limit.requests);
    (void)bench_now();
    ngrok_limiter_free(limiter);
    return admitted == count ? EXIT_SUCCESS : EXIT_FAILURE;
}
