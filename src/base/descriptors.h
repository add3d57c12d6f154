/* Open descriptors, each known by more than its number, because the system reuses numbers.
 *
 * Ownership: of the list only; the descriptors are their opener's, until close_all. */
#ifndef NGROK_DESCRIPTORS_H
#define NGROK_DESCRIPTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef struct ngrok_descriptor {
    int number;
    dev_t device;
    ino_t inode;
    /* The next four are for code that has sockets; see curl/sockets.h. */
    int port;                 /* this end's; 0 until it was asked for */
    bool is_http1;            /* once a transfer over it has said so */
    unsigned wanted, watched; /* as of poller.h: by libcurl, and by the poller */
} ngrok_descriptor;

/* False when there is no such descriptor. */
bool ngrok_descriptor_identify(ngrok_descriptor *self, int number);

/* Whether the number still means the file that was identified. Useless for epolls, timers and the
 * like, which all share an inode. */
bool ngrok_descriptor_is_same(const ngrok_descriptor *self);

/* For messages. */
#define ngrok_descriptors_advice                                                                   \
    "too many files are open; close unused clients, or raise the limit "                           \
    "(ulimit -n)"

#define ngrok_descriptors_starvation "no file descriptor is free: " ngrok_descriptors_advice

/* Whether errno says that no descriptor is left, to the process or to the system. */
bool ngrok_descriptors_are_used_up(int error);

/* Whether the process has fewer left than a connection takes. */
bool ngrok_descriptors_are_short(void);

/* Zeroed it is empty. */
typedef struct ngrok_descriptors {
    ngrok_descriptor *all;
    size_t count, capacity;
} ngrok_descriptors;

/* False when memory ran out or there is no such descriptor. */
bool ngrok_descriptors_add(ngrok_descriptors *self, int number);
void ngrok_descriptors_remove(ngrok_descriptors *self, int number);

/* NULL where it is not among them. Valid until the next call that adds or removes. */
ngrok_descriptor *ngrok_descriptors_find(ngrok_descriptors *self, int number);

/* Closes those that still are what was added, and forgets all. */
void ngrok_descriptors_close_all(ngrok_descriptors *self);

void ngrok_descriptors_free(ngrok_descriptors *self);

#endif
