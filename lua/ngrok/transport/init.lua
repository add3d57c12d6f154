--- Chooses and makes what performs a client's attempts: libcurl, nginx's sockets, or what the program brings.
local core = require "ngrok.core"
local option_table = require "ngrok.option_table"
local part = require "ngrok.part"
local usage_error = require "ngrok.usage_error"

--- What a program's transport returns.
---@class ngrok.Response
---@field status integer
---@field headers? table<string, string|string[]> an array where one came several times
---@field body? string

--- What such a transport gets.
---@class ngrok.Attempt
---@field method string
---@field url string
---@field headers table<string, string>
---@field body? string
---@field timeout number seconds left
---@field patience number seconds to wait for the first byte on a connection that was kept
---@field call_timeout number seconds that the call has for all attempts, for messages
---@field number integer 1 for the first try
---@field cancelled? true once no call waits for the response any more
---@field on_cancel? fun() set by the transport; called once when that is so

--- What went wrong, more closely: "permanent" where another attempt would not help.
---@alias ngrok.Manner "timeout"|"permanent"

--- Takes a response; or nil, the phase that failed, a message, and perhaps a manner.
---@alias ngrok.Done fun(response: ngrok.Response?, phase: ngrok.Phase?, text: string?, manner: ngrok.Manner?)

--- Returns what it would call `done` with, or returns nothing and calls `done` later.
---@alias ngrok.Transport fun(attempt: ngrok.Attempt, done: ngrok.Done): ngrok.Response?, ...

local transport = {}

-- resty needs the loop of nginx, or one that the program provides.
local function suits_resty(loop)
  return loop == nil or loop == "auto" or loop == "nginx" or type(loop) == "table"
end

local function honours(one, name)
  for _, known in ipairs(one.transports or { name }) do
    if known == name then
      return true
    end
  end
  return false
end

-- The first of the given options that a transport cannot honour.
local function unhonoured(given, name)
  for _, one in ipairs(option_table.client) do
    if given[one.name] ~= nil and not honours(one, name) then
      return one
    end
  end
end

local function problem_of_resty()
  local ngx = rawget(_G, "ngx")
  if type(ngx) ~= "table" or not (ngx.timer and ngx.socket) then
    return "transport \"resty\" works in nginx and OpenResty only"
  end
  local resty, problem = part.load "ngrok.transport.resty"
  return problem or resty.problem()
end

local function automatic(given)
  local needs_curl = unhonoured(given, "resty") or not suits_resty(given.loop)
  return (needs_curl or problem_of_resty()) and "curl" or "resty"
end

--- Chooses a transport.
---@param given ngrok.ClientOptions
---@return any transport "curl", "resty", or what the program gave
--- Raises: names an option that the transport cannot honour
function transport.choose(given)
  local asked = given.transport
  local chosen = (asked == nil or asked == "auto") and automatic(given) or asked
  local one = unhonoured(given, chosen)
  if one then
    usage_error.raise(("option '%s' works with the %s transport%s only"):format(one.name,
      table.concat(one.transports, " and "), one.transports[2] and "s" or ""))
  elseif chosen == "resty" and not suits_resty(given.loop) then
    usage_error.raise(("option 'loop' must be \"nginx\" or \"auto\" with the resty transport, got %q")
      :format(given.loop))
  end
  return chosen
end

--- Why a transport cannot work in this process.
---@param chosen any
---@return string?
function transport.problem(chosen)
  return chosen == "resty" and problem_of_resty() or nil
end

-- Loaded only here: where Lua performs the attempts, no libcurl enters the process.
local function make_curl(settings)
  local curl, unloaded = part.load "ngrok.curl"
  if not curl then
    return nil, unloaded
  end
  local made, problem, starved = curl.new(settings)
  if starved then
    pcall(collectgarbage) -- clients that were never closed hold descriptors; finalizers may raise
    if not made then
      made, problem = curl.new(settings)
    end
  end
  return made, not made and core.redact(settings.api_key, problem) or nil
end

--- Makes the transport that was chosen.
---@param settings table complete, with `transport` as chosen
---@return any performer userdata of the core's for "curl", else a function or an emulator; nil where there is
---   a problem
---@return string? problem
---@return function? refusal says why nothing can be sent where it is called
function transport.make(settings)
  if settings.transport == "curl" then
    return make_curl(settings)
  elseif settings.transport == "resty" then
    local resty = require "ngrok.transport.resty"
    return resty.new(settings), nil, resty.refusal
  end
  return settings.transport
end

return transport
