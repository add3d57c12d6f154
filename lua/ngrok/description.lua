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
--   fields      of a response, in the API's order, or the name of a type that has them. Each is
--               { name, type } and perhaps
--     on        the operations that take it as an attribute, "create update"
--     required  true or names of operations: these must have it. A field that no operation takes must be in
--               each response
--     max       bytes of a string
--     check     a named check of a string, see schema.c
--     once      it is in one response only
--     secret    its value is shown nowhere
--     text      what it is, where its name does not say so
--   attributes  fields that operations take and no response has, or has with another type
--   types       named types of objects: arrays of fields; or the name of a file in this folder that returns
--               them, where services share them. "ref" is there already
--   operations  a name for each of the usual ones; for others name = { method, path, query, returns, of }
--     method    "POST"
--     path      /path/{id}/NAME where it is left out
--     query     of a page: "limit", "before_id" and "filter", and { name, "[string]" } for one that may be
--               repeated; the first two where it is left out
--     takes     the named type of its attributes, where no field says that the operation takes it
--     returns   "item", "page" or nothing
--     of        the name of the service whose items these are, if it is another
--   methods     functions of an object, by name
-- build-aux/check_description.lua checks all this for `make generate` and a spec. Nothing is checked in use.
-- A type is string, integer, number, boolean or a named type; [T] is an array of it, {T} a table by name.
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

local function words(text)
  local set = {}
  for word in text:gmatch "%S+" do
    set[word] = true
  end
  return set
end

-- ---- operations ----------------------------------------------------------------------------------

-- The pieces between the path parameters, and the parameters' names. Operations with one path share them.
local function split_path(path, known)
  if known[path] then
    return known[path][1], known[path][2]
  end
  local pieces, parameters = {}, {}
  local rest = path:gsub("([^{}]*){([%w_]+)}", function(piece, parameter)
    pieces[#pieces + 1], parameters[#parameters + 1] = piece, parameter
    return ""
  end)
  pieces[#pieces + 1] = rest
  known[path] = { pieces, parameters }
  return pieces, parameters
end

local function path_of(given, name, from)
  local path = given.path
  if from.path then
    return from.path
  elseif not usual[name] then
    return ("%s/{id}/%s"):format(path, name)
  end
  -- A part of another resource, such as a module of an edge, has that one's id in its own path.
  return path:find("{id}", 1, true) and path or usual[name].path:format(path)
end

local function complete_operation(given, name, from, paths)
  local defaults = usual[name] or {}
  local one = {
    name = name, method = from.method or defaults.method, path = path_of(given, name, from),
    returns = from.returns or (not from.method and defaults.returns) or nil, of = from.of,
    takes = from.takes, text = from.text,
  }
  one.pieces, one.parameters = split_path(one.path, paths)
  one.query = one.returns == "page" and (from.query or usual.list.query) or nil
  return one
end

local function set_operations(self, given)
  local paths = {}
  self.operations, self.operation_names = {}, {}
  for name, from in pairs(given.operations) do
    if type(name) == "number" then
      name, from = from, {}
    end
    self.operations[name] = complete_operation(given, name, from, paths)
    table.insert(self.operation_names, name)
  end
  table.sort(self.operation_names)
end

-- ---- fields --------------------------------------------------------------------------------------

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
local function attributes_of(name, declared, given)
  local attributes = {}
  for _, list in ipairs { declared, given.attributes or {} } do
    for _, field in ipairs(list) do
      if field.on and words(field.on)[name] then
        attributes[#attributes + 1] = copy(field, is_required(field, name))
      end
    end
  end
  return #attributes > 0 and attributes or nil
end

local function set_fields(self, given)
  local declared = type(given.fields) == "string" and self.types[given.fields] or given.fields
  self.fields = {}
  for position, field in ipairs(declared) do
    self.fields[position] = copy(field, field.required == true and not field.on)
    if field[1] == "created_at" then
      self.methods.created = created
    end
  end
  for name, one in pairs(self.operations) do
    one.attributes = one.takes and self.types[one.takes] or attributes_of(name, declared, given)
  end
end

--- Completes a description.
---@param given table see the top of this file
---@param shared? table the types of the file that it names
---@return table complete `name`, `item`, `prefix`, `path`, `list_key`, `text`, `methods`, `fields`; `types`
---  by name, of which `own_types` are its own, and `shared_types` is the name of a file of them, if any;
---  `operation_names`, sorted; `operations` by name, with `name`, `method`, `path`, its `pieces` between the
---  `parameters`, `query`, `returns`, `of`, and `attributes` where it takes some
function description.complete(given, shared)
  local self = {
    name = given.name, item = given.item, prefix = given.prefix, path = given.path, text = given.text,
    list_key = given.list_key or given.name:match "[^.]*$", methods = {},
    own_types = not shared and given.types or {}, shared_types = shared and given.types,
  }
  self.types = setmetatable({ ref = { { "id", "string" }, { "uri", "string" } } },
    { __index = shared or given.types })
  for name, method in pairs(given.methods or {}) do
    self.methods[name] = method
  end
  set_operations(self, given)
  set_fields(self, given)
  return self
end

-- Nothing holds afterwards what the file returns: services keep only what their calls need.
local function read_file(name)
  local module = "ngrok.api." .. name
  local given, problem = part.load(module)
  package.loaded[module] = nil
  if problem then
    error(problem, 0)
  end
  return given
end

--- Reads a description.
---@param name string of a service
---@return table? given see the top of this file; nil where there is no such service
---@return table? shared the types of the file that it names
--- Raises: when no file descriptor is free to read the file
function description.read(name)
  if not index[name] then
    return nil
  end
  local group, own_name = name:match "^(.*)%.(.*)$"
  local given = read_file(group or name)
  given = group and given[own_name] or given
  return given, type(given.types) == "string" and read_file(given.types) or nil
end

--- Reads and completes a description.
---@param name string of a service
---@return table? complete as of `complete`; nil where there is no such service
--- Raises: when no file descriptor is free to read the file
function description.load(name)
  local given, shared = description.read(name)
  return given and description.complete(given, shared)
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
