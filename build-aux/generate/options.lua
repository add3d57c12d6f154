-- From ngrok.option_table: lua/ngrok/types/options.lua and the tables of options in docs/calls.md.
local option = require "ngrok.option"
local option_table = require "ngrok.option_table"
local replace = dofile "build-aux/generate/replace.lua"

local classes = {
  { "ClientOptions", "client", "What `ngrok.client` takes." },
  { "RateLimit", "rate_limit", "The rate limit that all clients with a key in the process keep to." },
  { "CallOptions", "call", "The last argument of an operation." },
  { "RequestOptions", "request", "The last argument of `client:request`." },
  { "ListOptions", "list", "The last argument of a list." },
  { "FindOptions", "find", "The last argument of find, find_all and find_or_create." },
  { "FindOrCreate", "find_or_create", "What `find_or_create` takes." },
  { "EachOptions", "each", "The second argument of `ngrok.each`." },
  { "ListQuery", "query", "What a list is asked for." },
  { "FormOptions", "form", "What `totable` and `tojson` take." },
}

local function shown(value)
  return type(value) == "string" and ('"%s"'):format(value) or tostring(value)
end

local function is_in(list, one)
  for _, other in ipairs(list) do
    if other == one then
      return true
    end
  end
  return false
end

-- A call's default is what its client has.
local function default_of(one, list)
  if list ~= option_table.client and is_in(option_table.client, one) then
    return "the client's"
  elseif one.default_text then
    return one.default_text
  elseif one.default ~= nil then
    return type(one.default) == "number" and ("%d"):format(one.default) or "`" .. shown(one.default) .. "`"
  end
end

local function text_of(one)
  return one.text .. (one.transports and (" (%s only)"):format(table.concat(one.transports, ", ")) or "")
end

-- ---- types ----

local function type_of(one)
  local types = {}
  for index, choice in ipairs(one.choices or {}) do
    types[index] = shown(choice)
  end
  types[#types + 1] = one.editor or one.whole and "integer" or one.type
  return table.concat(types, "|")
end

local function field(one, list)
  local unit, default = one.unit and one.unit .. " " or "", default_of(one, list)
  local words = unit .. text_of(one) .. (default and (" (%s)"):format(default) or "")
  return ("---@field %s? %s %s"):format(one.name, type_of(one), (words:gsub("%[(.-)%]%(.-%)", "docs, %1")))
end

local function types()
  local lines = { "---@meta", "-- `make generate` writes this file, from lua/ngrok/option_table.lua." }
  for _, class in ipairs(classes) do
    lines[#lines + 1] = "\n---" .. class[3]
    lines[#lines + 1] = "---@class ngrok." .. class[1]
    for _, one in ipairs(option_table[class[2]]) do
      lines[#lines + 1] = field(one, option_table[class[2]])
    end
  end
  return table.concat(lines, "\n") .. "\n"
end

-- ---- docs/calls.md ----

local function client_row(one, list)
  return ("| `%s` | %s | %s | %s |"):format(one.name, option.describe(one):gsub("^an? ", ""),
    default_of(one, list) or "", text_of(one))
end

local function call_row(one, list)
  return ("| `%s` | %s | %s |"):format(one.name, default_of(one, list) or "", text_of(one))
end

local function table_of(head, list, row)
  local lines = { head, (head:gsub("[%w ]+", " --- ")) }
  for _, one in ipairs(list) do
    lines[#lines + 1] = row(one, list)
  end
  return table.concat(lines, "\n")
end

return function(files)
  files["lua/ngrok/types/options.lua"] = types()
  local page = files["docs/calls.md"]
  page = replace(page, "options of a client",
    table_of("| option | value | default | meaning |", option_table.client, client_row))
  page = replace(page, "options of a call",
    table_of("| option | default | meaning |", option_table.call, call_row))
  page = replace(page, "options of each",
    table_of("| option | default | meaning |", option_table.each, call_row))
  files["docs/calls.md"] = page
end
