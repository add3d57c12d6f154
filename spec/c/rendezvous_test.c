/* Who can meet at a rendezvous, and what it leaves behind. */
#define _POSIX_C_SOURCE 200809L

#include "rendezvous.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int connect_to(const ngrok_rendezvous *self) {
    int connection = socket(AF_UNIX, SOCK_STREAM, 0);
    const struct sockaddr *address = (const struct sockaddr *)&self->address;
    if (connect(connection, address, sizeof self->address) != 0) {
        (void)close(connection);
        return -1;
    }
    return connection;
}

/* The directory's name, which is forgotten with it. */
typedef struct place {
    char name[sizeof(((ngrok_rendezvous *)0)->directory)];
} place;

static place place_of(const ngrok_rendezvous *self) {
    place where;
    memcpy(where.name, self->directory, sizeof where.name);
    return where;
}

static bool exists(const place *where) {
    struct stat what;
    return stat(where->name, &what) == 0;
}

static void lets_a_process_meet_itself(void) {
    ngrok_rendezvous self;
    char byte = 0;
    CHECK(ngrok_rendezvous_open(&self, "/tmp"));
    place where = place_of(&self);
    int near = connect_to(&self);
    int far = ngrok_rendezvous_accept(&self);
    CHECK(near >= 0);
    CHECK(far >= 0);
    CHECK_INTEGER(write(far, "x", 1), 1);
    CHECK_INTEGER(read(near, &byte, 1), 1);
    CHECK_INTEGER(byte, 'x');
    CHECK_INTEGER(fcntl(far, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    CHECK_INTEGER(fcntl(far, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    CHECK(!exists(&where));
    (void)close(near);
    (void)close(far);
}

static void is_open_to_nobody_else(void) {
    ngrok_rendezvous self;
    struct stat what = {0};
    CHECK(ngrok_rendezvous_open(&self, "/tmp"));
    CHECK_INTEGER(stat(self.directory, &what), 0);
    CHECK_INTEGER(what.st_mode & 0777, 0700);
    CHECK_INTEGER(fcntl(self.listener, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    ngrok_rendezvous_close(&self);
}

static void waits_for_nobody(void) {
    ngrok_rendezvous self;
    CHECK(ngrok_rendezvous_open(&self, "/tmp"));
    place where = place_of(&self);
    CHECK_INTEGER(ngrok_rendezvous_accept(&self), -1);
    CHECK(!exists(&where));
    CHECK_INTEGER(ngrok_rendezvous_accept(&self), -1);
}

#if defined(__linux__) || defined(__APPLE__)
static void turns_another_process_away(void) {
    ngrok_rendezvous self;
    int status = -1;
    CHECK(ngrok_rendezvous_open(&self, "/tmp"));
    pid_t child = fork();
    if (child == 0) {
        _exit(connect_to(&self) >= 0 ? 0 : 1);
    }
    CHECK_INTEGER(waitpid(child, &status, 0), child);
    CHECK_INTEGER(status, 0);
    CHECK_INTEGER(ngrok_rendezvous_accept(&self), -1);
}
#endif

static void stays_where_a_child_closes_it(void) {
    ngrok_rendezvous self;
    int status = -1;
    CHECK(ngrok_rendezvous_open(&self, "/tmp"));
    place where = place_of(&self);
    pid_t child = fork();
    if (child == 0) {
        ngrok_rendezvous_close(&self);
        _exit(self.listener);
    }
    CHECK_INTEGER(waitpid(child, &status, 0), child);
    CHECK(exists(&where));
    ngrok_rendezvous_close(&self);
    ngrok_rendezvous_close(&self);
    CHECK(!exists(&where));
}

static void refuses(const char *below, int problem) {
    ngrok_rendezvous self;
    errno = 0;
    CHECK(!ngrok_rendezvous_open(&self, below));
    CHECK_INTEGER(errno, problem);
    CHECK_INTEGER(self.listener, -1);
}

static void says_why_there_is_none(void) {
    char name[200];
    memset(name, 'x', sizeof name);
    name[0] = '/';
    name[sizeof name - 1] = '\0';
    refuses("/dev/null", ENOTDIR);
    refuses(name, ENAMETOOLONG);
}

static const check_case cases[] = {
    CHECK_CASE(lets_a_process_meet_itself),
    CHECK_CASE(is_open_to_nobody_else),
    CHECK_CASE(waits_for_nobody),
#if defined(__linux__) || defined(__APPLE__)
    CHECK_CASE(turns_another_process_away),
#endif
    CHECK_CASE(stays_where_a_child_closes_it),
    CHECK_CASE(says_why_there_is_none),
};

int main(void) {
    return check_run(cases, sizeof cases / sizeof cases[0]);
}
