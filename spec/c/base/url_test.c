/* Where the key may travel: base URLs, ids and the pages that a response points to. */
#include "base/url.h"

#include "check.h"

static ngrok_url parsed;

static const char *parse(const char *text, size_t length) {
    char *copy = check_copy(text, length);
    const char *problem = ngrok_url_parse(&parsed, copy, length);
    free(copy);
    return problem;
}

static bool accepts(const char *text) {
    return parse(text, strlen(text)) == NULL;
}

static bool refuses_bytes(const char *text, size_t length) {
    const char *problem = parse(text, length);
    return problem != NULL && problem[0] != '\0';
}

static bool refuses(const char *text) {
    return refuses_bytes(text, strlen(text));
}

static bool refuses_because(const char *text, const char *word) {
    const char *problem = parse(text, strlen(text));
    return problem != NULL && strstr(problem, word) != NULL;
}

/* --- base URLs ------------------------------------------------------------------------------- */

CASE(parses_the_default_base_url) {
    CHECK(accepts("https://api.ngrok.com"));
    CHECK(parsed.https);
    CHECK(!parsed.ipv6);
    CHECK_INTEGER(parsed.port, 443);
    CHECK_TEXT(parsed.host, "api.ngrok.com");
    CHECK_TEXT(parsed.path, "");
}

CASE(parses_http_with_its_own_port) {
    CHECK(accepts("http://localhost"));
    CHECK(!parsed.https);
    CHECK_INTEGER(parsed.port, 80);
}

CASE(lowers_the_case_of_scheme_and_host_but_not_of_the_path) {
    CHECK(accepts("HTTPS://API.Ngrok.COM/Path"));
    CHECK(parsed.https);
    CHECK_TEXT(parsed.host, "api.ngrok.com");
    CHECK_TEXT(parsed.path, "/Path");
}

CASE(refuses_an_empty_text) {
    CHECK(refuses(""));
}

CASE(refuses_other_schemes) {
    CHECK_EACH(refuses, "ftp://api.ngrok.com", "httpss://api.ngrok.com",
               "http+unix://api.ngrok.com", "file:///etc/passwd", "javascript:alert(1)",
               "://api.ngrok.com");
}

CASE(refuses_a_missing_scheme) {
    CHECK_EACH(refuses, "api.ngrok.com", "//api.ngrok.com", "/credentials");
}

CASE(refuses_a_scheme_without_two_slashes) {
    CHECK_EACH(refuses, "https", "https:", "https:/", "https:/api.ngrok.com",
               "https:api.ngrok.com");
}

CASE(refuses_a_missing_host) {
    CHECK_EACH(refuses, "https://", "https:///path", "https://:443", "https://[]");
}

CASE(refuses_user_info) {
    CHECK(refuses_because("https://user@api.ngrok.com", "user name"));
    CHECK(refuses_because("https://user:secret@api.ngrok.com", "user name"));
    CHECK(refuses_because("https://@api.ngrok.com", "user name"));
    CHECK_EACH(refuses, "https://api.ngrok.com@evil.com", "https://api.ngrok.com:443@evil.com");
}

CASE(accepts_ports_from_1_to_65535) {
    CHECK(accepts("https://api.ngrok.com:1"));
    CHECK_INTEGER(parsed.port, 1);
    CHECK(accepts("https://api.ngrok.com:65535/"));
    CHECK_INTEGER(parsed.port, 65535);
    CHECK(accepts("https://api.ngrok.com:08443"));
    CHECK_INTEGER(parsed.port, 8443);
}

CASE(refuses_port_0) {
    CHECK(refuses_because("https://api.ngrok.com:0", "port"));
    CHECK(refuses("https://api.ngrok.com:00000"));
}

CASE(refuses_ports_above_65535) {
    CHECK(refuses_because("https://api.ngrok.com:65536", "port"));
    CHECK(refuses("https://api.ngrok.com:99999"));
    CHECK(refuses("https://api.ngrok.com:4294967739")); /* 443 in 32 bits */
    CHECK(refuses("https://api.ngrok.com:18446744073709552059"));
}

CASE(refuses_an_empty_port) {
    CHECK(refuses_because("https://api.ngrok.com:", "port"));
    CHECK_EACH(refuses, "https://api.ngrok.com:/path", "https://[::1]:");
}

CASE(refuses_a_port_with_other_characters) {
    CHECK_EACH(refuses, "https://api.ngrok.com:https", "https://api.ngrok.com:44x",
               "https://api.ngrok.com:-1", "https://api.ngrok.com:+443",
               "https://api.ngrok.com:443:443");
}

CASE(parses_an_ipv6_address) {
    CHECK(accepts("https://[2001:DB8::1]:8443/api"));
    CHECK(parsed.ipv6);
    CHECK_TEXT(parsed.host, "2001:db8::1");
    CHECK_INTEGER(parsed.port, 8443);
    CHECK_TEXT(parsed.path, "/api");
    CHECK(accepts("http://[::ffff:127.0.0.1]"));
    CHECK_TEXT(parsed.host, "::ffff:127.0.0.1");
}

CASE(refuses_an_unclosed_ipv6_address) {
    CHECK(refuses_because("https://[::1", "bracket"));
    CHECK_EACH(refuses, "https://[::1/path]", "https://[");
}

CASE(refuses_text_between_an_ipv6_address_and_its_port) {
    CHECK_EACH(refuses, "https://[::1]evil.com", "https://[::1].evil.com:443", "https://[::1]]");
}

CASE(refuses_an_ipv6_zone) {
    CHECK_EACH(refuses, "https://[fe80::1%25eth0]", "https://[fe80::1%eth0]");
}

CASE(refuses_an_ipv6_address_without_brackets) {
    CHECK_EACH(refuses, "https://::1", "https://2001:db8::1");
}

CASE(refuses_a_name_in_brackets) {
    CHECK_EACH(refuses, "https://[example.com]", "https://[localhost]");
}

CASE(refuses_control_characters) {
    CHECK(refuses_because("https://api.ngrok.com\r\nHost: evil.com", "control"));
    CHECK_EACH(refuses, "https://api.ngrok.com/\n", "https://api.ngrok.com\t",
               "\x01https://api.ngrok.com", "https://api.ngrok.com/\x7f",
               "https://api.ngrok.com/\x1f");
}

CASE(refuses_nul_inside) {
    CHECK(refuses_bytes(CHECK_BYTES("https://api.ngrok.com\0.evil.com")));
    CHECK(refuses_bytes(CHECK_BYTES("https://api.ngrok.com/\0")));
    CHECK(refuses_bytes(CHECK_BYTES("\0")));
}

CASE(refuses_spaces) {
    CHECK_EACH(refuses, " https://api.ngrok.com", "https://api.ngrok.com ",
               "https://api.ngrok.com/a b");
}

CASE(refuses_backslashes) {
    CHECK_EACH(refuses, "https:\\\\api.ngrok.com", "https://api.ngrok.com\\@evil.com",
               "https://api.ngrok.com/a\\b");
}

CASE(refuses_bytes_outside_ascii) {
    CHECK_EACH(refuses, "https://\xC3\xA4pi.ngrok.com", "https://api.ngrok.com/\xE2\x82\xAC",
               "https://api.ngrok.com/\x80", "https://api.ngrok.com/\xff");
}

CASE(refuses_hosts_with_odd_characters) {
    CHECK_EACH(refuses, "https://api.ngrok.com%2eevil.com", "https://api,ngrok.com",
               "https://*.ngrok.com", "https://api.ngrok.com;evil", "https://{host}");
}

CASE(refuses_a_query) {
    CHECK(refuses_because("https://api.ngrok.com/?a=b", "query"));
    CHECK(refuses("https://api.ngrok.com?"));
}

CASE(refuses_a_fragment) {
    CHECK(refuses_because("https://api.ngrok.com/#top", "fragment"));
    CHECK_EACH(refuses, "https://api.ngrok.com#", "https://api.ngrok.com#@evil.com");
}

/* "https://" and `host` times "h", then "/" and path_length bytes. */
static const char *parse_long(size_t host_length, size_t path_length) {
    static char text[4096];
    memcpy(text, "https://", 8);
    memset(text + 8, 'h', host_length);
    memset(text + 8 + host_length, 'p', path_length);
    if (path_length > 0) {
        text[8 + host_length] = '/';
    }
    return parse(text, 8 + host_length + path_length);
}

CASE(accepts_a_host_of_255_bytes_and_no_more) {
    CHECK_TEXT(parse_long(255, 0), NULL);
    CHECK_INTEGER(strlen(parsed.host), 255);
    CHECK(parse_long(256, 0) != NULL);
    CHECK(parse_long(3000, 0) != NULL);
}

CASE(accepts_a_path_of_1023_bytes_and_no_more) {
    CHECK_TEXT(parse_long(10, 1023), NULL);
    CHECK_INTEGER(strlen(parsed.path), 1023);
    CHECK(parse_long(10, 1024) != NULL);
    CHECK(parse_long(10, 3000) != NULL);
}

CASE(drops_slashes_at_the_end_of_the_path) {
    CHECK(accepts("https://proxy.example.com/ngrok/"));
    CHECK_TEXT(parsed.path, "/ngrok");
    CHECK(accepts("https://proxy.example.com/a//b///"));
    CHECK_TEXT(parsed.path, "/a//b");
    CHECK(accepts("https://proxy.example.com////"));
    CHECK_TEXT(parsed.path, "");
}

/* --- loopback -------------------------------------------------------------------------------- */

static bool is_loopback(const char *text) {
    return accepts(text) && ngrok_url_is_loopback(&parsed);
}

/* Refused as a URL, or no loopback. */
static bool is_elsewhere(const char *text) {
    return !accepts(text) || !ngrok_url_is_loopback(&parsed);
}

CASE(knows_localhost) {
    CHECK_EACH(is_loopback, "http://localhost", "http://LocalHost:8080/path");
}

CASE(knows_all_of_127) {
    CHECK_EACH(is_loopback, "http://127.0.0.1", "http://127.0.0.1:4040/api", "http://127.0.0.0",
               "http://127.255.255.255", "http://127.1.2.3");
}

CASE(knows_the_ipv6_loopback) {
    CHECK_EACH(is_loopback, "http://[::1]", "http://[::1]:8080");
}

CASE(takes_no_name_that_looks_like_a_loopback_address_for_one) {
    CHECK_EACH(is_elsewhere, "http://127.evil.com", "http://127.0.0.1.evil.com",
               "http://127.0.0.evil", "http://127.0.0.1.2", "http://127.0.0.1-evil.com",
               "http://127.0.0.1x", "http://127-0-0-1");
}

CASE(takes_no_name_that_looks_like_localhost_for_it) {
    CHECK_EACH(is_elsewhere, "http://localhost.evil.com", "http://evil.localhost.com",
               "http://localhosts", "http://notlocalhost", "http://localhost@evil.com");
}

CASE(takes_no_odd_spelling_of_an_address_for_loopback) {
    CHECK_EACH(is_elsewhere, "http://127.1", "http://127.0.1", "http://127.", "http://127..0.1",
               "http://0x7f.1", "http://0x7f.0.0.1", "http://0177.0.0.1", "http://2130706433",
               "http://127.0.0.256", "http://127.0.0.1111", "http://127.0.0.4294967297",
               "http://127.0.0.01");
    CHECK(is_elsewhere(
        "http://127.008.0.1")); /* 8 is not an octal digit: this is a name to look up */
}

CASE(takes_no_other_address_for_loopback) {
    CHECK_EACH(is_elsewhere, "http://0.0.0.0", "http://128.0.0.1", "http://12.7.0.0",
               "http://192.168.0.1", "http://[::]", "http://[::2]", "http://[::1:1]",
               "http://[::ffff:127.0.0.1]", "http://[127.0.0.1]");
}

/* --- writing --------------------------------------------------------------------------------- */

static void check_written(const char *text, const char *expected) {
    ngrok_buffer out = {0};
    check_about("%s", text);
    CHECK(accepts(text));
    CHECK(ngrok_url_write(&parsed, &out));
    CHECK_TEXT(out.bytes, expected);
    /* What was written reads as the same URL. */
    ngrok_url first = parsed;
    CHECK(accepts(out.bytes));
    CHECK_TEXT(parsed.host, first.host);
    CHECK_TEXT(parsed.path, first.path);
    CHECK_INTEGER(parsed.port, first.port);
    CHECK(parsed.https == first.https && parsed.ipv6 == first.ipv6);
    ngrok_buffer_free(&out);
}

CASE(writes_what_it_read) {
    check_written("https://api.ngrok.com", "https://api.ngrok.com");
    check_written("http://localhost:4040/api/v2", "http://localhost:4040/api/v2");
    check_written("HTTPS://API.ngrok.com/Path/", "https://api.ngrok.com/Path");
}

CASE(writes_no_port_that_the_scheme_implies) {
    check_written("https://api.ngrok.com:443", "https://api.ngrok.com");
    check_written("http://localhost:80", "http://localhost");
    check_written("http://localhost:443", "http://localhost:443");
    check_written("https://localhost:80", "https://localhost:80");
}

CASE(writes_an_ipv6_address_in_brackets) {
    check_written("http://[::1]", "http://[::1]");
    check_written("https://[2001:db8::1]:8443/a", "https://[2001:db8::1]:8443/a");
}

CASE(writes_behind_what_is_there) {
    ngrok_buffer out = {0};
    CHECK(ngrok_buffer_append_string(&out, "GET "));
    CHECK(accepts("https://api.ngrok.com"));
    CHECK(ngrok_url_write(&parsed, &out));
    CHECK_TEXT(out.bytes, "GET https://api.ngrok.com");
    ngrok_buffer_free(&out);
}

/* --- ids ------------------------------------------------------------------------------------- */

static bool is_id(const char *text, size_t length) {
    char *copy = check_copy(text, length);
    bool is = ngrok_url_is_id(copy, length);
    free(copy);
    return is;
}

CASE(accepts_ids) {
    CHECK(is_id(CHECK_BYTES("cr_1vK3Vl8rk2yJ6tBCTLj3nGj4Qxg")));
    CHECK(is_id(CHECK_BYTES("a")));
    CHECK(is_id(CHECK_BYTES("-_09azAZ")));
}

CASE(refuses_an_empty_id) {
    CHECK(!is_id("", 0));
}

CASE(refuses_an_id_that_leaves_its_path) {
    CHECK(!is_id(CHECK_BYTES("../api_keys?x=1")));
    CHECK(!is_id(CHECK_BYTES("..")));
    CHECK(!is_id(CHECK_BYTES(".")));
    CHECK(!is_id(CHECK_BYTES("cr_1/x")));
    CHECK(!is_id(CHECK_BYTES("cr_1?x=1")));
    CHECK(!is_id(CHECK_BYTES("cr_1#x")));
    CHECK(!is_id(CHECK_BYTES("cr_1;x")));
    CHECK(!is_id(CHECK_BYTES("cr_1\\x")));
}

CASE(refuses_an_id_with_a_percent_sign) {
    CHECK(!is_id(CHECK_BYTES("%2e")));
    CHECK(!is_id(CHECK_BYTES("cr_%2e%2e")));
}

CASE(refuses_an_id_with_space_newline_or_nul) {
    CHECK(!is_id(CHECK_BYTES("cr_1 ")));
    CHECK(!is_id(CHECK_BYTES("cr_1\n")));
    CHECK(!is_id(CHECK_BYTES("\ncr_1")));
    CHECK(!is_id(CHECK_BYTES("cr_1\r\nX: y")));
    CHECK(!is_id(CHECK_BYTES("cr_1\0")));
    CHECK(!is_id(CHECK_BYTES("\0")));
}

CASE(refuses_an_id_outside_ascii) {
    CHECK(!is_id(CHECK_BYTES("cr_\xC3\xA4")));
    CHECK(!is_id(CHECK_BYTES("\xff")));
}

CASE(accepts_exactly_64_characters_in_ids) {
    int accepted = 0;
    for (int c = 0; c < 256; c++) {
        char text[1] = {(char)c};
        accepted += is_id(text, 1) ? 1 : 0;
    }
    CHECK_INTEGER(accepted, 26 + 26 + 10 + 2);
}

/* --- escaping -------------------------------------------------------------------------------- */

static void check_escaped(const char *text, size_t length, const char *expected) {
    ngrok_buffer out = {0};
    char *copy = check_copy(text, length);
    CHECK(ngrok_buffer_append_string(&out, "filter="));
    CHECK(ngrok_url_escape(&out, copy, length));
    CHECK_TEXT(out.bytes + strlen("filter="), expected);
    free(copy);
    ngrok_buffer_free(&out);
}

CASE(keeps_unreserved_characters) {
    check_escaped(CHECK_BYTES("abcXYZ019-._~"), "abcXYZ019-._~");
}

CASE(escapes_all_other_characters) {
    check_escaped(CHECK_BYTES("obj.id == \"a&b\""), "obj.id%20%3D%3D%20%22a%26b%22");
    check_escaped(CHECK_BYTES("/?#%+=:@!*'();,[]"),
                  "%2F%3F%23%25%2B%3D%3A%40%21%2A%27%28%29%3B%2C%5B%5D");
    check_escaped(CHECK_BYTES("\xC3\xA4\xff"), "%C3%A4%FF");
    check_escaped(CHECK_BYTES("\r\n\0"), "%0D%0A%00");
}

CASE(escapes_nothing_to_nothing) {
    check_escaped("", 0, "");
}

/* --- the next page --------------------------------------------------------------------------- */

static char page_query[300];

/* The query that is found, for a list at /credentials below `base`, or NULL when refused. */
static const char *query_of_bytes(const char *base, const char *next, size_t length) {
    ngrok_url url;
    CHECK_TEXT(ngrok_url_parse(&url, base, strlen(base)), NULL);
    char *copy = check_copy(next, length);
    const char *query = NULL;
    size_t query_length = 0;
    const char *problem =
        ngrok_url_page_query(&url, "/credentials", copy, length, &query, &query_length);
    bool found = problem == NULL && query_length < sizeof page_query;
    if (found) {
        CHECK(query >= copy && query + query_length <= copy + length);
        memcpy(page_query, query, query_length);
        page_query[query_length] = '\0';
    }
    free(copy);
    return found ? page_query : NULL;
}

static const char *query_of(const char *base, const char *next) {
    return query_of_bytes(base, next, strlen(next));
}

static const char api[] = "https://api.ngrok.com";
static const char proxy[] = "http://localhost:8080/ngrok";

CASE(finds_the_query_of_a_page) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?before_id=cr_1&limit=10"),
               "before_id=cr_1&limit=10");
    CHECK_TEXT(query_of(api, "https://api.ngrok.com:443/credentials?x"), "x");
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?a=b?c/d@e:f"), "a=b?c/d@e:f");
}

CASE(ignores_case_in_a_pages_scheme_and_host_only) {
    CHECK_TEXT(query_of(api, "HTTPS://API.NGROK.COM/credentials?X=y"), "X=y");
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/Credentials?x=y"), NULL);
}

CASE(takes_a_page_on_the_api_with_another_base_url) {
    CHECK_TEXT(query_of(proxy, "https://api.ngrok.com/credentials?x=1"), "x=1");
}

CASE(takes_a_page_on_the_base_url_with_a_path) {
    CHECK_TEXT(query_of(proxy, "http://localhost:8080/ngrok/credentials?x=1"), "x=1");
    CHECK_TEXT(query_of(proxy, "http://localhost:8080/credentials?x=1"), "x=1");
}

CASE(refuses_a_page_on_another_host) {
    CHECK_TEXT(query_of(api, "https://evil.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://ngrok.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(proxy, "http://127.0.0.1:8080/credentials?x=1"), NULL);
}

CASE(refuses_a_page_on_a_host_that_only_begins_or_ends_as_the_api) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com.evil.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://evilapi.ngrok.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://x.api.ngrok.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com./credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.co/credentials?x=1"), NULL);
}

CASE(refuses_a_page_on_another_port) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com:8443/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com:80/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(proxy, "http://localhost/credentials?x=1"), NULL);
}

CASE(refuses_a_page_on_another_scheme) {
    CHECK_TEXT(query_of(api, "http://api.ngrok.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "http://api.ngrok.com:443/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(proxy, "https://localhost:8080/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "ftp://api.ngrok.com/credentials?x=1"), NULL);
}

CASE(refuses_a_page_with_user_info) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com@evil.com/credentials?x"), NULL);
    CHECK_TEXT(query_of(api, "https://evil.com@api.ngrok.com/credentials?x"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com:443@evil.com/credentials?x"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com\\@evil.com/credentials?x"), NULL);
}

CASE(refuses_a_page_whose_host_hides_in_its_path_query_or_fragment) {
    CHECK_TEXT(query_of(api, "https://evil.com/https://api.ngrok.com/credentials?x"), NULL);
    CHECK_TEXT(query_of(api, "https://evil.com?https://api.ngrok.com/credentials?x"), NULL);
    CHECK_TEXT(query_of(api, "https://evil.com#api.ngrok.com/credentials?x"), NULL);
}

CASE(refuses_a_page_on_another_path) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/api_keys?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials/cr_1?x=1"), NULL);
}

CASE(refuses_a_path_that_only_resembles_the_lists) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentialsx?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/ssh_credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials/../api_keys?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/%63redentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/x%2fcredentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/api_keys?/credentials?x=1"), NULL);
}

CASE(refuses_a_page_without_a_query) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?"), NULL);
}

CASE(refuses_a_page_with_a_fragment) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?x=1#y"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?x=1#"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials#?x=1"), NULL);
}

CASE(refuses_a_page_that_is_no_absolute_url) {
    CHECK_TEXT(query_of(api, ""), NULL);
    CHECK_TEXT(query_of(api, "/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "//api.ngrok.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of(api, "?x=1"), NULL);
}

CASE(refuses_a_page_with_odd_characters) {
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?x=1\r\nX-Evil: 1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?x=1 HTTP/1.1"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?x=\x7f"), NULL);
    CHECK_TEXT(query_of(api, "https://api.ngrok.com/credentials?x=\xC3\xA4"), NULL);
    CHECK_TEXT(query_of(api, "\thttps://api.ngrok.com/credentials?x=1"), NULL);
    CHECK_TEXT(query_of_bytes(api, CHECK_BYTES("https://api.ngrok.com\0.evil.com/credentials?x=1")),
               NULL);
    CHECK_TEXT(query_of_bytes(api, CHECK_BYTES("https://api.ngrok.com/credentials?x\0y")), NULL);
}
