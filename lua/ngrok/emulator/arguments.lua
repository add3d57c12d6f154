--- The arguments of the command `ngrok-emulator`.
local fault = require "ngrok.emulator.fault"
local index = require "ngrok.api.index"
local nearest = require "ngrok.nearest"

local arguments = {}

-- A wrong argument is raised as a table, which nothing else raises.
local function refuse(format, ...)
  error({ problem = format:format(...) }, 0)
end

local function suggestion(near)
  return near and (" (did you mean %s?)"):format(near) or ""
end

local function number_of(text, name, expected, lowest, highest)
  local number = text:find "^%d+$" and tonumber(text)
  if not number or number < lowest or number > highest then
    refuse("bad %s '%s': %s expected", name, text, expected)
  end
  return number
end

local function read_port(taken, text, name)
  taken.options.port = number_of(text, name, "a number from 1 to 65535", 1, 65535)
end

local function read_host(taken, text, name)
  if not text:find "^[%w.-]+$" and not text:find "^%x*:[%x:.]*$" then
    refuse("bad %s '%s': a name or an address expected, such as 127.0.0.1 or 0.0.0.0", name, text)
  end
  taken.options.host = text
end

local function read_key(taken, text, name)
  if not text:find "^[%w_-]+$" then
    refuse("bad %s: letters, digits, _ and - expected", name)
  end
  taken.options.api_key = text
end

local function read_rate_limit(taken, text, name)
  local expected = "requests/seconds expected, such as 120/60"
  local requests, window = text:match "^(%d+)/(%d+)$"
  if not requests then
    refuse("bad %s '%s': %s", name, text, expected)
  end
  taken.options.rate_limit = {
    requests = number_of(requests, name, expected, 1, 1e9),
    window = number_of(window, name, expected, 1, 1e9),
  }
end

local most_seeded = 100000

local services = {}
for service in pairs(index) do
  services[#services + 1] = service
end
table.sort(services)

local function read_seed(taken, text, name)
  local expected = ("a number from 0 to %d expected, or SERVICE=NUMBER,..."):format(most_seeded)
  for part in (text == "" and "?" or text):gmatch "[^,]+" do
    local service, count = part:match "^([%w_.]+)=(.*)$"
    if service and not index[service] then
      refuse("bad %s: there is no service '%s'%s", name, service, suggestion(nearest.name(service, services)))
    elseif (count or part) == "" or (count or part):find "%D" or tonumber(count or part) > most_seeded then
      refuse("bad %s '%s': %s", name, text, expected)
    end
    table.insert(taken.seeds, { service = service or "credentials", count = tonumber(count or part) })
  end
end

-- What a kind takes as in `status=503`.
local main_keys = {
  content_type = "content_type", deep_json = "depth", delay = "seconds", empty = "status", html = "status",
  next_page_uri = "uri", oversize = "bytes", status = "status", truncate = "at",
}

local read_as = { processed = function(text) return text == "true" or text ~= "false" and text or false end }

for _, key in ipairs { "after", "at", "bytes", "count", "depth", "retry_after", "seconds", "status" } do
  read_as[key] = function(text) return text == "all" and math.huge or tonumber(text) or text end
end

local function read_fault(taken, text, name)
  local form = "KIND=VALUE,NAME=VALUE expected, such as status=503,times=2"
  local description
  for part in text:gmatch "[^,]+" do
    local key, value = part:match "^([^=]+)=?(.*)$"
    key = key == "times" and "count" or key
    if not key or description and not part:find("=", 1, true) then
      refuse("bad %s '%s': %s", name, text, form)
    elseif not description then
      description = { kind = key }
      key = value ~= "" and (main_keys[key] or key)
    end
    if key then
      description[key] = read_as[key] and read_as[key](value) or not read_as[key] and value
    end
  end
  if not description then
    refuse("bad %s '%s': %s", name, text, form)
  end
  local fine, problem = pcall(fault.describe, description)
  if not fine then
    refuse("bad %s '%s': %s", name, text, problem)
  end
  table.insert(taken.faults, description)
end

local function set(option)
  return function(taken)
    taken.options[option] = true
  end
end

local function choose(action)
  return function(taken)
    taken.action = action
  end
end

-- In the order of the help: name, value if it takes one, text, reader.
local list = {
  { "--port", "PORT", "port to listen at (a free one)", read_port },
  { "--host", "ADDRESS", "address to listen at (127.0.0.1); 0.0.0.0 in a container", read_host },
  { "--tls", nil, "serve https, with a certificate made now", set "tls" },
  { "--http2", nil, "serve HTTP/2, too; needs --tls", set "http2" },
  { "--api-key", "KEY", "the account's key (one made now)", read_key },
  { "--seed", "NUMBER", "begin with so many credentials; or SERVICE=NUMBER,...", read_seed },
  { "--rate-limit", "N/SECONDS", "refuse more requests than that, as ngrok does at 120/60", read_rate_limit },
  { "--fault", "FAULT", "let responses go wrong; may be repeated", read_fault },
  {
    "--json-log", nil, "write a line of JSON for each request to stderr",
    function(taken) taken.json_log = true end,
  },
  { "--help", nil, "show this", choose "help" },
  { "--version", nil, "show the version", choose "version" },
}

local by_name, names = {}, {}
for position, one in ipairs(list) do
  by_name[one[1]], names[position] = one, one[1]
end

local head = [[
Usage: ngrok-emulator [OPTION]...
Runs an ngrok account in memory behind real HTTP until Ctrl-C or SIGTERM, and prints what to export.

]]

local foot = [[

A fault is a kind, then what it takes: status=503,times=2  delay=0.5,times=all  hang  reset_after
truncate=20  oversize=1000000  html  invalid_json  empty. docs/testing.md says more.

  ngrok-emulator --port 8080 >emulator.env &
  until grep -q URL emulator.env; do sleep 0.1; done; . ./emulator.env
  curl -H "Authorization: Bearer $NGROK_API_KEY" -H "Ngrok-Version: 2" "$NGROK_BASE_URL/credentials"

Exit status: 2 for a wrong argument, 1 if the server cannot start or has ended, 128 and the signal's number
after a signal: 130 after Ctrl-C, 143 after SIGTERM.
]]

--- What `--help` shows.
---@return string
function arguments.help()
  local lines = {}
  for position, one in ipairs(list) do
    lines[position] = ("  %-24s %s\n"):format(one[1] .. (one[2] and " " .. one[2] or ""), one[3])
  end
  return head .. table.concat(lines) .. foot
end

-- What is no option could be a key, so it is not shown.
local function refuse_unknown(name, position)
  if not name:find "^%-%-?[%w-]*$" then
    refuse("an option expected, such as --port, in place of argument %d", position)
  end
  refuse("unknown argument '%s'%s", name, suggestion(nearest.name(name, names)))
end

local function read_all(words)
  local taken, position = { options = {}, seeds = {}, faults = {} }, 1
  while words[position] do
    local name, value = words[position]:match "^(%-%-[^=]*)=(.*)$"
    name = name or words[position]
    local one = by_name[name]
    if not one then
      refuse_unknown(name, position)
    elseif one[2] and not value then
      position = position + 1
      value = words[position] or refuse("%s needs a value: %s", name, one[2])
    elseif value and not one[2] then
      refuse("%s takes no value", name)
    end
    one[4](taken, value, name)
    position = position + 1
  end
  if taken.options.http2 and not taken.options.tls then
    refuse("--http2 needs --tls: HTTP/2 is agreed upon in the TLS handshake")
  end
  return taken
end

--- Reads the command's arguments.
---@param words string[]
---@return table? # `options` of `emulator.start`, `seeds` (`service` and `count`), `faults`, `json_log`, and
---   `action`, "help" or "version", where one is asked for
---@return string? # which argument is wrong, and what is expected
function arguments.read(words)
  local fine, taken = pcall(read_all, words)
  if fine then
    return taken
  elseif type(taken) ~= "table" then
    error(taken, 0)
  end
  return nil, taken.problem
end

return arguments
