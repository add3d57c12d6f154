--- The ngrok API client for Lua: tunnel credentials, from a script, nginx or a loop of your own.
local client = require "ngrok.client"
local core = require "ngrok.core"
local each = require "ngrok.each"
local error_object = require "ngrok.error"
local filter = require "ngrok.filter"
local logger = require "ngrok.logger"
local proxy = require "ngrok.proxy"
local options = require "ngrok.options"
local services = require "ngrok.services"
local settings = require "ngrok.settings"
local transport = require "ngrok.transport"

---@class ngrok
---@field _VERSION string
local ngrok = {
  _VERSION = require "ngrok.version",
}

--- Makes a client. Nothing is sent and nothing connects before the first operation.
---@param given? ngrok.ClientOptions
---@return ngrok.Client?
---@return ngrok.Error?
--- Raises: names an option that is unknown, of the wrong type, or that the transport cannot honour
function ngrok.client(given)
  local resolved, err = settings.resolve(options.client(given))
  if not resolved then
    return nil, err
  end
  local performer, problem, refusal = transport.make(resolved)
  if not performer then
    return nil, error_object.invalid("ngrok.client", problem)
  end
  local made = client.new(resolved, performer, refusal)
  made.services = services.new(made)
  return proxy.of(made)
end

--- Like `assert`, but raises the error's text at the caller's line. For nginx, whose log says no more of an
--- error object than "unknown reason" or "unknown error".
---@generic T
---@param value T?
---@param ... any the error first, where there is no value
---@return T
---@return any ...
--- Raises: text
function ngrok.check(value, ...)
  if not value then
    local err = ...
    error(err == nil and "ngrok.check: got neither a value nor an error" or tostring(err), 2)
  end
  return value, ...
end

ngrok.each = each
ngrok.is_error = error_object.is_error
ngrok.logger = logger.new
ngrok.quote = filter.quote

--- As an attribute's value: clears the field. The same value as cjson's null.
---@type lightuserdata
ngrok.null = core.null

return ngrok
