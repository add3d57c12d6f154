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
---@param err any
---@param needle string
---@return string? the place; nil when it is nowhere
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

local function unescape(text)
  return (text:gsub("%%(%x%x)", byte_of):gsub("\\u00(%x%x)", byte_of):gsub("\\x(%x%x)", byte_of)
    :gsub("\\(%p)", "%1"))
end

local most_readings = 4 -- escapes of escapes

--- Where a text tells a secret, in whatever way is promised: as it is, in the other case, or escaped, once or
--- again. It is read, and not compared with what the secret could look like.
---@param text string
---@param secret string
---@return string? what tells it; nil when nothing does
function secrets.trace(text, secret)
  for _ = 1, most_readings do
    if text:lower():find(secret:lower(), 1, true) then
      return text
    end
    text = unescape(text)
  end
end

--- Every text that a value shows: itself, its fields and keys, however deep, and what it becomes as a
--- string.
---@param value any
---@return string[]
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

---@param text string bytes
---@return string every byte as \u00XX
function secrets.json_escaped(text)
  return (text:gsub(".", function(character)
    return ("\\u%04x"):format(character:byte())
  end))
end

---@param text string bytes
---@return string every byte as %XX
function secrets.percent(text)
  return (text:gsub(".", function(character)
    return ("%%%02X"):format(character:byte())
  end))
end

---@param text string
---@return string every sign as Markdown escapes it
function secrets.markdown(text)
  return (text:gsub("%p", "\\%0"))
end

return secrets
