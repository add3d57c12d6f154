#include "retry.h"

#include <stdio.h>
#include <string.h>

static const double first_backoff = 0.25, longest_backoff = 8; /* seconds */

bool ngrok_retry_is_repeatable(const char *method) {
    return strcmp(method, "POST") != 0;
}

ngrok_verdict ngrok_retry_judge_answer(const char *method, int status) {
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

/* Days from 1970-01-01 to a date of the Gregorian calendar. timegm is no part of C11. */
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

static double seconds_until(const char *date, int64_t now) {
    char month_name[4];
    int day, year, hour, minute, second, end = -1;
    /* NOLINTNEXTLINE(cert-err34-c): the widths keep each number well within an int */
    int found = sscanf(date, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &day, month_name,
                       &year, &hour, &minute, &second, &end);
    if (found != 6 || end < 0 || date[end] != '\0' || strlen(month_name) != 3) {
        return -1;
    }
    int month = month_number(month_name);
    if (!is_date_time(day, month, year, hour, minute, second) || hour < 0 || minute < 0 ||
        second < 0) {
        return -1;
    }
    int64_t minutes = (days_since_epoch(year, month, day) * 24 + hour) * 60 + minute;
    int64_t at = minutes * 60 + second;
    return at > now ? (double)(at - now) : 0;
}

static double seconds_in_digits(const char *text, size_t length) {
    double seconds = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        seconds = seconds * 10 + (text[i] - '0');
    }
    return length > 0 && length <= 9 ? seconds : -1;
}

double ngrok_retry_after(const char *text, size_t length, int64_t now) {
    char copy[64];
    while (length > 0 && (text[0] == ' ' || text[0] == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
        length--;
    }
    if (length == 0 || length >= sizeof copy || memchr(text, '\0', length) != NULL) {
        return -1;
    }
    if (text[0] >= '0' && text[0] <= '9') {
        return seconds_in_digits(text, length);
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return seconds_until(copy, now);
}
