--- The forms that a resource takes: a plain table, or JSON.
--
-- JSON is written here because lua-cjson 2.1 always writes an empty array as an object. The rules of a
-- credential that may bind anything are an empty array.
local core = require "ngrok.core"
local options = require "ngrok.options"

local form = {}

local json = core.json

-- By schema, what is known of each field: `is_array`, `is_secret`, and `fields` of the objects in it.
local shapes = {}

local shape_of

-- Of a table whose items all have these fields, by whatever name or position.
local function fields_of_items(fields)
  local item = { fields = fields }
  return setmetatable({}, { __index = function() return item end })
end

local function shape_of_field(field, types)
  local type_name = field[2]:match "^[%[{]?(.-)[%]}]?$"
  local fields = types[type_name] and shape_of(types[type_name], types)
  return {
    is_array = field[2]:find "^%[" ~= nil, is_secret = field.secret,
    fields = fields and field[2]:find "^{" and fields_of_items(fields) or fields,
  }
end

function shape_of(fields, types)
  local shape = {}
  for _, field in ipairs(fields) do
    shape[field[1]] = shape_of_field(field, types)
  end
  return shape
end

-- What may be in a form: all but secrets where the call leaves them out.
local function names_of(values, fields, call)
  local names = {}
  for name in pairs(values) do
    if call.token ~= false or not (fields[name] and fields[name].is_secret) then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

local none = {}

local write -- a value as it was decoded, into an array of texts

local function write_array(parts, values, shape, call)
  for index, value in ipairs(values) do
    parts[#parts + 1] = index == 1 and "[" or ","
    write(parts, value, { fields = shape.fields }, call)
  end
  parts[#parts + 1] = #values == 0 and "[]" or "]"
end

local function write_object(parts, values, fields, call)
  local names = names_of(values, fields, call)
  for index, name in ipairs(names) do
    parts[#parts + 1] = (index == 1 and "{" or ",") .. json(name) .. ":"
    write(parts, values[name], fields[name] or none, call)
  end
  parts[#parts + 1] = #names == 0 and "{}" or "}"
end

-- Only the shape can tell an empty array from an empty object.
local function is_array(value, shape)
  return #value > 0 or (shape.is_array and next(value) == nil)
end

function write(parts, value, shape, call)
  local kind = type(value)
  if kind == "table" and is_array(value, shape) then
    write_array(parts, value, shape, call)
  elseif kind == "table" then
    write_object(parts, value, shape.fields or none, call)
  elseif kind == "string" or kind == "number" then
    parts[#parts + 1] = json(value)
  else
    parts[#parts + 1] = kind == "boolean" and tostring(value) or "null"
  end
end

local function write_resource(parts, resource, call)
  write_object(parts, core.decoded(resource), shapes[core.schema_of(resource)], call)
end

-- What is in nested objects is not checked when it is read, so it may be anything.
local function remove_secrets(values, fields)
  for name, value in pairs(values) do
    local field = fields[name] or none
    if field.is_secret then
      values[name] = nil
    elseif field.fields and type(value) == "table" then
      remove_secrets(value, #value > 0 and fields_of_items(field.fields) or field.fields)
    end
  end
end

--- Makes the shape of a kind of resources known. To be called before any of them takes a form.
---@param description table as compiled
function form.know(description)
  shapes[description.schema] = shape_of(description.fields, description.types)
end

--- What the objects of all services have.
---@class ngrok.Resource
---@field totable fun(self: ngrok.Resource, options?: ngrok.FormOptions): table a copy of all fields
---@field tojson fun(self: ngrok.Resource, options?: ngrok.FormOptions): string the same as JSON
---@field follow fun(self: ngrok.Resource, name: string, options?: ngrok.CallOptions): any, any gets what a
---  reference leads to, by the full name of its field: "domain", "ip_policies[2]"

---@param resource userdata
---@param given? ngrok.FormOptions
---@return table
function form.totable(resource, given)
  local call = options.form(given, core.origin_of(resource).core)
  local values = core.plain(resource)
  if call.token == false then
    remove_secrets(values, shapes[core.schema_of(resource)])
  end
  return values
end

---@param resource userdata
---@param given? ngrok.FormOptions
---@return string
function form.tojson(resource, given)
  local parts = {}
  write_resource(parts, resource, options.form(given, core.origin_of(resource).core))
  return table.concat(parts)
end

---@class ngrok.Page
---@field [integer] any
---@field uri? string
---@field next_page_uri? string
---@field tojson fun(self: ngrok.Page, options?: ngrok.FormOptions): string as the API writes it

--- Makes the metatable of pages.
---@param list_key string where a page has its items
---@return table
function form.page(list_key)
  local Page = { __name = "ngrok.page" }
  Page.__index = Page

  function Page.tojson(page, given)
    local call, parts = options.form(given), { "{", json(list_key), ":" }
    for index, resource in ipairs(page) do
      parts[#parts + 1] = index == 1 and "[" or ","
      write_resource(parts, resource, call)
    end
    parts[#parts + 1] = #page == 0 and "[]" or "]"
    for _, name in ipairs { "next_page_uri", "uri" } do
      parts[#parts + 1] = "," .. json(name) .. ":"
      write(parts, page[name], none, call)
    end
    parts[#parts + 1] = "}"
    return table.concat(parts)
  end

  return Page
end

return form
