/* The certificates of authorities that servers are checked against. Strings that are returned are
 * static, libcurl's or the caller's own. */
#ifndef NGROK_CA_H
#define NGROK_CA_H

#include <stdbool.h>
#include <stddef.h>

/* libcurl's own bundle where it exists (*found stays as it was), else the first of the usual
 * places. False when there is none: `problem` then names the paths tried. */
bool ngrok_ca_find(const char **found, char *problem, size_t size);

/* The file or folder that libcurl uses, for messages; `ca_file` is what it was given, or NULL. */
const char *ngrok_ca_in_use(const char *ca_file);

bool ngrok_ca_is_readable(const char *path);

/* Whether a line of the file begins a certificate. GnuTLS would accept a file without one, and then
 * refuse every server. */
bool ngrok_ca_has_certificate(const char *path);

#endif
