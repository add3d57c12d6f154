/* access is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "curl/settings.h"

#include "base/buffer.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool ngrok_curl_is_readable(const char *path) {
    return path != NULL && access(path, R_OK) == 0;
}

/* PEM (RFC 7468), and OpenSSL's own label for one with trust settings. */
static bool is_begin_of_certificate(const char *line) {
    return strncmp(line, "-----BEGIN CERTIFICATE-----", 27) == 0 ||
           strncmp(line, "-----BEGIN X509 CERTIFICATE-----", 32) == 0 ||
           strncmp(line, "-----BEGIN TRUSTED CERTIFICATE-----", 35) == 0;
}

bool ngrok_curl_has_certificate(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char line[128];
    bool found = false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        found = is_begin_of_certificate(line);
    }
    (void)fclose(file);
    return found;
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

/* As much of it as there is room for. */
static void append(char *text, size_t size, const char *more) {
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s", more);
}

bool ngrok_curl_find_ca(const char **found, char *problem, size_t size) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    const char *built_in = info->cainfo, *built_in_folder = info->capath;
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
    (void)snprintf(problem, size, "no CA bundle found; tried %s",
                   built_in != NULL ? built_in : "libcurl's own");
    for (size_t i = 0; i < sizeof ca_files / sizeof *ca_files; i++) {
        append(problem, size, ", ");
        append(problem, size, ca_files[i]);
    }
    append(problem, size, "; install ca-certificates or name a bundle with ca_file");
    return false;
}

const char *ngrok_curl_trusted(const char *ca_file) {
    if (ca_file != NULL) {
        return ca_file;
    }
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    return info->cainfo != NULL   ? info->cainfo
           : info->capath != NULL ? info->capath
                                  : "the system's";
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
    ngrok_buffer_free(&line);
    return fine;
}

static bool copy_text(char **into, const char *text) {
    *into = text != NULL ? ngrok_bytes_copy(text, strlen(text)) : NULL;
    return text == NULL || *into != NULL;
}

/* "host:port" of a URL; `default_port` is NULL where none is to be told. */
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

/* Whatever stands before the last "@" may be a part of a password, however badly it is written. */
static char *name_proxy(const char *url) {
    const char *at = strrchr(url, '@');
    return name_server(at != NULL ? at + 1 : url, NULL);
}

static bool starts_with(const char *text, const char *start) {
    size_t length = strlen(start);
    return strlen(text) >= length && ngrok_text_equal_ignoring_case(text, length, start);
}

static bool set_names(ngrok_curl_settings *self) {
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

static void ask_libcurl(ngrok_curl_settings *settings) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    settings->has_http2 = (info->features & CURL_VERSION_HTTP2) != 0;
    settings->has_gzip = (info->features & CURL_VERSION_LIBZ) != 0;
    settings->raises_sigpipe = info->version_num < 0x075700;  /* 7.87.0; see sigpipe.h */
    settings->overlooks_input = info->version_num < 0x080000; /* see curl_idle.h */
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
           copy_text(&settings->proxy, given->proxy) && set_names(settings) &&
           make_headers(settings, given->key);
}

/* Our copies of the key; those inside libcurl are beyond our reach. */
static void free_headers(struct curl_slist *headers) {
    for (struct curl_slist *at = headers; at != NULL; at = at->next) {
        ngrok_memory_wipe(at->data, strlen(at->data));
    }
    curl_slist_free_all(headers);
}

void ngrok_curl_settings_free(ngrok_curl_settings *settings) {
    free_headers(settings->headers);
    free_headers(settings->headers_with_body);
    ngrok_string_free(settings->base);
    ngrok_string_free(settings->user_agent);
    ngrok_string_free(settings->ca_file);
    ngrok_string_free(settings->proxy);
    ngrok_string_free(settings->server);
    ngrok_string_free(settings->proxy_server);
    *settings = (ngrok_curl_settings){0};
}
