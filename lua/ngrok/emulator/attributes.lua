--- What a create or update asks for: the request body, read and checked as the API does.
local acl = require "ngrok.emulator.acl"
local failure = require "ngrok.emulator.failure"
local json = require "ngrok.emulator.json"

local attributes = {}

local longest_description, longest_metadata = 255, 4096 -- bytes, not characters

-- Official clients repeat the id of the path in the body of an update.
local kinds_of_create = { description = "string", metadata = "string", acl = "array", owner_id = "string" }
local kinds_of_update = { id = "string", description = "string", metadata = "string", acl = "array" }

local expectations = { string = "a string", array = "an array of strings" }

local function names_of(kinds)
  local names = {}
  for name in pairs(kinds) do
    names[#names + 1] = name
  end
  table.sort(names)
  return table.concat(names, ", ")
end

local function check_kinds(kinds, expected)
  for name, kind in pairs(kinds) do
    if not expected[name] then
      return failure.new(214, name, names_of(expected))
    elseif kind ~= "null" and kind ~= expected[name] then
      return failure.new(215, name, expectations[expected[name]])
    end
  end
end

local function check_rules(rules)
  for _, rule in ipairs(rules) do
    if type(rule) ~= "string" then
      return failure.new(215, "acl", expectations.array)
    elseif not acl.is_rule(rule) then
      return failure.new(600, rule)
    end
  end
end

--- Checks the values of attributes whose types are right.
---@param values table description, metadata, acl, each may be absent
---@return table? refusal
function attributes.check(values)
  if values.description and #values.description > longest_description then
    return failure.new(604, longest_description, #values.description)
  elseif values.metadata and #values.metadata > longest_metadata then
    return failure.new(605, longest_metadata, #values.metadata)
  end
  return check_rules(values.acl or {})
end

local function read(body, expected)
  local values, kinds = json.decode_object(body or "")
  if not values then
    return nil, failure.new(213, kinds)
  end
  local refusal = check_kinds(kinds, expected) or attributes.check(values)
  if refusal then
    return nil, refusal
  end
  return values
end

--- Reads the body of a create.
---@param body? string
---@return table? attributes; null ones are absent
---@return table? refusal
function attributes.of_create(body)
  return read(body, kinds_of_create)
end

--- Reads the body of an update.
---@param body? string
---@return table? attributes; null ones are absent
---@return table? refusal
function attributes.of_update(body)
  local values, refusal = read(body, kinds_of_update)
  if not values then
    return nil, refusal
  end
  values.id = nil
  if next(values) == nil then
    return nil, failure.new(606)
  end
  return values
end

return attributes
