/* What the engine's driver asks of a transport.
 *
 * Ownership: a transport is made by its own module and handed to one driver, which calls
 * `destroy` once. Attempts belong to the driver's requests; the transport keeps pointers to them
 * from `start` until it reports them by `finished` or they are taken back by `abort`. */
#ifndef NGROK_TRANSPORT_H
#define NGROK_TRANSPORT_H

#include "engine/attempt.h"

enum { ngrok_finished_message_max = 512 };

/* How an attempt ended. With `has_response`, `response` passes to the receiver; else `failure` says
 * what broke, its message being left NULL for `message`. */
typedef struct ngrok_finished {
    ngrok_attempt *attempt;
    bool has_response;
    ngrok_response response;
    ngrok_failure failure;
    ngrok_timings timings;
    char message[ngrok_finished_message_max];
} ngrok_finished;

typedef struct ngrok_transport_class {
    /* Begins an attempt, or has a later `perform` begin it where much has been begun in this turn
     * of the host's loop. False when memory ran out. */
    bool (*start)(void *self, ngrok_attempt *attempt);
    /* Drops an attempt at once and returns how far it had come. */
    ngrok_progress (*abort)(void *self, ngrok_attempt *attempt);
    /* Bounded I/O, and beginnings, after waiting at most `seconds` for some to be possible. Returns
     * how many events it handled: above 0 means that more may be pending. */
    int (*perform)(void *self, double seconds);
    /* The next attempt that ended, if any. */
    bool (*finished)(void *self, ngrok_finished *out);
    /* Seconds until it wants `perform` without a readable descriptor; INFINITY for never. */
    double (*timeout)(void *self);
    /* Readable when `perform` has something to do; -1 for none. */
    int (*descriptor)(void *self);
    /* Makes the descriptor readable in `seconds` (INFINITY: not by time). */
    void (*alarm)(void *self, double seconds);
    /* In a child process, before anything else is called: drops all that it has inherited, attempts
     * included, without sending anything on the parent's connections. False when that failed: then
     * only `destroy` may follow. */
    bool (*forked)(void *self);
    void (*destroy)(void *self);
} ngrok_transport_class;

/* What the userdata under this metatable name holds, as it passes from the transport's module to
 * the core's. The two are built together; `size` guards against mixing two versions. The receiver
 * sets `self` to NULL: it owns the transport then. */
#define NGROK_TRANSPORT_METATABLE "ngrok.transport"

typedef struct ngrok_transport_box {
    size_t size; /* of ngrok_transport_class and ngrok_finished together */
    const ngrok_transport_class *class;
    void *self;
} ngrok_transport_box;

#define NGROK_TRANSPORT_SIZE (sizeof(ngrok_transport_class) + sizeof(ngrok_finished))

#endif
