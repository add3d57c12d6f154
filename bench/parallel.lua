--- How long a parallel walk over 10,000 credentials takes, and how many requests, beside the plain walk: each
--- response comes 100 ms after its request, from an account in this process. Prints the ratios.
local ngrok = require "ngrok"
local timeline = require "spec.support.timeline"
local uv = require "luv"

local latency = 100 -- milliseconds
local count = 10000

local state = 1
local account = timeline.new(timeline.times(count, function()
  state = state * 16807 % 2147483647
  return state % 120
end))

local client = assert(ngrok.client {
  api_key = "key", rate_limit = false, loop = "uv",
  transport = function(attempt, done)
    local timer = uv.new_timer()
    timer:start(latency, 0, function()
      timer:close()
      done(account(attempt))
    end)
  end,
})

-- Seconds and requests of one walk.
local function measure(parallel)
  local begun, requests, found = uv.hrtime(), account.requests, 0
  coroutine.wrap(function()
    for _ in client.credentials:list { parallel = parallel } do
      found = found + 1
    end
  end)()
  uv.run()
  assert(found == count)
  return (uv.hrtime() - begun) / 1e9, account.requests - requests
end

local plain_seconds, plain_requests = measure(1)
print(("plain         %6.2f s  %4d requests"):format(plain_seconds, plain_requests))
for _, parallel in ipairs { 2, 4, 8, 16 } do
  local seconds, requests = measure(parallel)
  print(("parallel = %-2d %6.2f s  %4d requests  %.2f of the plain walk's time, %.2f of its requests"):format(
    parallel, seconds, requests, seconds / plain_seconds, requests / plain_requests))
end
