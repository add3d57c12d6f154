-- From the descriptions in lua/ngrok/api: a page for each service, docs/api/NAME.md, and the table of all
-- operations, docs/api/README.md.

local all_services = dofile "build-aux/generate/services.lua"
local example_of = dofile "build-aux/generate/examples.lua"
local field_text = dofile "build-aux/generate/field_text.lua"

local plain = { string = true, integer = true, number = true, boolean = true }

local function add(lines, format, ...)
  lines[#lines + 1] = select("#", ...) > 0 and format:format(...) or format
end

local function row(cells)
  return ("| %s |"):format(table.concat(cells, " | "):gsub("\n", " "))
end

local function add_table(lines, head, rows)
  add(lines, "")
  lines[#lines + 1] = row(head)
  lines[#lines + 1] = "|" .. (" --- |"):rep(#head)
  for _, cells in ipairs(rows) do
    lines[#lines + 1] = row(cells)
  end
end

local function noun_of(name)
  if plain[name] then
    return name
  elseif name == "ref" then
    return "reference"
  end
  return ("[%s](#%s)"):format(name, name)
end

local function type_of(field)
  local shape, name = field[2]:match "^([%[{]?)(.-)[%]}]?$"
  if shape == "[" then
    return "array of " .. noun_of(name)
  end
  return shape == "{" and "table of " .. noun_of(name) or noun_of(name)
end

local function text_of(field)
  return (field_text(field):gsub("|", "\\|"))
end

-- How the operation is called: "client.edges.https_routes:get(edge_id, id)".
local function call_of(kind, operation)
  local arguments = {}
  for _, parameter in ipairs(operation.parameters) do
    arguments[#arguments + 1] = parameter
  end
  if operation.returns == "page" or operation.attributes then
    arguments[#arguments + 1] = "{ … }"
  end
  return ("client.%s:%s(%s)"):format(kind.name, operation.name, table.concat(arguments, ", "))
end

local acronyms = {
  ai = "AI", api = "API", http = "HTTP", https = "HTTPS", ip = "IP", oauth = "OAuth", oidc = "OIDC",
  saml = "SAML", ssh = "SSH", tcp = "TCP", tls = "TLS",
}

local function words_of(name)
  return (name:gsub("_", " "):gsub("%a+", acronyms))
end

local function returned_by(kind, operation)
  if operation.returns == "page" then
    return "a listing" .. (operation.of and " of " .. operation.of or "")
  end
  local item = operation.of and "one of " .. operation.of or "the " .. words_of(kind.item)
  return operation.returns and item or "`true`"
end

local function query_of(operation)
  local names = {}
  for _, one in ipairs(operation.query or {}) do
    names[#names + 1] = ("`%s`"):format(type(one) == "table" and one[1] or one)
  end
  return table.concat(names, ", ")
end

local function add_operations(lines, kind)
  local rows, has_query = {}, false
  for position, name in ipairs(kind.operation_names) do
    local operation = kind.operations[name]
    has_query = has_query or operation.query ~= nil
    rows[position] = {
      ("`%s`"):format(call_of(kind, operation)), ("`%s %s`"):format(operation.method, operation.path),
      returned_by(kind, operation), query_of(operation),
    }
  end
  add_table(lines, { "call", "request", "returns", "query" }, rows)
end

-- By attribute, in the order of the operations: its field, and the operations that take it.
local function attributes_of(kind)
  local names, by_name = {}, {}
  for _, operation_name in ipairs(kind.operation_names) do
    for _, field in ipairs(kind.operations[operation_name].attributes or {}) do
      local one = by_name[field[1]]
      if not one then
        one = { field = field, taken_by = {} }
        by_name[field[1]], names[#names + 1] = one, field[1]
      end
      one.taken_by[#one.taken_by + 1] = operation_name .. (field.required and " (required)" or "")
    end
  end
  return names, by_name
end

local function add_attributes(lines, kind)
  local names, by_name = attributes_of(kind)
  local rows = {}
  for position, name in ipairs(names) do
    local one = by_name[name]
    rows[position] = {
      ("`%s`"):format(name), type_of(one.field), table.concat(one.taken_by, ", "), text_of(one.field),
    }
  end
  if #rows > 0 then
    add(lines, "\n## Attributes")
    add_table(lines, { "attribute", "type", "taken by", "meaning" }, rows)
  end
end

local function add_fields(lines, title, fields)
  local rows = {}
  for position, field in ipairs(fields) do
    rows[position] = { ("`%s`"):format(field[1]), type_of(field), text_of(field) }
  end
  add(lines, "\n%s", title)
  add_table(lines, { "field", "type", "meaning" }, rows)
end

-- The named types that fields have, and those in them.
local function collect_types(kind, fields, found)
  for _, field in ipairs(fields) do
    local name = field[2]:match "[%w_]+"
    if not plain[name] and name ~= "ref" and not found[name] then
      found[name], found[#found + 1] = true, name
      collect_types(kind, kind.types[name], found)
    end
  end
end

local function add_types(lines, kind)
  local found = {}
  collect_types(kind, kind.fields, found)
  for _, operation in pairs(kind.operations) do
    collect_types(kind, operation.attributes or {}, found)
  end
  table.sort(found)
  if #found > 0 then
    add(lines, "\n## Types")
  end
  for _, name in ipairs(found) do
    add_fields(lines, "### " .. name, kind.types[name])
  end
end

-- Of what cannot be created here the account has what agents and users make.
local function add_example(lines, kind)
  add(lines, "\n## Example\n\n```lua")
  local item = kind.item
  lines[#lines + 1] = example_of(kind.name)
    or ("for %s in client.%s:list { limit = 10 } do\n  print(%s)\nend"):format(item, kind.name, item)
  add(lines, "```")
end

local function page_of(kind)
  local lines = {}
  add(lines, "# client.%s", kind.name)
  add(lines, "\n%s [All operations](README.md) are [called alike](../calls.md#an-operation).", kind.text)
  add_operations(lines, kind)
  add_attributes(lines, kind)
  add_fields(lines, "## Fields", kind.fields)
  add_types(lines, kind)
  add_example(lines, kind)
  add(lines, "\n<!-- by make generate, from lua/ngrok/api -->")
  return table.concat(lines, "\n") .. "\n"
end

local function overview_of(kinds)
  local lines, rows = {}, {}
  for _, kind in ipairs(kinds) do
    for _, name in ipairs(kind.operation_names) do
      local operation = kind.operations[name]
      rows[#rows + 1] = {
        ("[`%s`](%s.md)"):format(call_of(kind, operation), kind.name),
        ("`%s %s`"):format(operation.method, operation.path), returned_by(kind, operation),
      }
    end
  end
  add(lines, "# All operations")
  add(lines, "\n%d calls of %d services. [Calls and options](../calls.md) says how to call them.", #rows,
    #kinds)
  add_table(lines, { "call", "request", "returns" }, rows)
  add(lines, "\n<!-- by make generate, from lua/ngrok/api -->")
  return table.concat(lines, "\n") .. "\n"
end

return function(files)
  local kinds = all_services()
  for _, kind in ipairs(kinds) do
    files[("docs/api/%s.md"):format(kind.name)] = page_of(kind)
  end
  files["docs/api/README.md"] = overview_of(kinds)
end
