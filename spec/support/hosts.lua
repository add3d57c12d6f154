--- Runs a group of specs once against the emulator in this process and once against nginx.
local assert = require "luassert"
local busted = require "busted"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

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
local kinds = {
  {
    name = "in process",
    open = emulator.new,
    options = function(emu)
      return { transport = emu }
    end,
  },
  {
    name = "through nginx",
    open = function(options)
      return assert(emulator.start(options))
    end,
    options = function(emu)
      return { api_key = emu.api_key, base_url = emu.base_url }
    end,
  },
}

--- Describes `body(host)` for each host. `host.emulator` is fresh in every `it`; `host.client` is a
-- client on it, and `host:new_client{...}` makes more, all closed after the `it`.
-- @tparam string name
-- @tparam function body
-- @tparam ?table options for the emulator
function hosts.describe(name, body, options)
  for _, kind in ipairs(kinds) do
    describe(name .. ", " .. kind.name, function()
      local host = { name = kind.name }

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
end

return hosts
