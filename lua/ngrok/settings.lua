--- From a client's options to complete, checked settings.
local adapter = require "ngrok.loop.adapter"
local core = require "ngrok.core"
local error_object = require "ngrok.error"
local usage_error = require "ngrok.usage_error"
local part = require "ngrok.part"
local shared_window = require "ngrok.shared_window"
local version = require "ngrok.version"

local settings = {}

-- Seconds, bytes and counts as the README promises them.
local defaults = {
  base_url = "https://api.ngrok.com",
  timeout = 30,
  connect_timeout = 10,
  max_wait = 90,
  max_retries = 3,
  max_in_flight = 16,
  max_response_bytes = 16 * 1024 * 1024,
}

-- The account's: requests in any window of so many seconds.
local default_rate_limit = { requests = 120, window = 60 }

-- What not every transport can do.
local honoured_by = {
  { name = "connect_timeout", curl = true, resty = true, transports = "curl and resty transports" },
  { name = "ca_file", curl = true, transports = "curl transport" },
  { name = "proxy", curl = true, transports = "curl transport" },
}

-- ngrok-api-<language>/<version>/<runtime>, as the official clients have it.
local function default_user_agent()
  local runtime = rawget(_G, "jit") and "luajit" .. jit.version:match("%d+%.%d+") -- luacheck: globals jit
    or "lua" .. _VERSION:match("%d+%.%d+")
  return ("ngrok-api-lua/%s/%s"):format(version, runtime)
end

local function missing_key()
  local message = "no API key: pass api_key or set NGROK_API_KEY in the environment"
  if rawget(_G, "ngx") then
    message = message .. " (nginx hands it on only with the directive `env NGROK_API_KEY;`)"
  end
  return message
end

-- Never says the key, not even a part of it.
local function check_key(key)
  if key == nil then
    return missing_key()
  elseif key == "" then
    return "api_key is empty"
  elseif core.has_control(key) then
    return "api_key contains a control character (a line end, perhaps)"
  elseif key:find("[^\33-\126]") then
    return "api_key contains a space or a character outside ASCII"
  end
end

local function check_base_url(given, allow_http)
  local base, problem = core.base_url(given)
  if not base then
    return nil, "base_url " .. problem
  elseif not base.https and not base.loopback and not allow_http then
    return nil, "base_url must start with https://: over http:// anybody on the way can read the key "
      .. "(loopback hosts are fine; allow_http = true allows any)"
  elseif base.url:find("^%a+://.*[^/]/credentials$") then
    return nil, "base_url must not end in /credentials: every operation appends its own path"
  end
  return base
end

local function check_header_texts(given)
  for _, name in ipairs { "user_agent", "proxy", "ca_file" } do
    local value = given[name]
    if value == "" then
      return name .. " is empty"
    elseif value and core.has_control(value) then
      return name .. " contains a control character"
    end
  end
end

local proxy_schemes = {
  http = true, https = true, socks4 = true, socks4a = true, socks5 = true, socks5h = true,
}

-- Says nothing of what stands there: of a proxy that is badly written any part may be its password.
local function check_proxy(given)
  if given == nil then
    return nil
  end
  local scheme, address = given:match("^(.-)://(.*)$")
  if scheme and not proxy_schemes[scheme:lower()] then
    return "proxy must start with http://, https://, socks4://, socks4a://, socks5://, socks5h:// or its host"
  end
  local authority, rest = (address or given):match("^([^/?#]*)(.*)$")
  if rest:find("@", 1, true) then
    return "proxy has a /, ? or # in front of an @: in a user name or password they are written %2F, %3F, %23"
  elseif authority:find("@.*@") then
    return "proxy has more than one @: in a user name or password it is written %40"
  elseif authority:find(" .*@") then
    return "proxy has a space in front of an @: in a user name or password it is written %20"
  end
  if rest:find(" ", 1, true) then
    return "proxy has a space behind its host"
  end
  local _, problem = core.base_url("http://" .. authority:match("[^@]*$"))
  return problem and "proxy " .. problem
end

-- What resty needs is the loop of nginx, or one of the program's own.
local function suits_resty(given)
  return given.loop == nil or given.loop == "auto" or given.loop == "nginx" or type(given.loop) == "table"
end

local function wants_curl(given)
  for _, option in ipairs(honoured_by) do
    if given[option.name] ~= nil and not option.resty then
      return true
    end
  end
  return not suits_resty(given)
end

-- Why attempts cannot be performed by nginx's sockets in this process.
local function problem_of_resty()
  local ngx = rawget(_G, "ngx")
  if type(ngx) ~= "table" or not (ngx.timer and ngx.socket) then
    return "transport \"resty\" works in nginx and OpenResty only"
  end
  local resty, problem = part.load "ngrok.transport.resty"
  return problem or resty.problem()
end

-- "curl", "resty", or what the program gave.
local function transport_of(given)
  if given.transport ~= nil and given.transport ~= "auto" then
    return given.transport
  end
  return (wants_curl(given) or problem_of_resty()) and "curl" or "resty"
end

local function check_honoured(given, transport)
  for _, option in ipairs(honoured_by) do
    if given[option.name] ~= nil and not option[transport] then
      usage_error.raise(("option '%s' is honoured by the %s only"):format(option.name, option.transports))
    end
  end
  if transport == "resty" and not suits_resty(given) then
    usage_error.raise(("option 'loop' must be \"nginx\" or \"auto\" for the resty transport, got %q")
      :format(given.loop))
  end
end

-- Nil where libcurl performs the attempts.
local function performer_of(transport, limits)
  if transport == "resty" then
    return require("ngrok.transport.resty").new(limits)
  end
  return transport ~= "curl" and transport or nil
end

-- An emulator in this process brings its key along; what has no fields brings none.
local function key_of(given)
  if given.api_key ~= nil then
    return given.api_key
  elseif type(given.transport) == "table" then
    return given.transport.api_key
  end
  return os.getenv("NGROK_API_KEY")
end

local function option(given, name)
  if given[name] == nil then
    return defaults[name]
  end
  return given[name]
end

-- An emulator in this process has the limit that it was given, most often none: tests need not wait.
local function rate_limit_of(given)
  local chosen = given.rate_limit
  if chosen == nil and type(given.transport) == "table" then
    chosen = given.transport.rate_limit
  elseif chosen == nil then
    chosen = default_rate_limit
  end
  return {
    requests = chosen and (chosen.requests or default_rate_limit.requests) or 0,
    window = chosen and chosen.window or default_rate_limit.window,
    shared_dict = chosen and chosen.shared_dict or nil,
  }
end

-- Each request that waits looks through all places of a shared window.
local most_shared_requests = 1000

local function check_shared_limit(limit)
  if not limit.shared_dict then
    return nil
  elseif limit.requests > most_shared_requests then
    return ("rate_limit.requests is %d, but with a shared_dict it may be %d at most"):format(limit.requests,
      most_shared_requests)
  end
  return shared_window.problem(limit.shared_dict, limit.requests)
end

-- Loaded only here: each asks for what its host alone has. Nil, and why, where it cannot be loaded now.
local function loop_of(given)
  if type(given.loop) == "table" then
    return adapter.new(given.loop)
  end
  local loop, problem = part.load("ngrok.loop." .. (given.loop or "auto"))
  if loop and loop.load then
    problem = loop.load()
  end
  return loop, problem
end

---@param given table options whose names and types are right
---@return table? settings: every option with its value, `https` and `direct`
---@return ngrok.Error?
--- Raises: where the transport cannot honour an option
function settings.resolve(given)
  local transport = transport_of(given)
  check_honoured(given, transport)
  local key = key_of(given)
  local base, problem = check_base_url(option(given, "base_url"), given.allow_http)
  local limit = rate_limit_of(given)
  problem = check_key(key) or problem or check_header_texts(given) or check_proxy(given.proxy)
    or check_shared_limit(limit)
  if transport == "resty" then
    problem = problem or problem_of_resty()
  end
  local loop
  if not problem then
    loop, problem = loop_of(given)
  end
  if problem then
    return nil, error_object.invalid("ngrok.client", problem)
  end
  return {
    api_key = key,
    base_url = base.url,
    https = base.https,
    -- A proxy of the environment is not used for this machine, nor for http://, where it would read the
    -- key. One in `proxy` is.
    direct = base.loopback or not base.https,
    timeout = option(given, "timeout"),
    connect_timeout = option(given, "connect_timeout"),
    max_wait = option(given, "max_wait"),
    max_retries = option(given, "max_retries"),
    limit_requests = limit.requests,
    limit_window = limit.window,
    shared_dict = limit.shared_dict,
    max_in_flight = option(given, "max_in_flight"),
    max_response_bytes = option(given, "max_response_bytes"),
    user_agent = given.user_agent or default_user_agent(),
    ca_file = given.ca_file,
    proxy = given.proxy,
    transport = performer_of(transport, {
      connect_timeout = option(given, "connect_timeout"), max_in_flight = option(given, "max_in_flight"),
      max_response_bytes = option(given, "max_response_bytes"),
    }),
    cannot_send = transport == "resty" and require("ngrok.transport.resty").refusal or nil,
    loop = loop,
    on_error = given.on_error,
    on_event = given.on_event,
  }
end

return settings
