--- The ngrok API client for Lua: tunnel credentials, from a script, nginx or a loop of your own.
local client = require "ngrok.client"
local error_object = require "ngrok.error"
local face = require "ngrok.face"
local options = require "ngrok.options"
local resource = require "ngrok.resource"
local settings = require "ngrok.settings"
local transport = require "ngrok.transport"

local ngrok = {
  _VERSION = require "ngrok.version",
}

local credentials_of = resource.define(require "ngrok.credentials")

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
  made.services.credentials = credentials_of(made)
  return face.of(made)
end

--- As `assert`, for hosts that show only text: raises the error's text, with the caller's line before it.
--- nginx logs "unknown reason" or "unknown error" for an error object.
---@param value any
---@param ... any the error, and whatever else
---@return any value and what follows, where value is neither nil nor false
--- Raises: text
function ngrok.check(value, ...)
  if not value then
    local err = ...
    error(err == nil and "ngrok.check: no value, and no error that says why" or tostring(err), 2)
  end
  return value, ...
end

ngrok.is_error = error_object.is_error

return ngrok
