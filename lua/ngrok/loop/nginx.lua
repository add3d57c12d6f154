--- The loop of nginx and OpenResty. nginx cannot watch a foreign descriptor from Lua. So one of the light
-- threads that wait in a worker polls the clients and wakes the others. Where none waits, a timer polls.
local attendance = require "ngrok.loop.attendance"
local block = require "ngrok.loop.block"
local timers = require "ngrok.loop.nginx_timers"
local stepping = require "ngrok.loop.nginx_stepping"
local suspension = require "ngrok.loop.suspension"

local loop = {}

-- https://github.com/openresty/lua-resty-core/blob/master/lib/ngx/semaphore.md
local can_yield = {
  server_rewrite = true, rewrite = true, access = true, content = true, timer = true, preread = true,
  ssl_cert = true,
}

-- Stock nginx never resumes a handshake that was suspended in these phases.
if ngx.config.nginx_configure():find("openresty", 1, true) then
  can_yield.ssl_client_hello, can_yield.ssl_session_fetch = true, true
end

-- The phases before nginx's loop starts and after it ends. A call that blocks there delays no other.
local without_loop = { init = true, exit_worker = true }

-- The state of the timer that polls where no call waits: nil, "queued" or "running".
local timer

local begin_timer

local function step_until_attended()
  local sleeper = stepping.join()
  repeat
    stepping.lead(sleeper)
  until not stepping.has_unattended() or timers.are_short()
  stepping.leave(sleeper)
end

-- Ends when other jobs are short of timers, as nginx may have only one timer left.
local function run_timer()
  timer = "running"
  local fine, err = pcall(step_until_attended)
  timer = nil
  if not fine then
    loop.report("ngrok: a timer failed: " .. tostring(err))
    ngx.sleep(1) -- the next one may fail at once, too
  end
  begin_timer()
end

function begin_timer()
  if not timer and stepping.has_unattended() then
    timer = "queued"
    timers.add(run_timer)
  end
end

--- New work has come, or the last has ended without a step.
---@param client table
---@param attended? boolean whether its caller is about to wait for it
function loop.watch(client, attended)
  if not without_loop[ngx.get_phase()] then
    stepping.watch(client, attended)
    begin_timer()
  end
end

local function attend(client, request)
  local fine, err = attendance.attend(client, request)
  if not fine then
    stepping.report(client, err) -- the next attempt may go well
  end
end

--- Returns once the request is done; the worker serves others meanwhile. Where there is no loop it simply
--- blocks.
---@param client table
---@param request table
function loop.wait(client, request)
  if without_loop[ngx.get_phase()] then
    return block.wait(client, request)
  end
  local sleeper, wake = stepping.join()
  attendance.join(request, wake)
  attend(client, request)
  while not request:done() do
    stepping.follow(sleeper)
    attend(client, request)
  end
  attendance.leave(request, wake)
  stepping.leave(sleeper)
end

--- Runs a function in a timer; at once where there are none.
---@param fn function
---@param on_not_started? function called instead, with the reason, where nginx starts no timer
---@return boolean # whether it went well so far
---@return any err
function loop.spawn(fn, on_not_started)
  if without_loop[ngx.get_phase()] then
    return pcall(fn)
  end
  timers.add(fn, on_not_started)
  return true
end

--- Why a call cannot wait here, if so.
---@return string?
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

--- Why a callback that is set here would never be called, if so.
---@return string?
function loop.callback_refusal()
  local phase = ngx.get_phase()
  if without_loop[phase] then
    return ("nginx runs no callbacks in its %s phase: call without on_done, which blocks there"):format(phase)
  end
end

--- The client is about to be closed.
---@param client table
function loop.release(client)
  stepping.release(client)
end

--- Logs an error that no other code handles.
---@param text string
function loop.report(text)
  ngx.log(ngx.ERR, text)
end

return loop
