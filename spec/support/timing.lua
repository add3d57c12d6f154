--- Waits for conditions, never for time: each wait ends with its condition or with an error.
local busted = require "busted"

local timing = {}

-- How many times as long everything takes: valgrind sets it, for one.
local slowness = tonumber(os.getenv "SPEC_TIME_SCALE") or 1

local longest = 10 * slowness -- seconds; what is waited for takes milliseconds

--- A span of time within which a spec wants something of ours done that takes a fraction of it.
---@param seconds number
---@return number seconds, more of them where everything is slower
function timing.scaled(seconds)
  return seconds * slowness
end

--- Seconds of wall time.
timing.now = busted.monotime

--- Steps a client until a condition holds.
---@param client table
---@param condition function
---@param max_wait? number for each step (0.02)
function timing.step_until(client, condition, max_wait)
  local start = timing.now()
  while not condition() do
    if timing.now() - start > longest then
      error("waited too long for a condition", 2)
    end
    client:step(max_wait or 0.02)
  end
end

--- Lets time pass until a condition holds.
---@param condition function
function timing.wait_until(condition)
  local start = timing.now()
  while not condition() do
    if timing.now() - start > longest then
      error("waited too long for a condition", 2)
    end
    busted.sleep(0.005)
  end
end

--- Keeps the processor busy, as a host does that does not come to step its clients.
---@param seconds number
function timing.be_busy(seconds)
  local start = timing.now()
  repeat until timing.now() - start >= seconds
end

return timing
