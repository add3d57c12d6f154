#include "curl/transfers.h"

void ngrok_transfers_append(ngrok_transfers *queue, ngrok_transfer *added) {
    added->queue = queue;
    added->previous = queue->last;
    added->next = NULL;
    *(queue->last != NULL ? &queue->last->next : &queue->first) = added;
    queue->last = added;
}

bool ngrok_transfers_remove(ngrok_transfers *queue, ngrok_transfer *gone) {
    if (gone->queue != queue) {
        return false;
    }
    *(gone->previous != NULL ? &gone->previous->next : &queue->first) = gone->next;
    *(gone->next != NULL ? &gone->next->previous : &queue->last) = gone->previous;
    gone->queue = NULL;
    gone->previous = gone->next = NULL;
    return true;
}

ngrok_transfer *ngrok_transfers_take_first(ngrok_transfers *queue) {
    ngrok_transfer *taken = queue->first;
    if (taken != NULL) {
        (void)ngrok_transfers_remove(queue, taken);
    }
    return taken;
}
