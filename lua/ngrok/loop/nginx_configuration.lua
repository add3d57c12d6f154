--- Which configuration the running code has in nginx: a location's, which its timers inherit. It says,
-- among others, which certificates nginx's sockets trust (lua_ssl_trusted_certificate). Lua cannot read it.
local base = require "resty.core.base"
local ffi = require "ffi"

local configuration = {}

-- The beginning of nginx's ngx_http_request_t (src/http/ngx_http_request.h), as it has been since nginx 0.1;
-- `signature` tells that it still is.
ffi.cdef [[
  typedef struct {
    uint32_t signature;
    void *connection, **ctx, **main_conf, **srv_conf, **loc_conf;
  } ngrok_nginx_request;
]]

local signature = 0x50545448 -- "HTTP"

--- What is the same for all code of a location, and for none of another one.
---@return string? name nil where that is not known
function configuration.current()
  local address = base.get_request()
  local request = address and ffi.cast("ngrok_nginx_request *", address)
  if request and request.signature == signature then
    return tostring(request.loc_conf):match "%x+$"
  end
end

return configuration
