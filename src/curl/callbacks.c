/* POLLRDHUP. */
#define _GNU_SOURCE

#include "curl/callbacks.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <sys/socket.h>

/* The connection carries no other transfer after this one, unless it does so already. */
static void forbid_reuse(ngrok_transfer *self) {
    (void)curl_easy_setopt(self->easy, CURLOPT_FORBID_REUSE, 1L);
}

/* ---- the response ---- */

/* What a callback returns to refuse the rest of a response. The connection is not reused, because
 * the next response would follow that rest. */
static size_t give_up(ngrok_transfer *self) {
    forbid_reuse(self);
    return 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    ngrok_transfer *self = context;
    size_t length = size * count;
    if (length > self->settings->max_response_bytes - self->body.length) {
        self->too_large = true;
        return give_up(self);
    }
    if (!ngrok_buffer_append(&self->body, bytes, length)) {
        self->no_memory = true;
        return give_up(self);
    }
    return length;
}

static bool is_final(const ngrok_transfer *self) {
    long status = 0;
    (void)curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200;
}

/* A trailer comes too late to say what a response is. */
static bool take_header(ngrok_transfer *self, const char *line, size_t length) {
    return self->headed ? ngrok_headers_skip(&self->headers, length)
                        : ngrok_headers_take(&self->headers, line, length);
}

static size_t on_header(char *line, size_t size, size_t count, void *context) {
    ngrok_transfer *self = context;
    size_t length = size * count;
    if (self->began <= 0) {
        self->began = ngrok_clock_now();
        self->attempt->responding = true;
    }
    if (!take_header(self, line, length)) {
        self->too_large = true;
        return give_up(self);
    }
    if (length > 0 && (line[0] == '\r' || line[0] == '\n')) {
        bool was_headed = self->headed;
        self->headed = was_headed || is_final(self);
        self->call->responses += self->headed && !was_headed ? 1 : 0;
        self->reading = self->read = 0;
    }
    return length;
}

/* ---- responses without an end ---- */

/* libcurl reports progress for each byte of a proxy's response to CONNECT, and reads its body to
 * the end, only to drop it. */
static bool has_endless_proxy(ngrok_transfer *self) {
    return !self->begun && self->reports++ >= ngrok_transfer_proxy_bytes_max;
}

/* libcurl reads on for as long as something comes, and does nothing else meanwhile. Bytes of the
 * body earn more time, so that a long one may take longer on a slow machine. Seconds are the
 * processor's: a host that was suspended has used none. Reading that clock takes a microsecond, so
 * short responses are not timed. */
static bool takes_too_long(ngrok_transfer *self) {
    enum { reports_of_short_responses = 8 };
    static const double longest_reading = 0.5;
    static const double seconds_a_byte = 5e-8; /* of JSON in gzip; tenfold what it takes */
    if (self->body_reports < reports_of_short_responses) {
        self->body_reports++;
        return false;
    }
    double now = ngrok_clock_processor(), since = fmax(self->read, self->call->begun);
    self->reading += since > 0 ? now - since : 0;
    self->read = now;
    return self->reading > longest_reading + (double)self->body.length * seconds_a_byte;
}

/* For on_record, libcurl must be verbose when TLS is set up and while a response may come. At other
 * times that would only cost time: over HTTP/2 it doubles libcurl's. */
static void watch_records(ngrok_transfer *self) {
    bool may_be_http2 = self->settings->https && self->settings->has_http2;
    if (may_be_http2) {
        (void)curl_easy_setopt(self->easy, CURLOPT_VERBOSE, 1L);
    }
}

static int on_progress(void *context, curl_off_t wanted, curl_off_t received, curl_off_t to_send,
                       curl_off_t sent) {
    ngrok_transfer *self = context;
    (void)wanted, (void)received, (void)to_send, (void)sent;
    if (has_endless_proxy(self)) {
        return 1;
    }
    if (self->begun) { /* the request has gone out */
        watch_records(self);
    }
    if (self->headed && takes_too_long(self)) {
        self->endless = true;
        forbid_reuse(self);
        return 1;
    }
    return 0;
}

/* Counts from the first time that it is asked, where the call's beginning was not noted. */
static bool lasts_longer_than(ngrok_call *call, double seconds) {
    double now = ngrok_clock_processor();
    call->begun = call->begun > 0 ? call->begun : now;
    return now - call->begun > seconds;
}

/* libcurl (7.88) reads frames of HTTP/2 that belong to no response for as long as they come. Of all
 * our functions it calls only the one for debugging meanwhile, for each record of TLS (OpenSSL's).
 * Ends a connection whose records keep the processor for too long within one call. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static int on_record(CURL *easy, curl_infotype kind, char *bytes, size_t size, void *context) {
    enum { records_per_look = 64 }; /* as reading the clock takes longer than the rest */
    static const double longest_call = 0.2;
    ngrok_transfer *self = context;
    (void)easy, (void)bytes, (void)size;
    if (kind == CURLINFO_SSL_DATA_IN && !self->endless && ++self->records % records_per_look == 0 &&
        lasts_longer_than(self->call, longest_call)) {
        const ngrok_descriptor *socket = ngrok_sockets_from(self->sockets, self->port);
        self->endless = true;
        (void)shutdown(socket != NULL ? socket->number : self->opened[0], SHUT_RDWR);
    }
    return 0;
}

/* ---- the connection ---- */

static bool has_opened_nothing(const ngrok_transfer *self) {
    return self->opened[0] == CURL_SOCKET_BAD && self->opened[1] == CURL_SOCKET_BAD;
}

#ifndef POLLRDHUP /* Linux has it */
enum { POLLRDHUP = 0 };
#endif

/* Whether a connection that was kept must carry no more requests. Its server has hung up, which
 * libcurl (7.88) overlooks behind input that it has not read. Or there is input on a connection of
 * HTTP/1 before any request, such as a late 408: libcurl 7 would take it for the response.
 * HTTP/2 numbers its requests and talks in between. */
static bool is_spent(const ngrok_transfer *self, int port) {
    const ngrok_descriptor *kept =
        has_opened_nothing(self) ? ngrok_sockets_from(self->sockets, port) : NULL;
    struct pollfd entry = {.fd = kept != NULL ? kept->number : -1, .events = POLLRDHUP};
    if (kept != NULL && kept->is_http1) {
        entry.events |= POLLIN;
    }
    return poll(&entry, 1, 0) > 0;
}

/* When a reused connection dies before any response, libcurl sends the request again, even a POST.
 * Only the engine may decide that: it knows what is safe to repeat. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static int on_request(void *context, char *remote, char *local, int remote_port, int local_port) {
    ngrok_transfer *self = context;
    (void)remote, (void)local, (void)remote_port;
    if (self->begun) {
        self->resending = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (self->attempt->late) {
        return CURL_PREREQFUNC_ABORT;
    }
    if (is_spent(self, local_port)) {
        self->unclean = true;
        return CURL_PREREQFUNC_ABORT; /* which closes the connection */
    }
    ngrok_transfer_begin(self);
    self->attempt->out = true;
    self->attempt->reused = has_opened_nothing(self);
    self->port = local_port;
    return CURL_PREREQFUNC_OK;
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    ngrok_transfer *self = context;
    (void)purpose;
    if (self->begun) {
        /* For a second sending, which on_request would refuse: a connection that cannot be made
         * would only hide what became of the first. */
        self->resending = true;
        return CURL_SOCKET_BAD;
    }
    curl_socket_t made = ngrok_sockets_open(self->sockets, address);
    self->starved = made == CURL_SOCKET_BAD && ngrok_descriptors_are_used_up(errno);
    self->no_memory = self->no_memory || (made == CURL_SOCKET_BAD && errno == ENOMEM);
    self->opened[1] = self->opened[0];
    self->opened[0] = made;
    watch_records(self);
    return made;
}

static int on_close(void *context, curl_socket_t descriptor) {
    return ngrok_sockets_close(context, descriptor);
}

CURLcode ngrok_callbacks_set(ngrok_transfer *self, CURL *easy) {
    CURLcode code = CURLE_OK;
#define SET(option, value) (code = code != CURLE_OK ? code : curl_easy_setopt(easy, option, value))
    SET(CURLOPT_PRIVATE, self);
    SET(CURLOPT_ERRORBUFFER, self->error);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, self);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, self);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, on_progress);
    SET(CURLOPT_XFERINFODATA, self);
    SET(CURLOPT_DEBUGFUNCTION, on_record);
    SET(CURLOPT_DEBUGDATA, self);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, self);
    /* A connection keeps these two, and outlives the transfer that it was made for. */
    SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(CURLOPT_CLOSESOCKETDATA, self->sockets);
    SET(CURLOPT_PREREQFUNCTION, on_request);
    SET(CURLOPT_PREREQDATA, self);
#undef SET
    return code;
}
