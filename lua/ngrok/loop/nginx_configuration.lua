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

local unknown = 0

--- @treturn string the same for code of the same location; where that is not known it is never the same
function configuration.current()
  local request = ffi.cast("ngrok_nginx_request *", base.get_request())
  if request.signature ~= signature then
    unknown = unknown + 1
    return "unknown " .. unknown
  end
  return tostring(request.loc_conf):match "%x+$"
end

return configuration
