--- How the emulator checks request bodies, and how it writes items, by the fields that a description in
--- `ngrok.api` declares.
local acl = require "ngrok.emulator.acl"
local failure = require "ngrok.emulator.failure"
local json = require "ngrok.emulator.json"

local schema = {}

-- "[X]" is an array of X, "{X}" an object whose members are all X.
local function split(of)
  local open, item = of:match "^([%[{])(.+)[%]}]$"
  return item, open == "{"
end

local nouns = { string = "a string", number = "a number", integer = "a whole number", boolean = "a boolean" }

local function noun(of)
  local item, is_map = split(of)
  if item then
    return ("%s of %ss"):format(is_map and "an object" or "an array", item)
  end
  return nouns[of] or "an object"
end

local function find(fields, name)
  for _, field in ipairs(fields) do
    if field[1] == name then
      return field
    end
  end
end

-- Whether a decoded value is of a type. Of an object's members those are checked that the type names.
local function fits(value, of, types)
  local item, is_map = split(of)
  if type(value) ~= "table" then
    return type(value) == of or of == "integer" and type(value) == "number" and value % 1 == 0
  elseif not (item or types[of]) or json.is_object(value) ~= (is_map or not item) then
    return false
  end
  for name, member in pairs(value) do
    local field = not item and find(types[of], name)
    if (item or field) and not fits(member, item or field[2], types) then
      return false
    end
  end
  return true
end

local function names(fields)
  local found = {}
  for index, field in ipairs(fields) do
    found[index] = field[1]
  end
  table.sort(found)
  return table.concat(found, ", ")
end

local function check_type(fields, types, name, value)
  local field = find(fields, name)
  if not field then
    return failure.new(214, name, names(fields))
  elseif not fits(value, field[2], types) then
    return failure.new(215, name, noun(field[2]))
  end
end

-- What a description's checks ask of a string, and the number of the refusal.
local checks = { acl_rule = { acl.kind, 600 } }

local function check_value(field, value, codes)
  if field.max and #value > field.max then
    return codes[field[1]] and failure.new(codes[field[1]], field.max, #value)
      or failure.new(215, field[1], ("at most %d bytes long"):format(field.max))
  end
  local check = checks[field.check]
  for _, text in ipairs(check and (type(value) == "table" and value or { value }) or {}) do
    if not check[1](text) then
      return failure.new(check[2], text)
    end
  end
end

--- Reads and checks a request's body, as the API does.
---@param fields table[] what the operation takes, see `ngrok.description`
---@param types table<string, table[]> that the fields name
---@param body? string
---@param known table<string, string> the path's parameters, which official clients repeat in the body
---@param codes table<string, integer> numbers of refusals of what is too long, by field
---@return table? # values; null ones are absent
---@return table? refusal
function schema.read(fields, types, body, known, codes)
  local values, problem = json.decode(body or "")
  if not json.is_object(values) then
    return nil, failure.new(213, problem or "not a JSON object")
  end
  for name in pairs(known) do
    values[name] = nil
  end
  local refusal
  for name, value in pairs(values) do
    refusal = refusal or check_type(fields, types, name, value)
  end
  for _, field in ipairs(refusal and {} or fields) do
    local value = values[field[1]]
    if value ~= nil then
      refusal = refusal or check_value(field, value, codes)
    elseif field.required then
      refusal = refusal or failure.uncoded(400, ("The request parameter %s is missing."):format(field[1]))
    end
  end
  if refusal then
    return nil, refusal
  end
  return values
end

local write

local function write_map(value, of, types)
  local members = {}
  for name, member in pairs(value) do
    members[#members + 1] = { name, write(member, of, types) }
  end
  return json.object(members)
end

function write(value, of, types)
  local item, is_map = split(of)
  if value == nil then
    return item and not is_map and "[]" or nil
  elseif type(value) == "string" then
    return json.string(value)
  elseif type(value) ~= "table" then
    return json.encode(value)
  elseif is_map then
    return write_map(value, item, types)
  elseif not item then
    return schema.write(types[of], types, value, true)
  end
  local items = {}
  for index, member in ipairs(value) do
    items[index] = write(member, item, types)
  end
  return json.array(items)
end

--- Writes an item. What was never set is left out, as the API does; an array is always there.
---@param fields table[] of the resource
---@param types table<string, table[]> that the fields name
---@param record table
---@param is_new boolean whether this is the response to its creation, which has the `once` fields, too
---@return string # JSON text
function schema.write(fields, types, record, is_new)
  local members = {}
  for index, field in ipairs(fields) do
    local text = "null"
    if is_new or not field.once then
      text = write(record[field[1]], field[2], types)
    end
    members[index] = { field[1], text }
  end
  return json.object(members)
end

local filterable = {
  string = "string", integer = "number", number = "number", boolean = "bool", ["[string]"] = "list",
}

--- What a filter may name: from a field's name to its type in the filter's language.
---@param fields table[] of the resource
---@return table<string, string>
function schema.filterable(fields)
  local types = {}
  for _, field in ipairs(fields) do
    types[field[1]] = not field.secret and filterable[field[2]] or nil
    if field[2] == "string" and field[1]:find "_at$" then
      types[field[1]] = "time"
    end
  end
  types.uri, types.created_at = nil, "time"
  return types
end

return schema
