/* fcntl and SOCK_CLOEXEC. */
#define _DEFAULT_SOURCE

#include "curl/transfer.h"

#include "base/clock.h"
#include "curl/failure.h"
#include "curl/idle.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* 0 would mean libcurl's default, which is 300 s. */
static const long no_limit_ms = 24L * 60 * 60 * 1000;

/* Seconds. After such a life a connection is not used again, so that the name is looked up anew. */
enum { keepalive_idle_seconds = 30, longest_life = 300 };

/* Seconds of the processor that libcurl may take for what comes at once on a connection. */
static const double longest_call = 0.2;

/* A connection on which nothing came for so long is not worth another wait; nor is one on which an
 * response stopped half way, as its server may be about to close it. Seconds. */
static const double longest_silence = 2;

double ngrok_curl_processor_now(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- what libcurl calls: it only records ---- */

/* Its connection carries no other once this transfer has ended, unless there is one on it. */
static void forbid_reuse(ngrok_transfer *self) {
    (void)curl_easy_setopt(self->easy, CURLOPT_FORBID_REUSE, 1L);
}

/* For a callback to return that takes no more. What is still to come would stand in the way of the
 * next request on the connection. */
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
        self->headed = is_final(self);
        self->reading = 0;
        self->read = ngrok_curl_processor_now();
    }
    return length;
}

static bool has_opened_nothing(const ngrok_transfer *self) {
    return self->opened[0] == CURL_SOCKET_BAD && self->opened[1] == CURL_SOCKET_BAD;
}

static int port_of(curl_socket_t descriptor) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = {0};
    socklen_t length = sizeof address;
    if (getsockname(descriptor, &address.any, &length) != 0) {
        return 0;
    }
    return address.any.sa_family == AF_INET    ? ntohs(address.v4.sin_port)
           : address.any.sa_family == AF_INET6 ? ntohs(address.v6.sin6_port)
                                               : 0;
}

/* Of the connection that carries it; libcurl names that by its port only. */
static curl_socket_t socket_of(const ngrok_transfer *self) {
    for (size_t i = 0; self->begun && i < self->sockets->count; i++) {
        if (port_of(self->sockets->all[i].number) == self->port) {
            return self->sockets->all[i].number;
        }
    }
    return self->opened[0];
}

/* libcurl (7.88) reads frames of HTTP/2 that belong to no response for as long as they come. Of all
 * our functions it calls only the one for debugging meanwhile, for each record of TLS (OpenSSL's).
 * Ends a connection whose records come without an end. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static int on_record(CURL *easy, curl_infotype kind, char *bytes, size_t size, void *context) {
    ngrok_transfer *self = context;
    (void)easy, (void)bytes, (void)size;
    if (kind == CURLINFO_SSL_DATA_IN && !self->endless &&
        ngrok_curl_processor_now() - self->call->begun > longest_call) {
        self->endless = true;
        (void)shutdown(socket_of(self), SHUT_RDWR);
    }
    return 0;
}

/* libcurl sends a request again by itself when a reused connection dies before any response, a POST
 * too. Whether to try again is the engine's decision alone: it knows what is safe to repeat. */
/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static int on_request(void *context, char *remote, char *local, int remote_port, int local_port) {
    ngrok_transfer *self = context;
    (void)remote, (void)local, (void)remote_port;
    if (self->begun) {
        self->again = true;
        return CURL_PREREQFUNC_ABORT;
    }
    if (self->attempt->late) {
        return CURL_PREREQFUNC_ABORT;
    }
    if (ngrok_curl_idle_end(self->sockets, local_port)) {
        self->unclean = true;
        return CURL_PREREQFUNC_ABORT; /* which closes the connection */
    }
    self->begun = true;
    self->attempt->out = true;
    self->attempt->reused = has_opened_nothing(self);
    self->port = local_port;
    return CURL_PREREQFUNC_OK;
}

/* libcurl reports progress for each byte of a proxy's response to CONNECT, and reads its body to
 * the end, only to drop it. */
static bool has_endless_proxy(ngrok_transfer *self) {
    return !self->begun && self->glances++ >= ngrok_curl_proxy_bytes_max;
}

static bool takes_too_long(ngrok_transfer *self) {
    static const double seconds_a_byte = 5e-8; /* of JSON in gzip; tenfold what it takes */
    double now = ngrok_curl_processor_now();
    self->reading += now - fmax(self->read, self->call->begun);
    self->read = now;
    return self->reading > NGROK_CURL_LONGEST_READING + (double)self->body.length * seconds_a_byte;
}

static int on_progress(void *context, curl_off_t wanted, curl_off_t received, curl_off_t to_send,
                       curl_off_t sent) {
    ngrok_transfer *self = context;
    (void)wanted, (void)received, (void)to_send, (void)sent;
    if (has_endless_proxy(self)) {
        return 1;
    }
    if (self->headed && takes_too_long(self)) {
        self->endless = true;
        forbid_reuse(self);
        return 1;
    }
    return 0;
}

static curl_socket_t open_socket(const struct curl_sockaddr *address) {
#ifdef SOCK_CLOEXEC
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
#else
    curl_socket_t made = socket(address->family, address->socktype, address->protocol);
    if (made >= 0) {
        (void)fcntl(made, F_SETFD, FD_CLOEXEC);
    }
    return made;
#endif
}

static curl_socket_t on_open(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    ngrok_transfer *self = context;
    (void)purpose;
    if (self->begun) {
        /* For a second try, which on_request would refuse: a connection that cannot be made would
         * only hide what became of the first. */
        self->again = true;
        return CURL_SOCKET_BAD;
    }
    curl_socket_t made = open_socket(address);
    self->starved = made == CURL_SOCKET_BAD && ngrok_descriptors_are_used_up(errno);
    if (made != CURL_SOCKET_BAD && !ngrok_descriptors_add(self->sockets, made)) {
        (void)close(made);
        made = CURL_SOCKET_BAD;
        self->no_memory = true;
    }
    self->opened[1] = self->opened[0];
    self->opened[0] = made;
    return made;
}

static int on_close(void *context, curl_socket_t descriptor) {
    ngrok_descriptors_remove(context, descriptor);
    return close(descriptor);
}

void ngrok_transfer_note_reading(ngrok_transfer *self, curl_socket_t descriptor) {
    if (!self->begun && (descriptor == self->opened[0] || descriptor == self->opened[1])) {
        self->connected = true;
    }
}

/* ---- options ---- */

static CURLcode set_connection_options(const ngrok_curl_settings *self, CURL *easy) {
    CURLcode code = CURLE_OK;
#define SET(option, value) (code = code != CURLE_OK ? code : curl_easy_setopt(easy, option, value))
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PATH_AS_IS, 1L);
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_HTTP09_ALLOWED, 0L);
    SET(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    SET(CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE); /* a proxy gets none of our headers */
    SET(CURLOPT_ACCEPT_ENCODING, self->has_gzip ? "gzip" : NULL);
    SET(CURLOPT_USERAGENT, self->user_agent);
    SET(CURLOPT_TIMEOUT_MS, 0L);
    SET(CURLOPT_MAXLIFETIME_CONN, (long)longest_life);
    SET(CURLOPT_TCP_KEEPALIVE, 1L);
    SET(CURLOPT_TCP_KEEPIDLE, (long)keepalive_idle_seconds);
    SET(CURLOPT_HTTP_VERSION,
        (long)(self->has_http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    SET(CURLOPT_PIPEWAIT, self->https ? 1L : 0L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
#if LIBCURL_VERSION_NUM >= 0x075500 /* 7.85.0 */
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
#if LIBCURL_VERSION_NUM >= 0x075700 /* 7.87.0: cancelling must not wait for a slow DNS server */
    SET(CURLOPT_QUICK_EXIT, 1L);
#endif
    if (self->ca_file != NULL) {
        SET(CURLOPT_CAINFO, self->ca_file);
        SET(CURLOPT_CAPATH, NULL);
        SET(CURLOPT_PROXY_CAINFO, self->ca_file); /* a proxy that is reached by TLS */
        SET(CURLOPT_PROXY_CAPATH, NULL);
    }
    if (self->proxy != NULL || self->direct) {
        SET(CURLOPT_PROXY, self->proxy != NULL ? self->proxy : "");
        SET(CURLOPT_NOPROXY, ""); /* the environment's exceptions are for the environment's proxy */
    }
#undef SET
    return code;
}

static CURLcode set_callbacks(ngrok_transfer *self, CURL *easy) {
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
    SET(CURLOPT_VERBOSE, self->settings->https && self->settings->has_http2 ? 1L : 0L);
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

ngrok_transfer *ngrok_transfer_new(const ngrok_curl_settings *settings, ngrok_descriptors *sockets,
                                   const ngrok_curl_call *call) {
    ngrok_transfer *self = calloc(1, sizeof *self);
    if (self != NULL) {
        self->settings = settings;
        self->sockets = sockets;
        self->call = call;
        self->opened[0] = self->opened[1] = CURL_SOCKET_BAD;
    }
    return self;
}

CURLcode ngrok_transfer_equip(ngrok_transfer *self) {
    if (self->easy != NULL) {
        return CURLE_OK;
    }
    CURL *easy = curl_easy_init();
    CURLcode code =
        easy == NULL ? CURLE_OUT_OF_MEMORY : set_connection_options(self->settings, easy);
    if (code == CURLE_OK) {
        code = set_callbacks(self, easy);
    }
    if (code != CURLE_OK) {
        curl_easy_cleanup(easy);
        return code;
    }
    self->easy = easy;
    return CURLE_OK;
}

void ngrok_transfer_free(ngrok_transfer *self) {
    curl_easy_cleanup(self->easy);
    ngrok_buffer_free(&self->body);
    ngrok_bytes_free(self, sizeof *self); /* a response's headers may repeat the key */
}

bool ngrok_transfer_load(ngrok_transfer *self, ngrok_attempt *attempt, double now) {
    self->attempt = attempt;
    self->loaded = now;
    self->connect_by = now + (double)self->settings->connect_timeout_ms / 1e3;
    ngrok_buffer url = {0};
    CURLcode code = CURLE_OUT_OF_MEMORY;
    if (ngrok_transfer_equip(self) == CURLE_OK &&
        ngrok_buffer_append_string(&url, self->settings->base) &&
        ngrok_buffer_append_string(&url, attempt->target)) {
        code = CURLE_OK;
    }
#define SET(option, value)                                                                         \
    (code = code != CURLE_OK ? code : curl_easy_setopt(self->easy, option, value))
    SET(CURLOPT_URL, url.bytes);
    if (attempt->body != NULL) {
        /* Not copied by libcurl: the body outlives the attempt. */
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)attempt->body_length);
        SET(CURLOPT_POSTFIELDS, attempt->body);
        SET(CURLOPT_HTTPHEADER, self->settings->headers_with_body);
    } else {
        SET(CURLOPT_POSTFIELDS, NULL);
        SET(CURLOPT_HTTPGET, 1L);
        SET(CURLOPT_HTTPHEADER, self->settings->headers);
    }
    SET(CURLOPT_CUSTOMREQUEST, attempt->method);
    SET(CURLOPT_FORBID_REUSE, 0L);
    SET(CURLOPT_FRESH_CONNECT, attempt->fresh ? 1L : 0L);
    SET(CURLOPT_CONNECTTIMEOUT_MS, self->settings->connect_timeout_ms);
#undef SET
    ngrok_buffer_free(&url);
    return code == CURLE_OK;
}

void ngrok_transfer_renew(ngrok_transfer *self) {
    self->unclean = false;
    (void)curl_easy_setopt(self->easy, CURLOPT_FRESH_CONNECT, 1L);
}

static bool has_time(const ngrok_transfer *self, CURLINFO what) {
    curl_off_t microseconds = 0;
    return curl_easy_getinfo(self->easy, what, &microseconds) == CURLE_OK && microseconds > 0;
}

bool ngrok_transfer_awaits_connection(const ngrok_transfer *self) {
    return self->attempt != NULL && !self->begun && has_opened_nothing(self);
}

/* TLS with the server begins when a proxy has answered that it is through. */
static bool waits_for_tunnel(const ngrok_transfer *self) {
    long status = 0;
    return self->settings->proxy != NULL && !self->settings->proxy_socks &&
           curl_easy_getinfo(self->easy, CURLINFO_HTTP_CONNECTCODE, &status) == CURLE_OK &&
           status == 0;
}

void ngrok_transfer_forgive(ngrok_transfer *self, double now) {
    if (self->attempt != NULL && !self->begun && now >= self->connect_by) {
        self->connect_by = INFINITY;
        (void)curl_easy_setopt(self->easy, CURLOPT_CONNECTTIMEOUT_MS, no_limit_ms);
    }
}

void ngrok_transfer_abandon(ngrok_transfer *self, double now) {
    if (self->headed || self->attempt->fresh || now - self->loaded >= longest_silence) {
        forbid_reuse(self);
    }
}

/* Errors of one stream, and those that our callbacks make, leave the others alone. */
static bool has_broken_connection(const ngrok_transfer *self) {
    return self->begun && (self->result == CURLE_HTTP2 || self->result == CURLE_RECV_ERROR ||
                           self->result == CURLE_SEND_ERROR);
}

static bool speaks_http1(const ngrok_transfer *self) {
    long version = 0;
    (void)curl_easy_getinfo(self->easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1;
}

/* libcurl returns these when a file or a look-up gets no descriptor, but for other reasons, too. */
static bool may_be_starved(CURLcode result) {
    return result == CURLE_SSL_CACERT_BADFILE || result == CURLE_COULDNT_RESOLVE_HOST ||
           result == CURLE_COULDNT_RESOLVE_PROXY;
}

void ngrok_transfer_end(ngrok_transfer *self, CURLcode result) {
    curl_socket_t descriptor = CURL_SOCKET_BAD;
    self->result = result;
    self->starved = (self->starved && result == CURLE_COULDNT_CONNECT) ||
                    (may_be_starved(result) && ngrok_descriptors_are_short());
    if (curl_easy_getinfo(self->easy, CURLINFO_ACTIVESOCKET, &descriptor) != CURLE_OK ||
        descriptor == CURL_SOCKET_BAD) {
        return;
    }
    if (has_broken_connection(self)) {
        (void)shutdown(descriptor, SHUT_RDWR);
    } else if (result == CURLE_OK && self->settings->overlooks_input && speaks_http1(self)) {
        ngrok_curl_idle_begin(self->sockets, descriptor, self->port);
    }
}

void ngrok_transfer_reset(ngrok_transfer *self) {
    ngrok_buffer_free(&self->body);
    ngrok_headers_reset(&self->headers);
    self->attempt = NULL;
    self->port = 0;
    self->opened[0] = self->opened[1] = CURL_SOCKET_BAD;
    self->connected = self->begun = self->unclean = self->again = false;
    self->headed = self->endless = self->too_large = self->no_memory = self->starved = false;
    self->began = 0;
    self->glances = 0;
    self->error[0] = '\0';
}

ngrok_progress ngrok_transfer_progress(const ngrok_transfer *self) {
    if (self->begun) {
        curl_off_t uploaded = 0;
        (void)curl_easy_getinfo(self->easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
        bool whole = (size_t)uploaded >= self->attempt->body_length;
        return (ngrok_progress){whole ? NGROK_PHASE_RECEIVE : NGROK_PHASE_SEND, true};
    }
    if (!has_time(self, CURLINFO_NAMELOOKUP_TIME_T)) {
        return (ngrok_progress){NGROK_PHASE_RESOLVE, false};
    }
    if (self->settings->https && self->connected && !waits_for_tunnel(self)) {
        return (ngrok_progress){NGROK_PHASE_TLS, false};
    }
    return (ngrok_progress){NGROK_PHASE_CONNECT, false};
}

static char *copy_value(const char *value) {
    return value[0] != '\0' ? ngrok_bytes_copy(value, strlen(value)) : NULL;
}

static void read_response(ngrok_transfer *from, ngrok_response *response) {
    long status = 0;
    (void)curl_easy_getinfo(from->easy, CURLINFO_RESPONSE_CODE, &status);
    response->status = (int)status;
    response->body = ngrok_buffer_take(&from->body, &response->body_length);
    response->content_type = copy_value(from->headers.content_type);
    response->operation_id = copy_value(from->headers.operation_id);
    response->retry_after = copy_value(from->headers.retry_after);
    response->date = copy_value(from->headers.date);
}

static double seconds_of(const ngrok_transfer *self, CURLINFO what) {
    curl_off_t microseconds = 0;
    (void)curl_easy_getinfo(self->easy, what, &microseconds);
    return (double)microseconds / 1e6;
}

/* libcurl's clocks all count from the start; one that it did not come to stands at 0. When the
 * response began is told by our own: over HTTP/2 libcurl (7.88) takes the connection's settings for
 * that, which may come before the request has gone out. */
static ngrok_timings read_timings(const ngrok_transfer *self) {
    const double clocks[] = {
        seconds_of(self, CURLINFO_NAMELOOKUP_TIME_T), seconds_of(self, CURLINFO_CONNECT_TIME_T),
        seconds_of(self, CURLINFO_APPCONNECT_TIME_T), seconds_of(self, CURLINFO_PRETRANSFER_TIME_T),
        fmax(self->began - self->loaded, 0),          seconds_of(self, CURLINFO_TOTAL_TIME_T),
    };
    enum { count = sizeof clocks / sizeof *clocks };
    double spent[count], reached = 0;
    for (size_t i = 0; i < count; i++) {
        double at = clocks[i];
        spent[i] = fmax(at - reached, 0);
        reached = fmax(at, reached);
    }
    return (ngrok_timings){
        .resolve = spent[0],
        .connect = spent[1],
        .tls = spent[2],
        .first_byte = spent[4],
        .receive = spent[5],
        .total = reached,
    };
}

static ngrok_failure read_failure(const ngrok_transfer *self, long status) {
    return (ngrok_failure){
        .where = ngrok_curl_failure_progress(self),
        .timed_out = ngrok_curl_failure_is_timeout(self),
        .permanent = ngrok_curl_failure_is_permanent(self),
        .starved = self->starved,
        /* Not that of a 100 Continue, of nonsense, or of headers that were cut off. */
        .status = self->headed && status <= 999 ? (int)status : 0,
    };
}

void ngrok_transfer_report(ngrok_transfer *self, ngrok_finished *out) {
    long status = 0;
    (void)curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
    if (self->result == CURLE_OK && status >= 200 && !self->headed) {
        /* libcurl is content with headers that end with the connection. */
        self->result = CURLE_PARTIAL_FILE;
    }
    /* Over HTTP/2 libcurl takes any digits for a status; and no other protocol is wanted by a 101.
     */
    if (self->result == CURLE_OK && (status < 200 || status > 999)) {
        self->result = CURLE_WEIRD_SERVER_REPLY;
    }
    if (self->result == CURLE_OK && ngrok_curl_failure_is_wish_of_proxy(self, status)) {
        self->result = CURLE_PROXY;
    }
    *out = (ngrok_finished){.attempt = self->attempt, .has_response = self->result == CURLE_OK};
    out->timings = read_timings(self);
    if (out->has_response) {
        read_response(self, &out->response);
        return;
    }
    out->failure = read_failure(self, status);
    ngrok_curl_failure_explain(self, out->message, sizeof out->message);
}
