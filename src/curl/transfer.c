#include "curl/transfer.h"

#include "curl/callbacks.h"

#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>

/* 0 would mean libcurl's default, which is 300 s. */
static const long no_limit_ms = 24L * 60 * 60 * 1000;

/* A connection on which nothing came for so long is not worth another wait. Seconds. */
static const double longest_silence = 2;

ngrok_transfer *ngrok_transfer_new(const ngrok_settings *settings, ngrok_sockets *sockets,
                                   ngrok_call *call) {
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
    CURLcode code = easy == NULL ? CURLE_OUT_OF_MEMORY : ngrok_settings_apply(self->settings, easy);
    if (code == CURLE_OK) {
        code = ngrok_callbacks_set(self, easy);
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

static void set_connecting(ngrok_transfer *self, bool connecting) {
    self->call->connecting -= self->connecting ? 1 : 0;
    self->connecting = connecting;
    self->call->connecting += self->connecting ? 1 : 0;
}

bool ngrok_transfer_load(ngrok_transfer *self, ngrok_attempt *attempt, double now) {
    set_connecting(self, true);
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
    SET(CURLOPT_VERBOSE, 0L);
#undef SET
    ngrok_buffer_free(&url);
    return code == CURLE_OK;
}

void ngrok_transfer_begin(ngrok_transfer *self) {
    set_connecting(self, false);
    self->begun = true;
}

void ngrok_transfer_renew(ngrok_transfer *self) {
    self->unclean = false;
    (void)curl_easy_setopt(self->easy, CURLOPT_FRESH_CONNECT, 1L);
}

static bool has_time(const ngrok_transfer *self, CURLINFO what) {
    curl_off_t microseconds = 0;
    return curl_easy_getinfo(self->easy, what, &microseconds) == CURLE_OK && microseconds > 0;
}

/* TLS with the server begins once a proxy has opened the tunnel. */
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
        (void)curl_easy_setopt(self->easy, CURLOPT_FORBID_REUSE, 1L);
    }
}

void ngrok_transfer_note_reading(ngrok_transfer *self, curl_socket_t descriptor) {
    if (!self->begun && (descriptor == self->opened[0] || descriptor == self->opened[1])) {
        self->connected = true;
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
        return;
    }
    ngrok_descriptor *socket = ngrok_sockets_find(self->sockets, descriptor);
    if (socket != NULL) {
        socket->is_http1 = speaks_http1(self);
    }
}

void ngrok_transfer_reset(ngrok_transfer *self) {
    ngrok_buffer_free(&self->body);
    ngrok_headers_reset(&self->headers);
    self->attempt = NULL;
    self->port = 0;
    self->opened[0] = self->opened[1] = CURL_SOCKET_BAD;
    set_connecting(self, false);
    self->call->responses -= self->headed ? 1 : 0;
    self->connected = self->begun = self->unclean = self->resending = false;
    self->headed = self->endless = self->too_large = self->no_memory = self->starved = false;
    self->began = 0;
    self->reports = self->body_reports = self->records = 0;
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
