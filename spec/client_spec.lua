local core = require "ngrok.core"
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local proxy = require "ngrok.proxy"
local poll = require "spec.support.poll"
local manual_transport = require "spec.support.manual_transport"
local wires = require "spec.support.wires"

local function is_idle(client)
  return function() return client:pending() == 0 end
end

local function drain(client)
  timing.step_until(client, is_idle(client))
end

hosts.describe_on(wires.all, "a client", function(host)
  local client, credentials

  before_each(function()
    client, credentials = host.client, host.client.credentials
  end)

  describe("that idles", function()
    it("wants no step and has nothing pending", function()
      assert.is_nil(client:timeout())
      assert.equal(0, client:pending())
      assert.equal("r", client:events())
      local start = timing.now()
      for _, seconds in ipairs { 0, 0.01, math.huge } do -- none of which blocks for ever
        assert.equal(0, client:step(seconds))
      end
      assert.equal(0, client:step())
      assert.is_true(timing.now() - start < 5)
    end)

    it("is idle again after many operations that waited", function()
      for _ = 1, 50 do
        assert(credentials:create())
        assert.is_true(client:pending() <= 1)
      end
      assert.equal(0, client:pending())
    end)

    it("is idle again after operations that failed", function()
      host.emulator:misbehave { kind = "reset_after", count = 3 }
      for _ = 1, 3 do
        assert.is_nil((credentials:create()))
        credentials:get("")
      end
      assert.equal(0, client:pending())
      assert.is_nil(client:timeout())
    end)
  end)

  describe("that is stepped", function()
    it("says how many requests completed, and hands out at most four a step", function()
      local completed = 0
      for _ = 1, 11 do
        credentials:create({}, { on_done = function() completed = completed + 1 end })
      end
      assert.equal(11, client:pending())
      local told = 0
      timing.wait_until(function()
        local count = client:step(0)
        assert.is_true(count <= 4, tostring(count))
        told = told + count
        assert.equal(told, completed)
        return told == 11
      end)
      assert.equal(0, client:pending())
    end)

    it("wants the next step at once while completions queue", function()
      for _ = 1, 9 do
        credentials:create({}, { wait = false })
      end
      timing.step_until(client, function() return #host.emulator:credentials() == 9 end, 0)
      local steps = 0
      while client:pending() > 0 do
        steps = steps + client:step(1)
      end
      timing.step_until(client, function() return client:timeout() == nil end, 0) -- it may yet read a close
    end)

    it("counts what is under way", function()
      host.emulator:misbehave { kind = "hang", count = 2 }
      local first = credentials:get("cr_1", { wait = false })
      local second = credentials:get("cr_2", { wait = false })
      assert.equal(2, client:pending())
      first:cancel()
      timing.step_until(client, function() return client:pending() == 1 end)
      second:cancel()
      drain(client)
    end)

    it("names its deadline as the time-out of something that hangs", function()
      host.emulator:misbehave { kind = "hang" }
      local request = credentials:get("cr_1", { wait = false, timeout = 20 })
      timing.step_until(client, function() return client:timeout() ~= 0 end)
      local seconds = client:timeout()
      assert.is_true(seconds > 0 and seconds <= 20)
      request:cancel()
      drain(client)
    end)

    it("does not block with 0, while the server hangs", function()
      host.emulator:misbehave { kind = "hang" }
      local request = credentials:get("cr_1", { wait = false })
      local start = timing.now()
      for _ = 1, 200 do
        client:step(0)
      end
      assert.is_true(timing.now() - start < 5)
      assert.is_false(request:done())
      request:cancel()
      drain(client)
    end)

    it("blocks for the given time without using the processor", function()
      host.emulator:misbehave { kind = "hang" }
      local request = credentials:get("cr_1", { wait = false })
      timing.step_until(client, function() return client:timeout() ~= 0 end)
      client:step(0.01)
      local start, processor = timing.now(), os.clock()
      while timing.now() - start < timing.scaled(0.3) do
        assert.equal(0, client:step(0.1))
      end
      assert.is_true(os.clock() - processor < timing.scaled(0.15))
      assert.is_true(timing.now() - start < 5)
      request:cancel()
      drain(client)
    end)

    it("blocks no longer than the deadline of what is under way", function()
      host.emulator:misbehave { kind = "hang" }
      local request = credentials:get("cr_1", { wait = false, timeout = 0.1 })
      local start = timing.now()
      while not request:done() do
        client:step()
      end
      assert.is_true(timing.now() - start < 5)
      local _, err = request:result()
      assert.equal("timeout", err.kind)
      drain(client)
    end)

    for name, value in pairs { text = "1", negative = -1, nan = 0 / 0, table = {}, boolean = false } do
      it("refuses a max_wait that is not a number of seconds: " .. name, function()
        assert.has_error(function() client:step(value) end)
      end)
    end
  end)

  describe("with callbacks", function()
    it("calls each once, with the value, after the call has returned", function()
      local calls, returned = {}, false
      local request = credentials:create({ description = "x" }, { on_done = function(...)
        assert(returned)
        calls[#calls + 1] = { n = select("#", ...), ... }
      end })
      returned = true
      assert.equal(0, #calls)
      drain(client)
      for _ = 1, 5 do
        client:step(0)
      end
      assert.equal(1, #calls)
      assert.equal("x", calls[1][1].description)
      assert.is_nil(calls[1][2])
      assert.equal(calls[1][1], (request:result()))
    end)

    it("calls for input that was refused, after the call has returned", function()
      local calls = 0
      credentials:get("", { on_done = function(_, err)
        calls = calls + 1
        assert.equal("invalid", err.kind)
      end })
      assert.equal(0, calls)
      assert.equal(0, client:timeout())
      assert.equal(1, client:pending())
      assert.equal(1, client:step(0))
      assert.equal(1, calls)
      assert.equal(0, client:step(0))
      assert.equal(1, calls)
    end)

    it("calls in the order of completion", function()
      local order = {}
      local one = host:new_client { max_in_flight = 1 }
      for index = 1, 10 do
        one.credentials:create({}, { on_done = function() order[#order + 1] = index end })
      end
      drain(one)
      assert.same({ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 }, order)
    end)

    it("calls each in a new coroutine, where it may yield", function()
      local threads, after = {}, 0
      for index = 1, 3 do
        credentials:create({}, { on_done = function()
          threads[index] = coroutine.running()
          coroutine.yield()
          after = after + 1
        end })
      end
      drain(client)
      assert.is_true(threads[1] ~= threads[2] and threads[2] ~= threads[3] and threads[1] ~= threads[3])
      assert.is_true(threads[1] ~= coroutine.running())
      assert.equal(0, after)
      for index = 1, 3 do
        assert(coroutine.resume(threads[index]))
      end
      assert.equal(3, after)
    end)

    it("raises an error of one after all were called, as it is", function()
      local called, mine = 0, { "mine" }
      for index = 1, 3 do
        credentials:create({}, { on_done = function()
          called = called + 1
          if index < 3 then
            error(index == 1 and mine or "another", 0)
          end
        end })
      end
      local raised = {}
      timing.wait_until(function()
        local fine, err = pcall(client.step, client, 0.01)
        if not fine then
          raised[#raised + 1] = err
        end
        return called == 3 and client:pending() == 0
      end)
      assert.is_true(#raised >= 1)
      client:step(0)
      assert.is_true(raised[1] == mine or raised[1] == "another")
    end)

    it("raises the first error of a step once, after all of that step were called", function()
      local called = {}
      for index = 1, 3 do
        credentials:get("", { on_done = function()
          called[#called + 1] = index
          error("of " .. index, 0)
        end })
      end
      local fine, err = pcall(client.step, client, 0)
      assert.is_false(fine)
      assert.same({ 1, 2, 3 }, called)
      assert.equal("of 1", err)
      assert.equal(0, client:step(0))
      assert(credentials:create())
    end)

    it("raises what on_error itself raises", function()
      local other = host:new_client { on_error = function(err) error("again " .. err, 0) end }
      other.credentials:get("", { on_done = function() error("of a callback", 0) end })
      local fine, err = pcall(other.step, other, 0)
      assert.is_false(fine)
      assert.equal("again of a callback", err)
    end)

    it("does not lose the result of an operation that waits to another's error", function()
      credentials:get("", { on_done = function() error("a stranger's", 0) end })
      local fine, credential = pcall(credentials.create, credentials, { description = "mine" })
      if not fine then
        -- Raised before anything was sent: then nothing is lost.
        assert.equal("a stranger's", credential)
        assert.equal(0, #host.emulator:credentials())
        return
      end
      assert.equal("mine", credential.description)
      fine = pcall(client.step, client, 0)
      assert.is_false(fine)
    end)

    it("lets one begin another with a callback", function()
      local depth = 0
      local function again(credential)
        assert(credential)
        depth = depth + 1
        if depth < 20 then
          credentials:create({}, { on_done = again })
        end
      end
      credentials:create({}, { on_done = again })
      drain(client)
      assert.equal(20, depth)
    end)

  end)

  describe("that is closed", function()
    it("gives each request its error, exactly once", function()
      host.emulator:misbehave { kind = "hang", count = math.huge }
      local other = host:new_client { max_in_flight = 2 }
      local calls, requests = {}, {}
      for index = 1, 5 do
        calls[index] = 0
        requests[index] = other.credentials:get("cr_" .. index, { on_done = function(value, err)
          assert.is_nil(value)
          assert.equal("cancelled", err.kind)
          calls[index] = calls[index] + 1
        end })
      end
      other:close()
      assert.same({ 1, 1, 1, 1, 1 }, calls)
      other:close()
      for _ = 1, 3 do
        assert.equal(0, other:step(0))
      end
      assert.same({ 1, 1, 1, 1, 1 }, calls)
      for index, request in ipairs(requests) do
        assert.is_true(request:done())
        local _, err = request:result()
        assert.equal("cancelled", err.kind)
        if index > 2 then
          assert.equal("not_sent", err.outcome)
        end
      end
      assert.equal(0, other:pending())
    end)

    it("says of what waited for the limits that it was not sent", function()
      host.emulator:misbehave { kind = "hang", count = math.huge }
      local other = host:new_client { max_in_flight = 1 }
      local first = other.credentials:get("cr_1", { wait = false })
      local second = other.credentials:get("cr_2", { wait = false })
      other:close()
      local _, err = second:result()
      assert.equal("wait", err.phase)
      assert.equal("not_sent", err.outcome)
      assert.equal("the client was closed", err.message)
      assert.equal(0, err.attempts)
      _, err = first:result()
      assert.equal("cancelled", err.kind)
      assert.equal("the client was closed", err.message)
      assert.equal(1, err.attempts)
    end)

    it("keeps the results that were there already", function()
      local request = credentials:create({ description = "x" }, { wait = false })
      timing.step_until(client, function() return request:done() end)
      client:close()
      assert.equal("x", assert(request:result()).description)
    end)

    it("runs the callbacks of completed requests", function()
      local called = 0
      for _ = 1, 6 do
        credentials:get("", { on_done = function() called = called + 1 end })
      end
      client:close()
      assert.equal(6, called)
    end)

    it("refuses whatever comes after, and sends nothing", function()
      local credential = assert(credentials:create())
      local sent = #host.emulator:requests()
      client:close()
      local calls = {
        function() return credentials:create() end,
        function() return credentials:get("cr_1") end,
        function() return credentials:update("cr_1", { description = "x" }) end,
        function() return credentials:delete("cr_1") end,
        function() return credential:reload() end,
        function() return credential:update { description = "x" } end,
        function() return credential:delete() end,
        function() return credentials:list():next() end,
      }
      for _, call in ipairs(calls) do
        local value, err = call()
        assert.is_nil(value)
        assert.equal("invalid", err.kind)
        assert.equal("not_sent", err.outcome)
      end
      assert.equal(sent, #host.emulator:requests())
    end)

    it("still tells a callback that nothing will come", function()
      client:close()
      local kind
      credentials:create({}, { on_done = function(_, err) kind = err.kind end })
      assert.is_nil(kind)
      assert.equal(0, client:timeout())
      client:step(0)
      assert.equal("invalid", kind)
    end)

    it("has no descriptor, no time-out, nothing to step", function()
      client:close()
      assert.is_nil(client:pollfd())
      assert.is_nil(client:timeout())
      assert.equal(0, client:step(0))
      assert.equal(0, client:step(10))
      assert.equal(0, client:pending())
    end)

    it("raises a callback's error when all were called", function()
      local called = 0
      for _ = 1, 3 do
        credentials:get("", { on_done = function()
          called = called + 1
          error("mine", 0)
        end })
      end
      local fine, err = pcall(client.close, client)
      assert.is_false(fine)
      assert.equal("mine", err)
      assert.equal(3, called)
      client:close()
    end)

    it("takes what a callback begins while it closes", function()
      host.emulator:misbehave { kind = "hang" }
      local second
      credentials:get("cr_1", { on_done = function()
        credentials:create({}, { on_done = function(_, err) second = err end })
      end })
      client:close()
      assert.equal("invalid", second.kind)
      assert.equal(0, client:pending())
    end)

    it("says so in its tostring, which never has the key", function()
      assert.equal("ngrok.client: " .. host.emulator.base_url, tostring(client))
      client:close()
      assert.truthy(tostring(client):find("(closed)", 1, true))
      assert.is_nil(tostring(client):find(host.emulator.api_key, 1, true))
    end)

    if _VERSION == "Lua 5.4" then
      it("is closed at the end of its block by Lua 5.4", function()
        -- Loaded, for LuaJIT cannot read it.
        local block = assert(load [[
          local client = ...
          local inside <close> = client
          return inside:timeout()
        ]])
        assert.is_nil(block(client))
        local _, err = credentials:create()
        assert.equal("invalid", err.kind)
      end)
    end
  end)

  describe("with a cap on requests in flight", function()
    it("ends one that waited for max_wait, and no other", function()
      local one = host:new_client { max_in_flight = 1 }
      host.emulator:misbehave { kind = "hang", path = "/credentials/cr_1" }
      local first = one.credentials:get("cr_1", { wait = false })
      local patient = one.credentials:create({}, { wait = false, max_wait = 30 })
      local hasty = one.credentials:create({}, { wait = false, max_wait = 0.05 })
      local _, err = hasty:result()
      assert.equal("timeout", err.kind)
      assert.equal("wait", err.phase)
      assert.is_false(err:is_rate_limited()) -- it has waited for room, not for the rate limit
      assert.is_false(first:done())
      assert.is_false(patient:done())
      first:cancel()
      assert(patient:result())
      assert.equal(1, #host.emulator:credentials())
      drain(one)
    end)

    it("ends one at once that may not wait at all", function()
      local one = host:new_client { max_in_flight = 1, max_wait = 0 }
      host.emulator:misbehave { kind = "hang", path = "/credentials/cr_1" }
      local first = one.credentials:get("cr_1", { wait = false })
      local start = timing.now()
      local _, err = one.credentials:create()
      assert.equal("timeout", err.kind)
      assert.equal("wait", err.phase)
      assert.equal("not_sent", err.outcome)
      assert.is_true(timing.now() - start < 5)
      first:cancel()
      drain(one)
    end)

    it("admits one that may not wait where there is room", function()
      assert(credentials:create({}, { max_wait = 0 }))
    end)

    it("begins its time-out when it is admitted", function()
      local one = host:new_client { max_in_flight = 1, timeout = timing.scaled(0.3) }
      host.emulator:misbehave { kind = "hang", count = 2 }
      local requests = {}
      for index = 1, 3 do
        requests[index] = one.credentials:create({}, { wait = false })
      end
      local _, first = requests[1]:result()
      local _, second = requests[2]:result()
      assert.equal("timeout", first.kind)
      assert.equal("timeout", second.kind)
      assert.equal("receive", second.phase)
      -- It was submitted two time-outs ago.
      assert(requests[3]:result())
      drain(one)
    end)
  end)

  describe("with many requests at once", function()
    it("gives those that succeed their values among those that fail", function()
      host.emulator:misbehave { kind = "reset_after", after = 5, count = 5 }
      host.emulator:misbehave { kind = "status", status = 500, after = 10, count = 5 }
      local requests, good, bad = {}, 0, 0
      for index = 1, 40 do
        requests[index] = credentials:create({}, { wait = false })
      end
      for _, request in ipairs(requests) do
        if request:result() then
          good = good + 1
        else
          bad = bad + 1
        end
      end
      assert.equal(30, good)
      assert.equal(10, bad)
      drain(client)
    end)
  end)
end)

describe("a client's cap", function()
  it("admits in the order of submission", function()
    local transport = manual_transport.new()
    local client = assert(ngrok.client { transport = transport, max_in_flight = 1 })
    local requests = {}
    for index = 1, 5 do
      requests[index] = client.credentials:get("cr_" .. index, { wait = false })
    end
    requests[3]:cancel()
    for index = 1, 4 do
      client:step(0)
      transport:respond(index, manual_transport.credential())
    end
    client:step(0)
    local order = {}
    for index, attempt in ipairs(transport.attempts) do
      order[index] = attempt.description.url:match("cr_%d")
    end
    assert.same({ "cr_1", "cr_2", "cr_4", "cr_5" }, order)
    client:close()
  end)
end)

describe("a client's descriptor", function()
  local emu, client

  setup(function()
    emu = assert(emulator.start())
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
    client = assert(ngrok.client {
      api_key = emu.api_key, base_url = emu.base_url, rate_limit = false, max_retries = 0,
    })
  end)

  after_each(function()
    client:close()
  end)

  it("is one integer for as long as the client lives", function()
    local descriptor = client:pollfd()
    assert.equal("number", type(descriptor))
    assert.is_true(descriptor % 1 == 0 and descriptor >= 0)
    assert(client.credentials:create())
    assert.equal(descriptor, client:pollfd())
  end)

  it("is absent where Lua performs the attempts", function()
    local other = assert(ngrok.client { transport = manual_transport.new() })
    assert.is_nil(other:pollfd())
    other:close()
  end)

  if poll.available then
    -- An event loop in five lines: it steps when the descriptor is readable or the time has come.
    local function run_loop(condition)
      local descriptor, start = client:pollfd(), timing.now()
      local wakes = 0
      while not condition() do
        assert(timing.now() - start < 10, "the loop was never notified")
        poll.wait(descriptor, client:timeout() or 10)
        wakes = wakes + 1
        client:step(0)
      end
      return wakes
    end

    it("tells a loop when to step", function()
      local done = 0
      for _ = 1, 50 do
        client.credentials:create({}, { on_done = function() done = done + 1 end })
      end
      run_loop(function() return done == 50 end)
      assert.equal(0, client:pending())
    end)

    -- Each begins something, calls `ended` at each end, and returns how many there will be.
    for what, begin in pairs {
      ["requests that succeed"] = function(ended)
        for _ = 1, 10 do
          client.credentials:create({}, { on_done = ended })
        end
        return 10
      end,
      ["a deadline"] = function(ended)
        emu:misbehave { kind = "hang" }
        client.credentials:get("cr_1", { timeout = 0.1, on_done = ended })
        return 1
      end,
      ["input that was refused"] = function(ended)
        client.credentials:get("", { on_done = ended })
        return 1
      end,
      ["what is left when a step has handed out its share"] = function(ended)
        for _ = 1, 10 do
          client.credentials:get("", { on_done = ended })
          client.credentials:create({}, { on_done = ended })
        end
        return 20
      end,
      ["a request that was cancelled"] = function(ended)
        emu:misbehave { kind = "hang" }
        local request = client.credentials:get("cr_1", { on_done = ended })
        timing.step_until(client, function() return client:timeout() ~= 0 end, 0)
        request:cancel()
        return 1
      end,
    } do
      it("tells a loop that reads no time-out of " .. what, function()
        local descriptor, ends = client:pollfd(), 0
        local expected = begin(function() ends = ends + 1 end)
        while ends < expected do
          assert.is_true(poll.wait(descriptor, 5), "the loop was never notified")
          client:step(0)
        end
        assert.equal(expected, ends)
      end)
    end

    it("is silent while nothing happens", function()
      local descriptor = client:pollfd()
      assert(client.credentials:create())
      timing.step_until(client, is_idle(client), 0)
      client:step(0)
      assert.is_false(poll.wait(descriptor, 0.05))
      emu:misbehave { kind = "hang" }
      local request = client.credentials:get("cr_1", { wait = false })
      local wakes, start = 0, timing.now()
      while timing.now() - start < 0.2 do
        if poll.wait(descriptor, 0.05) then
          wakes = wakes + 1
          client:step(0)
        end
      end
      assert.is_true(wakes < 20, tostring(wakes))
      request:cancel()
    end)

    it("becomes readable by wake, once", function()
      local descriptor = client:pollfd()
      assert.is_false(poll.wait(descriptor, 0))
      client:wake()
      assert.equal(0, client:timeout())
      assert.is_true(poll.wait(descriptor, 5))
      client:step(0)
      assert.is_nil(client:timeout())
      assert.is_false(poll.wait(descriptor, 0))
    end)
  end

end)

describe("a blocking create", function()
  -- The core's functions, and the methods of its clients and handles, by function.
  local function names_of_core(client)
    local request = client.credentials:get("cr_1", { wait = false })
    local names = {}
    local function methods(object)
      return debug.getmetatable(proxy.target(object).core).__index
    end
    for _, functions in ipairs { core, methods(client), methods(request) } do
      for name, fn in pairs(functions) do
        names[fn] = name
      end
    end
    request:result()
    return names
  end

  it("makes five calls from Lua into C", function()
    local emu = assert(emulator.start())
    finally(function() emu:stop() end)
    local client = assert(ngrok.client { api_key = emu.api_key, base_url = emu.base_url, loop = "block" })
    local names, calls = names_of_core(client), {}
    debug.sethook(function()
      local name = names[debug.getinfo(2, "f").func]
      if name then
        calls[name] = (calls[name] or 0) + 1
      end
    end, "c")
    client.credentials:create { description = "x" }
    debug.sethook()
    client:close()
    assert.is_true(calls.step >= 1) -- as often as something comes
    calls.step = 1
    assert.same({ encode = 1, submit = 1, step = 1, done = 1, take = 1 }, calls)
  end)
end)
