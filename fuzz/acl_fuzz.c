/* ACL rules, against the same grammar as regular expressions. */
#include "base/acl.h"

#include "property.h"

#include <regex.h>

#define PART "[0-9A-Za-z_]([0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?"
#define DOMAIN "(\\*\\.)?(" PART "(\\." PART ")*)"
#define PORT "([0-9]{1,5})"
#define KEY "(\\*|[^[:cntrl:] *=]+)"
#define VALUE "(\\*|[^[:cntrl:] *]+)"

/* DOMAIN's groups, and PORT's behind it. */
enum { domain_group = 2, port_group = 6, groups, longest_domain = 253 };

static bool matches(regex_t *compiled, const char *pattern, const char *rule, regmatch_t *found) {
    if (compiled->re_nsub == 0) {
        PROPERTY(regcomp(compiled, pattern, REG_EXTENDED) == 0);
    }
    return regexec(compiled, rule, groups, found, 0) == 0;
}

static bool is_domain_short(const regmatch_t *found) {
    return found[domain_group].rm_eo - found[domain_group].rm_so <= longest_domain;
}

static bool is_domain(const char *rule) {
    static regex_t compiled;
    regmatch_t found[groups];
    return matches(&compiled, "^bind:" DOMAIN "$", rule, found) && is_domain_short(found);
}

static bool is_address(const char *rule) {
    static regex_t compiled;
    regmatch_t found[groups];
    if (!matches(&compiled, "^bind:" DOMAIN ":" PORT "$", rule, found)) {
        return false;
    }
    long port = strtol(rule + found[port_group].rm_so, NULL, 10);
    return port >= 1 && port <= 65535 && is_domain_short(found);
}

static bool is_label(const char *rule) {
    static regex_t compiled;
    regmatch_t found[groups];
    return matches(&compiled, "^bind:" KEY "=" VALUE "$", rule, found);
}

static bool is_rule(const char *data, size_t size) {
    char *rule = property_string(data, size);
    bool fine = strlen(rule) == size && (strcmp(rule, "*") == 0 || strcmp(rule, "bind:*") == 0 ||
                                         is_domain(rule) || is_address(rule) || is_label(rule));
    free(rule);
    return fine;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *problem = ngrok_acl_check((const char *)data, size);
    PROPERTY(property_is_sentence(problem));
    PROPERTY(ngrok_acl_check((const char *)data, size) == problem);
    PROPERTY((problem == NULL) == is_rule((const char *)data, size));
    return 0;
}
