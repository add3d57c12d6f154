--- What the API asks of tunnel credentials beside what their description says.
local acl = require "ngrok.emulator.acl"
local failure = require "ngrok.emulator.failure"

local credentials = {}

--- Numbers of refusals: of a field that is too long, and of an update without values.
credentials.codes = { description = 604, metadata = 605, empty = 606 }

credentials.ignores_null = true

local function contains(list, wanted)
  for _, member in ipairs(list or {}) do
    if member == wanted then
      return true
    end
  end
  return false
end

-- What the plan pays for: nil for all kinds of rule, an empty array for none.
local function check_rules(account, rules)
  local kinds = account.plan.acl_rules
  if not kinds or not rules or #rules == 0 then
    return nil
  elseif #kinds == 0 then
    return failure.new(620)
  end
  for _, rule in ipairs(rules) do
    local kind = acl.kind(rule)
    if kind ~= "any" and not contains(kinds, kind) then
      return failure.new(619, rule)
    end
  end
end

-- Finds the owner's id. Nothing is said about another owner to a user who may not name one.
local function resolve_owner(account, name)
  if account.plan.owners == false then
    return nil, failure.new(633)
  end
  local own = account.owner_id
  local id = (not account.owners or name == own) and name or account.owners[name]
  if account.admin == false and id ~= own then
    return nil, failure.new(630)
  elseif contains(account.inactive_owners, id or name) then
    return nil, failure.new(636, name)
  elseif not id then
    return nil, failure.new(634, name)
  end
  return id
end

--- Checks a create, and puts an owner's id in the place of a name.
---@param account table
---@param values table
---@return table? refusal
function credentials.create(account, values)
  local refusal = check_rules(account, values.acl)
  if not refusal and values.owner_id and values.owner_id ~= "" then
    values.owner_id, refusal = resolve_owner(account, values.owner_id)
  end
  return refusal
end

--- Checks an update.
---@param account table
---@param values table
---@return table? refusal
function credentials.update(account, values)
  return check_rules(account, values.acl)
end

local undeletable = { tunnel_token = 601, default_authtoken = 637 }

--- Checks a delete.
---@param record table
---@return table? refusal
function credentials.delete(_, _, record)
  return record.special and failure.new(undeletable[record.special], record.id) or nil
end

return credentials
