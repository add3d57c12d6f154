--- An ngrok account in memory, with the resources that are described in `ngrok.api`: for unit tests without a
--- network, and, in a real server, for tests of real HTTP.
local usage_error = require "ngrok.usage_error"

local emulator = {}

local function refuse_colon(given, name)
  if given == emulator then
    usage_error.raise(("call emulator.%s with a dot, not with a colon"):format(name))
  end
end

--- Makes an emulator in this process. It is a transport: `ngrok.client{ transport = emulator.new() }`.
---@param options? ngrok.EmulatorOptions
---@return ngrok.Emulator
--- Raises: names an option that is unknown or wrong
function emulator.new(options)
  refuse_colon(options, "new")
  return require("ngrok.emulator.local_host").new(options)
end

--- Starts an emulator as a server, in nginx with its Lua module. The URIs in its responses name the host
--- that a request names. It ends with `stop`, when it is collected, or when this process ends.
---@param options? ngrok.EmulatorServerOptions
---@return ngrok.Emulator? emulator nil where it cannot be started
---@return string? problem what is missing, or what nginx or openssl says
--- Raises: names an option that is unknown or wrong
function emulator.start(options)
  refuse_colon(options, "start")
  return require("ngrok.emulator.server").start(options)
end

return emulator
