/* The ACL rules that the API takes, and many that it would send back. */
#include "acl.h"

#include "check.h"

static bool accepts_bytes(const char *rule, size_t length) {
    char *copy = check_copy(rule, length);
    const char *problem = ngrok_acl_check(copy, length);
    free(copy);
    return problem == NULL;
}

static bool accepts(const char *rule) {
    return accepts_bytes(rule, strlen(rule));
}

static bool refuses_bytes(const char *rule, size_t length) {
    return !accepts_bytes(rule, length);
}

static bool refuses(const char *rule) {
    return refuses_bytes(rule, strlen(rule));
}

static void accepts_a_star_alone(void) {
    CHECK(accepts("*"));
}

static void accepts_bind_and_a_star(void) {
    CHECK(accepts("bind:*"));
}

static void accepts_a_domain(void) {
    CHECK(accepts("bind:foo.ngrok.app"));
    CHECK(accepts("bind:Example.COM"));
    CHECK(accepts("bind:a-b.c--d.example"));
    CHECK(accepts("bind:_acme.example.com"));
    CHECK(accepts("bind:xn--bcher-kva.example"));
    CHECK(accepts("bind:1.2.3.4"));
}

static void accepts_a_wildcard_domain(void) {
    CHECK(accepts("bind:*.example.com"));
    CHECK(accepts("bind:*.a.b.example.com"));
}

static void accepts_an_address(void) {
    CHECK(accepts("bind:1.tcp.ngrok.io:20002"));
    CHECK(accepts("bind:example.com:1"));
    CHECK(accepts("bind:example.com:65535"));
}

static void accepts_a_label(void) {
    CHECK(accepts("bind:foo=bar"));
    CHECK(accepts("bind:edge_id=edghts_2abc"));
}

static void accepts_a_star_on_either_side_of_a_label(void) {
    CHECK(accepts("bind:*=bar"));
    CHECK(accepts("bind:foo=*"));
    CHECK(accepts("bind:*=*"));
}

static void refuses_an_empty_rule(void) {
    CHECK(refuses(""));
}

static void refuses_bind_without_anything(void) {
    CHECK(refuses("bind:"));
    CHECK(refuses("bind"));
    CHECK(refuses("bin"));
}

static void refuses_other_verbs(void) {
    CHECK(refuses("allow:example.com"));
    CHECK(refuses("deny:*"));
    CHECK(refuses(":example.com"));
    CHECK(refuses("example.com"));
    CHECK(refuses("xbind:example.com"));
}

static void refuses_bind_in_upper_case(void) {
    CHECK(refuses("BIND:example.com"));
    CHECK(refuses("Bind:example.com"));
}

static void refuses_more_than_one_star(void) {
    CHECK(refuses("**"));
    CHECK(refuses("bind:**"));
    CHECK(refuses("bind:*.*"));
    CHECK(refuses("bind:*.*.example.com"));
}

static void refuses_spaces(void) {
    CHECK(refuses(" "));
    CHECK(refuses(" *"));
    CHECK(refuses("* "));
    CHECK(refuses(" bind:example.com"));
    CHECK(refuses("bind:example.com "));
    CHECK(refuses("bind: example.com"));
    CHECK(refuses("bind :example.com"));
    CHECK(refuses("bind:foo= bar"));
    CHECK(refuses("bind:a.com,b.com"));
}

static void refuses_control_characters_and_nul(void) {
    CHECK(refuses("bind:example.com\n"));
    CHECK(refuses("bind:foo=bar\t"));
    CHECK(refuses("bind:foo=b\x7fr"));
    CHECK(refuses_bytes(CHECK_BYTES("*\0")));
    CHECK(refuses_bytes(CHECK_BYTES("bind:*\0")));
    CHECK(refuses_bytes(CHECK_BYTES("bind:example.com\0")));
    CHECK(refuses_bytes(CHECK_BYTES("bind:foo=b\0r")));
}

static void refuses_a_star_that_is_not_a_whole_first_part(void) {
    CHECK(refuses("bind:*foo.com"));
    CHECK(refuses("bind:foo*.com"));
    CHECK(refuses("bind:a.*.com"));
    CHECK(refuses("bind:example.*"));
    CHECK(refuses("bind:f*o"));
}

static void refuses_a_wildcard_without_a_domain(void) {
    CHECK(refuses("bind:*."));
    CHECK(refuses("bind:*.."));
    CHECK(refuses("bind:*:80"));
}

static void refuses_empty_parts_of_a_domain(void) {
    CHECK(refuses("bind:a..b"));
    CHECK(refuses("bind:.a"));
    CHECK(refuses("bind:a."));
    CHECK(refuses("bind:."));
    CHECK(refuses("bind:*..a"));
}

static void refuses_hyphens_at_the_edge_of_a_part(void) {
    CHECK(refuses("bind:-a.com"));
    CHECK(refuses("bind:a-.com"));
    CHECK(refuses("bind:a.-com"));
    CHECK(refuses("bind:a.com-"));
    CHECK(refuses("bind:-"));
}

static void refuses_odd_characters_in_a_domain(void) {
    CHECK(refuses("bind:https://example.com"));
    CHECK(refuses("bind:example.com/path"));
    CHECK(refuses("bind:ex@mple.com"));
    CHECK(refuses("bind:b\xC3\xBC"
                  "cher.example"));
    CHECK(refuses("bind:[::1]"));
    CHECK(refuses("bind:a%2eb"));
}

static void refuses_ports_out_of_range(void) {
    CHECK(refuses("bind:example.com:0"));
    CHECK(refuses("bind:example.com:65536"));
    CHECK(refuses("bind:example.com:99999"));
    CHECK(refuses("bind:example.com:99999999999"));
    CHECK(refuses("bind:example.com:18446744073709551617")); /* 1 in 64 bits */
}

static void refuses_ports_that_are_no_numbers(void) {
    CHECK(refuses("bind:example.com:"));
    CHECK(refuses("bind:example.com:http"));
    CHECK(refuses("bind:example.com:8x"));
    CHECK(refuses("bind:example.com:-1"));
    CHECK(refuses("bind:example.com:+80"));
    CHECK(refuses("bind:example.com:*"));
    CHECK(refuses("bind:example.com:80:80"));
    CHECK(refuses("bind:a:b:c:d:e"));
}

static void refuses_an_address_without_a_good_host(void) {
    CHECK(refuses("bind::80"));
    CHECK(refuses("bind:a..b:80"));
    CHECK(refuses("bind:*foo.com:80"));
}

static void refuses_a_label_without_key_or_value(void) {
    CHECK(refuses("bind:=bar"));
    CHECK(refuses("bind:foo="));
    CHECK(refuses("bind:="));
    CHECK(refuses("bind:*="));
    CHECK(refuses("bind:=*"));
}

static void refuses_a_star_inside_a_label(void) {
    CHECK(refuses("bind:f*=bar"));
    CHECK(refuses("bind:*f=bar"));
    CHECK(refuses("bind:foo=b*r"));
    CHECK(refuses("bind:foo=**"));
}

/* "bind:", `prefix`, and parts of 63 bytes and dots, `length` bytes together behind "bind:". */
static bool accepts_long_domain(const char *prefix, size_t length) {
    static char rule[600];
    size_t at = strlen(prefix);
    memcpy(rule, "bind:", 5);
    memcpy(rule + 5, prefix, at);
    for (size_t i = 0; at + i < length; i++) {
        rule[5 + at + i] = i % 64 == 63 ? '.' : 'a';
    }
    return accepts_bytes(rule, 5 + length);
}

static void accepts_a_domain_of_253_bytes_and_no_more(void) {
    CHECK(accepts_long_domain("", 253));
    CHECK(!accepts_long_domain("", 254));
    CHECK(!accepts_long_domain("", 500));
    CHECK(accepts_long_domain("*.", 255));
    CHECK(!accepts_long_domain("*.", 256));
}

static void accepts_a_part_of_63_bytes_and_no_more(void) {
    CHECK(accepts("bind:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg.com"));
    CHECK(refuses("bind:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.com"));
    CHECK(refuses("bind:com.aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg"));
}

static void says_what_is_wrong(void) {
    CHECK(strstr(ngrok_acl_check("x", 1), "bind:") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a b")), "space") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a:0")), "port") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a=")), "label") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a.*.b")), "wildcard") != NULL);
}

static const check_case cases[] = {
    CHECK_CASE(accepts_a_star_alone),
    CHECK_CASE(accepts_bind_and_a_star),
    CHECK_CASE(accepts_a_domain),
    CHECK_CASE(accepts_a_wildcard_domain),
    CHECK_CASE(accepts_an_address),
    CHECK_CASE(accepts_a_label),
    CHECK_CASE(accepts_a_star_on_either_side_of_a_label),
    CHECK_CASE(refuses_an_empty_rule),
    CHECK_CASE(refuses_bind_without_anything),
    CHECK_CASE(refuses_other_verbs),
    CHECK_CASE(refuses_bind_in_upper_case),
    CHECK_CASE(refuses_more_than_one_star),
    CHECK_CASE(refuses_spaces),
    CHECK_CASE(refuses_control_characters_and_nul),
    CHECK_CASE(refuses_a_star_that_is_not_a_whole_first_part),
    CHECK_CASE(refuses_a_wildcard_without_a_domain),
    CHECK_CASE(refuses_empty_parts_of_a_domain),
    CHECK_CASE(refuses_hyphens_at_the_edge_of_a_part),
    CHECK_CASE(refuses_odd_characters_in_a_domain),
    CHECK_CASE(refuses_ports_out_of_range),
    CHECK_CASE(refuses_ports_that_are_no_numbers),
    CHECK_CASE(refuses_an_address_without_a_good_host),
    CHECK_CASE(refuses_a_label_without_key_or_value),
    CHECK_CASE(refuses_a_star_inside_a_label),
    CHECK_CASE(accepts_a_domain_of_253_bytes_and_no_more),
    CHECK_CASE(accepts_a_part_of_63_bytes_and_no_more),
    CHECK_CASE(says_what_is_wrong),
};

int main(void) {
    return check_run(cases, sizeof cases / sizeof cases[0]);
}
