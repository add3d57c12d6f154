--- The emulator in this process: an object that is called like a transport.
local exchange = require "ngrok.emulator.exchange"
local methods = require "ngrok.emulator.methods"
local options = require "ngrok.emulator.options"
local usage = require "ngrok.emulator.usage"
local usage_error = require "ngrok.usage_error"

local local_host = {}
local_host.__index = local_host
local_host.__name = "ngrok.emulator"

local request_types = {
  base_url = "string", body = "string", headers = "table", method = "string", path = "string",
  query = "string", simultaneous = "whole number",
}

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
  local headers = {}
  for name, value in pairs(attempt.headers or {}) do
    headers[name:lower()] = value
  end
  return {
    base_url = base_url,
    method = attempt.method,
    path = path == "" and "/" or path,
    query = query ~= "" and query or nil,
    headers = headers,
    body = attempt.body,
  }
end

-- Where a connection would have broken: the phase of the client's error, and its message.
local broken = {
  reset_before = { "send", "connection reset by peer" },
  reset_after = { "receive", "connection reset by peer" },
  truncate = { "receive", "connection closed before the whole response came" },
}

local without_response = { delay = true, hang = true }

--- Performs an attempt, as a transport does. There is no clock to wait on, so with a fault of kind `delay` or
--- `hang` no response ever comes: nothing is returned, and `done` is not called.
---@param attempt table `method`, `url`, `headers`, `body`
---@param done function
---@return table? response `status`, `headers` (names in lower case), `body`
---@return string? # phase in which the connection broke
---@return string? message
function local_host:__call(attempt, done)
  local response, met = self.exchange:perform(request_of(attempt, self.base_url))
  local kind = met and met.kind
  if without_response[kind] then
    self.held[#self.held + 1] = done -- a client takes a transport that drops it for one that gave up
    return
  elseif broken[kind] then
    return nil, broken[kind][1], broken[kind][2]
  end
  return response
end

--- Responds to a request without any faults and without remembering it.
---@param request table see `ngrok.emulator.account`
---@return table response
--- Raises: a message that names what is wrong in the request
function local_host:request(request)
  usage.check(request, request_types, "a request")
  for _, name in ipairs { "method", "path", "headers" } do
    usage.check_value(request[name], request_types[name], name, "a request")
  end
  return self.exchange.account:request(request)
end

methods.add(local_host, function(self, control, argument)
  if control == "reset" then
    self.held = {}
  end
  return self.exchange.controls[control](self.exchange, argument)
end)

usage_error.guard(local_host)

--- Makes an emulator. See `ngrok.emulator.new`.
---@param given? table options
---@return table emulator
function local_host.new(given)
  local inside = exchange.new(options.of_process(given))
  return setmetatable({
    api_key = inside.account.api_key, base_url = inside.account.base_url,
    rate_limit = inside.account.rate_limit or false,
    exchange = inside, held = {},
  }, local_host)
end

return local_host
