--- What an emulator can be asked for. Both hosts take the same options.
local acl = require "ngrok.emulator.acl"

local options = {}

local types = {
  admin = "boolean",
  api_key = "string",
  base_url = "string",
  clock = "function",
  inactive_owners = "table",
  keep_requests = "number",
  max_simultaneous = "number",
  owner_id = "string",
  owners = "table",
  plan = "table",
  rate_limit = "table",
  read_only_key = "string",
  seed = "number",
}

local plan_types = { acl_rules = "table", owners = "boolean" }

local rate_limit_types = { requests = "number", window = "number", retry_after = "boolean" }

local function check_table(given, expected, place)
  for name, value in pairs(given) do
    if not expected[name] then
      error(("unknown option %s%s"):format(place, tostring(name)), 0)
    elseif type(value) ~= expected[name] then
      error(("option %s%s must be a %s"):format(place, name, expected[name]), 0)
    end
  end
end

-- An array of owners means that each stands for itself.
local function owners_by_name(owners)
  local by_name = {}
  for name, id in pairs(owners) do
    by_name[type(name) == "number" and id or name] = id
  end
  return by_name
end

local function rate_limit_of(given)
  check_table(given, rate_limit_types, "rate_limit.")
  return {
    requests = given.requests or 120,
    window = given.window or 60,
    retry_after = given.retry_after or false,
  }
end

local function check_strings(list, name)
  for key, value in pairs(list or {}) do
    if type(key) ~= "number" or type(value) ~= "string" then
      error(("option %s must be an array of strings"):format(name), 0)
    end
  end
end

local function check_plan(given)
  check_table(given, plan_types, "plan.")
  check_strings(given.acl_rules, "plan.acl_rules")
  for _, kind in ipairs(given.acl_rules or {}) do
    if not acl.kinds[kind] then
      error(("option plan.acl_rules has an unknown kind of rule: %s"):format(kind), 0)
    end
  end
end

--- Checks options and completes them.
-- @tparam ?table given see `ngrok.emulator`
-- @treturn table copy
-- @raise a message that names the option
function options.check(given)
  given = given or {}
  check_table(given, types, "")
  check_plan(given.plan or {})
  check_strings(given.inactive_owners, "inactive_owners")
  local checked = {}
  for name, value in pairs(given) do
    checked[name] = value
  end
  checked.base_url = given.base_url and (given.base_url:gsub("/+$", ""))
  checked.owners = given.owners and owners_by_name(given.owners)
  checked.rate_limit = given.rate_limit and rate_limit_of(given.rate_limit)
  return checked
end

return options
