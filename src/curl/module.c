/* luaopen_ngrok_curl: libcurl's multi interface as a transport.
 *
 * Every transfer runs on one multi handle whose sockets are watched by one poller, so that a host
 * needs a single descriptor. libcurl's callbacks only record. */

#include "base/clock.h"
#include "base/compat.h"
#include "curl/poller.h"
#include "curl/settings.h"
#include "curl/sigpipe.h"
#include "curl/transfer.h"
#include "engine/transport.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bound what a turn of the host's loop is held by, so that neither a burst of pages or of requests
 * nor many handshakes at once do: the events of a step, its seconds, and seconds for beginning. The
 * clock is looked at in between. */
enum { events_per_step = 8 };
static const double longest_step = 0.00025, longest_beginning = 0.00025;

/* A host that turns seldom gives us this share of its time at least, but no more seconds than that:
 * with one handshake a turn, many would run out of the time to connect. */
static const double share_of_turn = 0.02, longest_share = 0.005;

/* Seconds after which a host that has not stepped must have turned all the same. */
static const double longest_turn = 0.005;

/* A host that comes so much later than libcurl's timer asked for was elsewhere. Seconds. */
static const double absence = 0.25;

typedef ngrok_transfer transfer;

/* As many are left to wait inside libcurl for a connection that may serve all of them: once there
 * is one, libcurl sends what waits for it at once. */
enum { most_awaiting = 4 };

/* First in, first out. */
typedef struct transfers {
    transfer *first, *last;
    size_t length;
} transfers;

typedef struct transport {
    CURLM *multi;
    ngrok_poller *poller;
    ngrok_curl_settings settings;
    ngrok_curl_call call;
    transfer *idle;
    transfers queued; /* to be begun, in this order */
    transfers ended;  /* to be reported */
    transfer **all;   /* every transfer ever made, for the end */
    size_t count;
    double timer; /* when libcurl wants to be called, by our clock */
    ngrok_poller_event events[events_per_step];
    int event_count, next_event;            /* those from the latter on are yet to be served */
    double turned;                          /* when the host was here last */
    double spent_beginning;                 /* seconds, since it has turned */
    double step_seconds, beginning_seconds; /* that this turn has */
    ngrok_descriptors sockets;
    long max_connections;
} transport;

/* What a child process has inherited and must not clean up: libcurl would say good-bye on its
 * parent's connections. Kept where leak checkers find it. */
typedef struct heirloom {
    CURLM *multi;
    transfer **transfers;
    struct heirloom *next;
} heirloom;

static heirloom *heirlooms;

/* ---- what libcurl calls ---- */

/* What a socket had to tell is nothing to another one with its number. */
static void forget_events(transport *self, curl_socket_t descriptor) {
    for (int i = self->next_event; i < self->event_count; i++) {
        if (self->events[i].descriptor == descriptor) {
            self->events[i].descriptor = -1;
        }
    }
}

static int on_socket(CURL *easy, curl_socket_t descriptor, int what, void *context, void *note) {
    transport *self = context;
    (void)note;
    unsigned wanted = 0;
    if (what != CURL_POLL_REMOVE) {
        transfer *of = NULL;
        if ((what & CURL_POLL_IN) != 0 &&
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &of) == CURLE_OK && of != NULL) {
            ngrok_transfer_note_reading(of, descriptor);
        }
        wanted = ((what & CURL_POLL_IN) != 0 ? NGROK_POLLER_READ : 0U) |
                 ((what & CURL_POLL_OUT) != 0 ? NGROK_POLLER_WRITE : 0U);
    } else {
        forget_events(self, descriptor);
    }
    return ngrok_poller_watch(self->poller, descriptor, wanted) ? 0 : -1;
}

/* Only noted: libcurl forbids to act on a zero time-out from in here. */
static int on_timer(CURLM *multi, long milliseconds, void *context) {
    transport *self = context;
    (void)multi;
    self->timer = milliseconds < 0 ? INFINITY : ngrok_clock_now() + (double)milliseconds / 1e3;
    return 0;
}

/* ---- transfers ---- */

static void append(transfers *list, transfer *added) {
    added->list = list;
    added->previous = list->last;
    added->next = NULL;
    *(list->last != NULL ? &list->last->next : &list->first) = added;
    list->last = added;
    list->length++;
}

/* Whether it was in the list. */
static bool take_out(transfers *list, transfer *gone) {
    if (gone->list != list) {
        return false;
    }
    *(gone->previous != NULL ? &gone->previous->next : &list->first) = gone->next;
    *(gone->next != NULL ? &gone->next->previous : &list->last) = gone->previous;
    gone->list = NULL;
    gone->previous = gone->next = NULL;
    list->length--;
    return true;
}

static transfer *take_first(transfers *list) {
    transfer *taken = list->first;
    if (taken != NULL) {
        (void)take_out(list, taken);
    }
    return taken;
}

static transfer *make_transfer(transport *self) {
    transfer **all = realloc(self->all, (self->count + 1) * sizeof(transfer *));
    if (all == NULL) {
        return NULL;
    }
    self->all = all;
    transfer *made = ngrok_transfer_new(&self->settings, &self->sockets, &self->call);
    if (made != NULL) {
        self->all[self->count++] = made;
    }
    return made;
}

static transfer *take_transfer(transport *self) {
    transfer *taken = self->idle;
    if (taken == NULL) {
        return make_transfer(self);
    }
    self->idle = taken->next;
    taken->next = NULL;
    return taken;
}

static void rest_transfer(transport *self, transfer *done) {
    ngrok_transfer_reset(done);
    done->next = self->idle;
    self->idle = done;
}

/* ---- transfers ---- */

static bool begin_anew(transport *self, transfer *unclean) {
    ngrok_transfer_renew(unclean);
    return curl_multi_add_handle(self->multi, unclean->easy) == CURLM_OK;
}

static void collect_ended(transport *self) {
    CURLMsg *message;
    int left;
    while ((message = curl_multi_info_read(self->multi, &left)) != NULL) {
        if (message->msg != CURLMSG_DONE) {
            continue;
        }
        /* The message dies with the handle's removal: all of it is read before. */
        CURL *easy = message->easy_handle;
        transfer *ended = NULL;
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &ended);
        ngrok_transfer_end(ended, message->data.result);
        (void)curl_multi_remove_handle(self->multi, easy);
        if (!ended->unclean || !begin_anew(self, ended)) {
            append(&self->ended, ended);
        }
    }
}

static void act(transport *self, curl_socket_t descriptor, int ready) {
    int running;
    self->call.begun = ngrok_curl_processor_now();
    (void)curl_multi_socket_action(self->multi, descriptor, ready, &running);
}

static void serve_timer(transport *self) {
    if (self->timer <= ngrok_clock_now()) {
        self->timer = INFINITY;
        act(self, CURL_SOCKET_TIMEOUT, 0);
    }
}

static bool begin(transport *self, transfer *fresh) {
    double now = ngrok_clock_now();
    if (!ngrok_transfer_load(fresh, fresh->attempt, now) ||
        curl_multi_add_handle(self->multi, fresh->easy) != CURLM_OK) {
        return false;
    }
    /* On a connection that is open the request goes out now, before the host's loop turns. */
    serve_timer(self);
    collect_ended(self);
    self->spent_beginning += ngrok_clock_now() - now;
    return true;
}

/* A program can have its loop turn, and make requests, without stepping us. */
static void note_turn(transport *self) {
    double now = ngrok_clock_now();
    if (now - self->turned > longest_turn) {
        self->spent_beginning = 0;
        self->beginning_seconds = longest_beginning;
        self->turned = now;
    }
}

/* Those that are queued look as if they awaited one, too. */
static bool has_many_awaiting(const transport *self) {
    size_t count = 0;
    for (size_t i = 0; self->settings.https && i < self->count; i++) {
        count += ngrok_transfer_awaits_connection(self->all[i]) ? 1 : 0;
    }
    return count >= self->queued.length + most_awaiting;
}

static bool may_begin(const transport *self) {
    return self->spent_beginning < self->beginning_seconds && !has_many_awaiting(self);
}

static void begin_queued(transport *self) {
    while (self->queued.first != NULL && may_begin(self)) {
        transfer *fresh = take_first(&self->queued);
        if (!begin(self, fresh)) {
            ngrok_transfer_end(fresh, CURLE_OUT_OF_MEMORY);
            append(&self->ended, fresh);
        }
    }
}

static bool start(transport *self, ngrok_attempt *attempt) {
    transfer *fresh = take_transfer(self);
    if (fresh == NULL) {
        return false;
    }
    note_turn(self);
    bool is_next = !attempt->deferred && self->queued.first == NULL && may_begin(self);
    fresh->attempt = attempt;
    if (!is_next) {
        append(&self->queued, fresh);
    } else if (!begin(self, fresh)) {
        rest_transfer(self, fresh);
        return false;
    }
    attempt->transfer = fresh;
    return true;
}

static const ngrok_progress not_begun = {NGROK_PHASE_RESOLVE, false};

static ngrok_progress stop(transport *self, ngrok_attempt *attempt) {
    transfer *gone = attempt->transfer;
    ngrok_progress where = not_begun;
    if (!take_out(&self->queued, gone)) {
        where = ngrok_transfer_progress(gone);
        ngrok_transfer_abandon(gone, ngrok_clock_now());
        (void)curl_multi_remove_handle(self->multi, gone->easy);
        (void)take_out(&self->ended, gone);
    }
    attempt->transfer = NULL;
    rest_transfer(self, gone);
    return where;
}

static void forgive_absence(transport *self) {
    double now = ngrok_clock_now();
    if (now - self->timer < absence) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        ngrok_transfer_forgive(self->all[i], now);
    }
}

/* What broke, libcurl finds out by reading: told of an error alone, it reads nothing, not even what
 * came before, and takes the request for one that could not be sent. */
static int as_libcurl_says(unsigned ready) {
    return ((ready & (NGROK_POLLER_READ | NGROK_POLLER_ERROR)) != 0 ? CURL_CSELECT_IN : 0) |
           ((ready & NGROK_POLLER_WRITE) != 0 ? CURL_CSELECT_OUT : 0);
}

static bool has_events(const transport *self) {
    return self->next_event < self->event_count;
}

static void begin_turn(transport *self) {
    double share = fmin((ngrok_clock_now() - self->turned) * share_of_turn, longest_share);
    self->step_seconds = fmax(share, longest_step);
    self->beginning_seconds = fmax(share, longest_beginning);
    self->spent_beginning = 0;
}

/* Seconds until there is something to do, whatever the sockets say. */
static double time_left(const transport *self) {
    bool has_more = self->queued.first != NULL && !has_many_awaiting(self);
    if (self->ended.first != NULL || has_more || has_events(self)) {
        return 0;
    }
    return fmax(self->timer - ngrok_clock_now(), 0);
}

static void await_events(transport *self, double seconds) {
    double wait = fmin(seconds, time_left(self));
    self->next_event = 0;
    self->event_count = ngrok_poller_wait(self->poller, wait, self->events, events_per_step);
}

static int serve_events(transport *self) {
    double until = ngrok_clock_now() + self->step_seconds;
    int served = 0;
    while (has_events(self) && (served == 0 || ngrok_clock_now() < until)) {
        ngrok_poller_event event = self->events[self->next_event++];
        if (event.descriptor >= 0) {
            act(self, event.descriptor, as_libcurl_says(event.ready));
        }
        served++;
    }
    serve_timer(self);
    collect_ended(self);
    return served;
}

static bool transport_finished(void *context, ngrok_finished *out) {
    transport *self = context;
    transfer *ended = take_first(&self->ended);
    if (ended == NULL) {
        return false;
    }
    ngrok_transfer_report(ended, out);
    rest_transfer(self, ended);
    return true;
}

static double transport_timeout(void *context) {
    return time_left(context);
}

static int transport_descriptor(void *context) {
    const transport *self = context;
    return ngrok_poller_descriptor(self->poller);
}

static void transport_alarm(void *context, double seconds) {
    transport *self = context;
    ngrok_poller_alarm(self->poller, seconds);
}

static void destroy(transport *self) {
    for (size_t i = 0; i < self->count; i++) {
        (void)curl_multi_remove_handle(self->multi, self->all[i]->easy);
        ngrok_transfer_free(self->all[i]);
    }
    free(self->all);
    if (self->multi != NULL) {
        (void)curl_multi_cleanup(self->multi); /* tells the poller of every socket that it closes */
    }
    ngrok_poller_free(self->poller);
    ngrok_curl_settings_free(&self->settings);
    ngrok_descriptors_free(&self->sockets);
    free(self);
}

/* ---- the transport's class: the above, with SIGPIPE held where libcurl may write ---- */

static void hold_sigpipe(const transport *self, ngrok_sigpipe *guard) {
    guard->held = false;
    if (self->settings.raises_sigpipe) {
        ngrok_sigpipe_hold(guard);
    }
}

static bool transport_start(void *context, ngrok_attempt *attempt) {
    ngrok_sigpipe guard;
    hold_sigpipe(context, &guard);
    bool started = start(context, attempt);
    ngrok_sigpipe_release(&guard);
    return started;
}

static ngrok_progress transport_abort(void *context, ngrok_attempt *attempt) {
    ngrok_sigpipe guard;
    hold_sigpipe(context, &guard);
    ngrok_progress where = stop(context, attempt);
    ngrok_sigpipe_release(&guard);
    return where;
}

static int transport_perform(void *context, double seconds) {
    transport *self = context;
    ngrok_sigpipe guard;
    forgive_absence(self);
    begin_turn(self);
    if (!has_events(self)) {
        await_events(self, seconds);
    }
    hold_sigpipe(self, &guard);
    int served = serve_events(self);
    begin_queued(self);
    ngrok_sigpipe_release(&guard);
    self->turned = ngrok_clock_now();
    return served;
}

static void transport_destroy(void *context) {
    ngrok_sigpipe guard;
    hold_sigpipe(context, &guard);
    destroy(context);
    ngrok_sigpipe_release(&guard);
}

/* ---- life ---- */

static bool make_multi(transport *self) {
    self->poller = ngrok_poller_new();
    self->multi = curl_multi_init();
    return self->poller != NULL && self->multi != NULL &&
           curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self) == CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX) ==
               CURLM_OK &&
           curl_multi_setopt(self->multi, CURLMOPT_MAXCONNECTS, self->max_connections) == CURLM_OK;
}

static void put_aside(transport *self) {
    heirloom *aside = malloc(sizeof *aside);
    if (aside != NULL) {
        *aside = (heirloom){.multi = self->multi, .transfers = self->all, .next = heirlooms};
        heirlooms = aside;
    }
    self->multi = NULL;
    self->all = NULL;
    self->count = 0;
    self->idle = NULL;
    self->queued = self->ended = (transfers){0};
}

static bool transport_forked(void *context) {
    transport *self = context;
    put_aside(self);
    ngrok_descriptors_close_all(&self->sockets);
    ngrok_poller_abandon(self->poller);
    self->timer = INFINITY;
    self->next_event = self->event_count = 0;
    return make_multi(self);
}

static const ngrok_transport_class curl_class = {
    .start = transport_start,
    .abort = transport_abort,
    .perform = transport_perform,
    .finished = transport_finished,
    .timeout = transport_timeout,
    .descriptor = transport_descriptor,
    .alarm = transport_alarm,
    .forked = transport_forked,
    .destroy = transport_destroy,
};

/* ---- what Lua sees ---- */

static const char *text_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    const char *text = lua_tostring(L, -1);
    lua_pop(L, 1); /* the table keeps it */
    return text;
}

static double number_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    double number = (double)lua_tonumber(L, -1);
    lua_pop(L, 1);
    return number;
}

static bool boolean_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    bool truth = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return truth;
}

/* An hour is for ever to whoever connects, and a long holds it in milliseconds everywhere. */
static const double longest_connect_timeout = 3600;

/* Read before anything is allocated: Lua's functions may raise. */
static ngrok_curl_given read_given(lua_State *L) {
    return (ngrok_curl_given){
        .base = text_field(L, "base_url"),
        .key = text_field(L, "api_key"),
        .user_agent = text_field(L, "user_agent"),
        .ca_file = text_field(L, "ca_file"),
        .proxy = text_field(L, "proxy"),
        .https = boolean_field(L, "https"),
        .direct = boolean_field(L, "direct"),
        .connect_timeout_ms =
            (long)ceil(fmin(number_field(L, "connect_timeout"), longest_connect_timeout) * 1e3),
        .max_response_bytes = (size_t)number_field(L, "max_response_bytes"),
        .max_connections = (long)number_field(L, "max_in_flight"),
    };
}

/* Makes the first transfer, too, so that what libcurl refuses is reported before any request. On
 * failure errno tells missing descriptors from missing memory. */
static transport *make_transport(const ngrok_curl_given *given, CURLcode *why) {
    *why = CURLE_OUT_OF_MEMORY;
    transport *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->timer = INFINITY;
    self->max_connections = given->max_connections;
    errno = 0;
    if (!ngrok_curl_settings_set(&self->settings, given) || !make_multi(self)) {
        int reason = errno;
        transport_destroy(self);
        errno = reason;
        return NULL;
    }
    self->idle = make_transfer(self);
    *why = self->idle != NULL ? ngrok_transfer_equip(self->idle) : CURLE_OUT_OF_MEMORY;
    if (*why != CURLE_OK) {
        transport_destroy(self);
        return NULL;
    }
    return self;
}

static int fail(lua_State *L, const char *message) {
    lua_pushnil(L);
    lua_pushstring(L, message);
    return 2;
}

static int fail_starved(lua_State *L) {
    lua_pushnil(L);
    lua_pushliteral(L, ngrok_descriptors_starvation);
    lua_pushboolean(L, 1);
    return 3;
}

/* curl.new(settings) -> transport | nil, message, starved: whether no descriptor was left, or too
 * few for the transport's first connection. The settings come checked from the Lua layer. */
static int curl_new(lua_State *L) {
    char problem[512];
    luaL_checktype(L, 1, LUA_TTABLE);
    ngrok_curl_given given = read_given(L);
    if (given.base == NULL || given.key == NULL || given.user_agent == NULL) {
        return luaL_error(L, "ngrok.curl.new: base_url, api_key and user_agent must be strings");
    }
    if (given.ca_file != NULL && !ngrok_curl_is_readable(given.ca_file)) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): strerror_r differs from libc to libc */
        const char *reason = strerror(errno);
        (void)snprintf(problem, sizeof problem, "ca_file %.256s can not be read: %s", given.ca_file,
                       reason);
        return fail(L, problem);
    }
    errno = 0;
    if (given.ca_file != NULL && !ngrok_curl_has_certificate(given.ca_file)) {
        if (ngrok_descriptors_are_used_up(errno)) {
            return fail_starved(L);
        }
        (void)snprintf(problem, sizeof problem, "ca_file %.256s has no certificate in PEM form",
                       given.ca_file);
        return fail(L, problem);
    }
    if (given.ca_file == NULL && boolean_field(L, "https") &&
        !ngrok_curl_find_ca(&given.ca_file, problem, sizeof problem)) {
        return fail(L, problem);
    }
    ngrok_transport_box *box = compat_newuserdata(L, sizeof *box);
    *box = (ngrok_transport_box){.size = NGROK_TRANSPORT_SIZE, .class = &curl_class};
    compat_setmetatable(L, NGROK_TRANSPORT_METATABLE);
    CURLcode why;
    box->self = make_transport(&given, &why);
    if (box->self == NULL && why == CURLE_OUT_OF_MEMORY) {
        return ngrok_descriptors_are_used_up(errno) ? fail_starved(L) : fail(L, "out of memory");
    }
    if (box->self == NULL) {
        (void)snprintf(problem, sizeof problem, "libcurl %s refuses a setting: %s",
                       curl_version_info(CURLVERSION_NOW)->version, curl_easy_strerror(why));
        return fail(L, problem);
    }
    lua_pushnil(L);
    lua_pushboolean(L, ngrok_descriptors_are_short());
    return 3;
}

/* curl.ca_file() -> what certificates are held against by default | nil, what was tried. */
static int curl_ca_file(lua_State *L) {
    char problem[512];
    const char *found = NULL;
    if (!ngrok_curl_find_ca(&found, problem, sizeof problem)) {
        return fail(L, problem);
    }
    lua_pushstring(L, ngrok_curl_trusted(found));
    return 1;
}

static int transport_gc(lua_State *L) {
    ngrok_transport_box *box = lua_touserdata(L, 1);
    if (box->self != NULL) {
        box->class->destroy(box->self);
        box->self = NULL;
    }
    return 0;
}

static const luaL_Reg transport_metamethods[] = {
    {"__gc", transport_gc},
    {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"new", curl_new},
    {"ca_file", curl_ca_file},
    {NULL, NULL},
};

NGROK_EXPORT int luaopen_ngrok_curl(lua_State *L);

NGROK_EXPORT int luaopen_ngrok_curl(lua_State *L) {
    /* Counted by libcurl. Never undone: the host may use libcurl too. */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return luaL_error(L, "libcurl could not be initialised");
    }
    compat_newmetatable(L, NGROK_TRANSPORT_METATABLE, transport_metamethods);
    lua_pop(L, 1);
    lua_newtable(L);
    compat_setfuncs(L, functions);
    lua_pushstring(L, curl_version());
    lua_setfield(L, -2, "version");
    lua_pushstring(L, curl_version_info(CURLVERSION_NOW)->ssl_version); /* nil where it is NULL */
    lua_setfield(L, -2, "tls");
    return 1;
}
