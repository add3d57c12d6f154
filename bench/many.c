/* many METHOD BASE_URL KEY USER_AGENT PATH WARM_UP COUNT: asks for one URL COUNT times, 64 times at
 * once, on curl_multi; POST sends a body. See measure.lua for the arguments and for what it prints.
 * The file in CURL_CA_BUNDLE has the certificates to trust. */

#include "stopwatch.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { at_once = 64, largest_response = 4096 };

static const char *const body = "{\"description\":\"bench\",\"metadata\":\"{}\"}";

typedef struct transfer {
    CURL *easy;
    char response[largest_response];
    size_t length;
} transfer;

static size_t on_body(char *bytes, size_t size, size_t count, void *context) {
    transfer *self = context;
    size_t length = size * count;
    if (length > sizeof self->response - self->length) {
        return 0;
    }
    memcpy(self->response + self->length, bytes, length);
    self->length += length;
    return length;
}

static void fail(const char *why) {
    (void)fprintf(stderr, "many: %s\n", why);
    exit(EXIT_FAILURE);
}

static void set_up(transfer *self, char **argv, const struct curl_slist *headers) {
    char url[512];
    (void)snprintf(url, sizeof url, "%s%s", argv[2], argv[5]);
    self->easy = curl_easy_init();
    if (self->easy == NULL) {
        fail("out of memory");
    }
    (void)curl_easy_setopt(self->easy, CURLOPT_URL, url);
    (void)curl_easy_setopt(self->easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(self->easy, CURLOPT_PIPEWAIT, 1L);
    (void)curl_easy_setopt(self->easy, CURLOPT_CAINFO, getenv("CURL_CA_BUNDLE"));
    (void)curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, headers);
    (void)curl_easy_setopt(self->easy, CURLOPT_USERAGENT, argv[4]);
    (void)curl_easy_setopt(self->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    (void)curl_easy_setopt(self->easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(self->easy, CURLOPT_WRITEDATA, self);
    (void)curl_easy_setopt(self->easy, CURLOPT_PRIVATE, self);
    if (strcmp(argv[1], "POST") == 0) {
        (void)curl_easy_setopt(self->easy, CURLOPT_POSTFIELDS, body);
    }
}

static void begin(CURLM *multi, transfer *self) {
    self->length = 0;
    if (curl_multi_add_handle(multi, self->easy) != CURLM_OK) {
        fail("cannot begin a transfer");
    }
}

/* Returns how many of those that have ended are begun again. */
static long take_ended(CURLM *multi, long to_begin, long *ended) {
    CURLMsg *message;
    int left;
    long begun = 0;
    while ((message = curl_multi_info_read(multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;
        long status = 0;
        transfer *self = NULL;
        (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &self);
        if (message->data.result != CURLE_OK || status / 100 != 2) {
            fail("a request failed");
        }
        (void)curl_multi_remove_handle(multi, easy);
        ++*ended;
        if (begun < to_begin) {
            begin(multi, self);
            begun++;
        }
    }
    return begun;
}

static void run(CURLM *multi, transfer *all, long count) {
    long begun = 0, ended = 0;
    for (; begun < count && begun < at_once; begun++) {
        begin(multi, &all[begun]);
    }
    while (ended < count) {
        int running;
        if (curl_multi_perform(multi, &running) != CURLM_OK) {
            fail("curl_multi_perform failed");
        }
        begun += take_ended(multi, count - begun, &ended);
        if (ended < count) {
            (void)curl_multi_poll(multi, NULL, 0, 1000, NULL);
        }
    }
}

int main(int argc, char **argv) {
    static transfer all[at_once];
    if (argc != 8) {
        fail("usage: many METHOD BASE_URL KEY USER_AGENT PATH WARM_UP COUNT");
    }
    char authorization[256];
    (void)snprintf(authorization, sizeof authorization, "Authorization: Bearer %s", argv[3]);
    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    headers = curl_slist_append(headers, "Ngrok-Version: 2");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    CURLM *multi = curl_multi_init();
    for (int i = 0; i < at_once; i++) {
        set_up(&all[i], argv, headers);
    }
    long count = strtol(argv[7], NULL, 10);
    run(multi, all, strtol(argv[6], NULL, 10));
    bench_moment before = bench_now();
    run(multi, all, count);
    bench_moment after = bench_now();
    (void)printf("%.1f %.1f %ld\n", after.wall - before.wall, after.cpu - before.cpu, count);
    for (int i = 0; i < at_once; i++) {
        curl_easy_cleanup(all[i].easy);
    }
    (void)curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    return EXIT_SUCCESS;
}
