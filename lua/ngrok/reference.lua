--- References: which resource a field of an object leads to.
--
-- The path in a reference's `uri` says which service it belongs to. Only that path is used, on the client's
-- own base URL: a response cannot send the key to another host.
local core = require "ngrok.core"
local description = require "ngrok.description"
local error_object = require "ngrok.error"
local index = require "ngrok.api.index"
local nearest = require "ngrok.nearest"
local usage_error = require "ngrok.usage_error"

local reference = {}

-- For the end of the paths of a service's resources; it captures their parameters.
local function pattern_of(path)
  local is_part = path:find("{id}", 1, true) -- of another resource, whose id is in the path
  local of_one = is_part and path or path .. "/{id}"
  return of_one:gsub("[^%w_{}]", "%%%0"):gsub("{[%w_]+}", "([^/]+)") .. "$"
end

-- The name of the service, and the parameters.
local function find_service(uri)
  for name, path in pairs(index) do
    local parameters = { uri:match(pattern_of(path)) }
    if parameters[1] then
      return name, parameters
    end
  end
end

-- The full names of the references in an object.
local function names_of(described, fields, outer, names)
  for _, field in ipairs(fields) do
    local open, type_name = field[2]:match "^([%[{]?)(.-)[%]}]?$"
    local name = outer .. field[1] .. (open == "[" and "[1]" or "")
    if type_name == "ref" then
      names[#names + 1] = name
    elseif described.types[type_name] then
      names_of(described, described.types[type_name], name .. ".", names)
    end
  end
  return names
end

local function raise_unknown(kind, name)
  local described = description.load(kind.name)
  local names = names_of(described, described.fields, "", {})
  local meant = nearest.name(name, names)
  usage_error.raise(("%s:follow: '%s' is not a reference (%s)"):format(kind.item, name,
    meant and ("did you mean '%s'?"):format(meant)
      or #names > 0 and "there are " .. table.concat(names, ", ") or "it has none"))
end

local function has_field(kind, name)
  return core.field(kind.schema, name:match "^[^.%[]*") ~= nil
end

-- The value of the field of that full name.
local function find_value(object, name)
  local value = object
  for piece in name:gmatch "[^.%[%]]+" do
    if value ~= object and type(value) ~= "table" then
      return nil
    end
    value = value[tonumber(piece) or piece]
  end
  return value
end

--- Finds the resource that a reference leads to.
---@param kind table the object's, see `ngrok.resource`
---@param object userdata
---@param name any the field's full name: "domain", "backend.backend", "ip_policies[2]"
---@return string? service its name; nil where there is nothing to get
---@return any # the array of the parameters of the resource's path, or what is wrong
--- Raises: where an object of this kind has no such reference
function reference.resolve(kind, object, name)
  if type(name) ~= "string" then
    usage_error.raise(("%s:follow: name must be a string, got %s"):format(kind.item, type(name)))
  end
  name = error_object.redact(core.origin_of(object).core, name) -- it may be a key in the wrong place
  local value = find_value(object, name)
  if value == nil and has_field(kind, name) then
    return nil, name .. " is absent, so it cannot be followed"
  elseif type(value) ~= "table" then
    raise_unknown(kind, name)
  elseif #value > 0 then
    return nil, ("%s is an array: follow one of it, as '%s[1]'"):format(name, name)
  elseif type(value.uri) ~= "string" then
    return nil, name .. " has no uri, so it cannot be followed"
  end
  local service, parameters = find_service(value.uri:match "^[^?#]*")
  if not service then
    return nil, ("%s leads to %s, which no service here has: get it with client:request(\"GET\", path)")
      :format(name, value.uri)
  end
  return service, parameters
end

return reference
