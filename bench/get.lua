--- Ours: one credential, read again and again. See measure.lua for the arguments.
local measure = require "bench.measure"
local ngrok = require "ngrok"

local base_url, key, user_agent, path, warm_up, count = ...
local client = assert(ngrok.client {
  base_url = base_url, api_key = key, user_agent = user_agent,
  rate_limit = false, -- the server has none, and the base waits for nothing
})
local id = path:match("[^/]+$")

measure(warm_up, count, function()
  local credential = assert(client.credentials:get(id))
  return credential.id == id and 1 or 0
end)
