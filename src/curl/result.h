/* How a transfer ended, in the words of the engine. */
#ifndef NGROK_RESULT_H
#define NGROK_RESULT_H

#include "curl/transfer.h"
#include "engine/transport.h"

/* Of a transfer that has ended. The response passes from the transfer to `out`. */
void ngrok_result_take(ngrok_transfer *from, ngrok_finished *out);

#endif
