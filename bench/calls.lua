--- calls.lua COUNT: calls that reach no network, COUNT times each, between looks at the stopwatch: a refused
-- one, one through a transport in Lua, and the same with an event hook.
local native = require "bench.native"
local ngrok = require "ngrok"

local count = tonumber((...))
local body = '{"id":"cr_1","description":"d","metadata":"m","acl":["bind:*.example.com"]}'

local function transport()
  return { status = 200, headers = { ["content-type"] = "application/json" }, body = body }
end

local function client(on_event)
  return assert(ngrok.client {
    api_key = "key_secret", transport = transport, rate_limit = false, on_event = on_event,
  }).credentials
end

local function run(credentials, id)
  for _ = 1, count do
    credentials:get(id)
  end
end

local plain, hooked = client(), client(function() end)
local calls = {
  function() run(plain, "no id") end,
  function() run(plain, "cr_1") end,
  function() run(hooked, "cr_1") end,
}

assert(plain:get("cr_1").id == "cr_1" and not plain:get("no id"))
for _, call in ipairs(calls) do
  call() -- and compiles it, where the Lua does
  collectgarbage()
  native.now()
  call()
  native.now()
end
