--- Descriptions of resources: data from which services, objects, editor types and the emulator are made.
--
-- A file lua/ngrok/api/NAME.lua returns a table. The file of a group returns such tables by the names that
-- its services have there. index.lua lists all services. A table has
--   name        of the service, "backends.failover" in a group
--   item        what one is called
--   prefix      of its ids
--   path        of the list; path parameters in braces
--   list_key    where a page has its items; the last part of the name where it is left out
--   text        what it is
--   fields      of a response, in the API's order. Each is { name, type } and perhaps
--     on        the operations that take it as an attribute, "create update"
--     required  true or names of operations: these must have it. A field that no operation takes must be in
--               each response
--     max       bytes of a string
--     check     a named check of a string, see schema.c
--     once      it is in one response only
--     secret    its value is shown nowhere
--     text      what it is, where its name does not say so
--   attributes  fields that operations take and no response has, or has with another type
--   types       named types of objects: arrays of fields. "ref" is there already
--   operations  a name for each of the usual ones; for others name = { method, path, query, returns, of }
--     method    "POST"
--     path      /path/{id}/NAME where it is left out
--     query     of a page: "limit", "before_id" and "filter", and { name, "[string]" } for one that may be
--               repeated; the first two where it is left out
--     takes     the named type of its attributes, where no field says that the operation takes it
--     returns   "item", "page" or nothing
--     of        the name of the service whose items these are, if it is another
--   methods     functions of an object, by name
-- A type is string, integer, number, boolean or a named type; [T] is an array of it, {T} a table by name.
local core = require "ngrok.core"
local created = require "ngrok.created"
local index = require "ngrok.api.index"
local part = require "ngrok.part"

local description = {}

--- A reference to another resource.
---@class ngrok.Ref
---@field id string
---@field uri? string

local usual = {
  create = { method = "POST", path = "%s", returns = "item" },
  get = { method = "GET", path = "%s/{id}", returns = "item" },
  update = { method = "PATCH", path = "%s/{id}", returns = "item" },
  replace = { method = "PUT", path = "%s/{id}", returns = "item" },
  delete = { method = "DELETE", path = "%s/{id}" },
  list = { method = "GET", path = "%s", returns = "page", query = { "limit", "before_id" } },
}

local known = {
  description = {
    name = "string", item = "string", prefix = "string", path = "string", list_key = "string",
    text = "string", fields = "table", attributes = "table", types = "table", operations = "table",
    methods = "table",
  },
  field = {
    on = "string", max = "number", check = "string", once = "boolean", secret = "boolean", text = "string",
    required = true,
  },
  operation = {
    method = "string", path = "string", query = "table", takes = "string", returns = "string", of = "string",
    text = "string",
  },
}

local methods = { GET = true, POST = true, PUT = true, PATCH = true, DELETE = true }
local parameters_of_lists = { limit = true, before_id = true, filter = true }

-- Raises an error that names the file and the place in it.
local function new_failure(name)
  local file, own_name = tostring(name):match "^([^.]*)%.?(.*)$"
  return function(where, problem)
    error(("ngrok/api/%s.lua: %s%s: %s"):format(file, own_name ~= "" and own_name .. ": " or "", where,
      problem), 0)
  end
end

local function check_names(self, where, given, names)
  for name, value in pairs(given) do
    local expected = names[name]
    if type(name) == "string" and expected == nil then
      self.fail(where, ("unknown property '%s'"):format(name))
    elseif type(name) == "string" and expected ~= true and type(value) ~= expected then
      self.fail(where, ("%s must be a %s, got %s"):format(name, expected, type(value)))
    end
  end
end

local function words(text)
  local set = {}
  for word in text:gmatch "%S+" do
    set[word] = true
  end
  return set
end

-- ---- operations ----------------------------------------------------------------------------------

-- The pieces between the path parameters, and the parameters' names.
local function split_path(path)
  local pieces, parameters = {}, {}
  local rest = path:gsub("([^{}]*){([%w_]+)}", function(piece, parameter)
    pieces[#pieces + 1], parameters[#parameters + 1] = piece, parameter
    return ""
  end)
  pieces[#pieces + 1] = rest
  return pieces, parameters
end

local function path_of(self, name, from)
  local path = self.given.path
  if from.path then
    return from.path
  elseif not usual[name] then
    return ("%s/{id}/%s"):format(path, name)
  end
  -- A part of another resource, such as a module of an edge, has that one's id in its own path.
  return path:find("{id}", 1, true) and path or usual[name].path:format(path)
end

local function check_query(self, where, query)
  for _, one in ipairs(query) do
    local is_repeated = type(one) == "table" and type(one[1]) == "string" and one[2] == "[string]"
    if not (is_repeated or parameters_of_lists[one]) then
      self.fail(where, ("unknown query parameter '%s'"):format(tostring(one)))
    end
  end
end

local function operation(self, name, given)
  local where = "operations: " .. name
  if type(given) ~= "table" then
    self.fail(where, "must be a table")
  end
  check_names(self, where, given, known.operation)
  local defaults = usual[name] or {}
  local one = {
    name = name, method = given.method or defaults.method, path = path_of(self, name, given),
    returns = given.returns or (not given.method and defaults.returns) or nil, of = given.of,
    takes = given.takes, text = given.text,
  }
  one.pieces, one.parameters = split_path(one.path)
  if not methods[one.method] then
    self.fail(where, "method must be GET, POST, PUT, PATCH or DELETE")
  elseif one.path:find "^[^/]" or table.concat(one.pieces):find "[{}?#]" or #one.parameters > 2 then
    self.fail(where, "path must begin with / and have two parameters in braces at most")
  elseif one.returns and one.returns ~= "item" and one.returns ~= "page" then
    self.fail(where, "returns must be item or page")
  end
  one.query = one.returns == "page" and (given.query or usual.list.query) or nil
  check_query(self, where, one.query or {})
  return one
end

local function set_operations(self)
  local operations, names = {}, {}
  for name, given in pairs(self.given.operations) do
    if type(name) == "number" then
      name, given = given, {}
      if not usual[name] then
        self.fail("operations",
        ("'%s' is not a standard operation: give its method and path"):format(tostring(name)))
      end
    end
    operations[name], names[#names + 1] = operation(self, name, given), name
  end
  table.sort(names)
  self.operations, self.operation_names = operations, names
end

-- ---- fields --------------------------------------------------------------------------------------

-- They would be ignored silently in a field of another type.
local only_of_strings = { "check", "max", "secret" }

local function check_field(self, where, field)
  if type(field) ~= "table" or type(field[1]) ~= "string" or type(field[2]) ~= "string" then
    self.fail(where, "each field must be a table of a name, a type and properties")
  end
  where = where .. ": " .. field[1]
  if not field[1]:find "^[%a_][%w_]*$" then -- it is written into JSON as it is
    self.fail(where, "a name may have only letters, digits and _")
  end
  check_names(self, where, field, known.field)
  for _, property in ipairs(only_of_strings) do
    if field[property] and not field[2]:find "^[%[{]?string[%]}]?$" then
      self.fail(where, ("only strings have '%s'"):format(property))
    end
  end
end

-- Not of the fields of a type: they may be those of a resource with other operations.
local function check_operation_names(self, where, field)
  local required = type(field.required) == "string" and field.required or ""
  for name in pairs(words((field.on or "") .. " " .. required)) do
    if not self.operations[name] then
      self.fail(("%s: %s"):format(where, field[1]), ("unknown operation '%s'"):format(name))
    end
  end
end

local function check_fields(self, where, fields)
  if type(fields) ~= "table" then
    self.fail(where, "must be an array of fields")
  end
  local seen = {}
  for _, field in ipairs(fields) do
    check_field(self, where, field)
    if seen[field[1]] then
      self.fail(where .. ": " .. field[1], "is there twice")
    end
    seen[field[1]] = true
  end
end

local compile -- fields, in the core

local function compile_type(self, name)
  if self.schemas[name] == false then
    self.fail("types: " .. name, "has itself in it")
  elseif not self.schemas[name] then
    self.schemas[name] = false
    self.schemas[name] = compile(self, "types: " .. name, self.types[name])
  end
end

function compile(self, where, fields, name)
  for _, field in ipairs(fields) do
    local type_name = field[2]:match "^[%[{]?(.-)[%]}]?$"
    if self.types[type_name] then
      compile_type(self, type_name)
    end
  end
  local fine, schema = pcall(core.define, fields, self.schemas, name)
  if not fine then
    self.fail(where, schema)
  end
  return schema
end

local function copy(field, required)
  local made = {}
  for name, value in pairs(field) do
    made[name] = value
  end
  made.required = required
  return made
end

local function is_required(field, name)
  return field.required == true or type(field.required) == "string" and words(field.required)[name] == true
end

-- What an operation takes, in the order of the fields; nil where it takes nothing.
local function attributes_of(self, name)
  local takes = self.operations[name].takes
  if takes then
    return self.types[takes] or self.fail("operations: " .. name, ("unknown type '%s'"):format(takes))
  end
  local attributes = {}
  for _, list in ipairs { self.given.fields, self.given.attributes or {} } do
    for _, field in ipairs(list) do
      if field.on and words(field.on)[name] then
        attributes[#attributes + 1] = copy(field, is_required(field, name))
      end
    end
  end
  return #attributes > 0 and attributes or nil
end

local function set_fields(self)
  local fields = {}
  for position, field in ipairs(self.given.fields) do
    fields[position] = copy(field, field.required == true and not field.on)
  end
  self.fields = fields
  self.schema = compile(self, "fields", fields, self.given.item)
  for name, one in pairs(self.operations) do
    one.attributes = attributes_of(self, name)
    if one.attributes then
      check_fields(self, "attributes of " .. name, one.attributes)
      one.schema = compile(self, "attributes of " .. name, one.attributes)
    end
  end
end

local function set_methods(self)
  local of_objects = {}
  for name, method in pairs(self.given.methods or {}) do
    of_objects[name] = method
  end
  for _, field in ipairs(self.fields) do
    if field[1] == "created_at" then
      of_objects.created = created
    end
  end
  self.methods = of_objects
end

--- Checks a description and compiles it.
---@param given table see the top of this file
---@return table compiled `name`, `item`, `prefix`, `path`, `list_key`, `text`, `methods`, `fields`; `types`
---  by name; `schema` of its resources; `operation_names`, sorted; `operations` by name, with `name`,
---  `method`, `path`, its `pieces` between the `parameters`, `query`, `returns`, `of`, and `attributes` with
---  their `schema` where it takes some
--- Raises: names the file and the place in it
function description.compile(given)
  local self = { given = given, schemas = {} }
  self.fail = new_failure(given.name)
  check_names(self, "description", given, known.description)
  for _, name in ipairs { "name", "item", "path", "fields", "operations" } do
    if given[name] == nil then
      self.fail("description", name .. " is missing")
    end
    self[name] = given[name]
  end
  self.prefix, self.text = given.prefix, given.text
  self.list_key = given.list_key or given.name:match "[^.]*$"
  set_operations(self)
  self.types = setmetatable({ ref = { { "id", "string" }, { "uri", "string" } } }, { __index = given.types })
  for name, fields in pairs(given.types or {}) do
    check_fields(self, "types: " .. tostring(name), fields)
  end
  check_fields(self, "fields", given.fields)
  for _, field in ipairs(given.fields) do
    check_operation_names(self, "fields", field)
  end
  for _, field in ipairs(given.attributes or {}) do -- one name may have another type in another operation
    check_field(self, "attributes", field)
    check_operation_names(self, "attributes", field)
  end
  set_fields(self)
  set_methods(self)
  return self
end

local compiled = {}

--- Loads and compiles a description, once.
---@param name string
---@return table? compiled as of `compile`; nil where there is no such service
--- Raises: when no file descriptor is free to read the file
function description.load(name)
  if compiled[name] or not index[name] then
    return compiled[name]
  end
  local group, own_name = name:match "^(.*)%.(.*)$"
  local given, problem = part.load("ngrok.api." .. (group or name))
  if problem then
    error(problem, 0)
  end
  if group and type(given) == "table" then
    given = given[own_name]
  end
  if type(given) ~= "table" then
    new_failure(group or name)("description", "must be a table")
  end
  compiled[name] = description.compile(given)
  return compiled[name]
end

local function pattern_of(path)
  return "^" .. path:gsub("{[%w_]+}", "[^/]+") .. "/"
end

--- The name of the service that serves a path.
---@param path string of a request
---@return string? name nil where none does
function description.name_of(path)
  local found, longest = nil, 0
  for name, prefix in pairs(index) do
    local _, last = (path .. "/"):find(pattern_of(prefix))
    if last and last > longest then
      found, longest = name, last
    end
  end
  return found
end

return description
