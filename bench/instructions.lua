--- instructions.lua BUILD NAME=INTERPRETER ...: prints how many instructions ours and the base spend,
-- as bench/callgrind.lua counts them.
--
-- Only what lies between a program's two looks at its stopwatch counts. A figure is the median of
-- three runs: Lua gives its strings other hashes in each. LuaJIT is counted with its compiler and, as
-- luajit-joff, with its interpreter alone.
local callgrind = require "bench.callgrind"
local contest = require "bench.contest"
local server = require "bench.server"

local runs = 3

-- Few enough to wait for.
local counts = { get = 1000, walk = 1 }

-- Whether a response is there when libcurl first looks for it is for the machine's other work to
-- decide, and changes the count by a tenth. Responses that take some milliseconds never are.
local prefixes = { get = "/paced", walk = "" }

local function instructions(case, program, lua, account)
  local path, count = account.directory .. "/callgrind", counts[case.name]
  contest.run(case, program, lua, account, {
    count = count, prefix = prefixes[case.name],
    under = callgrind.words(path),
    flags = lua.flags,
  })
  return callgrind.read(path, 2) / (count * case.units(account))
end

local function without_compiler(lua)
  local copy = { name = lua.name .. "-joff", flags = { "-joff" } }
  return setmetatable(copy, { __index = lua })
end

local luas = {}
for _, lua in ipairs(contest.luas(...)) do
  luas[#luas + 1] = lua
  if lua.name == "luajit" then
    luas[#luas + 1] = without_compiler(lua)
  end
end

server.run(function(account)
  for _, case in ipairs(contest.cases) do
    for _, lua in ipairs(case.counted and luas or {}) do
      local ours, base = {}, {}
      for run = 1, runs do
        ours[run] = instructions(case, case.ours, lua, account)
        base[run] = instructions(case, case.base, lua, account)
      end
      contest.report(case.name .. "/" .. lua.name, "instructions", ours, base)
    end
  end
end, { wires = { "http" }, pages_by = "http" })
