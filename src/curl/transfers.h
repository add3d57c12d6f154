/* A queue of transfers: the first that came in is the first that goes out.
 *
 * Ownership: of nothing. A transfer is in one queue at most. Zeroed, a queue is empty. */
#ifndef NGROK_TRANSFERS_H
#define NGROK_TRANSFERS_H

#include "curl/transfer.h"

typedef struct ngrok_transfers {
    ngrok_transfer *first, *last;
} ngrok_transfers;

void ngrok_transfers_append(ngrok_transfers *queue, ngrok_transfer *added);

/* False when it is not in this queue. */
bool ngrok_transfers_remove(ngrok_transfers *queue, ngrok_transfer *gone);

/* NULL when the queue is empty. */
ngrok_transfer *ngrok_transfers_take_first(ngrok_transfers *queue);

#endif
