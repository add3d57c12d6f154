/* What every C test is made of: named cases and checks, and the `main` that runs the cases in
 * order.
 *
 * A check that fails prints where and what was expected, and the case goes on: no check returns or
 * jumps. */
#ifndef NGROK_CHECK_H
#define NGROK_CHECK_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct check_case {
    const char *name;
    void (*run)(void);
} check_case;

enum { check_most_cases = 100 };

static check_case check_cases[check_most_cases];
static size_t check_count;

/* Called after each case where it is set. */
static void (*check_after)(void);

static inline void check_add(const char *name, void (*run)(void)) {
    if (check_count == check_most_cases) {
        abort();
    }
    check_cases[check_count++] = (check_case){name, run};
}

/* CASE(name) { ... } defines a case. It registers itself before `main`; the compilers keep the
 * order of a file. */
#define CASE(function)                                                                             \
    static void function(void);                                                                    \
    __attribute__((constructor)) static void add_##function(void) {                                \
        check_add(#function, function);                                                            \
    }                                                                                              \
    static void function(void)

/* A literal and its length, which may count NULs. */
#define CHECK_BYTES(literal) (literal), sizeof(literal) - 1

/* Each yields whether it held. A text may be NULL, on either side. */
#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)
#define CHECK_INTEGER(actual, expected)                                                            \
    check_integer((long long)(actual), (long long)(expected), #actual, __FILE__, __LINE__)
#define CHECK_NUMBER(actual, expected)                                                             \
    check_number((actual), (expected), #actual, __FILE__, __LINE__)
#define CHECK_TEXT(actual, expected) check_text((actual), (expected), #actual, __FILE__, __LINE__)

/* Whether `holds`, a function of a text, is true of each of the texts. */
#define CHECK_EACH(holds, ...)                                                                     \
    check_each(holds, (const char *const[]){__VA_ARGS__, NULL}, #holds, __FILE__, __LINE__)

static const char *check_name;
static bool check_failed;
static char check_note[200];

/* What a failure of this case is printed with from here on, such as a seed. */
static inline void check_about(const char *format, ...) {
    va_list values;
    va_start(values, format);
    (void)vsnprintf(check_note, sizeof check_note, format, values);
    va_end(values);
}

static inline void check_begin_failure(const char *file, int line) {
    check_failed = true;
    printf("%s:%d: %s: ", file, line, check_name);
    if (check_note[0] != '\0') {
        printf("(%s) ", check_note);
    }
}

static inline bool check_that(bool held, const char *what, const char *file, int line) {
    if (!held) {
        check_begin_failure(file, line);
        printf("expected %s\n", what);
    }
    return held;
}

static inline bool check_integer(long long actual, long long expected, const char *what,
                                 const char *file, int line) {
    if (actual != expected) {
        check_begin_failure(file, line);
        printf("expected %s to be %lld, got %lld\n", what, expected, actual);
    }
    return actual == expected;
}

/* Exact, and so that infinities are equal; "not unequal" would let a NaN pass. */
static inline bool check_number(double actual, double expected, const char *what, const char *file,
                                int line) {
    bool held = actual <= expected && actual >= expected;
    if (!held) {
        check_begin_failure(file, line);
        printf("expected %s to be %.17g, got %.17g\n", what, expected, actual);
    }
    return held;
}

static inline bool check_text(const char *actual, const char *expected, const char *what,
                              const char *file, int line) {
    bool held =
        actual == NULL || expected == NULL ? actual == expected : strcmp(actual, expected) == 0;
    if (!held) {
        check_begin_failure(file, line);
        printf("expected %s to be \"%s\", got \"%s\"\n", what, expected != NULL ? expected : "NULL",
               actual != NULL ? actual : "NULL");
    }
    return held;
}

static inline void check_each(bool (*holds)(const char *), const char *const *texts,
                              const char *what, const char *file, int line) {
    for (; *texts != NULL; texts++) {
        if (!holds(*texts)) {
            check_begin_failure(file, line);
            printf("expected %s(\"%s\")\n", what, *texts);
        }
    }
}

/* A copy of exactly these bytes, without a NUL behind them: a sanitizer sees who reads past the
 * end. The caller frees it. */
static inline char *check_copy(const char *bytes, size_t length) {
    char *copy = calloc(length > 0 ? length : 1, 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, bytes, length);
    return copy;
}

int main(void) {
    size_t failed = 0;
    for (size_t i = 0; i < check_count; i++) {
        check_name = check_cases[i].name;
        check_note[0] = '\0';
        check_failed = false;
        check_cases[i].run();
        if (check_after != NULL) {
            check_after();
        }
        failed += check_failed ? 1 : 0;
        (void)fflush(stdout);
    }
    printf("%zu passed, %zu failed\n", check_count - failed, failed);
    return failed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
