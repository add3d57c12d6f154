#include "lua/reference.h"

#include "base/compat.h"

ngrok_reference *ngrok_reference_push(lua_State *L, const char *metatable) {
    ngrok_reference *self = compat_newuserdata(L, sizeof *self);
    *self = (ngrok_reference){0};
    compat_setmetatable(L, metatable);
    return self;
}

void ngrok_reference_fill(ngrok_reference *self, ngrok_driver *driver, ngrok_request *request) {
    ngrok_driver_retain(driver);
    ngrok_request_retain(request);
    self->driver = driver;
    self->request = request;
    self->attempt = request->attempts;
}

ngrok_reference *ngrok_reference_check(lua_State *L, const char *metatable) {
    ngrok_reference *self = luaL_checkudata(L, 1, metatable);
    if (self->request == NULL) {
        luaL_error(L, "this request was never submitted");
    }
    return self;
}

void ngrok_reference_release(ngrok_reference *self) {
    if (self->request != NULL) {
        ngrok_request_release(self->request);
        ngrok_driver_release(self->driver);
        *self = (ngrok_reference){0};
    }
}
