/* The least that a program has to do for a response: libcurl's easy interface on one handle that is
 * kept, so that its connection is. What the client is measured against.
 *
 * Ownership: a bare owns its handle, its headers and the response that it returned last. */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <stddef.h>

typedef struct bench_bare bench_bare;

/* Sends what the client sends. NULL when memory ran out. */
bench_bare *bench_bare_new(const char *key, const char *user_agent);
void bench_bare_free(bench_bare *bare);

/* The body of a 200, valid until the next call; NULL for anything else, and *length is 0 then. */
const char *bench_bare_get(bench_bare *bare, const char *url, size_t *length);

#endif
