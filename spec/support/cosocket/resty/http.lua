--- What the resty transport uses of lua-resty-http, written again on nginx's sockets for specs: they put this
-- folder last on the path, so that the library itself is used where it is installed.
--
-- It behaves as the library does also where that is awkward: nothing is compared with the certificate
-- unless `ssl_server_name` is given, a pool is reused whatever nginx trusts where it was filled, and a
-- connection that has died is told of and not opened again.
local http = { _VERSION = "stand-in" }
http.__index = http

function http.new()
  return setmetatable({ sock = ngx.socket.tcp() }, http)
end

function http:set_timeouts(...)
  return self.sock:settimeouts(...)
end

function http:close()
  return self.sock:close()
end

function http:get_reused_times()
  return self.sock:getreusedtimes()
end

function http:set_keepalive(...)
  return self.sock:setkeepalive(...)
end

function http:connect(options)
  local secure = options.scheme == "https"
  local pool = options.pool or table.concat({
    options.scheme, options.host, options.port, options.ssl_server_name or "", tostring(options.ssl_verify),
  }, ":")
  local fine, err = self.sock:connect(options.host, options.port, { pool = pool })
  if not fine then
    return nil, err
  end
  if secure and self.sock:getreusedtimes() == 0 then
    fine, err = self.sock:sslhandshake(nil, options.ssl_server_name, options.ssl_verify ~= false)
    if not fine then
      self.sock:close()
      return nil, err
    end
  end
  self.host = options.port == (secure and 443 or 80) and options.host or options.host .. ":" .. options.port
  return true
end

local function write_head(self, request)
  local lines = { ("%s %s HTTP/1.1\r\nHost: %s\r\n"):format(request.method, request.path, self.host) }
  for name, value in pairs(request.headers) do
    lines[#lines + 1] = ("%s: %s\r\n"):format(name, value)
  end
  if request.body then
    lines[#lines + 1] = ("Content-Length: %d\r\n"):format(#request.body)
  end
  return table.concat(lines) .. "\r\n"
end

function http:send_request(request)
  local sent, err = self.sock:send(write_head(self, request))
  if sent and request.body then
    sent, err = self.sock:send(request.body)
  end
  return sent and true, err
end

return http
