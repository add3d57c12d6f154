/* Wall time and this process's own processor time (user and system), both in microseconds. */
#ifndef BENCH_STOPWATCH_H
#define BENCH_STOPWATCH_H

typedef struct bench_moment {
    double wall, cpu;
} bench_moment;

bench_moment bench_now(void);

#endif
