--- A loop of the program's own. It gets clients and requests as the program knows them.
local face = require "ngrok.face"

local adapter = {}

-- Functions of an adapter that are called with a client.
local takes_client = { watch = true, refusal = true, deafness = true, release = true }

--- Makes of the program's adapter one that is called with our own objects.
---@param given table see docs/loops.md
---@return table
function adapter.new(given)
  return setmetatable({}, {
    __index = function(_, name)
      local found = given[name]
      if found ~= nil and name == "wait" then
        return function(client, request)
          return found(face.of(client), face.of(request))
        end
      elseif found ~= nil and takes_client[name] then
        return function(client)
          return found(face.of(client))
        end
      end
      return found
    end,
  })
end

return adapter
