--- What `client:request` sends: a path, a query and a body that no description knows.
local core = require "ngrok.core"
local display = require "ngrok.display"
local error_object = require "ngrok.error"
local options = require "ngrok.options"
local secret_values = require "ngrok.secret_values"
local usage_error = require "ngrok.usage_error"

local generic = {}

local has_body = { GET = false, POST = true, PUT = true, PATCH = true, DELETE = false }

-- A name may be a key in the wrong place.
local function raise(owner, message)
  usage_error.raise(error_object.redact(owner.core, "client:request: " .. message))
end

local deepest = 100 -- tables in tables of a body; a table that has itself in it is deeper

-- ---- the path ----------------------------------------------------------------------------------------

-- As a proxy or a server may read it.
local function has_dot_segment(path)
  local read = path:match("^[^?]*"):gsub("%%2[eE]", "."):gsub("%%2[fF]", "/"):gsub("%%5[cC]", "/")
  for segment in read:gmatch "[^/]+" do
    if segment == "." or segment == ".." then
      return true
    end
  end
  return false
end

-- It is put behind the base URL, so it must not leave that one's origin, nor its path.
local function check_path(path)
  if not path:find "^/" or path:find "^//" then
    return "path must begin with one slash: it is added to the base URL"
  elseif path:find "[^A-Za-z0-9%-._~!$&'()*+,;=:@/?%%]" then
    return "path may have only what a URL's path and query have, without a fragment: percent-encode the rest"
  elseif path:gsub("%%%x%x", ""):find("%", 1, true) then
    return "path has a percent sign without two hexadecimal digits"
  elseif has_dot_segment(path) then
    return "path must not have '.' or '..' as a segment"
  end
end

-- ---- the query ---------------------------------------------------------------------------------------

local function sorted_names(owner, given, what)
  local names = {}
  for name in pairs(given) do
    if type(name) ~= "string" then
      raise(owner, ("the names in %s must be strings, got %s"):format(what, type(name)))
    end
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local function text_of(owner, name, value)
  if type(value) == "number" then
    return core.json(value)
  elseif type(value) ~= "string" and type(value) ~= "boolean" then
    raise(owner, ("query.%s must be a string, a number, a boolean or an array of them, got %s"):format(name,
      type(value)))
  end
  return tostring(value)
end

-- The names are sorted, so that equal tables make equal requests.
local function write_query(owner, query, secrets)
  local parts = {}
  for _, name in ipairs(sorted_names(owner, query, "query")) do
    local values = query[name]
    for _, value in ipairs(type(values) == "table" and values or { values }) do
      local text = text_of(owner, name, value)
      if not core.is_utf8(text) then
        return nil, ("query.%s is not valid UTF-8"):format(name)
      end
      secret_values.add(secrets, core.json(name) .. ":" .. core.json(text))
      parts[#parts + 1] = core.escape(name) .. "=" .. core.escape(text)
    end
  end
  return table.concat(parts, "&")
end

local function target_of(owner, path, query, secrets)
  local problem, written = check_path(path), ""
  if not problem and query then
    written, problem = write_query(owner, query, secrets)
  end
  if problem or written == "" then
    return not problem and path or nil, problem
  end
  return path .. (path:find("?", 1, true) and "&" or "?") .. written
end

-- ---- the body ----------------------------------------------------------------------------------------

-- Into an array of texts, whose `owner` is the client. Returns what is wrong with the value, if anything.
local write

-- What it inherits, or has beside its items, would be left out silently.
local function check_table(owner, values, place)
  local metatable, count = getmetatable(values), 0
  if type(metatable) == "table" and metatable.__index then
    raise(owner, place .. " has an __index: copy its values into a plain table")
  end
  for _ in pairs(values) do
    count = count + 1
  end
  if #values > 0 and count ~= #values then
    raise(owner, place .. " is neither an array without holes nor a table by name")
  end
end

local function write_array(parts, values, place, depth)
  local problem
  for index, value in ipairs(values) do
    parts[#parts + 1] = index == 1 and "[" or ","
    problem = write(parts, value, ("%s[%d]"):format(place, index), depth + 1) or problem
  end
  parts[#parts + 1] = "]"
  return problem
end

local function write_object(parts, values, place, depth)
  local problem
  parts[#parts + 1] = "{"
  for index, name in ipairs(sorted_names(parts.owner, values, place)) do
    parts[#parts + 1] = index == 1 and "" or ","
    problem = write(parts, name, place, depth) or problem
    parts[#parts + 1] = ":"
    problem = write(parts, values[name], place .. "." .. name, depth + 1) or problem
  end
  parts[#parts + 1] = "}"
  return problem
end

local function write_scalar(parts, value, place)
  local kind = type(value)
  if kind == "string" then
    parts[#parts + 1] = core.json(value)
    return not core.is_utf8(value) and place .. " is not valid UTF-8, which JSON requires" or nil
  elseif kind == "number" and value - value == 0 then -- neither NaN nor infinite
    parts[#parts + 1] = core.json(value)
  elseif kind == "boolean" then
    parts[#parts + 1] = tostring(value)
  elseif value == core.null then
    parts[#parts + 1] = "null"
  else
    raise(parts.owner, ("%s cannot be written as JSON (%s)"):format(place,
      kind == "number" and tostring(value) or kind))
  end
end

function write(parts, value, place, depth)
  if type(value) ~= "table" then
    return write_scalar(parts, value, place)
  elseif depth > deepest then
    raise(parts.owner, ("body is nested too deeply (%d tables at most)"):format(deepest))
  end
  check_table(parts.owner, value, place)
  if #value > 0 then
    return write_array(parts, value, place, depth)
  end
  return write_object(parts, value, place, depth)
end

local function body_of(owner, method, body, validate)
  if not has_body[method] then
    return nil, body ~= nil and ("a %s has no body"):format(method) or nil
  elseif type(body) == "string" then
    local fine = core.is_utf8(body) and (not validate or core.decode(body) ~= nil)
    return fine and body or nil, not fine and "body is not valid JSON (a table is written as JSON)" or nil
  end
  local parts = { owner = owner }
  local problem = write(parts, body or {}, "body", 1)
  return not problem and table.concat(parts) or nil, problem
end

-- ---- the call ----------------------------------------------------------------------------------------

local function check_types(owner, method, path, surplus)
  if type(method) ~= "string" or has_body[method] == nil then
    raise(owner, "method must be GET, POST, PUT, PATCH or DELETE, got "
      .. (type(method) == "string" and method or type(method)))
  elseif type(path) ~= "string" then
    raise(owner, "path must be a string, got " .. type(path))
  elseif surplus ~= nil then
    raise(owner, "it takes a method, a path and options, and no more arguments")
  end
end

--- Checks a call and writes its request.
---@param owner table the client
---@param method any
---@param path any
---@param given any the call's options
---@param surplus any an argument that it does not take
---@return string operation its name
---@return table call the options as checked
---@return table? what to send, see `ngrok.client`; nil where it is refused
---@return string? problem why
--- Raises: names the argument
function generic.read(owner, method, path, given, surplus)
  check_types(owner, method, path, surplus)
  local call = options.request(given, owner.core)
  local operation = display.line(error_object.redact(owner.core, method .. " " .. path:match "^[^?#]*"))
  local secrets = {}
  local target, problem = target_of(owner, path, call.query, secrets)
  local body, unwritten = body_of(owner, method, call.body, call.validate ~= false)
  problem = problem or unwritten
  if problem then
    return operation, call, nil, error_object.redact(owner.core, problem)
  end
  secret_values.add(secrets, body or "")
  return operation, call, {
    method = method, target = target, body = body, secrets = secrets[1] and secrets or nil,
    reader = method ~= "DELETE" or nil,
  }
end

return generic
