#include "curl/multi.h"

#include "base/clock.h"
#include "curl/transfers.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* What a step does at most, so that neither many pages nor many handshakes hold the host's loop:
 * events, and seconds for events and beginnings together. The clock is read after each of them, and
 * a step that has anything to do does one of each. */
enum { most_events = 8 };
static const double longest_step = 0.00025;

/* So many connect, or wait for a connection that is being made, at the same time. With more of
 * them the steps of a busy host would not get round to each within 200 ms: then libcurl (7.88)
 * looks after all of them in one call. */
enum { most_connecting = 8 };

/* A host that steps so much later than libcurl's timer asked for was away. Seconds. */
static const double absence = 0.25;

struct ngrok_multi {
    CURLM *handle;
    ngrok_settings settings;
    ngrok_call call;
    ngrok_transfers idle, waiting, ended; /* waiting: to begin in this order */
    ngrok_transfer **all;                 /* that were ever made */
    size_t count;
    double timer; /* when libcurl wants to be called, by ngrok_clock_now */
    ngrok_poller_event events[most_events];
    int event_count, next_event; /* those from the latter on are not served yet */
    double spent;                /* seconds since the last step began */
    bool has_begun;              /* a transfer, since then */
    ngrok_sockets sockets;
    long max_connections;
};

/* ---- what libcurl calls ---- */

/* An event of a socket that is closed must not reach another one with the same number. */
static void forget_events(ngrok_multi *self, curl_socket_t descriptor) {
    for (int i = self->next_event; i < self->event_count; i++) {
        if (self->events[i].descriptor == descriptor) {
            self->events[i].descriptor = -1;
        }
    }
}

static int on_socket(CURL *easy, curl_socket_t descriptor, int what, void *context, void *note) {
    ngrok_multi *self = context;
    (void)note;
    if (what == CURL_POLL_REMOVE) {
        forget_events(self, descriptor);
        return ngrok_sockets_watch(&self->sockets, descriptor, 0) ? 0 : -1;
    }
    ngrok_transfer *of = NULL;
    if ((what & CURL_POLL_IN) != 0 && curl_easy_getinfo(easy, CURLINFO_PRIVATE, &of) == CURLE_OK &&
        of != NULL) {
        ngrok_transfer_note_reading(of, descriptor);
    }
    unsigned wanted = ((what & CURL_POLL_IN) != 0 ? NGROK_POLLER_READ : 0U) |
                      ((what & CURL_POLL_OUT) != 0 ? NGROK_POLLER_WRITE : 0U);
    return ngrok_sockets_watch(&self->sockets, descriptor, wanted) ? 0 : -1;
}

/* Only noted: libcurl forbids to act on a time-out of zero in here. */
static int on_timer(CURLM *handle, long milliseconds, void *context) {
    ngrok_multi *self = context;
    (void)handle;
    self->timer = milliseconds < 0 ? INFINITY : ngrok_clock_now() + (double)milliseconds / 1e3;
    return 0;
}

/* ---- calls into libcurl ---- */

static bool begin_anew(ngrok_multi *self, ngrok_transfer *unclean) {
    ngrok_transfer_renew(unclean);
    return curl_multi_add_handle(self->handle, unclean->easy) == CURLM_OK;
}

static void collect_ended(ngrok_multi *self) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(self->handle, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        /* The message dies with the handle's removal. */
        CURL *easy = message->easy_handle;
        ngrok_transfer *ended = NULL;
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ended);
        ngrok_transfer_end(ended, message->data.result);
        (void)curl_multi_remove_handle(self->handle, easy);
        if (!ended->unclean || !begin_anew(self, ended)) {
            ngrok_transfers_append(&self->ended, ended);
        }
    }
}

static void act(ngrok_multi *self, curl_socket_t descriptor, int ready) {
    int running;
    self->call.begun = self->call.responses > 0 ? ngrok_clock_processor() : 0;
    (void)curl_multi_socket_action(self->handle, descriptor, ready, &running);
}

static void serve_timer(ngrok_multi *self) {
    if (self->timer <= ngrok_clock_now()) {
        self->timer = INFINITY;
        act(self, CURL_SOCKET_TIMEOUT, 0);
    }
}

/* ---- beginning and ending ---- */

static ngrok_transfer *make_transfer(ngrok_multi *self) {
    ngrok_transfer **all = realloc(self->all, (self->count + 1) * sizeof(ngrok_transfer *));
    if (all == NULL) {
        return NULL;
    }
    self->all = all;
    ngrok_transfer *made = ngrok_transfer_new(&self->settings, &self->sockets, &self->call);
    if (made != NULL) {
        self->all[self->count++] = made;
    }
    return made;
}

void ngrok_multi_put_back(ngrok_multi *self, ngrok_transfer *done) {
    ngrok_transfer_reset(done);
    ngrok_transfers_append(&self->idle, done);
}

static bool are_many_connecting(const ngrok_multi *self) {
    return self->call.connecting >= most_connecting;
}

static bool may_begin(const ngrok_multi *self) {
    return (self->spent < longest_step || !self->has_begun) && !are_many_connecting(self);
}

static bool begin(ngrok_multi *self, ngrok_transfer *fresh) {
    double now = ngrok_clock_now();
    self->has_begun = true;
    if (!ngrok_transfer_load(fresh, fresh->attempt, now) ||
        curl_multi_add_handle(self->handle, fresh->easy) != CURLM_OK) {
        return false;
    }
    /* On a connection that is open the request goes out now, before the host's loop turns. */
    serve_timer(self);
    collect_ended(self);
    self->spent += ngrok_clock_now() - now;
    return true;
}

static void begin_waiting(ngrok_multi *self) {
    while (self->waiting.first != NULL && may_begin(self)) {
        ngrok_transfer *fresh = ngrok_transfers_take_first(&self->waiting);
        if (!begin(self, fresh)) {
            ngrok_transfer_end(fresh, CURLE_OUT_OF_MEMORY);
            ngrok_transfers_append(&self->ended, fresh);
        }
    }
}

bool ngrok_multi_start(ngrok_multi *self, ngrok_attempt *attempt) {
    ngrok_transfer *fresh = ngrok_transfers_take_first(&self->idle);
    if (fresh == NULL) {
        fresh = make_transfer(self);
    }
    if (fresh == NULL) {
        return false;
    }
    fresh->attempt = attempt;
    attempt->transfer = fresh;
    ngrok_transfers_append(&self->waiting, fresh);
    if (!attempt->deferred && self->waiting.first == fresh) {
        begin_waiting(self);
    }
    return true;
}

static const ngrok_progress not_begun = {NGROK_PHASE_RESOLVE, false};

ngrok_progress ngrok_multi_stop(ngrok_multi *self, ngrok_attempt *attempt) {
    ngrok_transfer *gone = attempt->transfer;
    ngrok_progress where = not_begun;
    if (!ngrok_transfers_remove(&self->waiting, gone)) {
        where = ngrok_transfer_progress(gone);
        ngrok_transfer_abandon(gone, ngrok_clock_now());
        (void)curl_multi_remove_handle(self->handle, gone->easy);
        (void)ngrok_transfers_remove(&self->ended, gone);
    }
    attempt->transfer = NULL;
    ngrok_multi_put_back(self, gone);
    return where;
}

/* ---- a step ---- */

static void forgive_absence(ngrok_multi *self) {
    double now = ngrok_clock_now();
    for (size_t i = 0; now - self->timer >= absence && i < self->count; i++) {
        ngrok_transfer_forgive(self->all[i], now);
    }
}

static bool has_events(const ngrok_multi *self) {
    return self->next_event < self->event_count;
}

double ngrok_multi_timeout(const ngrok_multi *self) {
    bool can_begin = self->waiting.first != NULL && !are_many_connecting(self);
    if (self->ended.first != NULL || can_begin || has_events(self)) {
        return 0;
    }
    return fmax(self->timer - ngrok_clock_now(), 0);
}

/* libcurl reads to find out what broke. With nothing but an error event it reads nothing, not even
 * what came before, and reports that the request could not be sent. */
static int as_libcurl_says(unsigned ready) {
    return ((ready & (NGROK_POLLER_READ | NGROK_POLLER_ERROR)) != 0 ? CURL_CSELECT_IN : 0) |
           ((ready & NGROK_POLLER_WRITE) != 0 ? CURL_CSELECT_OUT : 0);
}

static int serve_events(ngrok_multi *self) {
    double start = ngrok_clock_now();
    int served = 0;
    while (has_events(self) && (served == 0 || ngrok_clock_now() - start < longest_step)) {
        ngrok_poller_event event = self->events[self->next_event++];
        if (event.descriptor >= 0 &&
            ngrok_sockets_expects_event(&self->sockets, event.descriptor)) {
            act(self, event.descriptor, as_libcurl_says(event.ready));
        }
        served++;
    }
    serve_timer(self);
    collect_ended(self);
    self->spent += ngrok_clock_now() - start;
    return served;
}

void ngrok_multi_wait(ngrok_multi *self, double seconds) {
    forgive_absence(self);
    if (!has_events(self)) {
        double wait = fmin(seconds, ngrok_multi_timeout(self));
        self->next_event = 0;
        self->event_count =
            ngrok_poller_wait(self->sockets.poller, wait, self->events, most_events);
    }
}

int ngrok_multi_serve(ngrok_multi *self) {
    self->spent = 0;
    self->has_begun = false;
    int served = serve_events(self);
    begin_waiting(self);
    return served;
}

ngrok_transfer *ngrok_multi_take_ended(ngrok_multi *self) {
    return ngrok_transfers_take_first(&self->ended);
}

ngrok_poller *ngrok_multi_poller(const ngrok_multi *self) {
    return self->sockets.poller;
}

bool ngrok_multi_raises_sigpipe(const ngrok_multi *self) {
    return self->settings.raises_sigpipe;
}

/* ---- life ---- */

static bool make_handle(ngrok_multi *self) {
    self->timer = INFINITY;
    self->sockets.poller = ngrok_poller_new();
    self->handle = curl_multi_init();
    CURLMcode code =
        self->sockets.poller == NULL || self->handle == NULL ? CURLM_OUT_OF_MEMORY : CURLM_OK;
#define SET(option, value)                                                                         \
    (code = code != CURLM_OK ? code : curl_multi_setopt(self->handle, option, value))
    SET(CURLMOPT_SOCKETFUNCTION, on_socket);
    SET(CURLMOPT_SOCKETDATA, self);
    SET(CURLMOPT_TIMERFUNCTION, on_timer);
    SET(CURLMOPT_TIMERDATA, self);
    SET(CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
    SET(CURLMOPT_MAXCONNECTS, self->max_connections);
#undef SET
    return code == CURLM_OK;
}

/* What child processes have inherited and must not clean up, because libcurl would then write to
 * the parent's connections. Kept where leak checkers find it. */
typedef struct inheritance {
    CURLM *handle;
    ngrok_transfer **transfers;
    struct inheritance *next;
} inheritance;

static inheritance *inherited;

static void put_aside(ngrok_multi *self) {
    inheritance *aside = malloc(sizeof *aside);
    if (aside != NULL) {
        *aside = (inheritance){.handle = self->handle, .transfers = self->all, .next = inherited};
        inherited = aside;
    }
    self->handle = NULL;
    self->all = NULL;
    self->count = 0;
    self->idle = self->waiting = self->ended = (ngrok_transfers){0};
    self->call = (ngrok_call){0};
}

bool ngrok_multi_follow_fork(ngrok_multi *self) {
    put_aside(self);
    ngrok_descriptors_close_all(&self->sockets.open);
    ngrok_poller_abandon(self->sockets.poller);
    self->next_event = self->event_count = 0;
    return make_handle(self);
}

void ngrok_multi_free(ngrok_multi *self) {
    for (size_t i = 0; i < self->count; i++) {
        (void)curl_multi_remove_handle(self->handle, self->all[i]->easy);
        ngrok_transfer_free(self->all[i]);
    }
    free(self->all);
    if (self->handle != NULL) {
        (void)curl_multi_cleanup(
            self->handle); /* calls on_socket for every socket that it closes */
    }
    ngrok_poller_free(self->sockets.poller);
    ngrok_settings_free(&self->settings);
    ngrok_descriptors_free(&self->sockets.open);
    free(self);
}

ngrok_multi *ngrok_multi_new(const ngrok_settings_given *given, CURLcode *why) {
    *why = CURLE_OUT_OF_MEMORY;
    ngrok_multi *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->max_connections = given->max_connections;
    errno = 0;
    ngrok_transfer *first = NULL;
    if (ngrok_settings_set(&self->settings, given) && make_handle(self) &&
        (first = make_transfer(self)) != NULL) {
        *why = ngrok_transfer_equip(first);
    }
    if (*why != CURLE_OK) {
        int reason = errno;
        ngrok_multi_free(self);
        errno = reason;
        return NULL;
    }
    ngrok_transfers_append(&self->idle, first);
    return self;
}
