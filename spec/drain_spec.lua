-- client:drain where the program steps the client itself; spec/loop has it in each loop.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local manual_transport = require "spec.support.manual_transport"
local timing = require "spec.support.timing"

for _, loop in ipairs { "block", "tick" } do
  describe("client:drain outside any coroutine, with the loop " .. loop .. ",", function()
    local client

    local function new_client(given)
      given = given or {}
      given.loop, given.transport = loop, given.transport or emulator.new()
      given.api_key = "a_key"
      client = assert(ngrok.client(given))
      return client
    end

    after_each(function()
      client:close()
    end)

    it("steps the client until all callbacks were called", function()
      local calls = 0
      new_client { transport = emulator.new { api_key = "a_key" } }
      for _ = 1, 20 do
        client.credentials:create({}, { on_done = function(made) calls = calls + (made and 1 or 0) end })
      end
      assert.is_true(client:drain())
      assert.equal(20, calls)
    end)

    it("says at once what is pending with a timeout of 0", function()
      local transport = manual_transport.new()
      new_client { transport = transport }
      local request = client.credentials:create({}, { wait = false })
      local _, err = client:drain(0)
      assert.equal("1 request is still pending after timeout (0 s)", err.message)
      assert.equal("client:drain", err.operation)
      request:cancel()
      assert.is_true(client:drain(0) or client:drain(5))
    end)

    it("calls callbacks in a callback, too", function()
      local order = {}
      new_client { transport = emulator.new { api_key = "a_key" } }
      client.credentials:create({}, { on_done = function()
        client.credentials:create({}, { on_done = function() order[#order + 1] = "inner" end })
        if loop == "block" then
          assert.is_true(client:drain(5))
        end
        order[#order + 1] = "outer"
      end })
      assert.is_true(client:drain(5))
      table.sort(order)
      assert.same({ "inner", "outer" }, order)
    end)

    it("raises what a callback raised, when all were called", function()
      local calls = 0
      new_client { transport = emulator.new { api_key = "a_key" } }
      for _ = 1, 3 do
        client.credentials:create({}, { on_done = function()
          calls = calls + 1
          error("of a callback", 0)
        end })
      end
      local fine, err = pcall(client.drain, client)
      assert.is_false(fine)
      assert.equal("of a callback", err)
      assert.equal(3, calls)
    end)

    it("refuses what is not a number of seconds", function()
      new_client()
      for _, bad in ipairs { "1", -1, 0 / 0, {}, false } do
        local fine, problem = pcall(client.drain, client, bad)
        assert.is_false(fine)
        assert.matches("bad timeout: a number of seconds, 0 or more, or nil expected", problem, 1, true)
      end
    end)

    it("is over on a closed client", function()
      new_client():close()
      assert.is_true(client:drain(5))
    end)
  end)
end

describe("client:drain in a coroutine of a tick", function()
  it("lets the host go on, and ends when the client is closed", function()
    local client = assert(ngrok.client {
      loop = "tick", api_key = "a_key", transport = manual_transport.new(),
    })
    client.credentials:create({}, { wait = false })
    local drained
    coroutine.wrap(function()
      drained = client:drain()
    end)()
    client:step(0)
    assert.is_nil(drained)
    client:close()
    timing.step_until(client, function() return drained end)
  end)

  it("leaves nothing behind when its coroutine is closed", function()
    if not coroutine.close then
      return
    end
    local client = assert(ngrok.client {
      loop = "tick", api_key = "a_key", transport = manual_transport.new(),
    })
    local request = client.credentials:create({}, { wait = false })
    local sleeper = coroutine.create(function() client:drain() end)
    assert(coroutine.resume(sleeper))
    assert.is_true(coroutine.close(sleeper))
    assert.is_nil(next(require("ngrok.proxy").target(client).drains))
    request:cancel()
    client:close()
  end)
end)
