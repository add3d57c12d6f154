--- A credential of the account, and how the API writes it.
local json = require "ngrok.emulator.json"
local time = require "ngrok.emulator.time"

local credential = {}

-- The API leaves out what was never set, and "" is what its official clients send for that.
local function present(text)
  return text ~= "" and text or nil
end

--- Makes a credential.
---@param values table description, metadata, acl, owner_id
---@param random table where the id and the token come from
---@param now number seconds since 1970
---@return table record
function credential.new(values, random, now)
  local identifier = random:identifier()
  return {
    id = "cr_" .. identifier,
    created_at = time.format(now),
    description = present(values.description),
    metadata = present(values.metadata),
    token = identifier .. "_" .. random:secret(),
    acl = values.acl or {},
    owner_id = values.owner_id,
  }
end

--- Changes what an update names.
---@param record table
---@param values table description, metadata, acl; what is absent stays
function credential.update(record, values)
  for _, name in ipairs { "description", "metadata" } do
    if values[name] then
      record[name] = present(values[name])
    end
  end
  record.acl = values.acl or record.acl
end

--- Copies a credential.
---@param record table
---@param with_token boolean whether the copy has the token
---@return table
function credential.copy(record, with_token)
  local copy = {}
  for name, value in pairs(record) do
    copy[name] = value
  end
  copy.token = with_token and record.token or nil
  copy.acl = {}
  for index, rule in ipairs(record.acl) do
    copy.acl[index] = rule
  end
  return copy
end

--- Writes a credential.
---@param record table
---@param list_uri string URI of the list it belongs to
---@param with_token boolean whether the token is shown: only in the response to create
---@return string JSON text
function credential.write(record, list_uri, with_token)
  return json.object {
    { "id", json.string(record.id) },
    { "uri", json.string(list_uri .. "/" .. record.id) },
    { "created_at", json.string(record.created_at) },
    { "description", record.description and json.string(record.description) },
    { "metadata", record.metadata and json.string(record.metadata) },
    { "token", json.string_or_null(with_token and record.token or nil) },
    { "acl", json.strings(record.acl) },
    { "owner_id", json.string(record.owner_id) },
  }
end

return credential
