#include "base/acl.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

typedef struct span {
    const char *at;
    size_t length;
} span;

typedef enum endpoint_kind { EVERY_ENDPOINT, DOMAIN, ADDRESS, LABEL } endpoint_kind;

/* The parts of what follows "bind:". Points into the text it was read from. */
typedef struct endpoint {
    endpoint_kind kind;
    span host; /* of a domain or an address, without "*." */
    bool wildcard;
    unsigned port;
    span key, value; /* of a label */
} endpoint;

static bool is_label_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
}

/* One part of a domain, between two dots (RFC 1035; underscores occur in practice). */
static bool is_domain_label(const char *at, size_t length) {
    if (length < 1 || length > 63 || at[0] == '-' || at[length - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        if (!is_label_character(at[i])) {
            return false;
        }
    }
    return true;
}

static const char *read_host(endpoint *out, const char *at, size_t length) {
    out->wildcard = length > 2 && at[0] == '*' && at[1] == '.';
    if (out->wildcard) {
        at += 2;
        length -= 2;
    }
    out->host = (span){at, length};
    if (length < 1 || length > 253) {
        return "a domain must have 1 to 253 bytes";
    }
    if (memchr(at, '*', length) != NULL) {
        return "a domain may have a wildcard only as its first part (*.example.com)";
    }
    size_t start = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && at[i] != '.') {
            continue;
        }
        if (!is_domain_label(at + start, i - start)) {
            return "a domain's parts must be letters, digits and hyphens, 1 to 63 bytes each";
        }
        start = i + 1;
    }
    return NULL;
}

static const char *read_address(endpoint *out, const char *at, size_t host_length, size_t length) {
    unsigned port = 0;
    size_t digits = length - host_length - 1;
    for (size_t i = host_length + 1; i < length && digits <= 5; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return "an address must end in a port from 1 to 65535";
        }
        port = port * 10 + (unsigned)(at[i] - '0');
    }
    if (digits > 5 || port < 1 || port > 65535) {
        return "an address must end in a port from 1 to 65535";
    }
    out->port = port;
    return read_host(out, at, host_length);
}

static const char *check_label_part(span part) {
    if (part.length == 0) {
        return "a label needs a key and a value (key=value; in a rule either may be *)";
    }
    if (part.length > 1 && memchr(part.at, '*', part.length) != NULL) {
        return "a label's key or value may be *, but not contain it";
    }
    return NULL;
}

static const char *read_label(endpoint *out, const char *at, size_t key_length, size_t length) {
    out->key = (span){at, key_length};
    out->value = (span){at + key_length + 1, length - key_length - 1};
    const char *problem = check_label_part(out->key);
    return problem != NULL ? problem : check_label_part(out->value);
}

static bool has_space_or_control(const char *at, size_t length) {
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)at[i];
        if (c <= 0x20 || c == 0x7f) {
            return true;
        }
    }
    return false;
}

/* What is wrong with it, or NULL. */
static const char *read_endpoint(endpoint *out, const char *at, size_t length) {
    *out = (endpoint){.kind = EVERY_ENDPOINT};
    if (has_space_or_control(at, length)) {
        return "it must not contain a space or a control character";
    }
    if (length == 1 && at[0] == '*') {
        return NULL;
    }
    const char *equals = length > 0 ? memchr(at, '=', length) : NULL;
    if (equals != NULL) {
        out->kind = LABEL;
        return read_label(out, at, (size_t)(equals - at), length);
    }
    const char *colon = length > 0 ? memchr(at, ':', length) : NULL;
    if (colon != NULL) {
        out->kind = ADDRESS;
        return read_address(out, at, (size_t)(colon - at), length);
    }
    out->kind = DOMAIN;
    return read_host(out, at, length);
}

static const char *read_rule(endpoint *out, const char *rule, size_t length) {
    static const char prefix[] = "bind:";
    const size_t prefix_length = sizeof prefix - 1;
    if (length == 1 && rule[0] == '*') {
        return read_endpoint(out, rule, length);
    }
    if (length < prefix_length || memcmp(rule, prefix, prefix_length) != 0) {
        return "a rule must be \"*\" or start with \"bind:\"";
    }
    return read_endpoint(out, rule + prefix_length, length - prefix_length);
}

const char *ngrok_acl_check(const char *rule, size_t length) {
    endpoint ignored;
    return read_rule(&ignored, rule, length);
}

/* ---- what rules permit ---- */

static bool is_star(span text) {
    return text.length == 1 && text.at[0] == '*';
}

/* An agent binds one endpoint, or all of one wildcard domain: nothing else may have a star. */
static const char *read_name(endpoint *out, const char *name, size_t length) {
    if (length >= 5 && memcmp(name, "bind:", 5) == 0) {
        return "a name must not start with \"bind:\"";
    }
    const char *problem = read_endpoint(out, name, length);
    if (problem != NULL) {
        return problem;
    }
    if (out->kind == EVERY_ENDPOINT || is_star(out->key) || is_star(out->value) ||
        (out->kind == ADDRESS && out->wildcard)) {
        return "a name may have a wildcard only as the first part of a domain (*.example.com)";
    }
    return NULL;
}

const char *ngrok_acl_check_name(const char *name, size_t length) {
    endpoint ignored;
    return read_name(&ignored, name, length);
}

/* As DNS compares names. */
static bool is_same_host(span left, span right) {
    if (left.length != right.length) {
        return false;
    }
    for (size_t i = 0; i < left.length; i++) {
        if (ngrok_text_lower(left.at[i]) != ngrok_text_lower(right.at[i])) {
            return false;
        }
    }
    return true;
}

/* Whether `host` is some parts, a dot and `domain`: the dot keeps evilexample.com out. */
static bool is_below(span host, span domain) {
    if (host.length <= domain.length + 1) {
        return false;
    }
    span rest = {host.at + host.length - domain.length, domain.length};
    return rest.at[-1] == '.' && is_same_host(rest, domain);
}

/* *.example.com permits *.a.example.com, too: all names below the second are below the first. */
static bool permits_domain(const endpoint *rule, const endpoint *name) {
    if (!rule->wildcard) {
        return !name->wildcard && is_same_host(rule->host, name->host);
    }
    return is_below(name->host, rule->host) ||
           (name->wildcard && is_same_host(rule->host, name->host));
}

static bool permits_part(span rule, span name) {
    return is_star(rule) ||
           (rule.length == name.length && memcmp(rule.at, name.at, name.length) == 0);
}

static bool permits_endpoint(const endpoint *rule, const endpoint *name) {
    if (rule->kind != name->kind) {
        return rule->kind == EVERY_ENDPOINT;
    }
    switch (rule->kind) {
    case EVERY_ENDPOINT:
        return true;
    case DOMAIN:
        return permits_domain(rule, name);
    case ADDRESS:
        return rule->port == name->port && is_same_host(rule->host, name->host);
    case LABEL:
        return permits_part(rule->key, name->key) && permits_part(rule->value, name->value);
    }
    return false;
}

ngrok_acl_verdict ngrok_acl_permits(const char *rule, size_t rule_length, const char *name,
                                    size_t name_length) {
    endpoint allowed, asked;
    if (read_name(&asked, name, name_length) != NULL ||
        read_rule(&allowed, rule, rule_length) != NULL) {
        return NGROK_ACL_UNKNOWN;
    }
    /* The API's pages tell of wildcards in domains and labels, not in addresses. */
    if (allowed.kind == ADDRESS && allowed.wildcard) {
        return NGROK_ACL_UNKNOWN;
    }
    return permits_endpoint(&allowed, &asked) ? NGROK_ACL_PERMITTED : NGROK_ACL_DENIED;
}
