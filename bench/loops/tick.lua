--- A host that does nothing but turn and step its client in each turn.
local native = require "bench.native"

local host = { loop = "tick" }

local clients, alarms = {}, {}

local function resume(thread)
  assert(coroutine.resume(thread))
end

local function at(moment, call)
  alarms[#alarms + 1] = { at = moment, call = call }
end

local function call_due(now)
  local all = alarms
  alarms = {}
  for _, alarm in ipairs(all) do
    if alarm.at <= now then
      alarm.call()
    else
      alarms[#alarms + 1] = alarm
    end
  end
end

function host.attach(client)
  clients[#clients + 1] = client
end

function host.go(fn)
  resume(coroutine.create(fn))
end

function host.sleep(seconds)
  local thread = coroutine.running()
  at(native.now() + seconds * 1e6, function() resume(thread) end)
  coroutine.yield()
end

function host.every_millisecond(fn)
  local ended = false
  local function tick()
    if not ended then
      fn()
      at(native.now() + 1e3, tick)
    end
  end
  tick()
  return function() ended = true end
end

function host.run(fn)
  local thread = coroutine.create(fn)
  resume(thread)
  while coroutine.status(thread) ~= "dead" do
    for _, client in ipairs(clients) do
      client:step(0)
    end
    call_due(native.now())
  end
end

return host
