/* An easy handle and the attempt that it carries. Made once, used for many.
 *
 * Ownership: a transfer owns its easy handle and the response as it comes in. The settings and the
 * sockets belong to the transport and must outlive it and its connections. It must be in no
 * multi handle when it is reset or freed. */
#ifndef NGROK_TRANSFER_H
#define NGROK_TRANSFER_H

#include "base/buffer.h"
#include "curl/headers.h"
#include "curl/settings.h"
#include "curl/sockets.h"
#include "engine/attempt.h"

/* The limit of a proxy's response to CONNECT, with its body. Real ones have a page at most. */
enum { ngrok_transfer_proxy_bytes_max = 16384 };

/* What the transfers of a multi have in common. Belongs to the multi. */
typedef struct ngrok_call {
    unsigned connecting; /* transfers that have no connection yet, or wait for it to be set up */
    unsigned responses;  /* whose headers have come, and which go on */
    double begun; /* the call into libcurl that is under way, by ngrok_clock_processor; 0 where
                     there was no such response: not noted */
} ngrok_call;

typedef struct ngrok_transfer {
    const ngrok_settings *settings;
    ngrok_sockets *sockets;
    ngrok_call *call;
    CURL *easy;             /* NULL until it is equipped */
    ngrok_attempt *attempt; /* NULL while it is idle */
    ngrok_buffer body;
    ngrok_headers headers;
    char error[CURL_ERROR_SIZE];
    curl_socket_t opened[2]; /* the latest sockets made for it: one for each kind of address */
    int port;                /* this end's, of the connection that carries it; 0 for none */
    size_t reports;          /* of progress, by libcurl, before `begun` */
    size_t body_reports;     /* and while its body comes */
    size_t records;          /* of TLS, that came for it */
    double reading, read;    /* processor time that its body has taken, and when that was counted; 0
                              * before */
    double loaded, connect_by; /* by ngrok_clock_now */
    double began;              /* when the response began; 0 before that */
    bool connected;  /* one of them was connected before the request began: the rest is TLS */
    bool connecting; /* loaded, and not begun */
    bool begun;      /* the request was about to go out on a connection */
    bool unclean;    /* the connection that was chosen for it had ended, or had input already */
    bool endless;    /* the response kept the host for too long */
    bool resending;  /* libcurl wanted to send it a second time, and was refused */
    bool headed;     /* the response's headers have come, to their end */
    bool too_large;  /* the response passed a limit of ours */
    bool no_memory;
    bool starved;                           /* no descriptor was left for it */
    CURLcode result;                        /* once the transfer has ended */
    struct ngrok_transfer *previous, *next; /* in `queue` */
    const void *queue;                      /* see transfers.h; NULL while libcurl has it */
} ngrok_transfer;

/* Every socket that is opened for it is one of `sockets` as long as it is open. NULL when
 * memory ran out. */
ngrok_transfer *ngrok_transfer_new(const ngrok_settings *settings, ngrok_sockets *sockets,
                                   ngrok_call *call);

/* Gives it its easy handle, which takes some time, where it has none yet; loading does so, too.
 * Fails when memory ran out or libcurl refuses a setting. */
CURLcode ngrok_transfer_equip(ngrok_transfer *self);

void ngrok_transfer_free(ngrok_transfer *self);

/* Loads an attempt, at `now` by ngrok_clock_now; false when memory ran out. */
bool ngrok_transfer_load(ngrok_transfer *self, ngrok_attempt *attempt, double now);

/* Its request is about to go out on a connection. */
void ngrok_transfer_begin(ngrok_transfer *self);

/* Makes it ready to go out once more, on a new connection; it was `unclean`, and nothing of it has
 * been sent. */
void ngrok_transfer_renew(ngrok_transfer *self);

/* Its host was away until `now`. If the time to connect ran out meanwhile, leaves it to the
 * engine's own limit: libcurl would look at the time before it looks at the connection. */
void ngrok_transfer_forgive(ngrok_transfer *self, double now);

/* Its attempt is about to be taken back, at `now`. After a long silence, or where the next attempt
 * must have a new connection, this one is not used again: on HTTP/2 nothing else shows that its
 * other end is gone. */
void ngrok_transfer_abandon(ngrok_transfer *self, double now);

/* libcurl has ended it, but still has it in the multi handle. Decides what becomes of its
 * connection: libcurl 7 keeps one of HTTP/2 even if it has just broken, and sees that one is dead
 * when it is shut down. */
void ngrok_transfer_end(ngrok_transfer *self, CURLcode result);

/* libcurl waits for a descriptor to be readable, so it is connected: while it connects, libcurl
 * waits for it to be writable. libcurl's clocks do not tell TCP from TLS before TLS is set up. */
void ngrok_transfer_note_reading(ngrok_transfer *self, curl_socket_t descriptor);

/* Drops the attempt and all that came of it. */
void ngrok_transfer_reset(ngrok_transfer *self);

/* How far the transfer has come. */
ngrok_progress ngrok_transfer_progress(const ngrok_transfer *self);

#endif
