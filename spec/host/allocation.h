/* Included ahead of every file of a build (cc -include), so that our allocations, and no library's,
 * go through the functions of spec/host/host.c: these count them, can fail, and look for secrets in
 * freed blocks. */
#ifndef NGROK_SPEC_ALLOCATION_H
#define NGROK_SPEC_ALLOCATION_H

/* No other header: a file may define feature macros before it includes one. */
#include <stddef.h>

void *ngrok_spec_malloc(size_t size);
void *ngrok_spec_calloc(size_t count, size_t size);
void *ngrok_spec_realloc(void *block, size_t size);
void ngrok_spec_free(void *block);

#ifndef NGROK_SPEC_HOST
#define malloc ngrok_spec_malloc
#define calloc ngrok_spec_calloc
#define realloc ngrok_spec_realloc
#define free ngrok_spec_free
#endif

#endif
