--- A loop of the program's own. It gets clients and requests as the program knows them.
local face = require "ngrok.face"

local adapter = {}

-- Functions of an adapter that are called with a client, and `wait` with a request, too.
local takes_client = { wait = true, watch = true, refusal = true, deafness = true, release = true }

--- Makes of the program's adapter one that is called with our own objects.
---@param given table see docs/loops.md
---@return table
function adapter.new(given)
  return setmetatable({}, {
    __index = function(_, name)
      local found = given[name]
      if found == nil or not takes_client[name] then
        return found
      end
      return function(client, request)
        return found(face.of(client), request and face.of(request))
      end
    end,
  })
end

return adapter
