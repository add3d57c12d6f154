--- Usage errors of the emulator. Each says what is allowed and is raised at the program's own line.
local usage_error = require "ngrok.usage_error"

local usage = {}

--- Raises a message.
---@param format string as of string.format
---@param ... any
function usage.raise(format, ...)
  usage_error.raise(format:format(...))
end

--- A name that a program has passed, as a message may show it. It could be a key by mistake. The core, which
--- knows what keys look like, may be absent here, so only what looks like a name is shown.
---@param name any
---@return string
function usage.shown(name)
  local looks_right = type(name) == "number"
    or type(name) == "string" and #name <= 24 and name:find "^%a[%a_]*%d?$"
  return looks_right and ("'%s'"):format(name)
    or ("of type %s (not shown, as it may be a key)"):format(type(name))
end

--- Lists the names in a table.
---@param set table<string, any>
---@return string # sorted, with commas
function usage.names(set)
  local names = {}
  for name in pairs(set) do
    names[#names + 1] = tostring(name)
  end
  table.sort(names)
  return table.concat(names, ", ")
end

local function is_whole(value)
  return type(value) == "number" and value >= 0 and value % 1 == 0
end

local function is_status(value)
  return is_whole(value) and value >= 200 and value <= 999
end

local function is_port(value)
  return is_whole(value) and value >= 1 and value <= 65535
end

local function is_finite(value)
  return type(value) == "number" and value - value == 0
end

local tests = {
  ["finite number"] = is_finite, port = is_port, ["status from 200 to 999"] = is_status,
  ["whole number"] = is_whole,
}

local function is_expected(value, expected)
  if type(expected) == "table" then
    return value ~= nil and expected[value] ~= nil
  elseif tests[expected] then
    return tests[expected](value)
  end
  for name in expected:gmatch("%a+") do
    if type(value) == name then
      return true
    end
  end
  return false
end

local function describe(value)
  return type(value) == "number" and tostring(value) or type(value)
end

--- Checks one value.
---@param value any
---@param expected string|table a type, several with "or" between, or a name in `tests`; or a set of values
---@param name string
---@param what string what it belongs to
function usage.check_value(value, expected, name, what)
  if not is_expected(value, expected) then
    local words = type(expected) == "table" and "one of " .. usage.names(expected) or expected
    usage.raise("bad '%s' in %s: %s expected, got %s", name, what, words, describe(value))
  end
end

--- Checks a table: what its members are called, and what they are.
---@param given any
---@param expected table<string, string|table> by name, as of `check_value`
---@param what string what the table is
function usage.check(given, expected, what)
  if type(given) ~= "table" then
    usage.raise("%s must be a table, got %s", what, type(given))
  end
  for name, value in pairs(given) do
    if not expected[name] then
      usage.raise("unknown name %s in %s (there are %s)", usage.shown(name), what, usage.names(expected))
    end
    usage.check_value(value, expected[name], name, what)
  end
end

--- Checks an array of strings.
---@param given any
---@param name string
---@param what string what it belongs to
function usage.check_strings(given, name, what)
  for key, value in pairs(given) do
    if type(key) ~= "number" or type(value) ~= "string" then
      usage.raise("bad '%s' in %s: an array of strings expected", name, what)
    end
  end
end

return usage
