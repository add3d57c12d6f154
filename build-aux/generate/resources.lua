-- From the descriptions in lua/ngrok/api: a file of types for each, lua/ngrok/types/NAME.lua.
local condition = require "ngrok.condition"
local core = require "ngrok.core"
local description = require "ngrok.description"
local resource = require "ngrok.resource"

local all_services = dofile "build-aux/generate/services.lua"
local field_text = dofile "build-aux/generate/field_text.lua"

-- "event_destination" -> "EventDestination"
local function class_of(...)
  return (table.concat({ ... }, "_"):gsub("([^_.])([^_.]*)[_.]?", function(first, rest)
    return first:upper() .. rest
  end))
end

local known_types = {
  string = "string", integer = "integer", number = "number", boolean = "boolean", ref = "ngrok.Ref",
}

local verbs = {
  create = "Creates", get = "Reads", update = "Changes", replace = "Replaces", delete = "Deletes",
  list = "Lists, newest first",
}

-- Types that services share have a file of their own, such as edge_types.
local function class_of_type(kind, name)
  return class_of(kind.shared_types and kind.shared_types:gsub("_types$", "") or kind.item, name)
end

local function type_of(kind, field)
  local shape, name = field[2]:match "^([%[{]?)(.-)[%]}]?$"
  local one = known_types[name] or "ngrok." .. class_of_type(kind, name)
  if shape == "{" then
    return ("table<string, %s>"):format(one)
  end
  return one .. (shape == "[" and "[]" or "")
end

local function add(lines, format, ...)
  lines[#lines + 1] = (format:format(...):gsub(" +$", ""))
end

local function add_class(lines, kind, name, fields, is_always, type_of_one)
  add(lines, "---@class ngrok.%s", name)
  for _, field in ipairs(fields) do
    add(lines, "---@field %s%s %s %s", field[1], is_always(field) and "" or "?",
      (type_of_one or type_of)(kind, field), field_text(field))
  end
end

-- An object may be given in place of its id.
local function type_of_attribute(kind, field)
  local name, type_name = field[1], type_of(kind, field)
  if (name == "id" or name:find "_ids?$") and type_name:find "^string" then
    return type_name == "string" and "string|ngrok.Resource" or "(string|ngrok.Resource)[]"
  end
  return type_name
end

local function add_types(lines, kind, types)
  local names = {}
  for name in pairs(types) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    add(lines, "")
    add_class(lines, kind, class_of_type(kind, name), types[name], function(field)
      return field.required
    end)
  end
end

local function add_attributes(lines, kind)
  for _, name in ipairs(kind.operation_names) do
    local operation = kind.operations[name]
    if operation.attributes then
      add(lines, "")
      add(lines, "---What `%s.%s` takes.", kind.name, name)
      add_class(lines, kind, class_of(kind.item, name), operation.attributes, function(field)
        return field.required
      end, type_of_attribute)
    end
  end
end

-- Those of other objects have their id in the path.
local function has_id(kind)
  for _, field in ipairs(kind.fields) do
    if field[1] == "id" then
      return true
    end
  end
  return false
end

local function add_function(lines, kind, operation, class, name, parameters)
  local arguments = {}
  local function parameter(argument, is_optional, type_name)
    arguments[#arguments + 1] = argument
    add(lines, "---@param %s%s %s", argument, is_optional and "?" or "", type_name)
  end
  add(lines, "")
  add(lines, "---%s: `%s %s`", operation.text or verbs[operation.name] or operation.name, operation.method,
    operation.path)
  for _, path_parameter in ipairs(parameters) do
    local object = path_parameter == "id" and has_id(kind) and class_of(kind.item) or "Resource"
    parameter(path_parameter, false, path_parameter:find "id$" and "string|ngrok." .. object or "string")
  end
  local of = operation.of and description.load(operation.of) or kind
  if operation.attributes then
    parameter("attributes", operation.method == "POST", "ngrok." .. class_of(kind.item, operation.name))
  end
  if operation.returns == "page" then
    parameter("query", true, "ngrok.ListQuery")
    parameter("options", true, "ngrok.ListOptions")
    add(lines, "---@return ngrok.%s", class_of(of.item, "listing"))
  else
    parameter("options", true, "ngrok.CallOptions")
    add(lines, "---@return %s?", operation.returns and "ngrok." .. class_of(of.item) or "true")
    add(lines, "---@return (ngrok.Response|ngrok.Error)? # the error where there is no value")
  end
  add(lines, "function %s:%s(%s) end", class, name, table.concat(arguments, ", "))
end

-- The module that returns a method has its types.
local function add_extra_methods(lines, kind)
  local names = {}
  for name in pairs(kind.methods) do
    names[#names + 1] = name
  end
  table.sort(names)
  for _, name in ipairs(names) do
    for module, value in pairs(package.loaded) do
      if value == kind.methods[name] then
        add(lines, "")
        add(lines, "%s.%s = require %q", class_of(kind.item), name, module)
      end
    end
  end
end

local function add_object(lines, kind)
  local class = class_of(kind.item)
  add(lines, "")
  add(lines, "---%s Its fields cannot be assigned.", kind.text or "")
  add_class(lines, kind, class .. ": ngrok.Resource", kind.fields, function(field)
    return field.required or field[2]:find "^%["
  end)
  add(lines, "local %s = {}", class)
  local methods = core.methods(resource.load(kind.name).schema)
  for _, name in ipairs(kind.operation_names) do
    local method = name == "get" and "reload" or name
    if methods[method] then
      add_function(lines, kind, kind.operations[name], class, method, {})
    end
  end
  add_extra_methods(lines, kind)
end

local function add_listing(lines, kind)
  local class = "ngrok." .. class_of(kind.item)
  add(lines, "")
  add(lines, "---@class %sListing: ngrok.Listing", class)
  add(lines, "---@field next fun(self): %s?, ngrok.Error?", class)
  add(lines, "---@field all fun(self): %s[]?, ngrok.Error?", class)
  add(lines, "---@overload fun(): %s?", class)
end

local condition_types = {
  string = "string|string[]", number = "number|number[]", boolean = "boolean|boolean[]",
  time = "ngrok.TimeCondition", list = "string|string[]",
}

local function add_match(lines, kind)
  add(lines, "")
  add(lines, "---What `find` looks for, and a list's `filter` as a table.")
  add(lines, "---@class ngrok.%s", class_of(kind.item, "match"))
  for _, field in ipairs(kind.fields) do
    local compared = condition.kind(field)
    if compared then
      add(lines, "---@field %s? %s", field[1], condition_types[compared])
    end
  end
end

local function add_find(lines, kind, class, name, text, input, returned)
  local arguments = {}
  add(lines, "")
  add(lines, "---%s", text)
  for _, parameter in ipairs(kind.operations.list.parameters) do
    add(lines, "---@param %s string|ngrok.Resource", parameter)
    arguments[#arguments + 1] = parameter
  end
  add(lines, "---@param match ngrok.%s", input)
  add(lines, "---@param options? ngrok.FindOptions")
  add(lines, "---@return ngrok.%s?", returned)
  add(lines, "---@return %s?", name == "find_or_create" and "(ngrok.Response|ngrok.Error)" or "ngrok.Error")
  arguments[#arguments + 1] = "match"
  arguments[#arguments + 1] = "options"
  add(lines, "function %s:%s(%s) end", class, name, table.concat(arguments, ", "))
end

local function add_finds(lines, kind, class)
  local item, match = class_of(kind.item), class_of(kind.item, "match")
  add_find(lines, kind, class, "find", "The newest that matches; nil where none does.", match, item)
  add_find(lines, kind, class, "find_all", "All that match, newest first.", match, item .. "[]")
  if kind.operations.create then
    add_find(lines, kind, class, "find_or_create",
      "The newest that matches. Where none does, creates one; values in match are part of it.",
      "FindOrCreate", item)
  end
end

local function add_service(lines, kind)
  local class = class_of(kind.name)
  if kind.operations.list then
    add_match(lines, kind)
  end
  add(lines, "")
  add(lines, "---@class ngrok.%s", class)
  add(lines, "local %s = {}", class)
  for _, name in ipairs(kind.operation_names) do
    local operation = kind.operations[name]
    add_function(lines, kind, operation, class, name, operation.parameters)
  end
  if kind.operations.list then
    add_finds(lines, kind, class)
  end
end

-- What a program reads it from.
local function add_member(lines, kind)
  local group, name = kind.name:match "^(.*)%.(.*)$"
  add(lines, "")
  add(lines, "---@class ngrok.%s", group and class_of(group) or "Client")
  add(lines, "---@field %s ngrok.%s", name or kind.name, class_of(kind.name))
end

local function add_kind(lines, kind)
  add_object(lines, kind)
  add_types(lines, kind, kind.own_types)
  add_attributes(lines, kind)
  add_listing(lines, kind)
  add_service(lines, kind)
  add_member(lines, kind)
end

local head = "---@meta\n-- `make generate` writes this file, from lua/ngrok/api/%s.lua."

-- A file for each service that is in no group, for each group, and for types that services share.
local function types(kinds)
  local files = {}
  local function lines_of(name)
    files[name] = files[name] or { head:format(name) }
    return files[name]
  end
  for _, kind in ipairs(kinds) do
    local group = kind.name:match "^(.*)%."
    local shared = kind.shared_types
    if group and not files[group] then
      add(lines_of(group), "")
      add(lines_of(group), "---@class ngrok.Client")
      add(lines_of(group), "---@field %s ngrok.%s", group, class_of(group))
    end
    if shared and not files[shared] then
      add_types(lines_of(shared), kind, getmetatable(kind.types).__index)
    end
    add_kind(lines_of(group or kind.name), kind)
  end
  return files
end

return function(files)
  local kinds = all_services()
  for name, lines in pairs(types(kinds)) do
    files[("lua/ngrok/types/%s.lua"):format(name)] = table.concat(lines, "\n") .. "\n"
  end
end
