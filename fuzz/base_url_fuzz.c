/* Base URLs: what is accepted is written and read again as the same, and libcurl, which is handed
 * what we write, sees the same in it. */
#include "base/url.h"

#include "curl_reading.h"
#include "property.h"

static bool equal(const ngrok_url *a, const ngrok_url *b) {
    return a->https == b->https && a->ipv6 == b->ipv6 && a->port == b->port &&
           strcmp(a->host, b->host) == 0 && strcmp(a->path, b->path) == 0;
}

static void check_parts(const ngrok_url *url) {
    const char *characters =
        url->ipv6 ? "0123456789abcdef:." : "0123456789abcdefghijklmnopqrstuvwxyz-._";
    size_t host = strlen(url->host), path = strlen(url->path);
    PROPERTY(host >= 1 && host <= ngrok_url_host_max);
    PROPERTY(strspn(url->host, characters) == host);
    PROPERTY(url->port >= 1 && url->port <= 65535);
    PROPERTY(path <= ngrok_url_path_max);
    PROPERTY(path == 0 || (url->path[0] == '/' && url->path[path - 1] != '/'));
    for (size_t i = 0; i < path; i++) {
        PROPERTY(url->path[i] > ' ' && url->path[i] < 0x7f && strchr("?#\\", url->path[i]) == NULL);
    }
}

static void check_round_trip(const ngrok_url *url, const char *text, size_t length) {
    ngrok_url again;
    PROPERTY(ngrok_url_parse(&again, text, length) == NULL);
    PROPERTY(equal(&again, url));
}

static void check_curl(const ngrok_url *url, const char *text) {
    curl_reading reading;
    if (!curl_reading_take(&reading, text)) {
        return; /* such a request fails before it goes anywhere */
    }
    PROPERTY(strcmp(reading.scheme, url->https ? "https" : "http") == 0);
    PROPERTY(reading.user == NULL);
    PROPERTY(curl_reading_has_host(&reading, url->host));
    PROPERTY(strtoul(reading.port, NULL, 10) == url->port);
    PROPERTY(strncmp(reading.path, url->path, strlen(url->path)) == 0);
    PROPERTY(strcmp(reading.path + strlen(url->path), "/credentials") == 0);
    PROPERTY(reading.query == NULL && reading.fragment == NULL);
    /* The key goes there in the clear, so no name server may have a say in where it is. */
    PROPERTY(!ngrok_url_is_loopback(url) || curl_reading_is_loopback(&reading));
    curl_reading_free(&reading);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    ngrok_url url;
    const char *problem = ngrok_url_parse(&url, (const char *)data, size);
    PROPERTY(property_is_sentence(problem));
    if (problem == NULL) {
        ngrok_buffer written = {0};
        check_parts(&url);
        PROPERTY(ngrok_url_write(&url, &written));
        check_round_trip(&url, written.bytes, written.length);
        PROPERTY(ngrok_buffer_append_string(&written, "/credentials"));
        check_curl(&url, written.bytes);
        ngrok_buffer_free(&written);
    }
    return 0;
}
