-- ngrok.each where nothing but the script steps clients; spec/loop has it in each loop.
local cqueues = require "cqueues"
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local manual_transport = require "spec.support.manual_transport"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"

local function message_of(...)
  local fine, message = pcall(...)
  assert.is_false(fine)
  return message
end

hosts.describe("ngrok.each", function(host)
  local credentials

  before_each(function()
    credentials = host.client.credentials
  end)

  local function create(name)
    return credentials:create { description = name }
  end

  local function descriptions()
    local found = {}
    for index, held in ipairs(host.emulator:credentials()) do
      found[index] = held.description
    end
    table.sort(found)
    return table.concat(found, " ")
  end

  it("runs a function on each item of an array, and has nothing to return where all went well", function()
    assert.same({}, ngrok.each({ "a", "b", "c" }, { concurrency = 2 }, create))
    assert.equal("a b c", descriptions())
    assert.same({}, ngrok.each({}, nil, create))
  end)

  it("returns what failed in the items' order, by an error that was raised or returned", function()
    local failures = ngrok.each({ "a", "b", "c", "d" }, nil, function(name, index)
      if name == "d" then
        error "of d"
      elseif name == "b" then
        return credentials:get "cr_none"
      end
      assert.equal(index, name == "a" and 1 or 3)
      return create(name)
    end)
    assert.equal(2, #failures)
    assert.same({ "b", 2, 404 }, { failures[1].item, failures[1].index, failures[1].error.status })
    assert.same({ "d", 4 }, { failures[2].item, failures[2].index })
    assert.matches("each_spec.lua:%d+: of d", failures[2].error)
    assert.equal("a c", descriptions())
  end)

  it("begins no more after a failure where it is to stop", function()
    local begun = 0
    local failures = ngrok.each({ 1, 2, 3, 4, 5, 6 }, { concurrency = 2, stop = true }, function(number)
      begun = begun + 1
      if number == 2 then
        return nil, "no more"
      end
      return create "a"
    end)
    assert.equal("no more", failures[1].error)
    assert.equal(1, #failures)
    assert.is_true(begun <= 3)
  end)

  it("walks a listing, and an iterator function", function()
    host.emulator:seed(5)
    local deleted = {}
    assert.same({}, ngrok.each(credentials:list { limit = 2 }, nil, function(one)
      deleted[#deleted + 1] = one.id
      return one:delete()
    end))
    assert.equal(5, #deleted)
    assert.equal("", descriptions())
    local left = 3
    assert.same({}, ngrok.each(function()
      left = left - 1
      return left >= 0 and "item" or nil
    end, nil, create))
    assert.equal("item item item", descriptions())
  end)

  it("reports that the items cannot be had", function()
    host.emulator:misbehave { kind = "status", status = 400 }
    local failures = ngrok.each(credentials:list(), nil, print)
    assert.same({ 1, 400 }, { #failures, failures[1].error.status })
    assert.is_nil(failures[1].item)
    failures = ngrok.each(function() error("of the iterator", 0) end, nil, print)
    assert.same({ { index = 1, error = "of the iterator" } }, failures)
  end)

  it("tells how far it is", function()
    local told = {}
    local function tell(done, total)
      told[#told + 1] = ("%d/%s"):format(done, tostring(total))
    end
    ngrok.each({ "a", "b" }, { on_progress = tell }, create)
    ngrok.each(credentials:list(), { on_progress = tell }, function() end)
    assert.same({ "1/2", "2/2", "1/nil", "2/nil" }, told)
    local failures = ngrok.each({ "a" }, { on_progress = function() error("of progress", 0) end }, create)
    assert.same({ { item = "a", index = 1, error = "of progress" } }, failures)
  end)

  if host.wire then
    it("has several requests under way at a time, and no more than it may", function()
      host.emulator:misbehave { kind = "delay", seconds = 0.05, count = math.huge }
      local now, most = 0, 0
      assert.same({}, ngrok.each({ 1, 2, 3, 4, 5, 6 }, { concurrency = 3 }, function()
        now = now + 1
        most = math.max(most, now)
        local made, err = create "a"
        now = now - 1
        return made, err
      end))
      assert.equal(3, most)
    end)

    it("serves several clients, and calls of each inside it", function()
      local others = { host.client, host:new_client(), host:new_client() }
      local failures = ngrok.each(others, nil, function(client)
        return #ngrok.each({ "a", "b" }, nil, function(name)
          return client.credentials:create { description = name }
        end) == 0
      end)
      assert.same({}, failures)
      assert.equal("a a a b b b", descriptions())
    end)

    it("lets calls fail that its caller cannot wait for", function()
      local client = host:new_client { loop = "tick" }
      local failures = ngrok.each({ 1 }, nil, function() return client.credentials:create() end)
      assert.matches("call it in a coroutine", failures[1].error.message, 1, true)
      assert.equal("", descriptions())
    end)
  end

  it("names an argument that is wrong", function()
    for expected, arguments in pairs {
      ["items must be an array, a listing or an iterator function, got number"] = { 5, {}, print },
      ["fn must be a function, got nil"] = { {}, {} },
      ["unknown name 'concurency' in the options of ngrok.each"] = { {}, { concurency = 2 }, print },
      ["bad 'concurrency' in the options of ngrok.each: a whole number from 1 to 1000 expected, got 0"] =
        { {}, { concurrency = 0 }, print },
      ["bad 'on_progress'"] = { {}, { on_progress = "x" }, print },
    } do
      assert.matches(expected, message_of(ngrok.each, arguments[1], arguments[2], arguments[3]), 1, true)
    end
  end)
end)

describe("ngrok.each in a coroutine of a tick", function()
  local client, transport, emu

  before_each(function()
    transport, emu = manual_transport.new(), emulator.new { api_key = "a_key" }
    client = assert(ngrok.client { loop = "tick", api_key = "a_key", transport = transport, max_retries = 0 })
  end)

  after_each(function()
    client:close()
  end)

  it("returns what fails after it has waited, and serves the others", function()
    local failures
    coroutine.wrap(function()
      failures = ngrok.each({ "a", "b", "c", "d", "e" }, { concurrency = 2 }, function(name)
        local made, err = client.credentials:create { description = name }
        if name == "b" or name == "d" then
          error("no " .. name, 0)
        end
        return made, err
      end)
    end)()
    assert.equal(2, client:pending())
    timing.step_until({ step = function()
      transport:respond_to_all(emu)
      client:step(0)
    end }, function() return failures end)
    assert.same({ { item = "b", index = 2, error = "no b" }, { item = "d", index = 4, error = "no d" } },
      failures)
    assert.equal(5, #emu:credentials())
    assert.equal(0, client:pending())
  end)

  it("serves a client that blocks beside one that the tick steps", function()
    local blocking = assert(ngrok.client { loop = "block", transport = emulator.new() })
    local failures
    coroutine.wrap(function()
      failures = ngrok.each({ client, blocking, client, blocking }, { concurrency = 4 }, function(one)
        return one.credentials:create()
      end)
    end)()
    assert.is_nil(failures)
    timing.step_until({ step = function()
      transport:respond_to_all(emu)
      client:step(0)
    end }, function() return failures end)
    assert.same({}, failures)
    assert.equal(2, #emu:credentials())
    blocking:close()
  end)

  it("may call an iterator that waits again before it has returned", function()
    local calls, inside, most, failures = 0, 0, 0, nil
    local function iterate()
      calls, inside = calls + 1, inside + 1
      most = math.max(most, inside)
      local made = calls < 5 and assert(client.credentials:create()) or nil
      inside = inside - 1
      return made
    end
    coroutine.wrap(function()
      failures = ngrok.each(iterate, { concurrency = 2 }, function(credential)
        return credential:delete()
      end)
    end)()
    timing.step_until({ step = function()
      transport:respond_to_all(emu)
      client:step(0)
    end }, function() return failures end)
    assert.same({}, failures)
    assert.equal(2, most)
    assert.equal(0, #emu:credentials())
  end)

  it("cancels what is under way, and begins no more, where that coroutine is closed", function()
    if not coroutine.close then
      return
    end
    local begun = 0
    local caller = coroutine.create(function()
      ngrok.each({ 1, 2, 3, 4, 5 }, { concurrency = 2 }, function()
        begun = begun + 1
        return client.credentials:create()
      end)
    end)
    assert(coroutine.resume(caller))
    assert.equal(2, client:pending())
    assert.is_true(coroutine.close(caller))
    timing.step_until(client, function() return client:pending() == 0 end, 0)
    assert.equal(2, begun)
    assert.equal(0, #emu:credentials())
  end)
end)

it("ngrok.each lets calls fail in a coroutine that cqueues does not run", function()
  local client = assert(ngrok.client { loop = "cqueues", transport = emulator.new() })
  local controller, failures = cqueues.new(), nil
  controller:wrap(function()
    failures = coroutine.wrap(function()
      return ngrok.each({ 1, 2 }, nil, function() return client.credentials:create() end)
    end)()
  end)
  assert(controller:loop(5))
  assert.equal(2, #failures)
  assert.matches("in a coroutine that cqueues does not run", failures[1].error.message, 1, true)
  client:close()
end)
