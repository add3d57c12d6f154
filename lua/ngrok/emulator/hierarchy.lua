--- Which resources are below others, by their paths: /edges/https/{edge_id}/routes has items below those of
-- /edges/https, and /edges/tcp/{id}/backend is a part of those of /edges/tcp.
local index = require "ngrok.api.index"

local hierarchy = {}

-- The list that a path is below, the parameter for its item, and the last part of the path.
local function split(path)
  return path:match "^(.*)/{([%w_]+)}/([%w_]+)$"
end

--- What a resource is below.
---@param path string of a description
---@return table? # `service`; `parameter`, which names the item above; and `part`, the field of that item
---   that the resource is, unless it has several items. Nil where no service is above
function hierarchy.above(path)
  local outer, parameter, last = split(path)
  for name, known in pairs(index) do
    if known == outer then
      return { service = name, parameter = parameter, part = parameter == "id" and last or nil }
    end
  end
end

--- The resources below a resource that are fields of its items.
---@param path string of a description
---@param fields table[]
---@return table<string, { service: string, parameter: string }> # by field
function hierarchy.below(path, fields)
  local found = {}
  for name, known in pairs(index) do
    local outer, parameter, last = split(known)
    for _, field in ipairs(fields) do
      if outer == path and parameter ~= "id" and field[1] == last then
        found[last] = { service = name, parameter = parameter }
      end
    end
  end
  return found
end

return hierarchy
