/* access is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "curl_settings.h"

#include "buffer.h"
#include "secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool ngrok_curl_is_readable(const char *path) {
    return path != NULL && access(path, R_OK) == 0;
}

/* Where systems keep their CA bundle: Debian and Alpine, Fedora, openSUSE, macOS and OpenBSD,
 * FreeBSD. */
static const char *const ca_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
};

bool ngrok_curl_find_ca(const char **found, char *problem, size_t size) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    const char *built_in = NULL, *built_in_folder = NULL;
#if LIBCURL_VERSION_NUM >= 0x074600 /* 7.70.0 */
    built_in = info->cainfo;
    built_in_folder = info->capath;
#endif
    bool uses_system =
        info->ssl_version != NULL && (strstr(info->ssl_version, "Schannel") != NULL ||
                                      strstr(info->ssl_version, "SecureTransport") != NULL);
    if (uses_system || ngrok_curl_is_readable(built_in)) {
        return true;
    }
    for (size_t i = 0; i < sizeof ca_files / sizeof *ca_files; i++) {
        if (ngrok_curl_is_readable(ca_files[i])) {
            *found = ca_files[i];
            return true;
        }
    }
    if (ngrok_curl_is_readable(built_in_folder)) {
        return true;
    }
    int used = snprintf(problem, size, "no CA bundle found; tried %.200s",
                        built_in != NULL ? built_in : "libcurl's own");
    for (size_t i = 0; i < sizeof ca_files / sizeof *ca_files && used > 0; i++) {
        used += snprintf(problem + used, size - (size_t)used, ", %s", ca_files[i]);
    }
    (void)snprintf(problem + used, size - (size_t)used,
                   "; install ca-certificates or name a bundle with ca_file");
    return false;
}

static bool add_header(struct curl_slist **headers, const char *line) {
    struct curl_slist *longer = curl_slist_append(*headers, line);
    if (longer == NULL) {
        return false;
    }
    *headers = longer;
    return true;
}

static bool make_headers(ngrok_curl_settings *self, const char *key) {
    ngrok_buffer line = {0};
    bool fine = ngrok_buffer_append_string(&line, "Authorization: Bearer ") &&
                ngrok_buffer_append_string(&line, key) && add_header(&self->headers, line.bytes) &&
                add_header(&self->headers, "Ngrok-Version: 2") &&
                add_header(&self->headers_with_body, line.bytes) &&
                add_header(&self->headers_with_body, "Content-Type: application/json") &&
                add_header(&self->headers_with_body, "Ngrok-Version: 2") &&
                /* Bodies are small: waiting for a 100 Continue would only cost a round trip. */
                add_header(&self->headers_with_body, "Expect:");
    if (line.bytes != NULL) {
        ngrok_memory_wipe(line.bytes, line.length);
    }
    ngrok_buffer_free(&line);
    return fine;
}

static bool copy_text(char **into, const char *text) {
    *into = text != NULL ? ngrok_bytes_copy(text, strlen(text)) : NULL;
    return text == NULL || *into != NULL;
}

static void ask_libcurl(ngrok_curl_settings *settings) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    settings->has_http2 = (info->features & CURL_VERSION_HTTP2) != 0;
    settings->has_gzip = (info->features & CURL_VERSION_LIBZ) != 0;
    settings->raises_sigpipe = info->version_num < 0x075700; /* 7.87.0; see sigpipe.h */
}

bool ngrok_curl_settings_set(ngrok_curl_settings *settings, const ngrok_curl_given *given) {
    settings->https = given->https;
    settings->direct = given->direct;
    settings->connect_timeout_ms = given->connect_timeout_ms;
    settings->max_response_bytes = given->max_response_bytes;
    ask_libcurl(settings);
    return copy_text(&settings->base, given->base) &&
           copy_text(&settings->user_agent, given->user_agent) &&
           copy_text(&settings->ca_file, given->ca_file) &&
           copy_text(&settings->proxy, given->proxy) && make_headers(settings, given->key);
}

/* Our copies of the key; those inside libcurl are beyond our reach. */
static void free_headers(struct curl_slist *headers) {
    for (struct curl_slist *at = headers; at != NULL; at = at->next) {
        ngrok_memory_wipe(at->data, strlen(at->data));
    }
    curl_slist_free_all(headers);
}

static void free_text(char *text) {
    if (text != NULL) {
        ngrok_memory_wipe(text, strlen(text)); /* a proxy's URL can have a password */
        free(text);
    }
}

void ngrok_curl_settings_free(ngrok_curl_settings *settings) {
    free_headers(settings->headers);
    free_headers(settings->headers_with_body);
    free_text(settings->base);
    free_text(settings->user_agent);
    free_text(settings->ca_file);
    free_text(settings->proxy);
    *settings = (ngrok_curl_settings){0};
}
