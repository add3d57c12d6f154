/* Explains a transfer that ended without a response: how far it got, and a message that its user
 * can act on. Reads the transfer, changes nothing and keeps nothing. */
#ifndef NGROK_CURL_FAILURE_H
#define NGROK_CURL_FAILURE_H

#include "curl/transfer.h"

/* Whether a response of this status is not the API's: a proxy that carries plain http wants a user
 * and a password, and has passed nothing on. Such a transfer is to end with CURLE_PROXY. */
bool ngrok_curl_failure_is_wish_of_proxy(const ngrok_transfer *self, long status);

ngrok_progress ngrok_curl_failure_progress(const ngrok_transfer *self);

/* Whether a limit of ours in time ended it. */
bool ngrok_curl_failure_is_timeout(const ngrok_transfer *self);

/* Whether the same attempt would fail the same way: trying again could only cost time. */
bool ngrok_curl_failure_is_permanent(const ngrok_transfer *self);

/* Names hosts, ports and files; never the key, a body or a proxy's password. */
void ngrok_curl_failure_explain(const ngrok_transfer *self, char *message, size_t size);

#endif
