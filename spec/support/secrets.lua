--- Looks for what must not be seen in all that an error shows.
local ngrok = require "ngrok"

local secrets = {}

local function search(value, needle, place, seen)
  if type(value) == "string" then
    return value:find(needle, 1, true) and ("%s: %s"):format(place, value) or nil
  elseif type(value) ~= "table" or seen[value] then
    return nil
  end
  seen[value] = true
  for key, item in pairs(value) do
    local found = search(key, needle, "a key of " .. place, seen)
      or search(item, needle, place .. "." .. tostring(key), seen)
    if found then
      return found
    end
  end
end

--- Where an error shows a text: in its fields and keys, however deep, or in what it becomes as a string.
-- @param err
-- @tparam string needle
-- @treturn ?string the place; nil when it is nowhere
function secrets.find(err, needle)
  return search(err, needle, "error", {})
    or search(tostring(err), needle, "tostring", {})
    or search("x" .. err, needle, "concatenation", {})
    or search(err .. "x", needle, "concatenation", {})
end

-- ---- what a text could be read as, by who looks for a secret in it --------------------------------

local function byte_of(digits)
  return string.char(tonumber(digits, 16))
end

local function without_escapes(text)
  return (text:gsub("%%(%x%x)", byte_of):gsub("\\u00(%x%x)", byte_of):gsub("\\x(%x%x)", byte_of)
    :gsub("\\([\\/\"'])", "%1"))
end

local function from_hexadecimal(digits)
  return (digits:gsub("(%x%x)", byte_of))
end

local values = {}
for value, character in ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"):gmatch "()(.)" do
  values[character] = value - 1
end
values["-"], values["_"] = values["+"], values["/"]

local function from_base64(digits)
  local bytes = {}
  for at = 1, #digits - 3, 4 do
    local group = 0
    for place = at, at + 3 do
      group = group * 64 + values[digits:sub(place, place)]
    end
    bytes[#bytes + 1] = string.char(math.floor(group / 65536), math.floor(group / 256) % 256, group % 256)
  end
  return table.concat(bytes)
end

local function add_encoded(readings, text)
  for digits in text:gmatch "%x+" do
    if #digits >= 16 then
      readings[#readings + 1] = from_hexadecimal(digits)
      readings[#readings + 1] = from_hexadecimal(digits:sub(2))
    end
  end
  for digits in text:gmatch "[%w+/_-]+" do
    for start = 1, #digits >= 10 and 4 or 0 do
      readings[#readings + 1] = from_base64(digits:sub(start) .. "AAA")
    end
  end
end

local least = 8 -- bytes of a secret that stand together; of fewer nothing is promised

--- Where a text tells a piece of a secret, in whatever way: as it is, in the other case, escaped, in
-- hexadecimal, in base64. It is read, and not compared with what the secret could look like.
-- @tparam string text
-- @tparam string secret
-- @treturn ?string what it tells; nil when it tells nothing
function secrets.trace(text, secret)
  local plain = without_escapes(text)
  local readings = { text, plain }
  add_encoded(readings, text)
  add_encoded(readings, plain)
  for _, reading in ipairs(readings) do
    local lower = reading:lower()
    for at = 1, #secret - least + 1 do
      local piece = secret:sub(at, at + least - 1)
      if lower:find(piece:lower(), 1, true) then
        return piece
      end
    end
  end
end

--- Every text that a value shows: itself, its fields and keys, however deep, and what it becomes as a
-- string.
-- @param value
-- @treturn {string,...}
function secrets.texts(value)
  local found, seen = { tostring(value) }, {}
  local function add(item)
    if type(item) == "string" then
      found[#found + 1] = item
    elseif type(item) == "table" and not seen[item] then
      seen[item] = true
      for key, field in pairs(item) do
        add(key)
        add(field)
      end
    end
  end
  add(value)
  if ngrok.is_error(value) then
    add("x" .. value)
    add(value .. "x")
  end
  return found
end

-- ---- what a server could write it as --------------------------------------------------------------

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

--- @tparam string text bytes
-- @treturn string base64 with padding
function secrets.base64(text)
  local digits = {}
  for at = 1, #text, 3 do
    local a, b, c = text:byte(at, at + 2)
    local group = a * 65536 + (b or 0) * 256 + (c or 0)
    for place = 3, 0, -1 do
      local value = math.floor(group / 64 ^ place) % 64 + 1
      digits[#digits + 1] = alphabet:sub(value, value)
    end
    if not c then
      digits[#digits] = "="
    end
    if not b then
      digits[#digits - 1] = "="
    end
  end
  return table.concat(digits)
end

--- @tparam string text bytes
-- @treturn string hexadecimal
function secrets.hexadecimal(text)
  return (text:gsub(".", function(character)
    return ("%02x"):format(character:byte())
  end))
end

--- @tparam string text bytes
-- @treturn string every byte as \u00XX
function secrets.json_escaped(text)
  return (text:gsub(".", function(character)
    return ("\\u%04x"):format(character:byte())
  end))
end

--- @tparam string text bytes
-- @treturn string every byte as %XX
function secrets.percent(text)
  return (text:gsub(".", function(character)
    return ("%%%02X"):format(character:byte())
  end))
end

return secrets
