--- A kind of resource, made from its description: the service with its operations, and its objects' methods.
local calls = require "ngrok.calls"
local client = require "ngrok.client"
local core = require "ngrok.core"
local description = require "ngrok.description"
local error_object = require "ngrok.error"
local form = require "ngrok.form"
local lists = require "ngrok.lists"
local options = require "ngrok.options"
local part = require "ngrok.part"
local proxy = require "ngrok.proxy"
local schemas = require "ngrok.schemas"
local usage_error = require "ngrok.usage_error"

local resource = {}

-- ---- functions of services, and methods of their resources -----------------------------------------

local function what_it_takes(operation)
  return operation.takes or operation.returns == "page" and "its query"
    or operation.schema and "its attributes" or nil
end

-- An argument more than there are would be ignored silently.
local function raise_surplus(operation, parameters)
  local takes = { table.concat(parameters, ", ") }
  takes[parameters[1] and 2 or 1] = what_it_takes(operation)
  takes[#takes + 1] = "options"
  usage_error.raise(("%s takes %s, and no more arguments"):format(operation.full_name,
    table.concat(takes, ", then ")))
end

local function call_of(operation)
  return operation.looks and lists.look_for or operation.returns == "page" and lists.list or calls.perform
end

local function call_service(operation, service, first, second, input, given, surplus)
  if not what_it_takes(operation) then
    input, given, surplus = nil, input, given
  end
  if surplus ~= nil then
    raise_surplus(operation, operation.parameters)
  end
  return call_of(operation)(operation, service.client, first, second, input, given)
end

-- By the number of the path's parameters, which come first. Then comes what the operation takes, if anything,
-- then the options.
local functions = {
  [0] = function(operation)
    return function(service, input, given, surplus)
      return call_service(operation, service, nil, nil, input, given, surplus)
    end
  end,
  function(operation)
    return function(service, first, input, given, surplus)
      first = calls.id_of(operation, operation.parameters[1], first, operation.id_kind)
      return call_service(operation, service, first, nil, input, given, surplus)
    end
  end,
  function(operation)
    return function(service, first, second, input, given, surplus)
      first = calls.id_of(operation, operation.parameters[1], first)
      second = calls.id_of(operation, operation.parameters[2], second, operation.id_kind)
      return call_service(operation, service, first, second, input, given, surplus)
    end
  end,
}

local function function_of(operation)
  return functions[#operation.parameters](operation)
end

-- The path's parameters are fields of the resource, or it remembers them.
local function method_of(operation)
  return function(self, input, given, surplus)
    if not what_it_takes(operation) then
      input, given, surplus = nil, input, given
    end
    if surplus ~= nil then
      raise_surplus(operation, {})
    end
    local origin, first, second = core.origin_of(self), operation.parameters[1], operation.parameters[2]
    return call_of(operation)(operation, origin.client or origin, self[first] or origin[first],
      second and (self[second] or origin[second]), input, given, self)
  end
end

-- A field and a method of one name: what the field is read as can be called.
local function make_callable(callable, name, method)
  callable[name] = {
    __call = function(_, ...)
      return method(...)
    end,
  }
end

local function follow_of(kind)
  return function(self, name, given)
    local origin = core.origin_of(self)
    local owner = origin.client or origin
    local reference, problem = part.load "ngrok.reference"
    local service, found
    if reference then
      service, found = reference.resolve(kind, self, name)
      problem = not service and error_object.redact(owner.core, found)
    end
    if problem then
      return client.refuse(owner, kind.name .. ".follow", problem, options.call(given, owner.core))
    end
    return calls.perform(resource.load(service).operations.get, owner, found[1], found[2], nil, given)
  end
end

-- Whether the operation is on one of its service's resources: its path is that of `get`, or is below it.
local function is_on_one(operation, get)
  return get ~= nil and (operation.path .. "/"):sub(1, #get.path + 1) == get.path .. "/"
end

local function add_methods(kind, described)
  local schema = kind.schema
  local methods, callable = core.methods(schema)
  methods.totable, methods.tojson, methods.follow = form.totable, form.tojson, follow_of(kind)
  for name, operation in pairs(kind.operations) do
    if is_on_one(described.operations[name], described.operations.get) then
      methods[name == "get" and "reload" or name] = method_of(operation)
    end
  end
  for name, method in pairs(described.methods) do
    methods[name] = method
  end
  usage_error.guard(methods, kind.item, function(value)
    return core.schema_of(value) == schema and value or nil
  end)
  for name in pairs(kind.operations) do
    if core.field(schema, name) and methods[name] then
      make_callable(callable, name, methods[name])
      methods[name] = nil
    end
  end
end

-- Whether the items do not have all parameters of their path as fields.
local function has_to_remember(kind)
  for _, parameter in ipairs(kind.operations.get and kind.operations.get.parameters or {}) do
    if not core.field(kind.schema, parameter) then
      return true
    end
  end
  return false
end

-- Eight entries at most: for a ninth a table grows to sixteen.
local function new_operation(kind, described, schema, get)
  local parameters = described.parameters
  local operation = {
    full_name = kind.name .. "." .. described.name, kind = kind, method = described.method,
    pieces = described.pieces, parameters = parameters,
  }
  operation.schema, operation.returns, operation.query, operation.of =
    schema, described.returns, described.query, described.of
  if described.returns == "item" and not described.of and is_on_one(described, get) then
    operation.returns = "same"
  end
  if parameters[#parameters] == "id" and core.field(kind.schema, "id") then
    operation.id_kind = kind
  end
  return operation
end

-- What the calls take that look for items in the service's list.
local looks = { find = "what to match", find_all = "what to match", find_or_create = "{ match =, create = }" }

local function add_finds(kind, Service)
  local listed, create = kind.operations.list, kind.operations.create
  for name, takes in pairs(looks) do
    if create or name ~= "find_or_create" then
      Service[name] = function_of {
        full_name = kind.name .. "." .. name, parameters = listed.parameters, id_kind = listed.id_kind,
        takes = takes, looks = name, kind = kind, list = listed, create = create,
      }
    end
  end
end

-- Keeps of a description only what calls need: the fields and their texts take several times as much memory.
local function new_kind(described)
  local Service = { __name = "ngrok." .. described.name }
  local schema, of_attributes = schemas.compile(described)
  local kind = {
    name = described.name, item = described.item, operations = {}, schema = schema, load = resource.load,
    page_reader = {
      schema = schema, list_key = described.list_key, metatable = form.page(described.list_key),
    },
  }
  for name, one in pairs(described.operations) do
    kind.operations[name] = new_operation(kind, one, of_attributes[name], described.operations.get)
    Service[name] = function_of(kind.operations[name])
  end
  kind.remembers = has_to_remember(kind)
  if kind.operations.list then
    add_finds(kind, Service)
  end
  proxy.define(Service, { noun = "client." .. kind.name })
  kind.Proxy = Service.Proxy
  add_methods(kind, described)
  return kind
end

local kinds = {}

--- The kind of that name, from its description.
---@param name string "credentials", "backends.failover"
---@return table? kind `name`, `item`, `operations` by name, `schema`, `page_reader`, see reading.h, `Proxy`,
---  of its services, and `load`, this function; nil where there is no such service
function resource.load(name)
  if not kinds[name] then
    local described = description.load(name)
    kinds[name] = described and new_kind(described)
  end
  return kinds[name]
end

---@param kind table
---@param owner table the client
---@return table # service with the kind's operations as methods
function resource.service(kind, owner)
  return proxy.of { client = owner, Proxy = kind.Proxy }
end

return resource
