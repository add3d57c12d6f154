local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

hosts.describe_on(wires.all, "a request", function(host)
  local client, credentials

  before_each(function()
    client, credentials = host.client, host.client.credentials
  end)

  local function drain(of)
    timing.step_until(of, function() return of:pending() == 0 end)
  end

  it("is what wait = false returns, at once", function()
    host.emulator:misbehave { kind = "hang" }
    local request = credentials:create({}, { wait = false })
    assert.is_false(request:done())
    assert.is_true(request:cancel())
    drain(client)
  end)

  for label, wait in pairs { ["on_done"] = false, ["on_done with wait = true"] = true } do
    it("is what " .. label .. " returns, too", function()
      local called
      local request = credentials:create({}, {
        on_done = function(credential) called = credential end, wait = wait or nil,
      })
      assert.is_nil(called)
      assert.truthy(request:result().token)
      drain(client)
      assert.is_true(rawequal(request:result(), called))
    end)
  end

  it("is what every operation returns", function()
    local seeded = host.emulator:seed(2)
    local id, credential = seeded[1].id, assert(credentials:get(seeded[2].id))
    local options = { wait = false }
    local requests = {
      credentials:create({ description = "x" }, options), credentials:get(id, options),
      credentials:update(id, { description = "y" }, options), credential:reload(options),
    }
    for _, request in ipairs(requests) do
      assert.truthy(assert(request:result()).id)
    end
    -- Not at the same time as the reload: on one connection, too, the responses may come in any order.
    assert.truthy(assert(credential:update({ description = "z" }, options):result()).id)
    assert.is_true(credentials:delete(id, options):result())
    assert.is_true(credential:delete(options):result())
    assert.equal("z", credential.description)
    drain(client)
  end)

  it("is done after enough steps, without anybody waiting", function()
    local request = credentials:create({}, { wait = false })
    timing.step_until(client, function() return request:done() end)
    assert(request:result())
    drain(client)
  end)

  it("has the same result however often it is asked for", function()
    local request = credentials:create({ description = "once" }, { wait = false })
    local first = assert(request:result())
    assert.is_true(rawequal(first, (request:result())))
    assert.is_true(request:done())
    assert.equal(1, #host.emulator:credentials())
    drain(client)
    assert.is_true(rawequal(first, (request:result())))
  end)

  it("has the same error however often it is asked for", function()
    local request = credentials:get("cr_1", { wait = false })
    local value, first = request:result()
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(first))
    local _, second = request:result()
    assert.is_true(rawequal(first, second))
    drain(client)
  end)

  it("is done at once when its input was refused", function()
    local request = credentials:get("", { wait = false })
    assert.is_true(request:done())
    assert.is_false(request:cancel())
    local value, err = request:result()
    assert.is_nil(value)
    assert.equal("invalid", err.kind)
    drain(client)
  end)

  it("may be waited for in any order", function()
    local requests = {}
    for index = 1, 6 do
      requests[index] = credentials:create({ description = tostring(index) }, { wait = false })
    end
    for index = 6, 1, -1 do
      assert.equal(tostring(index), assert(requests[index]:result()).description)
    end
    drain(client)
  end)

  it("goes on when the program drops it", function()
    credentials:create({ description = "left alone" }, { wait = false })
    collectgarbage()
    collectgarbage()
    drain(client)
    assert.equal("left alone", host.emulator:credentials()[1].description)
  end)

  describe("that is cancelled", function()
    it("before it was admitted is not sent", function()
      local one = host:new_client { max_in_flight = 1 }
      host.emulator:misbehave { kind = "hang", path = "/credentials/cr_1" }
      local first = one.credentials:get("cr_1", { wait = false })
      local second = one.credentials:create({}, { wait = false })
      assert.is_true(second:cancel())
      assert.is_true(second:done())
      local value, err = second:result()
      assert.is_nil(value)
      assert.equal("cancelled", err.kind)
      assert.equal("wait", err.phase)
      assert.equal("not_sent", err.outcome)
      assert.equal(0, err.attempts)
      assert.equal("credentials.create", err.operation)
      first:cancel()
      drain(one)
      assert.equal(0, #host.emulator:credentials())
    end)

    it("in flight may have been done", function()
      -- A connection that is open, so that the request goes out at once.
      assert(credentials:list():all())
      host.emulator:misbehave { kind = "hang", processed = true }
      local request = credentials:create({}, { wait = false })
      timing.wait_until(function() return #host.emulator:credentials() == 1 end)
      assert.is_true(request:cancel())
      local value, err = request:result()
      assert.is_nil(value)
      assert.equal("cancelled", err.kind)
      assert.equal("receive", err.phase)
      assert.equal("unknown", err.outcome)
      assert.equal(1, err.attempts)
      drain(client)
    end)

    it("says so once", function()
      host.emulator:misbehave { kind = "hang" }
      local request = credentials:create({}, { wait = false })
      assert.is_true(request:cancel())
      assert.is_false(request:cancel())
      drain(client)
      assert.is_false(request:cancel())
    end)

    it("after it was done keeps its result", function()
      local request = credentials:create({}, { wait = false })
      timing.step_until(client, function() return request:done() end)
      assert.is_false(request:cancel())
      assert.truthy(assert(request:result()).token)
      assert.is_false(request:cancel())
      drain(client)
    end)

    it("has its callback called once, by a later step", function()
      host.emulator:misbehave { kind = "hang" }
      local kinds = {}
      local request = credentials:create({}, { on_done = function(_, err) kinds[#kinds + 1] = err.kind end })
      request:cancel()
      assert.same({}, kinds)
      drain(client)
      client:step(0)
      assert.same({ "cancelled" }, kinds)
    end)

    it("makes room for the next", function()
      local one = host:new_client { max_in_flight = 1 }
      host.emulator:misbehave { kind = "hang", path = "/credentials/cr_1" }
      local first = one.credentials:get("cr_1", { wait = false })
      local second = one.credentials:create({}, { wait = false })
      first:cancel()
      assert(second:result())
      drain(one)
    end)

    it("leaves the connection of others alone", function()
      host.emulator:misbehave { kind = "hang", path = "/credentials/cr_1" }
      local first = credentials:get("cr_1", { wait = false })
      local second = credentials:create({}, { wait = false })
      first:cancel()
      assert(second:result())
      assert(credentials:create())
      drain(client)
    end)
  end)

  it("shows its operation and state in its tostring, and nothing secret", function()
    host.emulator:misbehave { kind = "hang" }
    local request = credentials:create({ description = "Zebra7" }, { wait = false })
    assert.equal("ngrok.request: credentials.create (under way)", tostring(request))
    request:cancel()
    assert.equal("ngrok.request: credentials.create (done)", tostring(request))
    drain(client)
  end)
end)
