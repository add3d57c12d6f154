--- growth.lua BUILD NAME=INTERPRETER ...: prints what one item of a walk and one request take, by how many
--- there are, a line each:
---
---   SERIES LUA SIZE MICROSECONDS BYTES
---
--- See growing.lua for the series. Microseconds are of the processor, the median of five runs.
local contest = require "bench.contest"
local server = require "bench.server"
local shell = require "ngrok.emulator.shell"

local runs = 5

local series = {
  { name = "items", sizes = { 1000, 10000, 100000, 1000000 } },
  { name = "pending", sizes = { 1, 10, 100, 1000, 10000, 20000 } },
  { name = "connections", sizes = { 1, 10, 100, 1000 } },
  { name = "clients", sizes = { 1, 10, 100, 1000 } },
}

local function run(lua, account, name, size)
  local words = contest.words(lua, { lua.interpreter, "bench/growing.lua", name, tostring(size),
    account.base_url, account.key, account.path })
  local fine, output = shell.run(shell.command(words))
  local microseconds, bytes = output:match "^(%S+) (%S+)%s*$"
  assert(fine and microseconds, output)
  return tonumber(microseconds), tonumber(bytes)
end

local luas = contest.luas(...)
local times, memory, names = {}, {}, {}

local function note(name, microseconds, bytes)
  if not times[name] then
    names[#names + 1], times[name] = name, {}
  end
  table.insert(times[name], microseconds)
  memory[name] = bytes
end

-- All sizes in turn, so that what slows the machine down for a while slows down each of them.
server.run(function(account)
  for _ = 1, runs do
    for _, one in ipairs(series) do
      for _, lua in ipairs(luas) do
        for _, size in ipairs(one.sizes) do
          note(("%s %s %d"):format(one.name, lua.name, size), run(lua, account, one.name, size))
        end
      end
    end
  end
end, { late = 0.5, connections = 4096 })

for _, name in ipairs(names) do
  print(("%s %.2f %.0f"):format(name, contest.median(times[name]), memory[name]))
end
