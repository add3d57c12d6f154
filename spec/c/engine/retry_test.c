/* Retry-After: seconds, dates, and what is neither. */
#include "engine/retry.h"

#include "check.h"

/* Sun, 06 Nov 1994 08:49:37 GMT, RFC 9110's own example. */
static const int64_t example = 784111777;

static double with_date(const char *text, const char *date, int64_t now) {
    char *copy = check_copy(text, strlen(text) + 1);
    double seconds = ngrok_retry_after(copy, date, now);
    free(copy);
    return seconds;
}

static double at(const char *text, int64_t now) {
    return with_date(text, NULL, now);
}

static double after(const char *text) {
    return at(text, example);
}

/* The Unix time that a date says, for dates after 1970's first second. */
static double unix_time(const char *date) {
    return at(date, 0);
}

static bool refuses(const char *text) {
    return after(text) < 0;
}

CASE(reads_a_number_of_seconds) {
    CHECK_NUMBER(after("0"), 0);
    CHECK_NUMBER(after("1"), 1);
    CHECK_NUMBER(after("120"), 120);
    CHECK_NUMBER(after("007"), 7);
    CHECK_NUMBER(after("999999999"), 999999999);
}

CASE(reads_a_number_whatever_the_time) {
    CHECK_NUMBER(at("30", 0), 30);
    CHECK_NUMBER(at("30", INT64_C(4102444800)), 30);
}

CASE(ignores_space_behind_it) {
    CHECK_NUMBER(after("120 "), 120);
    CHECK_NUMBER(after("120 \t \t"), 120);
    CHECK_NUMBER(after("Sun, 06 Nov 1994 08:49:39 GMT "), 2);
}

CASE(refuses_nothing_at_all) {
    CHECK_EACH(refuses, "", " ", "\t \t");
}

CASE(refuses_negative_numbers) {
    CHECK_EACH(refuses, "-1", "-0", "-999999999");
}

CASE(refuses_other_notations_of_numbers) {
    CHECK_EACH(refuses, "+1", "1.5", "1e3", "0x10", "12s", "1 2", "inf", "nan");
}

/* The engine has its own bound. */
CASE(reads_huge_numbers) {
    CHECK_NUMBER(after("1000000000"), 1e9);
    CHECK_NUMBER(after("99999999999"), 99999999999.0);
    CHECK(after("99999999999999999999999999999999999999999999999999999999999999") > 1e61);
    CHECK(refuses("9999999999999999999999999999999999999999999999999999999999999999999999999999"));
}

/* By a clock that is an hour ahead of ours, or a day behind. */
CASE(reads_a_date_by_the_clock_of_its_response) {
    CHECK_NUMBER(
        with_date("Sun, 06 Nov 1994 09:50:37 GMT", "Sun, 06 Nov 1994 09:49:37 GMT", example), 60);
    CHECK_NUMBER(
        with_date("Sat, 05 Nov 1994 08:49:40 GMT", " Sat, 05 Nov 1994 08:49:37 GMT", example), 3);
    CHECK_NUMBER(
        with_date("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:50:37 GMT", example), 0);
    CHECK_NUMBER(with_date("30", "Sun, 06 Nov 1994 09:49:37 GMT", example), 30);
}

CASE(reads_a_date_by_our_clock_where_the_response_has_none) {
    CHECK_NUMBER(with_date("Sun, 06 Nov 1994 08:50:37 GMT", "yesterday", example), 60);
    CHECK_NUMBER(with_date("Sun, 06 Nov 1994 08:50:37 GMT", "", example), 60);
}

CASE(takes_the_longest_of_several) {
    CHECK_NUMBER(after("5\n60"), 60);
    CHECK_NUMBER(after("60\n5"), 60);
    CHECK_NUMBER(after("60\nsoon\n\n"), 60);
    CHECK_NUMBER(after("soon\n60"), 60);
    CHECK_NUMBER(after("60\nSun, 06 Nov 1994 08:51:37 GMT"), 120);
    CHECK_NUMBER(after("\n0"), 0);
    CHECK_EACH(refuses, "soon\nlater", "\n\n");
}

CASE(reads_a_date_to_come) {
    CHECK_NUMBER(after("Sun, 06 Nov 1994 08:49:38 GMT"), 1);
    CHECK_NUMBER(after("Sun, 06 Nov 1994 08:50:37 GMT"), 60);
    CHECK_NUMBER(after("Sun, 06 Nov 1994 10:49:37 GMT"), 7200);
    CHECK_NUMBER(after("Mon, 07 Nov 1994 08:49:37 GMT"), 86400);
}

CASE(takes_a_date_that_is_past_for_now) {
    CHECK_NUMBER(after("Sun, 06 Nov 1994 08:49:37 GMT"), 0);
    CHECK_NUMBER(after("Sun, 06 Nov 1994 08:49:36 GMT"), 0);
    CHECK_NUMBER(after("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
}

CASE(knows_unix_times) {
    CHECK_NUMBER(unix_time("Thu, 01 Jan 1970 00:00:01 GMT"), 1);
    CHECK_NUMBER(unix_time("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    CHECK_NUMBER(unix_time("Sun, 09 Sep 2001 01:46:40 GMT"), 1e9);
    CHECK_NUMBER(unix_time("Fri, 13 Feb 2009 23:31:30 GMT"), 1234567890);
    CHECK_NUMBER(unix_time("Tue, 19 Jan 2038 03:14:08 GMT"), 2147483648.0);
    CHECK_NUMBER(unix_time("Fri, 31 Dec 9999 23:59:59 GMT"), 253402300799.0);
}

CASE(knows_leap_years) {
    CHECK_NUMBER(unix_time("Mon, 28 Feb 2000 00:00:00 GMT"), 951696000);
    CHECK_NUMBER(unix_time("Tue, 29 Feb 2000 00:00:00 GMT"), 951782400);
    CHECK_NUMBER(unix_time("Wed, 01 Mar 2000 00:00:00 GMT"), 951868800);
    CHECK_NUMBER(unix_time("Thu, 29 Feb 2024 12:00:00 GMT"), 1709208000);
    CHECK_NUMBER(unix_time("Fri, 01 Mar 2024 12:00:00 GMT"), 1709294400);
    CHECK_NUMBER(unix_time("Tue, 28 Feb 2023 12:00:00 GMT"), 1677585600);
    CHECK_NUMBER(unix_time("Wed, 01 Mar 2023 12:00:00 GMT"), 1677672000);
    CHECK_NUMBER(unix_time("Mon, 01 Mar 2100 00:00:00 GMT"), 4107542400.0);
}

/* Against a calendar that only counts: 1970 to 2199, each day. */
CASE(knows_every_day) {
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    long wrong = 0, count = 0;
    for (int year = 1970; year < 2200; year++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        for (int month = 0; month < 12; month++) {
            for (int day = 1; day <= days[month] + (month == 1 && leap ? 1 : 0); day++, count++) {
                char date[40];
                (void)snprintf(date, sizeof date, "Xyz, %02d %s %d 00:00:01 GMT", day,
                               months[month], year);
                if (at(date, count * 86400) != 1.0) {
                    check_about("%s", date);
                    wrong++;
                }
            }
        }
    }
    CHECK_INTEGER(wrong, 0);
}

CASE(reads_a_leap_second) {
    CHECK_NUMBER(unix_time("Sat, 31 Dec 2016 23:59:60 GMT"), 1483228800);
}

CASE(refuses_times_out_of_range) {
    CHECK_EACH(refuses, "Sun, 06 Nov 2094 24:00:00 GMT", "Sun, 06 Nov 2094 08:60:37 GMT",
               "Sun, 06 Nov 2094 08:49:61 GMT", "Sun, 06 Nov 2094 -1:49:37 GMT",
               "Sun, 06 Nov 2094 08:-1:37 GMT", "Sun, 06 Nov 2094 08:49:-1 GMT");
}

CASE(refuses_days_and_months_out_of_range) {
    CHECK_EACH(refuses, "Sun, 00 Nov 2094 08:49:37 GMT", "Sun, 32 Nov 2094 08:49:37 GMT",
               "Sun, -1 Nov 2094 08:49:37 GMT", "Sun, 06 Nox 2094 08:49:37 GMT",
               "Sun, 06 nov 2094 08:49:37 GMT", "Sun, 06 anF 2094 08:49:37 GMT",
               "Sun, 06 No 2094 08:49:37 GMT", "Sun, 06 11 2094 08:49:37 GMT");
}

CASE(refuses_other_forms_of_dates) {
    CHECK_EACH(refuses, "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 2094",
               "2094-11-06T08:49:37Z", "06 Nov 2094 08:49:37 GMT", "Sun, 06 Nov 2094 08:49:37",
               "Sun, 06 Nov 2094 08:49:37 UTC", "Sun, 06 Nov 2094 08:49:37 +0000");
}

CASE(refuses_half_dates_and_dates_with_more_behind) {
    CHECK_EACH(refuses, "tomorrow", "Sun", "Sun, ", "Sun, 06 Nov 2094",
               "Sun, 06 Nov 2094 08:49 GMT", "Sun, 06 Nov 2094 08:49:37 GMT+1",
               "Sun, 06 Nov 2094 08:49:37 GMTx", "Sun, 06 Nov 99999 08:49:37 GMT", "%s%s%s%n");
}

/* Longer than any date: whatever it begins with, it may not overflow anything. */
CASE(refuses_long_texts) {
    char text[300];
    for (size_t length = 40; length < sizeof text; length++) {
        memset(text, 'x', sizeof text);
        memcpy(text, "Sun, 06 Nov 2094 08:49:37 GMT", 29);
        text[length] = '\0';
        CHECK(refuses(text));
    }
}
