--- What can lie between a client and an emulator in nginx: the plain wire, TLS, and HTTP/2 over TLS.
local assert = require "luassert"
local busted = require "busted"
local emulator = require "ngrok.emulator"

local wires = {}

local wire = {}
wire.__index = wire

-- `protocol` as the emulator reports it; `multiplexes`: many requests share a connection at the same time.
wires.plain = setmetatable({ name = "plain HTTP", protocol = "HTTP/1.1" }, wire)
wires.tls = setmetatable({ name = "TLS", protocol = "HTTP/1.1", tls = true }, wire)
wires.http2 = setmetatable({
  name = "HTTP/2", protocol = "HTTP/2", tls = true, http2 = true, multiplexes = true,
}, wire)

-- What lies on the wire is libcurl's, and our C is the same for every Lua: LuaJIT has each wire, and other
-- Luas two.
local is_jit = rawget(_G, "jit") ~= nil
wires.all = { wires.plain, wires.tls, is_jit and wires.http2 or nil }

--- One for each version of HTTP.
wires.versions = { wires.plain, is_jit and wires.http2 or nil }

--- Describes `body(wire)` for each wire.
---@param name string
---@param body function
function wires.describe(name, body)
  for _, each in ipairs(wires.all) do
    busted.describe(("%s by %s,"):format(name, each.name), function()
      body(each)
    end)
  end
end

--- Starts an emulator at its other end.
---@param options? table as of `emulator.start`
---@return table emulator
function wire:start(options)
  local all = { tls = self.tls, http2 = self.http2 }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  return assert(emulator.start(all))
end

--- The options of a client on an emulator, without retries and without a rate limit.
---@param emu table of `start`
---@param given? table other options
---@return table options, the caller's to change
function wires.client_options(emu, given)
  local options = {
    api_key = emu.api_key, base_url = emu.base_url, ca_file = emu.ca_file,
    max_retries = 0, rate_limit = false,
  }
  for name, value in pairs(given or {}) do
    options[name] = value
  end
  return options
end

return wires
