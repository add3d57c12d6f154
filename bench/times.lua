--- times.lua BUILD NAME=INTERPRETER ...: prints how long ours takes and how long the base.
--
-- All programs of a case run in turn, ROUNDS times (11).
local contest = require "bench.contest"
local server = require "bench.server"

local rounds = tonumber(os.getenv("ROUNDS") or 11)

local function has_lua_curl(case, lua, account)
  return case.by_hand ~= nil and (pcall(contest.run, case, case.by_hand, lua, account))
end

-- Each side goes first in every other round.
local function run_rounds(programs, run)
  local results = {}
  for index = 1, #programs do
    results[index] = { wall = {}, cpu = {} }
  end
  for round = 1, rounds do
    for step = 1, #programs do
      local index = round % 2 == 1 and step or #programs + 1 - step
      results[index].wall[round], results[index].cpu[round] = run(programs[index])
    end
  end
  return results
end

local function aim_of(case, beside, metric)
  return (case.aims and case.aims[beside] or {})[metric]
end

local function compete(case, lua, account)
  local name = case.name .. "/" .. lua.name
  local programs = { case.ours, case.base }
  if has_lua_curl(case, lua, account) then
    programs[3] = case.by_hand
  end
  local results = run_rounds(programs, function(program)
    return contest.run(case, program, lua, account)
  end)
  for _, metric in ipairs { "wall", "cpu" } do
    contest.report(name, metric .. "_us", results[1][metric], results[2][metric],
      aim_of(case, "base", metric))
    if results[3] then
      contest.report(name .. "/lua-curl", metric .. "_us", results[1][metric], results[3][metric],
        aim_of(case, "lua-curl", metric))
    end
  end
  if case.by_hand and not results[3] then
    print(("# %s: no Lua-cURL for this Lua (Debian has lua-curl for 5.1)"):format(name))
  end
end

local luas = contest.luas(...)

server.run(function(account)
  for _, case in ipairs(contest.cases) do
    for _, lua in ipairs(luas) do
      compete(case, lua, account)
    end
  end
end, { wires = { "http", "http2" }, pages_by = "http", late = 0.05 })
