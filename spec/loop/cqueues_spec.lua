-- What the loop of cqueues owes to those who wait in it, and who leave.
local cqueues = require "cqueues"
local emulator = require "ngrok.emulator"
local proxy = require "ngrok.proxy"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"

local longest = 5 -- seconds that a controller is run; what it does takes a fraction of one

describe("cqueues", function()
  local controller, transport, client

  local function make(loop)
    transport = manual_transport.new()
    client = assert(ngrok.client {
      api_key = "ak1_scripted", transport = transport, loop = loop, max_in_flight = 1, rate_limit = false,
      max_retries = 0,
    })
  end

  before_each(function()
    controller = cqueues.new()
    make "cqueues"
  end)

  after_each(function()
    client:close()
  end)

  local function run_until(condition)
    timing.wait_until(function()
      controller:step(0.02)
      return condition()
    end)
  end

  -- One is in flight, a create waits its turn in the controller, and the program's own third one after it.
  local function queue_up()
    local first = client.credentials:get("cr_1", { wait = false })
    controller:wrap(function() client.credentials:create() end)
    controller:step(0)
    return first, client.credentials:get("cr_3", { wait = false })
  end

  local function expect_no_create(first, third)
    transport:respond(1, manual_transport.credential "cr_1")
    timing.step_until(client, function() return first:done() and #transport.attempts > 1 end)
    transport:respond(2, manual_transport.credential "cr_3")
    timing.step_until(client, function() return third:done() end)
    assert.equal("GET", transport.attempts[2].description.method)
    assert.equal("cr_3", third:result().id)
  end

  it("sends nothing for who waits in a controller that is closed", function()
    local first, third = queue_up()
    controller:close()
    expect_no_create(first, third)
  end)

  it("sends nothing for who waits in a controller that is garbage", function()
    local first, third = queue_up()
    controller = nil
    for _ = 1, 4 do
      collectgarbage()
    end
    expect_no_create(first, third)
  end)

  it("goes on where memory runs out in a step", function()
    local state, told = proxy.target(client), {}
    local advance = state.advance
    state.on_error = function(err) told[#told + 1] = err end
    function state.advance()
      state.advance = nil
      assert.equal(advance, state.advance)
      error("not enough memory", 0)
    end
    local made
    controller:wrap(function() made = client.credentials:create() end)
    run_until(function() return #transport.attempts == 1 end)
    transport:respond(1, manual_transport.credential())
    run_until(function() return made end)
    assert.same({ "not enough memory" }, told)
  end)

  it("goes on where an error ends the coroutine that steps", function()
    local state, made = proxy.target(client), nil
    function state.timeout()
      state.timeout = nil
      error("not enough memory", 0)
    end
    controller:wrap(function() made = client.credentials:create() end)
    run_until(function() return #transport.attempts == 1 end)
    transport:respond(1, manual_transport.credential())
    run_until(function() return made end)
    assert.truthy(made)
  end)

  it("lets a controller end when the client is closed outside of it", function()
    local emu = assert(emulator.start())
    finally(function() emu:stop() end)
    emu:misbehave { kind = "hang" }
    client:close()
    for _, loop in ipairs { "auto", "cqueues" } do
      client = assert(ngrok.client { api_key = emu.api_key, base_url = emu.base_url, loop = loop })
      local err
      controller:wrap(function() err = select(2, client.credentials:get "cr_1") end)
      controller:step(0)
      controller:step(0.02)
      assert.equal(1, client:pending(), loop)
      client:close()
      assert.is_true(controller:loop(longest))
      assert.equal("cancelled", err.kind)
      assert.is_true(controller:empty(), loop)
    end
  end)

  it("lets a controller end when a program's own step leaves nothing", function()
    client:close()
    make "auto"
    local request
    controller:wrap(function() request = client.credentials:get("cr_1", { wait = false }) end)
    run_until(function() return #transport.attempts == 1 end)
    transport:respond(1, manual_transport.credential())
    timing.step_until(client, function() return client:pending() == 0 end)
    assert.is_true(controller:loop(longest))
    assert.is_true(controller:empty())
    assert.truthy(request:result())
  end)

  it("keeps the order of callbacks", function()
    local order = {}
    for index = 1, 3 do
      client.credentials:get("", { on_done = function() order[#order + 1] = index end })
    end
    controller:wrap(function() client:step(0) end)
    assert.is_true(controller:loop(longest))
    assert.same({ 1, 2, 3 }, order)
  end)
end)
