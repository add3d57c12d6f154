/* dup is POSIX, not C11. */
#define _POSIX_C_SOURCE 200809L

/* Real sockets, connected by loopback, and what their poller sees. */
#include "curl/sockets.h"

#include "check.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { R = NGROK_POLLER_READ, W = NGROK_POLLER_WRITE };
static const double patience = 10;

static ngrok_sockets sockets;
static int listener;

static struct sockaddr_in address_of(int descriptor) {
    struct sockaddr_in address = {0};
    socklen_t length = sizeof address;
    CHECK(getsockname(descriptor, (struct sockaddr *)&address, &length) == 0);
    return address;
}

static void begin(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    sockets = (ngrok_sockets){.poller = ngrok_poller_new()};
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(sockets.poller != NULL && listener >= 0);
    CHECK(bind(listener, (struct sockaddr *)&address, sizeof address) == 0);
    CHECK(listen(listener, 8) == 0);
}

static void end(void) {
    ngrok_descriptors_free(&sockets.open);
    ngrok_poller_free(sockets.poller);
    (void)close(listener);
}

/* A connected socket of ours, and its other end. */
static int connect_one(int *other) {
    struct sockaddr_in address = address_of(listener);
    struct curl_sockaddr family = {.family = AF_INET, .socktype = SOCK_STREAM};
    int made = ngrok_sockets_open(&sockets, &family);
    CHECK(made >= 0);
    CHECK(connect(made, (struct sockaddr *)&address, sizeof address) == 0);
    *other = accept(listener, NULL, NULL);
    CHECK(*other >= 0);
    return made;
}

static void send_byte(int descriptor) {
    CHECK(write(descriptor, "x", 1) == 1);
}

static int count_events(double seconds) {
    ngrok_poller_event events[4];
    return ngrok_poller_wait(sockets.poller, seconds, events, 4);
}

CASE(goes_on_watching_a_socket_that_is_taken_back_until_it_has_an_event) {
    begin();
    int other, number = connect_one(&other);
    CHECK(ngrok_sockets_watch(&sockets, number, R));
    CHECK(ngrok_sockets_watch(&sockets, number, 0));
    send_byte(other);
    CHECK_INTEGER(count_events(patience), 1);
    CHECK(!ngrok_sockets_expects_event(&sockets, number));
    CHECK_INTEGER(count_events(0), 0);
    CHECK(ngrok_sockets_watch(&sockets, number, R));
    CHECK_INTEGER(count_events(patience), 1);
    CHECK(ngrok_sockets_expects_event(&sockets, number));
    CHECK_INTEGER(ngrok_sockets_close(&sockets, number), 0);
    (void)close(other);
    end();
}

CASE(does_not_go_on_watching_for_writing) {
    begin();
    int other, number = connect_one(&other);
    CHECK(ngrok_sockets_watch(&sockets, number, R | W));
    CHECK_INTEGER(count_events(patience), 1);
    CHECK(ngrok_sockets_watch(&sockets, number, 0));
    CHECK_INTEGER(count_events(0), 0);
    CHECK_INTEGER(ngrok_sockets_close(&sockets, number), 0);
    (void)close(other);
    end();
}

CASE(watches_for_something_else_when_it_is_asked_to) {
    begin();
    int other, number = connect_one(&other);
    CHECK(ngrok_sockets_watch(&sockets, number, R));
    CHECK_INTEGER(count_events(0), 0);
    CHECK(ngrok_sockets_watch(&sockets, number, W));
    CHECK_INTEGER(count_events(patience), 1);
    CHECK(ngrok_sockets_watch(&sockets, number, R));
    CHECK_INTEGER(count_events(0), 0);
    CHECK_INTEGER(ngrok_sockets_close(&sockets, number), 0);
    (void)close(other);
    end();
}

/* As in a child process, which has a descriptor of the same connection. */
CASE(stops_watching_a_socket_that_is_closed_here_and_open_elsewhere) {
    begin();
    int other, number = connect_one(&other), elsewhere = dup(number);
    CHECK(ngrok_sockets_watch(&sockets, number, R));
    CHECK(ngrok_sockets_watch(&sockets, number, 0));
    CHECK_INTEGER(ngrok_sockets_close(&sockets, number), 0);
    CHECK(ngrok_sockets_find(&sockets, number) == NULL);
    send_byte(other);
    CHECK_INTEGER(count_events(0), 0);
    (void)close(elsewhere);
    (void)close(other);
    end();
}

CASE(finds_a_socket_by_its_port) {
    begin();
    int others[2], first = connect_one(&others[0]), second = connect_one(&others[1]);
    for (int round = 0; round < 2; round++) {
        CHECK_INTEGER(ngrok_sockets_from(&sockets, ntohs(address_of(second).sin_port))->number,
                      second);
        CHECK_INTEGER(ngrok_sockets_from(&sockets, ntohs(address_of(first).sin_port))->number,
                      first);
    }
    CHECK(ngrok_sockets_from(&sockets, ntohs(address_of(listener).sin_port)) == NULL);
    CHECK(ngrok_sockets_from(&sockets, 0) == NULL);
    CHECK_INTEGER(ngrok_sockets_close(&sockets, first), 0);
    CHECK(ngrok_sockets_from(&sockets, ntohs(address_of(others[0]).sin_port)) == NULL);
    CHECK_INTEGER(ngrok_sockets_close(&sockets, second), 0);
    (void)close(others[0]);
    (void)close(others[1]);
    end();
}

CASE(watches_descriptors_of_others_as_it_is_told) {
    begin();
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(ngrok_sockets_watch(&sockets, pair[0], R));
    send_byte(pair[1]);
    CHECK_INTEGER(count_events(patience), 1);
    CHECK(ngrok_sockets_expects_event(&sockets, pair[0]));
    CHECK(ngrok_sockets_watch(&sockets, pair[0], 0));
    CHECK_INTEGER(count_events(0), 0);
    (void)close(pair[0]);
    (void)close(pair[1]);
    end();
}
