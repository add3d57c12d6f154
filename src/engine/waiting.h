/* Requests that wait for the limits, in order of submission, and a look through all of them. The
 * look can be taken in shares, and requests may come and go in between.
 *
 * No I/O, no Lua, no clock. Ownership: it owns none of them. */
#ifndef NGROK_WAITING_H
#define NGROK_WAITING_H

#include "engine/request.h"

/* Zeroed it is empty, and no look is under way. */
typedef struct ngrok_waiting {
    ngrok_queue queue;
    ngrok_request *returned; /* the latest that was sent before and is among them again, or NULL */
    ngrok_request *at;       /* the next that the look comes to; NULL at its end */
    unsigned position;       /* of that one, from 1 */
} ngrok_waiting;

/* A request that is sent again goes in front of later ones. */
void ngrok_waiting_add(ngrok_waiting *self, ngrok_request *request);
void ngrok_waiting_remove(ngrok_waiting *self, ngrok_request *request);

/* Begins a look at the first, and goes on to the next one. */
void ngrok_waiting_look(ngrok_waiting *self);
void ngrok_waiting_look_on(ngrok_waiting *self);

#endif
