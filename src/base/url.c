#include "base/url.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* The pieces of a URL, pointing into its text. An absent query has a NULL pointer. */
typedef struct span {
    const char *at;
    size_t length;
} span;

typedef struct pieces {
    span scheme, authority, path, query;
    bool fragment;
} pieces;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_alphanumeric(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_hexadecimal(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static span until(const char *at, const char *end, const char *stops) {
    const char *p = at;
    while (p < end && strchr(stops, *p) == NULL) {
        p++;
    }
    return (span){at, (size_t)(p - at)};
}

/* NUL is a control character, so that strchr above never sees one. */
static const char *split(pieces *out, const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x20 || c == 0x7f) {
            return "contains a control character";
        }
        if (c == ' ' || c == '\\' || c > 0x7e) {
            return "contains a space, a backslash or a character outside ASCII";
        }
    }
    const char *end = text + length;
    span scheme = until(text, end, ":/?#");
    const char *p = text + scheme.length;
    if (end - p < 3 || memcmp(p, "://", 3) != 0) {
        return "must start with https://";
    }
    span authority = until(p + 3, end, "/?#");
    p = authority.at + authority.length;
    span path = until(p, end, "?#");
    p = path.at + path.length;
    span query = {0};
    if (p < end && *p == '?') {
        query = until(p + 1, end, "#");
        p = query.at + query.length;
    }
    *out = (pieces){
        .scheme = scheme,
        .authority = authority,
        .path = path,
        .query = query,
        .fragment = p < end,
    };
    return NULL;
}

static const char *read_port(ngrok_url *url, const char *at, size_t length) {
    unsigned port = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(at[i]) || i >= 5) {
            return "has a port that is not a number from 1 to 65535";
        }
        port = port * 10 + (unsigned)(at[i] - '0');
    }
    if (port < 1 || port > 65535) {
        return "has a port that is not a number from 1 to 65535";
    }
    url->port = port;
    return NULL;
}

static const char *read_host(ngrok_url *url, span host) {
    if (host.length == 0) {
        return "has no host";
    }
    if (url->ipv6 && memchr(host.at, ':', host.length) == NULL) {
        return "has something other than an IPv6 address in brackets";
    }
    if (host.length > ngrok_url_host_max) {
        return "has a host of more than 255 bytes";
    }
    for (size_t i = 0; i < host.length; i++) {
        char c = host.at[i];
        bool fine = url->ipv6 ? is_hexadecimal(c) || c == ':' || c == '.'
                              : is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
        if (!fine) {
            return "has a host with an invalid character";
        }
        url->host[i] = ngrok_text_lower(c);
    }
    url->host[host.length] = '\0';
    return NULL;
}

static const char *read_authority(ngrok_url *url, span authority) {
    const char *end = authority.at + authority.length;
    if (memchr(authority.at, '@', authority.length) != NULL) {
        return "must not contain a user name or password";
    }
    span host;
    const char *rest;
    if (authority.length > 0 && authority.at[0] == '[') {
        url->ipv6 = true;
        host = until(authority.at + 1, end, "]");
        rest = host.at + host.length;
        if (rest == end) {
            return "has an IPv6 address without its closing bracket";
        }
        rest++;
    } else {
        host = until(authority.at, end, ":");
        rest = host.at + host.length;
    }
    const char *problem = read_host(url, host);
    if (problem != NULL || rest == end) {
        return problem;
    }
    if (*rest != ':') {
        return "has something other than a port after its host";
    }
    return read_port(url, rest + 1, (size_t)(end - rest - 1));
}

static const char *read_origin(ngrok_url *url, const pieces *parts) {
    *url = (ngrok_url){0};
    if (ngrok_text_equal_ignoring_case(parts->scheme.at, parts->scheme.length, "https")) {
        url->https = true;
        url->port = 443;
    } else if (ngrok_text_equal_ignoring_case(parts->scheme.at, parts->scheme.length, "http")) {
        url->port = 80;
    } else {
        return "must start with https://";
    }
    return read_authority(url, parts->authority);
}

const char *ngrok_url_parse(ngrok_url *url, const char *text, size_t length) {
    pieces parts;
    const char *problem = split(&parts, text, length);
    if (problem == NULL) {
        problem = read_origin(url, &parts);
    }
    if (problem != NULL) {
        return problem;
    }
    if (parts.query.at != NULL || parts.fragment) {
        return "must not contain a query or a fragment";
    }
    size_t path_length = parts.path.length;
    while (path_length > 0 && parts.path.at[path_length - 1] == '/') {
        path_length--;
    }
    if (path_length > ngrok_url_path_max) {
        return "has a path of more than 1023 bytes";
    }
    memcpy(url->path, parts.path.at, path_length);
    url->path[path_length] = '\0';
    return NULL;
}

/* No number may begin with a zero: resolvers read that as octal, or look it up
 * as a name. */
static bool is_ipv4_loopback(const char *host) {
    unsigned octets = 0, digits = 0, value = 0;
    if (strncmp(host, "127.", 4) != 0) {
        return false;
    }
    for (const char *p = host;; p++) {
        if (is_digit(*p)) {
            bool leading_zero = digits > 0 && value == 0;
            value = value * 10 + (unsigned)(*p - '0');
            if (leading_zero || ++digits > 3 || value > 255) {
                return false;
            }
        } else if ((*p == '.' || *p == '\0') && digits > 0) {
            octets++;
            digits = value = 0;
            if (*p == '\0') {
                return octets == 4;
            }
        } else {
            return false;
        }
    }
}

bool ngrok_url_is_loopback(const ngrok_url *url) {
    if (url->ipv6) {
        return strcmp(url->host, "::1") == 0;
    }
    return strcmp(url->host, "localhost") == 0 || is_ipv4_loopback(url->host);
}

bool ngrok_url_write(const ngrok_url *url, ngrok_buffer *out) {
    char port[16] = "";
    if (url->port != (url->https ? 443U : 80U)) {
        (void)snprintf(port, sizeof port, ":%u", url->port);
    }
    return ngrok_buffer_append_string(out, url->https ? "https://" : "http://") &&
           ngrok_buffer_append_string(out, url->ipv6 ? "[" : "") &&
           ngrok_buffer_append_string(out, url->host) &&
           ngrok_buffer_append_string(out, url->ipv6 ? "]" : "") &&
           ngrok_buffer_append_string(out, port) && ngrok_buffer_append_string(out, url->path);
}

static bool same_origin(const ngrok_url *a, const ngrok_url *b) {
    return a->https == b->https && a->port == b->port && strcmp(a->host, b->host) == 0;
}

static bool ends_in(span text, const char *tail) {
    size_t length = strlen(tail);
    return text.length >= length && memcmp(text.at + text.length - length, tail, length) == 0;
}

const char *ngrok_url_page_query(const ngrok_url *base, const char *list_path, const char *next,
                                 size_t length, const char **query, size_t *query_length) {
    static const ngrok_url api = {.https = true, .port = 443, .host = "api.ngrok.com"};
    pieces parts;
    ngrok_url url;
    const char *problem = split(&parts, next, length);
    if (problem == NULL) {
        problem = read_origin(&url, &parts);
    }
    if (problem != NULL) {
        return problem;
    }
    if (!same_origin(&url, base) && !same_origin(&url, &api)) {
        return "points to a host other than the API's";
    }
    if (!ends_in(parts.path, list_path)) {
        return "points to a path other than the list's";
    }
    if (parts.query.at == NULL || parts.query.length == 0) {
        return "has no query";
    }
    if (parts.fragment) {
        return "has a fragment";
    }
    *query = parts.query.at;
    *query_length = parts.query.length;
    return NULL;
}

bool ngrok_url_is_id(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (!is_alphanumeric(text[i]) && text[i] != '_' && text[i] != '-') {
            return false;
        }
    }
    return length > 0;
}

bool ngrok_url_escape(ngrok_buffer *out, const char *text, size_t length) {
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        bool plain = is_alphanumeric(text[i]) || c == '-' || c == '.' || c == '_' || c == '~';
        char escaped[3] = {'%', digits[c >> 4], digits[c & 15]};
        if (!(plain ? ngrok_buffer_append(out, text + i, 1)
                    : ngrok_buffer_append(out, escaped, 3))) {
            return false;
        }
    }
    return true;
}
