/* Where CA certificates are looked for, how servers and proxies are named in messages, and that no
 * copy of the key is left behind. */
#include "curl/ca.h"
#include "curl/settings.h"

#include "check.h"
#include "freed.h"

#include <unistd.h>

/* Stands before the C library's: a system that keeps its CA certificates where the case wants. */
static const char *readable;
static char tried[4096];

int access(const char *path, int mode) {
    (void)mode;
    size_t used = strlen(tried);
    (void)snprintf(tried + used, sizeof tried - used, "%s\n", path);
    return readable != NULL && strcmp(path, readable) == 0 ? 0 : -1;
}

static bool find(const char *where, const char **found, char *problem, size_t size) {
    readable = where;
    tried[0] = '\0';
    *found = NULL;
    problem[0] = '\0';
    return ngrok_ca_find(found, problem, size);
}

static const char *own_file(void) {
    return curl_version_info(CURLVERSION_NOW)->cainfo;
}

CASE(leaves_it_to_curl_where_its_own_file_is) {
    if (own_file() != NULL) {
        char problem[512];
        const char *found;
        CHECK(find(own_file(), &found, problem, sizeof problem));
        CHECK(found == NULL);
    }
}

CASE(finds_it_where_other_systems_keep_it) {
    static const char *const places[] = {
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
        "/usr/local/share/certs/ca-root-nss.crt",
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char problem[512];
        const char *found;
        check_about("%s", places[i]);
        CHECK(find(places[i], &found, problem, sizeof problem));
        if (own_file() == NULL || strcmp(own_file(), places[i]) != 0) {
            CHECK_TEXT(found, places[i]);
        }
    }
}

CASE(names_all_paths_tried_when_no_file_is_found) {
    char problem[512];
    const char *found;
    CHECK(!find(NULL, &found, problem, sizeof problem));
    CHECK(found == NULL);
    CHECK(strstr(problem, "no CA bundle found") == problem);
    CHECK(strstr(problem, "ca_file") != NULL);
    for (char *path = strtok(tried, "\n"); path != NULL; path = strtok(NULL, "\n")) {
        check_about("%s", path);
        bool is_folder = strstr(path, ".crt") == NULL && strstr(path, ".pem") == NULL;
        CHECK(is_folder || strstr(problem, path) != NULL);
    }
}

CASE(never_writes_past_its_end) {
    for (size_t size = 1; size < 300; size++) {
        char *problem = calloc(size, 1);
        const char *found;
        if (CHECK(problem != NULL)) {
            CHECK(!find(NULL, &found, problem, size));
            CHECK(strlen(problem) < size);
        }
        free(problem);
    }
}

static void names(const char *base, bool https, const char *proxy, const char *server,
                  const char *proxy_server) {
    ngrok_settings settings = {0};
    ngrok_settings_given given = {
        .base = base, .key = "k", .user_agent = "u", .proxy = proxy, .https = https};
    check_about("%s %s", base, proxy != NULL ? proxy : "");
    CHECK(ngrok_settings_set(&settings, &given));
    CHECK_TEXT(settings.server, server);
    CHECK_TEXT(settings.proxy_server, proxy_server);
    ngrok_settings_free(&settings);
}

CASE(names_a_server_with_its_port) {
    names("https://api.ngrok.com", true, NULL, "api.ngrok.com:443", NULL);
    names("http://localhost/v1", false, NULL, "localhost:80", NULL);
    names("https://h:8443/a@b:9", true, NULL, "h:8443", NULL);
    names("https://[::1]/", true, NULL, "[::1]:443", NULL);
    names("https://[fe80::1]:99", true, NULL, "[fe80::1]:99", NULL);
}

CASE(names_a_proxy_without_what_could_be_a_password) {
    names("https://a", true, "p:3128", "a:443", "p:3128");
    names("https://a", true, "http://p", "a:443", "p");
    names("https://a", true, "http://us:pw@p:1/", "a:443", "p:1");
    names("https://a", true, "us:pw@p:1", "a:443", "p:1");
    names("https://a", true, "socks5h://us:p@w@[::1]:1080", "a:443", "[::1]:1080");
    names("https://a", true, "http://us:p/w?#@p:1", "a:443", "p:1");
    names("https://a", true, "us:pw@", "a:443", "");
}

CASE(tells_kinds_of_proxies) {
    static const struct {
        const char *proxy;
        bool https, socks;
    } proxies[] = {
        {"p:1", false, false},          {"http://p", false, false},   {"https://p", true, false},
        {"HTTPS://p", true, false},     {"socks4a://p", false, true}, {"socks5h://p", false, true},
        {"httpsproxy:1", false, false},
    };
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) {
        ngrok_settings settings = {0};
        ngrok_settings_given given = {.base = "https://a",
                                      .key = "k",
                                      .user_agent = "u",
                                      .proxy = proxies[i].proxy,
                                      .https = true};
        check_about("%s", proxies[i].proxy);
        CHECK(ngrok_settings_set(&settings, &given));
        CHECK_INTEGER(settings.proxy_https, proxies[i].https);
        CHECK_INTEGER(settings.proxy_socks, proxies[i].socks);
        ngrok_settings_free(&settings);
    }
}

CASE(tells_which_certificates_it_goes_by) {
    ngrok_settings settings = {.ca_file = "/somewhere/ca.pem"};
    CHECK_TEXT(ngrok_ca_in_use(settings.ca_file), "/somewhere/ca.pem");
    settings.ca_file = NULL;
    CHECK(ngrok_ca_in_use(settings.ca_file)[0] != '\0');
    if (own_file() != NULL) {
        CHECK_TEXT(ngrok_ca_in_use(settings.ca_file), own_file());
    }
}

/* Stands before libcurl's, which only frees: what is left in the lines of a list by then. */
static size_t freed_lines, freed_bytes;

void curl_slist_free_all(struct curl_slist *list) {
    while (list != NULL) {
        struct curl_slist *next = list->next;
        freed_lines++;
        freed_bytes += strlen(list->data);
        free(list->data);
        free(list);
        list = next;
    }
}

CASE(overwrites_its_headers) {
    ngrok_settings settings = {0};
    ngrok_settings_given given = {.base = "https://a", .key = "FIRST_SECOND", .user_agent = "u"};
    CHECK(ngrok_settings_set(&settings, &given));
    CHECK_TEXT(settings.headers->data, "Authorization: Bearer FIRST_SECOND");
    CHECK_TEXT(settings.headers_with_body->data, "Authorization: Bearer FIRST_SECOND");
    freed_lines = freed_bytes = 0;
    ngrok_settings_free(&settings);
    CHECK_INTEGER(freed_lines, 6);
    CHECK_INTEGER(freed_bytes, 0);
    CHECK(settings.headers == NULL && settings.headers_with_body == NULL);
}

#ifdef __linux__
/* A proxy's URL may have a password, and a base URL whatever its path has. */
CASE(overwrites_its_texts) {
    char text[200];
    memset(text, '#', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ngrok_settings settings = {0};
    ngrok_settings_given given = {
        .base = text, .key = "k", .user_agent = text, .ca_file = text, .proxy = text};
    CHECK(ngrok_settings_set(&settings, &given));
    const char *const copies[] = {settings.base,  settings.user_agent, settings.ca_file,
                                  settings.proxy, settings.server,     settings.proxy_server};
    uintptr_t addresses[sizeof copies / sizeof *copies];
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
        addresses[i] = (uintptr_t)copies[i] + freed_notes;
    }
    ngrok_settings_free(&settings);
    for (size_t i = 0; i < sizeof copies / sizeof *copies; i++) {
        check_about("copy %zu", i);
        CHECK_INTEGER(freed_bytes_at(addresses[i], 100, '#'), 0);
    }
}
#endif
