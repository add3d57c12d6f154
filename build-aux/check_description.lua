-- Checks a description, see lua/ngrok/description.lua. Programs that use the library do without this: what is
-- wrong with a description is wrong for all of them.
local description = require "ngrok.description"
local index = require "ngrok.api.index"
local schemas = require "ngrok.schemas"

local known = {
  description = {
    name = "string", item = "string", prefix = "string", path = "string", list_key = "string",
    text = "string", fields = true, attributes = "table", types = true, operations = "table",
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

local usual = { create = true, get = true, update = true, replace = true, delete = true, list = true }
local methods = { GET = true, POST = true, PUT = true, PATCH = true, DELETE = true }
local parameters_of_lists = { limit = true, before_id = true, filter = true }

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

-- ---- operations ----------------------------------------------------------------------------------

local function check_given_operations(self)
  for name, given in pairs(self.given.operations) do
    if type(name) == "number" and not usual[given] then
      self.fail("operations",
        ("'%s' is not a standard operation: give its method and path"):format(tostring(given)))
    elseif type(name) == "string" and type(given) ~= "table" then
      self.fail("operations: " .. name, "must be a table")
    elseif type(name) == "string" then
      check_names(self, "operations: " .. name, given, known.operation)
    end
  end
end

local function check_query(self, where, query)
  for _, one in ipairs(query) do
    local is_repeated = type(one) == "table" and type(one[1]) == "string" and one[2] == "[string]"
    if not (is_repeated or parameters_of_lists[one]) then
      self.fail(where, ("unknown query parameter '%s'"):format(tostring(one)))
    end
  end
end

local function check_operation(self, where, one)
  if not methods[one.method] then
    self.fail(where, "method must be GET, POST, PUT, PATCH or DELETE")
  elseif one.path:find "^[^/]" or table.concat(one.pieces):find "[{}?#]" or #one.parameters > 2 then
    self.fail(where, "path must begin with / and have two parameters in braces at most")
  elseif one.returns and one.returns ~= "item" and one.returns ~= "page" then
    self.fail(where, "returns must be item or page")
  elseif one.of and not index[one.of] then
    self.fail(where, ("unknown service '%s'"):format(one.of))
  elseif one.takes and not self.complete.types[one.takes] then
    self.fail(where, ("unknown type '%s'"):format(one.takes))
  end
  check_query(self, where, one.query or {})
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

-- `may_repeat`: one attribute may have another type in another operation.
local function check_fields(self, where, fields, may_repeat)
  if type(fields) ~= "table" then
    self.fail(where, "must be an array of fields")
  end
  local seen = {}
  for _, field in ipairs(fields) do
    check_field(self, where, field)
    if seen[field[1]] and not may_repeat then
      self.fail(where .. ": " .. field[1], "is there twice")
    end
    seen[field[1]] = true
  end
end

-- Not of the fields of a type: they may be those of a resource with other operations.
local function check_operation_names(self, where, fields)
  for _, field in ipairs(fields) do
    local required = type(field.required) == "string" and field.required or ""
    for name in ((field.on or "") .. " " .. required):gmatch "%S+" do
      if not self.complete.operations[name] then
        self.fail(("%s: %s"):format(where, field[1]), ("unknown operation '%s'"):format(name))
      end
    end
  end
end

-- ---- all of it -----------------------------------------------------------------------------------

local function check_given(self, types)
  local given = self.given
  check_names(self, "description", given, known.description)
  for _, name in ipairs { "name", "item", "path", "fields", "operations" } do
    if given[name] == nil then
      self.fail("description", name .. " is missing")
    end
  end
  check_given_operations(self)
  for name, fields in pairs(types) do
    check_fields(self, "types: " .. tostring(name), fields)
  end
  check_fields(self, "fields", types[given.fields] or given.fields)
  check_fields(self, "attributes", given.attributes or {}, true)
end

--- Checks a description.
---@param given table see the top of lua/ngrok/description.lua
---@param shared? table the types of the file that it names
---@return table complete as of `description.complete`
--- Raises: names the file and the place in it
return function(given, shared)
  local file, own_name = tostring(given.name):match "^([^.]*)%.?(.*)$"
  local self = { given = given }
  function self.fail(where, problem)
    error(("ngrok/api/%s.lua: %s%s: %s"):format(file, own_name ~= "" and own_name .. ": " or "", where,
      problem), 0)
  end
  local types = shared or given.types or {}
  check_given(self, types)
  self.complete = description.complete(given, shared)
  for name, one in pairs(self.complete.operations) do
    check_operation(self, "operations: " .. name, one)
  end
  check_operation_names(self, "fields", types[given.fields] or given.fields)
  check_operation_names(self, "attributes", given.attributes or {})
  for name, one in pairs(self.complete.operations) do
    check_fields(self, "attributes of " .. name, one.attributes or {})
  end
  schemas.compile(self.complete)
  return self.complete
end
