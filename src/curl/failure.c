#include "curl/failure.h"

#include "base/text.h"
#include "curl/ca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { name_max = 300 };

/* ---- how far it got ---- */

static bool is_refused_as_late(const ngrok_transfer *self) {
    return self->result == CURLE_ABORTED_BY_CALLBACK && !self->begun && self->attempt->late;
}

bool ngrok_curl_failure_is_timeout(const ngrok_transfer *self) {
    return self->result == CURLE_OPERATION_TIMEDOUT || is_refused_as_late(self);
}

/* The status with which a proxy responded to CONNECT; 0 for none. */
static long tunnel_status(const ngrok_transfer *self) {
    long status = 0;
    (void)curl_easy_getinfo(self->easy, CURLINFO_HTTP_CONNECTCODE, &status);
    return status;
}

bool ngrok_curl_failure_is_wish_of_proxy(const ngrok_transfer *self, long status) {
    const ngrok_settings *settings = self->settings;
    return status == 407 && settings->proxy != NULL && !settings->proxy_socks && !settings->https;
}

/* By its response to a request over plain http, which has no tunnel. */
static bool was_refused_without_tunnel(const ngrok_transfer *self) {
    return self->result == CURLE_PROXY && self->begun;
}

static bool was_refused_by_proxy(const ngrok_transfer *self) {
    if (self->result == CURLE_PROXY) { /* SOCKS, or without a tunnel */
        return true;
    }
    long status = tunnel_status(self);
    return !self->begun && status != 0 && status / 100 != 2;
}

static bool has_endless_proxy(const ngrok_transfer *self) {
    return !self->begun && self->reports > ngrok_transfer_proxy_bytes_max;
}

/* Every code that a TLS library behind libcurl gives before a request can go out. */
static bool is_of_tls(CURLcode result) {
    switch (result) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_SSL_ENGINE_NOTFOUND:
    case CURLE_SSL_ENGINE_SETFAILED:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CLIENTCERT:
    case CURLE_UNSUPPORTED_PROTOCOL: /* https, to a libcurl that was built without TLS */
        return true;
    default:
        return false;
    }
}

bool ngrok_curl_failure_is_permanent(const ngrok_transfer *self) {
    if (self->starved) {
        return false;
    }
    switch (self->result) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return true;
    default:
        return self->too_large || self->endless;
    }
}

/* Where libcurl's code names a phase, it is more reliable than libcurl's times. */
ngrok_progress ngrok_curl_failure_progress(const ngrok_transfer *self) {
    ngrok_progress where = ngrok_transfer_progress(self);
    if (was_refused_without_tunnel(self)) {
        where = (ngrok_progress){NGROK_PHASE_CONNECT, false};
    } else if (where.sent) {
        if (self->result == CURLE_SEND_ERROR || self->resending) {
            where.phase = NGROK_PHASE_SEND;
        }
    } else if (is_of_tls(self->result)) {
        where.phase = NGROK_PHASE_TLS;
    } else if (self->result == CURLE_COULDNT_RESOLVE_HOST ||
               self->result == CURLE_COULDNT_RESOLVE_PROXY) {
        where.phase = NGROK_PHASE_RESOLVE;
    } else if (self->result == CURLE_COULDNT_CONNECT || was_refused_by_proxy(self) ||
               has_endless_proxy(self)) {
        where.phase = NGROK_PHASE_CONNECT;
    }
    return where;
}

/* ---- in words ---- */

/* libcurl's buffer has host names, ports and certificate details, never a body; but it can quote a
 * proxy's URL, the environment's too, and before an "@" that may have a password. */
static const char *words_of_curl(const ngrok_transfer *self) {
    bool quotable = self->error[0] != '\0' && strchr(self->error, '@') == NULL;
    return quotable ? self->error : curl_easy_strerror(self->result);
}

static const char *words_of_system(const ngrok_transfer *self) {
    long number = 0;
    (void)curl_easy_getinfo(self->easy, CURLINFO_OS_ERRNO, &number);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): strerror_r differs from libc to libc */
    return number != 0 ? strerror((int)number) : curl_easy_strerror(self->result);
}

static bool environment_names_a_proxy(void) {
    static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): libcurl reads them the same way */
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return true;
        }
    }
    return false;
}

/* Only libcurl knows whether it uses the environment's proxy for this host. Its message names the
 * host that it tried to connect to, and since version 8 the proxy in between. */
static bool is_through_proxy_of_environment(const ngrok_transfer *self) {
    const ngrok_settings *settings = self->settings;
    if (settings->proxy != NULL || settings->direct || self->error[0] == '\0' ||
        !environment_names_a_proxy()) {
        return false;
    }
    bool is_ipv6 = settings->server[0] == '[';
    const char *start = settings->server + (is_ipv6 ? 1 : 0);
    char host[name_max];
    (void)snprintf(host, sizeof host, "%.*s", (int)strcspn(start, is_ipv6 ? "]" : ":"), start);
    return strstr(self->error, host) == NULL || strstr(self->error, " via ") != NULL;
}

/* The host that it was about to talk to: the proxy, until a tunnel is open. */
static void name_target(const ngrok_transfer *self, bool proxy, char *name, size_t size) {
    (void)snprintf(name, size, "%s%s", proxy ? "the proxy " : "",
                   proxy ? self->settings->proxy_server : self->settings->server);
}

static void explain_resolving(const ngrok_transfer *self, char *message, size_t size) {
    if (self->result == CURLE_COULDNT_RESOLVE_PROXY && self->settings->proxy == NULL) {
        (void)snprintf(message, size, "could not resolve the proxy set in the environment: %s",
                       words_of_curl(self));
        return;
    }
    char target[name_max];
    name_target(self, self->result == CURLE_COULDNT_RESOLVE_PROXY, target, sizeof target);
    (void)snprintf(message, size, "could not resolve the name of %s", target);
}

static void explain_connecting(const ngrok_transfer *self, char *message, size_t size) {
    if (is_through_proxy_of_environment(self)) {
        (void)snprintf(message, size, "could not connect to the proxy set in the environment: %s",
                       words_of_curl(self));
        return;
    }
    char target[name_max];
    name_target(self, self->settings->proxy != NULL, target, sizeof target);
    (void)snprintf(message, size, "could not connect to %s: %s", target, words_of_system(self));
}

static const char *name_of_proxy(const ngrok_settings *settings) {
    return settings->proxy != NULL ? settings->proxy_server : "set in the environment";
}

/* What a 407 means. Only libcurl knows whether the environment's proxy has a user. */
static const char *wish_of_proxy(const ngrok_settings *settings) {
    return settings->proxy == NULL ? " (it requires a user and a password, or rejected those given)"
           : settings->proxy_has_user ? " (it rejected the user and the password in proxy)"
                                      : " (it requires a user and a password: give them in proxy)";
}

static void explain_refusal_of_proxy(const ngrok_transfer *self, char *message, size_t size) {
    const ngrok_settings *settings = self->settings;
    long status = was_refused_without_tunnel(self) ? 407 : tunnel_status(self);
    const char *name = name_of_proxy(settings);
    if (status == 0) {
        (void)snprintf(message, size, "the proxy %s refused to connect to %s: %s", name,
                       settings->server, words_of_curl(self));
        return;
    }
    (void)snprintf(message, size, "the proxy %s refused to connect to %s: HTTP %ld%s", name,
                   settings->server, status, status == 407 ? wish_of_proxy(settings) : "");
}

static void explain_connect_timeout(const ngrok_transfer *self, char *message, size_t size) {
    ngrok_phase phase = ngrok_curl_failure_progress(self).phase;
    const char *format = phase == NGROK_PHASE_TLS ? "no TLS handshake with %s within %s"
                         : phase == NGROK_PHASE_RESOLVE
                             ? "the name of %s was not resolved within %s"
                             : "no connection to %s within %s";
    char target[name_max], limit[64];
    name_target(self, self->settings->proxy != NULL && phase != NGROK_PHASE_TLS, target,
                sizeof target);
    (void)snprintf(limit, sizeof limit, "connect_timeout (%s s)",
                   ngrok_text_seconds((double)self->settings->connect_timeout_ms / 1e3).text);
    (void)snprintf(message, size, format, target, limit);
}

static bool contains_any(const char *text, const char *const *words) {
    for (; *words != NULL; words++) {
        if (strstr(text, *words) != NULL) {
            return true;
        }
    }
    return false;
}

/* Whether a refused certificate is another host's, in the words of OpenSSL, GnuTLS, NSS and others.
 */
static bool is_about_the_name(const char *text) {
    static const char *const words[] = {
        "host name",   "hostname", "subject name", "subject alt name", "domain name",
        "CN_MISMATCH", NULL};
    return contains_any(text, words);
}

/* Explains the libraries' messages to a user who does not know the libraries. */
static const char *handshake_hint(const char *text) {
    static const char *const old[] = {"protocol version", "unsupported protocol", NULL};
    static const char *const none[] = {"wrong version number", "packet length too long",
                                       "unexpected TLS packet", "maximum permissible length", NULL};
    return contains_any(text, old)    ? "; TLS 1.2 or newer is required"
           : contains_any(text, none) ? "; the port may speak plain HTTP"
                                      : "";
}

static void explain_tls(const ngrok_transfer *self, char *message, size_t size) {
    const char *text = words_of_curl(self);
    char target[name_max];
    /* Only a proxy that is itself reached by TLS can fail so before the tunnel is there. */
    name_target(self, self->settings->proxy_https && tunnel_status(self) == 0, target,
                sizeof target);
    const char *trusted = ngrok_ca_in_use(self->settings->ca_file);
    if (self->result == CURLE_SSL_CACERT_BADFILE) {
        (void)snprintf(message, size, "cannot read a certificate from ca_file %s", trusted);
    } else if (self->result != CURLE_PEER_FAILED_VERIFICATION) {
        (void)snprintf(message, size, "the TLS handshake with %s failed: %s%s", target, text,
                       handshake_hint(text));
    } else if (is_about_the_name(text)) {
        (void)snprintf(message, size, "the certificate of %s is for another host: %s", target,
                       text);
    } else {
        (void)snprintf(message, size,
                       "the certificate of %s is not trusted: %s; ca_file in use: %s", target, text,
                       trusted);
    }
}

static void explain_before_sending(const ngrok_transfer *self, char *message, size_t size) {
    if (self->result == CURLE_OPERATION_TIMEDOUT) {
        explain_connect_timeout(self, message, size);
    } else if (was_refused_by_proxy(self)) {
        explain_refusal_of_proxy(self, message, size);
    } else if (has_endless_proxy(self)) {
        (void)snprintf(message, size, "the response of the proxy %s exceeds %d bytes",
                       name_of_proxy(self->settings), ngrok_transfer_proxy_bytes_max);
    } else if (is_of_tls(self->result)) {
        explain_tls(self, message, size);
    } else if (self->result == CURLE_COULDNT_RESOLVE_HOST ||
               self->result == CURLE_COULDNT_RESOLVE_PROXY) {
        explain_resolving(self, message, size);
    } else if (self->result == CURLE_COULDNT_CONNECT) {
        explain_connecting(self, message, size);
    } else {
        char target[name_max];
        name_target(self, self->settings->proxy != NULL, target, sizeof target);
        (void)snprintf(message, size, "could not send the request to %s: %s", target,
                       words_of_curl(self));
    }
}

void ngrok_curl_failure_explain(const ngrok_transfer *self, char *message, size_t size) {
    if (self->too_large && self->headers.bytes > ngrok_headers_bytes_max) {
        (void)snprintf(message, size, "the response's headers exceed %d bytes",
                       ngrok_headers_bytes_max);
    } else if (self->too_large) {
        (void)snprintf(message, size, "the response exceeds max_response_bytes (%zu)",
                       self->settings->max_response_bytes);
    } else if (self->starved) {
        (void)snprintf(message, size, "no file descriptor is free for a connection to %s: %s",
                       self->settings->server, ngrok_descriptors_advice);
    } else if (self->endless) {
        (void)snprintf(
            message, size,
            "reading the response used much CPU time for almost no data; the server may be faulty");
    } else if (self->no_memory) {
        (void)snprintf(message, size, "out of memory while %s",
                       self->begun ? "reading the response" : "connecting");
    } else if (is_refused_as_late(self)) {
        (void)snprintf(message, size, "timeout expired before the request was sent");
    } else if (self->resending) {
        (void)snprintf(message, size, "the connection closed before the response began");
    } else if (self->result == CURLE_PARTIAL_FILE && !self->headed) {
        (void)snprintf(message, size,
                       "the connection closed in the middle of the response's headers");
    } else if (!ngrok_curl_failure_progress(self).sent) {
        explain_before_sending(self, message, size);
    } else if (self->result == CURLE_OUT_OF_MEMORY) {
        /* libcurl 7 says the same of both. */
        (void)snprintf(
            message, size,
            "a line of the response's headers is longer than libcurl accepts, or libcurl "
            "ran out of memory");
    } else {
        (void)snprintf(message, size, "%s", words_of_curl(self));
    }
}
