--- libuv's loop, as luv has it, run until it ends by itself.
local timing = require "spec.support.timing"
local uv = require "luv"

local libuv = {}

local longest = 5 -- seconds; what a loop runs for takes a fraction of one

--- Runs a function in a new coroutine, as programs do in such a loop.
---@param fn function
function libuv.go(fn)
  local fine, err = coroutine.resume(coroutine.create(fn))
  if not fine then
    error(err, 0)
  end
end

--- Runs the loop until nothing holds it open any more.
function libuv.run()
  local guard, expired = uv.new_timer(), false
  uv.update_time() -- as the loop knows it, it may be when it ran last
  guard:start(timing.scaled(longest) * 1000, 0, function()
    expired = true
    uv.stop()
  end)
  guard:unref()
  uv.run()
  if not guard:is_closing() then
    guard:close()
  end
  uv.run("nowait") -- calls what waits for handles to be closed
  if expired then
    error("something held the loop open", 2)
  end
end

--- Handles that are not closed.
---@return integer
function libuv.handles()
  local count = 0
  uv.walk(function(handle)
    count = count + (handle:is_closing() and 0 or 1)
  end)
  return count
end

--- Calls a function later, from an event of the loop.
---@param milliseconds number
---@param fn function
function libuv.after(milliseconds, fn)
  local timer = uv.new_timer()
  timer:start(milliseconds, 0, function()
    timer:close()
    fn()
  end)
end

--- Calls a function again and again, from events of the loop.
---@param milliseconds number
---@param fn function
---@return function that ends it
function libuv.every(milliseconds, fn)
  local timer = uv.new_timer()
  timer:start(milliseconds, milliseconds, fn)
  return function()
    timer:close()
  end
end

--- Lets a 1 ms timer tick until it is told to stop.
---@return function that stops it and returns how often it has ticked
function libuv.tick()
  local ticks = 0
  local stop = libuv.every(1, function()
    ticks = ticks + 1
  end)
  return function()
    stop()
    return ticks
  end
end

return libuv
