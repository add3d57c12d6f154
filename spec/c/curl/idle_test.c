/* socket and close are POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* Idle connections, on real ones: which of them have input when they are taken. */
#include "curl/idle.h"

#include "check.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct connection {
    int near, far, port; /* this end's */
} connection;

static int listener;
static connection one, other;
static ngrok_descriptors sockets;

static struct sockaddr_in name_of(int descriptor) {
    struct sockaddr_in name = {0};
    socklen_t length = sizeof name;
    CHECK_INTEGER(getsockname(descriptor, (struct sockaddr *)&name, &length), 0);
    return name;
}

static connection make_idle(void) {
    struct sockaddr_in server = name_of(listener);
    connection made = {.near = socket(AF_INET, SOCK_STREAM, 0)};
    CHECK_INTEGER(connect(made.near, (struct sockaddr *)&server, sizeof server), 0);
    made.far = accept(listener, NULL, NULL);
    made.port = ntohs(name_of(made.near).sin_port);
    CHECK(ngrok_descriptors_add(&sockets, made.near));
    ngrok_idle_begin(&sockets, made.near, made.port);
    return made;
}

static void begin(void) {
    struct sockaddr_in any = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sockets = (ngrok_descriptors){0};
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INTEGER(bind(listener, (struct sockaddr *)&any, sizeof any), 0);
    CHECK_INTEGER(listen(listener, 2), 0);
    one = make_idle();
    other = make_idle();
}

static void end(void) {
    const int all[] = {one.near, one.far, other.near, other.far, listener};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        (void)close(all[i]);
    }
    ngrok_descriptors_free(&sockets);
}

/* On loopback what is written has come. */
static void say(const connection *from) {
    CHECK(write(from->far, "x", 1) == 1);
}

CASE(finds_the_one_that_has_input_once) {
    begin();
    say(&one);
    CHECK(!ngrok_idle_end(&sockets, other.port));
    CHECK(ngrok_idle_end(&sockets, one.port));
    CHECK(!ngrok_idle_end(&sockets, one.port)); /* it is not idle any more */
    end();
}

CASE(knows_no_port_that_none_has) {
    begin();
    const int ports[] = {0, -1, 65536};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        CHECK(!ngrok_idle_end(&sockets, ports[i]));
    }
    end();
}

CASE(a_connection_that_ended_has_no_input) {
    begin();
    (void)close(one.far);
    one.far = -1;
    CHECK(!ngrok_idle_end(&sockets, one.port));
    end();
}

CASE(another_descriptor_with_the_number_is_not_asked) {
    begin();
    say(&other);
    CHECK_INTEGER(dup2(other.near, one.near), one.near);
    CHECK(!ngrok_idle_end(&sockets, one.port));
    end();
}

CASE(a_socket_that_was_closed_is_not_asked) {
    begin();
    say(&one);
    ngrok_descriptors_remove(&sockets, one.near);
    CHECK(!ngrok_idle_end(&sockets, one.port));
    end();
}
