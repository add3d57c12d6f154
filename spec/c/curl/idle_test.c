/* socket and close are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* Idle connections, on real ones: which one is asked whether it has said something, and how often.
 */
#include "curl/idle.h"

#include "check.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { many = 40 };

typedef struct connection {
    int near, far, port; /* this end's */
} connection;

static int listener, asked;
static connection all[many];
static ngrok_descriptors sockets;

/* The linker's names. NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */
ssize_t __real_recv(int descriptor, void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int descriptor, void *bytes, size_t size, int flags);
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp) */

ssize_t __wrap_recv(int descriptor, void *bytes, size_t size, int flags) {
    asked++;
    return __real_recv(descriptor, bytes, size, flags);
}

static struct sockaddr_in name_of(int descriptor) {
    struct sockaddr_in name = {0};
    socklen_t length = sizeof name;
    CHECK_INTEGER(getsockname(descriptor, (struct sockaddr *)&name, &length), 0);
    return name;
}

static connection connect_one(void) {
    struct sockaddr_in server = name_of(listener);
    connection made = {.near = socket(AF_INET, SOCK_STREAM, 0)};
    CHECK_INTEGER(connect(made.near, (struct sockaddr *)&server, sizeof server), 0);
    made.far = accept(listener, NULL, NULL);
    made.port = ntohs(name_of(made.near).sin_port);
    return made;
}

static void begin(void) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sockets = (ngrok_descriptors){0};
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INTEGER(bind(listener, (struct sockaddr *)&any, sizeof any), 0);
    CHECK_INTEGER(listen(listener, many), 0);
    for (int i = 0; i < many; i++) {
        all[i] = connect_one();
        CHECK(ngrok_descriptors_add(&sockets, all[i].near));
        ngrok_idle_begin(&sockets, all[i].near, all[i].port);
    }
    asked = 0;
}

static void end(void) {
    for (int i = 0; i < many; i++) {
        (void)close(all[i].near);
        (void)close(all[i].far);
    }
    (void)close(listener);
    ngrok_descriptors_free(&sockets);
}

/* On loopback what is written has come. */
static void say(const connection *one) {
    CHECK(write(one->far, "x", 1) == 1);
}

CASE(asks_only_the_one_that_is_taken) {
    begin();
    for (int i = 0; i < many; i++) {
        asked = 0;
        CHECK(!ngrok_idle_end(&sockets, all[i].port));
        CHECK(asked <= 1);
    }
    end();
}

CASE(finds_the_one_that_has_said_something) {
    begin();
    say(&all[1]);
    CHECK(!ngrok_idle_end(&sockets, all[0].port));
    CHECK(ngrok_idle_end(&sockets, all[1].port));
    end();
}

CASE(asks_nobody_about_a_connection_that_is_not_idle) {
    begin();
    say(&all[0]);
    CHECK(ngrok_idle_end(&sockets, all[0].port));
    asked = 0;
    CHECK(!ngrok_idle_end(&sockets, all[0].port));
    CHECK(!ngrok_idle_end(&sockets, 0));
    CHECK(!ngrok_idle_end(&sockets, -1));
    CHECK(!ngrok_idle_end(&sockets, 65536));
    CHECK_INTEGER(asked, 0);
    end();
}

CASE(a_connection_that_ended_has_said_nothing) {
    begin();
    (void)close(all[0].far);
    all[0].far = -1;
    CHECK(!ngrok_idle_end(&sockets, all[0].port));
    end();
}

CASE(another_descriptor_with_the_number_is_not_asked) {
    begin();
    say(&all[1]);
    CHECK_INTEGER(dup2(all[1].near, all[0].near), all[0].near);
    CHECK(!ngrok_idle_end(&sockets, all[0].port));
    end();
}

CASE(a_socket_that_was_closed_is_not_asked) {
    begin();
    say(&all[0]);
    ngrok_descriptors_remove(&sockets, all[0].near);
    asked = 0;
    CHECK(!ngrok_idle_end(&sockets, all[0].port));
    CHECK_INTEGER(asked, 0);
    end();
}
