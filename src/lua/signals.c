/* sigaction and pselect are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "lua/signals.h"

#include <lauxlib.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>
#include <time.h>

static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};

static volatile sig_atomic_t received;

static void record(int number) {
    received = number;
}

/* Blocks the signals, so that none arrives between two calls, and gives the mask that lets them in.
 */
static void hold(sigset_t *open) {
    sigset_t ours;
    sigemptyset(&ours);
    struct sigaction action = {.sa_handler = record};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sigaddset(&ours, numbers[i]);
        sigaction(numbers[i], &action, NULL);
    }
    (void)pthread_sigmask(SIG_BLOCK, &ours, open);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        sigdelset(open, numbers[i]);
    }
}

/* The kernel ends the first process of a container on no signal without a handler. */
int ngrok_signals_wait(lua_State *L) {
    double seconds = luaL_checknumber(L, 1);
    time_t whole = (time_t)seconds;
    struct timespec limit = {.tv_sec = whole, .tv_nsec = (long)((seconds - (double)whole) * 1e9)};
    sigset_t open;
    hold(&open);
    pselect(0, NULL, NULL, NULL, &limit, &open);
    int number = received;
    received = 0;
    if (number == 0) {
        return 0;
    }
    lua_pushinteger(L, number);
    return 1;
}
