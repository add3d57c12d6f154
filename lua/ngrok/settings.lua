--- From a client's options to complete settings. What comes from outside a program is checked here, and what
-- is wrong with it is returned.
local adapter = require "ngrok.loop.adapter"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local option_table = require "ngrok.option_table"
local options = require "ngrok.options"
local part = require "ngrok.part"
local transport = require "ngrok.transport"
local version = require "ngrok.version"

local settings = {}

-- ngrok-api-<language>/<version>/<runtime>, like the official clients.
local function default_user_agent()
  local runtime = rawget(_G, "jit") and "luajit" .. jit.version:match("%d+%.%d+") -- luacheck: globals jit
    or "lua" .. _VERSION:match("%d+%.%d+")
  return ("ngrok-api-lua/%s/%s"):format(version, runtime)
end

-- The key, and its name. An emulator in this process brings its key along. A function has no fields.
local function key_of(given)
  if given.api_key ~= nil then
    return given.api_key, "api_key"
  elseif type(given.transport) == "table" then
    return given.transport.api_key, "api_key"
  end
  return os.getenv "NGROK_API_KEY", "NGROK_API_KEY"
end

local function missing_key()
  local message = "no API key: pass api_key or set NGROK_API_KEY in the environment"
  if rawget(_G, "ngx") then
    message = message .. " (nginx passes it on only with the directive `env NGROK_API_KEY;`)"
  end
  return message
end

-- Never quotes the key, not even a part of it.
local function check_key(key, name)
  if key == nil then
    return missing_key()
  elseif key == "" then
    return name .. " is empty"
  elseif core.has_control(key) then
    return name .. " contains a control character (such as a line end)"
  elseif key:find "[^\33-\126]" then
    return name .. " contains a space or a character outside ASCII"
  end
end

-- An emulator in this process is at no URL, and one of the environment may have a path.
local function base_url_of(given)
  local from_environment = type(given.transport) ~= "table" and os.getenv "NGROK_BASE_URL" or nil
  if given.base_url == nil and from_environment then
    return from_environment, "NGROK_BASE_URL"
  end
  return options.complete("client", given).base_url, "base_url"
end

local function check_base_url(given)
  local url, name = base_url_of(given)
  local base, problem = core.base_url(url)
  if not base then
    return nil, name .. " " .. problem
  elseif not base.https and not base.loopback and not given.allow_http then
    return nil, name .. " must start with https://: http:// would send the key unencrypted "
      .. "(allowed for loopback hosts, and for any host with allow_http = true)"
  elseif base.url:find "^%a+://.*[^/]/credentials$" then
    return nil, name .. " must not end in /credentials: every operation appends its own path"
  end
  return base
end

local function check_headers(given)
  for _, one in ipairs(option_table.client) do
    local value = one.header and given[one.name]
    if value == "" then
      return one.name .. " is empty"
    elseif value and core.has_control(value) then
      return one.name .. " contains a control character"
    end
  end
end

local proxy_schemes = {
  http = true, https = true, socks4 = true, socks4a = true, socks5 = true, socks5h = true,
}

-- Repeats nothing of the proxy: where it is badly written, any part of it may be its password.
local function check_proxy(given)
  local scheme, address = given:match "^(.-)://(.*)$"
  if scheme and not proxy_schemes[scheme:lower()] then
    return "proxy must start with http://, https://, socks4://, socks4a://, socks5://, socks5h:// or its host"
  end
  local authority, rest = (address or given):match "^([^/?#]*)(.*)$"
  if rest:find("@", 1, true) then
    return "proxy has a /, ? or # in front of an @: write %2F, %3F or %23 in a user name or password"
  elseif authority:find "@.*@" then
    return "proxy has more than one @: write %40 in a user name or password"
  elseif authority:find " .*@" then
    return "proxy has a space in front of an @: write %20 in a user name or password"
  elseif rest:find(" ", 1, true) then
    return "proxy has a space after its host"
  end
  local _, problem = core.base_url("http://" .. authority:match "[^@]*$")
  return problem and "proxy " .. problem
end

-- An emulator in this process has the limit that it was given, most often none: tests need not wait.
local function rate_limit_of(given)
  local chosen = given.rate_limit
  if chosen == nil and type(given.transport) == "table" then
    chosen = given.transport.rate_limit or false
  end
  local limit = options.complete("rate_limit", chosen or {})
  if chosen == false then
    limit.requests = 0
  end
  return limit
end

-- Each request that waits looks through all places of a shared dict.
local most_shared_requests = 1000

local function check_shared_limit(limit)
  if not limit.shared_dict then
    return nil
  elseif limit.requests > most_shared_requests then
    return ("rate_limit.requests is %d, but with a shared_dict it may be %d at most"):format(limit.requests,
      most_shared_requests)
  end
  return require("ngrok.limiter.shared_dict").problem(limit.shared_dict, limit.requests)
end

-- Loaded only when a client is made, because each loop requires what only its host has.
local function loop_of(name)
  if type(name) == "table" then
    return adapter.new(name)
  end
  local loop, problem = part.load("ngrok.loop." .. name)
  if loop and loop.load then
    problem = loop.load()
  end
  return loop, problem
end

--- Completes a client's options.
---@param given ngrok.ClientOptions whose names and types are right
---@return table? settings every option with its value; `https`, `direct`, `limit_requests`, `limit_window`,
---   `shared_dict`
---@return ngrok.Error?
--- Raises: names an option that the transport cannot honour
function settings.resolve(given)
  local resolved, limit = options.complete("client", given), rate_limit_of(given)
  local key, key_name = key_of(given)
  resolved.api_key, resolved.transport = key, transport.choose(given)
  local base, problem = check_base_url(given)
  problem = check_key(key, key_name) or problem or check_headers(given)
    or given.proxy and check_proxy(given.proxy) or check_shared_limit(limit)
    or transport.problem(resolved.transport)
  if not problem then
    resolved.loop, problem = loop_of(resolved.loop)
  end
  if problem then
    return nil, error_object.invalid("ngrok.client", problem)
  end
  resolved.base_url, resolved.https = base.url, base.https
  -- A proxy of the environment is not used for this machine, nor for http://, where it would read the key.
  -- One in `proxy` is.
  resolved.direct = base.loopback or not base.https
  resolved.limit_requests, resolved.limit_window = limit.requests, limit.window
  resolved.shared_dict = limit.shared_dict
  resolved.on_event = given.on_event
  if os.getenv "NGROK_DEBUG" == "1" then
    resolved.on_event = require("ngrok.logger").and_debug(given.on_event)
  end
  resolved.user_agent = given.user_agent or default_user_agent()
  return resolved
end

return settings
