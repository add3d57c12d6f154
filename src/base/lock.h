/* A lock for what the threads of a process share, to be held for a few instructions.
 *
 * A process may fork while another of its threads holds the lock. That thread does not exist in the
 * child and would never release it there. So a lock notes its holder's process, and counts as free
 * in any other. What it guards must stay usable when a child finds it half changed. */
#ifndef NGROK_LOCK_H
#define NGROK_LOCK_H

#include <stdatomic.h>

/* Zeroed it is free. */
typedef struct ngrok_lock {
    atomic_int holder; /* a process, or 0 */
} ngrok_lock;

/* Returns the process that it is called in. */
int ngrok_lock_take(ngrok_lock *lock);
void ngrok_lock_release(ngrok_lock *lock);

#endif
