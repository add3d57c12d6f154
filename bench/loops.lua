--- loops.lua BUILD NAME=INTERPRETER ...: prints how late a ticker comes in each host while our client works,
-- what an adapter adds to a request, and what waiting costs.
--
-- A figure is the median of ROUNDS rounds (3). In a round each host runs without a client, with ours, and
-- with one that blocks.
local contest = require "bench.contest"
local hosts = require "bench.loops.hosts"
local server = require "bench.server"

local rounds = tonumber(os.getenv "ROUNDS" or 3)
local late = 10 -- seconds that a request waits

local kinds = { "none", "ours", "blocking" }

-- What is aimed at: milliseconds that the ticker may come later than without a client (`above`), or at all,
-- milliseconds that an adapter may add, and percent of a processor.
local works = {
  { work = "ask", wire = "http", above = { p99 = 1 } },
  { work = "ask", wire = "https", above = { p99 = 2 } },
  { work = "ask", wire = "http2", above = { p99 = 2 } },
  { work = "list", wire = "http", aims = { longest = 8 } },
  { work = "list", wire = "https", aims = { longest = 8 } },
  { work = "list", wire = "http2", aims = { longest = 8 } },
}
local latency_aim, idle_aim = 0.3, 0.1
-- nginx watches no descriptor for Lua. So the adapter polls, and the shortest time that nginx sleeps is a
-- millisecond.
local latency_of_polling, idle_of_polling = 1.5, 1

local met, aimed_at = 0, 0

local function ask(host, account, given)
  given.key, given.credentials, given.id = account.key, account.credentials, account.path:match "[^/]+$"
  local words = {}
  for name, value in pairs(given) do
    words[#words + 1] = name .. "=" .. value
  end
  local output = host.run(table.concat(words, "&"))
  local found = {}
  for name, value in output:gmatch "(%w+)=([%d.]+)" do
    found[name] = tonumber(value)
  end
  if not next(found) or output:find "failed" then
    error(("%s, %s: %s"):format(host.name, table.concat(words, " "), output), 0)
  end
  return found
end

-- From {{p99=1, longest=2}, ...} the median of one.
local function median(results, name)
  local values = {}
  for index, result in ipairs(results) do
    values[index] = result[name]
  end
  return contest.median(values)
end

local function judge(value, aim)
  if not aim then
    return ""
  end
  local fine = value <= aim
  aimed_at, met = aimed_at + 1, met + (fine and 1 or 0)
  return (" aim=%g %s"):format(aim, fine and "met" or "MISSED")
end

-- `base` is the kind that ours is held against; nil where it is held against nothing.
local function report(name, metric, values, base, aim)
  local parts = {}
  for _, kind in ipairs(kinds) do
    if values[kind] then
      parts[#parts + 1] = ("%s=%.3f"):format(kind, values[kind])
    end
  end
  local judged = values.ours - (base and values[base] or 0)
  if base then
    parts[#parts + 1] = ("above=%.3f"):format(judged)
  end
  print(("bench %s %s %s%s"):format(name, metric, table.concat(parts, " "), judge(judged, aim)))
  io.stdout:flush()
end

-- ---- what is measured -----------------------------------------------------------------------------------

local function stalls(host, account, case)
  local results = { none = {}, ours = {}, blocking = {} }
  for round = 1, rounds do
    for _, kind in ipairs(kinds) do
      results[kind][round] = ask(host, account, {
        scenario = "stall", client = kind, work = case.work,
        base_url = account.base_urls[case.wire], ca_file = account.ca_file,
      })
    end
  end
  for _, metric in ipairs { "p99", "longest" } do
    local values = {}
    for kind, of_kind in pairs(results) do
      values[kind] = median(of_kind, metric)
    end
    local above, aims = case.above or {}, case.aims or {}
    report(("%s/%s/%s"):format(case.work, case.wire, host.name), metric .. "_ms", values,
      above[metric] and "none", above[metric] or aims[metric])
  end
end

local function latency(host, account)
  local results = {}
  for round = 1, rounds do
    results[round] = ask(host, account, {
      scenario = "latency", base_url = account.base_urls.http, ca_file = account.ca_file,
    })
  end
  local values = { ours = median(results, "ours"), blocking = median(results, "blocking") }
  local aim = host.name == "nginx" and latency_of_polling or latency_aim
  report("latency/http/" .. host.name, "median_ms", values, "blocking", aim)
end

-- Once, as it takes long. A tick's host is never idle.
local function idle(host, account)
  if host.name:find "^tick" then
    return
  end
  local values = {}
  for _, kind in ipairs { "none", "ours" } do
    values[kind] = ask(host, account, {
      scenario = "idle", client = kind, late = late,
      base_url = account.base_urls.http .. "/late", ca_file = account.ca_file,
    }).percent
  end
  local aim = host.name == "nginx" and idle_of_polling or idle_aim
  report("idle/http/" .. host.name, "cpu_percent", values, nil, aim)
end

local luas = contest.luas(...)

server.run(function(account)
  hosts.run(luas, function(all)
    for _, case in ipairs(works) do
      for _, host in ipairs(all) do
        stalls(host, account, case)
      end
    end
    for _, measure in ipairs { latency, idle } do
      for _, host in ipairs(all) do
        measure(host, account)
      end
    end
  end)
end, { wires = { "http", "https", "http2" }, late = late })

print(("bench loops: %d of %d aims met"):format(met, aimed_at))
