--- loops.lua BUILD NAME=INTERPRETER ...: prints how late a ticker comes in each host while our client works,
-- what an adapter adds to a request, and what waiting costs.
--
-- A figure is the median of ROUNDS rounds (3). In a round each host runs without a client, with ours, and with
-- one that blocks.
local contest = require "bench.contest"
local hosts = require "bench.loops.hosts"
local server = require "bench.server"

local rounds = tonumber(os.getenv "ROUNDS" or 3)
local late = 10 -- seconds that a request waits

local kinds = { "none", "ours", "blocking" }

-- `aim`: milliseconds, or percent of a processor, that ours may have more than the `base`, or at all.
local works = {
  { work = "ask", wire = "http", metrics = { { "p99", aim = 1, base = "none" }, { "longest" } } },
  { work = "ask", wire = "https", metrics = { { "p99", aim = 2, base = "none" }, { "longest" } } },
  { work = "ask", wire = "http2", metrics = { { "p99", aim = 2, base = "none" }, { "longest" } } },
  { work = "list", wire = "http", metrics = { { "p99" }, { "longest", aim = 8 } } },
  { work = "list", wire = "https", metrics = { { "p99" }, { "longest", aim = 8 } } },
  { work = "list", wire = "http2", metrics = { { "p99" }, { "longest", aim = 8 } } },
}

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

local function report(name, metric, values, above, aim)
  local parts = {}
  for _, kind in ipairs(kinds) do
    if values[kind] then
      parts[#parts + 1] = ("%s=%.3f"):format(kind, values[kind])
    end
  end
  if above then
    parts[#parts + 1] = ("above=%.3f"):format(above)
  end
  print(("bench %s %s %s%s"):format(name, metric, table.concat(parts, " "), judge(above or values.ours, aim)))
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
  for _, metric in ipairs(case.metrics) do
    local name, values = metric[1], {}
    for kind, of_kind in pairs(results) do
      values[kind] = median(of_kind, name)
    end
    report(("%s/%s/%s"):format(case.work, case.wire, host.name), name .. "_ms", values,
      metric.base and values.ours - values[metric.base], metric.aim)
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
  report("latency/http/" .. host.name, "median_ms", values, values.ours - values.blocking, 0.3)
end

-- Once, as it takes long and nothing else happens; a tick's host never rests.
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
  report("idle/http/" .. host.name, "cpu_percent", values, nil, 0.1)
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
