--- Waits for conditions, never for time: each wait ends with its condition or with an error.
local busted = require "busted"

local patience = {}

-- How many times as long everything takes: valgrind sets it, for one.
local slowness = tonumber(os.getenv "SPEC_PATIENCE") or 1

local longest = 10 * slowness -- seconds; what is waited for takes milliseconds

--- A span of time within which a spec wants something of ours done that takes a fraction of it.
---@param seconds number
---@return number seconds, more of them where everything is slower
function patience.span(seconds)
  return seconds * slowness
end

--- Seconds of wall time.
patience.now = busted.monotime

--- Steps a client until a condition holds.
---@param client table
---@param condition function
---@param max_wait? number for each step (0.02)
function patience.step_until(client, condition, max_wait)
  local start = patience.now()
  while not condition() do
    if patience.now() - start > longest then
      error("waited too long for a condition", 2)
    end
    client:step(max_wait or 0.02)
  end
end

--- Lets time pass until a condition holds.
---@param condition function
function patience.wait_until(condition)
  local start = patience.now()
  while not condition() do
    if patience.now() - start > longest then
      error("waited too long for a condition", 2)
    end
    busted.sleep(0.005)
  end
end

--- Keeps the processor busy, as a host does that does not come to step its clients.
---@param seconds number
function patience.be_busy(seconds)
  local start = patience.now()
  repeat until patience.now() - start >= seconds
end

return patience
