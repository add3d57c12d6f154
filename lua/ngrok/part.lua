--- Loads the parts of the library that not every program needs, when a client is made.
local core = require "ngrok.core"

local part = {}

--- Like `require`, which reports a file that it cannot open as missing.
---@param name string
---@return any module nil where no file descriptor is free to read its file
---@return string? problem
function part.load(name)
  local fine, loaded = pcall(require, name)
  if not fine and core.starvation() then
    pcall(collectgarbage) -- clients that were never closed hold descriptors; finalizers may raise
    fine, loaded = pcall(require, name)
  end
  if fine then
    return loaded
  end
  local problem = core.starvation()
  if not problem then
    error(loaded, 0)
  end
  return nil, problem
end

return part
