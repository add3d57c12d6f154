/* Retry-After, read at several times of day, against the C library's calendar. */
#include "retry.h"

#include "property.h"

#include <math.h>
#include <time.h>

/* The date that is `seconds` after `now`, as an answer writes it, asks for as many seconds. */
static void check_date(int64_t now, double seconds) {
    time_t at = (time_t)(now + (int64_t)seconds);
    struct tm date;
    char text[64];
    PROPERTY(gmtime_r(&at, &date) != NULL);
    size_t length = strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &date);
    if (date.tm_year + 1900 > 9999) {
        return; /* the 31st of a December that takes a leap second */
    }
    PROPERTY(!islessgreater(ngrok_retry_after(text, length, now), seconds));
}

static void check_padded(const char *text, size_t length, int64_t now, double seconds) {
    char *padded = property_memory(length + 3);
    padded[0] = ' ';
    if (length > 0) {
        memcpy(padded + 1, text, length);
    }
    padded[length + 1] = '\t';
    padded[length + 2] = ' ';
    PROPERTY(!islessgreater(ngrok_retry_after(padded, length + 3, now), seconds));
    free(padded);
}

static void check(const char *text, size_t length, int64_t now) {
    double seconds = ngrok_retry_after(text, length, now);
    double later = ngrok_retry_after(text, length, now + 1);
    PROPERTY(seconds >= 0 || !islessgreater(seconds, -1));
    PROPERTY(!islessgreater(seconds, floor(seconds)));
    PROPERTY(!islessgreater(later, seconds) || !islessgreater(later, seconds - 1));
    check_padded(text, length, now, seconds);
    if (seconds > 0) {
        PROPERTY((double)now + seconds < 253402300801.0 ||
                 seconds < 1e9); /* the end of year 9999 */
        check_date(now, seconds);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int64_t times[] = {0, 784111777, 1700000000, 4107542400};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        check((const char *)data, size, times[i]);
    }
    return 0;
}
