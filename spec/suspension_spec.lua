-- Where Lua cannot be suspended a call is refused before anything is sent: its answer would come to nobody.
local cqueues = require "cqueues"
local emulator = require "ngrok.emulator"
local libuv = require "spec.support.libuv"
local ngrok = require "ngrok"
local patience = require "spec.support.patience"

-- Each calls a function where nothing can yield.
local obstacles = {
  ["table.sort"] = function(fn)
    table.sort({ 1, 2 }, function(a, b)
      fn()
      return a < b
    end)
  end,
  ["string.gsub"] = function(fn)
    string.gsub("x", "x", function() fn() end)
  end,
  ["require"] = function(fn)
    package.preload["spec.suspension.asks"] = function()
      fn()
      return true
    end
    package.loaded["spec.suspension.asks"] = nil
    require "spec.suspension.asks"
  end,
}

-- Each runs a function in a coroutine, and the loop until that has ended.
local hosts = {
  tick = function(client, fn)
    local thread = coroutine.create(fn)
    assert(coroutine.resume(thread))
    patience.step_until(client, function() return coroutine.status(thread) == "dead" end)
  end,
  uv = function(_, fn)
    libuv.go(fn)
    libuv.run()
  end,
  cqueues = function(_, fn)
    local controller = cqueues.new()
    controller:wrap(fn)
    assert(controller:loop())
  end,
}

describe("Where Lua cannot be suspended", function()
  local emu

  setup(function() emu = assert(emulator.start()) end)
  teardown(function() emu:stop() end)
  before_each(function() emu:reset() end)

  for loop, run in pairs(hosts) do
    describe("in the loop " .. loop, function()
      local client

      before_each(function()
        client = assert(ngrok.client {
          loop = loop, api_key = emu.api_key, base_url = emu.base_url, rate_limit = false,
        })
      end)

      after_each(function() client:close() end)

      for name, obstacle in pairs(obstacles) do
        it("a call inside " .. name .. " is refused, and nothing is sent", function()
          local errors = {}
          run(client, function()
            obstacle(function()
              local made, err = client.credentials:create()
              errors[#errors + 1] = made == nil and err
              local item
              item, err = client.credentials:list():next()
              errors[#errors + 1] = item == nil and err
            end)
          end)
          assert.is_true(#errors >= 2)
          for _, err in ipairs(errors) do
            assert.same({ "invalid", "validate", "not_sent" }, { err.kind, err.phase, err.outcome })
            assert.truthy(err.message:find("Lua cannot wait inside require", 1, true), err.message)
          end
          assert.equal(0, #emu:requests())
          assert.equal(0, client:pending())
        end)
      end

      it("others are called back, and a coroutine beside it waits", function()
        local made, called
        run(client, function()
          obstacles["table.sort"](function()
            client.credentials:create({}, { on_done = function(value) called = value end })
          end)
          made = assert(client.credentials:create())
        end)
        patience.step_until(client, function() return client:pending() == 0 end)
        assert.truthy(made.token)
        assert.truthy(called and called.token)
      end)
    end)
  end
end)
