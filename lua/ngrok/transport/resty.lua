--- Performs attempts on nginx's own sockets, by lua-resty-http: no libcurl and no second TLS library in the
-- process. Certificates are always verified, against those in nginx's `lua_ssl_trusted_certificate`.
--
-- Each attempt runs in a timer of its own: the light threads of a request end with it, and there are phases
-- that have no sockets.
local exchange = require "ngrok.transport.resty_exchange"
local failure = require "ngrok.transport.resty_failure"

local resty = {}

-- Where a connection is not there yet shortly before time is up, it will not help any more; and only here it
-- is known that nothing was sent.
local seconds_ahead = 0.01

local least_wait = 0.001

-- Without them the attempt's time would not end what waits.
local needed = { "resty.http", "ngx.semaphore" }

--- Why attempts cannot be performed so in this process.
-- @treturn ?string
function resty.problem()
  local ngx = rawget(_G, "ngx")
  if type(ngx) ~= "table" or not (ngx.timer and ngx.socket) then
    return "transport \"resty\" works in nginx and OpenResty only"
  end
  for _, name in ipairs(needed) do
    local fine, err = pcall(require, name)
    if not fine then
      return ("transport \"resty\" needs %s, which does not load here: %s"):format(
        name == "resty.http" and "lua-resty-http (luarocks install lua-resty-http)" or name,
        tostring(err):match "^[^\n]*")
    end
  end
end

--- Why nothing can be sent where this is called.
-- @treturn ?string
function resty.refusal()
  local phase = ngx.get_phase()
  if phase == "init" or phase == "exit_worker" then
    return ("nginx has no sockets for Lua in %s_by_lua: call it in a worker that serves, "
      .. "or make the client with transport = \"curl\""):format(phase)
  end
end

-- The library's time-outs are for each read and write, and none is for looking up a name.
local function is_over_in_time(job, limits, finished)
  local to_connect = math.min(limits.connect_timeout, job:remaining() - seconds_ahead)
  return finished:wait(math.max(to_connect, least_wait))
    or job.reached == "receive" and finished:wait(math.max(job:remaining(), least_wait))
end

local function run(job, limits, done)
  local finished = require("ngx.semaphore").new()
  local reported = false
  local thread = ngx.thread.spawn(function()
    local ran, response, phase, message, manner = pcall(job.perform, job)
    if not ran then
      response, phase, message, manner = failure.of_error(job.reached, response)
    end
    reported = true
    done(response, phase, message, manner)
    finished:post(1)
  end)
  if not is_over_in_time(job, limits, finished) and not reported then
    ngx.thread.kill(thread)
    done(failure.of_time(job.reached))
  end
  -- nginx closes the socket with the timer, unless it went back to the pool.
end

--- Makes a transport.
-- @tparam table limits `connect_timeout` in seconds, `max_response_bytes`, `max_in_flight`
-- @treturn function as of ngrok.transport.call
function resty.new(limits)
  return function(attempt, done)
    local job = exchange.new(attempt, limits)
    local timer, problem = ngx.timer.at(0, function()
      run(job, limits, done)
    end)
    if not timer then
      return nil, "connect", "nginx gives no timer (see lua_max_pending_timers): " .. tostring(problem)
    end
  end
end

return resty
