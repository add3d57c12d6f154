--- The cases, and the programs that compete in each.
local shell = require "ngrok.emulator.shell"

local contest = {}

local user_agent = "ngrok-api-lua/bench"

-- A program is a script, `native` or `node`, with its first argument. `by_hand` is a script that gets one of
-- fetch.lua's functions by name. `units` is what one round of a program's work
-- is divided by: a GET is one, a walk has its pages. `wire` and `prefix` lead to the server, by HTTP if there
-- are none. Those that are `counted` are measured in instructions, too. `aims` are ratios to the base and to
-- the script by hand.
contest.cases = {
  {
    name = "get", counted = true, warm_up = 500, count = 2000,
    ours = { "get.lua" }, base = { native = "get" }, by_hand = "get_by_hand.lua", typescript = "get",
    path = function(account) return account.path end,
    units = function() return 1 end,
    credentials = function() return 1 end,
    aims = { ["lua-curl"] = { wall = 1.05, cpu = 1.15 } },
  },
  {
    name = "walk", counted = true, warm_up = 1, count = 1,
    ours = { "walk.lua" }, base = { "walk_by_hand.lua", "bare" },
    by_hand = "walk_by_hand.lua",
    path = function() return "/credentials" end,
    units = function(account) return account.page_count end,
    credentials = function(account) return account.credentials end,
    aims = { ["lua-curl"] = { wall = 1, cpu = 1 } },
  },
  {
    name = "get 64 at once", warm_up = 500, count = 4000,
    ours = { "many.lua", "GET" }, base = { native = "many", "GET" },
    path = function(account) return account.path end,
    units = function() return 1 end,
    credentials = function() return 1 end,
    aims = { base = { wall = 1.15 } },
  },
  {
    name = "create 200, 50 ms away", warm_up = 64, count = 200, wire = "http2", prefix = "/late",
    ours = { "many.lua", "POST" }, base = { native = "many", "POST" },
    path = function() return "/credentials" end,
    units = function() return 1 end,
    credentials = function() return 1 end,
    aims = { base = { wall = 1.1 } },
  },
}

--- What programs use instead of us, by the names in fetch.lua: what is always measured, and what PEERS=1
--- adds. One that is slow makes at most `count` requests.
contest.fetches = { { name = "lua-curl" } }
contest.more_fetches = {
  { name = "luasocket" }, { name = "lua-http" }, { name = "curl command", count = 50 },
}

--- Reads the command line: BUILD NAME=INTERPRETER ...
---@param build string the folder with what was built
---@param ... string each Lua's name and program
---@return table[] Luas: `name`, `interpreter`, `modules`, `bench`
function contest.luas(build, ...)
  local luas = {}
  for index, text in ipairs { ... } do
    local name, interpreter = text:match("^(.-)=(.+)$")
    assert(name, "no interpreter for " .. text)
    luas[index] = {
      name = name, interpreter = interpreter,
      modules = build .. "/" .. name, bench = build .. "/bench/" .. name,
    }
  end
  return luas
end

local function append(words, more)
  for _, word in ipairs(more) do
    words[#words + 1] = word
  end
end

--- The words of a command for what is to find our modules, the bench's and its own.
---@param lua table
---@param command string[]
---@param ca_file? string the certificates that it trusts
---@return string[]
function contest.words(lua, command, ca_file)
  local words = {
    "env", "LUA_PATH=./?.lua;;", ("LUA_CPATH=%s/?.so;;"):format(lua.bench),
    "CURL_CA_BUNDLE=" .. (ca_file or ""), "build-aux/with-lua", lua.modules,
  }
  append(words, command)
  return words
end

local function command(program, lua, arguments, options, ca_file)
  local words = contest.words(lua, options.under or {}, ca_file)
  if program.native then
    words[#words + 1] = lua.bench .. "/" .. program.native
    append(words, program)
  elseif program.node then
    append(words, { "node", "bench/" .. program.node })
    append(words, program)
  else
    words[#words + 1] = lua.interpreter
    append(words, options.flags or {})
    words[#words + 1] = "bench/" .. program[1]
    append(words, { program[2] })
  end
  append(words, arguments)
  return shell.command(words)
end

--- Runs a program once.
---@param case table
---@param program table `case.ours` and the like
---@param lua table
---@param account table from `server.run`
---@param options? table `warm_up` and `count` of rounds (default the case's); `prefix` path to put before the
---   case's; `under` words before the program; `flags` words for the interpreter
---@return number wall time, microseconds per unit
---@return number processor time, microseconds per unit
--- Raises: what went wrong, or that not all credentials were found
function contest.run(case, program, lua, account, options)
  options = options or {}
  local count = options.count or case.count
  local prefix = options.prefix or case.prefix or ""
  local line = command(program, lua, {
    account.base_urls[case.wire or "http"] .. prefix, account.key, user_agent, case.path(account),
    tostring(options.warm_up or case.warm_up), tostring(count),
  }, options, account.ca_file)
  local fine, output = shell.run(line)
  local wall, cpu, found = output:match("([%d.]+) ([%d.]+) (%d+)$")
  if not fine or tonumber(found) ~= count * case.credentials(account) then
    error(("%s\n%s"):format(line, output), 0)
  end
  local units = count * case.units(account)
  return tonumber(wall) / units, tonumber(cpu) / units
end

---@param values number[]
---@return number
function contest.median(values)
  local sorted = {}
  for index, value in ipairs(values) do
    sorted[index] = value
  end
  table.sort(sorted)
  local middle = math.floor((#sorted + 1) / 2)
  return #sorted % 2 == 1 and sorted[middle] or (sorted[middle] + sorted[middle + 1]) / 2
end

--- Prints a line. The figures are medians of the rounds. The ratio is the median of the rounds'
--- ratios: what slows the machine down for a while slows down both sides of a round.
---@param name string
---@param metric string
---@param ours number[] by round
---@param base number[] by round
---@param aim? number
function contest.report(name, metric, ours, base, aim)
  local ratios = {}
  for round, value in ipairs(ours) do
    ratios[round] = value / base[round]
  end
  local ratio = contest.median(ratios)
  print(("bench %s %s ours=%.1f base=%.1f ratio=%.3f%s"):format(name, metric, contest.median(ours),
    contest.median(base), ratio,
    aim and (" aim=%.2f%s"):format(aim, ratio > aim and " missed" or "") or ""))
  io.stdout:flush()
end

return contest
