--- JSON as the API writes it: members in a fixed order, arrays that stay arrays.
-- cjson does what is hard (escaping, parsing); this file does what cjson cannot:
-- keep the order of members and tell `{}` from `[]`.
local cjson = require "cjson"

-- An instance of its own: a program may have changed the settings of the shared one,
-- and must not find ours changed.
local function new_codec()
  local made = cjson.new()
  made.decode_invalid_numbers(false)
  return made
end

-- For strings. cjson asks for the locale's decimal point when it makes an instance, and a program may
-- change its locale at any time: what may have fractions in it is for a new instance each time.
local codec = new_codec()

local json = {}

--- Writes a string.
---@param text string bytes
---@return string JSON text
function json.string(text)
  -- cjson escapes every slash, the API none. No other backslash can stand before a slash.
  return (codec.encode(text):gsub("\\/", "/"))
end

--- Writes a string, or null for nil.
---@param text? string bytes
---@return string JSON text
function json.string_or_null(text)
  return text and json.string(text) or "null"
end

--- Writes an array.
---@param items {string,...} JSON texts
---@return string JSON text
function json.array(items)
  return "[" .. table.concat(items, ",") .. "]"
end

--- Writes an array of strings, `[]` when there are none.
---@param strings {string,...} bytes
---@return string JSON text
function json.strings(strings)
  local items = {}
  for index, text in ipairs(strings) do
    items[index] = json.string(text)
  end
  return json.array(items)
end

--- Writes an object with its members in the order given.
---@param members {{string,string},...} pairs of name and JSON text; a pair without text is left out
---@return string JSON text
function json.object(members)
  local items = {}
  for _, member in ipairs(members) do
    if member[2] then
      items[#items + 1] = json.string(member[1]) .. ":" .. member[2]
    end
  end
  return "{" .. table.concat(items, ",") .. "}"
end

--- Writes any plain Lua value, in no particular order: for the emulator's own files.
---@param value any a value that cjson can write
---@return string JSON text
function json.encode(value)
  return new_codec().encode(value)
end

--- Reads JSON text; null members become absent.
---@param text string JSON text
---@return any the value, or nil and a message
function json.decode(text)
  local fine, value = pcall(new_codec().decode, text)
  if not fine then
    return nil, tostring(value)
  end
  if type(value) == "table" then
    for name, member in pairs(value) do
      if member == cjson.null then
        value[name] = nil
      end
    end
  end
  return value
end

local function string_end(text, position)
  repeat
    position = text:find('["\\]', position + 1)
    local escaped = text:sub(position, position) == "\\"
    if escaped then
      position = position + 1
    end
  until not escaped
  return position
end

local function nested_end(text, position)
  local depth = 0
  repeat
    position = text:find('["%[%]{}]', position)
    local character = text:sub(position, position)
    if character == '"' then
      position = string_end(text, position)
    else
      depth = depth + ((character == "{" or character == "[") and 1 or -1)
    end
    position = position + 1
  until depth == 0
  return position - 1
end

local function value_end(text, position)
  local character = text:sub(position, position)
  if character == '"' then
    return string_end(text, position)
  elseif character == "{" or character == "[" then
    return nested_end(text, position)
  end
  return text:find("[,}%s]", position) - 1
end

local kind_of = {
  ["{"] = "object",
  ["["] = "array",
  ['"'] = "string",
  ["t"] = "boolean",
  ["f"] = "boolean",
  ["n"] = "null",
}

-- The kind of every member, read off the text. cjson has accepted the text already,
-- so the scanner need not check it, only walk over strings and nesting correctly.
local function member_kinds(text)
  local kinds = {}
  local position = text:find("[\"}]", 2)
  while text:sub(position, position) == '"' do
    local last = string_end(text, position)
    -- A name may be written with escapes ("\u0061cl"): cjson knows them.
    local name = codec.decode("[" .. text:sub(position, last) .. "]")[1]
    local start = text:find("[^%s:]", last + 1)
    kinds[name] = kind_of[text:sub(start, start)] or "number"
    position = text:find("[\"}]", value_end(text, start) + 1)
  end
  return kinds
end

--- Reads a JSON object and says of what kind each member is, which cjson 2.1 does not:
--- to it `{}` and `[]` are both an empty table.
---@param text string JSON text
---@return any table of members (null ones absent) and table from name to "object", "array", "string",
--- "number", "boolean" or "null"; or nil and a message
function json.decode_object(text)
  local trimmed = text:match("^%s*(.*)$")
  if trimmed:sub(1, 1) ~= "{" then
    return nil, "not a JSON object"
  end
  local value, message = json.decode(trimmed)
  if not value then
    return nil, message
  end
  return value, member_kinds(trimmed)
end

return json
