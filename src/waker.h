/* For event loops that can wait for a stream but not for a descriptor of somebody else's: a thread
 * that polls in their stead and writes a byte into the stream. It costs no processor time while
 * nothing is armed.
 *
 * Ownership: the waker owns the stream's end and its thread; descriptors that it polls stay their
 * owner's, who disarms before closing one. All functions but those on a thread of the waker's own
 * are for one thread: the host's.
 *
 * The thread does not live through a fork: in the child nothing can be armed, and freeing closes
 * what the child has inherited. */
#ifndef NGROK_WAKER_H
#define NGROK_WAKER_H

#include <stdbool.h>
#include <stddef.h>

typedef struct ngrok_waker ngrok_waker;

/* Takes the stream over, whose descriptor must not block. NULL, with the stream closed, when memory
 * or threads ran out. */
ngrok_waker *ngrok_waker_new(int stream);

/* Ends the thread, and returns once it has ended. */
void ngrok_waker_free(ngrok_waker *self);

/* Writes one byte as soon as a descriptor is readable or `seconds` have passed, and is disarmed by
 * that. Armed already it changes what is waited for. False when nothing will be written: memory ran
 * out, or the process has forked. */
bool ngrok_waker_arm(ngrok_waker *self, const int *descriptors, size_t count, double seconds);

/* Disarms, and writes the byte at once if it had not been written. After it the thread touches none
 * of the descriptors. */
void ngrok_waker_ring(ngrok_waker *self);

/* Whether the other end of the stream is still open. */
bool ngrok_waker_is_connected(const ngrok_waker *self);

#endif
