--- The operations of ngrok's API as api.txt has them, and values of its types.
local api = { operations = {}, types = {} }

local function words(text, separator)
  local found = {}
  for word in text:gmatch("[^" .. separator .. "]+") do
    found[#found + 1] = word
  end
  return found
end

local function given(word)
  return word ~= "-" and word or nil
end

local function add_operation(line)
  local name, method, path, query, body, status, response = (table.unpack or unpack)(words(line, " "))
  local service, own_name = name:match "^(.*)%.(.*)$"
  local parameters = {}
  for parameter in path:gmatch "{(.-)}" do
    parameters[#parameters + 1] = parameter
  end
  api.operations[#api.operations + 1] = {
    full_name = name, service = service, name = own_name, method = method, path = path,
    parameters = parameters, query = given(query) and words(query:sub(2), ","), body = given(body),
    status = tonumber(status), response = given(response),
  }
end

local function add_type(line)
  local name, rest = line:match "^(%S+)(.*)$"
  local fields = {}
  for field, of, max, required in rest:gmatch " ([%w_]+):([%w{}%[%]]+)<?(%d*)(!?)" do
    fields[#fields + 1] = { name = field, type = of, max = tonumber(max), required = required == "!" }
  end
  api.types[name] = fields
end

for line in io.lines "spec/support/api.txt" do
  if line:find "^%l[%w_.]+ %u+ /" then
    add_operation(line)
  elseif line:find "^%u" then
    add_type(line)
  end
end

-- The fields of a body: what the path has is not sent again.
function api.attributes(operation)
  local fields = {}
  for _, field in ipairs(operation.body and api.types[operation.body] or {}) do
    if not operation.path:find("{" .. field.name .. "}", 1, true) then
      fields[#fields + 1] = field
    end
  end
  return fields
end

local plain = { string = "a text", integer = 7, number = 0.5, boolean = true }

local function value_of(field)
  local open, of = field.type:match "^([%[{]?)([%w_]+)"
  local one = field.name == "acl" and "bind:*.example.com" or plain[of]
  if one == nil then
    one = api.object(api.types[of])
  end
  return open == "[" and { one } or open == "{" and { a_name = one } or one
end

--- An object with a value for each field.
---@param fields table[]
---@return table
function api.object(fields)
  local object = {}
  for _, field in ipairs(fields) do
    object[field.name] = value_of(field)
  end
  return object
end

local add_faults

local function add_fault(field, outer, object, messages)
  local name, of = outer .. field.name, field.type:match "^[%[{]?([%w_]+)"
  if field.required then
    messages[#messages + 1] = name .. " is required"
  elseif field.max then
    object[field.name] = ("x"):rep(field.max + 1)
    messages[#messages + 1] = ("%s has %d bytes; the limit is %d"):format(name, field.max + 1, field.max)
  elseif api.types[of] then
    local is_array = field.type:find "^%[" ~= nil
    local inner = add_faults(api.types[of], name .. (is_array and "[1]" or "") .. ".", messages)
    object[field.name] = is_array and { inner } or inner
  end
end

function add_faults(fields, outer, messages)
  local object = {}
  for _, field in ipairs(fields) do
    add_fault(field, outer, object, messages)
  end
  return object
end

--- Attributes with every fault that can be seen before they are sent.
---@param operation table
---@return table attributes
---@return string[] messages what must be said of them
function api.faulty(operation)
  local messages = {}
  return add_faults(api.attributes(operation), "", messages), messages
end

return api
