/* libcurl as a transport of engine/transport.h. What a driver calls by this class is an
 * ngrok_multi, which `destroy` frees. */
#ifndef NGROK_CURL_TRANSPORT_H
#define NGROK_CURL_TRANSPORT_H

#include "engine/transport.h"

extern const ngrok_transport_class ngrok_curl_transport;

#endif
