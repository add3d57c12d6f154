/* A base URL, and on the next line a next_page_uri that anybody may have written: what is asked for
 * next is the base URL's list. */
#include "base/url.h"

#include "curl_reading.h"
#include "property.h"

static const char list_path[] = "/credentials";

static void parse_base(ngrok_url *base, const char *text, size_t length) {
    if (ngrok_url_parse(base, text, length) != NULL) {
        static const char proxy[] = "https://proxy.example:8443/ngrok";
        PROPERTY(ngrok_url_parse(base, proxy, sizeof proxy - 1) == NULL);
    }
}

static bool has_origin(const curl_reading *reading, const ngrok_url *url) {
    return strcmp(reading->scheme, url->https ? "https" : "http") == 0 &&
           strtoul(reading->port, NULL, 10) == url->port &&
           curl_reading_has_host(reading, url->host);
}

/* The query is that of `next`, and nothing before it leads elsewhere, by libcurl's reading, too. */
static void check_source(const ngrok_url *base, const char *next, size_t length, const char *query,
                         size_t query_length) {
    static const ngrok_url api = {.https = true, .port = 443, .host = "api.ngrok.com"};
    PROPERTY(query > next && query_length > 0 && query + query_length == next + length);
    PROPERTY(query[-1] == '?');
    PROPERTY(memchr(next, '?', length) == query - 1);
    char *copy = property_string(next, length);
    curl_reading reading;
    if (curl_reading_take(&reading, copy)) {
        PROPERTY(has_origin(&reading, base) || has_origin(&reading, &api));
        PROPERTY(reading.user == NULL && reading.fragment == NULL);
        PROPERTY(strcmp(reading.query, copy + (query - next)) == 0);
        curl_reading_free(&reading);
    }
    free(copy);
}

/* What is sent for it. */
static void check_target(const ngrok_url *base, const char *query, size_t length) {
    ngrok_buffer target = {0};
    PROPERTY(ngrok_url_write(base, &target));
    PROPERTY(ngrok_buffer_append_string(&target, list_path));
    PROPERTY(ngrok_buffer_append_string(&target, "?"));
    size_t before = target.length;
    PROPERTY(ngrok_buffer_append(&target, query, length));
    PROPERTY(strlen(target.bytes) == target.length);
    curl_reading reading;
    if (curl_reading_take(&reading, target.bytes)) {
        size_t path = strlen(base->path);
        PROPERTY(has_origin(&reading, base));
        PROPERTY(strncmp(reading.path, base->path, path) == 0);
        PROPERTY(strcmp(reading.path + path, list_path) == 0);
        PROPERTY(strcmp(reading.query, target.bytes + before) == 0);
        PROPERTY(reading.user == NULL && reading.fragment == NULL);
        curl_reading_free(&reading);
    }
    for (size_t i = 0; i < target.length; i++) {
        PROPERTY(target.bytes[i] > ' ' && target.bytes[i] < 0x7f);
    }
    ngrok_buffer_free(&target);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    property_input input = property_split((const char *)data, size);
    if (input.rest == NULL) {
        return 0;
    }
    ngrok_url base;
    parse_base(&base, input.first, input.first_length);
    const char *query = NULL;
    size_t length = 0;
    const char *problem =
        ngrok_url_page_query(&base, list_path, input.rest, input.rest_length, &query, &length);
    PROPERTY(property_is_sentence(problem));
    if (problem == NULL) {
        check_source(&base, input.rest, input.rest_length, query, length);
        check_target(&base, query, length);
    }
    return 0;
}
