--- Performs attempts on nginx's own sockets, by lua-resty-http: no libcurl and no second TLS library in the
-- process. Certificates are always verified, against those in nginx's `lua_ssl_trusted_certificate`.
--
-- Each attempt runs in a timer of its own: the light threads of a request end with it, and there are phases
-- that have no sockets. What the library reads before it hands out a response (status line and headers) it
-- does not limit; the attempt's time does.
local resty = {}

local chunk_bytes = 16 * 1024
local most_bytes_told = 200 -- of what the library says: it may quote a server

-- Less than servers usually keep a connection for.
local idle_milliseconds = 30 * 1000

-- Without them the attempt's time would not end what waits.
local needed = { "resty.http", "ngx.semaphore" }

--- Why attempts cannot be performed so here.
-- @treturn ?string
function resty.problem()
  local ngx = rawget(_G, "ngx")
  if type(ngx) ~= "table" or not (ngx.timer and ngx.socket) then
    return "transport \"resty\" works in nginx and OpenResty only"
  end
  for _, name in ipairs(needed) do
    if not pcall(require, name) then
      return ("transport \"resty\" needs %s, which does not load here"):format(
        name == "resty.http" and "lua-resty-http (luarocks install lua-resty-http)" or name)
    end
  end
end

-- ---- what went wrong ----------------------------------------------------------------------------------

local trust = "trusted are those in the file that nginx's directive lua_ssl_trusted_certificate names"

-- What is worth knowing beside OpenSSL's words, by its number.
local hints = {
  ["2"] = trust, ["18"] = trust, ["19"] = trust, ["20"] = trust, ["21"] = trust, ["27"] = trust,
  ["22"] = "nginx's directive lua_ssl_verify_depth limits how long the chain may be, to 1 by default",
}

-- Texts of the Lua module of nginx, in their order of precedence: pattern, phase, manner, hint.
local connect_failures = {
  { "^no resolver defined", "resolve", "permanent", "nginx's directive resolver names one" },
  { "resolve", "resolve" },
  { "host not found", "resolve" },
  { "^certificate host mismatch", "tls", "permanent", "nginx compares with names, never with addresses" },
  { "certificate", "tls", "permanent" },
  { "^timeout$", "connect", "timeout" },
  { "handshake", "tls" },
  { "[Ss][Ss][Ll]", "tls" },
}

local function shorten(text)
  return (tostring(text):sub(1, most_bytes_told):gsub("[%c\127-\255]", "?"))
end

-- Fails before a byte of the request was sent.
local function unconnected(target, err)
  local text = shorten(err)
  local number = text:match "^(%d+): "
  if number then
    local hint = hints[number] and (" (%s)"):format(hints[number]) or ""
    return nil, "tls", ("the server's certificate is not trusted: %s%s"):format(text, hint), "permanent"
  end
  for _, failure in ipairs(connect_failures) do
    if text:find(failure[1]) then
      local hint = failure[4] and (" (%s)"):format(failure[4]) or ""
      return nil, failure[2], ("could not connect: %s%s"):format(text, hint), failure[3]
    end
  end
  -- The socket is connected before the handshake, and what connecting says is known by name.
  local is_handshake = target.scheme == "https" and (text == "closed" or text:find "reset")
  return nil, is_handshake and "tls" or "connect", "could not connect: " .. text
end

-- From here on the server may have got it.
local function broken(err)
  local text = shorten(err)
  local phase = text:find "[Bb]roken pipe" and "send" or "receive"
  -- A line that no HTTP server sends is quoted by the library, and is nobody's business.
  text = text:gsub("(from response status line).*", "%1")
  return nil, phase, "the connection failed: " .. text, text == "timeout" and "timeout" or nil
end

local function refuse_answer(message)
  return nil, "receive", message
end

-- ---- one attempt ---------------------------------------------------------------------------------------

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

-- Repeated fields that matter to us have one value; of others the first will do.
local function flatten(headers)
  local flat = {}
  for name, value in pairs(headers) do
    flat[name] = type(value) == "table" and tostring(value[1]) or value
  end
  return flat
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
    is_open = length == nil and encoding == nil,
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

local function receive(http, response, limits)
  local framing, problem = framing_of(response)
  if not framing then
    return refuse_answer(problem)
  end
  local body, is_whole = read_body(response, framing, limits.max_response_bytes)
  if not body then
    return broken(is_whole)
  elseif is_whole and framing.is_reusable then
    http:set_keepalive(idle_milliseconds, limits.max_in_flight)
  end
  return { status = response.status, headers = flatten(response.headers), body = body }
end

local function remaining(job)
  ngx.update_time()
  return job.deadline - ngx.now()
end

-- A connection of the library's pool needs no handshake; one that has died meanwhile is told of like any.
local function connect(http, job, limits)
  local patience = milliseconds(math.min(limits.connect_timeout, remaining(job)))
  http:set_timeouts(patience, patience, patience)
  return http:connect {
    scheme = job.target.scheme, host = job.target.host, port = job.target.port,
    ssl_verify = true,
    ssl_server_name = job.target.host, -- not given, it would not be compared with the certificate's
  }
end

local function exchange(job, limits)
  local http, problem = require("resty.http").new()
  if not http then
    return nil, "connect", "nginx gives no socket: " .. shorten(problem)
  end
  job.http = http
  local connected, err = connect(http, job, limits)
  if not connected then
    return unconnected(job.target, err)
  end
  local patience = milliseconds(remaining(job))
  http:set_timeouts(patience, patience, patience)
  job.may_be_sent = true
  local response
  response, err = http:request {
    method = job.attempt.method, path = job.target.path,
    headers = job.attempt.headers, body = job.attempt.body,
  }
  if not response then
    return broken(err)
  end
  return receive(http, response, limits)
end

-- ---- its time ------------------------------------------------------------------------------------------

local function overdue(job)
  return nil, job.may_be_sent and "receive" or "connect", "the time for the attempt is up", "timeout"
end

-- lua-resty-core raises where a handshake fails at once, and keeps the reason to itself (an assertion in
-- `sslhandshake` of resty/core/socket.lua, 0.1.25).
local function failed(job, err)
  local text = "an error was raised: " .. shorten(err)
  if job.may_be_sent then
    return nil, "receive", text
  elseif job.target.scheme == "https" then
    return nil, "tls", ("the handshake failed, and nginx's error log says why: %s (%s)"):format(text, trust),
      "permanent"
  end
  return nil, "connect", text
end

-- Reports by `done`, and leaves no connection behind that anybody could get but those in the pool.
local function run(job, limits, done)
  local finished = require("ngx.semaphore").new()
  local thread = ngx.thread.spawn(function()
    local ran, response, phase, message, manner = pcall(exchange, job, limits)
    if not ran then
      response, phase, message, manner = failed(job, response)
    end
    job.reported = true
    done(response, phase, message, manner)
    finished:post(1)
  end)
  -- The library's time-outs are for each read and write, and none is for looking up a name.
  if not finished:wait(math.max(remaining(job), 0.001)) and not job.reported then
    ngx.thread.kill(thread)
    done(overdue(job))
  end
  if job.http then
    job.http:close() -- one that went back to the pool is out of its reach
  end
end

--- Makes a transport.
-- @tparam table limits `connect_timeout` in seconds, `max_response_bytes`, `max_in_flight`
-- @treturn function as of ngrok.transport.call
function resty.new(limits)
  return function(attempt, done)
    if ngx.get_phase() == "init" then
      return nil, "connect", "nginx has no sockets for Lua in init_by_lua: call it in a worker, "
        .. "or pass transport = \"curl\"", "permanent"
    end
    local job = { attempt = attempt, target = target_of(attempt.url) }
    job.deadline = attempt.timeout + ngx.now()
    local timer, problem = ngx.timer.at(0, function()
      run(job, limits, done)
    end)
    if not timer then
      return nil, "connect", "nginx gives no timer (see lua_max_pending_timers): " .. tostring(problem)
    end
  end
end

return resty
