--- growing.lua SERIES SIZE BASE_URL KEY PATH: prints the microseconds of processor time that one item or one
--- request takes at a size, and the bytes of memory. PATH is that of a credential.
local native = require "bench.native"
local ngrok = require "ngrok"

local name, size, base_url, key, path = ...
size = tonumber(size)
local id = path:match "[^/]+$"
local timed = 2000 -- requests, at least

local function new_client(options)
  options.api_key, options.base_url = key, base_url .. (options.base_url or "")
  options.timeout, options.max_wait = 600, 600
  if options.rate_limit == nil then
    options.rate_limit = false
  end
  return assert(ngrok.client(options))
end

-- Of Lua and of C. LuaJIT has memory of its own, which malloc does not know.
local function bytes()
  collectgarbage()
  collectgarbage()
  return native.allocated() + (rawget(_G, "jit") and collectgarbage "count" * 1024 or 0)
end

-- Microseconds of processor time that each of `count` takes.
local function time(count, work)
  local _, before = native.now()
  work()
  local _, after = native.now()
  return (after - before) / count
end

local function get(client)
  assert(client.credentials:get(id))
end

-- `prefix` of a path that the server is late at.
local function begin(client, count, prefix)
  local options = { on_done = function(value, err) assert(value, err) end }
  for _ = 1, count do
    if prefix then
      client:request("GET", prefix .. path, options)
    else
      client.credentials:get(id, options)
    end
  end
end

local function finish(client)
  while client:pending() > 0 do
    client:step()
  end
end

local series = {}

--- Items of a walk. The memory is that of the whole walk before its last page.
function series.items()
  local client = new_client { base_url = "/items/" .. size }
  for _ in new_client({ base_url = "/items/1000" }).credentials:list() do end -- what a first walk loads
  local before, held, count = bytes(), 0, 0
  local function walk()
    for _ in client.credentials:list() do
      count = count + 1
      if count == size - 100 then
        held = bytes() - before
      end
    end
  end
  local microseconds = time(size, walk)
  assert(count == size)
  return microseconds, held
end

--- Requests that are under way on a client at the same time. The memory is that of one of them.
function series.pending()
  local client = new_client { max_in_flight = 64 }
  begin(client, 64)
  finish(client)
  local before = bytes()
  begin(client, size)
  local each = (bytes() - before) / size
  finish(client)
  local rounds = math.ceil(timed / size)
  return time(rounds * size, function()
    for _ = 1, rounds do
      begin(client, size)
      finish(client)
    end
  end), each
end

-- Opens a connection for each.
local function fill(client)
  begin(client, size, "/late")
  finish(client)
end

--- Connections that a client keeps. The memory is that of one of them.
function series.connections()
  local client = new_client { max_in_flight = size }
  get(client)
  local before = bytes()
  fill(client)
  local each = (bytes() - before) / size
  for _ = 1, 100 do
    get(client)
  end
  return time(timed, function()
    for _ = 1, timed do
      get(client)
    end
  end), each
end

--- Clients with one key. The memory is that of one of them, with its connection.
function series.clients()
  local clients = {}
  get(new_client { rate_limit = { requests = 1e6 } })
  local before = bytes()
  for index = 1, size do
    clients[index] = new_client { rate_limit = { requests = 1e6 } }
    get(clients[index])
  end
  local each = (bytes() - before) / size
  local rounds = math.ceil(timed / size)
  return time(rounds * size, function()
    for _ = 1, rounds do
      for index = 1, size do
        get(clients[index])
      end
    end
  end), each
end

local microseconds, each = series[name]()
print(("%.2f %.0f"):format(microseconds, each))
