--- One request and its answer over lua-resty-http, for `ngrok.transport.resty`.
local failure = require "ngrok.transport.resty_failure"

local exchange = {}
exchange.__index = exchange

local chunk_bytes = 16 * 1024

-- Of status line and headers together, and of a line between chunks; as much as with libcurl.
local most_line_bytes = 256 * 1024

-- Less than servers usually keep a connection for.
local idle_milliseconds = 30 * 1000

local function target_of(url)
  local scheme, authority, path = url:match "^(https?)://([^/?#]+)(.*)$"
  local host = authority:match "^%[.-%]" or authority:match "^[^:]+"
  return {
    scheme = scheme,
    host = host,
    port = tonumber(authority:sub(#host + 2)) or (scheme == "https" and 443 or 80),
    path = path,
  }
end

local function milliseconds(seconds)
  return math.max(1, math.min(math.ceil(seconds * 1000), 2 ^ 31 - 1))
end

-- ---- the library's socket ------------------------------------------------------------------------------

-- The library connects and shakes hands in one call, and does not tell how far it got.
local function notice_handshake(self, socket)
  local shake = socket.sslhandshake
  function socket.sslhandshake(...)
    self.reached = "tls"
    return shake(...)
  end
end

-- The library reads lines of any length, and any number of them.
local function limit_lines(self, socket)
  local receive = socket.receive
  function socket.receive(of, what, ...)
    if what ~= "*l" then
      return receive(of, what, ...)
    end
    local room = most_line_bytes - self.head_bytes
    local line, err = of:receiveuntil "\n"(math.max(room, 1))
    if not line then
      return nil, err
    elseif #line >= room then
      self.is_oversized = true
      return nil, "too long"
    elseif not self.has_head then
      self.head_bytes = self.head_bytes + #line + 1
    end
    return (line:gsub("\r$", ""))
  end
end

-- ---- to the server -------------------------------------------------------------------------------------

-- A connection of nginx's pool needs no handshake; one that has died meanwhile is told of like any.
local function connect(self)
  local http, limits, target = self.http, self.limits, self.target
  local patience = milliseconds(math.min(limits.connect_timeout, self:remaining()))
  http:set_timeouts(patience, patience, patience)
  return http:connect {
    scheme = target.scheme, host = target.host, port = target.port,
    ssl_verify = true,
    ssl_server_name = target.host, -- not given, it would not be compared with the certificate's
  }
end

local function request(self)
  local http, attempt = self.http, self.attempt
  local patience = milliseconds(self:remaining())
  http:set_timeouts(patience, patience, patience)
  self.reached = "receive"
  local response, err = http:request {
    method = attempt.method, path = self.target.path, headers = attempt.headers, body = attempt.body,
  }
  self.has_head, self.head_bytes = true, 0
  return response, err
end

-- ---- the answer ----------------------------------------------------------------------------------------

local function has_no_body(status)
  return status == 204 or status == 304
end

-- The library takes any number for a length, and would read in a circle for a negative one.
local function framing_of(response)
  local headers = response.headers
  local length, encoding = headers["Content-Length"], headers["Transfer-Encoding"]
  if length ~= nil and (type(length) ~= "string" or not length:find "^%d+$") then
    return nil, "the answer's Content-Length is no number"
  elseif response.status < 200 then
    return nil, ("the server answered with an interim status, %d, which cannot be read past")
      :format(response.status)
  end
  return {
    -- Without either the body ends where the connection does.
    is_open = length == nil and encoding == nil and not has_no_body(response.status),
    -- What comes after a chunked body is not read, nor is it clear which of the two a server meant.
    is_reusable = not (encoding ~= nil and (length ~= nil or headers["Trailer"] ~= nil)),
  }
end

-- Over the limit it ends with what it has: the engine tells of such answers.
local function read_body(response, framing, max_bytes)
  local chunks, total = {}, 0
  repeat
    local chunk, err = response.body_reader(chunk_bytes)
    if chunk then
      chunks[#chunks + 1] = chunk
      total = total + #chunk
    end
    if err and not (err == "closed" and framing.is_open) then
      return nil, err
    end
  until not chunk or err or total > max_bytes
  return table.concat(chunks), total <= max_bytes and not framing.is_open
end

-- Repeated fields that matter to us have one value; of others the first will do.
local function flatten(headers)
  local flat = {}
  for name, value in pairs(headers) do
    flat[name] = type(value) == "table" and tostring(value[1]) or value
  end
  return flat
end

local function broken(self, err)
  if self.is_oversized then
    return failure.of_answer(("the answer's headers exceed %d bytes"):format(most_line_bytes), "permanent")
  end
  return failure.of_exchange(err)
end

local function receive(self, response)
  local framing, problem = framing_of(response)
  if not framing then
    return failure.of_answer(problem)
  end
  local body, is_whole = read_body(response, framing, self.limits.max_response_bytes)
  if not body then
    return broken(self, is_whole)
  elseif is_whole and framing.is_reusable then
    self.http:set_keepalive(idle_milliseconds, self.limits.max_in_flight)
  end
  return { status = response.status, headers = flatten(response.headers), body = body }
end

-- ---- all of it -----------------------------------------------------------------------------------------

--- @tparam table attempt as a transport gets it; its time runs from now
-- @tparam table limits as of `ngrok.transport.resty`
-- @treturn table `reached`: "connect", "tls", or "receive" from when on the server may have got it
function exchange.new(attempt, limits)
  return setmetatable({
    attempt = attempt, limits = limits, target = target_of(attempt.url),
    reached = "connect", deadline = ngx.now() + attempt.timeout, head_bytes = 0,
  }, exchange)
end

--- @treturn number seconds
function exchange:remaining()
  ngx.update_time()
  return self.deadline - ngx.now()
end

--- Yields until it is over.
-- @return what a transport returns
-- @raise whatever nginx and the library do
function exchange:perform()
  local http, problem = require("resty.http").new()
  if not http then
    return failure.of_connecting("connect", problem)
  end
  self.http = http
  local socket = http.sock
  if type(socket) == "table" then
    notice_handshake(self, socket)
    limit_lines(self, socket)
  end
  local connected, err = connect(self)
  if not connected then
    return failure.of_connecting(self.reached, err)
  end
  local response
  response, err = request(self)
  if not response then
    return broken(self, err)
  end
  return receive(self, response)
end

return exchange
