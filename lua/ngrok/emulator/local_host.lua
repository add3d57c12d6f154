--- The emulator in this process: an object that is called like a transport.
local exchange = require "ngrok.emulator.exchange"
local fault = require "ngrok.emulator.fault"
local usage_error = require "ngrok.usage_error"
local options = require "ngrok.emulator.options"
local seeding = require "ngrok.emulator.seeding"
local usage = require "ngrok.emulator.usage"

local local_host = {}
local_host.__index = local_host
local_host.__name = "ngrok.emulator"

local request_types = {
  base_url = "string", body = "string", headers = "table", method = "string", path = "string",
  query = "string", simultaneous = "whole number",
}

local function lower_names(headers)
  local lowered = {}
  for name, value in pairs(headers or {}) do
    lowered[name:lower()] = value
  end
  return lowered
end

-- What follows the base URL, which may have a path that the API never sees. A request for another host gets
-- responses that name that host.
local function split_url(url, base_url)
  if url:sub(1, #base_url) == base_url then
    return base_url, url:sub(#base_url + 1)
  end
  local origin, rest = url:match("^(%a[%w+.-]*://[^/?#]*)(.*)$")
  return origin or base_url, rest or url
end

local function request_of(attempt, own_base_url)
  local base_url, rest = split_url(attempt.url, own_base_url)
  local path, query = rest:match("^([^?]*)%??(.*)$")
  return {
    base_url = base_url,
    method = attempt.method,
    path = path == "" and "/" or path,
    query = query ~= "" and query or nil,
    headers = lower_names(attempt.headers),
    body = attempt.body,
  }
end

-- Where a connection would have broken. The phases are those of the client's error object.
local broken = {
  reset_before = { "send", "connection reset by peer" },
  reset_after = { "receive", "connection reset by peer" },
  truncate = { "receive", "connection closed before the whole response came" },
}

local never_answered = { delay = true, hang = true }

--- Performs an attempt, as a transport does.
--- There is no clock to wait on in here, so a fault of kind `delay` or `hang` means that no response
--- ever comes: nothing is returned, and `done` is not called. It is kept, for a client takes a
--- transport that lets go of it for one that gave up.
---@param attempt table `method`, `url`, `headers`, `body`
---@param done function
---@return table? response `status`, `headers` (names in lower case), `body`
---@return string? phase in which the connection broke
---@return string? message
function local_host:__call(attempt, done)
  local response, met = self.exchange:perform(request_of(attempt, self.base_url))
  local kind = met and met.kind
  if never_answered[kind] then
    self.unanswered[#self.unanswered + 1] = done
    return
  elseif broken[kind] then
    return nil, broken[kind][1], broken[kind][2]
  end
  return response
end

--- Responds to a request without any faults and without remembering it: the account itself.
---@param request table see `ngrok.emulator.account`
---@return table response
function local_host:request(request)
  usage.check(request, request_types, "a request")
  for _, name in ipairs { "method", "path", "headers" } do
    usage.check_value(request[name], request_types[name], name, "a request")
  end
  return self.exchange.account:request(request)
end

--- What the account holds.
---@return {table,...} copies, newest first, without tokens
function local_host:credentials()
  return self.exchange.controls.credentials(self.exchange)
end

--- Creates credentials without requests.
---@param count number how many
---@param template? table|function attributes of each, or a function from 1..count to them
---@return {table,...} copies with their tokens, in the order of creation
function local_host:seed(count, template)
  return self.exchange.controls.seed(self.exchange, seeding.templates(count, template))
end

--- The requests that came in, newest last.
---@return {table,...}
function local_host:requests()
  return self.exchange.controls.requests(self.exchange)
end

--- Tells the emulator to misbehave. See `ngrok.emulator.fault`.
---@param description table
---@return table the emulator itself
function local_host:misbehave(description)
  self.exchange.controls.misbehave(self.exchange, fault.describe(description))
  return self
end

--- Forgets credentials, faults and requests.
function local_host:reset()
  self.exchange.controls.reset(self.exchange)
  self.unanswered = {}
end

usage_error.guard(local_host)

--- Makes an emulator. See `ngrok.emulator.new`.
---@param given? table options
---@return table emulator
function local_host.new(given)
  local inside = exchange.new(options.of_process(given))
  local self = {
    api_key = inside.account.api_key, base_url = inside.account.base_url,
    rate_limit = inside.account.rate_limit or false,
    exchange = inside, unanswered = {},
  }
  return setmetatable(self, local_host)
end

return local_host
