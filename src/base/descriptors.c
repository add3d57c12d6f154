/* fstat is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/descriptors.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

bool ngrok_descriptor_identify(ngrok_descriptor *self, int number) {
    struct stat what;
    if (fstat(number, &what) != 0) {
        return false;
    }
    *self = (ngrok_descriptor){.number = number, .device = what.st_dev, .inode = what.st_ino};
    return true;
}

bool ngrok_descriptor_is_same(const ngrok_descriptor *self) {
    ngrok_descriptor now;
    return ngrok_descriptor_identify(&now, self->number) && now.device == self->device &&
           now.inode == self->inode;
}

bool ngrok_descriptors_are_used_up(int error) {
    return error == EMFILE || error == ENFILE;
}

bool ngrok_descriptors_are_short(void) {
    /* A socket, a file of certificates, and what a look-up opens. libcurl does not report them, and
     * has closed what it had open for the attempt by now. */
    enum { needed = 4 };
    int got[needed], count = 0;
    bool is_short = false;
    while (count < needed && !is_short) {
        got[count] = socket(AF_UNIX, SOCK_DGRAM, 0);
        is_short = got[count] < 0 && ngrok_descriptors_are_used_up(errno);
        if (got[count] < 0) {
            break;
        }
        count++;
    }
    while (count > 0) {
        (void)close(got[--count]);
    }
    return is_short;
}

static bool reserve_one(ngrok_descriptors *self) {
    if (self->count < self->capacity) {
        return true;
    }
    size_t capacity = self->capacity == 0 ? 8 : self->capacity * 2;
    ngrok_descriptor *grown = realloc(self->all, capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    self->all = grown;
    self->capacity = capacity;
    return true;
}

bool ngrok_descriptors_add(ngrok_descriptors *self, int number) {
    ngrok_descriptor added;
    ngrok_descriptors_remove(self, number); /* closed without notice, if it is there */
    if (!ngrok_descriptor_identify(&added, number) || !reserve_one(self)) {
        return false;
    }
    self->all[self->count++] = added;
    return true;
}

ngrok_descriptor *ngrok_descriptors_find(ngrok_descriptors *self, int number) {
    for (size_t i = 0; i < self->count; i++) {
        if (self->all[i].number == number) {
            return &self->all[i];
        }
    }
    return NULL;
}

void ngrok_descriptors_remove(ngrok_descriptors *self, int number) {
    ngrok_descriptor *gone = ngrok_descriptors_find(self, number);
    if (gone != NULL) {
        *gone = self->all[--self->count];
    }
}

void ngrok_descriptors_close_all(ngrok_descriptors *self) {
    for (size_t i = 0; i < self->count; i++) {
        if (ngrok_descriptor_is_same(&self->all[i])) {
            (void)close(self->all[i].number);
        }
    }
    self->count = 0;
}

void ngrok_descriptors_free(ngrok_descriptors *self) {
    free(self->all);
    *self = (ngrok_descriptors){0};
}
