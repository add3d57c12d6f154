/* Ids and query values, which become part of a request's target. */
#include "base/url.h"

#include "property.h"

#include <curl/curl.h>
#include <limits.h>

static const char id_characters[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

static void check_against_curl(const ngrok_buffer *escaped, const char *text, size_t length) {
    char *theirs = curl_easy_escape(NULL, text, (int)length);
    PROPERTY(theirs != NULL);
    PROPERTY(strcmp(theirs, escaped->bytes) == 0);
    curl_free(theirs);
}

static void check_id(const ngrok_buffer *escaped, const char *text, size_t length) {
    PROPERTY(strspn(escaped->bytes, id_characters) == length);
    PROPERTY(memcmp(escaped->bytes, text, length) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    ngrok_buffer escaped = {0};
    PROPERTY(ngrok_url_escape(&escaped, text, size));
    PROPERTY(escaped.length >= size && escaped.length <= 3 * size);
    if (size > 0 && size <= INT_MAX / 3) { /* libcurl counts for itself when it is told 0 */
        check_against_curl(&escaped, text, size);
    }
    if (ngrok_url_is_id(text, size)) {
        PROPERTY(size > 0);
        check_id(&escaped, text, size);
    } else {
        PROPERTY(size == 0 || escaped.length > size || strpbrk(escaped.bytes, ".~") != NULL);
    }
    ngrok_buffer_free(&escaped);
    return 0;
}
