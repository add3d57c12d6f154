--- Which of nginx's configurations the running code has: that of its location, which timers inherit. It
-- says, for example, which certificates nginx's sockets trust (lua_ssl_trusted_certificate). Lua cannot read
-- it.
local base = require "resty.core.base"
local ffi = require "ffi"

local configuration = {}

-- The beginning of nginx's ngx_http_request_t (src/http/ngx_http_request.h), as it has been since nginx 0.1;
-- `signature` shows that it still is.
ffi.cdef [[
  typedef struct {
    uint32_t signature;
    void *connection, **ctx, **main_conf, **srv_conf, **loc_conf;
  } ngrok_nginx_request;
]]

local signature = 0x50545448 -- "HTTP"

--- Identifies the configuration: the name is the same for all code of a location, and another elsewhere.
---@return string? name nil where it is not known
function configuration.current()
  local address = base.get_request()
  local request = address and ffi.cast("ngrok_nginx_request *", address)
  if request and request.signature == signature then
    return tostring(request.loc_conf):match "%x+$"
  end
end

return configuration
