--- An ngrok account in memory: a function from request to response.
-- It knows no network, no server and no clock but the one it is given.
local attributes = require "ngrok.emulator.attributes"
local authorization = require "ngrok.emulator.authorization"
local credential = require "ngrok.emulator.credential"
local failure = require "ngrok.emulator.failure"
local json = require "ngrok.emulator.json"
local listing = require "ngrok.emulator.listing"
local ownership = require "ngrok.emulator.ownership"
local plan = require "ngrok.emulator.plan"
local random = require "ngrok.emulator.random"
local rate = require "ngrok.emulator.rate"
local store = require "ngrok.emulator.store"

local account = {}
account.__index = account

local function rights_of(api_key, read_only_key)
  local rights = { [api_key] = "write" }
  if read_only_key then
    rights[read_only_key] = "read"
  end
  return rights
end

--- Makes an account without credentials.
---@param options table
---   `api_key` its key, default a random one; `read_only_key` one more that may not write;
---   `base_url` what its URIs begin with; `owner_id` who owns what names no owner;
---   `owners`, `inactive_owners`, `admin` and `plan` as of `ownership.new`, `plan` as of
---   `plan.check_rules`, too;
---   `rate_limit` table of `requests`, `window` in seconds and `retry_after`, default none;
---   `max_simultaneous` requests at once, default no limit;
---   `clock` function that returns seconds since 1970; `seed` number for repeatable ids
---@return table account with `api_key`, `base_url`
function account.new(options)
  local source = random.new(options.seed)
  local self = setmetatable({
    random = source,
    clock = options.clock or os.time,
    base_url = options.base_url or "https://api.ngrok.com",
    api_key = options.api_key or source:identifier() .. "_" .. source:secret(),
    owner_id = options.owner_id or "usr_" .. source:identifier(),
    plan = options.plan,
    rate_limit = options.rate_limit,
    max_simultaneous = options.max_simultaneous,
  }, account)
  self.ownership = ownership.new(self.owner_id, options)
  self.rights = rights_of(self.api_key, options.read_only_key)
  self:reset()
  return self
end

--- Forgets all credentials and the requests that count against the rate limit.
function account:reset()
  self.store = store.new()
  self.rate = self.rate_limit and rate.new(self.rate_limit.requests, self.rate_limit.window)
end

--- Adds a credential without a request, and without the checks of one.
---@param template table description, metadata, acl, owner_id; also `created_at`, and
---   `special`: "tunnel_token" or "default_authtoken", which cannot be deleted
---@return table copy of the credential, with its token
function account:add(template)
  local record = credential.new(template, self.random, self.clock())
  record.owner_id = record.owner_id or self.owner_id
  record.created_at = template.created_at or record.created_at
  record.special = template.special
  self.store:add(record)
  return credential.copy(record, true)
end

--- What the account holds.
---@return {table,...} copies, newest first, without tokens
function account:credentials()
  local copies = {}
  for record in self.store:newest_first() do
    copies[#copies + 1] = credential.copy(record, false)
  end
  return copies
end

local function list_uri(self, request)
  return (request.base_url or self.base_url) .. "/credentials"
end

function account:find(id)
  if not id:find("^cr_%w+$") then
    return nil, failure.new(223, id)
  end
  local record = self.store:find(id)
  if not record then
    return nil, failure.new(404, id)
  end
  return record
end

local operations = {}

function operations.create(self, request)
  local values, refusal = attributes.of_create(request.body)
  if not values then
    return nil, refusal
  end
  refusal = plan.check_rules(self.plan, values.acl)
  if refusal then
    return nil, refusal
  end
  values.owner_id, refusal = self.ownership:resolve(values.owner_id)
  if refusal then
    return nil, refusal
  end
  local record = credential.new(values, self.random, self.clock())
  self.store:add(record)
  return 201, credential.write(record, list_uri(self, request), true)
end

function operations.list(self, request)
  local page, rest = listing.page(self.store, request.query, self.clock())
  if not page then
    return nil, rest
  end
  local items = {}
  for index, record in ipairs(page) do
    items[index] = credential.write(record, list_uri(self, request), false)
  end
  return 200, json.object {
    { "credentials", json.array(items) },
    { "uri", json.string(list_uri(self, request)) },
    { "next_page_uri", json.string_or_null(rest and list_uri(self, request) .. "?" .. rest) },
  }
end

function operations.get(self, request, id)
  local record, refusal = self:find(id)
  if not record then
    return nil, refusal
  end
  return 200, credential.write(record, list_uri(self, request), false)
end

function operations.update(self, request, id)
  local record, refusal = self:find(id)
  if not record then
    return nil, refusal
  end
  local values
  values, refusal = attributes.of_update(request.body)
  refusal = refusal or plan.check_rules(self.plan, values.acl)
  if refusal then
    return nil, refusal
  end
  credential.update(record, values)
  return 200, credential.write(record, list_uri(self, request), false)
end

local undeletable = { tunnel_token = 601, default_authtoken = 637 }

function operations.delete(self, _, id)
  local record, refusal = self:find(id)
  if not record then
    return nil, refusal
  elseif record.special then
    return nil, failure.new(undeletable[record.special], id)
  end
  self.store:remove(id)
  return 204, ""
end

local routes = {
  ["POST list"] = { perform = operations.create, writes = true, body = true },
  ["GET list"] = { perform = operations.list },
  ["GET item"] = { perform = operations.get },
  ["PATCH item"] = { perform = operations.update, writes = true, body = true },
  ["DELETE item"] = { perform = operations.delete, writes = true },
}

local function find_route(request)
  if request.path == "/credentials" then
    return routes[request.method .. " list"]
  end
  local id = request.path:match("^/credentials/([^/]+)$")
  return id and routes[request.method .. " item"], id
end

local function check_content_type(route, request)
  local content_type, body = request.headers["content-type"], request.body
  if route.body and not content_type then
    return failure.new(216)
  elseif route.body and content_type:match("^[^;%s]*"):lower() ~= "application/json" then
    return failure.new(210, content_type)
  elseif not route.body and body and not body:find("^%s*$") and not body:find("^%s*{%s*}%s*$") then
    return failure.new(211, request.method)
  end
end

function account:check_limits(request)
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

-- Who asks comes first, then how often, then what: a stranger learns nothing about the rest.
function account:respond(request)
  local right, refusal = authorization.check(request.headers.authorization, self.rights, function(key)
    return self.store:has_token(key)
  end)
  refusal = refusal or self:check_limits(request) or check_version(request.headers["ngrok-version"])
  if refusal then
    return nil, refusal
  end
  local route, id = find_route(request)
  if not route then
    return nil, failure.no_route(request.method, request.path)
  elseif route.writes and right ~= "write" then
    return nil, failure.new(635)
  end
  refusal = check_content_type(route, request)
  if refusal then
    return nil, refusal
  end
  return route.perform(self, request, id)
end

--- Responds to a request.
---@param request table `method`; `path`, without the base URL's; `query` without question mark or nil;
---   `headers` with names in lower case; `body` or nil; `base_url` under which it was asked, where that is
---   another than the account's; `simultaneous` requests being answered at this moment, itself included, when
---   the host knows
---@return table response with `status`, `headers` (names in lower case), `body`
function account:request(request)
  local operation_id = "op_" .. self.random:identifier()
  local status, rest = self:respond(request)
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
