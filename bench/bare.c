#include "bare.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bench_bare {
    CURL *easy;
    struct curl_slist *headers;
    char *body; /* kept from one response to the next, as a careful program would */
    size_t length, capacity;
};

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    bench_bare *self = context;
    size_t length = size * count;
    if (length > self->capacity - self->length) {
        size_t capacity = 2 * (self->length + length);
        char *body = realloc(self->body, capacity);
        if (body == NULL) {
            return 0;
        }
        self->body = body;
        self->capacity = capacity;
    }
    memcpy(self->body + self->length, bytes, length);
    self->length += length;
    return length;
}

static bool add_header(bench_bare *self, const char *line) {
    struct curl_slist *longer = curl_slist_append(self->headers, line);
    if (longer != NULL) {
        self->headers = longer;
    }
    return longer != NULL;
}

static bool set_up(bench_bare *self, const char *key, const char *user_agent) {
    char authorization[256];
    (void)snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", key);
    return self->easy != NULL && add_header(self, authorization) &&
           add_header(self, "Ngrok-Version: 2") &&
           /* As a program with threads needs it. It also spares libcurl six calls of sigaction. */
           curl_easy_setopt(self->easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers) == CURLE_OK &&
           curl_easy_setopt(self->easy, CURLOPT_USERAGENT, user_agent) == CURLE_OK &&
           curl_easy_setopt(self->easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK &&
           curl_easy_setopt(self->easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(self->easy, CURLOPT_WRITEDATA, self) == CURLE_OK;
}

bench_bare *bench_bare_new(const char *key, const char *user_agent) {
    bench_bare *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->easy = curl_easy_init();
    if (!set_up(self, key, user_agent)) {
        bench_bare_free(self);
        return NULL;
    }
    return self;
}

void bench_bare_free(bench_bare *bare) {
    curl_easy_cleanup(bare->easy);
    curl_slist_free_all(bare->headers);
    free(bare->body);
    free(bare);
}

const char *bench_bare_get(bench_bare *bare, const char *url, size_t *length) {
    long status = 0;
    bare->length = *length = 0;
    if (curl_easy_setopt(bare->easy, CURLOPT_URL, url) != CURLE_OK ||
        curl_easy_perform(bare->easy) != CURLE_OK ||
        curl_easy_getinfo(bare->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK ||
        status != 200) {
        return NULL;
    }
    *length = bare->length;
    return bare->body;
}
