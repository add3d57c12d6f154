#include "engine/admission.h"

#include <math.h>

/* How long to rely on a time when a place comes free, where requests under way hold places: those
 * may be another client's, and nobody tells when they give one back unused. Seconds. */
static const double reliance = 1.0;

bool ngrok_admission_init(ngrok_admission *self, ngrok_limiter *limiter, ngrok_limit limit) {
    *self = (ngrok_admission){
        .limiter = limiter, .limit = limit, .shut_until = -INFINITY, .shut_at = -INFINITY};
    return ngrok_limiter_remember(limiter, limit);
}

double ngrok_admission_earliest(const ngrok_admission *self, unsigned position, double now) {
    double earliest = ngrok_limiter_earliest(self->limiter, self->limit, position, now);
    return position > self->permits ? fmax(earliest, self->shut_until) : earliest;
}

double ngrok_admission_next_look(const ngrok_admission *self, double now) {
    if (ngrok_limiter_has_open(self->limiter)) {
        return now + reliance;
    }
    return self->by_permit ? fmax(now, self->shut_at + reliance) : INFINITY;
}

void ngrok_admission_shut(ngrok_admission *self, double until, double now) {
    self->shut_until = until;
    self->shut_at = now;
}

unsigned ngrok_admission_wanted(const ngrok_admission *self, unsigned count, double now) {
    if (!self->by_permit || now < fmin(self->shut_until, self->shut_at + reliance)) {
        return 0;
    }
    while (count > 0 && ngrok_limiter_earliest(self->limiter, self->limit, count, now) > now) {
        count--;
    }
    return count > self->permits ? count - self->permits : 0;
}

bool ngrok_admission_admit(ngrok_admission *self, double now) {
    if ((self->by_permit && self->permits == 0) ||
        !ngrok_limiter_admit(self->limiter, self->limit, now)) {
        return false;
    }
    self->permits -= self->by_permit ? 1 : 0;
    return true;
}

void ngrok_admission_note_end(ngrok_admission *self, double now) {
    ngrok_limiter_note_end(self->limiter, now);
    self->ended += self->by_permit ? 1 : 0;
}

void ngrok_admission_note_unsent(ngrok_admission *self) {
    ngrok_limiter_note_unsent(self->limiter);
    self->unsent += self->by_permit ? 1 : 0;
}

ngrok_permits ngrok_admission_take_permits(ngrok_admission *self) {
    ngrok_permits taken = {self->permits, self->unsent, self->ended};
    self->permits = self->unsent = self->ended = 0;
    return taken;
}
