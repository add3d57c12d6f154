--- The loop of nginx and OpenResty. One timer in each worker steps the clients while anything is under way;
-- whoever waits sleeps on a semaphore, and nothing runs when all is done.
--
-- nginx cannot watch a foreign descriptor from Lua, so the timer looks again and again: after a tenth of the
-- time that it has waited already, so that it adds no more than that, and seldom where answers take long.
local block = require "ngrok.loop.block"
local semaphore = require "ngx.semaphore"

local loop = {}

-- Seconds between two looks.
local shortest_pause, longest_pause = 0.001, 0.02
local share_of_wait = 0.1

-- Seconds after which a sleeper looks for itself, lest it depend on a timer that nginx has ended.
local longest_sleep = 1

-- https://github.com/openresty/lua-resty-core/blob/master/lib/ngx/semaphore.md
local can_yield = {
  server_rewrite = true, rewrite = true, access = true, content = true, timer = true, preread = true,
  ssl_cert = true, ssl_client_hello = true, ssl_session_fetch = true,
}

-- Those with something under way, in this worker.
local clients = {}
local stepping = false
local work = semaphore.new()

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

local function step_until_idle()
  local since = ngx.now()
  while next(clients) do
    if step_all() then
      since = ngx.now()
    end
    local pause = (ngx.now() - since) * share_of_wait
    if work:wait(math.max(shortest_pause, math.min(pause, longest_pause))) then
      since = ngx.now()
    end
    ngx.update_time()
  end
end

-- Called by nginx, also where the worker is about to end: what is under way is still waited for.
local function run_timer()
  local fine, err = pcall(step_until_idle)
  stepping = false
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

--- Work has appeared.
-- @tparam table client
function loop.watch(client)
  if client:pending() == 0 or ngx.get_phase() == "init" then
    return
  end
  clients[client] = true
  if stepping then
    work:post(1)
  else
    local fine, problem = begin_stepping()
    if not fine then
      loop.report("ngrok: nginx gives no timer (see lua_max_pending_timers): " .. tostring(problem))
    end
  end
end

--- Returns once the request is done; the worker serves others meanwhile. Before there are workers nobody is
-- kept waiting, and the call simply blocks.
-- @tparam table client
-- @tparam table request
function loop.wait(client, request)
  if ngx.get_phase() == "init" then
    return block.wait(client, request)
  end
  local done = semaphore.new()
  request:notify(function()
    done:post(1)
  end)
  loop.watch(client)
  while not request:done() do
    local woken = done:wait(stepping and longest_sleep or shortest_pause)
    if not woken and not stepping and not begin_stepping() then
      step(client)
    end
  end
end

--- Runs a function in a light thread, where there are any.
-- @tparam function fn
-- @treturn boolean whether it went well so far
-- @treturn any its error
function loop.spawn(fn)
  if not can_yield[ngx.get_phase()] then
    return block.spawn(fn)
  end
  local thread, problem = ngx.thread.spawn(fn)
  return thread ~= nil and thread ~= false, problem
end

--- Why nobody can wait here, if so.
-- @treturn ?string
function loop.refusal()
  local phase = ngx.get_phase()
  if phase ~= "init" and not can_yield[phase] then
    return ("nginx cannot wait in its %s phase: pass on_done, or call it from ngx.timer.at(0, ...)")
      :format(phase)
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
