--- Calls of operations that return a list, and calls that look for items in one.
local calls = require "ngrok.calls"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local listing = require "ngrok.listing"
local options = require "ngrok.options"
local part = require "ngrok.part"
local proxy = require "ngrok.proxy"
local usage_error = require "ngrok.usage_error"

local lists = {}

-- Writes a filter that is a table in CEL. Returns what is wrong with it.
local function write_filter(operation, query, owner)
  if type(query.filter) ~= "table" then
    return nil
  end
  local filter, problem = part.load "ngrok.filter"
  if not filter then
    return problem
  end
  local where = { operation = operation.full_name, noun = "filter", core = owner.core }
  local read
  read, problem = filter.read(query.filter, filter.kinds_of(calls.kind_of_items(operation).name), where)
  query.filter = read and read.text
  return problem
end

local function check_query(operation, query, owner, validate)
  local problem, limit = write_filter(operation, query, owner), query.limit
  if problem then
    return problem
  elseif limit and validate and not (limit >= 1 and limit <= 100 and limit % 1 == 0) then
    return ("limit must be a whole number from 1 to 100, got %s"):format(tostring(limit))
  elseif query.before_id and not core.is_id(query.before_id) then
    return "before_id may have only letters, digits, _ and -, and at least one of them"
  elseif query.filter and not core.is_utf8(query.filter) then
    return "filter is not valid UTF-8"
  end
end

local function write_parameter(parts, name, value)
  local text = type(value) == "number" and core.json(value) or value
  parts[#parts + 1] = name .. "=" .. core.escape(text)
end

-- Each string of an array is a parameter. Without any the list would have all items, not none.
local function write_array(parts, name, values, operation)
  for _, item in ipairs(values) do
    local value = calls.id_of(operation, name, item)
    if type(value) ~= "string" then
      usage_error.raise(("%s: each of %s must be a string, got %s"):format(operation.full_name, name,
        type(value)))
    end
    write_parameter(parts, name, value)
  end
  return #values == 0 and name .. " is empty: give at least one string, or leave it out" or nil
end

-- The query, or nil and what is wrong with it.
local function write_query(operation, query)
  local parts, problem = {}, nil
  for _, one in ipairs(operation.query) do
    local name = type(one) == "table" and one[1] or one
    local value = query[name]
    if type(value) == "table" then
      problem = problem or write_array(parts, name, value, operation)
    elseif value ~= nil then
      write_parameter(parts, name, value)
    end
  end
  return not problem and table.concat(parts, "&") or nil, problem
end

-- Returns what is wrong.
local function make_parallel(listed, operation, query, call)
  if query.prefetch == false or call.prefetch == false then
    usage_error.raise(operation.full_name .. ": parallel asks for pages ahead: leave out prefetch = false")
  end
  local parallel, problem = part.load "ngrok.parallel"
  if not parallel then
    return error_object.invalid(operation.full_name, problem)
  end
  parallel.prepare(listed, query, function(other)
    return (write_query(operation, other))
  end)
end

local function walk(operation, owner, first, second, query, call)
  local unfit = check_query(operation, query, owner, call.validate ~= false)
  local written, unwritten = write_query(operation, query)
  local target, problem = calls.target_of(operation, first, second)
  problem = problem or unfit or unwritten
  local listed = listing.new(owner, {
    operation = operation.full_name, method = operation.method, path = target or operation.pieces[1],
    reader = calls.reader_of(operation), origin = calls.origin_of(operation, owner, first, second),
    query = not problem and written or nil,
    prefetch = query.prefetch ~= false and call.prefetch ~= false,
    options = call,
    failure = problem and error_object.invalid(operation.full_name, problem) or nil,
  })
  if query.parallel and query.parallel ~= 1 and not problem then
    listed.at.failure = make_parallel(listed, operation, query, call)
  end
  return listed
end

--- Calls an operation that returns a list.
---@param operation table see ngrok.calls
---@param owner table the client
---@param first? any the path's parameters
---@param second? any
---@param query? table
---@param given? table the call's options
---@return ngrok.Listing # and what a `for` takes besides
function lists.list(operation, owner, first, second, query, given)
  query = options.query(query, options.parameters(operation.query), owner.core)
  if query.before_id then
    query.before_id = calls.id_of(operation, "before_id", query.before_id, calls.kind_of_items(operation))
  end
  local listed = proxy.of(walk(operation, owner, first, second, query, options.list(given, owner.core)))
  -- The fourth is what Lua 5.4's `for` closes when it is left.
  return listed, nil, nil, listed
end

--- Calls find, find_all or find_or_create. The other arguments are those of `list`.
---@param input any what it looks for
---@return any # as of ngrok.find
function lists.look_for(operation, owner, first, second, input, given)
  local find, problem = part.load "ngrok.find"
  if not find then
    return nil, error_object.invalid(operation.full_name, problem)
  end
  local call = options.find(given, operation.full_name, owner.core)
  local sending = {
    walk = function(query)
      return walk(operation.list, owner, first, second, query, call)
    end,
    prepare = function(attributes)
      return calls.prepare(operation.create, owner, first, second, attributes, call)
    end,
  }
  return find[operation.looks](operation, owner, input, sending, call)
end

return lists
