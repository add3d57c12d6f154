--- A resource of the account, made from its description in `ngrok.api`: its routes, its operations and the
--- items that it holds.
local failure = require "ngrok.emulator.failure"
local hierarchy = require "ngrok.emulator.hierarchy"
local json = require "ngrok.emulator.json"
local references = require "ngrok.emulator.references"
local listing = require "ngrok.emulator.listing"
local schema = require "ngrok.emulator.schema"
local store = require "ngrok.emulator.store"
local time = require "ngrok.time"

local resource = {}
resource.__index = resource

-- What a description cannot say. Each may have `codes`, numbers of refusals by field or as "empty";
-- `ignores_null`, where null in an update is as if it were not given; and functions by operation. These get
-- the account, the values of the body and the item of the path. They may change the values, and return a
-- refusal.
local rules = {
  credentials = require "ngrok.emulator.rules.credentials",
  endpoints = require "ngrok.emulator.rules.endpoints",
  tunnel_sessions = require "ngrok.emulator.rules.tunnel_sessions",
}

local function pattern_of(pieces)
  local escaped = {}
  for index, piece in ipairs(pieces) do
    escaped[index] = piece:gsub("%W", "%%%0")
  end
  return "^" .. table.concat(escaped, "([^/]+)") .. "$"
end

--- Makes a resource without items.
---@param account table see `ngrok.emulator.account`
---@param description table compiled, see `ngrok.description`
---@return table resource
function resource.new(account, description)
  local self = setmetatable({
    account = account, description = description, rules = rules[description.name] or {}, patterns = {},
    filterable = schema.filterable(description.fields), store = store.new(),
    above = hierarchy.above(description.path), below = hierarchy.below(description.path, description.fields),
  }, resource)
  for name, operation in pairs(description.operations) do
    self.patterns[name] = pattern_of(operation.pieces)
  end
  return self
end

--- Finds the operation that a request asks for.
---@param method string
---@param path string
---@return table? # operation of the description
---@return table? # parameters of the path by name
function resource:find_operation(method, path)
  for _, name in ipairs(self.description.operation_names) do -- in order: `get` before one with its path
    local operation, captures = self.description.operations[name], { path:match(self.patterns[name]) }
    if operation.method == method and captures[1] then
      local parameters = {}
      for index, parameter in ipairs(operation.parameters) do
        parameters[parameter] = captures[index]
      end
      return operation, parameters
    end
  end
end

-- The API leaves out what was never set, and "" is what its official clients send for that.
local function assign(record, values)
  for name, value in pairs(values) do
    record[name] = value
    if value == "" then
      record[name] = nil
    end
  end
end

-- What agents and visitors tell of themselves.
local seen = {
  agent_version = "3.20.0", ip = "192.0.2.1", os = "linux", region = "global", transport = "ngrok/2",
  proto = "https",
}

--- Adds an item without a request and without its checks.
---@param values table fields
---@return table record
function resource:add(values)
  local now = time.format(self.account.clock())
  local account, record = self.account, { created_at = now }
  local identifier = account.random:identifier()
  record.id = (self.description.prefix or "") .. identifier
  assign(record, values)
  for _, field in ipairs(self.description.fields) do
    if field[1] == "started_at" then
      record.started_at = record.started_at or now
    elseif not field.on and record[field[1]] == nil then
      record[field[1]] = seen[field[1]]
    end
    if field.once and record[field[1]] == nil then
      record[field[1]] = identifier .. "_" .. account.random:secret()
    elseif field[1] == "owner_id" then
      record.owner_id = record.owner_id or account.owner_id
    end
  end
  self.store:add(record)
  return record
end

--- Says whether a string is the token of an item.
---@param text string
---@return boolean
function resource:has_token(text)
  -- A token begins with its item's own identifier.
  local record = self.store:find((self.description.prefix or "") .. (text:match "^(%w+)_" or ""))
  return record ~= nil and record.token == text
end

local function is_id(self, text)
  return text:find("^" .. (self.description.prefix or "") .. "[%w_-]+$") ~= nil
end

--- Checks `before_id`. For an id that never existed an empty page would hide a mistake. An id that was
--- deleted keeps its place in the list.
---@param id string
---@return table? refusal
function resource:check_place(id)
  if not is_id(self, id) then
    return failure.new(223, id)
  elseif not self.store:knows(id) then
    return failure.new(404, self.description.item, id)
  end
end

-- Items below others have the parameters of their path.
local function is_at(record, parameters)
  for name, value in pairs(parameters) do
    if record[name] ~= value then
      return false
    end
  end
  return true
end

local function is_below(record, parameters)
  for name, value in pairs(parameters) do
    if name ~= "id" and record[name] ~= value then
      return false
    end
  end
  return true
end

-- An item without an id has the parameters of its path.
local function find_at(self, parameters)
  for record in self.store:newest_first() do
    if is_at(record, parameters) then
      return record
    end
  end
  local _, value = next(parameters)
  return nil, failure.new(404, self.description.item, value)
end

local function find(self, parameters)
  local id = parameters.id
  if not id then
    return find_at(self, parameters)
  end
  if not is_id(self, id) then
    return nil, failure.new(223, id)
  end
  local record = self.store:find(id)
  if not (record and is_below(record, parameters)) then
    return nil, failure.new(404, self.description.item, id)
  end
  return record
end

local function base_url_of(self, request)
  return request.base_url or self.account.base_url
end

local function list_uri(self, request, parameters)
  return base_url_of(self, request) .. self.description.path:gsub("{([%w_]+)}", parameters)
end

local function uri_of(self, request, record)
  local get = self.description.operations.get
  local last = get and get.parameters[#get.parameters]
  return list_uri(self, request, record) .. "/" .. (record[last] or record.id)
end

-- The items of another resource that are below an item, oldest first.
local function items_below(self, below, record)
  local found = {}
  for item in self.account:resource(below.service).store:newest_first() do
    if item[below.parameter] == record.id then
      table.insert(found, 1, item)
    end
  end
  return found
end

-- What an item is in a response: with URIs, and with the items below it.
local function complete(self, request, record)
  local item = references.complete(record, base_url_of(self, request))
  if record.id then -- a part of another item has no URI
    item.uri = uri_of(self, request, record)
  end
  for name, below in pairs(self.below) do
    item[name] = {}
    for position, one in ipairs(items_below(self, below, record)) do
      item[name][position] = complete(self.account:resource(below.service), request, one)
    end
  end
  return item
end

local function write(self, request, record, is_new)
  local description = self.description
  return schema.write(description.fields, description.types, complete(self, request, record), is_new)
end

-- Takes the items below an item out of its values, and puts them in the place of those that it has.
local function place_below(self, record, values)
  for name, below in pairs(self.below) do
    local resource_below = self.account:resource(below.service)
    for _, item in ipairs(values[name] and items_below(self, below, record) or {}) do
      resource_below.store:remove(item.id)
    end
    for _, item in ipairs(values[name] or {}) do
      item[below.parameter] = record.id
      resource_below:add(item)
    end
    values[name] = nil
  end
end

local function clear_nulls(operation, body, values)
  for _, field in ipairs(operation.attributes) do
    if json.has_null(body, field[1]) then
      values[field[1]] = "" -- see `assign`
    end
  end
end

local function read(self, operation, request, parameters)
  local codes = self.rules.codes or {}
  local values, refusal = schema.read(operation.attributes, self.description.types, request.body, parameters,
    codes)
  if values and operation.name == "update" and not self.rules.ignores_null then
    clear_nulls(operation, request.body, values)
  end
  if values and operation.name == "update" and next(values) == nil then
    return nil, codes.empty and failure.new(codes.empty)
      or failure.uncoded(400, "The update names no value to change.")
  end
  return values, refusal
end

-- From an operation's name: what it does with the item that the path names, or with the values of the body.
local operations = {}

function operations.create(self, _, request, parameters, _, values)
  for name, value in pairs(parameters) do
    values[name] = value
  end
  local below = {}
  for name in pairs(self.below) do
    below[name], values[name] = values[name], nil
  end
  local record = self:add(values)
  place_below(self, record, below)
  return 201, write(self, request, record, true)
end

-- What is replaced is a part of another item, such as a module of an edge, and is there from then on.
function operations.replace(self, _, request, parameters, _, values, above)
  if above then
    above[self.above.part] = values
    return 200, write(self, request, values, false)
  end
  local record = self.store:find(parameters.id)
  if record then
    self.store:remove(record.id)
  end
  values.id = parameters.id
  return 200, write(self, request, self:add(values), false)
end

function operations.delete(self, _, _, _, record, _, above)
  if above and self.above.part then
    above[self.above.part] = nil
  else
    self.store:remove(record.id)
  end
  return 204, ""
end

-- A page of the items that `is_listed` says, whose list is at `uri`.
local function list(self, operation, request, uri, is_listed)
  local page, rest = listing.page(self, operation.query, request.query, is_listed)
  if not page then
    return nil, rest
  end
  local items = {}
  for index, record in ipairs(page) do
    items[index] = write(self, request, record, false)
  end
  return 200, json.object {
    { self.description.list_key, json.array(items) },
    { "uri", json.string(uri) },
    { "next_page_uri", rest and json.string(uri .. "?" .. rest) or "null" },
  }
end

function operations.list(self, operation, request, parameters)
  return list(self, operation, request, list_uri(self, request, parameters), function(record)
    return is_below(record, parameters)
  end)
end

-- What another service has that refers to this item.
local function list_others(self, operation, request, record)
  local uri = base_url_of(self, request) .. request.path
  return list(self.account:resource(operation.of), operation, request, uri, function(other)
    return references.leads_to(other, record.id)
  end)
end

-- A get, an update, or an operation with another name, which is emulated only this far.
local function change(self, operation, request, _, record, values)
  if operation.returns == "page" then
    return list_others(self, operation, request, record)
  end
  place_below(self, record, values)
  assign(record, values)
  if operation.method == "DELETE" then -- of one of its fields
    record[operation.name:match "^delete_(.*)$"] = nil
  end
  if operation.returns ~= "item" then
    return 204, ""
  end
  return 200, write(self, request, record, false)
end

-- The item above, which the path names. Returns nil and a refusal where there is none.
local function find_above(self, parameters)
  local above = self.account:resource(self.above.service)
  local id = parameters[self.above.parameter]
  local record = above.store:find(id)
  for name in above.description.path:gmatch "{([%w_]+)}" do
    record = record and record[name] == parameters[name] and record or nil
  end
  return record, not record and failure.new(404, above.description.item, id) or nil
end

-- The item that the path names.
local function find_named(self, parameters, above)
  if not (above and self.above.part) then
    return find(self, parameters)
  end
  local part = above[self.above.part]
  return part, not part and failure.new(404, self.description.item, parameters.id) or nil
end

-- Those that name no item which must exist.
local is_of_none = { create = true, list = true, replace = true }

--- Carries out an operation.
---@param operation table of the description
---@param request table
---@param parameters table<string, string> of the path
---@return integer? status
---@return any # body, or the refusal
function resource:perform(operation, request, parameters)
  local record, above, refusal
  local values, rule = {}, self.rules[operation.name]
  if self.above then
    above, refusal = find_above(self, parameters)
  end
  if not refusal and not is_of_none[operation.name] then
    record, refusal = find_named(self, parameters, above)
  end
  if not refusal and operation.attributes then
    values, refusal = read(self, operation, request, parameters)
    refusal = refusal
      or references.resolve(self.account, self.description.types, operation.attributes, values)
  end
  refusal = refusal or rule and rule(self.account, values, record)
  if refusal then
    return nil, refusal
  end
  local perform = operations[operation.name] or change
  return perform(self, operation, request, parameters, record, values, above)
end

return resource
