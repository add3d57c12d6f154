--- Ours: a walk over all credentials. See measure.lua for the arguments.
local measure = require "bench.measure"
local ngrok = require "ngrok"

local base_url, key, user_agent, _, warm_up, count = ...
local client = assert(ngrok.client {
  base_url = base_url, api_key = key, user_agent = user_agent,
  rate_limit = false, -- the server has none, and the base waits for nothing
})

measure(warm_up, count, function()
  local found = 0
  for credential in client.credentials:list() do
    found = found + (credential.id and 1 or 0)
  end
  return found
end)
