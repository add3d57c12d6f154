--- on_event: which events a request has, and that the hook can do no harm.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local proxy = require "ngrok.proxy"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

hosts.describe_on(wires.all, "the trace hook", function(host)
  local events

  local function note(event)
    events[#events + 1] = event
  end

  before_each(function()
    events = {}
  end)

  local function traced(options)
    options = options or {}
    options.on_event = options.on_event or note
    return host:new_client(options)
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

  it("gets the events of a request that goes well", function()
    local client = traced()
    assert(client.credentials:create())
    assert.equal("submitted attempt done", names())
    for index, event in ipairs(events) do
      assert.equal("credentials.create", event.operation)
      assert.equal(1, event.request)
      assert.equal(math.min(index - 1, 1), event.attempt)
      assert.equal(event.name == "done" or nil, event.ok)
    end
    local done = events[3]
    assert.equal(201, done.status)
    assert.truthy(done.operation_id:match "^op_%w+$")
    assert.truthy(done.seconds >= 0)
    assert.is_nil(done.kind)
    assert.is_nil(next(proxy.target(client).trace.operations)) -- what is done takes no memory
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

  it("gets the error of each attempt that fails, as the operation's error would have it", function()
    local client = traced { max_retries = 1 }
    host.emulator:misbehave { kind = "status", status = 503, code = "ERR_NGROK_1", message = "first" }
    host.emulator:misbehave { kind = "status", status = 500, code = "ERR_NGROK_2", message = "second" }
    local _, err = client.credentials:get "cr_1"
    assert.equal("submitted attempt retry attempt done", names())
    local retry, done = events[3], events[5]
    for name, value in pairs {
      why = "backoff", status = 503, kind = "api", outcome = "unknown", attempt = 1, message = "first",
      code = "ERR_NGROK_1",
    } do
      assert.equal(value, retry[name], name)
    end
    assert.truthy(retry.seconds >= 0 and retry.seconds <= 0.25)
    assert.truthy(retry.operation_id)
    assert.is_nil(retry.ok)
    for _, name in ipairs { "kind", "phase", "outcome", "status", "code", "message", "operation_id" } do
      assert.equal(err[name], done[name], name)
    end
    assert.equal("second", done.message)
    assert.equal(2, done.attempt)
    assert.is_nil(done.body or done.content_type)
    assert.is_false(done.ok)
  end)

  it("gets the pause that the server asks for", function()
    local client = traced { max_retries = 1, rate_limit = { requests = 1000, window = 0.2 } }
    host.emulator:misbehave { kind = "status", status = 429, count = 1 }
    assert(client.credentials:create())
    local retry = last "retry"
    assert.equal("pause", retry.why)
    assert.equal(429, retry.status)
    assert.truthy(retry.seconds > 0 and retry.seconds <= 0.06)
  end)

  it("gets the wait for the cap on requests in flight", function()
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

  it("gets the wait for the rate limit, and how long it will be", function()
    local client = traced { api_key = host.emulator.api_key, rate_limit = { requests = 2, window = 0.3 } }
    for _ = 1, 3 do
      assert(client.credentials:create())
    end
    local waiting = last "waiting"
    assert.equal("rate_limit", waiting.why)
    assert.truthy(waiting.seconds > 0 and waiting.seconds <= 0.31)
  end)

  it("gets the end by cancel and by close", function()
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

  it("may raise: the error goes to on_error, and the request goes on", function()
    local raised = {}
    local client = traced {
      on_event = function(event) error("no " .. event.name, 0) end,
      on_error = function(err) raised[#raised + 1] = err end,
    }
    assert(client.credentials:create())
    assert.same({ "no submitted", "no attempt", "no done" }, raised)
  end)

  it("may yield, because no call waits for it", function()
    local client = traced { on_event = coroutine.yield }
    assert(client.credentials:create())
    assert.equal(1, #host.emulator:credentials())
  end)

  it("may make requests itself", function()
    local client, made
    client = traced { on_event = function(event)
      note(event)
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
    client = traced { on_event = function(event)
      if event.name == "attempt" then
        client:close()
      end
    end }
    local value, err = client.credentials:create() -- in process the response is there before the event
    assert.truthy(value or err.kind == "cancelled")
    assert.equal(0, client:pending())
  end)

  it("gets how long each phase took, which only libcurl measures", function()
    local client = traced()
    assert(client.credentials:create())
    local first = last("done").timings
    if not host.wire then
      return assert.is_nil(first)
    end
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
    assert.equal(("ngrok: on_event failed: hook\n"):rep(3), said.errors)
  end)
end)

describe("events", function()
  it("are not recorded without a hook", function()
    local client = assert(ngrok.client { transport = emulator.new() })
    assert(client.credentials:create())
    assert.is_nil(proxy.target(client).core:next_event())
    client:close()
  end)
end)
