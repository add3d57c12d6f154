--- JSON as the API reads and writes it: members in a fixed order, and `{}` distinct from `[]`. cjson does
--- neither, and nginx does not load the core.
local cjson = require "cjson"

-- An instance of our own: a program may have changed the settings of the shared one. A new one for each
-- number that may have a fraction: cjson asks for the locale's decimal point when it makes an instance.
local function new_codec()
  local made = cjson.new()
  made.decode_invalid_numbers(false)
  return made
end

local codec = new_codec()

local json = {}

--- Writes a string.
---@param text string bytes
---@return string # JSON text
function json.string(text)
  -- cjson escapes every slash, the API none. No other backslash can precede a slash.
  return (codec.encode(text):gsub("\\/", "/"))
end

--- Writes an array.
---@param items string[] JSON texts
---@return string # JSON text
function json.array(items)
  return "[" .. table.concat(items, ",") .. "]"
end

--- Writes an object with its members in the order given.
---@param members {[1]: string, [2]: string?}[] name and JSON text; one without a text is left out
---@return string # JSON text
function json.object(members)
  local items = {}
  for _, member in ipairs(members) do
    if member[2] then
      items[#items + 1] = json.string(member[1]) .. ":" .. member[2]
    end
  end
  return "{" .. table.concat(items, ",") .. "}"
end

--- Writes any plain Lua value, in no particular order.
---@param value any
---@return string # JSON text
function json.encode(value)
  return new_codec().encode(value)
end

local objects = {}

--- Says whether a table was an object and not an array, in what `decode` returned.
---@param value table
---@return boolean
function json.is_object(value)
  return getmetatable(value) == objects
end

local mark = "\1"

-- Puts a member into every object, which tells it from an array. The masked text, without escapes and
-- strings, shows where the objects are.
local function with_marks(text)
  local masked = text:gsub("\\.", "__"):gsub('"[^"]*"', function(string)
    return ("_"):rep(#string)
  end)
  local pieces, last = {}, 0
  for position, following in masked:gmatch "(){%s*(.?)" do
    pieces[#pieces + 1] = text:sub(last + 1, position) .. '"\\u0001":0' .. (following == "}" and "" or ",")
    last = position
  end
  return table.concat(pieces) .. text:sub(last + 1)
end

local function take_marks(value)
  local is_object = value[mark] ~= nil
  value[mark] = nil
  for key, member in pairs(value) do
    if type(member) == "table" then
      take_marks(member)
    elseif is_object and member == cjson.null then
      value[key] = nil
    end
  end
  return is_object and setmetatable(value, objects) or value
end

--- Reads JSON text. Members of objects that are null become absent.
---@param text string JSON text
---@return any value nil when the text is not JSON
---@return string? problem
function json.decode(text)
  local fine, value = pcall(new_codec().decode, with_marks(text))
  if not fine then
    return nil, tostring(value)
  end
  return type(value) == "table" and take_marks(value) or value
end

--- Whether a member of an object is null, which `decode` does not tell from an absent one.
---@param text string JSON text of an object
---@param name string
---@return boolean
function json.has_null(text, name)
  return new_codec().decode(text)[name] == cjson.null
end

return json
