--- What the resty transport uses of lua-resty-http, written anew on nginx's sockets for specs: they put this
-- folder last on the path, so that the library itself is used where it is installed.
--
-- It behaves as the library does also where that is awkward: nothing is compared with the certificate
-- unless `ssl_server_name` is given, an interim answer is taken for the answer, lengths are not checked, and
-- a connection that has died is told of and not opened again.
local http = { _VERSION = "stand-in" }
http.__index = http

local headers_metatable = {
  __index = function(self, name)
    return rawget(self, name:lower())
  end,
}

function http.new()
  return setmetatable({ sock = ngx.socket.tcp(), is_reusable = true }, http)
end

function http:set_timeouts(...)
  return self.sock:settimeouts(...)
end

function http:close()
  return self.sock:close()
end

function http:set_keepalive(...)
  if self.is_reusable then
    return self.sock:setkeepalive(...)
  end
  self.sock:close()
  return 2, "connection must be closed"
end

function http:connect(options)
  local secure = options.scheme == "https"
  local pool = table.concat({
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

local function send(self, request)
  local sent, err = self.sock:send(write_head(self, request))
  if sent and request.body then
    sent, err = self.sock:send(request.body)
  end
  return sent, err
end

local function read_status(sock)
  local line, err = sock:receive "*l"
  if not line then
    return nil, err
  end
  local status = tonumber(line:sub(10, 12))
  if not (tonumber(line:sub(6, 8)) and status) then
    return nil, "couldn't parse HTTP version from response status line: " .. line
  end
  return status
end

local function add(headers, name, value)
  local before = headers[name]
  if type(before) == "table" then
    before[#before + 1] = value
  else
    rawset(headers, name:lower(), before and { before, value } or value)
  end
end

local function read_headers(sock)
  local headers = setmetatable({}, headers_metatable)
  while true do
    local line, err = sock:receive "*l"
    if not line then
      return nil, err
    end
    local name, value = line:match "([^:%s]+):%s*(.*)"
    if not name then
      return headers
    end
    add(headers, name, value)
  end
end

-- Of so many bytes, in pieces.
local function by_length(sock, length)
  return function(most)
    if length <= 0 then
      return nil
    end
    local data, err = sock:receive(math.min(most, length))
    length = length - (data and #data or 0)
    return data, err
  end
end

-- To the end of the connection: the last piece comes together with the error.
local function by_end(sock)
  return function(most)
    local data, err, partial = sock:receive(most)
    if data then
      return data
    end
    return err == "closed" and partial or nil, err
  end
end

local function by_chunks(sock)
  local left
  return function(most)
    if not left then
      local line, err = sock:receive "*l"
      if not line then
        return nil, err
      end
      left = tonumber(line, 16)
      if not left then
        return nil, "unable to read chunksize"
      elseif left == 0 then
        sock:receive(2)
        return nil
      end
    end
    local data, err = sock:receive(math.min(most, left))
    if not data then
      return nil, err
    end
    left = left - #data
    if left == 0 then
      left = nil
      sock:receive(2)
    end
    return data
  end
end

local function body_reader(sock, status, headers)
  if status == 204 or status == 304 or status < 200 then
    return function() return nil end
  elseif headers["Transfer-Encoding"] then
    return by_chunks(sock)
  end
  local length = tonumber(headers["Content-Length"])
  return length and by_length(sock, length) or by_end(sock)
end

function http:request(request)
  local fine, err = send(self, request)
  if not fine then
    return nil, err
  end
  local status, headers
  status, err = read_status(self.sock)
  if not status then
    return nil, err
  end
  headers, err = read_headers(self.sock)
  if not headers then
    return nil, err
  end
  if tostring(headers.Connection):lower() == "close" then
    self.is_reusable = false
  end
  return { status = status, headers = headers, body_reader = body_reader(self.sock, status, headers) }
end

return http
