--- The forms that a resource takes: a plain table, or JSON.
--
-- JSON is written here because lua-cjson 2.1 always writes an empty array as an object. The rules of a
-- credential that may bind anything are an empty array.
local core = require "ngrok.core"
local options = require "ngrok.options"

local form = {}

local json = core.json

-- What may be in a form: all but secrets where the call leaves them out.
local function names_of(values, schema, call)
  local names = {}
  for name in pairs(values) do
    local _, is_secret = core.field(schema, name)
    if call.token ~= false or not is_secret then
      names[#names + 1] = name
    end
  end
  table.sort(names)
  return names
end

local write -- a value as it was decoded, into an array of texts

local function write_array(parts, values, of, call)
  for index, value in ipairs(values) do
    parts[#parts + 1] = index == 1 and "[" or ","
    write(parts, value, "one", of, call)
  end
  parts[#parts + 1] = #values == 0 and "[]" or "]"
end

-- `schema`: of the object, or in a map of the objects in it.
local function write_object(parts, values, schema, is_map, call)
  local names = names_of(values, not is_map and schema or nil, call)
  for index, name in ipairs(names) do
    parts[#parts + 1] = (index == 1 and "{" or ",") .. json(name) .. ":"
    if is_map then
      write(parts, values[name], "one", schema, call)
    else
      local shape, _, of = core.field(schema, name)
      write(parts, values[name], shape, of, call)
    end
  end
  parts[#parts + 1] = #names == 0 and "{}" or "}"
end

-- `shape`: "one", "array" or "map", which tells an empty array from an empty object; `of`: the schema of the
-- objects in it, if there are any.
function write(parts, value, shape, of, call)
  local kind = type(value)
  if kind == "table" and (#value > 0 or shape == "array" and next(value) == nil) then
    write_array(parts, value, of, call)
  elseif kind == "table" then
    write_object(parts, value, of, shape == "map", call)
  elseif kind == "string" or kind == "number" then
    parts[#parts + 1] = json(value)
  else
    parts[#parts + 1] = kind == "boolean" and tostring(value) or "null"
  end
end

local function write_resource(parts, resource, call)
  write_object(parts, core.decoded(resource), core.schema_of(resource), false, call)
end

local remove_secrets

-- What is in nested objects is not checked when it is read, so it may be anything.
local function remove_inner_secrets(value, shape, of)
  if shape ~= "map" and #value == 0 then
    remove_secrets(value, of)
    return
  end
  for _, one in pairs(value) do
    if type(one) == "table" then
      remove_secrets(one, of)
    end
  end
end

function remove_secrets(values, schema)
  for name, value in pairs(values) do
    local shape, is_secret, of = core.field(schema, name)
    if is_secret then
      values[name] = nil
    elseif of and type(value) == "table" then
      remove_inner_secrets(value, shape, of)
    end
  end
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
    remove_secrets(values, core.schema_of(resource))
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
      write(parts, page[name], "one", nil, call)
    end
    parts[#parts + 1] = "}"
    return table.concat(parts)
  end

  return Page
end

return form
