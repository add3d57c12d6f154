--- A condition on a field of an item: written in the part of CEL that the API takes, and judged here as well.
--
-- It is a value that the field equals, an array of values of which it equals one, or, of a time,
-- `{ before =, after = }`. A field that is an array of strings equals an array with the same strings in any
-- order, and a string that it has. A field that was never set equals "", false, 0 and {}.
local core = require "ngrok.core"
local time = require "ngrok.time"
local usage_error = require "ngrok.usage_error"

--- Neither includes the moment.
---@class ngrok.TimeRange
---@field before? number|string seconds since 1970, RFC 3339, or an age such as "90d", "24h", "30m", "10s"
---@field after? number|string

---@alias ngrok.TimeCondition number|string|(number|string)[]|ngrok.TimeRange

local condition = {}

-- ---- values --------------------------------------------------------------------------------------

local latest = 253402300799 -- the end of the year 9999

-- A time in CEL, and in seconds.
local function read_time(value)
  local seconds = value
  if type(value) == "string" then
    seconds = time.parse(value)
  end
  if not (seconds and seconds >= 0 and seconds <= latest) then
    return nil, "must be a time: seconds since 1970 or RFC 3339"
  end
  local text, fraction = time.format(seconds), seconds % 1
  if fraction > 0 then
    text = text:gsub("Z$", (".%06dZ"):format(math.floor(fraction * 1e6)))
  end
  return ('timestamp("%s")'):format(text), seconds
end

-- A time, or an age. The API counts an age by its own clock.
local function read_bound(value)
  local age = type(value) == "string" and value:find "^%d+[dhms]$" and time.duration(value)
  if age then
    return ('timestamp(time.now).subtract("%s")'):format(value), os.time() - age
  end
  local text, seconds = read_time(value)
  if not text then
    return nil, 'must be a time: seconds since 1970, RFC 3339, or an age such as "90d", "24h", "30m" or "10s"'
  end
  return text, seconds
end

-- By kind of field: the Lua types of its values, words for one and for what a condition may be, and `read`, a
-- function from a value to its text in CEL and what it is compared with, or to nil and what is wrong. A field
-- that was never set equals `unset`.
local scalars = {
  string = {
    types = { string = true }, noun = "a string", expected = "a string or an array of strings", unset = "",
    read = function(value)
      if not core.is_utf8(value) then
        return nil, "is not valid UTF-8"
      end
      return core.json(value), value
    end,
  },
  number = {
    types = { number = true }, noun = "a number", expected = "a number or an array of numbers", unset = 0,
    read = function(value)
      if value - value ~= 0 then
        return nil, "must be finite, got " .. tostring(value)
      end
      return core.json(value), value
    end,
  },
  boolean = {
    types = { boolean = true }, noun = "a boolean", expected = "a boolean or an array of booleans",
    unset = false,
    read = function(value) return tostring(value), value end,
  },
  time = {
    types = { number = true, string = true }, noun = "a time",
    expected = "a time, an array of times or { before =, after = }", read = read_time,
  },
}

-- What an item has, as it is compared.
local function comparable(self, actual)
  if self.kind == "time" then
    return type(actual) == "string" and time.parse(actual) or nil
  elseif actual == nil then
    return scalars[self.kind].unset
  end
  return actual
end

-- ---- kinds of conditions -------------------------------------------------------------------------

local function raise_type(self, place, expected, value)
  usage_error.raise(("%s: %s must be %s, got %s"):format(self.operation, place, expected, type(value)))
end

local function is_sequence(value)
  local count = 0
  for _ in pairs(value) do
    count = count + 1
  end
  return count == #value
end

-- The texts of an array's values, and a set of what is compared; or nil and what is wrong.
local function read_array(self, values, scalar)
  local texts, set = {}, {}
  for index, value in ipairs(values) do
    local place = ("%s[%d]"):format(self.place, index)
    if not scalar.types[type(value)] then
      raise_type(self, place, scalar.noun, value)
    end
    local text, known = scalar.read(value)
    if not text then
      return nil, ("%s %s"):format(place, known)
    end
    texts[index], set[known] = text, true
  end
  return texts, set
end

-- The API has null in some fields that were never set, and "" in others.
local function or_null(self, text, has_empty)
  return has_empty and ("(%s || %s == null)"):format(text, self.field) or text
end

local function equal(self, value)
  local text, known = scalars[self.kind].read(value)
  if not text then
    return nil, self.place .. " " .. known
  end
  return {
    text = or_null(self, ("%s == %s"):format(self.field, text), known == ""),
    value = value,
    holds = function(actual) return comparable(self, actual) == known end,
  }
end

local function one_of(self, values)
  local texts, set = read_array(self, values, scalars[self.kind])
  if not texts then
    return nil, set
  elseif #texts == 0 then
    return nil, self.place .. " is empty: give at least one value, or leave it out"
  end
  return {
    text = or_null(self, ("%s in [%s]"):format(self.field, table.concat(texts, ", ")), set[""]),
    holds = function(actual)
      actual = comparable(self, actual)
      return actual ~= nil and set[actual] == true
    end,
  }
end

local signs = { after = ">", before = "<" }

-- The text of each bound and its seconds, by name; or nil and what is wrong.
local function read_bounds(self, given)
  local texts, seconds = {}, {}
  for name, value in pairs(given) do
    local place = ("%s.%s"):format(self.place, name)
    if not signs[name] then
      usage_error.raise(("%s: %s may have before and after, and nothing else"):format(self.operation,
        self.place))
    elseif not scalars.time.types[type(value)] then
      raise_type(self, place, "a time", value)
    end
    local text, known = read_bound(value)
    if not text then
      return nil, ("%s %s"):format(place, known)
    end
    texts[#texts + 1], seconds[name] = ("%s %s %s"):format(self.field, signs[name], text), known
  end
  table.sort(texts)
  return texts, seconds
end

local function between(self, given)
  local texts, seconds = read_bounds(self, given)
  if not texts then
    return nil, seconds
  end
  local after, before = seconds.after or -math.huge, seconds.before or math.huge
  return {
    text = table.concat(texts, " && "),
    holds = function(actual)
      actual = comparable(self, actual)
      return actual ~= nil and actual > after and actual < before
    end,
  }
end

local function strings_of(actual)
  return type(actual) == "table" and actual or {}
end

local function has(actual, value)
  for _, one in ipairs(strings_of(actual)) do
    if one == value then
      return true
    end
  end
  return false
end

local function has_all(actual, set)
  for value in pairs(set) do
    if not has(actual, value) then
      return false
    end
  end
  return true
end

local function same_list(self, values)
  local texts, set = read_array(self, values, scalars.string)
  if not texts then
    return nil, set
  end
  local count = 0
  for _ in pairs(set) do
    count = count + 1
  end
  if count < #values then
    return nil, self.place .. " has a string twice"
  end
  for index, text in ipairs(texts) do
    texts[index] = ("%s in %s"):format(text, self.field)
  end
  texts[#texts + 1] = ("size(%s) == %d"):format(self.field, count)
  return {
    text = count > 0 and table.concat(texts, " && ")
      or ('(%s == null || %s == "")'):format(self.field, self.field), -- as ngrok writes it
    value = values,
    holds = function(actual) return #strings_of(actual) == count and has_all(actual, set) end,
  }
end

local function contains(self, value)
  local text, problem = scalars.string.read(value)
  if not text then
    return nil, self.place .. " " .. problem
  end
  return {
    text = ("%s in %s"):format(text, self.field),
    holds = function(actual) return has(actual, value) end,
  }
end

local function read_of_list(self, value)
  if type(value) == "string" then
    return contains(self, value)
  elseif type(value) == "table" and is_sequence(value) then
    return same_list(self, value)
  end
  raise_type(self, self.place, scalars.string.expected, value)
end

-- ---- all -----------------------------------------------------------------------------------------

local kinds = {
  string = "string", integer = "number", number = "number", boolean = "boolean", ["[string]"] = "list",
}

--- How a field is compared.
---@param field table of a description, see ngrok.description
---@return string|false kind "string", "number", "boolean", "time" or "list"; false for a secret or an object,
---   of which there are no conditions
function condition.kind(field)
  local name, type_name = field[1], field[2]
  if field.secret or name == "uri" then
    return false
  end
  return type_name == "string" and name:find "_at$" and "time" or kinds[type_name] or false
end

--- Reads a condition.
---@param name string of the field
---@param kind string as of `kind`
---@param value any see the top of this file
---@param place string what messages call it, "filter.owner_id"
---@param operation string "credentials.list"
---@return table? condition `text` in CEL; `holds(actual)`, from what an item has in that field; `value` where
---   an item is made to hold it by having this value
---@return string? problem
--- Raises: where the value has a wrong type
function condition.read(name, kind, value, place, operation)
  local self = { field = "obj." .. name, kind = kind, place = place, operation = operation }
  local scalar = scalars[kind]
  if kind == "list" then
    return read_of_list(self, value)
  elseif scalar.types[type(value)] then
    return equal(self, value)
  elseif type(value) == "table" and is_sequence(value) then
    return one_of(self, value)
  elseif type(value) == "table" and kind == "time" then
    return between(self, value)
  end
  raise_type(self, place, scalar.expected, value)
end

return condition
