--- What a call of an operation sends, and how its response is read.
--
-- An operation has its `full_name`, `kind`, `method`, the `pieces` of its path between the `parameters`, the
-- `schema` of its attributes, what it `returns`, its `query`, and `of`, the name of the service whose items
-- these are, if that is another. ngrok.resource makes it from a description.
local client = require "ngrok.client"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local nearest = require "ngrok.nearest"
local options = require "ngrok.options"
local part = require "ngrok.part"
local usage_error = require "ngrok.usage_error"

local calls = {}

local function is_id(name)
  return name == "id" or name:find "_ids?$" ~= nil
end

-- Ids have no dot. Other parameters may, such as the type of an event, but not in front: "." and ".." mean
-- other paths.
local function is_parameter(name, value)
  return core.is_id(value)
    or not is_id(name) and not value:find "^%." and core.is_id((value:gsub("%.", "")))
end

--- The id of an object that is given in its place.
---@param operation table
---@param name string of the parameter
---@param value any
---@param kind? table what the object must be, where that is known
---@return any # the id, or the value as it is
--- Raises: where it is an object of another kind
function calls.id_of(operation, name, value, kind)
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

--- The request's target.
---@param operation table
---@param first? any the path's parameters
---@param second? any
---@return string? target
---@return string? problem
--- Raises: where a parameter is no string
function calls.target_of(operation, first, second)
  local pieces, parameters = operation.pieces, operation.parameters
  local target, value = pieces[1], first
  for index = 1, #parameters do
    local problem = check_parameter(parameters[index], value, operation.full_name)
    if problem then
      return nil, problem
    end
    target, value = target .. value .. pieces[index + 1], second
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

--- The kind of the resources that an operation returns. That of another service is loaded by the first call.
---@param operation table
---@return table kind
function calls.kind_of_items(operation)
  return operation.of and operation.kind.load(operation.of) or operation.kind
end

--- The schema of an item, or the reader of a page; see reading.h.
---@param operation table
---@return any reader nil where nothing is read
function calls.reader_of(operation)
  if operation.returns == "page" then
    return calls.kind_of_items(operation).page_reader
  end
  return operation.returns and calls.kind_of_items(operation).schema
end

--- What the objects know beside their fields: the client, and parameters of their path that are not fields.
---@param operation table
---@param owner table the client
---@param first? string the path's parameters
---@param second? string
---@return table
function calls.origin_of(operation, owner, first, second)
  if not (operation.returns and calls.kind_of_items(operation).remembers) then
    return owner
  end
  local parameters = operation.parameters
  local origin = { client = owner, core = owner.core, [parameters[1]] = first }
  if second then
    origin[parameters[2]] = second
  end
  return origin
end

--- What `client.perform` sends.
---@param operation table
---@param owner table the client
---@param first? any the path's parameters
---@param second? any
---@param attributes? table
---@param call table the call's options
---@param into? userdata the object that the response is written to, where this is a method of one; otherwise
---  the response must have the id that was asked for
---@return table? what
---@return string? problem
--- Raises: names an argument of a wrong type
function calls.prepare(operation, owner, first, second, attributes, call, into)
  local target, unfit = calls.target_of(operation, first, second)
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
    method = operation.method, target = target, body = body, secrets = secrets,
    reader = calls.reader_of(operation),
    into = operation.returns == "same" and (into or operation.id_kind and (second or first)) or nil,
    origin = calls.origin_of(operation, owner, first, second),
  }
end

--- Calls an operation. The arguments are those of `prepare`, and `given` are the call's options as given.
---@return any # as of `client.perform`
function calls.perform(operation, owner, first, second, attributes, given, into)
  local call = options.call(given, owner.core)
  local what, problem = calls.prepare(operation, owner, first, second, attributes, call, into)
  if not what then
    return client.refuse(owner, operation.full_name, problem, call)
  end
  return client.perform(owner, operation.full_name, what, call)
end

return calls
