-- All services in the order of their names, checked and complete, see lua/ngrok/description.lua.
local description = require "ngrok.description"
local index = require "ngrok.api.index"

local check = dofile "build-aux/check_description.lua"

return function()
  local names, services = {}, {}
  for name in pairs(index) do
    names[#names + 1] = name
  end
  table.sort(names)
  for position, name in ipairs(names) do
    services[position] = check(description.read(name))
  end
  return services
end
