--- Looks for what must not be seen in all that an error shows.
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
-- @treturn string every byte as %XX
function secrets.percent(text)
  return (text:gsub(".", function(character)
    return ("%%%02X"):format(character:byte())
  end))
end

return secrets
