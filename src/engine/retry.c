#include "engine/retry.h"

#include <stdio.h>
#include <string.h>

static const double first_backoff = 0.25, longest_backoff = 8; /* seconds */

bool ngrok_retry_is_repeatable(const char *method) {
    return strcmp(method, "POST") != 0;
}

ngrok_verdict ngrok_retry_judge_response(const char *method, int status) {
    if (status == 429) {
        return NGROK_VERDICT_PAUSE;
    }
    bool failed = status >= 500 && status <= 599;
    return failed && ngrok_retry_is_repeatable(method) ? NGROK_VERDICT_BACK_OFF
                                                       : NGROK_VERDICT_FINAL;
}

ngrok_verdict ngrok_retry_judge_failure(const char *method, const ngrok_failure *failure) {
    bool harmless = ngrok_retry_is_repeatable(method) || !failure->where.sent;
    return harmless && !failure->permanent ? NGROK_VERDICT_BACK_OFF : NGROK_VERDICT_FINAL;
}

double ngrok_retry_backoff(unsigned retry, double chance) {
    double bound = first_backoff;
    for (unsigned i = 1; i < retry && bound < longest_backoff; i++) {
        bound *= 2;
    }
    return (bound < longest_backoff ? bound : longest_backoff) * chance;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. C11 has no timegm. */
static int64_t days_since_epoch(int year, int month, int day) {
    /* Counted in years that begin in March, so that the leap day is a year's last. */
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t leap_days = y / 4 - y / 100 + y / 400;
    int month_from_march = (month + 9) % 12;
    int day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    return y * 365 + leap_days + day_of_year - 719468;
}

static int month_number(const char *name) {
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *at = names;
    for (int month = 1; month <= 12; month++, at += 3) {
        if (strncmp(at, name, 3) == 0) {
            return month;
        }
    }
    return 0;
}

static bool is_date_time(int day, int month, int year, int hour, int minute, int second) {
    return month >= 1 && day >= 1 && day <= 31 && year >= 1 && hour <= 23 && minute <= 59 &&
           second <= 60;
}

/* A line of a header, without the blanks around it. */
typedef struct value {
    char text[64]; /* "" where it is longer than any that we know */
    size_t length;
} value;

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static value read_value(const char *text, size_t length) {
    value read = {{0}, 0};
    while (length > 0 && is_blank(text[0])) {
        text++;
        length--;
    }
    while (length > 0 && is_blank(text[length - 1])) {
        length--;
    }
    if (length < sizeof read.text) {
        memcpy(read.text, text, length);
        read.length = length;
    }
    return read;
}

/* Unix time. */
static bool read_date(const value *from, int64_t *at) {
    char month_name[4];
    int day, year, hour, minute, second, end = -1;
    /* NOLINTNEXTLINE(cert-err34-c): the widths keep each number well within an int */
    int found = sscanf(from->text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day,
                       month_name, &year, &hour, &minute, &second, &end);
    if (found != 6 || end < 0 || from->text[end] != '\0' || strlen(month_name) != 3) {
        return false;
    }
    int month = month_number(month_name);
    if (!is_date_time(day, month, year, hour, minute, second) || hour < 0 || minute < 0 ||
        second < 0) {
        return false;
    }
    int64_t minutes = (days_since_epoch(year, month, day) * 24 + hour) * 60 + minute;
    *at = minutes * 60 + second;
    return true;
}

static double seconds_in_digits(const value *from) {
    double seconds = 0;
    for (size_t i = 0; i < from->length; i++) {
        if (from->text[i] < '0' || from->text[i] > '9') {
            return -1;
        }
        seconds = seconds * 10 + (from->text[i] - '0');
    }
    return from->length > 0 ? seconds : -1;
}

static double seconds_asked(const value *from, int64_t now) {
    int64_t at;
    if (read_date(from, &at)) {
        return at > now ? (double)(at - now) : 0;
    }
    return seconds_in_digits(from);
}

double ngrok_retry_after(const char *text, const char *date, int64_t now) {
    double longest = -1;
    if (date != NULL) {
        value read = read_value(date, strlen(date));
        (void)read_date(&read, &now);
    }
    for (const char *end; *text != '\0'; text = *end != '\0' ? end + 1 : end) {
        end = text + strcspn(text, "\n");
        value read = read_value(text, (size_t)(end - text));
        double seconds = seconds_asked(&read, now);
        longest = seconds > longest ? seconds : longest;
    }
    return longest;
}
