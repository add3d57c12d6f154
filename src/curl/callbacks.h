/* What libcurl calls while it performs a transfer. These functions only record what comes, and
 * refuse what must not go on: a response that is too large or never ends, and a second sending.
 *
 * Ownership: none. The easy handle keeps a pointer to the transfer and to its sockets. */
#ifndef NGROK_CALLBACKS_H
#define NGROK_CALLBACKS_H

#include "curl/transfer.h"

CURLcode ngrok_callbacks_set(ngrok_transfer *self, CURL *easy);

#endif
