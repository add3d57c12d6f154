#include "engine/admission.h"

#include <math.h>

/* Seconds for which an estimate of the next free place is trusted. Another client may hold places,
 * and gives them back without notice. */
static const double reliance = 1.0;

bool ngrok_admission_init(ngrok_admission *self, ngrok_limiter *limiter, ngrok_limit limit) {
    *self = (ngrok_admission){
        .limiter = limiter, .limit = limit, .refused_until = -INFINITY, .refused_at = -INFINITY};
    return ngrok_limiter_remember(limiter, limit);
}

double ngrok_admission_earliest(const ngrok_admission *self, unsigned position, double now) {
    double earliest = ngrok_limiter_earliest(self->limiter, self->limit, position, now);
    return position > self->granted ? fmax(earliest, self->refused_until) : earliest;
}

double ngrok_admission_next_look(const ngrok_admission *self, double now) {
    if (ngrok_limiter_has_open(self->limiter)) {
        return now + reliance;
    }
    return self->is_shared ? fmax(now, self->refused_at + reliance) : INFINITY;
}

void ngrok_admission_refuse(ngrok_admission *self, double until, double now) {
    self->refused_until = until;
    self->refused_at = now;
}

unsigned ngrok_admission_wanted(const ngrok_admission *self, unsigned count, double now) {
    if (!self->is_shared || now < fmin(self->refused_until, self->refused_at + reliance)) {
        return 0;
    }
    while (count > 0 && ngrok_limiter_earliest(self->limiter, self->limit, count, now) > now) {
        count--;
    }
    return count > self->granted ? count - self->granted : 0;
}

bool ngrok_admission_admit(ngrok_admission *self, double now) {
    if ((self->is_shared && self->granted == 0) ||
        !ngrok_limiter_admit(self->limiter, self->limit, now)) {
        return false;
    }
    self->granted -= self->is_shared ? 1 : 0;
    return true;
}

void ngrok_admission_note_end(ngrok_admission *self, double now) {
    ngrok_limiter_note_end(self->limiter, now);
    self->left.ended += self->is_shared ? 1 : 0;
}

void ngrok_admission_note_unsent(ngrok_admission *self) {
    ngrok_limiter_note_unsent(self->limiter);
    self->left.unused += self->is_shared ? 1 : 0;
}

ngrok_places ngrok_admission_take_back(ngrok_admission *self) {
    ngrok_places left = self->left;
    left.unused += self->granted;
    self->left = (ngrok_places){0};
    self->granted = 0;
    return left;
}
