--- Waits for conditions, never for time: each wait ends with its condition or with an error.
local busted = require "busted"

local patience = {}

local longest = 10 -- seconds; what is waited for takes milliseconds

--- Seconds of wall time.
patience.now = busted.monotime

--- Steps a client until a condition holds.
-- @tparam table client
-- @tparam function condition
-- @tparam ?number max_wait for each step (0.02)
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
-- @tparam function condition
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
-- @tparam number seconds
function patience.be_busy(seconds)
  local start = patience.now()
  repeat until patience.now() - start >= seconds
end

return patience
