/* Whether and when to send a request again. */
#ifndef NGROK_RETRY_H
#define NGROK_RETRY_H

#include "engine/attempt.h"

#include <stdint.h>

typedef enum ngrok_verdict {
    NGROK_VERDICT_FINAL,
    NGROK_VERDICT_AT_ONCE,
    NGROK_VERDICT_BACK_OFF,
    NGROK_VERDICT_PAUSE /* the server refused it for coming too often; it has not acted on it */
} ngrok_verdict;

/* POST is sent again only if the server surely did not act on it: the API has no idempotency key.
 * The other methods (GET, PUT, PATCH and DELETE) may be repeated. */
bool ngrok_retry_is_repeatable(const char *method);
ngrok_verdict ngrok_retry_judge_response(const char *method, int status);
ngrok_verdict ngrok_retry_judge_failure(const char *method, const ngrok_failure *failure);

/* Seconds to back off before retry number `retry` (from 1): anything up to a bound that doubles,
 * chosen by `chance` (from 0 up to 1), so that clients that failed together do not return together.
 */
double ngrok_retry_backoff(unsigned retry, double chance);

/* The seconds that Retry-After headers ask for, one in each line of `text`: a number of seconds or
 * an HTTP date (RFC 9110, 10.2.3 and 5.6.7, the form with four-digit years); a date in the past is
 * 0. Of several the longest counts. A date is compared with the response's `date`, by the same
 * clock, or where there is none with `now` (Unix time). Negative when there is neither. */
double ngrok_retry_after(const char *text, const char *date, int64_t now);

#endif
