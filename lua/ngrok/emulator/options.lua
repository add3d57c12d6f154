--- Checks and completes what programs give an emulator: options of the account and of each host, and
--- templates of credentials.
local acl = require "ngrok.emulator.acl"
local description = require "ngrok.description"
local usage = require "ngrok.emulator.usage"

local options = {}

local types = {
  admin = "boolean",
  api_key = "string",
  inactive_owners = "table",
  keep_requests = "number",
  max_simultaneous = "number",
  owner_id = "string",
  owners = "table",
  plan = "table",
  rate_limit = "table",
  read_only_key = "string",
  seed = "finite number",
}

local process_types = {
  base_url = "string",
  clock = "function",
}

local server_types = {
  host = "string",
  http2 = "boolean",
  nginx = "string",
  openssl = "string",
  port = "port",
  tls = "boolean or table",
}

local plan_types = { acl_rules = "table", owners = "boolean" }

local rate_limit_types = { requests = "whole number", window = "number", retry_after = "boolean" }

local tls_types = {
  certificate = { valid = true, expired = true, wrong_host = true, untrusted = true },
  handshake = { complete = true, close = true },
  protocols = "string",
}

local template_types = {
  acl = "table",
  created_at = "string",
  description = "string",
  metadata = "string",
  owner_id = "string",
  special = { tunnel_token = true, default_authtoken = true },
}

-- In an array of owners, each id is its own name.
local function owners_by_name(owners)
  local by_name = {}
  for name, id in pairs(owners) do
    by_name[type(name) == "number" and id or name] = id
  end
  return by_name
end

local function rate_limit_of(given)
  usage.check(given, rate_limit_types, "option rate_limit")
  return {
    requests = given.requests or 120,
    window = given.window or 60,
    retry_after = given.retry_after or false,
  }
end

local function check_plan(given)
  local what = "option plan"
  usage.check(given, plan_types, what)
  usage.check_strings(given.acl_rules or {}, "acl_rules", what)
  for _, kind in ipairs(given.acl_rules or {}) do
    if not acl.kinds[kind] then
      usage.raise("unknown kind of rule %s in option plan.acl_rules (there are %s)", usage.shown(kind),
        usage.names(acl.kinds))
    end
  end
end

local function merged(first, second)
  local both = {}
  for _, rules in ipairs { first, second } do
    for name, rule in pairs(rules) do
      both[name] = rule
    end
  end
  return both
end

-- The account's options, completed, and those of the host.
local function split(given, host_types, what)
  given = given == nil and {} or given
  usage.check(given, merged(types, host_types), what)
  check_plan(given.plan or {})
  usage.check_strings(given.inactive_owners or {}, "inactive_owners", what)
  local account, host = {}, {}
  for name, value in pairs(given) do
    local place = types[name] and account or host
    place[name] = value
  end
  account.owners = given.owners and owners_by_name(given.owners)
  account.rate_limit = given.rate_limit and rate_limit_of(given.rate_limit)
  return account, host
end

--- Checks the options of an emulator in this process and completes them.
---@param given any see `ngrok.emulator`
---@return table # account's options, a copy
function options.of_process(given)
  local account, host = split(given, process_types, "the options of emulator.new")
  account.base_url = host.base_url and (host.base_url:gsub("/+$", ""))
  account.clock = host.clock
  return account
end

local versions = { TLSv1 = true, ["TLSv1.1"] = true, ["TLSv1.2"] = true, ["TLSv1.3"] = true }

local function check_protocols(list)
  local rest = list:gsub("%S+", function(name)
    return versions[name] and "" or nil
  end)
  if list == "" or rest:find("%S") then
    usage.raise("bad 'protocols' in option tls: TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3 expected, blanks between")
  end
end

local function tls_of(given, http2)
  if http2 and not given then
    usage.raise("option http2 needs tls = true: HTTP/2 is agreed upon in the TLS handshake")
  elseif not given then
    return nil
  end
  local asked = given == true and {} or given
  usage.check(asked, tls_types, "option tls")
  check_protocols(asked.protocols or "TLSv1.2")
  return {
    certificate = asked.certificate or "valid",
    protocols = asked.protocols or "TLSv1.2 TLSv1.3",
    handshake = asked.handshake or "complete",
    http2 = http2 or false,
  }
end

--- Checks the options of an emulator behind a server and completes them.
---@param given any see `ngrok.emulator`
---@return table # account's options, a copy
---@return table server `host`, `port` if it was asked for, `tls` (`certificate`, `protocols`, `handshake`,
---   `http2`) or nil, `nginx`, `openssl`
function options.of_server(given)
  local what = "the options of emulator.start"
  local account, server = split(given, server_types, what)
  server.tls = tls_of(server.tls, server.http2)
  server.host = server.host or "127.0.0.1"
  if not server.host:find "^[%w.-]+$" and not server.host:find "^%x*:[%x:.]*$" then
    usage.raise("bad 'host' in %s: a name or an address expected, such as 127.0.0.1, 0.0.0.0 or ::1", what)
  end
  return account, server
end

-- What a template of another service may have: its fields, by the kinds of value that Lua has for them.
local function field_types(service)
  local described = description.load(service)
  if not described then
    usage.raise("there is no service %s to seed", usage.shown(service))
  end
  local lua_types = { string = "string", integer = "number", number = "number", boolean = "boolean" }
  local found = {}
  for _, field in ipairs(described.fields) do
    found[field[1]] = lua_types[field[2]] or "table"
  end
  for _, parameter in ipairs((described.operations.list or described.operations.get).parameters) do
    found[parameter] = "string"
  end
  return found
end

--- Makes templates of what is to be seeded.
---@param service string
---@param count number how many
---@param template? table|function one for all, or a function from 1..count to one; default: empty ones, for
---   credentials with numbered descriptions
---@return table[]
--- Raises: a message, when a template is not one
function options.templates(service, count, template)
  local is_credential = service == "credentials"
  local known = is_credential and template_types or field_types(service)
  local what = is_credential and "a credential to seed" or "an item of " .. service .. " to seed"
  usage.check_value(count, "whole number", "count", "seed(count, template)")
  local templates = {}
  for index = 1, count do
    local one = template or is_credential and { description = "credential " .. index } or {}
    if type(template) == "function" then
      one = template(index)
    end
    usage.check(one, known, what)
    if is_credential then
      usage.check_strings(one.acl or {}, "acl", what)
    end
    templates[index] = one
  end
  return templates
end

return options
