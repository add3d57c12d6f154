--- The ngrok API client for Lua: tunnel credentials, from a script, nginx or a loop of your own.
local client = require "ngrok.client"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local part = require "ngrok.part"
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

-- Loads a part that not every program needs.
local function load_part(name)
  local loaded, problem = part.load(name)
  return loaded or error(problem, 3)
end

--- Runs `fn(item, index)` on each item, several at a time, and returns when all have ended. Each runs in a
--- coroutine of the host, so calls in it wait as everywhere. On PUC Lua 5.1 one item runs after the other.
---@generic T
---@param items T[]|ngrok.Listing|fun(): T? an iterator function returns nil at the end
---@param given? ngrok.EachOptions
---@param fn fun(item: T, index: integer): any, any
---@return ngrok.Failure[] # in the items' order; empty where nothing failed: `fn` raised, or returned nil or
---  false and an error
--- Raises: names an argument of a wrong type
function ngrok.each(items, given, fn)
  return load_part "ngrok.each"(items, given, fn)
end

--- A hook that writes events as lines, for `on_event`.
---@param write? fun(line: string) gets a line with its end; default: stderr
---@return fun(event: ngrok.Event)
--- Raises: when `write` is not callable
function ngrok.logger(write)
  return load_part("ngrok.logger").new(write)
end

--- Writes a string as a filter has it, so that nothing in it can change the filter.
---@param text string
---@return string? literal with its quotation marks
---@return ngrok.Error? # where the text is not valid UTF-8
--- Raises: where it is not a string
function ngrok.quote(text)
  return load_part("ngrok.filter").quote(text)
end

ngrok.is_error = error_object.is_error

--- As an attribute's value: clears the field. The same value as cjson's null.
---@type lightuserdata
ngrok.null = core.null

return ngrok
