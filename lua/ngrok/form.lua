--- What a resource is for others: a plain table, or JSON.
--
-- JSON is written here because lua-cjson 2.1 always writes an empty array as an object. The rules of a
-- credential that may bind anything are an empty array.
local core = require "ngrok.core"
local options = require "ngrok.options"

local form = {}

local quote = core.quote

-- The fields of each schema, by its name.
local fields_of = setmetatable({}, {
  __index = function(known, schema)
    known[schema] = core.fields(schema)
    return known[schema]
  end,
})

-- Whether a field is left out.
local function is_withheld(fields, name, call)
  return call.token == false and fields[name] ~= nil and fields[name].once
end

-- The same digits on every Lua and in every locale.
local function write_number(number)
  if number % 1 == 0 and math.abs(number) < 2 ^ 53 then
    return ("%d"):format(number)
  elseif number == math.huge or number == -math.huge then
    return number > 0 and "1e999" or "-1e999" -- as it was read: too large for a double
  end
  local short = ("%.15g"):format(number)
  return ((tonumber(short) == number and short or ("%.17g"):format(number)):gsub(",", "."))
end

local function sorted_names(values)
  local names = {}
  for name in pairs(values) do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local write -- a value as it was decoded, into an array of texts

local function write_array(parts, values)
  for index, value in ipairs(values) do
    parts[#parts + 1] = index == 1 and "[" or ","
    write(parts, value)
  end
  parts[#parts + 1] = #values == 0 and "[]" or "]"
end

-- Only `fields` can tell an empty array from an empty object.
local function write_object(parts, values, names, fields)
  for index, name in ipairs(names) do
    parts[#parts + 1] = (index == 1 and "{" or ",") .. quote(name) .. ":"
    if fields[name] and fields[name].list then
      write_array(parts, values[name])
    else
      write(parts, values[name])
    end
  end
  parts[#parts + 1] = #names == 0 and "{}" or "}"
end

function write(parts, value)
  local kind = type(value)
  if kind == "table" and #value > 0 then
    write_array(parts, value)
  elseif kind == "table" then
    write_object(parts, value, sorted_names(value), {})
  elseif kind == "string" then
    parts[#parts + 1] = quote(value)
  elseif kind == "number" then
    parts[#parts + 1] = write_number(value)
  else
    parts[#parts + 1] = kind == "boolean" and tostring(value) or "null"
  end
end

local function write_resource(parts, resource, call)
  local values, fields, names = core.decoded(resource), fields_of[core.kind_of(resource)], {}
  for _, name in ipairs(sorted_names(values)) do
    if not is_withheld(fields, name, call) then
      names[#names + 1] = name
    end
  end
  write_object(parts, values, names, fields)
end

--- A copy of all fields as a plain table: `resource:totable(options)`.
---@param resource userdata
---@param given? table `token` boolean: false leaves the token out, so that the table can be logged
---@return table
function form.totable(resource, given)
  local call = options.form(given, core.client_of(resource).core)
  local values, fields = core.plain(resource), fields_of[core.kind_of(resource)]
  for name in pairs(fields) do
    if is_withheld(fields, name, call) then
      values[name] = nil
    end
  end
  return values
end

--- All fields as JSON, as the API writes them: `resource:tojson(options)`.
---@param resource userdata
---@param given? table as of `totable`
---@return string
function form.tojson(resource, given)
  local parts = {}
  write_resource(parts, resource, options.form(given, core.client_of(resource).core))
  return table.concat(parts)
end

--- Makes the metatable of pages, whose one method is `page:tojson(options)`: the page as the API writes it.
---@param list_field string where a page keeps its items
---@return table
function form.page(list_field)
  local Page = { __name = "ngrok.page" }
  Page.__index = Page

  function Page.tojson(page, given)
    local call, parts = options.form(given), { "{", quote(list_field), ":" }
    for index, resource in ipairs(page) do
      parts[#parts + 1] = index == 1 and "[" or ","
      write_resource(parts, resource, call)
    end
    parts[#parts + 1] = #page == 0 and "[]" or "]"
    for _, name in ipairs { "next_page_uri", "uri" } do
      parts[#parts + 1] = "," .. quote(name) .. ":"
      write(parts, page[name])
    end
    parts[#parts + 1] = "}"
    return table.concat(parts)
  end

  return Page
end

return form
