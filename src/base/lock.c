/* sched_yield is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "base/lock.h"

#include "base/process.h"

#include <sched.h>

int ngrok_lock_take(ngrok_lock *lock) {
    int process = ngrok_process();
    int holder = 0;
    while (!atomic_compare_exchange_weak(&lock->holder, &holder, process)) {
        if (holder == process) {
            (void)sched_yield();
            holder = 0;
        } /* else it is free, or held in another process: the next exchange takes it */
    }
    return process;
}

void ngrok_lock_release(ngrok_lock *lock) {
    atomic_store(&lock->holder, 0);
}
