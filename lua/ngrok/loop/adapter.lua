--- An adapter that the program brings. It is called with faces, not with our own objects.
local face = require "ngrok.face"

local adapter = {}

-- The functions of an adapter that get a client.
local takes_client = { watch = true, refusal = true, deafness = true, release = true }

--- Wraps the program's adapter, so that we can call it with our own objects.
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
