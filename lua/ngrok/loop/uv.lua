--- The loop of libuv: Neovim's own, or luv's. In Neovim everything is delivered where its API may be
-- called.
local block = require "ngrok.loop.block"
local usage_error = require "ngrok.usage_error"
local suspension = require "ngrok.loop.suspension"

local editor = rawget(_G, "vim")
local uv = editor and (editor.uv or editor.loop) or require "luv"

-- Absent in the editor's threads, which have no such API.
local schedule = editor and editor.schedule

-- Seconds that a timer sleeps at most. A request that becomes garbage ends without a notice, and the timer
-- holds the loop open until it finds out.
local longest_sleep = 1

local loop = {}

-- Programs may close all handles of a loop to end it. libuv aborts where such a handle is used again.
local function is_current(client, watch)
  return client.watching[loop] == watch and not watch.handle:is_closing()
end

local function close(handle)
  if not handle:is_closing() then
    handle:close()
  end
end

-- luv 1.44 crashes at the end of a program that closes a handle and does not run the loop again.
local function close_when_it_turns(handle)
  local turn = uv.new_timer()
  turn:start(0, 0, function()
    close(turn)
    close(handle)
  end)
end

local function stop_watching(client)
  local watch = client.watching[loop]
  if watch and not watch.handle:is_closing() then
    watch.handle:stop()
    if editor or uv.loop_mode() then
      close(watch.handle)
    else
      close_when_it_turns(watch.handle)
    end
  end
  client.watching[loop] = nil -- last: what an error has left half done is done by the next one
end

-- The descriptor becomes readable when time is up, too. Without one a timer is needed.
local function arm(client, watch)
  if watch.descriptor then
    if not watch.handle:is_active() then
      watch.handle:start("r", watch.on_event)
    end
    return
  end
  local seconds = math.min(client:timeout() or longest_sleep, longest_sleep)
  watch.handle:start(math.ceil(seconds * 1e3), longest_sleep * 1e3, watch.on_event)
end

-- Nothing holds the loop open, or the client alive, once no request is under way.
local function serve(client, watch)
  if is_current(client, watch) then
    client:advance(0)
  end
  if not is_current(client, watch) then
    close(watch.handle)
  elseif client:pending() == 0 then
    stop_watching(client)
  else
    arm(client, watch)
  end
end

local function begin_watching(client, descriptor)
  local handle, problem
  if descriptor then
    handle, problem = uv.new_poll(descriptor)
  else
    handle, problem = uv.new_timer()
  end
  if not handle then
    usage_error.raise("libuv cannot watch the client: " .. problem)
  end
  local watch = { handle = handle, descriptor = descriptor }
  -- Raises only where memory ran out; the next step tries again.
  watch.on_event = function()
    local fine, err = pcall(serve, client, watch)
    if not fine then
      pcall(client.report, client, err)
      client:wake()
    end
  end
  client.watching[loop] = watch
  arm(client, watch)
end

--- New work has come, or the last has ended without an event of the loop.
---@param client table
function loop.watch(client)
  local watch = client.watching[loop]
  if client:pending() == 0 then
    return stop_watching(client)
  end
  local descriptor = client:pollfd()
  if watch and watch.descriptor == descriptor and is_current(client, watch) then
    return arm(client, watch)
  end
  stop_watching(client) -- after a fork the client has another descriptor
  begin_watching(client, descriptor)
end

-- In an event of the loop the editor's API cannot be called, so a program's function waits until it can.
local function run(fn)
  if schedule and editor.in_fast_event() then
    schedule(fn)
  else
    fn()
  end
end

--- Returns once the request is done; other coroutines and the loop go on meanwhile.
---@param client table
---@param request table
function loop.wait(client, request)
  loop.watch(client)
  suspension.wait(client, request, run)
end

--- Runs a function in a new coroutine.
---@param fn function
---@return boolean # whether it went well so far
---@return any err
function loop.spawn(fn)
  if schedule and editor.in_fast_event() then
    schedule(coroutine.wrap(fn))
    return true
  end
  return block.spawn(fn)
end

--- Why a call cannot wait here, if so.
---@param client table
---@return string?
function loop.refusal(client)
  return suspension.refusal(("waiting here would %s: call it in a coroutine, or pass on_done, "
    .. "or wait = false"):format(editor and "freeze the editor" or "stop the loop"),
    function() suspension.turn(client, run) end)
end

--- The client's descriptor is about to be closed.
---@param client table
loop.release = stop_watching

if schedule then
  --- Shows the user an error that no other code handles.
  ---@param text string
  function loop.report(text)
    run(function()
      editor.notify(text, editor.log.levels.ERROR)
    end)
  end
end

return loop
