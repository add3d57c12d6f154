--- How the timer of `ngrok.loop.nginx` sleeps: it looks again after a tenth of the time that it has waited
-- already, so that it adds no more than that, and seldom where responses take long.
local semaphore = require "ngx.semaphore"

local pauses = {}
pauses.__index = pauses

-- Seconds between two looks.
local shortest, longest = 0.001, 0.02
local share_of_wait = 0.1

--- @treturn table
function pauses.new()
  return setmetatable({ since = ngx.now(), woken = semaphore.new() }, pauses)
end

--- Sleeps until it is time to look again, or somebody wakes it.
-- @tparam number seconds until one must look
-- @tparam boolean progress whether the last look was of use
function pauses:sleep(seconds, progress)
  if progress or seconds == 0 then
    self.since = ngx.now()
  end
  local pause = (ngx.now() - self.since) * share_of_wait
  if self.woken:wait(math.max(shortest, math.min(pause, longest))) then
    self.since = ngx.now()
  end
  ngx.update_time()
end

function pauses:wake()
  self.woken:post(1)
end

return pauses
