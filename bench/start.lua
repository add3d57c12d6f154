--- start.lua NAME=INTERPRETER: prints how long a script that makes one call takes from its start to its end,
--- beside the `curl` command on the same URL.
---
--- Both run in turn, ROUNDS times (11).
local contest = require "bench.contest"
local native = require "bench.native"
local server = require "bench.server"
local shell = require "ngrok.emulator.shell"

local rounds, starts = tonumber(os.getenv "ROUNDS" or 11), 10
local name, interpreter = (...):match "^(.-)=(.+)$"
local aim = 1.3

-- Microseconds of a start.
local function time(line)
  local before = native.now()
  for _ = 1, starts do
    local result = os.execute(line)
    assert(result == 0 or result == true, line)
  end
  return (native.now() - before) / starts
end

local function compete(wire, account)
  local base_url = account.base_urls[wire]
  local function line(words)
    return ("env CURL_CA_BUNDLE=%s %s >/dev/null"):format(account.ca_file, shell.command(words))
  end
  local ours = line { interpreter, "bench/first.lua", base_url, account.key, account.path:match "[^/]+$" }
  local curl = line {
    "curl", "--silent", "--show-error", "--fail", "--compressed", "--header", "Ngrok-Version: 2",
    "--header", "Authorization: Bearer " .. account.key, base_url .. account.path,
  }
  local results = { {}, {} }
  for round = 1, rounds do
    results[1][round], results[2][round] = time(ours), time(curl)
  end
  contest.report(("start by %s/%s"):format(wire, name), "wall_us", results[1], results[2], aim)
end

server.run(function(account)
  compete("http", account)
  compete("https", account)
end, { wires = { "http", "https" } })
