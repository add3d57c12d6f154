/* Chance that can be repeated: the seed is printed with whatever fails. */
#ifndef NGROK_CHANCE_H
#define NGROK_CHANCE_H

#include "check.h"

#include <stdint.h>

static uint64_t chance_state;

static inline void seed_chance(uint64_t seed) {
    chance_state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    check_about("seed %llu", (unsigned long long)seed);
}

/* xorshift64*; below `limit`. */
static inline unsigned chance(unsigned limit) {
    chance_state ^= chance_state >> 12;
    chance_state ^= chance_state << 25;
    chance_state ^= chance_state >> 27;
    return (unsigned)((chance_state * UINT64_C(0x2545F4914F6CDD1D)) >> 33) % limit;
}

/* In 64ths of a second, so that sums are exact. */
static inline double chance_seconds(unsigned most) {
    return chance(most * 64 + 1) / 64.0;
}

#endif
