--- The operations on a kind of resource, made from its description.
local client = require "ngrok.client"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local proxy = require "ngrok.proxy"
local form = require "ngrok.form"
local listing = require "ngrok.listing"
local usage_error = require "ngrok.usage_error"
local options = require "ngrok.options"

local resource = {}

local function check_id(id, what)
  if type(id) ~= "string" then
    usage_error.raise(("%s: id must be a string, got %s"):format(what, type(id)))
  elseif id == "" then
    return "id is empty"
  elseif not core.is_id(id) then
    return "id may have only letters, digits, _ and -"
  end
end

-- The JSON of a call's attributes, or nil and what is wrong with them.
local function encode(operation, owner, attributes, validate)
  if attributes == nil and operation.verb == "create" then
    attributes = {}
  elseif type(attributes) ~= "table" then
    usage_error.raise(("%s: attributes must be a table, got %s"):format(operation.name, type(attributes)))
  end
  local body, problem, is_type_error = core.encode(operation.schema, operation.verb, attributes, validate)
  if is_type_error then
    usage_error.raise(("%s: %s"):format(operation.name, error_object.redact(owner.core, problem)))
  elseif body == "{}" and operation.verb == "update" then
    return nil, "nothing to update: name at least one attribute"
  end
  return body, problem
end

-- `into`: the resource that the response is written to, where this is a method of one. Without it the
-- response must have the id that was asked for.
local function perform(operation, owner, id, attributes, given, into)
  local call = options.call(given, owner.core)
  local what = {
    method = operation.method, target = operation.path, reader = operation.reader, into = into or id,
  }
  if operation.id then
    local problem = check_id(id, operation.name)
    if problem then
      return client.refuse(owner, operation.name, problem, call)
    end
    what.target = operation.path .. "/" .. id
  end
  if operation.attributes then
    local body, problem = encode(operation, owner, attributes, call.validate ~= false)
    if not body then
      return client.refuse(owner, operation.name, problem, call)
    end
    what.body = body
  end
  return client.perform(owner, operation.name, what, call)
end

-- Whole numbers without a fraction or an exponent, on every Lua.
local function format_number(number)
  return number % 1 == 0 and math.abs(number) < 2 ^ 53 and ("%d"):format(number) or tostring(number)
end

local function check_query(query, validate)
  if query.limit and validate and not (query.limit >= 1 and query.limit <= 100 and query.limit % 1 == 0) then
    return ("limit must be a whole number from 1 to 100, got %s"):format(tostring(query.limit))
  elseif query.before_id and not core.is_id(query.before_id) then
    return "before_id may have only letters, digits, _ and -, and at least one of them"
  elseif query.filter and not core.is_utf8(query.filter) then
    return "filter is not valid UTF-8"
  end
end

local function write_query(names, query)
  local parts = {}
  for _, name in ipairs(names) do
    local value = query[name]
    if value ~= nil then
      local text = type(value) == "number" and format_number(value) or value
      parts[#parts + 1] = name .. "=" .. core.escape(text)
    end
  end
  return table.concat(parts, "&")
end

local function list(operation, owner, query, given)
  query = options.query(query, owner.core)
  local call = options.list(given, owner.core)
  local problem = check_query(query, call.validate ~= false)
  local walk = proxy.of(listing.new(owner, {
    operation = operation.name, method = operation.method, path = operation.path,
    reader = operation.reader,
    query = not problem and write_query(operation.query, query) or nil,
    prefetch = query.prefetch ~= false and call.prefetch ~= false,
    options = call,
    failure = problem and error_object.invalid(operation.name, problem) or nil,
  }))
  -- The fourth is what Lua 5.4's `for` closes when it is left.
  return walk, nil, nil, walk
end

-- ---- services: client.credentials ----------------------------------------------------------------

-- Each makes a function as `client.credentials` has it, and that is what its comment describes. The last
-- table of each has the call's options: `timeout` and `max_wait` in seconds, `max_retries` a whole number
-- from 0 to 100, `validate` boolean, `wait` boolean, `on_done` function of the value and the error. With
-- `on_done` or with `wait = false` the function returns a request instead, at once.
local makers = {}

--- Makes a resource: `service:create(attributes, options)`.
---@param self table
---@param attributes? table `description` string of at most 255 bytes, `metadata` string of at most 4096,
---   `acl` array of strings, `owner_id` string
---@param given? table options of the call
---@return userdata? the resource; of a credential this one alone has its `token`
---@return ngrok.Error? whose `outcome` is "unknown" where it may have been made
--- Raises: names an attribute or option that is unknown or of the wrong type
function makers.create(operation)
  return function(service, attributes, given)
    return perform(operation, service.client, nil, attributes, given)
  end
end

--- Reads a resource: `service:get(id, options)`.
---@param self table
---@param id string letters, digits, `_` and `-`
---@param given? table options of the call
---@return userdata? the resource
---@return ngrok.Error? `err:is_not_found()` where there is none with that id
--- Raises: where `id` is no string; names an option that is unknown or of the wrong type
function makers.get(operation)
  return function(service, id, given)
    return perform(operation, service.client, id, nil, given)
  end
end

--- Deletes a resource: `service:delete(id, options)`.
---@param self table
---@param id string as of `get`
---@param given? table options of the call
---@return boolean? true; also where an attempt before, whose response was lost, has deleted it
---@return ngrok.Error? as of `get`
--- Raises: as `get`
makers.delete = makers.get

--- Changes a resource: `service:update(id, attributes, options)`.
---@param self table
---@param id string as of `get`
---@param attributes table as of `create`, without `owner_id`; what is not named stays, and naming nothing is
---   an error of kind "invalid"
---@param given? table options of the call
---@return userdata? the resource as it is now
---@return ngrok.Error? as of `get`
--- Raises: as `create` and `get`
function makers.update(operation)
  return function(service, id, attributes, given)
    return perform(operation, service.client, id, attributes, given)
  end
end

--- Lists resources, newest first: `service:list(query, options)`. The call itself sends nothing.
---@param self table
---@param query? table `limit` items a page, 1 to 100; `before_id` string, an id: only what was made before
---   it; `filter` string, a CEL expression; `prefetch` boolean: ask for the next page ahead (true)
---@param given? table options of each page's call, without `wait` and `on_done`; `prefetch` here, too
---@return table listing, see `ngrok.listing`; bad values are its first error
--- Raises: names an attribute or option that is unknown or of the wrong type
function makers.list(operation)
  return function(service, query, given)
    return list(operation, service.client, query, given)
  end
end

-- ---- methods of the resources themselves ----------------------------------------------------------

local function add_methods(methods, operations)
  local update, delete, get = operations.update, operations.delete, operations.get
  methods.totable, methods.tojson = form.totable, form.tojson

  --- Changes what is named, on the server and in this object: `resource:update(attributes, options)`.
  ---@param self userdata
  ---@param attributes table as of the service's `update`
  ---@param given? table options of the call
  ---@return userdata? the same object
  ---@return ngrok.Error? then the object is as it was
  --- Raises: names an attribute or option that is unknown or of the wrong type
  function methods.update(self, attributes, given)
    return perform(update, core.client_of(self), self.id, attributes, given, self)
  end

  --- Deletes it on the server; the object stays readable: `resource:delete(options)`.
  ---@param self userdata
  ---@param given? table options of the call
  ---@return boolean? true
  ---@return ngrok.Error?
  --- Raises: names an option that is unknown or of the wrong type
  function methods.delete(self, given)
    return perform(delete, core.client_of(self), self.id, nil, given)
  end

  --- Reads it again into this object; a token that it has stays: `resource:reload(options)`.
  ---@param self userdata
  ---@param given? table options of the call
  ---@return userdata? the same object
  ---@return ngrok.Error? then the object is as it was
  --- Raises: names an option that is unknown or of the wrong type
  function methods.reload(self, given)
    return perform(get, core.client_of(self), self.id, nil, given, self)
  end
end

local function define_methods(description, operations)
  local methods, schema = core.methods(description.schema), description.schema
  add_methods(methods, operations)
  for name, method in pairs(description.methods or {}) do
    methods[name] = method
  end
  usage_error.guard(methods, schema, function(value)
    return core.kind_of(value) == schema and value or nil
  end)
end

local function operations_of(description)
  local operations = {}
  local readers = {
    resource = { schema = description.schema },
    page = {
      schema = description.schema,
      list_key = description.list_field,
      page = form.page(description.list_field),
    },
  }
  for verb, from in pairs(description.operations) do
    local operation = setmetatable({
      verb = verb,
      name = description.name .. "." .. verb,
      path = description.path,
      schema = description.schema,
      reader = readers[from.response],
    }, { __index = from })
    operations[verb] = operation
  end
  return operations
end

--- Builds a kind of resource: call it once per description.
---@param description table see ngrok.credentials
---@return function client -> service, with the description's operations as methods
function resource.define(description)
  local operations = operations_of(description)
  local Service = {}
  Service.__index = Service
  Service.__name = "ngrok." .. description.name
  for verb, operation in pairs(operations) do
    Service[verb] = makers[verb](operation)
  end
  proxy.define(Service, { noun = "client." .. description.name })
  define_methods(description, operations)
  return function(owner)
    return proxy.of(setmetatable({ client = owner }, Service))
  end
end

return resource
