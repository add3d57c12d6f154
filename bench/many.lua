--- Ours: 64 requests at once, which read a credential (GET) or create one (POST). The method comes before the
--- arguments in measure.lua. CURL_CA_BUNDLE has the certificates to trust.
local native = require "bench.native"
local ngrok = require "ngrok"

local method, base_url, key, user_agent, path, warm_up, count = ...
local client = assert(ngrok.client {
  base_url = base_url, api_key = key, user_agent = user_agent, ca_file = os.getenv "CURL_CA_BUNDLE",
  rate_limit = false, -- the server has none, and the base waits for nothing
  max_in_flight = 64, timeout = 600,
})
local id, found = path:match "[^/]+$", 0

local options = { on_done = function(credential, err)
  found = found + (assert(credential, err).id and 1 or 0)
end }

local function run(times)
  for _ = 1, times do
    if method == "GET" then
      client.credentials:get(id, options)
    else
      client.credentials:create({ description = "bench", metadata = "{}" }, options)
    end
  end
  while client:pending() > 0 do
    client:step()
  end
end

run(tonumber(warm_up))
found = 0
local wall, cpu = native.now()
run(tonumber(count))
local wall_after, cpu_after = native.now()
print(("%.1f %.1f %d"):format(wall_after - wall, cpu_after - cpu, found))
