--- Filters as tables: from the names of fields to conditions, see ngrok.condition.
local condition = require "ngrok.condition"
local core = require "ngrok.core"
local description = require "ngrok.description"
local error_object = require "ngrok.error"
local nearest = require "ngrok.nearest"
local usage_error = require "ngrok.usage_error"

---@class ngrok.Filter
---@field text string in CEL
---@field conditions table<string, table> by field
local filter = {}
filter.__index = filter

--- How fields are compared.
---@param fields table[] see ngrok.description
---@return table<string, string|false> kinds by field, as of `condition.kind`
function filter.kinds(fields)
  local kinds = {}
  for _, field in ipairs(fields) do
    kinds[field[1]] = condition.kind(field)
  end
  return kinds
end

local kinds_of = {}

--- How the fields of a service's resources are compared.
---@param service string
---@return table<string, string|false> kinds as of `kinds`
function filter.kinds_of(service)
  kinds_of[service] = kinds_of[service] or filter.kinds(description.load(service).fields)
  return kinds_of[service]
end

local function sorted_names(by_name)
  local names = {}
  for name in pairs(by_name) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function names_of_comparable(kinds)
  local comparable = {}
  for name, kind in pairs(kinds) do
    comparable[name] = kind or nil
  end
  return sorted_names(comparable)
end

-- A key or a token may have slipped into a name's place.
local function raise_unknown(kinds, name, where)
  local names, what = names_of_comparable(kinds), "cannot be compared"
  if kinds[name] == nil then
    local meant = nearest.name(name, names)
    what = "does not exist" .. (meant and (": did you mean '%s'?"):format(meant) or "")
  end
  usage_error.raise(("%s: %s: the field '%s' %s (there are %s)"):format(where.operation, where.noun,
    error_object.redact(where.core, tostring(name)), what, table.concat(names, ", ")))
end

--- Reads a filter.
---@param given table<string, any>
---@param kinds table as of `kinds`
---@param where table for messages: the `operation`, "credentials.list"; what the table is called there, the
---   `noun`, "filter"; and the client's `core`
---@return ngrok.Filter?
---@return string? problem
--- Raises: names a field that does not exist, or a condition of a wrong type
function filter.read(given, kinds, where)
  for name in pairs(given) do
    if not kinds[name] then
      raise_unknown(kinds, name, where)
    end
  end
  local conditions, texts = {}, {}
  for index, name in ipairs(sorted_names(given)) do
    local place = ("%s.%s"):format(where.noun, name)
    local one, problem = condition.read(name, kinds[name], given[name], place, where.operation)
    if not one then
      return nil, problem
    end
    conditions[name], texts[index] = one, one.text
  end
  if #texts == 0 then
    return nil, where.noun .. " is empty: name at least one field"
  end
  return setmetatable({ text = table.concat(texts, " && "), conditions = conditions }, filter)
end

--- Whether an item fulfils all conditions.
---@param item any
---@return boolean
function filter:holds(item)
  for name, one in pairs(self.conditions) do
    if not one.holds(item[name]) then
      return false
    end
  end
  return true
end

--- Writes a string as a filter has it, so that nothing in it can change the filter.
---@param text string
---@return string? literal with its quotation marks
---@return ngrok.Error? # where the text is not valid UTF-8
--- Raises: where it is not a string
function filter.quote(text)
  if type(text) ~= "string" then
    usage_error.raise("ngrok.quote: a string expected, got " .. type(text))
  elseif not core.is_utf8(text) then
    return nil, error_object.invalid("ngrok.quote", "the text is not valid UTF-8")
  end
  return core.json(text)
end

return filter
