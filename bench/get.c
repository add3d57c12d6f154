/* get BASE_URL KEY USER_AGENT PATH WARM_UP COUNT: reads one URL again and again into memory. See
 * measure.lua for the arguments and for what it prints. */

#include "bare.h"
#include "stopwatch.h"

#include <stdio.h>
#include <stdlib.h>

static void get(bench_bare *bare, const char *url, long count) {
    size_t length;
    for (long i = 0; i < count; i++) {
        if (bench_bare_get(bare, url, &length) == NULL) {
            (void)fprintf(stderr, "get: no response from %s\n", url);
            exit(EXIT_FAILURE);
        }
    }
}

int main(int argc, char **argv) {
    if (argc != 7) {
        (void)fprintf(stderr, "usage: get BASE_URL KEY USER_AGENT PATH WARM_UP COUNT\n");
        return EXIT_FAILURE;
    }
    char url[512];
    (void)snprintf(url, sizeof url, "%s%s", argv[1], argv[4]);
    long warm_up = strtol(argv[5], NULL, 10), count = strtol(argv[6], NULL, 10);
    bench_bare *bare = bench_bare_new(argv[2], argv[3]);
    if (bare == NULL) {
        (void)fprintf(stderr, "get: out of memory\n");
        return EXIT_FAILURE;
    }
    get(bare, url, warm_up);
    bench_moment before = bench_now();
    get(bare, url, count);
    bench_moment after = bench_now();
    (void)printf("%.1f %.1f %ld\n", after.wall - before.wall, after.cpu - before.cpu, count);
    bench_bare_free(bare);
    return EXIT_SUCCESS;
}
