#include "curl/settings.h"

#include "base/buffer.h"
#include "base/text.h"

#include <string.h>

/* Seconds. A connection that is older is not reused, so that the name is looked up again. */
enum { keepalive_idle_seconds = 30, longest_life = 300 };

static bool add_header(struct curl_slist **headers, const char *line) {
    struct curl_slist *longer = curl_slist_append(*headers, line);
    if (longer == NULL) {
        return false;
    }
    *headers = longer;
    return true;
}

static bool make_headers(ngrok_settings *self, const char *key) {
    ngrok_buffer line = {0};
    bool fine = ngrok_buffer_append_string(&line, "Authorization: Bearer ") &&
                ngrok_buffer_append_string(&line, key) && add_header(&self->headers, line.bytes) &&
                add_header(&self->headers, "Ngrok-Version: 2") &&
                add_header(&self->headers_with_body, line.bytes) &&
                add_header(&self->headers_with_body, "Content-Type: application/json") &&
                add_header(&self->headers_with_body, "Ngrok-Version: 2") &&
                /* Bodies are small: waiting for a 100 Continue would only cost a round trip. */
                add_header(&self->headers_with_body, "Expect:");
    ngrok_buffer_free(&line);
    return fine;
}

static bool copy_text(char **into, const char *text) {
    *into = text != NULL ? ngrok_bytes_copy(text, strlen(text)) : NULL;
    return text == NULL || *into != NULL;
}

/* "host:port" of a URL. `default_port` is used if the URL has no port; NULL adds none. */
static char *name_server(const char *url, const char *default_port) {
    const char *start = strstr(url, "://");
    start = start != NULL ? start + 3 : url;
    size_t length = strcspn(start, "/?#");
    const char *colon = NULL;
    for (const char *at = start; at < start + length; at++) {
        colon = *at == ':' ? at : *at == ']' ? NULL : colon; /* an IPv6 address has its own */
    }
    ngrok_buffer name = {0};
    if (!ngrok_buffer_append(&name, start, length) ||
        (colon == NULL && default_port != NULL &&
         (!ngrok_buffer_append_string(&name, ":") ||
          !ngrok_buffer_append_string(&name, default_port)))) {
        ngrok_buffer_free(&name);
        return NULL;
    }
    return ngrok_buffer_take(&name, &length);
}

/* All that precedes the last "@" may be part of a password that was not escaped. */
static char *name_proxy(const char *url) {
    const char *at = strrchr(url, '@');
    return name_server(at != NULL ? at + 1 : url, NULL);
}

static bool starts_with(const char *text, const char *start) {
    size_t length = strlen(start);
    return strlen(text) >= length && ngrok_text_equal_ignoring_case(text, length, start);
}

static bool set_names(ngrok_settings *self) {
    if (self->base == NULL) {
        return false;
    }
    self->server = name_server(self->base, self->https ? "443" : "80");
    if (self->proxy != NULL) {
        self->proxy_https = starts_with(self->proxy, "https:");
        self->proxy_socks = starts_with(self->proxy, "socks");
        self->proxy_has_user = strchr(self->proxy, '@') != NULL;
        self->proxy_server = name_proxy(self->proxy);
    }
    return self->server != NULL && (self->proxy == NULL || self->proxy_server != NULL);
}

static void ask_libcurl(ngrok_settings *settings) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    settings->has_http2 = (info->features & CURL_VERSION_HTTP2) != 0;
    settings->has_gzip = (info->features & CURL_VERSION_LIBZ) != 0;
    settings->raises_sigpipe = info->version_num < 0x075700; /* 7.87.0; see sigpipe.h */
}

bool ngrok_settings_set(ngrok_settings *settings, const ngrok_settings_given *given) {
    settings->https = given->https;
    settings->direct = given->direct;
    settings->connect_timeout_ms = given->connect_timeout_ms;
    settings->max_response_bytes = given->max_response_bytes;
    ask_libcurl(settings);
    return copy_text(&settings->base, given->base) &&
           copy_text(&settings->user_agent, given->user_agent) &&
           copy_text(&settings->ca_file, given->ca_file) &&
           copy_text(&settings->proxy, given->proxy) && set_names(settings) &&
           make_headers(settings, given->key);
}

CURLcode ngrok_settings_apply(const ngrok_settings *self, CURL *easy) {
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

/* Our copies of the key; those inside libcurl are beyond our reach. */
static void free_headers(struct curl_slist *headers) {
    for (struct curl_slist *at = headers; at != NULL; at = at->next) {
        ngrok_memory_wipe(at->data, strlen(at->data));
    }
    curl_slist_free_all(headers);
}

void ngrok_settings_free(ngrok_settings *settings) {
    free_headers(settings->headers);
    free_headers(settings->headers_with_body);
    ngrok_string_free(settings->base);
    ngrok_string_free(settings->user_agent);
    ngrok_string_free(settings->ca_file);
    ngrok_string_free(settings->proxy);
    ngrok_string_free(settings->server);
    ngrok_string_free(settings->proxy_server);
    *settings = (ngrok_settings){0};
}
