/* luaopen_ngrok_curl: makes transports by libcurl for the core. */

#include "base/compat.h"
#include "base/descriptors.h"
#include "curl/ca.h"
#include "curl/multi.h"
#include "curl/transport.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *text_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    const char *text = lua_tostring(L, -1);
    lua_pop(L, 1); /* the table keeps it */
    return text;
}

static double number_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    double number = (double)lua_tonumber(L, -1);
    lua_pop(L, 1);
    return number;
}

static bool boolean_field(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    bool truth = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return truth;
}

/* No connection takes an hour, which every long can hold in milliseconds. */
static const double longest_connect_timeout = 3600;

/* Read before anything is allocated: Lua's functions may raise. */
static ngrok_settings_given read_given(lua_State *L) {
    return (ngrok_settings_given){
        .base = text_field(L, "base_url"),
        .key = text_field(L, "api_key"),
        .user_agent = text_field(L, "user_agent"),
        .ca_file = text_field(L, "ca_file"),
        .proxy = text_field(L, "proxy"),
        .https = boolean_field(L, "https"),
        .direct = boolean_field(L, "direct"),
        .connect_timeout_ms =
            (long)ceil(fmin(number_field(L, "connect_timeout"), longest_connect_timeout) * 1e3),
        .max_response_bytes = (size_t)number_field(L, "max_response_bytes"),
        .max_connections = (long)number_field(L, "max_in_flight"),
    };
}

static int fail(lua_State *L, const char *message) {
    lua_pushnil(L);
    lua_pushstring(L, message);
    return 2;
}

/* Memory or descriptors ran out; errno says which. */
static int fail_starved(lua_State *L) {
    if (!ngrok_descriptors_are_used_up(errno)) {
        return fail(L, "out of memory");
    }
    (void)fail(L, ngrok_descriptors_starvation);
    lua_pushboolean(L, 1);
    return 3;
}

/* Whether the CA certificates can be used that are named, or needed and found. */
static bool check_ca(ngrok_settings_given *given, char *problem, size_t size) {
    if (given->ca_file == NULL) {
        return !given->https || ngrok_ca_find(&given->ca_file, problem, size);
    }
    if (!ngrok_ca_is_readable(given->ca_file)) {
        /* NOLINTNEXTLINE(concurrency-mt-unsafe): strerror_r differs from libc to libc */
        const char *reason = strerror(errno);
        (void)snprintf(problem, size, "cannot read ca_file %.256s: %s", given->ca_file, reason);
        return false;
    }
    errno = 0;
    if (!ngrok_ca_has_certificate(given->ca_file)) {
        (void)snprintf(problem, size, "ca_file %.256s has no certificate in PEM format",
                       given->ca_file);
        return false;
    }
    return true;
}

/* curl.new(settings) -> transport | nil, message, starved: whether no descriptor was left, or too
 * few for the transport's first connection. The settings come checked from the Lua layer. */
static int curl_new(lua_State *L) {
    char problem[512];
    luaL_checktype(L, 1, LUA_TTABLE);
    ngrok_settings_given given = read_given(L);
    if (given.base == NULL || given.key == NULL || given.user_agent == NULL) {
        return luaL_error(L, "ngrok.curl.new: base_url, api_key and user_agent must be strings");
    }
    errno = 0;
    if (!check_ca(&given, problem, sizeof problem)) {
        return ngrok_descriptors_are_used_up(errno) ? fail_starved(L) : fail(L, problem);
    }
    ngrok_transport_box *box = compat_newuserdata(L, sizeof *box);
    *box = (ngrok_transport_box){.size = NGROK_TRANSPORT_SIZE, .class = &ngrok_curl_transport};
    compat_setmetatable(L, NGROK_TRANSPORT_METATABLE);
    CURLcode why;
    box->self = ngrok_multi_new(&given, &why);
    if (box->self == NULL && why == CURLE_OUT_OF_MEMORY) {
        return fail_starved(L);
    }
    if (box->self == NULL) {
        (void)snprintf(problem, sizeof problem, "libcurl %s rejects a setting: %s",
                       curl_version_info(CURLVERSION_NOW)->version, curl_easy_strerror(why));
        return fail(L, problem);
    }
    lua_pushnil(L);
    lua_pushboolean(L, ngrok_descriptors_are_short());
    return 3;
}

/* curl.ca_file() -> the file or folder of CA certificates that is used by default | nil, what was
 * tried. */
static int curl_ca_file(lua_State *L) {
    char problem[512];
    const char *found = NULL;
    if (!ngrok_ca_find(&found, problem, sizeof problem)) {
        return fail(L, problem);
    }
    lua_pushstring(L, ngrok_ca_in_use(found));
    return 1;
}

/* curl.libraries() -> the versions of libcurl and of the libraries that it uses. A function, not a
 * field: where libcurl has LDAP, curl_version makes OpenLDAP load the plugins of SASL. */
static int curl_libraries(lua_State *L) {
    lua_pushstring(L, curl_version());
    return 1;
}

static int transport_gc(lua_State *L) {
    ngrok_transport_box *box = lua_touserdata(L, 1);
    if (box->self != NULL) {
        box->class->destroy(box->self);
        box->self = NULL;
    }
    return 0;
}

static const luaL_Reg transport_metamethods[] = {
    {"__gc", transport_gc},
    {NULL, NULL},
};

static const luaL_Reg functions[] = {
    {"new", curl_new},
    {"ca_file", curl_ca_file},
    {"libraries", curl_libraries},
    {NULL, NULL},
};

NGROK_EXPORT int luaopen_ngrok_curl(lua_State *L);

NGROK_EXPORT int luaopen_ngrok_curl(lua_State *L) {
    /* Counted by libcurl. Never undone: the host may use libcurl too. */
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return luaL_error(L, "libcurl could not be initialised");
    }
    compat_newmetatable(L, NGROK_TRANSPORT_METATABLE, transport_metamethods);
    lua_pop(L, 1);
    lua_newtable(L);
    compat_setfuncs(L, functions);
    lua_pushstring(L, curl_version_info(CURLVERSION_NOW)->ssl_version); /* nil where it is NULL */
    lua_setfield(L, -2, "tls");
    return 1;
}
