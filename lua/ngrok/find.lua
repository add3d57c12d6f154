--- The calls of services with a list that look for items: find, find_all and find_or_create.
--
-- The server filters the list where it can. Each item is judged here as well, because some lists take no
-- filter, and because a proxy may ignore it: then find must not return another item.
--
-- Each call gets: the operation (`full_name`, `kind`, `list`, `create`), the client, what the program gave,
-- `sending`, which has two functions, and the call's options. `sending.walk(query)` returns a listing,
-- `sending.prepare(attributes)` what `client.perform` sends, or nil and what is wrong.
local client = require "ngrok.client"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local filter = require "ngrok.filter"
local options = require "ngrok.options"
local usage_error = require "ngrok.usage_error"

local find = {}

-- The filter of a table, or nil and what is wrong.
local function read_match(operation, owner, match, noun)
  if type(match) ~= "table" then
    usage_error.raise(("%s: %s must be a table, got %s"):format(operation.full_name, noun, type(match)))
  end
  return filter.read(match, filter.kinds_of(operation.kind.name),
    { operation = operation.full_name, noun = noun, core = owner.core })
end

local function takes_filter(list)
  for _, name in ipairs(list.query) do
    if name == "filter" then
      return true
    end
  end
  return false
end

local function new_walk(operation, match, sending)
  return sending.walk(takes_filter(operation.list) and { filter = match.text } or {})
end

-- The next item that matches; nil at the end; nil and an error.
local function next_match(walk, match)
  local item, err
  repeat
    item, err = walk:next()
  until item == nil or match:holds(item)
  return item, err
end

-- The first item that matches and the response that had it; nil where there is none; nil and an error.
local function first_match(operation, match, sending, call)
  -- A list that the server filters has what is wanted in its first page.
  call.prefetch = not takes_filter(operation.list)
  local walk = new_walk(operation, match, sending)
  local item, err = next_match(walk, match)
  walk:close()
  return item, item and walk.at.response or err
end

--- The newest item that matches.
function find.find(operation, owner, match, sending, call)
  local read, problem = read_match(operation, owner, match, "match")
  if not read then
    return nil, error_object.invalid(operation.full_name, problem)
  end
  return first_match(operation, read, sending, call)
end

--- An array of all items that match.
function find.find_all(operation, owner, match, sending)
  local read, problem = read_match(operation, owner, match, "match")
  if not read then
    return nil, error_object.invalid(operation.full_name, problem)
  end
  local walk, items = new_walk(operation, read, sending), {}
  local item, err = next_match(walk, read)
  while item ~= nil do
    items[#items + 1] = item
    item, err = next_match(walk, read)
  end
  return not err and items or nil, err
end

-- What to create: as given, and what must be equal to match.
local function complete(create, match, given)
  local attributes = {}
  for name, value in pairs(given or {}) do
    attributes[name] = value
  end
  for name, condition in pairs(match.conditions) do
    if attributes[name] == nil and core.field(create.schema, name) then
      attributes[name] = condition.value
    end
  end
  return attributes
end

-- Otherwise the next call would not find what this one has created, and create it again.
local function contradiction(create, match, attributes)
  for name, condition in pairs(match.conditions) do
    if core.field(create.schema, name) and not condition.holds(attributes[name]) then
      return ("create.%s must be given and fulfil match.%s, or the next call would not find what this one "
        .. "creates"):format(name, name)
    end
  end
end

-- The request that creates and the conditions, or nil and what is wrong.
local function prepare(operation, owner, given, sending)
  local match, problem = read_match(operation, owner, given.match, "match")
  if not match then
    return nil, problem
  end
  local attributes = complete(operation.create, match, given.create)
  local what, unfit = sending.prepare(attributes)
  problem = unfit or contradiction(operation.create, match, attributes)
  if problem then
    return nil, problem
  end
  return what, match
end

--- The newest item that matches; where none does, creates one.
function find.find_or_create(operation, owner, given, sending, call)
  given = options.find_or_create(given, operation.full_name, owner.core)
  local what, match = prepare(operation, owner, given, sending)
  if not what then
    local problem = match
    return nil, error_object.invalid(operation.full_name, problem)
  end
  local item, response = first_match(operation, match, sending, call)
  local is_new = item == nil and response == nil
  if is_new then
    item, response = client.perform(owner, operation.create.full_name, what, call)
  end
  if item ~= nil then
    response.created = is_new
  end
  return item, response
end

return find
