/* Goes in LD_PRELOAD: a getaddrinfo as that of a slow name server, for specs.
 *
 * With SPEC_LOOKUPS=FOLDER, a look-up of a name under "slow.example" adds a byte to FOLDER/begun
 * and waits until there is a file FOLDER/go, for half a minute at most. It then finds 127.0.0.1,
 * and adds a byte to FOLDER/ended. All else is looked up as ever. */
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef int lookup(const char *, const char *, const struct addrinfo *, struct addrinfo **);

enum { path_max = 512, most_rounds = 6000 };

static void add_byte(const char *folder, const char *name) {
    char path[path_max];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file >= 0) {
        (void)!write(file, ".", 1);
        (void)close(file);
    }
}

static void wait_for(const char *folder, const char *name) {
    static const struct timespec round = {.tv_nsec = 5 * 1000 * 1000};
    char path[path_max];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    for (int rounds = 0; rounds < most_rounds && access(path, F_OK) != 0; rounds++) {
        (void)nanosleep(&round, NULL);
    }
}

static bool is_slow(const char *node) {
    static const char end[] = "slow.example";
    size_t length = node != NULL ? strlen(node) : 0;
    return length >= sizeof end - 1 && strcmp(node + length - (sizeof end - 1), end) == 0;
}

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict node,
                                                       const char *restrict service,
                                                       const struct addrinfo *restrict hints,
                                                       struct addrinfo **restrict result) {
    lookup *real = NULL;
    /* C has no cast from an object's pointer to a function's. */
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    const char *folder = getenv("SPEC_LOOKUPS");
    if (folder == NULL || !is_slow(node)) {
        return real(node, service, hints, result);
    }
    add_byte(folder, "begun");
    wait_for(folder, "go");
    int code = real("127.0.0.1", service, hints, result);
    add_byte(folder, "ended");
    return code;
}
