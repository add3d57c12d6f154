/* Included ahead of every file of a build of ours (cc -include): our own allocations, and no
 * library's, go through functions that count them, can be told to fail, and look for secrets in
 * what is given back. spec/host/host.c has them. */
#ifndef NGROK_SPEC_ALLOCATION_H
#define NGROK_SPEC_ALLOCATION_H

/* And no more: what a file asks of the system's headers, it asks before it includes them. */
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
