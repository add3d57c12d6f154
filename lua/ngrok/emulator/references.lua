--- References between the items of an account: an attribute `vault_id` has the field `vault` refer to that
-- vault, and `ip_policy_ids` the field `ip_policies`.
local failure = require "ngrok.emulator.failure"

local references = {}

--- Whether a field refers to other items.
---@param field table see `ngrok.description`
---@return boolean
function references.is_reference(field)
  return field[2] == "ref" or field[2] == "[ref]"
end

local function find_field(fields, name)
  for _, field in ipairs(fields) do
    if field[1] == name and references.is_reference(field) then
      return field
    end
  end
end

-- The field that an attribute fills, if it names other items.
local function field_of(fields, name)
  local one, many = name:match "^(.+)_id$", name:match "^(.+)_ids$"
  if many then
    return find_field(fields, many .. "s") or find_field(fields, (many:gsub("y$", "ies")))
  end
  return one and find_field(fields, one)
end

-- A reference to an item that the account holds, and nil where it holds none with that id.
local function refer(account, id)
  for _, held in pairs(account.resources) do
    if held and held.store:find(id) then
      local path = held.description.path
      return { id = id, uri = not path:find "{" and account.base_url .. path .. "/" .. id or nil }
    end
  end
end

--- Adds to the values of a request the fields that its attributes fill.
---@param account table
---@param fields table[] of the resource
---@param values table
---@return table? refusal where something refers to what the account does not hold
function references.resolve(account, fields, values)
  local found = {}
  for name, value in pairs(values) do
    local field = field_of(fields, name)
    local ids = field and value ~= "" and (type(value) == "table" and value or { value }) or {}
    local made = {}
    for index, id in ipairs(ids) do
      made[index] = refer(account, id)
      if not made[index] then
        return failure.new(404, (field[1]:gsub("ies$", "y"):gsub("s$", "")), id)
      end
    end
    if field then
      found[field[1]] = field[2] == "ref" and made[1] or field[2] == "[ref]" and made or nil
    end
  end
  for name, value in pairs(found) do
    values[name] = value
  end
end

--- Whether an item refers to the one with that id.
---@param record table
---@param id string
---@return boolean
function references.leads_to(record, id)
  for _, value in pairs(record) do
    if type(value) == "table" and value.id == id then
      return true
    end
  end
  return false
end

return references
