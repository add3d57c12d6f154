--- times.lua BUILD NAME=INTERPRETER ...: prints how long ours takes and how long the base.
--
-- All contestants of a case run in turn, ROUNDS times (11). PEERS=1 adds more of what people use instead.
local contest = require "bench.contest"
local server = require "bench.server"

local rounds = tonumber(os.getenv("ROUNDS") or 11)
local with_peers = os.getenv "PEERS" == "1"

-- What others write for the same work.
local function peers_of(case, lua)
  local peers = {}
  for _, list in ipairs { contest.fetches, with_peers and contest.more_fetches or {} } do
    for _, one in ipairs(case.by_hand and list or {}) do
      peers[#peers + 1] = {
        name = one.name, program = { case.by_hand, one.name },
        options = one.count and { warm_up = 0, count = math.min(one.count, case.count) },
      }
    end
  end
  if with_peers and case.typescript and lua.name == "lua5.4" then -- it needs no Lua, so it runs once
    peers[#peers + 1] = { name = "typescript", program = { node = "typescript.js", case.typescript } }
  end
  return peers
end

-- Those that run here. The others are named with what they say.
local function find_peers(case, lua, account)
  local found = {}
  for _, peer in ipairs(peers_of(case, lua)) do
    local fine, problem = pcall(contest.run, case, peer.program, lua, account, { warm_up = 0, count = 1 })
    if fine then
      found[#found + 1] = peer
    else
      print(("# %s/%s/%s is not measured: %s"):format(case.name, lua.name, peer.name,
        tostring(problem):match "[^\n]*\n([^\n]*)" or problem))
    end
  end
  return found
end

-- Each side goes first in every other round.
local function run_rounds(contestants, run)
  local results = {}
  for index = 1, #contestants do
    results[index] = { wall = {}, cpu = {} }
  end
  for round = 1, rounds do
    for step = 1, #contestants do
      local index = round % 2 == 1 and step or #contestants + 1 - step
      results[index].wall[round], results[index].cpu[round] = run(contestants[index])
    end
  end
  return results
end

local function aim_of(case, beside, metric)
  return (case.aims and case.aims[beside] or {})[metric]
end

local function compete(case, lua, account)
  local name = case.name .. "/" .. lua.name
  local peers = find_peers(case, lua, account)
  local contestants = { { program = case.ours }, { program = case.base } }
  for index, peer in ipairs(peers) do
    contestants[index + 2] = peer
  end
  local results = run_rounds(contestants, function(one)
    return contest.run(case, one.program, lua, account, one.options)
  end)
  for _, metric in ipairs { "wall", "cpu" } do
    contest.report(name, metric .. "_us", results[1][metric], results[2][metric],
      aim_of(case, "base", metric))
    for index, peer in ipairs(peers) do
      contest.report(name .. "/" .. peer.name, metric .. "_us", results[1][metric],
        results[index + 2][metric], aim_of(case, peer.name, metric))
    end
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
