--- Commands for a server, from the process that started it: plain HTTP at a second port on the loopback
--- interface, with a key. The wire that is tested shows nothing of it, and its TLS and its faults do not
--- concern it.
local core = require "ngrok.core"
local json = require "ngrok.emulator.json"
local part = require "ngrok.part"

local control = {}
control.__index = control

local longest_wait = 10 -- seconds; a response takes about one millisecond
local most_bytes = 2 ^ 30 -- of a response: the requests that the server has seen, with their bodies

--- Prepares a connection. The first command opens it.
---@param base_url string of the control address
---@param key string
---@return table? control
---@return string? problem
function control.open(base_url, key)
  local curl, problem = part.load "ngrok.curl"
  local transport
  if curl then
    transport, problem = curl.new {
      base_url = base_url, api_key = key, user_agent = "ngrok-emulator", direct = true,
      connect_timeout = longest_wait, max_response_bytes = most_bytes, max_in_flight = 1,
    }
  end
  if not transport then
    return nil, problem
  end
  return setmetatable({
    client = core.client {
      base_url = base_url, api_key = key, transport = transport, max_response_bytes = most_bytes,
      max_in_flight = 1, limit_requests = 0, limit_window = 60,
    },
  }, control)
end

--- Sends a command and waits for its result.
---@param name string of a control, see `ngrok.emulator.exchange`
---@param argument any plain data or nil
---@return any # the result, or nil and a message
function control:ask(name, argument)
  local command = json.encode { name = name, argument = argument }
  local request = self.client:submit("POST", "/", command, longest_wait, longest_wait, 0)
  while not request:done() do
    self.client:step(longest_wait)
  end
  local taken = {}
  request:take(taken, true, nil, true)
  if not taken.value then
    local problem = taken.report.message or "unexpected response"
    return nil, "the emulator's server does not respond: " .. problem
  end
  return taken.value.result, taken.value.message
end

--- Closes the connection.
function control:close()
  self.client:close()
end

return control
