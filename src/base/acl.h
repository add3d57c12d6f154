/* A credential's ACL rules: their grammar, and what they permit. */
#ifndef NGROK_ACL_H
#define NGROK_ACL_H

#include <stddef.h>

/* NULL for a rule that the API takes: "*", "bind:*", or "bind:" and a domain (perhaps with a
 * leading "*."), an address (host:port) or a label (key=value, either side may be "*").
 * Otherwise a static sentence that says what is wrong. */
const char *ngrok_acl_check(const char *rule, size_t length);

/* NULL for the name of an endpoint that an agent may bind: what may follow "bind:" in a rule, with
 * a wildcard in a domain only. Otherwise a static sentence that says what is wrong. */
const char *ngrok_acl_check_name(const char *name, size_t length);

/* The verdict of a list is the greatest verdict of its rules. */
typedef enum ngrok_acl_verdict {
    NGROK_ACL_DENIED,
    NGROK_ACL_UNKNOWN, /* the rule or the name is of no kind described above */
    NGROK_ACL_PERMITTED
} ngrok_acl_verdict;

/* Whether one rule permits binding the name. Hosts compare as in DNS, without regard to case;
 * labels byte by byte. */
ngrok_acl_verdict ngrok_acl_permits(const char *rule, size_t rule_length, const char *name,
                                    size_t name_length);

#endif
