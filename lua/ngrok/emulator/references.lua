--- References between the items of an account: an attribute `vault_id` has the field `vault` refer to that
-- vault, and `ip_policy_ids` the field `ip_policies`.
local failure = require "ngrok.emulator.failure"
local index = require "ngrok.api.index"

local references = {}

-- By attribute: the service whose items it names, "backends." for all of that group, and the field that then
-- refers to them.
local attributes_that_refer = {
  backend_id = { service = "backends.", field = "backend" },
  backends = { service = "backends." },
  certificate_authority_ids = { service = "certificate_authorities", field = "certificate_authorities" },
  certificate_id = { service = "tls_certificates", field = "certificate" },
  destination_ids = { service = "event_destinations", field = "destinations" },
  endpoint_id = { service = "endpoints", field = "endpoint" },
  ip_policy_id = { service = "ip_policies", field = "ip_policy" },
  ip_policy_ids = { service = "ip_policies", field = "ip_policies" },
  ssh_certificate_authority_id = { service = "ssh_certificate_authorities" },
  vault_id = { service = "vaults", field = "vault" },
}

local Reference = {}

-- A reference to an item that the account holds, and nil where it holds none with that id. The URI has no
-- host yet: it names the one that a later request names.
local function refer(account, service, id)
  for name in pairs(index) do
    local is_meant = name == service or service:find "%.$" and name:sub(1, #service) == service
    local held = is_meant and account:resource(name)
    if held and held.store:find(id) then
      return setmetatable({ id = id, uri = held.description.path .. "/" .. id }, Reference)
    end
  end
end

-- One id, an array of them, or a table by them.
local function ids_of(value)
  if type(value) ~= "table" then
    return { value }
  elseif #value > 0 then
    return value
  end
  local ids = {}
  for id in pairs(value) do
    ids[#ids + 1] = id
  end
  return ids
end

-- Returns the reference or an array of them, or nil and a refusal.
local function resolve_one(account, service, value)
  local made = {}
  for position, id in ipairs(ids_of(value)) do
    made[position] = refer(account, service, id)
    if not made[position] then
      return nil, failure.new(404, (service:gsub("ies$", "y"):gsub("s?%.?$", "")), id)
    end
  end
  return type(value) == "table" and made or made[1]
end

--- Adds to the values of a request the fields that its attributes fill, at every depth.
---@param account table
---@param types table<string, table[]> of the description
---@param attributes table[] what the operation takes
---@param values table
---@return table? refusal where something refers to what the account does not hold
function references.resolve(account, types, attributes, values)
  for _, attribute in ipairs(attributes) do
    local value, target = values[attribute[1]], attributes_that_refer[attribute[1]]
    local refusal
    if target and value == "" then
      values[target.field or attribute[1]] = ""
    elseif target and value ~= nil then
      local made
      made, refusal = resolve_one(account, target.service, value)
      values[target.field or ""] = target.field and made
    elseif types[attribute[2]] and type(value) == "table" then
      refusal = references.resolve(account, types, types[attribute[2]], value)
    end
    if refusal then
      return refusal
    end
  end
end

--- Copies a value of an item, with a host in the URIs of its references.
---@param value any
---@param base_url string
---@return any
function references.complete(value, base_url)
  if type(value) ~= "table" then
    return value
  end
  local copy = {}
  for name, member in pairs(value) do
    copy[name] = references.complete(member, base_url)
  end
  if getmetatable(value) == Reference then
    copy.uri = base_url .. value.uri
  end
  return copy
end

--- Whether an item refers to the one with that id.
---@param record table
---@param id string
---@return boolean
function references.leads_to(record, id)
  for _, value in pairs(record) do
    if getmetatable(value) == Reference and value.id == id then
      return true
    end
  end
  return false
end

return references
