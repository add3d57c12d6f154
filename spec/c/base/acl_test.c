/* The ACL rules that the API takes, and many that it would send back; what they permit. */
#include "base/acl.h"

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

CASE(accepts_a_star_alone) {
    CHECK(accepts("*"));
}

CASE(accepts_bind_and_a_star) {
    CHECK(accepts("bind:*"));
}

CASE(accepts_a_domain) {
    CHECK_EACH(accepts, "bind:foo.ngrok.app", "bind:Example.COM", "bind:a-b.c--d.example",
               "bind:_acme.example.com", "bind:xn--bcher-kva.example", "bind:1.2.3.4");
}

CASE(accepts_a_wildcard_domain) {
    CHECK_EACH(accepts, "bind:*.example.com", "bind:*.a.b.example.com");
}

CASE(accepts_an_address) {
    CHECK_EACH(accepts, "bind:1.tcp.ngrok.io:20002", "bind:example.com:1",
               "bind:example.com:65535");
}

CASE(accepts_a_label) {
    CHECK_EACH(accepts, "bind:foo=bar", "bind:edge_id=edghts_2abc");
}

CASE(accepts_a_star_on_either_side_of_a_label) {
    CHECK_EACH(accepts, "bind:*=bar", "bind:foo=*", "bind:*=*");
}

CASE(refuses_an_empty_rule) {
    CHECK(refuses(""));
}

CASE(refuses_bind_without_anything) {
    CHECK_EACH(refuses, "bind:", "bind", "bin");
}

CASE(refuses_other_verbs) {
    CHECK_EACH(refuses, "allow:example.com", "deny:*", ":example.com", "example.com",
               "xbind:example.com");
}

CASE(refuses_bind_in_upper_case) {
    CHECK_EACH(refuses, "BIND:example.com", "Bind:example.com");
}

CASE(refuses_more_than_one_star) {
    CHECK_EACH(refuses, "**", "bind:**", "bind:*.*", "bind:*.*.example.com");
}

CASE(refuses_spaces) {
    CHECK_EACH(refuses, " ", " *", "* ", " bind:example.com", "bind:example.com ",
               "bind: example.com", "bind :example.com", "bind:foo= bar", "bind:a.com,b.com");
}

CASE(refuses_control_characters_and_nul) {
    CHECK_EACH(refuses, "bind:example.com\n", "bind:foo=bar\t", "bind:foo=b\x7fr");
    CHECK(refuses_bytes(CHECK_BYTES("*\0")));
    CHECK(refuses_bytes(CHECK_BYTES("bind:*\0")));
    CHECK(refuses_bytes(CHECK_BYTES("bind:example.com\0")));
    CHECK(refuses_bytes(CHECK_BYTES("bind:foo=b\0r")));
}

CASE(refuses_a_star_that_is_not_a_whole_first_part) {
    CHECK_EACH(refuses, "bind:*foo.com", "bind:foo*.com", "bind:a.*.com", "bind:example.*",
               "bind:f*o");
}

CASE(refuses_a_wildcard_without_a_domain) {
    CHECK_EACH(refuses, "bind:*.", "bind:*..", "bind:*:80");
}

CASE(refuses_empty_parts_of_a_domain) {
    CHECK_EACH(refuses, "bind:a..b", "bind:.a", "bind:a.", "bind:.", "bind:*..a");
}

CASE(refuses_hyphens_at_the_edge_of_a_part) {
    CHECK_EACH(refuses, "bind:-a.com", "bind:a-.com", "bind:a.-com", "bind:a.com-", "bind:-");
}

CASE(refuses_odd_characters_in_a_domain) {
    CHECK_EACH(refuses, "bind:https://example.com", "bind:example.com/path", "bind:ex@mple.com");
    CHECK(refuses("bind:b\xC3\xBC"
                  "cher.example"));
    CHECK_EACH(refuses, "bind:[::1]", "bind:a%2eb");
}

CASE(refuses_ports_out_of_range) {
    CHECK_EACH(refuses, "bind:example.com:0", "bind:example.com:65536", "bind:example.com:99999",
               "bind:example.com:99999999999");
    CHECK(refuses("bind:example.com:18446744073709551617")); /* 1 in 64 bits */
}

CASE(refuses_ports_that_are_no_numbers) {
    CHECK_EACH(refuses, "bind:example.com:", "bind:example.com:http", "bind:example.com:8x",
               "bind:example.com:-1", "bind:example.com:+80", "bind:example.com:*",
               "bind:example.com:80:80", "bind:a:b:c:d:e");
}

CASE(refuses_an_address_without_a_good_host) {
    CHECK_EACH(refuses, "bind::80", "bind:a..b:80", "bind:*foo.com:80");
}

CASE(refuses_a_label_without_key_or_value) {
    CHECK_EACH(refuses, "bind:=bar", "bind:foo=", "bind:=", "bind:*=", "bind:=*");
}

CASE(refuses_a_star_inside_a_label) {
    CHECK_EACH(refuses, "bind:f*=bar", "bind:*f=bar", "bind:foo=b*r", "bind:foo=**");
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

CASE(accepts_a_domain_of_253_bytes_and_no_more) {
    CHECK(accepts_long_domain("", 253));
    CHECK(!accepts_long_domain("", 254));
    CHECK(!accepts_long_domain("", 500));
    CHECK(accepts_long_domain("*.", 255));
    CHECK(!accepts_long_domain("*.", 256));
}

CASE(accepts_a_part_of_63_bytes_and_no_more) {
    CHECK(accepts("bind:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg.com"));
    CHECK_EACH(refuses, "bind:aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.com",
               "bind:com.aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg");
}

CASE(says_what_is_wrong) {
    CHECK(strstr(ngrok_acl_check("x", 1), "bind:") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a b")), "space") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a:0")), "port") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a=")), "label") != NULL);
    CHECK(strstr(ngrok_acl_check(CHECK_BYTES("bind:a.*.b")), "wildcard") != NULL);
}

/* ---- what rules permit ---- */

enum { yes = NGROK_ACL_PERMITTED, no = NGROK_ACL_DENIED, unknown = NGROK_ACL_UNKNOWN };

typedef struct judgement {
    const char *rule, *name;
    int expected;
} judgement;

static int permits_bytes(const char *rule, size_t rule_length, const char *name,
                         size_t name_length) {
    char *rule_copy = check_copy(rule, rule_length), *name_copy = check_copy(name, name_length);
    int response = (int)ngrok_acl_permits(rule_copy, rule_length, name_copy, name_length);
    free(rule_copy);
    free(name_copy);
    return response;
}

#define CHECK_JUDGEMENTS(table) check_judgements(table, sizeof(table) / sizeof *(table))

static void check_judgements(const judgement *table, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const judgement *it = &table[i];
        check_about("%s, asked for %s", it->rule, it->name);
        CHECK_INTEGER(permits_bytes(it->rule, strlen(it->rule), it->name, strlen(it->name)),
                      it->expected);
    }
}

CASE(a_star_permits_all_that_can_be_bound) {
    static const judgement table[] = {
        {"*", "example.com", yes},      {"bind:*", "example.com", yes},
        {"*", "localhost", yes},        {"bind:*", "a.b.c.d.example", yes},
        {"*", "*.example.com", yes},    {"bind:*", "*.example.com", yes},
        {"*", "1.tcp.ngrok.io:1", yes}, {"bind:*", "1.tcp.ngrok.io:1", yes},
        {"*", "edge=edghts_2abc", yes}, {"bind:*", "edge=edghts_2abc", yes},
        {"*", "no such name", unknown}, {"bind:*", "*", unknown},
    };
    CHECK_JUDGEMENTS(table);
}

CASE(a_domain_permits_itself_only) {
    static const judgement table[] = {
        {"bind:foo.ngrok.app", "foo.ngrok.app", yes},
        {"bind:foo.ngrok.app", "bar.ngrok.app", no},
        {"bind:foo.ngrok.app", "ngrok.app", no},
        {"bind:foo.ngrok.app", "x.foo.ngrok.app", no},
        {"bind:foo.ngrok.app", "*.foo.ngrok.app", no},
        {"bind:foo.ngrok.app", "*.ngrok.app", no},
        {"bind:foo.ngrok.app", "foo.ngrok.ap", no},
        {"bind:foo.ngrok.app", "foo.ngrok.appx", no},
        {"bind:foo.ngrok.app", "xfoo.ngrok.app", no},
        {"bind:foo.ngrok.app", "foo-ngrok.app", no},
        {"bind:foo.ngrok.app", "foo.ngrok.app:443", no},
        {"bind:foo.ngrok.app", "foo.ngrok.app=x", no},
        {"bind:a", "a", yes},
        {"bind:a", "b", no},
    };
    CHECK_JUDGEMENTS(table);
}

CASE(a_wildcard_domain_permits_what_is_below_and_itself) {
    static const judgement table[] = {
        {"bind:*.example.com", "x.example.com", yes},
        {"bind:*.example.com", "y.example.com", yes},
        {"bind:*.example.com", "a.b.c.example.com", yes},
        {"bind:*.example.com", "*.example.com", yes},
        {"bind:*.example.com", "*.a.example.com", yes},
        {"bind:*.example.com", "*.a.b.example.com", yes},
        {"bind:*.example.com", "example.com", no},
        {"bind:*.example.com", "evilexample.com", no},
        {"bind:*.example.com", "*.evilexample.com", no},
        {"bind:*.example.com", "x.evilexample.com", no},
        {"bind:*.example.com", "*.com", no},
        {"bind:*.example.com", "com", no},
        {"bind:*.example.com", "x.example.com.evil", no},
        {"bind:*.example.com", "x.example.co", no},
        {"bind:*.example.com", "example.com.x.com", no},
        {"bind:*.example.com", "x-example.com", no},
        {"bind:*.example.com", "x.example.com:443", no},
        {"bind:*.example.com", "*.example.com:443", unknown},
        {"bind:*.a.example.com", "*.example.com", no},
        {"bind:*.a.example.com", "b.example.com", no},
        {"bind:*.a", "b.a", yes},
        {"bind:*.a", "a", no},
    };
    CHECK_JUDGEMENTS(table);
}

CASE(domains_compare_as_in_dns) {
    static const judgement table[] = {
        {"bind:foo.ngrok.app", "FOO.Ngrok.APP", yes},
        {"bind:FOO.Ngrok.APP", "foo.ngrok.app", yes},
        {"bind:*.Example.com", "X.EXAMPLE.COM", yes},
        {"bind:*.example.com", "*.EXAMPLE.com", yes},
        {"bind:1.TCP.ngrok.io:20002", "1.tcp.NGROK.io:20002", yes},
        /* bytes that differ in the bit of the case alone */
        {"bind:a-b.com", "a\rb.com", unknown},
        {"bind:a_b.com",
         "a\x7f"
         "b.com",
         unknown},
        {"bind:a0.com", "a\x10.com", unknown},
    };
    CHECK_JUDGEMENTS(table);
}

CASE(an_address_permits_its_host_and_port) {
    static const judgement table[] = {
        {"bind:1.tcp.ngrok.io:20002", "1.tcp.ngrok.io:20002", yes},
        {"bind:1.tcp.ngrok.io:20002", "1.tcp.ngrok.io:20003", no},
        {"bind:1.tcp.ngrok.io:20002", "1.tcp.ngrok.io:2000", no},
        {"bind:1.tcp.ngrok.io:2000", "1.tcp.ngrok.io:20002", no},
        {"bind:1.tcp.ngrok.io:20002", "2.tcp.ngrok.io:20002", no},
        {"bind:1.tcp.ngrok.io:20002", "11.tcp.ngrok.io:20002", no},
        {"bind:1.tcp.ngrok.io:20002", "x.1.tcp.ngrok.io:20002", no},
        {"bind:1.tcp.ngrok.io:20002", "1.tcp.ngrok.io", no},
        {"bind:1.tcp.ngrok.io:00443", "1.tcp.ngrok.io:443", yes},
        {"bind:1.tcp.ngrok.io:443", "1.tcp.ngrok.io:00443", yes},
        {"bind:1.tcp.ngrok.io:1", "1.tcp.ngrok.io:65536", unknown},
    };
    CHECK_JUDGEMENTS(table);
}

CASE(a_wildcard_address_is_not_judged) {
    static const judgement table[] = {
        {"bind:*.tcp.ngrok.io:20002", "1.tcp.ngrok.io:20002", unknown},
        {"bind:*.tcp.ngrok.io:20002", "2.tcp.ngrok.io:1", unknown},
        {"bind:*.tcp.ngrok.io:20002", "example.com", unknown},
        {"bind:1.tcp.ngrok.io:20002", "*.tcp.ngrok.io:20002", unknown},
    };
    CHECK_JUDGEMENTS(table);
}

CASE(a_label_permits_its_key_and_value) {
    static const judgement table[] = {
        {"bind:foo=bar", "foo=bar", yes}, {"bind:foo=bar", "foo=baz", no},
        {"bind:foo=bar", "fop=bar", no},  {"bind:foo=bar", "foo=ba", no},
        {"bind:foo=bar", "foo=barx", no}, {"bind:foo=bar", "bar=foo", no},
        {"bind:foo=bar", "Foo=bar", no},  {"bind:foo=bar", "foo=Bar", no},
        {"bind:foo=bar", "foo", no},      {"bind:foo=bar", "foobar", no},
        {"bind:foo=bar", "foo.bar", no},  {"bind:foo=bar", "foo:80", no},
        {"bind:foo=a=b", "foo=a=b", yes}, {"bind:foo=a=b", "foo=a", no},
        {"bind:foo=a=b", "foo=a=c", no},  {"bind:u=http://a:1", "u=http://a:1", yes},
    };
    CHECK_JUDGEMENTS(table);
}

CASE(a_star_in_a_label_permits_any_key_or_value) {
    static const judgement table[] = {
        {"bind:*=example", "x=example", yes},
        {"bind:*=example", "y=example", yes},
        {"bind:*=example", "x=other", no},
        {"bind:*=example", "x=Example", no},
        {"bind:app=*", "app=x", yes},
        {"bind:app=*", "app=x=y", yes},
        {"bind:app=*", "ap=x", no},
        {"bind:app=*", "apps=x", no},
        {"bind:*=*", "x=y", yes},
        {"bind:*=*", "example.com", no},
        {"bind:*=*", "*.example.com", no},
        {"bind:*=*", "a:1", no},
        {"bind:*=b", "x=a=b", no}, /* the key ends at the first = */
    };
    CHECK_JUDGEMENTS(table);
}

CASE(a_rule_of_another_kind_is_not_judged) {
    static const judgement table[] = {
        {"", "example.com", unknown},
        {"bind:", "example.com", unknown},
        {"example.com", "example.com", unknown},
        {"allow:example.com", "example.com", unknown},
        {"deny:*", "example.com", unknown},
        {"BIND:*", "example.com", unknown},
        {"bind:**", "example.com", unknown},
        {"bind:* ", "example.com", unknown},
        {"bind:*example.com", "x.example.com", unknown},
        {"bind:x.*.com", "x.example.com", unknown},
        {"bind:example.com.", "example.com", unknown},
        {"bind:https://example.com", "example.com", unknown},
        {"bind:tcp://1.tcp.ngrok.io:1", "1.tcp.ngrok.io:1", unknown},
        {"bind:example.com/path", "example.com", unknown},
        {"bind:10.0.0.0/8", "10.0.0.1", unknown},
        {"bind:foo*=bar", "foo=bar", unknown},
        {"bind:foo=b*", "foo=bar", unknown},
    };
    CHECK_JUDGEMENTS(table);
    check_about("NUL");
    CHECK_INTEGER(permits_bytes(CHECK_BYTES("*\0"), CHECK_BYTES("a.com")), unknown);
    CHECK_INTEGER(permits_bytes(CHECK_BYTES("bind:a.com\0"), CHECK_BYTES("a.com")), unknown);
    CHECK_INTEGER(permits_bytes(CHECK_BYTES("bind:a.com"), CHECK_BYTES("a.com\0")), unknown);
    CHECK_INTEGER(permits_bytes(CHECK_BYTES("bind:a=*"), CHECK_BYTES("a=b\0")), unknown);
}

static const char *name_problem(const char *name) {
    size_t length = strlen(name);
    char *copy = check_copy(name, length);
    const char *problem = ngrok_acl_check_name(copy, length);
    free(copy);
    return problem;
}

CASE(takes_names_of_what_an_agent_binds) {
    static const char *const names[] = {
        "example.com", "x",          "*.example.com",        "a.b:1", "1.2.3.4:65535", "key=value",
        "key=a=b",     "_a.example", "xn--bcher-kva.example"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_about("%s", names[i]);
        CHECK_TEXT(name_problem(names[i]), NULL);
    }
}

CASE(takes_no_other_names) {
    static const char *const names[] = {
        "",
        "*",
        "**",
        "*.",
        "*.*",
        "*.*.a",
        "a.*.b",
        "a*",
        "*:1",
        "*.a:1",
        "*=b",
        "a=*",
        "*=*",
        "a=b*",
        "a=",
        "=b",
        "=",
        "a:",
        ":1",
        "a:0",
        "a:65536",
        "a:b",
        "a:1:2",
        "a.",
        ".a",
        "a..b",
        "-a",
        "a b",
        "a\n",
        " a",
        "https://a.com",
        "a.com/",
        "[::1]",
        "[::1]:80",
        "b\xC3\xBC.com",
        "a,b",
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        check_about("%s", names[i]);
        CHECK(name_problem(names[i]) != NULL);
    }
}

CASE(refuses_a_name_with_the_prefix) {
    CHECK(strstr(name_problem("bind:example.com"), "must not start with \"bind:\"") != NULL);
    CHECK(strstr(name_problem("bind:"), "must not start with \"bind:\"") != NULL);
    CHECK(name_problem("bind") == NULL);
    CHECK_TEXT(name_problem("bind=x"), NULL);
}

/* Whatever the bytes: no name that is refused is ever permitted, and what one rule permits is below
 * it or the same. */
CASE(permits_nothing_that_a_random_rule_does_not_spell) {
    static const char alphabet[] = "ab.*=:1-";
    unsigned state = 20240229;
    unsigned permitted = 0;
    for (int round = 0; round < 200000; round++) {
        char text[2][8];
        size_t length[2];
        for (int side = 0; side < 2; side++) {
            state = state * 1664525U + 1013904223U;
            length[side] = (state >> 24) % 7;
            for (size_t i = 0; i < length[side]; i++) {
                state = state * 1664525U + 1013904223U;
                text[side][i] = alphabet[(state >> 24) % (sizeof alphabet - 1)];
            }
        }
        char rule[16] = "bind:";
        memcpy(rule + 5, text[0], length[0]);
        if (ngrok_acl_permits(rule, 5 + length[0], text[1], length[1]) != NGROK_ACL_PERMITTED) {
            continue;
        }
        permitted++;
        check_about("bind:%.*s, asked for %.*s", (int)length[0], text[0], (int)length[1], text[1]);
        CHECK(ngrok_acl_check_name(text[1], length[1]) == NULL);
        CHECK(memchr(text[0], '*', length[0]) != NULL ||
              (length[0] == length[1] && memcmp(text[0], text[1], length[0]) == 0));
    }
    CHECK(permitted > 100);
}
