#include "acl.h"

#include <stdbool.h>
#include <string.h>

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

static const char *check_domain(const char *at, size_t length) {
    if (length > 2 && at[0] == '*' && at[1] == '.') {
        at += 2;
        length -= 2;
    }
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

static const char *check_address(const char *at, size_t host_length, size_t length) {
    unsigned long port = 0;
    size_t digits = length - host_length - 1;
    for (size_t i = host_length + 1; i < length && digits <= 5; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return "an address must end in a port from 1 to 65535";
        }
        port = port * 10 + (unsigned long)(at[i] - '0');
    }
    if (digits > 5 || port < 1 || port > 65535) {
        return "an address must end in a port from 1 to 65535";
    }
    return check_domain(at, host_length);
}

static const char *check_label_part(const char *at, size_t length) {
    if (length == 0) {
        return "a label needs a key and a value (key=value; either may be *)";
    }
    if (length > 1 && memchr(at, '*', length) != NULL) {
        return "a label's key or value may be * only as a whole";
    }
    return NULL;
}

static const char *check_label(const char *at, size_t key_length, size_t length) {
    const char *problem = check_label_part(at, key_length);
    return problem != NULL ? problem
                           : check_label_part(at + key_length + 1, length - key_length - 1);
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

const char *ngrok_acl_check(const char *rule, size_t length) {
    static const char prefix[] = "bind:";
    const size_t prefix_length = sizeof prefix - 1;
    if (length == 1 && rule[0] == '*') {
        return NULL;
    }
    if (length < prefix_length || memcmp(rule, prefix, prefix_length) != 0) {
        return "a rule must be \"*\" or start with \"bind:\"";
    }
    const char *at = rule + prefix_length;
    length -= prefix_length;
    if (has_space_or_control(at, length)) {
        return "a rule must not contain a space or a control character";
    }
    if (length == 1 && at[0] == '*') {
        return NULL;
    }
    const char *equals = length > 0 ? memchr(at, '=', length) : NULL;
    if (equals != NULL) {
        return check_label(at, (size_t)(equals - at), length);
    }
    const char *colon = length > 0 ? memchr(at, ':', length) : NULL;
    if (colon != NULL) {
        return check_address(at, (size_t)(colon - at), length);
    }
    return check_domain(at, length);
}
