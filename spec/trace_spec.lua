--- on_event: what it is told of a request, and that it can do no harm.
local child = require "spec.support.child"
local proxy = require "ngrok.proxy"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

hosts.describe_on(wires.all, "the trace hook", function(host)
  local events

  before_each(function()
    events = {}
  end)

  local function traced(options)
    local all = { on_event = function(event) events[#events + 1] = event end }
    for name, value in pairs(options or {}) do
      all[name] = value
    end
    return host:new_client(all)
  end

  local function names()
    local found = {}
    for index, event in ipairs(events) do
      found[index] = event.name
    end
    return table.concat(found, " ")
  end

  local function last(name)
    for index = #events, 1, -1 do
      if events[index].name == name then
        return events[index]
      end
    end
    error("no such event: " .. name)
  end

  local function drain(client)
    timing.step_until(client, function() return client:pending() == 0 end)
  end

  it("is told of a request that goes well", function()
    local client = traced()
    assert(client.credentials:create())
    assert.equal("submitted attempt done", names())
    for _, event in ipairs(events) do
      assert.equal("credentials.create", event.operation)
      assert.equal(1, event.request)
    end
    assert.equal(0, events[1].attempt)
    assert.equal(1, events[2].attempt)
    assert.equal(1, events[3].attempt)
    assert.equal(201, events[3].status)
    assert.truthy(events[3].operation_id:match "^op_%w+$")
    assert.is_nil(events[3].kind)
  end)

  it("tells requests apart", function()
    local client = traced()
    local one = client.credentials:create({}, { wait = false })
    local two = client.credentials:list({}, { prefetch = false })
    assert(two:all())
    assert(one:result())
    local of = {}
    for _, event in ipairs(events) do
      of[event.request] = (of[event.request] or event.operation) .. " " .. event.name
    end
    assert.same({
      "credentials.create submitted attempt done", "credentials.list submitted attempt done",
    }, of)
  end)

  it("is told why and how long a failed attempt rests", function()
    local client = traced { max_retries = 3 }
    host.emulator:misbehave { kind = "status", status = 503, count = 1 }
    assert(client.credentials:list():all())
    assert.equal("submitted attempt retry attempt done", names())
    local retry = events[3]
    assert.equal("backoff", retry.why)
    assert.truthy(retry.seconds >= 0 and retry.seconds <= 0.25)
    assert.equal(503, retry.status)
    assert.equal("api", retry.kind)
    assert.equal("unknown", retry.outcome)
    assert.equal(1, retry.attempt)
    assert.equal(2, events[5].attempt)
  end)

  it("is told what an API error says, as the error is, of a retry and at the end", function()
    local client = traced { max_retries = 1 }
    host.emulator:misbehave { kind = "status", status = 503, code = "ERR_NGROK_1", message = "first" }
    host.emulator:misbehave { kind = "status", status = 500, code = "ERR_NGROK_2", message = "second" }
    local _, err = client.credentials:get "cr_1"
    local retry, done = last "retry", last "done"
    assert.equal("first", retry.message)
    assert.equal("ERR_NGROK_1", retry.code)
    assert.truthy(retry.operation_id)
    assert.equal("second", done.message)
    for _, name in ipairs { "kind", "phase", "outcome", "status", "code", "message", "operation_id" } do
      assert.equal(err[name], done[name], name)
    end
    assert.is_nil(done.body or done.content_type)
    assert.is_nil(retry.ok)
    assert.is_false(done.ok)
  end)

  it("is told at the end whether it went well, and how long it took in all", function()
    local client = traced()
    host.emulator:misbehave { kind = "status", status = 503 }
    local _, err = client.credentials:create()
    assert.equal("api", err.kind)
    assert.is_false(last("done").ok)
    assert(client.credentials:create())
    assert.is_true(last("done").ok)
    assert.truthy(last("done").seconds >= 0)
    for _, event in ipairs(events) do
      assert.equal(event.name == "done", event.ok ~= nil)
    end
  end)

  it("is told of a pause that the server asks for", function()
    local client = traced { max_retries = 1, rate_limit = { requests = 1000, window = 0.2 } }
    host.emulator:misbehave { kind = "status", status = 429, count = 1 }
    assert(client.credentials:create())
    local retry = last "retry"
    assert.equal("pause", retry.why)
    assert.equal(429, retry.status)
    assert.truthy(retry.seconds > 0 and retry.seconds <= 0.06)
  end)

  it("is told of a wait for the cap on requests in flight", function()
    local client = traced { max_in_flight = 1 }
    host.emulator:misbehave { kind = "hang" }
    local first = client.credentials:create({}, { wait = false })
    local second = client.credentials:create({}, { wait = false })
    timing.step_until(client, function() return #host.emulator:requests() == 1 end)
    local waiting = last "waiting"
    assert.equal("max_in_flight", waiting.why)
    assert.is_nil(waiting.seconds)
    first:cancel()
    assert(second:result())
    assert.truthy(last("attempt").seconds >= 0)
    drain(client)
  end)

  it("is told of a wait for the rate limit, and how long it will be", function()
    local client = traced { api_key = host.emulator.api_key, rate_limit = { requests = 2, window = 0.3 } }
    for _ = 1, 2 do
      assert(client.credentials:create())
    end
    assert(client.credentials:create())
    local waiting = last "waiting"
    assert.equal("rate_limit", waiting.why)
    assert.truthy(waiting.seconds > 0 and waiting.seconds <= 0.31)
  end)

  it("is told of an end by cancel and by close", function()
    host.emulator:misbehave { kind = "hang", count = 2 }
    local client = traced()
    local request = client.credentials:create({}, { wait = false })
    client.credentials:create({}, { wait = false })
    request:cancel()
    client:step(0)
    assert.equal("cancelled", last("done").kind)
    assert.equal("the request was cancelled", last("done").message)
    client:close()
    assert.equal("submitted attempt submitted attempt done done", names())
    assert.equal("the client was closed", events[6].message)
  end)

  it("may raise: the request goes its way, and on_error is told", function()
    local told = {}
    local client = host:new_client {
      on_event = function(event) error("no " .. event.name, 0) end,
      on_error = function(err) told[#told + 1] = err end,
    }
    assert(client.credentials:create())
    assert.same({ "no submitted", "no attempt", "no done" }, told)
  end)

  it("may yield: nobody waits for it", function()
    local client = traced { on_event = function() coroutine.yield() end }
    assert(client.credentials:create())
    assert.equal(1, #host.emulator:credentials())
  end)

  it("may make requests itself", function()
    local client, made
    client = traced { on_event = function(event)
      events[#events + 1] = event
      if event.name == "done" and not made then
        made = client.credentials:create({ description = "by the hook" }, { wait = false })
      end
    end }
    assert(client.credentials:create())
    assert.equal("by the hook", made:result().description)
    drain(client)
    assert.equal("submitted attempt done submitted attempt done", names())
  end)

  it("may close the client", function()
    local client
    client = host:new_client { on_event = function(event)
      if event.name == "attempt" then
        client:close()
      end
    end }
    local value, err = client.credentials:create() -- in process it is answered before anybody is told
    assert.truthy(value or err.kind == "cancelled")
    assert.equal(0, client:pending())
  end)

  it("holds no request back in memory that is done", function()
    local client = traced()
    assert(client.credentials:create())
    assert.is_nil(next(proxy.target(client).trace.operations))
  end)

  if host.wire then
    it("is told how long each phase took", function()
      local client = traced()
      assert(client.credentials:create())
      local first = last("done").timings
      for _, phase in ipairs { "connect", "first_byte", "total" } do
        assert.truthy(first[phase] > 0, ("%s took %g s"):format(phase, first[phase]))
      end
      assert.equal(host.wire.tls == true, first.tls > 0)
      assert(client.credentials:create())
      local second = last("done").timings
      assert.equal(0, second.tls)
      local sum = second.resolve + second.connect + second.tls + second.first_byte + second.receive
      assert.truthy(sum <= second.total + 1e-6)
    end)
  else
    it("is told no times, which only libcurl takes", function()
      local client = traced()
      assert(client.credentials:create())
      assert.is_nil(last("done").timings)
    end)
  end
end)

describe("a trace hook that raises, without on_error,", function()
  it("leaves a line on stderr and the program as it is", function()
    local said = child.run [[
      local ngrok = require "ngrok"
      local client = assert(ngrok.client {
        transport = require("ngrok.emulator").new(), on_event = function() error("hook", 0) end,
      })
      io.write(assert(client.credentials:create()).id and "created")
    ]]
    assert.equal("created", said.output)
    local _, lines = said.errors:gsub("ngrok: on_event failed: hook\n", "")
    assert.equal(3, lines)
  end)
end)

describe("an event", function()
  it("has nothing of the key or a token that a transport or a response repeats", function()
    local key, token = "KOBOLD7_canary9key", "2TMGGIw07ve6R3DQzMrN3964IKQ_5JsFk4rfMHdTH7B96qRVD"
    local events, responses = {}, {
      function() return nil, "connect", "no way for Bearer " .. key end,
      function() return nil, "connect", "no way for " .. token end,
      function() return { status = 503, headers = { ["ngrok-operation-id"] = key } } end,
      function()
        local body = ('{"error_code":"%s","msg":"%s is no key, nor is %s"}'):format(key, key, token)
        return { status = 404, headers = { ["ngrok-operation-id"] = "op_" .. token }, body = body }
      end,
    }
    local client = assert(ngrok.client {
      api_key = key, on_event = function(event) events[#events + 1] = event end,
      transport = function() return table.remove(responses, 1)() end,
    })
    assert.is_nil((client.credentials:get("cr_1")))
    client:close()
    assert.equal(4, events[#events].attempt)
    for _, event in ipairs(events) do
      for name, value in pairs(event) do
        assert.is_nil(tostring(value):find("canary9", 1, true), name)
        assert.is_nil(tostring(value):find("5JsFk4rfMHd", 1, true), name)
      end
    end
  end)
end)

describe("events", function()
  it("are not recorded without a hook", function()
    local client = assert(ngrok.client { transport = require("ngrok.emulator").new() })
    assert(client.credentials:create())
    assert.is_nil(proxy.target(client).core:next_event())
    client:close()
  end)
end)
