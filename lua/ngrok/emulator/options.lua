--- What an emulator can be asked for: an account, the same behind both hosts, and what each host adds.
local acl = require "ngrok.emulator.acl"
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
  port = "whole number",
  tls = "boolean or table",
}

local plan_types = { acl_rules = "table", owners = "boolean" }

local rate_limit_types = { requests = "whole number", window = "number", retry_after = "boolean" }

-- An array of owners means that each stands for itself.
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

-- The account's options, checked and completed, and those of the host.
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
---@return table account's options, a copy
function options.of_process(given)
  local account, host = split(given, process_types, "the options of emulator.new")
  account.base_url = host.base_url and (host.base_url:gsub("/+$", ""))
  account.clock = host.clock
  return account
end

--- Checks the options of an emulator behind a server and completes those of its account.
---@param given any see `ngrok.emulator`
---@return table account's options, a copy
---@return table server the server's own
function options.of_server(given)
  return split(given, server_types, "the options of emulator.start")
end

return options
