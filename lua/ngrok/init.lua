--- The ngrok API client for Lua: tunnel credentials, from a script, nginx or a loop of your own.
local client = require "ngrok.client"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local face = require "ngrok.face"
local options = require "ngrok.options"
local part = require "ngrok.part"
local resource = require "ngrok.resource"
local settings = require "ngrok.settings"

local ngrok = {
  _VERSION = require "ngrok.version",
}

local credentials_of = resource.define(require "ngrok.credentials")

-- Loaded only here: where Lua performs the attempts, no libcurl enters the process.
local function curl_transport(of)
  local curl, unloaded = part.load "ngrok.curl"
  if not curl then
    return nil, error_object.invalid("ngrok.client", unloaded)
  end
  local transport, problem, starved = curl.new(of)
  if starved then
    pcall(collectgarbage) -- clients that nobody has closed hold descriptors; finalizers may raise
    if not transport then
      transport, problem = curl.new(of)
    end
  end
  if not transport then
    return nil, error_object.invalid("ngrok.client", core.redact(of.api_key, problem))
  end
  return transport
end

--- Makes a client. Nothing is sent and nothing connects before the first operation.
---@param given? table options:
---   `api_key` string (default: the environment's NGROK_API_KEY);
---   `base_url` string (default https://api.ngrok.com; may have a path);
---   `timeout` seconds for an operation once the limits admit it (30);
---   `connect_timeout` seconds (10);
---   `max_wait` seconds that an operation may wait for the limits before that (90);
---   `max_retries` of an operation (3; 0 for none);
---   `rate_limit` table of `requests` (120) in any `window` seconds (60), which all clients with this key in
---   the process share, and in nginx those in all workers that name the same `shared_dict`; or false;
---   `max_in_flight` requests at once (16);
---   `max_response_bytes` after decompression (16 MiB);
---   `user_agent`, `ca_file`, `proxy` strings;
---   `allow_http` boolean: plain http to any host (false);
---   `transport` "auto", "curl", "resty", a function or an emulator ("auto");
---   `loop` "auto", "block", "nginx", "uv", "cqueues", "tick", or an adapter, see docs/loops.md ("auto");
---   `on_error` function for errors that callbacks raise (default: the loop's own way of telling);
---   `on_event` function that is told what happens to requests, see ngrok.trace
---@return table? client
---@return ngrok.Error?
--- Raises: names an option that is unknown or of the wrong type
function ngrok.client(given)
  local resolved, err = settings.resolve(options.client(given))
  if not resolved then
    return nil, err
  end
  local transport
  if not resolved.transport then
    transport, err = curl_transport {
      base = resolved.base_url, api_key = resolved.api_key, user_agent = resolved.user_agent,
      ca_file = resolved.ca_file, proxy = resolved.proxy, https = resolved.https, direct = resolved.direct,
      connect_timeout = resolved.connect_timeout, max_response_bytes = resolved.max_response_bytes,
      max_in_flight = resolved.max_in_flight,
    }
    if not transport then
      return nil, err
    end
  end
  local made = client.new(resolved, transport)
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
