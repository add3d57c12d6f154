/* access is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

#include "curl/ca.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool ngrok_ca_is_readable(const char *path) {
    return path != NULL && access(path, R_OK) == 0;
}

/* PEM (RFC 7468), and OpenSSL's own label for one with trust settings. */
static bool is_begin_of_certificate(const char *line) {
    return strncmp(line, "-----BEGIN CERTIFICATE-----", 27) == 0 ||
           strncmp(line, "-----BEGIN X509 CERTIFICATE-----", 32) == 0 ||
           strncmp(line, "-----BEGIN TRUSTED CERTIFICATE-----", 35) == 0;
}

bool ngrok_ca_has_certificate(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return false;
    }
    char line[128];
    bool found = false;
    while (!found && fgets(line, sizeof line, file) != NULL) {
        found = is_begin_of_certificate(line);
    }
    (void)fclose(file);
    return found;
}

/* Where systems keep their CA bundle: Debian and Alpine, Fedora, openSUSE, macOS and OpenBSD,
 * FreeBSD. */
static const char *const ca_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
};

/* As much of it as there is room for. */
static void append(char *text, size_t size, const char *more) {
    size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s", more);
}

bool ngrok_ca_find(const char **found, char *problem, size_t size) {
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    const char *built_in = info->cainfo, *built_in_folder = info->capath;
    bool uses_system =
        info->ssl_version != NULL && (strstr(info->ssl_version, "Schannel") != NULL ||
                                      strstr(info->ssl_version, "SecureTransport") != NULL);
    if (uses_system || ngrok_ca_is_readable(built_in)) {
        return true;
    }
    for (size_t i = 0; i < sizeof ca_files / sizeof *ca_files; i++) {
        if (ngrok_ca_is_readable(ca_files[i])) {
            *found = ca_files[i];
            return true;
        }
    }
    if (ngrok_ca_is_readable(built_in_folder)) {
        return true;
    }
    (void)snprintf(problem, size, "no CA bundle found; tried %s",
                   built_in != NULL ? built_in : "libcurl's own");
    for (size_t i = 0; i < sizeof ca_files / sizeof *ca_files; i++) {
        append(problem, size, ", ");
        append(problem, size, ca_files[i]);
    }
    append(problem, size, "; install ca-certificates or name a bundle with ca_file");
    return false;
}

const char *ngrok_ca_in_use(const char *ca_file) {
    if (ca_file != NULL) {
        return ca_file;
    }
    const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);
    return info->cainfo != NULL   ? info->cainfo
           : info->capath != NULL ? info->capath
                                  : "the system's";
}
