/* The grammar of a credential's ACL rules. */
#ifndef NGROK_ACL_H
#define NGROK_ACL_H

#include <stddef.h>

/* NULL for a rule that the API takes: "*", "bind:*", or "bind:" and a domain (perhaps with a
 * leading "*."), an address (host:port) or a label (key=value, either side may be "*").
 * Otherwise a static sentence that says what is wrong. */
const char *ngrok_acl_check(const char *rule, size_t length);

#endif
