/* What all transfers of a multi have in common.
 *
 * Ownership: a settings struct owns copies of its strings and its header lists;
 * ngrok_settings_free overwrites and frees them. libcurl reads the lists during transfers, so
 * they must outlive those. */
#ifndef NGROK_CURL_SETTINGS_H
#define NGROK_CURL_SETTINGS_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

_Static_assert(
    LIBCURL_VERSION_NUM >= 0x075000,
    "ngrok-api needs libcurl 7.80.0 or newer; the headers found are of " LIBCURL_VERSION);

typedef struct ngrok_settings {
    char *base; /* what targets are appended to */
    char *user_agent, *ca_file, *proxy;
    char *server;       /* the base's "host:port", for messages */
    char *proxy_server; /* the proxy's, without user and password; NULL as `proxy` is */
    struct curl_slist *headers;
    struct curl_slist *headers_with_body;
    bool https;
    bool proxy_https; /* the way to the proxy is TLS itself */
    bool proxy_socks; /* it is not asked for tunnels by HTTP */
    bool proxy_has_user;
    bool direct; /* to this machine: no proxy of the environment comes in between */
    /* What libcurl, as it is on this system, can and cannot do. */
    bool has_http2, has_gzip, raises_sigpipe;
    long connect_timeout_ms;
    size_t max_response_bytes;
} ngrok_settings;

/* What they are made from, to be copied; `ca_file` and `proxy` may be NULL. */
typedef struct ngrok_settings_given {
    const char *base, *key, *user_agent, *ca_file, *proxy;
    bool https, direct;
    long connect_timeout_ms;
    size_t max_response_bytes;
    long max_connections;
} ngrok_settings_given;

/* False when memory ran out; free the settings in either case. */
bool ngrok_settings_set(ngrok_settings *settings, const ngrok_settings_given *given);
void ngrok_settings_free(ngrok_settings *settings);

/* Sets them on an easy handle. */
CURLcode ngrok_settings_apply(const ngrok_settings *self, CURL *easy);

#endif
