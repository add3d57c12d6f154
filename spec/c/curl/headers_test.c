/* Header lines as libcurl hands them over: one at a time, without a NUL, perhaps with their end. */
#include "curl/headers.h"

#include "check.h"

static bool take_bytes(ngrok_headers *headers, const char *line, size_t length) {
    char *copy = check_copy(line, length);
    bool taken = ngrok_headers_take(headers, copy, length);
    free(copy);
    return taken;
}

static bool take(ngrok_headers *headers, const char *line) {
    return take_bytes(headers, line, strlen(line));
}

CASE(records_the_four_that_we_know) {
    ngrok_headers headers = {0};
    CHECK(take(&headers, "HTTP/1.1 429 Too Many Requests\r\n"));
    CHECK(take(&headers, "Content-Type: application/json; charset=utf-8\r\n"));
    CHECK(take(&headers, "Ngrok-Operation-Id: op_1\r\n"));
    CHECK(take(&headers, "Retry-After: 5\r\n"));
    CHECK(take(&headers, "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    CHECK(take(&headers, "\r\n"));
    CHECK_TEXT(headers.content_type, "application/json; charset=utf-8");
    CHECK_TEXT(headers.operation_id, "op_1");
    CHECK_TEXT(headers.retry_after, "5");
    CHECK_TEXT(headers.date, "Sun, 06 Nov 1994 08:49:37 GMT");
}

/* Which of them counts is not for here to say. */
CASE(records_each_retry_after) {
    ngrok_headers headers = {0};
    CHECK(take(&headers, "Retry-After: 5\r\n"));
    CHECK(take(&headers, "Retry-After: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
    CHECK(take(&headers, "Content-Type: a\r\n"));
    CHECK(take(&headers, "Content-Type: b\r\n"));
    CHECK_TEXT(headers.retry_after, "5\nSun, 06 Nov 1994 08:49:37 GMT");
    CHECK_TEXT(headers.content_type, "b");
    CHECK(take(&headers, "HTTP/1.1 200 OK\r\n"));
    CHECK(take(&headers, "Retry-After: 7\r\n"));
    CHECK_TEXT(headers.retry_after, "7");
}

CASE(records_no_other) {
    ngrok_headers headers = {0};
    CHECK(take(&headers, "X-Retry-After: 5\r\n"));
    CHECK(take(&headers, "Retry-After-X: 5\r\n"));
    CHECK(take(&headers, "Retry-After : 5\r\n"));
    CHECK(take(&headers, " Retry-After: 5\r\n"));
    CHECK(take(&headers, "Retry-After 5\r\n"));
    CHECK(take(&headers, ": 5\r\n"));
    CHECK(take(&headers, ""));
    CHECK_TEXT(headers.retry_after, "");
}

CASE(knows_names_in_any_case) {
    ngrok_headers headers = {0};
    CHECK(take(&headers, "retry-after: 1\r\n"));
    CHECK_TEXT(headers.retry_after, "1");
    CHECK(take(&headers, "DATE: 2\r\n"));
    CHECK_TEXT(headers.date, "2");
}

CASE(leaves_blanks_around_a_value_out) {
    ngrok_headers headers = {0};
    CHECK(take(&headers, "content-type:\t text/html  ; x \t\r\n"));
    CHECK_TEXT(headers.content_type, "text/html  ; x");
    CHECK(take(&headers, "content-type:a"));
    CHECK_TEXT(headers.content_type, "a");
    CHECK(take(&headers, "content-type: \t \r\n"));
    CHECK_TEXT(headers.content_type, "");
    CHECK(take(&headers, "content-type:"));
    CHECK_TEXT(headers.content_type, "");
}

CASE(keeps_the_last_responses_alone) {
    ngrok_headers headers = {0};
    CHECK(take(&headers, "HTTP/1.1 103 Early Hints\r\n"));
    CHECK(take(&headers, "retry-after: 1\r\n"));
    CHECK(take(&headers, "\r\n"));
    CHECK(take(&headers, "HTTP/1.1 200 OK\r\n"));
    CHECK_TEXT(headers.retry_after, "");
}

CASE(records_a_value_of_255_bytes_and_no_more) {
    char line[13 + 256 + 1] = "retry-after: ";
    ngrok_headers headers = {0};
    memset(line + 13, '7', 256);
    CHECK(take_bytes(&headers, line, 13 + 255));
    CHECK_INTEGER(strlen(headers.retry_after), 255);
    CHECK_INTEGER(strspn(headers.retry_after, "7"), 255);
    line[13] = '8';
    CHECK(take_bytes(&headers, line, 13 + 256));
    CHECK_INTEGER(strspn(headers.retry_after, "7"), 255);
}

CASE(records_no_value_with_a_nul) {
    ngrok_headers headers = {0};
    CHECK(take_bytes(&headers, CHECK_BYTES("retry-after: 5\0007\r\n")));
    CHECK_TEXT(headers.retry_after, "");
    CHECK(take_bytes(&headers, CHECK_BYTES("retry-after: 5\0\r\n")));
    CHECK_TEXT(headers.retry_after, "");
    CHECK(take_bytes(&headers, CHECK_BYTES("retry-after: 5 \0")));
    CHECK_TEXT(headers.retry_after, "");
}

CASE(refuses_more_lines_than_its_limit) {
    ngrok_headers headers = {0};
    char *line = calloc(ngrok_headers_bytes_max, 1);
    CHECK(line != NULL && ngrok_headers_take(&headers, line, ngrok_headers_bytes_max - 1));
    CHECK(take(&headers, "x"));
    CHECK(!take(&headers, "x"));
    free(line);
}

CASE(is_as_new_after_a_reset) {
    ngrok_headers headers = {0};
    CHECK(take(&headers, "content-type: a\r\n"));
    CHECK(take(&headers, "ngrok-operation-id: b\r\n"));
    CHECK(take(&headers, "retry-after: c\r\n"));
    ngrok_headers_reset(&headers);
    CHECK_INTEGER(headers.bytes, 0);
    CHECK_TEXT(headers.content_type, "");
    CHECK_TEXT(headers.operation_id, "");
    CHECK_TEXT(headers.retry_after, "");
}
