/* A lock for what the threads of a process share, to be held for a few instructions.
 *
 * A process may fork while another of its threads holds one. That thread is not in the child, and
 * would never release it there; so a lock knows the process of its holder, and what another process
 * holds is free. What it guards must bear to be found half done by a child. */
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
