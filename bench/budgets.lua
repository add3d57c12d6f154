--- budgets.lua BUILD NAME=INTERPRETER ...: measures what bench/budgets.txt has figures of, and fails where
-- one has grown by more than 3 %. With BUDGETS=write it writes the file first.
--
-- No figure is of time. Instructions repeat on a busy machine. Those of programs that use libcurl are divided
-- by those of a base in the same run, as libc picks other functions on other processors. Bytes are as Lua
-- counts them. LuaJIT runs with its compiler off, as what it compiles differs from run to run. Lua hashes
-- strings by the time of day, which is worth a percent or two. So what seems to have grown is measured again,
-- twice at most, and the least counts.
local callgrind = require "bench.callgrind"
local contest = require "bench.contest"
local server = require "bench.server"
local shell = require "ngrok.emulator.shell"

local path = "bench/budgets.txt"
local tolerance = 1.03

local figures, names = {}, {}

local function note(name, value)
  if not figures[name] then
    names[#names + 1] = name
  end
  figures[name] = math.min(value, figures[name] or math.huge)
end

local function run(words)
  local fine, output = shell.run(shell.command(words))
  assert(fine, output)
  return output
end

local function append(words, more)
  for _, word in ipairs(more) do
    words[#words + 1] = word
  end
  return words
end

local flags = { luajit = { "-joff" } }

-- The words of a command for a script of the bench.
local function script(lua, under, arguments)
  local words = contest.words(lua, under)
  append(words, { lua.interpreter })
  append(words, flags[lua.name] or {})
  return append(words, arguments)
end

local rounds = { get = { warm_up = 20, count = 300, prefix = "/paced" }, walk = { warm_up = 1, count = 1 } }

local function instructions(case, program, lua, account)
  local options, out = rounds[case.name], account.directory .. "/callgrind"
  contest.run(case, program, lua, account, {
    warm_up = options.warm_up, count = options.count, prefix = options.prefix, under = callgrind.words(out),
    flags = flags[lua.name],
  })
  return callgrind.read(out, 2)
end

-- In bare libcurl's, for a walk with bare cjson.
local function measure_requests(luas, account)
  for _, case in ipairs(contest.cases) do
    for _, lua in ipairs(case.counted and luas or {}) do
      local base = instructions(case, case.base, lua, account)
      local ours = instructions(case, case.ours, lua, account)
      note(("%s/%s in bare requests"):format(case.name, lua.name), ours / base)
    end
  end
end

-- See bench/calls.lua.
local function measure_calls(lua, account)
  local count, out = 1000, account.directory .. "/callgrind"
  run(script(lua, callgrind.words(out), { "bench/calls.lua", tostring(count) }))
  local refused, plain, hooked = callgrind.read(out, 2), callgrind.read(out, 4), callgrind.read(out, 6)
  note(("a refused input/%s in instructions"):format(lua.name), refused / count)
  note(("an event hook/%s in instructions a call"):format(lua.name), (hooked - plain) / count)
end

local function measure_limiter(lua, account)
  local count, out = 10000, account.directory .. "/callgrind"
  run(append(callgrind.words(out), { lua.bench .. "/limiter", tostring(count) }))
  note("a limiter's reservation in instructions", callgrind.read(out, 2) / count)
end

-- See bench/memory.lua.
local function measure_memory(lua)
  local bytes = {}
  local output = run(script(lua, {}, { "bench/memory.lua" }))
  for name, value in output:gmatch "(%S+) (%S+)\n?" do
    bytes[name] = tonumber(value)
  end
  note(("a kept credential/%s in cjson's tables"):format(lua.name),
    bytes.credential / bytes["credential-cjson"])
  note(("a client/%s in bytes"):format(lua.name), bytes.client)
  note(("a service/%s in bytes"):format(lua.name), bytes["client-with-service"] - bytes.client)
  note(("a request in flight/%s in bytes"):format(lua.name), bytes.request)
end

local function write()
  local file = assert(io.open(path, "w"))
  for _, name in ipairs(names) do
    file:write(("%.3f %s\n"):format(figures[name], name))
  end
  file:close()
end

local function read()
  local budgets = {}
  for line in io.lines(path) do
    local value, name = line:match "^(%S+) (.*)$"
    budgets[name] = tonumber(value)
  end
  return budgets
end

local function has_grown(budgets, name)
  return figures[name] > tolerance * assert(budgets[name], "no budget: " .. name)
end

local function any_has_grown(budgets)
  for _, name in ipairs(names) do
    if has_grown(budgets, name) then
      return true
    end
  end
  return false
end

local function compare(budgets)
  local grown = 0
  for _, name in ipairs(names) do
    local grew = has_grown(budgets, name)
    grown = grown + (grew and 1 or 0)
    print(("budget %s: %.3f, was %.3f%s"):format(name, figures[name], budgets[name],
      grew and " GREW: find out why; BUDGETS=write make bench-budgets writes new figures" or ""))
  end
  print(("%d passed, %d failed"):format(#names - grown, grown)) -- as build-aux/tally reads it
  return grown == 0
end

local luas = contest.luas(...)

server.run(function(account)
  local writes, round = os.getenv "BUDGETS" == "write", 0
  repeat
    measure_requests(luas, account)
    measure_limiter(luas[1], account)
    for _, lua in ipairs(luas) do
      measure_calls(lua, account)
      measure_memory(lua)
    end
    round = round + 1
  until round == 3 or not (writes or any_has_grown(read()))
end, { wires = { "http" }, pages_by = "http" })

if os.getenv "BUDGETS" == "write" then
  write()
end
os.exit(compare(read()))
