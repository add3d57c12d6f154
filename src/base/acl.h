/* A credential's ACL rules: their grammar, and what they permit. */
#ifndef NGROK_ACL_H
#define NGROK_ACL_H

#include <stddef.h>

/* NULL for a rule that the API takes: "*", "bind:*", or "bind:" and a domain (perhaps with a
 * leading "*."), an address (host:port) or a label (key=value, either side may be "*").
 * Otherwise a static sentence that says what is wrong. */
const char *ngrok_acl_check(const char *rule, size_t length);

/* NULL for the name of something that an agent may bind: what can stand behind "bind:" in a rule,
 * with no wildcard but that of a domain. Otherwise a static sentence that says what is wrong. */
const char *ngrok_acl_check_name(const char *name, size_t length);

/* The greatest response of a list's rules is the list's. */
typedef enum ngrok_acl_verdict {
    NGROK_ACL_DENIED,
    NGROK_ACL_UNKNOWN, /* the rule or the name is none of those described above */
    NGROK_ACL_PERMITTED
} ngrok_acl_verdict;

/* Whether one rule permits binding the name. Hosts compare as in DNS, without regard to case;
 * labels byte by byte. */
ngrok_acl_verdict ngrok_acl_permits(const char *rule, size_t rule_length, const char *name,
                                    size_t name_length);

#endif
