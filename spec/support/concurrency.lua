--- Requests that meet at the server, so that it shows how many a client has under way at once.
local timing = require "spec.support.timing"

local concurrency = {}

local gathering = 1.5 -- seconds within which a client on a busy machine sends as many requests as it may
local service = 0.005

--- Has an emulator in nginx take its time: the first requests stay until all that may come have come.
---@param emu table
---@param cap integer how many may be there at once
---@param count integer of requests in all
function concurrency.hold(emu, cap, count)
  emu:misbehave { kind = "delay", seconds = timing.scaled(gathering), count = cap }
  emu:misbehave { kind = "delay", seconds = service, count = count - cap }
end

--- How many requests were with an emulator in nginx at once.
---@param emu table
---@return integer
function concurrency.peak(emu)
  local most = 0
  for _, request in ipairs(emu:requests()) do
    most = math.max(most, request.simultaneous)
  end
  return most
end

return concurrency
