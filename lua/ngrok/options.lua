--- Checks tables of options against ngrok.option_table.
-- Wrong types and unknown names are mistakes in a program, so they raise. Values that come from outside a
-- program (a key, a URL) are returned as errors, see ngrok.settings.
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local option = require "ngrok.option"
local option_table = require "ngrok.option_table"
local usage_error = require "ngrok.usage_error"

local options = {}

-- By group and name.
local described = {}
for group, list in pairs(option_table) do
  described[group] = {}
  for _, one in ipairs(list) do
    described[group][one.name] = one
  end
end

local function check_value(one, value, what)
  if not option.accepts(one, value) then
    -- Only a number is shown: any other value may be a key in the wrong place.
    local got = one.type == "number" and type(value) == "number" and tostring(value) or type(value)
    usage_error.raise(("bad '%s' in %s: %s expected, got %s"):format(one.name, what, option.describe(one),
      got))
  end
end

-- Redacts every key that the client may have in a text.
local function redact_keys(given, text)
  local of_transport = type(given.transport) == "table" and given.transport.api_key or nil
  for _, key in pairs { given.api_key, of_transport, os.getenv "NGROK_API_KEY" } do
    text = type(key) == "string" and core.redact(key, text) or text
  end
  return text
end

-- A key or a token may have slipped into a name's place. `with` knows what to redact: the core's client, or
-- the options of one that is being made; nil where nothing does.
local function show(name, with)
  local text = tostring(name)
  if type(with) == "table" then
    text, with = redact_keys(with, text), nil
  end
  return error_object.redact(with, text)
end

local function check_names(given, by_name, what, with)
  for name in pairs(given) do
    if not by_name[name] then
      local names = {}
      for known in pairs(by_name) do
        names[#names + 1] = known
      end
      table.sort(names)
      usage_error.raise(("unknown name '%s' in %s (there are %s)"):format(show(name, with), what,
        table.concat(names, ", ")))
    end
  end
end

-- A checked table is only read, so the calls that give nothing can share one.
local nothing = {}

-- Returns a plain copy, with what the table inherits.
local function check_by(by_name, given, what, with)
  if given == nil then
    return nothing
  elseif type(given) ~= "table" then
    usage_error.raise(("%s must be a table, got %s"):format(what, type(given)))
  end
  check_names(given, by_name, what, with)
  local copy = {}
  for name, one in pairs(by_name) do
    local value = given[name]
    if value ~= nil then
      check_value(one, value, what)
      copy[name] = value
    end
  end
  return copy
end

local function check(given, group, what, with)
  return check_by(described[group], given, what, with)
end

--- How to pass an option that a program has tried to assign to a client.
---@param name any
---@return string? # how nil where the client has no such option
function options.how_to_pass(name)
  if not described.client[name] then
    return nil
  elseif not described.call[name] then
    return ("pass it to ngrok.client{ %s = ... }"):format(name)
  end
  return ("pass it to ngrok.client{ %s = ... }, or to one call: client.credentials:get(id, { %s = ... })")
    :format(name, name)
end

---@param given? ngrok.ClientOptions what `ngrok.client` was called with
---@return table checked a copy
--- Raises: names the option
function options.client(given)
  local checked = check(given, "client", "the client's options", given)
  if checked.rate_limit then
    checked.rate_limit = check(checked.rate_limit, "rate_limit", "rate_limit", checked)
  end
  return checked
end

--- The value of each option of a group that has one: as given, else the default.
---@param group string "client" or "rate_limit"
---@param given table as checked
---@return table # complete a copy
function options.complete(group, given)
  local complete = {}
  for name, one in pairs(described[group]) do
    local value = given[name]
    if value == nil then
      value = one.default
    end
    complete[name] = value
  end
  return complete
end

---@param given? ngrok.CallOptions an operation's last argument
---@param client userdata the core's, which knows what to redact
---@return table checked a copy
--- Raises: names the option
function options.call(given, client)
  return given == nil and nothing or check(given, "call", "the call's options", client)
end

---@param given? ngrok.RequestOptions the last argument of `client:request`
---@param client userdata as of `call`
---@return table checked a copy
--- Raises: names the option
function options.request(given, client)
  return check(given, "request", "the call's options", client)
end

--- Options of the forms that a resource takes: `totable` and `tojson`.
---@param given? ngrok.FormOptions
---@param client? userdata as of `call`
---@return table checked a copy
--- Raises: names the option
function options.form(given, client)
  return check(given, "form", "the form's options", client)
end

---@param given? ngrok.ListOptions the last argument of `list`
---@param client userdata as of `call`
---@return table checked a copy
--- Raises: names the option
function options.list(given, client)
  return check(given, "list", "the list's options", client)
end

-- They need one request, which can be waited for later.
local of_single_requests = { "wait", "on_done" }

--- Options of a call that may make several requests.
---@param given? ngrok.FindOptions
---@param operation string "credentials.find"
---@param client userdata as of `call`
---@return table checked a copy
--- Raises: names the option
function options.find(given, operation, client)
  for _, name in ipairs(type(given) == "table" and of_single_requests or nothing) do
    if given[name] ~= nil then
      usage_error.raise(("%s takes no '%s', because it makes several requests: call it in a coroutine")
        :format(operation, name))
    end
  end
  local checked = check(given, "find", "the options of " .. operation, client)
  return checked == nothing and {} or checked
end

--- The first argument of find_or_create.
---@param given ngrok.FindOrCreate
---@param operation string "credentials.find_or_create"
---@param client userdata as of `call`
---@return table checked a copy
--- Raises: names what is missing, unknown or of a wrong type
function options.find_or_create(given, operation, client)
  return check(given, "find_or_create", "the argument of " .. operation, client)
end

---@param given? ngrok.EachOptions
---@return table # complete a copy
--- Raises: names the option
function options.each(given)
  return options.complete("each", check(given, "each", "the options of ngrok.each"))
end

--- What the first argument of a list may have.
---@param query table[] see `ngrok.description`
---@return table parameters options by name
function options.parameters(query)
  local by_name = { prefetch = described.query.prefetch }
  for _, one in ipairs(query) do
    if type(one) == "table" then
      by_name[one[1]] = { name = one[1], type = "table", noun = "an array of strings" }
    else
      by_name[one] = described.query[one]
      by_name.parallel = by_name.parallel or one == "filter" and described.query.parallel or nil
    end
  end
  return by_name
end

---@param given? ngrok.ListQuery the first argument of a list
---@param parameters table as of `parameters`
---@param client userdata as of `call`
---@return table checked a copy
--- Raises: names the parameter
function options.query(given, parameters, client)
  return check_by(parameters, given, "the list's parameters", client)
end

return options
