/* Signal sets are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "curl/sigpipe.h"

#include <stddef.h>

static bool is_pending(void) {
    sigset_t pending;
    return sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

static sigset_t only_sigpipe(void) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGPIPE);
    return set;
}

void ngrok_sigpipe_hold(ngrok_sigpipe *guard) {
    sigset_t set = only_sigpipe();
    guard->was_pending = is_pending();
    guard->held = pthread_sigmask(SIG_BLOCK, &set, &guard->before) == 0;
}

void ngrok_sigpipe_release(const ngrok_sigpipe *guard) {
    if (!guard->held) {
        return;
    }
    if (!guard->was_pending && is_pending()) {
        sigset_t set = only_sigpipe();
        int taken;
        (void)sigwait(&set, &taken); /* it is pending, so this does not wait */
    }
    (void)pthread_sigmask(SIG_SETMASK, &guard->before, NULL);
}
