#include "engine/waiting.h"

/* The request that it goes in front of, or NULL. Requests that are sent again come back more or
 * less in order, so the search begins at the latest of them. */
static ngrok_request *successor_of(const ngrok_waiting *self, const ngrok_request *request) {
    const ngrok_request *near = self->returned;
    ngrok_request *next = near != NULL && near->id < request->id ? near->next : self->queue.first;
    while (next != NULL && next->id < request->id) {
        next = next->next;
    }
    return next;
}

void ngrok_waiting_add(ngrok_waiting *self, ngrok_request *request) {
    ngrok_request *last = self->queue.last;
    if (last == NULL || last->id < request->id) {
        ngrok_queue_append(&self->queue, request); /* as every new one is, however many wait */
        return;
    }
    ngrok_queue_insert_before(&self->queue, successor_of(self, request), request);
    self->returned = request;
    if (self->at != NULL && request->id < self->at->id) {
        self->position++;
    }
}

void ngrok_waiting_remove(ngrok_waiting *self, ngrok_request *request) {
    if (request == self->returned) {
        self->returned = NULL;
    }
    if (request == self->at) {
        self->at = request->next;
    } else if (self->at != NULL && request->id < self->at->id) {
        self->position--;
    }
    ngrok_queue_remove(&self->queue, request);
}

void ngrok_waiting_look(ngrok_waiting *self) {
    self->at = self->queue.first;
    self->position = 1;
}

void ngrok_waiting_look_on(ngrok_waiting *self) {
    self->at = self->at->next;
    self->position++;
}
