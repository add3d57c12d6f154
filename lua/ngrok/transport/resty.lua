--- Performs attempts on nginx's own sockets, by lua-resty-http: no libcurl and no second TLS library in the
-- process. Certificates are always verified, against those in nginx's `lua_ssl_trusted_certificate`.
local failure = require "ngrok.transport.resty_failure"
local part = require "ngrok.part"

local resty = {}

local least_wait = 0.001

-- Seconds in which nginx's loop turns. A worker that was busy may notice that time is up before it notices
-- the response.
local turn = 0.01

-- The rocks that modules are part of.
local rocks = { ["resty.http"] = "lua-resty-http", ["resty.string"] = "lua-resty-string" }

-- Without the second nothing would end an attempt that waits.
local needed = { "resty.http", "ngx.semaphore" }

-- `name` did not load, perhaps because another module did not.
local function explain(name, err)
  err = tostring(err):match "^[^\n]*"
  name = err:match "module '([^']+)' not found" or name
  local rock = rocks[name]
  return ("transport \"resty\" needs %s, which does not load here: %s"):format(
    rock and ("%s (luarocks install %s)"):format(rock, rock) or name, err)
end

--- Why attempts cannot be performed so in this process.
---@return string?
function resty.problem()
  for _, name in ipairs(needed) do
    local fine, loaded, problem = pcall(part.load, name)
    if not fine then
      return explain(name, loaded)
    elseif problem then
      return problem
    end
  end
end

--- Why nothing can be sent where this is called.
---@return string?
function resty.refusal()
  local phase = ngx.get_phase()
  if phase == "init" or phase == "exit_worker" then
    return ("nginx has no sockets for Lua in %s_by_lua: call it in a worker that serves, "
      .. "or make the client with transport = \"curl\""):format(phase)
  end
end

local function perform(job)
  local ran, response, phase, message, manner = pcall(job.perform, job)
  if not ran then
    response, phase, message, manner = failure.of_error(job.reached, response)
  end
  job.outcome = { response, phase, message, manner }
  job.news:post(1)
end

local function wait(job)
  repeat
    local seconds = math.max(job:seconds_left(), least_wait)
    local woken = job.news:wait(seconds) or job.news:wait(turn)
  until job.outcome or job.attempt.cancelled or not woken and job:seconds_left() <= 0
end

-- A socket can be closed only in the timer that opened it. So a light thread performs the job, and this one
-- waits until it has ended, its time is up, or it was cancelled.
local function run(job)
  job.attempt.on_cancel = function()
    job.news:post(1)
  end
  local thread = ngx.thread.spawn(perform, job)
  wait(job)
  ngx.thread.kill(thread) -- even if it has ended: otherwise nginx waits for it
  local outcome = job.outcome or { job:fail_for_time() }
  job:close()
  return unpack(outcome, 1, 4)
end

--- Makes a transport.
---@param settings table the client's
---@return function # as of ngrok.transport.call, for a timer
function resty.new(settings)
  -- Not all settings are kept, because the key is among them.
  local limits = {
    connect_timeout = settings.connect_timeout, max_in_flight = settings.max_in_flight,
    max_response_bytes = settings.max_response_bytes,
  }
  local exchange = require "ngrok.transport.resty_exchange" -- outside nginx it does not load
  local pools = { generation = 0 }
  return function(attempt, _, put_back)
    return run(exchange.new(attempt, limits, pools, put_back))
  end
end

return resty
