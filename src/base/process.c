/* getpid and pthread_atfork are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/process.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_int known; /* 0 in a process that has not asked */

static void forget(void) {
    atomic_store(&known, 0);
}

/* Where there is no memory to be told of forks, each call asks the system. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_bool is_told;

static void ask_to_be_told(void) {
    atomic_store(&is_told, pthread_atfork(NULL, NULL, forget) == 0);
}

int ngrok_process(void) {
    int process = atomic_load(&known);
    if (process == 0) {
        (void)pthread_once(&once, ask_to_be_told);
        process = (int)getpid();
        atomic_store(&known, atomic_load(&is_told) ? process : 0);
    }
    return process;
}
