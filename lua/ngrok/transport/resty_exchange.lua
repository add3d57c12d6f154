--- One request and its response over lua-resty-http, for `ngrok.transport.resty`.
local core = require "ngrok.core"
local configuration = require "ngrok.loop.nginx_configuration"
local failure = require "ngrok.transport.resty_failure"
local resty_response = require "ngrok.transport.resty_response"
local semaphore = require "ngx.semaphore"

local exchange = {}
exchange.__index = exchange

-- Less than servers usually keep a connection for.
local idle_milliseconds = 30 * 1000

-- How long a connection serves at most, so that a name that moves is looked up again.
local lifetime = 5 * 60

-- Connecting ends so many seconds before the time is up: a later connection is of no use, and here it is
-- still known that nothing was sent.
local seconds_ahead = 0.02

-- Seconds that a socket's time-outs are later than the job's own time, which `ngrok.transport.resty` keeps. A
-- socket that times out does not check whether something has come.
local slack = 1

-- Where a server sends faster than we read, a read never yields. So after so many reads we do.
local reads_a_turn = 64

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

-- By a clock that cannot be set. nginx counts its time-outs from its cached time, so that is updated, too.
local function now()
  ngx.update_time()
  return core.now()
end

local longest_patience = 2 ^ 31 - 1 -- milliseconds

local function set_patience(self)
  local seconds = math.max(self:remaining(), 0) + slack
  local patience = math.min(math.ceil(seconds * 1000), longest_patience)
  self.http:set_timeouts(patience, patience, patience)
end

-- ---- to the server -------------------------------------------------------------------------------------

-- The library connects and shakes hands in one call, and does not tell how far it got.
local function notice_handshake(self)
  local socket = self.http.sock
  local shake = socket.sslhandshake
  function socket.sslhandshake(...)
    self.reached = "tls"
    set_patience(self)
    return shake(...)
  end
end

-- A connection belongs to the configuration that trusted it: see ngrok.loop.nginx_configuration. Where a kept
-- connection was found dead, the other kept ones are not used any more, either.
local function pool_of(self)
  local target = self.target
  return table.concat({ "ngrok", target.scheme, target.host, target.port, tostring(configuration.current()),
    math.floor(now() / lifetime), self.pools.generation }, ":")
end

-- A connection from nginx's pool needs no handshake. One that has died meanwhile fails like any other.
local function connect(self)
  local target = self.target
  set_patience(self)
  return self.http:connect {
    scheme = target.scheme, host = target.host, port = target.port, pool = pool_of(self),
    ssl_verify = true,
    ssl_server_name = target.host, -- not given, it would not be compared with the certificate's
  }
end

local function send(self)
  local attempt = self.attempt
  set_patience(self)
  self.reached, self.is_kept = "receive", self.http:get_reused_times() > 0
  self.news:post(1)
  return self.http:send_request {
    method = attempt.method, path = self.target.path, headers = attempt.headers, body = attempt.body,
  }
end

-- ---- all of it -----------------------------------------------------------------------------------------

local function keep_connection(self, is_reusable)
  if is_reusable and configuration.current()
    and self.http:set_keepalive(idle_milliseconds, self.limits.max_in_flight) then
    self.http = nil
  end
end

local function receive(self)
  local response, problem = resty_response.read(self.http.sock, self.limits.max_response_bytes, function()
    set_patience(self)
    self.reads = self.reads + 1
    if self.reads % reads_a_turn == 0 then
      ngx.sleep(0)
    end
  end)
  if response then
    self.has_response = true
    keep_connection(self, problem)
    return response
  elseif type(problem) == "table" then
    return failure.of_response(problem.message, problem.manner)
  end
  return failure.of_exchange(problem)
end

---@param attempt table as a transport gets it; its time runs from now
---@param limits table as of `ngrok.transport.resty`
---@param pools table `generation`, which grows when a connection that was kept turns out to be dead
---@param put_back function returns whether the attempt must not be sent, as its caller may have left
---@return table # `news`, a semaphore that says when to ask for `seconds_left` again
function exchange.new(attempt, limits, pools, put_back)
  return setmetatable({
    attempt = attempt, limits = limits, pools = pools, put_back = put_back, target = target_of(attempt.url),
    reached = "connect", -- "tls"; "receive" once the server may have received it
    reads = 0, begun = now(), news = semaphore.new(),
  }, exchange)
end

-- Whether it may be half open: kept, and nothing has come on it yet.
local function is_silent(self)
  return self.is_kept and self.reads <= 1
end

---@return number seconds
function exchange:remaining()
  return self.begun + self.attempt.timeout - now()
end

---@return number # seconds that looking up the name, connecting and shaking hands may still take
---@return string # what limits them
function exchange:seconds_to_connect()
  local by_connect_timeout = self.begun + self.limits.connect_timeout - now()
  local by_timeout = self:remaining() - seconds_ahead
  if by_timeout < by_connect_timeout then
    return by_timeout, "timeout"
  end
  return by_connect_timeout, "connect_timeout"
end

---@return number # seconds that may pass before it ends or reaches its next state
function exchange:seconds_left()
  if self.reached ~= "receive" then
    return (self:seconds_to_connect())
  elseif is_silent(self) then
    return self.begun + self.attempt.patience - now()
  end
  return self:remaining()
end

--- Yields until it is over. A request that was cancelled meanwhile, is too late, or whose caller may have
--- left is not sent.
---@return any # what a transport returns
--- Raises: any error that nginx or the library raises
function exchange:perform()
  local problem
  self.http, problem = require("resty.http").new()
  if not self.http then
    return failure.of_connecting("connect", problem)
  end
  notice_handshake(self)
  local fine
  fine, problem = connect(self)
  if not fine then
    return failure.of_connecting(self.reached, problem)
  elseif self.attempt.cancelled or self:remaining() <= 0 or self.put_back() then
    return self:fail_for_time()
  end
  fine, problem = send(self)
  if not fine then
    return failure.of_exchange(problem)
  end
  return receive(self)
end

-- nginx does not tell when a look-up has ended. But asked again for a name that it knows, it does not wait.
-- No datagram is sent.
local function knows_address(target)
  local known = false
  local thread = ngx.thread.spawn(function()
    known = ngx.socket.udp():setpeername(target.host, target.port)
  end)
  ngx.thread.kill(thread)
  return known
end

--- What a transport returns where time is up before `perform` returns.
function exchange:fail_for_time()
  local attempt = self.attempt
  if self.reached == "receive" and is_silent(self) and attempt.patience < 0.9 * attempt.timeout then
    return failure.of_silence(attempt.patience) -- which was half of the time
  elseif self.reached == "receive" then
    return failure.of_time(attempt.call_timeout)
  end
  local _, limit = self:seconds_to_connect()
  local seconds = limit == "timeout" and attempt.call_timeout or self.limits.connect_timeout
  local phase = self.reached
  if phase == "connect" and not knows_address(self.target) then
    phase = "resolve"
  end
  return failure.of_connect_time(phase, self.target.host, limit, seconds)
end

--- Gives the connection up, unless it went back to the pool.
function exchange:close()
  if self.is_kept and not (self.has_response or self.attempt.cancelled) then
    self.pools.generation = self.pools.generation + 1
  end
  if self.http then
    self.http:close()
  end
end

return exchange
