#include "lua/client.h"

#include "base/compat.h"

typedef struct client {
    ngrok_driver *driver; /* NULL until made; stays after close, which is the driver's to know */
} client;

ngrok_driver *ngrok_client_driver(lua_State *L, int index) {
    const client *self = luaL_checkudata(L, index, NGROK_CLIENT_METATABLE);
    if (self->driver == NULL) {
        luaL_error(L, "the client is closed");
    }
    return self->driver;
}

int client_close(lua_State *L) {
    const client *self = luaL_checkudata(L, 1, NGROK_CLIENT_METATABLE);
    if (self->driver != NULL) {
        ngrok_driver_close(self->driver);
    }
    return 0;
}

int client_gc(lua_State *L) {
    client *self = lua_touserdata(L, 1);
    if (self->driver != NULL) {
        ngrok_driver_close(self->driver);
        ngrok_driver_release(self->driver);
        self->driver = NULL;
    }
    return 0;
}

static const char *get_text(lua_State *L, const char *name, size_t *length) {
    lua_getfield(L, 1, name);
    const char *text = lua_tolstring(L, -1, length);
    lua_pop(L, 1); /* the table keeps it */
    if (text == NULL) {
        luaL_error(L, "core.client: %s must be a string", name);
    }
    return text;
}

static double get_number(lua_State *L, const char *name) {
    lua_getfield(L, 1, name);
    double number = luaL_checknumber(L, -1);
    lua_pop(L, 1);
    return number;
}

static void take_transport(lua_State *L, ngrok_driver *driver) {
    lua_getfield(L, 1, "transport");
    if (!lua_isnil(L, -1)) {
        ngrok_transport_box *box = luaL_checkudata(L, -1, NGROK_TRANSPORT_METATABLE);
        if (box->size != NGROK_TRANSPORT_SIZE || box->self == NULL) {
            luaL_error(L, "ngrok.core and ngrok.curl have different versions: reinstall ngrok-api");
        }
        ngrok_driver_attach(driver, box->class, box->self);
        box->self = NULL;
    }
    lua_pop(L, 1);
}

int core_client(lua_State *L) {
    luaL_checktype(L, 1, LUA_TTABLE);
    size_t key_length, base_length;
    const char *key = get_text(L, "api_key", &key_length);
    const char *base = get_text(L, "base_url", &base_length);
    unsigned max_in_flight = (unsigned)get_number(L, "max_in_flight");
    ngrok_limit limit = {
        .requests = (unsigned)get_number(L, "limit_requests"),
        .window = get_number(L, "limit_window"),
    };
    size_t max_response_bytes = (size_t)get_number(L, "max_response_bytes");
    client *self = compat_newuserdata(L, sizeof *self);
    self->driver = NULL;
    compat_setmetatable(L, NGROK_CLIENT_METATABLE);
    self->driver = ngrok_driver_new(key, key_length, max_in_flight, limit);
    if (self->driver == NULL) {
        return luaL_error(L, "not enough memory");
    }
    self->driver->max_response_bytes = max_response_bytes;
    lua_getfield(L, 1, "wait_scale");
    ngrok_engine_scale_waits(self->driver->engine, luaL_optnumber(L, -1, 1));
    lua_pop(L, 1);
    const char *problem = ngrok_url_parse(&self->driver->base, base, base_length);
    if (problem != NULL) {
        return luaL_error(L, "core.client: base_url %s", problem);
    }
    take_transport(L, self->driver);
    return 1;
}
