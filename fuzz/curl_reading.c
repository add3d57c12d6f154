#include "curl_reading.h"

#include "property.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <strings.h>

static char *part(CURLU *url, CURLUPart what) {
    char *text = NULL;
    CURLUcode code = curl_url_get(url, what, &text, CURLU_DEFAULT_PORT);
    PROPERTY(code != CURLUE_OUT_OF_MEMORY);
    return text;
}

bool curl_reading_take(curl_reading *reading, const char *url) {
    CURLU *parsed = curl_url();
    PROPERTY(parsed != NULL);
    bool fine = curl_url_set(parsed, CURLUPART_URL, url, CURLU_PATH_AS_IS) == CURLUE_OK;
    if (fine) {
        *reading = (curl_reading){
            .scheme = part(parsed, CURLUPART_SCHEME),
            .user = part(parsed, CURLUPART_USER),
            .host = part(parsed, CURLUPART_HOST),
            .port = part(parsed, CURLUPART_PORT),
            .path = part(parsed, CURLUPART_PATH),
            .query = part(parsed, CURLUPART_QUERY),
            .fragment = part(parsed, CURLUPART_FRAGMENT),
        };
    }
    curl_url_cleanup(parsed);
    return fine;
}

void curl_reading_free(curl_reading *reading) {
    curl_free(reading->scheme);
    curl_free(reading->user);
    curl_free(reading->host);
    curl_free(reading->port);
    curl_free(reading->path);
    curl_free(reading->query);
    curl_free(reading->fragment);
}

/* libcurl keeps the brackets around an IPv6 address. */
static bool read_ipv6(const char *host, struct in6_addr *address) {
    char *bare = property_string(host, strlen(host));
    bare[strcspn(bare, "]")] = '\0';
    bool fine = inet_pton(AF_INET6, bare + (bare[0] == '[' ? 1 : 0), address) == 1;
    free(bare);
    return fine;
}

bool curl_reading_has_host(const curl_reading *reading, const char *host) {
    struct in6_addr theirs6, ours6;
    struct in_addr theirs4, ours4;
    if (read_ipv6(reading->host, &theirs6) && read_ipv6(host, &ours6)) {
        return memcmp(&theirs6, &ours6, sizeof ours6) == 0;
    }
    if (inet_aton(reading->host, &theirs4) != 0 && inet_aton(host, &ours4) != 0) {
        return theirs4.s_addr == ours4.s_addr;
    }
    return strcasecmp(reading->host, host) == 0;
}

bool curl_reading_is_loopback(const curl_reading *reading) {
    struct in6_addr six;
    struct in_addr four;
    if (read_ipv6(reading->host, &six)) {
        return IN6_IS_ADDR_LOOPBACK(&six);
    }
    if (inet_aton(reading->host, &four) != 0) {
        return ntohl(four.s_addr) >> 24 == 127;
    }
    return strcasecmp(reading->host, "localhost") == 0;
}
