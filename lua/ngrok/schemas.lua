--- Compiles the fields of a description to the core's schemas, by which it reads responses and writes bodies.
local core = require "ngrok.core"

local schemas = {}

local compile

local function fail(self, where, problem)
  error(("ngrok/api/%s.lua: %s: %s"):format(self.file, where, problem), 0)
end

local function compile_type(self, name)
  if self.compiled[name] == false then
    fail(self, "types: " .. name, "has itself in it")
  elseif not self.compiled[name] then
    self.compiled[name] = false
    self.compiled[name] = compile(self, "types: " .. name, self.types[name])
  end
end

function compile(self, where, fields, name)
  for _, field in ipairs(fields) do
    local type_name = field[2]:match "^[%[{]?(.-)[%]}]?$"
    if self.types[type_name] then
      compile_type(self, type_name)
    end
  end
  local fine, schema = pcall(core.define, fields, self.compiled, name)
  if not fine then
    fail(self, where, schema)
  end
  return schema
end

--- Compiles a description.
---@param described table complete, see `ngrok.description`
---@return userdata # schema of its resources
---@return table<string, userdata> # schemas of what its operations take, by their names
--- Raises: names the file and the place in it
function schemas.compile(described)
  local self = { compiled = {}, types = described.types, file = described.name:match "^[^.]*" }
  local of_attributes, schema = {}, compile(self, "fields", described.fields, described.item)
  for name, operation in pairs(described.operations) do
    of_attributes[name] = operation.attributes
      and compile(self, "attributes of " .. name, operation.attributes) or nil
  end
  return schema, of_attributes
end

return schemas
