/* Retry-After, read at several times of day, against the C library's calendar. */
#include "engine/retry.h"

#include "property.h"

#include <math.h>
#include <time.h>

/* The date that is `seconds` after `now`, as a response writes it, asks for as many seconds. */
static void check_date(int64_t now, double seconds) {
    time_t at = (time_t)(now + (int64_t)seconds);
    struct tm date;
    char text[64];
    PROPERTY(gmtime_r(&at, &date) != NULL);
    PROPERTY(strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &date) > 0);
    if (date.tm_year + 1900 > 9999) {
        return; /* the 31st of a December that takes a leap second */
    }
    PROPERTY(!islessgreater(ngrok_retry_after(text, NULL, now), seconds));
}

/* With blanks around the whole, and with a line before and behind it that says nothing. */
static void check_padded(const char *text, int64_t now, double seconds) {
    size_t size = strlen(text) + sizeof "soon\n \t \n";
    char *padded = property_memory(size);
    (void)snprintf(padded, size, "soon\n %s\t \n", text);
    PROPERTY(!islessgreater(ngrok_retry_after(padded, NULL, now), seconds));
    free(padded);
}

static void check(const char *text, int64_t now) {
    double seconds = ngrok_retry_after(text, NULL, now);
    double later = ngrok_retry_after(text, NULL, now + 1);
    PROPERTY(seconds >= 0 || !islessgreater(seconds, -1));
    PROPERTY(!islessgreater(seconds, floor(seconds)));
    PROPERTY(!islessgreater(later, seconds) || !islessgreater(later, seconds - 1));
    check_padded(text, now, seconds);
    if (seconds > 0 && (double)now + seconds < 253402300801.0) { /* the end of year 9999 */
        check_date(now, seconds);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const int64_t times[] = {0, 784111777, 1700000000, 4107542400};
    char *text = property_string((const char *)data, size);
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        check(text, times[i]);
    }
    free(text);
    return 0;
}
