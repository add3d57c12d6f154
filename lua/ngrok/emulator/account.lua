--- An ngrok account in memory: a function from request to response. It has no network, no server, and only
--- the clock that it is given.
local authorization = require "ngrok.emulator.authorization"
local description = require "ngrok.description"
local failure = require "ngrok.emulator.failure"
local random = require "ngrok.emulator.random"
local rate = require "ngrok.emulator.rate"
local resource = require "ngrok.emulator.resource"

local account = {}
account.__index = account

--- Makes an account that holds nothing.
---@param options table as of `emulator.new`, complete: `ngrok.emulator.options` checks them
---@return table # account with `api_key`, `base_url`
function account.new(options)
  local source = random.new(options.seed)
  local self = setmetatable({
    random = source,
    clock = options.clock or os.time,
    base_url = options.base_url or "https://api.ngrok.com",
    api_key = options.api_key or source:key(),
    owner_id = options.owner_id or "usr_" .. source:identifier(),
    owners = options.owners,
    inactive_owners = options.inactive_owners,
    admin = options.admin,
    plan = options.plan or {},
    rate_limit = options.rate_limit,
    max_simultaneous = options.max_simultaneous,
  }, account)
  self.rights = { [self.api_key] = "write" }
  if options.read_only_key then
    self.rights[options.read_only_key] = "read"
  end
  self:reset()
  return self
end

--- Forgets what it holds, and the requests that count against the rate limit.
function account:reset()
  self.resources = {}
  self.rate = self.rate_limit and rate.new(self.rate_limit.requests, self.rate_limit.window)
end

--- What the account holds of a resource.
---@param name string of a description in `ngrok.api`
---@return table? resource nil where there is no such description
function account:resource(name)
  if self.resources[name] == nil then
    local loaded = description.load(name)
    self.resources[name] = loaded and resource.new(self, loaded) or false
  end
  return self.resources[name] or nil
end

local function find_resource(self, path)
  local name = description.name_of(path)
  return name and self:resource(name)
end

local function deep_copy(value)
  if type(value) ~= "table" then
    return value
  end
  local copied = {}
  for name, member in pairs(value) do
    copied[name] = deep_copy(member)
  end
  return copied
end

local function copy(record, is_new)
  local copied = deep_copy(record)
  copied.token = is_new and record.token or nil
  return copied
end

--- Adds an item without a request, and without the checks of one.
---@param service string
---@param template table fields; for credentials also `special`: "tunnel_token" or "default_authtoken", which
---   cannot be deleted
---@return table # copy of the item, with its token
function account:add(service, template)
  return copy(self:resource(service):add(template), true)
end

--- The credentials that the account holds.
---@return table[] # copies, newest first, without tokens
function account:credentials()
  local copies = {}
  for record in self:resource "credentials".store:newest_first() do
    local copied = copy(record, false)
    copied.acl = copied.acl or {}
    copies[#copies + 1] = copied
  end
  return copies
end

local function is_authtoken(self, text)
  for _, held in pairs(self.resources) do
    if held and held:has_token(text) then
      return true
    end
  end
  return false
end

local function check_limits(self, request)
  if self.max_simultaneous and (request.simultaneous or 1) > self.max_simultaneous then
    return failure.new(225, self.max_simultaneous)
  elseif not self.rate then
    return nil
  end
  local admitted, wait = self.rate:admit(self.clock())
  if not admitted then
    local refusal = failure.new(226, self.rate.requests, self.rate.window)
    refusal.retry_after = self.rate_limit.retry_after and wait or nil
    return refusal
  end
end

local function check_version(version)
  if not version then
    return failure.new(218)
  elseif version ~= "2" then
    return failure.new(217, version)
  end
end

local has_body = { POST = true, PATCH = true, PUT = true }

-- Official clients send a Content-Type and an empty object where no body is needed.
local function check_content_type(request)
  local content_type, body = request.headers["content-type"], request.body
  if has_body[request.method] and not content_type then
    return failure.new(216)
  elseif has_body[request.method] and content_type:match("^[^;%s]*"):lower() ~= "application/json" then
    return failure.new(210, content_type)
  elseif not has_body[request.method] and not (body or ""):find "^%s*{?%s*}?%s*$" then
    return failure.new(211, request.method)
  end
end

-- Checks the key, then the rate, then the request: without a key a caller learns nothing about the rest.
local function respond(self, request)
  local right, refusal = authorization.check(request.headers.authorization, self.rights, function(key)
    return is_authtoken(self, key)
  end)
  refusal = refusal or check_limits(self, request) or check_version(request.headers["ngrok-version"])
  if refusal then
    return nil, refusal
  end
  local asked, operation, parameters = find_resource(self, request.path), nil, nil
  if asked then
    operation, parameters = asked:find_operation(request.method, request.path)
  end
  if not operation then
    return nil, failure.uncoded(404, ("There is nothing to %s at %s"):format(request.method, request.path))
  elseif request.method ~= "GET" and right ~= "write" then
    return nil, failure.new(635)
  end
  refusal = check_content_type(request)
  if refusal then
    return nil, refusal
  end
  return asked:perform(operation, request, parameters)
end

--- Responds to a request.
---@param request table `method`; `path`, without the base URL's; `query` without question mark or nil;
---   `headers` with names in lower case; `body` or nil; `base_url` under which it was asked, where that is
---   another than the account's; `simultaneous`, how many requests are in flight, where the host knows
---@return table response `status`, `headers` (names in lower case), `body`
function account:request(request)
  local operation_id = "op_" .. self.random:identifier()
  local status, rest = respond(self, request)
  if not status then
    return failure.response(rest, operation_id)
  end
  local headers = { ["ngrok-operation-id"] = operation_id }
  if status ~= 204 then
    headers["content-type"] = "application/json"
  end
  return { status = status, headers = headers, body = rest }
end

return account
