/* What to say of a transfer that ended without an answer: where it stood, and in words that its
 * user can act on. Reads the carrier, changes nothing and keeps nothing. */
#ifndef NGROK_CURL_FAILURE_H
#define NGROK_CURL_FAILURE_H

#include "curl_carrier.h"

ngrok_standing ngrok_curl_failure_standing(const ngrok_curl_carrier *self);

/* Whether a limit of ours in time ended it. */
bool ngrok_curl_failure_is_timeout(const ngrok_curl_carrier *self);

/* Whether the same attempt would fail the same way: trying again could only cost time. */
bool ngrok_curl_failure_is_permanent(const ngrok_curl_carrier *self);

/* Names hosts, ports and files; never the key, a body or a proxy's password. */
void ngrok_curl_failure_explain(const ngrok_curl_carrier *self, char *message, size_t size);

#endif
