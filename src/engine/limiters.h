/* One limiter for all clients of a process that use the same key, in any Lua state or thread:
 * the account's limit counts them together.
 *
 * The history outlives the clients while it matters, so that a program that makes a client for each
 * request is held to the limit, too. The key is not kept, only a hash of it. */
#ifndef NGROK_LIMITERS_H
#define NGROK_LIMITERS_H

#include "engine/limiter.h"

#include <stddef.h>
#include <stdint.h>

/* Identifies a key where limits are kept, and does not reveal it. */
uint64_t ngrok_limiters_hash(const char *key, size_t length);

/* The caller has a share of it until ngrok_limiters_give_back. NULL when memory ran out. */
ngrok_limiter *ngrok_limiters_take(const char *key, size_t length, double now);

/* False unless it was taken here. */
bool ngrok_limiters_give_back(const ngrok_limiter *limiter, double now);

#endif
