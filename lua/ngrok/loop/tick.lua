--- The loop of a host that calls us: a game server steps the client each frame, by
-- `client:step(0)`, and that step delivers. Minutes may pass between two steps.
local block = require "ngrok.loop.block"
local suspension = require "ngrok.loop.suspension"

local tick = {
  -- The host's own step raises what callbacks raise, when all were called.
  raises = true,
  wait = suspension.wait,
  spawn = block.spawn,
}

--- Why a call cannot wait here, if so.
---@param client table
---@return string?
function tick.refusal(client)
  return suspension.refusal("waiting here would stop the host between two ticks: call it in a coroutine, "
    .. "or pass on_done, or wait = false", function() suspension.turn(client) end)
end

--- An idle client has new work; the next step finds it.
function tick.watch() end

return tick
