--- Runs a group of specs once against the emulator in this process and once against nginx, on one
-- wire or on several.
local assert = require "luassert"
local busted = require "busted"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local wires = require "spec.support.wires"

-- busted gives these to spec files only; a module asks for them.
local describe, setup, teardown = busted.describe, busted.setup, busted.teardown
local before_each, after_each = busted.before_each, busted.after_each

local hosts = {}

local function copy(into, from)
  for key, value in pairs(from or {}) do
    into[key] = value
  end
  return into
end

-- Each host: a name, how to open its emulator, and the client options that lead to it.
local in_process = {
  name = "in process",
  open = emulator.new,
  options = function(emu)
    return { transport = emu, max_retries = 0 }
  end,
}

local function through_nginx(wire)
  return {
    name = "through nginx by " .. wire.name,
    wire = wire,
    open = function(options)
      return wire:start(options)
    end,
    options = wires.client_options,
  }
end

local function describe_host(kind, name, body, options)
  describe(name .. ", " .. kind.name, function()
    local host = { name = kind.name, wire = kind.wire }

    function host:new_client(given)
      local client = assert(ngrok.client(copy(kind.options(self.emulator), given)))
      self.clients[#self.clients + 1] = client
      return client
    end

    setup(function()
      host.emulator = kind.open(options)
    end)

    teardown(function()
      if host.emulator.stop then
        host.emulator:stop()
      end
    end)

    before_each(function()
      host.emulator:reset()
      host.clients = {}
      host.client = host:new_client()
    end)

    after_each(function()
      for _, client in ipairs(host.clients) do
        assert.equal(0, client:pending(), "a request was left open")
        client:close()
      end
    end)

    body(host)
  end)
end

--- Describes `body(host)` in process, and through nginx on each of some wires. `host.emulator` is fresh in
--- every `it`; `host.client` is a client on it, and `host:new_client{...}` makes more, all closed after the
--- `it`. `host.wire` is the wire, nil in process.
---@param chosen table[] of spec.support.wires
---@param name string
---@param body function
---@param options? table for the emulator
function hosts.describe_on(chosen, name, body, options)
  describe_host(in_process, name, body, options)
  for _, wire in ipairs(chosen) do
    describe_host(through_nginx(wire), name, body, options)
  end
end

--- The same in process and by plain HTTP, for what no wire could change.
---@param name string
---@param body function
---@param options? table for the emulator
function hosts.describe(name, body, options)
  hosts.describe_on({ wires.plain }, name, body, options)
end

return hosts
