--- What may be passed in tables of options: names, types, limits and defaults.
-- Wrong types and unknown names are mistakes in a program, so they raise; values that come from
-- outside a program (a key, a URL, a number out of range) are returned as errors.
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local usage_error = require "ngrok.usage_error"

local options = {}

local function is_function(value)
  return type(value) == "function"
end

-- math.huge is welcome where a limit can be left out; NaN never is.
local function is_positive(value)
  return type(value) == "number" and value > 0
end

local function is_not_negative(value)
  return type(value) == "number" and value >= 0
end

local function is_count(value)
  return type(value) == "number" and value >= 1 and value <= 2147483648 and value % 1 == 0
end

-- A hundred is far beyond what the time-out leaves room for.
local function is_retries(value)
  return type(value) == "number" and value >= 0 and value <= 100 and value % 1 == 0
end

local most_requests = 1e6 -- each costs eight bytes

local function is_request_count(value)
  return is_count(value) and value <= most_requests
end

local function is_window(value)
  return is_positive(value) and value <= 86400
end

local function is_string(value)
  return type(value) == "string"
end

local function is_boolean(value)
  return type(value) == "boolean"
end

local function is_callable(value)
  if is_function(value) then
    return true
  end
  local metatable = getmetatable(value)
  return type(metatable) == "table" and is_function(metatable.__call)
end

local function is_transport(value)
  return value == "auto" or value == "curl" or value == "resty" or is_callable(value)
end

-- Its members are checked apart, where they can be named.
local function is_rate_limit(value)
  return value == false or type(value) == "table"
end

local loops = { auto = true, block = true, uv = true, nginx = true, cqueues = true, tick = true }

local function is_adapter(value)
  return type(value) == "table" and is_callable(value.wait) and is_callable(value.watch)
    and is_callable(value.spawn)
end

local function is_loop(value)
  return type(value) == "string" and loops[value] == true or is_adapter(value)
end

local seconds = { is_positive, "a number of seconds above 0", is_number = true }
local wait = { is_not_negative, "a number of seconds, 0 or more", is_number = true }
local retries = { is_retries, "a whole number from 0 to 100", is_number = true }

-- By name: a test and what it expects, in words.
local client_rules = {
  api_key = { is_string, "a string" },
  base_url = { is_string, "a string" },
  timeout = seconds,
  connect_timeout = seconds,
  max_wait = wait,
  max_retries = retries,
  rate_limit = { is_rate_limit, "a table of requests, window and shared_dict, or false" },
  max_in_flight = { is_count, "a whole number from 1 to 2147483648", is_number = true },
  max_response_bytes = { is_count, "a whole number of bytes from 1 to 2147483648", is_number = true },
  user_agent = { is_string, "a string" },
  ca_file = { is_string, "a string" },
  proxy = { is_string, "a string" },
  allow_http = { is_boolean, "a boolean" },
  transport = { is_transport, '"auto", "curl", "resty", a function or an emulator of emulator.new' },
  loop = { is_loop, '"auto", "block", "uv", "nginx", "cqueues", "tick" or a table of wait, watch and spawn' },
  on_error = { is_function, "a function" },
  on_event = { is_function, "a function" },
}

local rate_limit_rules = {
  requests = { is_request_count, "a whole number from 1 to 1000000", is_number = true },
  window = { is_window, "a number of seconds above 0, 86400 at most", is_number = true },
  shared_dict = { is_string, "a string" },
}

local call_rules = {
  timeout = seconds,
  max_wait = wait,
  max_retries = retries,
  validate = { is_boolean, "a boolean" },
  wait = { is_boolean, "a boolean" },
  on_done = { is_function, "a function" },
}

local list_rules = {
  timeout = seconds,
  max_wait = wait,
  max_retries = retries,
  validate = { is_boolean, "a boolean" },
  prefetch = { is_boolean, "a boolean" },
}

local form_rules = {
  token = { is_boolean, "a boolean" },
}

local query_rules = {
  limit = { function(value) return type(value) == "number" end, "a number" },
  before_id = { is_string, "a string" },
  filter = { is_string, "a string" },
  prefetch = { is_boolean, "a boolean" },
}

local function names(rules)
  local sorted = {}
  for name in pairs(rules) do
    sorted[#sorted + 1] = name
  end
  table.sort(sorted)
  return table.concat(sorted, ", ")
end

local function check_value(name, value, rule, what)
  if not rule[1](value) then
    -- A number out of range is worth telling; any other value may be a key in the wrong place.
    local got = rule.is_number and type(value) == "number" and tostring(value) or type(value)
    usage_error.raise(("bad '%s' in %s: %s expected, got %s"):format(name, what, rule[2], got))
  end
end

-- Takes every possible key of the client that is being made out of a text.
local function redact_keys(given, text)
  local transport = given.transport
  local of_transport = type(transport) == "table" and transport.api_key or nil
  for _, key in pairs { given.api_key, of_transport, os.getenv "NGROK_API_KEY" } do
    text = type(key) == "string" and core.redact(key, text) or text
  end
  return core.redact("", text)
end

local function redact_by_look(_, text)
  return core.redact("", text)
end

local function check_names(given, rules, what, redact, with)
  for name in pairs(given) do
    if not rules[name] then
      -- It may be a key or a token that has slipped into a name's place.
      local shown = redact(with, tostring(name))
      usage_error.raise(("unknown name '%s' in %s (there are %s)"):format(shown, what, names(rules)))
    end
  end
end

-- What is checked is only read from then on, so the calls that give nothing can share it.
local nothing = {}

-- Returns a plain copy, with what the table inherits. `redact(with, text)` returns what may be shown of a
-- name.
local function check(given, rules, what, redact, with)
  if given == nil then
    return nothing
  elseif type(given) ~= "table" then
    usage_error.raise(("%s must be a table, got %s"):format(what, type(given)))
  end
  check_names(given, rules, what, redact, with)
  local copy = {}
  for name, rule in pairs(rules) do
    local value = given[name]
    if value ~= nil then
      check_value(name, value, rule, what)
      copy[name] = value
    end
  end
  return copy
end

--- How to pass an option that a program has tried to assign to a client.
---@param name any
---@return string? how nil where the client has no such option
function options.how_to_pass(name)
  if not client_rules[name] then
    return nil
  elseif not call_rules[name] then
    return ("pass it to ngrok.client{ %s = ... }"):format(name)
  end
  return ("pass it to ngrok.client{ %s = ... }, or to one call: client.credentials:get(id, { %s = ... })")
    :format(name, name)
end

---@param given? table what `ngrok.client` was called with
---@return table a checked copy
--- Raises: names the option
function options.client(given)
  local checked = check(given, client_rules, "the client's options", redact_keys, given)
  if checked.rate_limit then
    checked.rate_limit = check(checked.rate_limit, rate_limit_rules, "rate_limit", redact_keys, checked)
  end
  return checked
end

---@param given? table an operation's last argument
---@param client userdata the core's, which knows what to redact
---@return table a checked copy
--- Raises: names the option
function options.call(given, client)
  return check(given, call_rules, "the call's options", error_object.redact, client)
end

--- Options of the forms that a resource takes: `totable` and `tojson`.
---@param given? table
---@param client? userdata the core's, as of `call`; nil where nobody knows it
---@return table checked a copy
function options.form(given, client)
  local redact = client and error_object.redact or redact_by_look
  return check(given, form_rules, "the form's options", redact, client)
end

---@param given? table the last argument of `list`
---@param client userdata as of `call`
---@return table a checked copy
--- Raises: names the option
function options.list(given, client)
  return check(given, list_rules, "the list's options", error_object.redact, client)
end

---@param given? table the first argument of `list`
---@param client userdata as of `call`
---@return table a checked copy
--- Raises: names the parameter
function options.query(given, client)
  return check(given, query_rules, "the list's parameters", error_object.redact, client)
end

return options
