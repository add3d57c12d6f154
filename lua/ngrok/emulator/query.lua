--- The part of a URL after the question mark.
local query = {}

local function decode(text)
  return (text:gsub("+", " "):gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end))
end

--- Percent-encodes a value; nothing but RFC 3986's unreserved characters stays as it is.
---@param text string bytes
---@return string
function query.encode(text)
  return (text:gsub("[^%w%-._~]", function(character)
    return ("%%%02X"):format(character:byte())
  end))
end

--- Splits a query into its parameters.
---@param text? string the query without its question mark
---@return table from name to array of values, in the order they came
function query.parse(text)
  local parameters = {}
  for part in (text or ""):gmatch("[^&]+") do
    local name, value = part:match("^([^=]*)=(.*)$")
    name = decode(name or part)
    parameters[name] = parameters[name] or {}
    table.insert(parameters[name], decode(value or ""))
  end
  return parameters
end

--- Joins parameters into a query.
---@param parameters {{string,string},...} pairs of name and value; a pair without value is left out
---@return string
function query.format(parameters)
  local parts = {}
  for _, parameter in ipairs(parameters) do
    if parameter[2] then
      parts[#parts + 1] = query.encode(parameter[1]) .. "=" .. query.encode(parameter[2])
    end
  end
  return table.concat(parts, "&")
end

return query
