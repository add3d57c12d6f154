#include "curl/transport.h"

#include "curl/multi.h"
#include "curl/result.h"
#include "curl/sigpipe.h"

/* Before libcurl may write. */
static ngrok_sigpipe hold_sigpipe(const ngrok_multi *multi) {
    ngrok_sigpipe guard = {.held = false};
    if (ngrok_multi_raises_sigpipe(multi)) {
        ngrok_sigpipe_hold(&guard);
    }
    return guard;
}

static bool transport_start(void *multi, ngrok_attempt *attempt) {
    ngrok_sigpipe guard = hold_sigpipe(multi);
    bool started = ngrok_multi_start(multi, attempt);
    ngrok_sigpipe_release(&guard);
    return started;
}

static ngrok_progress transport_abort(void *multi, ngrok_attempt *attempt) {
    ngrok_sigpipe guard = hold_sigpipe(multi);
    ngrok_progress where = ngrok_multi_stop(multi, attempt);
    ngrok_sigpipe_release(&guard);
    return where;
}

static int transport_perform(void *multi, double seconds) {
    ngrok_multi_wait(multi, seconds);
    ngrok_sigpipe guard = hold_sigpipe(multi);
    int served = ngrok_multi_serve(multi);
    ngrok_sigpipe_release(&guard);
    return served;
}

static bool transport_finished(void *multi, ngrok_finished *out) {
    ngrok_transfer *ended = ngrok_multi_take_ended(multi);
    if (ended == NULL) {
        return false;
    }
    ngrok_result_take(ended, out);
    ngrok_multi_put_back(multi, ended);
    return true;
}

static double transport_timeout(void *multi) {
    return ngrok_multi_timeout(multi);
}

static int transport_descriptor(void *multi) {
    return ngrok_poller_descriptor(ngrok_multi_poller(multi));
}

static void transport_alarm(void *multi, double seconds) {
    ngrok_poller_alarm(ngrok_multi_poller(multi), seconds);
}

static bool transport_forked(void *multi) {
    return ngrok_multi_follow_fork(multi);
}

static void transport_destroy(void *multi) {
    ngrok_sigpipe guard = hold_sigpipe(multi);
    ngrok_multi_free(multi);
    ngrok_sigpipe_release(&guard);
}

const ngrok_transport_class ngrok_curl_transport = {
    .start = transport_start,
    .abort = transport_abort,
    .perform = transport_perform,
    .finished = transport_finished,
    .timeout = transport_timeout,
    .descriptor = transport_descriptor,
    .alarm = transport_alarm,
    .forked = transport_forked,
    .destroy = transport_destroy,
};
