--- Descriptions of services that only a spec needs.
local index = require "ngrok.api.index"

local descriptions = {}

-- The module of a service, or that of its group with its name there.
local function module_of(name)
  local group, own_name = name:match "^(.*)%.(.*)$"
  return "ngrok.api." .. (group or name), own_name
end

--- Adds services as files in lua/ngrok/api would.
---@param given table descriptions by name
function descriptions.add(given)
  for name, description in pairs(given) do
    local module, own_name = module_of(name)
    index[name] = type(description) == "table" and description.path or "/" .. name
    package.preload[module] = function() return own_name and { [own_name] = description } or description end
  end
end

---@param given table as of `add`
function descriptions.remove(given)
  for name in pairs(given) do
    local module = module_of(name)
    index[name], package.preload[module], package.loaded[module] = nil, nil, nil
  end
end

return descriptions
