--- A kind of resource, made from its description: the service with its operations, and its objects' methods.
local client = require "ngrok.client"
local core = require "ngrok.core"
local description = require "ngrok.description"
local error_object = require "ngrok.error"
local form = require "ngrok.form"
local listing = require "ngrok.listing"
local nearest = require "ngrok.nearest"
local options = require "ngrok.options"
local part = require "ngrok.part"
local proxy = require "ngrok.proxy"
local schemas = require "ngrok.schemas"
local usage_error = require "ngrok.usage_error"

local resource = {}

-- ---- what a call sends -----------------------------------------------------------------------------

local function is_id(name)
  return name == "id" or name:find "_ids?$" ~= nil
end

-- Ids have no dot. Other parameters may, such as the type of an event, but not in front: "." and ".." mean
-- other paths.
local function is_parameter(name, value)
  if is_id(name) then
    return core.is_id(value)
  end
  return not value:find "^%." and core.is_id((value:gsub("%.", "")))
end

-- An object may be given in place of its id. `kind` is what it must be, where that is known.
local function id_of(operation, name, value, kind)
  if type(value) ~= "userdata" then
    return value
  end
  local id = is_id(name) and core.id_of(value)
  if id and kind and core.schema_of(value) ~= kind.schema then
    usage_error.raise(("%s: %s must be a string or an object of kind %s, got one of kind %s")
      :format(operation.full_name, name, kind.item, getmetatable(value):match "[^.]*$"))
  end
  return id or value
end

local function check_parameter(name, value, operation)
  if type(value) ~= "string" then
    usage_error.raise(("%s: %s must be a string, got %s"):format(operation, name, type(value)))
  elseif value == "" then
    return name .. " is empty"
  elseif not is_parameter(name, value) then
    return name .. " may have only letters, digits, _ and -"
  end
end

-- The request's target, or nil and what is wrong with a parameter.
local function target_of(operation, first, second)
  local pieces, parameters = operation.pieces, operation.parameters
  local target = pieces[1]
  for index = 1, #parameters do
    local name, value = parameters[index], first
    if index == 2 then
      value = second
    end
    local problem = check_parameter(name, value, operation.full_name)
    if problem then
      return nil, problem
    end
    target = target .. value .. pieces[index + 1]
  end
  return target
end

local function describe(operation, problem)
  if type(problem) == "string" then
    return problem
  end
  local meant, name = nearest.name(problem.name, problem.known), operation.full_name:match "[^.]*$"
  return ("unknown attribute '%s' for %s%s (there are %s)"):format(problem.place, name,
    meant and (": did you mean '%s'?"):format(meant) or "", table.concat(problem.known, ", "))
end

-- All in one text, so that a program is corrected once.
local function describe_all(operation, owner, type_problems, problems)
  local texts = {}
  for _, list in ipairs { type_problems, problems } do
    for _, problem in ipairs(list) do
      texts[#texts + 1] = describe(operation, problem)
    end
  end
  return error_object.redact(owner.core, table.concat(texts, "; "))
end

-- The body and the secrets in it, or nil and what is wrong with the attributes.
local function body_of(operation, owner, attributes, validate)
  if attributes == nil and operation.method == "POST" then
    attributes = {}
  elseif type(attributes) ~= "table" then
    usage_error.raise(("%s: attributes must be a table, got %s"):format(operation.full_name,
      type(attributes)))
  end
  local body, secrets, problems = core.encode(operation.schema, attributes, validate)
  if problems then
    local type_problems = secrets
    local text = describe_all(operation, owner, type_problems, problems)
    if #type_problems > 0 then
      usage_error.raise(("%s: %s"):format(operation.full_name, text))
    end
    return nil, text
  elseif body == "{}" and operation.method == "PATCH" then
    return nil, "nothing to update: give at least one attribute"
  end
  return body, secrets
end

-- A traffic policy has secrets in it, and a server may repeat one of them by itself. Returns what is wrong.
local function add_inner_secrets(secrets)
  local secret_values, problem = part.load "ngrok.secret_values"
  for index = 1, secret_values and #secrets or 0 do
    secret_values.add(secrets, secrets[index])
  end
  return problem
end

-- The kind of the resources that it returns. That of another service is loaded by the first call.
local function kind_of_items(operation)
  return operation.of and resource.load(operation.of) or operation.kind
end

-- The schema of an item, or the reader of a page; see reading.h.
local function reader_of(operation)
  if operation.returns == "page" then
    return kind_of_items(operation).page_reader
  end
  return operation.returns and kind_of_items(operation).schema
end

-- What the objects know beside their fields: the client, and parameters of their path that are not fields.
local function origin_of(operation, owner, first, second)
  if not (operation.returns and kind_of_items(operation).remembers) then
    return owner
  end
  local parameters = operation.parameters
  local origin = { client = owner, core = owner.core, [parameters[1]] = first }
  if second then
    origin[parameters[2]] = second
  end
  return origin
end

-- What `client.perform` sends, or nil and what is wrong. `into`: the object that the response is written to,
-- where this is a method of one. Otherwise the response must have the id that was asked for.
local function prepare(operation, owner, first, second, attributes, call, into)
  local target, unfit = target_of(operation, first, second)
  if not target then
    return nil, unfit
  end
  local body, secrets = operation.method ~= "GET" and operation.method ~= "DELETE" and "{}" or nil, nil
  if operation.schema then
    body, secrets = body_of(operation, owner, attributes, call.validate ~= false)
    local problem = not body and secrets or secrets and add_inner_secrets(secrets)
    if problem then
      return nil, problem
    end
  end
  return {
    method = operation.method, target = target, body = body, secrets = secrets, reader = reader_of(operation),
    into = operation.returns == "same" and (into or operation.id_kind and (second or first)) or nil,
    origin = origin_of(operation, owner, first, second),
  }
end

local function perform(operation, owner, first, second, attributes, given, into)
  local call = options.call(given, owner.core)
  local what, problem = prepare(operation, owner, first, second, attributes, call, into)
  if not what then
    return client.refuse(owner, operation.full_name, problem, call)
  end
  return client.perform(owner, operation.full_name, what, call)
end

-- Writes a filter that is a table in CEL. Returns what is wrong with it.
local function write_filter(operation, query, owner)
  if type(query.filter) ~= "table" then
    return nil
  end
  local filter, problem = part.load "ngrok.filter"
  if not filter then
    return problem
  end
  local where = { operation = operation.full_name, noun = "filter", core = owner.core }
  local read
  read, problem = filter.read(query.filter, filter.kinds_of(kind_of_items(operation).name), where)
  query.filter = read and read.text
  return problem
end

local function check_query(operation, query, owner, validate)
  local problem, limit = write_filter(operation, query, owner), query.limit
  if problem then
    return problem
  elseif limit and validate and not (limit >= 1 and limit <= 100 and limit % 1 == 0) then
    return ("limit must be a whole number from 1 to 100, got %s"):format(tostring(limit))
  elseif query.before_id and not core.is_id(query.before_id) then
    return "before_id may have only letters, digits, _ and -, and at least one of them"
  elseif query.filter and not core.is_utf8(query.filter) then
    return "filter is not valid UTF-8"
  end
end

local function write_parameter(parts, name, value)
  local text = type(value) == "number" and core.json(value) or value
  parts[#parts + 1] = name .. "=" .. core.escape(text)
end

-- Each string of an array is a parameter. Without any the list would have all items, not none.
local function write_array(parts, name, values, operation)
  for _, item in ipairs(values) do
    local value = id_of(operation, name, item)
    if type(value) ~= "string" then
      usage_error.raise(("%s: each of %s must be a string, got %s"):format(operation.full_name, name,
        type(value)))
    end
    write_parameter(parts, name, value)
  end
  return #values == 0 and name .. " is empty: give at least one string, or leave it out" or nil
end

-- The query, or nil and what is wrong with it.
local function write_query(operation, query)
  local parts, problem = {}, nil
  for _, one in ipairs(operation.query) do
    local name = type(one) == "table" and one[1] or one
    local value = query[name]
    if type(value) == "table" then
      problem = problem or write_array(parts, name, value, operation)
    elseif value ~= nil then
      write_parameter(parts, name, value)
    end
  end
  return not problem and table.concat(parts, "&") or nil, problem
end

-- Returns what is wrong.
local function make_parallel(listed, operation, query, call)
  if query.prefetch == false or call.prefetch == false then
    usage_error.raise(operation.full_name .. ": parallel asks for pages ahead: leave out prefetch = false")
  end
  local parallel, problem = part.load "ngrok.parallel"
  if not parallel then
    return error_object.invalid(operation.full_name, problem)
  end
  parallel.prepare(listed, query, function(other)
    return (write_query(operation, other))
  end)
end

local function walk(operation, owner, first, second, query, call)
  local unfit = check_query(operation, query, owner, call.validate ~= false)
  local written, unwritten = write_query(operation, query)
  local target, problem = target_of(operation, first, second)
  problem = problem or unfit or unwritten
  local listed = listing.new(owner, {
    operation = operation.full_name, method = operation.method, path = target or operation.pieces[1],
    reader = reader_of(operation), origin = origin_of(operation, owner, first, second),
    query = not problem and written or nil,
    prefetch = query.prefetch ~= false and call.prefetch ~= false,
    options = call,
    failure = problem and error_object.invalid(operation.full_name, problem) or nil,
  })
  if query.parallel and query.parallel ~= 1 and not problem then
    listed.at.failure = make_parallel(listed, operation, query, call)
  end
  return listed
end

local function list(operation, owner, first, second, query, given)
  query = options.query(query, options.parameters(operation.query), owner.core)
  if query.before_id then
    query.before_id = id_of(operation, "before_id", query.before_id, kind_of_items(operation))
  end
  local listed = proxy.of(walk(operation, owner, first, second, query, options.list(given, owner.core)))
  -- The fourth is what Lua 5.4's `for` closes when it is left.
  return listed, nil, nil, listed
end

-- find, find_all or find_or_create.
local function look_for(operation, owner, first, second, input, given)
  local find, problem = part.load "ngrok.find"
  if not find then
    return nil, error_object.invalid(operation.full_name, problem)
  end
  local call = options.find(given, operation.full_name, owner.core)
  local sending = {
    walk = function(query)
      return walk(operation.list, owner, first, second, query, call)
    end,
    prepare = function(attributes)
      return prepare(operation.create, owner, first, second, attributes, call)
    end,
  }
  return find[operation.looks](operation, owner, input, sending, call)
end

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

local function call_service(operation, service, first, second, input, given, surplus)
  if not what_it_takes(operation) then
    input, given, surplus = nil, input, given
  end
  if surplus ~= nil then
    raise_surplus(operation, operation.parameters)
  end
  local call = operation.looks and look_for or operation.returns == "page" and list or perform
  return call(operation, service.client, first, second, input, given)
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
      first = id_of(operation, operation.parameters[1], first, operation.id_kind)
      return call_service(operation, service, first, nil, input, given, surplus)
    end
  end,
  function(operation)
    return function(service, first, second, input, given, surplus)
      first = id_of(operation, operation.parameters[1], first)
      second = id_of(operation, operation.parameters[2], second, operation.id_kind)
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
    local call = operation.returns == "page" and list or perform
    local origin, first, second = core.origin_of(self), operation.parameters[1], operation.parameters[2]
    return call(operation, origin.client or origin, self[first] or origin[first],
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
    return perform(resource.load(service).operations.get, owner, found[1], found[2], nil, given)
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
    name = described.name, item = described.item, operations = {}, schema = schema,
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
---@return table? kind `name`, `item`, `operations` by name, `schema`, `page_reader`, see reading.h, and
---  `Proxy`, of its services; nil where there is no such service
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
