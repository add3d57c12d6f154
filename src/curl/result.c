#include "curl/result.h"

#include "curl/failure.h"

#include <math.h>
#include <string.h>

static char *copy_value(const char *value) {
    return value[0] != '\0' ? ngrok_bytes_copy(value, strlen(value)) : NULL;
}

static ngrok_response take_response(ngrok_transfer *from, long status) {
    ngrok_response response = {
        .status = (int)status,
        .content_type = copy_value(from->headers.content_type),
        .operation_id = copy_value(from->headers.operation_id),
        .retry_after = copy_value(from->headers.retry_after),
        .date = copy_value(from->headers.date),
    };
    response.body = ngrok_buffer_take(&from->body, &response.body_length);
    return response;
}

static double seconds_of(const ngrok_transfer *self, CURLINFO what) {
    curl_off_t microseconds = 0;
    (void)curl_easy_getinfo(self->easy, what, &microseconds);
    return (double)microseconds / 1e6;
}

/* libcurl measures all times from the start; a phase that was not reached has 0. The time of the
 * response's first byte is our own: over HTTP/2 libcurl (7.88) takes the connection's settings for
 * it, which may come before the request has gone out. */
static ngrok_timings read_timings(const ngrok_transfer *self) {
    const double clocks[] = {
        seconds_of(self, CURLINFO_NAMELOOKUP_TIME_T), seconds_of(self, CURLINFO_CONNECT_TIME_T),
        seconds_of(self, CURLINFO_APPCONNECT_TIME_T), seconds_of(self, CURLINFO_PRETRANSFER_TIME_T),
        fmax(self->began - self->loaded, 0),          seconds_of(self, CURLINFO_TOTAL_TIME_T),
    };
    enum { count = sizeof clocks / sizeof *clocks };
    double spent[count], reached = 0;
    for (size_t i = 0; i < count; i++) {
        spent[i] = fmax(clocks[i] - reached, 0);
        reached = fmax(clocks[i], reached);
    }
    return (ngrok_timings){
        .resolve = spent[0],
        .connect = spent[1],
        .tls = spent[2],
        .first_byte = spent[4],
        .receive = spent[5],
        .total = reached,
    };
}

static ngrok_failure read_failure(const ngrok_transfer *self, long status) {
    ngrok_progress where = ngrok_curl_failure_progress(self);
    return (ngrok_failure){
        .where = where,
        .timed_out = ngrok_curl_failure_is_timeout(self),
        .permanent = ngrok_curl_failure_is_permanent(self),
        .starved = self->starved,
        /* Not that of a proxy, of a 100 Continue, of nonsense, or of headers that were cut off. */
        .status = where.sent && self->headed && status <= 999 ? (int)status : 0,
    };
}

/* Rejects what libcurl takes for a response but is not one. */
static CURLcode check(const ngrok_transfer *self, long status) {
    if (self->result != CURLE_OK) {
        return self->result;
    }
    if (status >= 200 && !self->headed) { /* its headers ended with the connection */
        return CURLE_PARTIAL_FILE;
    }
    /* Over HTTP/2 libcurl takes any digits for a status. A 101 switches to another protocol, which
     * we never ask for. */
    if (status < 200 || status > 999) {
        return CURLE_WEIRD_SERVER_REPLY;
    }
    return ngrok_curl_failure_is_wish_of_proxy(self, status) ? CURLE_PROXY : CURLE_OK;
}

void ngrok_result_take(ngrok_transfer *from, ngrok_finished *out) {
    long status = 0;
    (void)curl_easy_getinfo(from->easy, CURLINFO_RESPONSE_CODE, &status);
    from->result = check(from, status);
    *out = (ngrok_finished){.attempt = from->attempt, .has_response = from->result == CURLE_OK};
    out->timings = read_timings(from);
    if (out->has_response) {
        out->response = take_response(from, status);
        return;
    }
    out->failure = read_failure(from, status);
    ngrok_curl_failure_explain(from, out->message, sizeof out->message);
}
