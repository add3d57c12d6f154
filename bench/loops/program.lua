--- What runs in a host: one scenario, with a host's words for it.
--
-- A host has `loop`, the name of our adapter; `run(fn)` runs a function in a coroutine, and the loop until it
-- has returned; `go(fn)` begins another coroutine; `sleep(seconds)` suspends one; `every_millisecond(fn)`
-- returns what ends it. `attach(client)`, if it is to step clients; `tell(...)`, if not on stdout.
local meter = require "bench.loops.meter"
local native = require "bench.native"
local ngrok = require "ngrok"

local program = {}

local in_flight = 100
local requests = 4000
local asked_alone = 400
local observed = 1 -- seconds, by default

local function new_client(host, given, loop)
  local client = assert(ngrok.client {
    loop = loop, transport = "curl", base_url = given.base_url, api_key = given.key, ca_file = given.ca_file,
    max_in_flight = in_flight, max_retries = 0, rate_limit = false,
  })
  if loop == host.loop and host.attach then
    host.attach(client)
  end
  return client
end

-- ---- work ----------------------------------------------------------------------------------------------

local function ask_often(client, host, given)
  local open, problem = in_flight, nil
  local function ask()
    for _ = 1, requests / in_flight do
      local fine, err = client.credentials:get(given.id)
      problem = problem or not fine and err
    end
    open = open - 1
  end
  for _ = 1, in_flight do
    host.go(ask)
  end
  while open > 0 do
    host.sleep(0.002)
  end
  assert(not problem, problem)
end

local function list_all(client, _, given)
  local found = 0
  for credential in client.credentials:list() do
    found = found + (credential.id and 1 or 0)
  end
  assert(found == tonumber(given.credentials), "not all credentials were listed")
end

local works = { ask = ask_often, list = list_all }

-- ---- scenarios -----------------------------------------------------------------------------------------

local scenarios = {}

--- How late the ticker comes while a client of a kind works: "ours", "blocking" or "none".
function scenarios.stall(host, given)
  local client
  if given.client ~= "none" then
    client = new_client(host, given, given.client == "ours" and host.loop or "block")
  end
  local delays = meter.new()
  local stop = host.every_millisecond(function() delays:tick() end)
  host.sleep(0.02) -- the ticker ticks
  delays:restart()
  if client then
    works[given.work](client, host, given)
  else
    host.sleep(observed)
  end
  host.sleep(0.003) -- it tells of what was last
  stop()
  if client then
    client:close()
  end
  return ("longest=%.3f p99=%.3f"):format(delays:read())
end

local function time_of(client, given)
  local begun = native.now()
  assert(client.credentials:get(given.id))
  return native.now() - begun
end

local function median(values)
  table.sort(values)
  return values[math.ceil(#values / 2)]
end

--- How long one request takes, by the adapter and by a client that blocks, in turn.
function scenarios.latency(host, given)
  local ours, blocking = new_client(host, given, host.loop), new_client(host, given, "block")
  local times = { ours = {}, blocking = {} }
  for index = 1, asked_alone do
    times.ours[index] = time_of(ours, given)
    times.blocking[index] = time_of(blocking, given)
  end
  ours:close()
  blocking:close()
  return ("ours=%.4f blocking=%.4f"):format(median(times.ours) / 1e3, median(times.blocking) / 1e3)
end

--- How much of a processor goes while one request waits for its response, or while nothing is asked.
function scenarios.idle(host, given)
  local client = given.client == "ours" and new_client(host, given, host.loop)
  local wall, cpu = native.now()
  if client then
    assert(client.credentials:get(given.id))
    client:close()
  else
    host.sleep(tonumber(given.late))
  end
  local wall_after, cpu_after = native.now()
  assert(wall_after - wall >= given.late * 0.99e6, "the response came too early")
  return ("percent=%.4f"):format((cpu_after - cpu) / (wall_after - wall) * 100)
end

local function parse(text)
  local given = {}
  for name, value in text:gmatch "([^&=]+)=([^&]*)" do
    given[name] = value
  end
  return given
end

--- Runs a scenario and tells what came of it: NAME=NUMBER ...
---@param host table
---@param text string NAME=VALUE&...: `scenario`, `base_url`, `ca_file`, `key`, `id` of a credential,
---   `credentials` how many there are; `client` and `work` of a stall; `client`, `late` of an idle one
function program.run(host, text)
  local given = parse(text)
  host.run(function()
    local fine, said = pcall(scenarios[given.scenario], host, given)
    local tell = host.tell or io.write
    tell(fine and said or "failed: " .. tostring(said), "\n")
  end)
end

return program
