--- The loop of nginx and OpenResty. One timer in each worker steps the clients while anything is under way;
-- whoever waits sleeps on a semaphore, and nothing runs when all is done.
--
-- nginx cannot watch a foreign descriptor from Lua, so the timer looks again and again.
local block = require "ngrok.loop.block"
local pauses = require "ngrok.loop.nginx_pauses"
local semaphore = require "ngx.semaphore"
local suspension = require "ngrok.loop.suspension"

local loop = {}

-- Seconds after which the timer looks in any case: a request that was garbage ends without telling anybody.
-- And a sleeper looks for itself, lest it depend on a timer that nginx has ended.
local longest_sleep = 1

-- Seconds that a sleeper waits for a timer that there is not.
local shortest_sleep = 0.001

-- https://github.com/openresty/lua-resty-core/blob/master/lib/ngx/semaphore.md
local can_yield = {
  server_rewrite = true, rewrite = true, access = true, content = true, timer = true, preread = true,
  ssl_cert = true,
}

-- Stock nginx never goes on with a handshake that has been suspended in these.
if ngx.config.nginx_configure():find("openresty", 1, true) then
  can_yield.ssl_client_hello, can_yield.ssl_session_fetch = true, true
end

-- There is no loop yet, or none any more: nobody is kept waiting by a call that simply blocks.
local without_loop = { init = true, exit_worker = true }

-- Those with something under way, in this worker.
local clients = {}
local stepping = false
local sleeping -- how the timer sleeps just now

local function step(client)
  local fine, count = pcall(client.advance, client, 0)
  if not fine then -- memory ran out; all is to be tried again
    pcall(client.report, client, count)
  end
  if client:pending() == 0 then
    clients[client] = nil
  end
  return fine and count > 0
end

local function step_all()
  local progress, now = false, {}
  for client in pairs(clients) do
    now[#now + 1] = client -- callbacks may bring others
  end
  for _, client in ipairs(now) do
    progress = step(client) or progress
  end
  return progress
end

local function seconds_left()
  local seconds = longest_sleep
  for client in pairs(clients) do
    seconds = math.min(seconds, client:timeout() or longest_sleep)
  end
  return seconds
end

local function step_until_idle()
  local how = pauses.new()
  while next(clients) do
    local progress = step_all()
    if next(clients) then
      sleeping = how
      how:sleep(seconds_left(), progress)
      sleeping = nil
    end
  end
end

-- Called by nginx, also where the worker is about to end: what is under way is still waited for.
local function run_timer()
  local fine, err = pcall(step_until_idle)
  stepping, sleeping = false, nil
  if not fine then
    loop.report("ngrok: the timer has failed: " .. tostring(err))
  end
end

local function begin_stepping()
  if not stepping then
    local timer, problem = ngx.timer.at(0, run_timer)
    stepping = timer ~= nil and timer ~= false
    return stepping, problem
  end
  return true
end

local function wake()
  if sleeping then
    sleeping:wake()
  end
end

--- Work has appeared, or has all gone without the timer.
-- @tparam table client
function loop.watch(client)
  if without_loop[ngx.get_phase()] then
    return
  elseif client:pending() == 0 then
    if clients[client] then
      wake()
    end
    return
  end
  clients[client] = true
  if stepping then
    wake()
  else
    local fine, problem = begin_stepping()
    if not fine then
      loop.report("ngrok: nginx gives no timer (see lua_max_pending_timers): " .. tostring(problem))
    end
  end
end

--- Returns once the request is done; the worker serves others meanwhile. Where there is no loop it simply
-- blocks.
-- @tparam table client
-- @tparam table request
function loop.wait(client, request)
  if without_loop[ngx.get_phase()] then
    return block.wait(client, request)
  end
  local done = semaphore.new()
  request:notify(function()
    done:post(1)
  end)
  loop.watch(client)
  while not request:done() do
    local woken = done:wait(stepping and longest_sleep or shortest_sleep)
    if not woken and not stepping and not begin_stepping() then
      step(client)
    end
  end
end

--- Runs a function in a light thread, where there are any; the other phases have no coroutines either.
-- @tparam function fn
-- @treturn boolean whether it went well so far
-- @treturn any its error
function loop.spawn(fn)
  if not can_yield[ngx.get_phase()] then
    return pcall(fn)
  end
  local thread, problem = ngx.thread.spawn(fn)
  return thread ~= nil and thread ~= false, problem
end

--- Why nobody can wait here, if so.
-- @treturn ?string
function loop.refusal()
  local phase = ngx.get_phase()
  if without_loop[phase] then
    return nil
  elseif not can_yield[phase] then
    return ("nginx cannot wait in its %s phase: pass on_done, or call it from ngx.timer.at(0, ...)")
      :format(phase)
  end
  return suspension.refusal()
end

--- Why nobody can be called back from where this is called, if so.
-- @treturn ?string
function loop.deafness()
  local phase = ngx.get_phase()
  if without_loop[phase] then
    return ("nginx calls nobody back from its %s phase: make a plain call, which blocks there"):format(phase)
  end
end

--- The client is about to be closed.
-- @tparam table client
function loop.release(client)
  clients[client] = nil
end

--- Tells of an error that nobody handles.
-- @tparam string text
function loop.report(text)
  ngx.log(ngx.ERR, text)
end

return loop
