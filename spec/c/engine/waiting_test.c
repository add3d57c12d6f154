/* The list of those that wait, and a look through it while they come and go, against an array. */
#include "engine/waiting.h"

#include "chance.h"
#include "check.h"

enum { most = 60 };

typedef struct model {
    ngrok_waiting waiting;
    ngrok_request all[most]; /* by id, from 1 */
    bool is_in[most];
    bool seen[most]; /* by the look that is under way, or come or gone since it began */
    uint64_t newest;
} model;

static void check_order(const model *self) {
    const ngrok_request *at = self->waiting.queue.first;
    size_t length = 0;
    for (size_t i = 0; i < most; i++) {
        if (self->is_in[i]) {
            CHECK(at == &self->all[i]);
            at = at != NULL ? at->next : NULL;
            length++;
        }
    }
    CHECK(at == NULL);
    CHECK_INTEGER(self->waiting.queue.length, length);
}

static void check_look(const model *self) {
    const ngrok_request *at = self->waiting.at;
    if (at == NULL) {
        return;
    }
    unsigned position = 1;
    for (const ngrok_request *one = self->waiting.queue.first; one != at; one = one->next) {
        position++;
    }
    CHECK_INTEGER(self->waiting.position, position);
    CHECK(self->is_in[at->id - 1] && !self->seen[at->id - 1]);
}

static void begin_look(model *self) {
    ngrok_waiting_look(&self->waiting);
    for (size_t i = 0; i < most; i++) {
        self->seen[i] = !self->is_in[i];
    }
}

/* At its end it has come to everybody who was there all the time. */
static void go_on(model *self) {
    if (self->waiting.at != NULL) {
        self->seen[self->waiting.at->id - 1] = true;
        ngrok_waiting_look_on(&self->waiting);
    }
    for (size_t i = 0; i < most && self->waiting.at == NULL; i++) {
        CHECK(self->seen[i]);
    }
    if (self->waiting.at == NULL) {
        begin_look(self);
    }
}

static void come_or_go(model *self, size_t i) {
    ngrok_request *one = &self->all[i];
    bool is_new = one->id == 0;
    if (is_new && i != self->newest) {
        return; /* ids are given in order */
    }
    if (is_new) {
        one->id = ++self->newest;
    }
    if (self->is_in[i]) {
        ngrok_waiting_remove(&self->waiting, one);
        self->seen[i] = true;
    } else {
        ngrok_waiting_add(&self->waiting, one);
        self->seen[i] = self->waiting.at == NULL || self->waiting.at->id > one->id;
    }
    self->is_in[i] = !self->is_in[i];
}

CASE(keeps_order_and_position_while_they_come_and_go) {
    for (uint64_t seed = 1; seed <= 50; seed++) {
        model self = {0};
        seed_chance(seed);
        begin_look(&self);
        for (int turn = 0; turn < 2000 && !check_failed; turn++) {
            check_about("seed %d, turn %d", (int)seed, turn);
            if (chance(4) == 0) {
                go_on(&self);
            } else {
                come_or_go(&self, chance(most));
            }
            check_order(&self);
            check_look(&self);
        }
    }
}
