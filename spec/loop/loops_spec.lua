-- What a client promises in every loop: a script's, a game's tick, cqueues', libuv's, and one that a program
-- brings along. nginx's and Neovim's have specs of their own.
local cqueues = require "cqueues"
local concurrency = require "spec.support.concurrency"
local emulator = require "ngrok.emulator"
local proxy = require "ngrok.proxy"
local libuv = require "spec.support.libuv"
local ngrok = require "ngrok"
local time = require "ngrok.time"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"
local uv = require "luv"

-- Each: how a program begins a coroutine, and how the loop runs until a condition holds.
local kinds = {}

-- The program steps the clients itself.
local function stepped(loop)
  return function()
    local host = { loop = loop, clients = {} }
    function host.go(fn)
      assert(coroutine.resume(coroutine.create(fn)))
    end
    function host.run_until(condition)
      timing.step_until({ step = function()
        for _, client in ipairs(host.clients) do
          client:step(0.001)
        end
      end }, condition)
    end
    return host
  end
end

kinds[1] = { name = "block", new = stepped "block", blocks = true }
kinds[2] = { name = "tick", new = stepped "tick" }

kinds[3] = {
  name = "cqueues",
  new = function()
    local controller = cqueues.new()
    local host = { loop = "cqueues", clients = {}, controller = controller }
    function host.go(fn)
      controller:wrap(fn)
    end
    function host.run_until(condition)
      timing.step_until({ step = function() assert(controller:step(0.01)) end }, condition)
    end
    return host
  end,
}

kinds[4] = {
  name = "uv",
  new = function()
    local host = { loop = "uv", clients = {}, go = libuv.go }
    function host.run_until(condition)
      local function step()
        libuv.after(10, function() end)
        uv.run "once"
      end
      timing.step_until({ step = step }, condition)
    end
    function host.check_end()
      libuv.run()
      assert.equal(0, libuv.handles(), "a handle was left open")
    end
    return host
  end,
}

-- The adapter of docs/loops.md, as it stands there.
local function documented(watched)
  local file = assert(io.open "docs/loops.md")
  local text = file:read("*a"):match "\n## A loop of your own\n.-\n(local adapter = {\n.-\n}\n)"
  file:close()
  local chunk = "local watched, suspension = ...\n" .. text .. "return adapter"
  return assert((loadstring or load)(chunk))(watched, require "ngrok.loop.suspension")
end

kinds[5] = {
  name = "of docs/loops.md",
  new = function()
    local watched = {}
    local host = { clients = {}, loop = documented(watched) }
    function host.go(fn)
      assert(coroutine.resume(coroutine.create(fn)))
    end
    function host.run_until(condition)
      timing.step_until({ step = function()
        for client in pairs(watched) do
          client:step(0.001)
        end
      end }, condition)
    end
    return host
  end,
}

local places = {
  { name = "by HTTP", start = function() return assert(emulator.start()) end, remote = true },
  { name = "by TLS", start = function() return assert(emulator.start { tls = true }) end, remote = true },
  { name = "in process", start = emulator.new },
}

local function describe_both(kind, place)
  local emu, host
  local it_side_by_side = kind.blocks and function() end or it -- where coroutines wait at the same time

  local function new_client(given)
    local options = { max_retries = 0, rate_limit = false, loop = host.loop }
    if place.remote then
      options.api_key, options.base_url, options.ca_file = emu.api_key, emu.base_url, emu.ca_file
    else
      options.transport = emu
    end
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    local client = assert(ngrok.client(options))
    host.clients[#host.clients + 1] = client
    return client
  end

  -- Runs a function in a coroutine of the loop's, to its end.
  local function inside(fn)
    local over, fine, err = false, nil, nil
    host.go(function()
      fine, err = pcall(fn)
      over = true
    end)
    host.run_until(function() return over end)
    assert(fine, err)
  end

  setup(function()
    emu = place.start()
  end)

  teardown(function()
    if emu.stop then
      emu:stop()
    end
  end)

  before_each(function()
    emu:reset()
    host = kind.new()
  end)

  after_each(function()
    for _, client in ipairs(host.clients) do
      client:close()
    end
    if host.check_end then
      host.check_end()
    end
  end)

  it("does every operation in a coroutine", function()
    local client = new_client()
    inside(function()
      local made = assert(client.credentials:create { description = "lamp", acl = { "bind:*.example.com" } })
      assert.truthy(made.token)
      assert.equal("lamp", assert(client.credentials:get(made.id)).description)
      assert(made:update { description = "lantern" })
      assert.equal("lantern", made:reload().description)
      assert.is_true(made:delete())
      local _, err = client.credentials:get(made.id)
      assert.is_true(err:is_not_found())
    end)
    assert.equal(0, client:pending())
  end)

  it("walks a list over all its pages, and leaves one early", function()
    emu:seed(10)
    local client = new_client()
    inside(function()
      local count = 0
      for _ in client.credentials:list { limit = 3 } do
        count = count + 1
      end
      assert.equal(10, count)
      local walk = client.credentials:list { limit = 3 }
      assert(walk:next())
      walk:close()
    end)
    host.run_until(function() return client:pending() == 0 end)
  end)

  it("finds, finds all, and creates what it does not find", function()
    emu:seed(10)
    local client = new_client()
    inside(function()
      local match = { description = "lamp" }
      assert.is_nil(client.credentials:find(match))
      local made, response = client.credentials:find_or_create { match = match }
      assert.is_true(response.created)
      local found, again = client.credentials:find_or_create { match = match }
      assert.is_false(again.created)
      assert.equal(made, found)
      assert.equal(made, client.credentials:find(match))
      assert.equal(11, #client.credentials:find_all { created_at = { after = "1h" } })
    end)
    assert.equal(0, client:pending())
  end)

  if place.remote and not kind.blocks then
    it("lets others go on while one waits", function()
      local client, order = new_client(), {}
      host.go(function()
        assert(client.credentials:create())
        order[#order + 1] = "has it"
      end)
      host.go(function()
        order[#order + 1] = "goes on"
      end)
      host.run_until(function() return #order == 2 end)
      assert.equal("has it", order[2])
    end)

    it("wakes who waits for what is cancelled or closed", function()
      local client, ends = new_client(), {}
      emu:misbehave { kind = "hang", count = 2 }
      local request = client.credentials:create({}, { wait = false })
      host.go(function()
        local value, err = request:result()
        ends[#ends + 1] = value and "made" or err.kind
      end)
      host.go(function()
        local value, err = client.credentials:create()
        ends[#ends + 1] = value and "made" or err.kind
      end)
      host.run_until(function() return #emu:requests() == 2 end)
      request:cancel()
      client:close()
      host.run_until(function() return #ends == 2 end)
      assert.same({ "cancelled", "cancelled" }, ends)
      assert.equal(0, client:pending())
    end)

    it("ends a request whose time is up", function()
      local client, err = new_client(), nil
      emu:misbehave { kind = "hang" }
      host.go(function()
        err = select(2, client.credentials:get("cr_1", { timeout = 0.05 }))
      end)
      host.run_until(function() return err end)
      assert.equal("timeout", err.kind)
    end)
  end

  it("calls back once, after the call has returned", function()
    local client, calls, returned = new_client(), 0, false
    host.go(function()
      client.credentials:create({}, { on_done = function(made, err)
        assert(made, err)
        assert(returned)
        assert.equal(made.id, assert(client.credentials:get(made.id)).id) -- it may wait in its turn
        calls = calls + 1
      end })
      client.credentials:get("no id", { on_done = function(_, err)
        assert(returned and err.kind == "invalid")
        calls = calls + 1
      end })
      assert.equal(0, calls)
      returned = true
    end)
    host.run_until(function() return calls == 2 and client:pending() == 0 end)
  end)

  it("runs a function on each of many, several at a time", function()
    local client, now, most = new_client(), 0, 0
    inside(function()
      local failures = ngrok.each({ 1, 2, 3, 4, 5, 6, 7 }, { concurrency = 3 }, function(number)
        now = now + 1
        most = math.max(most, now)
        local made, err = client.credentials:create { description = "item " .. number }
        now = now - 1
        assert(number ~= 5, "no five")
        return made, err
      end)
      assert.same({ 1, 5 }, { #failures, failures[1].item })
      assert.matches("no five", failures[1].error, 1, true)
      assert.equal(7, #emu:credentials())
    end)
    if place.remote then
      assert.equal(3, most)
    end
    host.run_until(function() return client:pending() == 0 end)
  end)

  it("walks a list by several pages at once", function()
    emu:seed(90, function(index) return { created_at = time.format(1600000000 + 10 * index) } end)
    local client, ids = new_client(), {}
    inside(function()
      for credential in client.credentials:list { parallel = 4, limit = 5 } do
        ids[#ids + 1] = credential.id
      end
    end)
    for index, credential in ipairs(emu:credentials()) do
      assert.equal(credential.id, ids[index])
    end
    assert.equal(90, #ids)
    host.run_until(function() return client:pending() == 0 end)
  end)

  it_side_by_side("gives who waits for a page its end when the listing is closed", function()
    local client = assert(ngrok.client {
      transport = manual_transport.new(), loop = host.loop, rate_limit = false,
    })
    local ended = 0
    host.clients[#host.clients + 1] = client
    for _, parallel in ipairs { 1, 4 } do
      local listing = client.credentials:list { parallel = parallel }
      host.go(function()
        local _, err = listing:next()
        assert.equal("cancelled", err.kind)
        ended = ended + 1
      end)
      host.run_until(function() return client:pending() > 0 end)
      listing:close()
      host.run_until(function() return ended == (parallel == 1 and 1 or 2) end)
    end
  end)

  it("drains a client: all has ended, and the callbacks were called", function()
    local client, calls = new_client(), 0
    inside(function()
      for index = 1, 6 do
        client.credentials:create({}, { on_done = function()
          calls = calls + 1
          if index == 1 then -- what a callback begins counts, too
            client.credentials:create({}, { on_done = function() calls = calls + 1 end })
          end
        end })
      end
      assert.is_true(client:drain(10))
      assert.equal(7, calls)
      assert.is_true(client:drain())
    end)
    host.run_until(function() return client:pending() == 0 end)
  end)

  if place.remote then
    it("drains no longer than its timeout, and says how many are left", function()
      local client = new_client()
      emu:misbehave { kind = "hang", count = 2 }
      local requests = {}
      inside(function()
        for index = 1, 2 do
          requests[index] = client.credentials:create({}, { wait = false })
        end
      end)
      host.run_until(function() return #emu:requests() == 2 end)
      inside(function()
        local drained, err = client:drain(0.05)
        assert.is_nil(drained)
        assert.equal("timeout wait", err.kind .. " " .. err.phase)
        assert.equal("2 requests are still pending after timeout (0.05 s)", err.message)
        assert.is_false(err:is_rate_limited())
        for _, request in ipairs(requests) do
          request:cancel()
        end
        assert.is_true(client:drain(10))
      end)
    end)
  end

  it("tells a request's result to all who wait for it", function()
    local client, told = new_client(), {}
    local request = client.credentials:create({ description = "shared" }, { wait = false })
    for _ = 1, 3 do
      host.go(function()
        local made = request:result()
        told[#told + 1] = made
      end)
    end
    host.run_until(function() return #told == 3 end)
    assert.is_true(rawequal(told[1], told[2]) and rawequal(told[2], told[3]))
  end)

  it("tells on_error what callbacks raise, and serves the others", function()
    local errors, served = {}, 0
    local client = new_client { on_error = function(err) errors[#errors + 1] = tostring(err) end }
    host.go(function()
      for index = 1, 3 do
        client.credentials:create({}, { on_done = function()
          served = served + 1
          if index == 2 then
            error "of the second"
          end
        end })
      end
    end)
    host.run_until(function() return served == 3 and client:pending() == 0 end)
    assert.equal(1, #errors)
    assert.truthy(errors[1]:find("of the second", 1, true))
  end)

  it("closes in a callback, and gives each of the others its end", function()
    local client, ends = new_client(), 0
    host.go(function()
      for index = 1, 4 do
        client.credentials:create({}, { on_done = function()
          ends = ends + 1
          if index == 1 then
            client:close()
          end
        end })
      end
    end)
    host.run_until(function() return ends == 4 end)
    assert.equal(0, client:pending())
  end)

  describe("a callback that cancels others", function()
    local client, ends, errors, hanging

    -- Keeps a request's ends; `on_end` is called besides.
    local function note(name, on_end)
      return function(value, err)
        ends[name] = ends[name] or {}
        table.insert(ends[name], value and "made" or err.kind)
        if on_end then
          on_end(name, err)
        end
      end
    end

    local function all_have_ended()
      return ends.first and ends["under way"] and ends.next and ends.last and client:pending() == 0
    end

    -- Two may be under way. One hangs there before the first is sent, whose callback it is that cancels: by
    -- then the next has its place, and the last has none yet.
    local function begin(in_callback, in_others)
      local requests = {}
      host.go(function()
        requests.first = client.credentials:create({}, { on_done = note("first", function()
          assert.is_true(hanging:cancel() and requests.next:cancel() and requests.last:cancel())
          in_callback()
        end) })
        for _, name in ipairs { "next", "last" } do
          requests[name] = client.credentials:get("cr_" .. name, { on_done = note(name, in_others) })
        end
      end)
    end

    local function nothing() end

    before_each(function()
      ends, errors = {}, {}
      client = new_client {
        max_in_flight = 2,
        on_error = function(err) errors[#errors + 1] = tostring(err) end,
      }
      emu:misbehave { kind = "hang", method = "GET", count = math.huge }
      hanging = nil
      host.go(function()
        hanging = client.credentials:get("cr_hanging", { on_done = note "under way" })
      end)
      host.run_until(function() -- not by their number: the server may read late what the case before has sent
        for _, request in ipairs(emu:requests()) do
          if request.path == "/credentials/cr_hanging" then
            return true
          end
        end
      end)
    end)

    it("gives each of them one end, sends nothing of what had not begun, and leaves their places", function()
      local outcomes = {}
      begin(nothing, function(name, err) outcomes[name] = err.outcome end)
      host.run_until(all_have_ended)
      local turns, made = 0, 0
      host.run_until(function()
        turns = turns + 1
        return turns == 5 -- in which nothing more may come
      end)
      assert.same({
        first = { "made" }, ["under way"] = { "cancelled" }, next = { "cancelled" }, last = { "cancelled" },
      }, ends)
      assert.same({}, errors)
      assert.equal("not_sent", outcomes.last)
      for _, request in ipairs(emu:requests()) do
        assert.is_nil(request.path:find("cr_last", 1, true))
      end
      host.go(function()
        for _ = 1, 2 do
          client.credentials:create({}, { on_done = function(value) made = made + (value and 1 or 0) end })
        end
      end)
      host.run_until(function() return made == 2 and client:pending() == 0 end)
    end)

    it_side_by_side("wakes who waits for one of them", function()
      local err
      host.go(function()
        err = select(2, hanging:result())
      end)
      begin(nothing, nothing)
      host.run_until(function() return err and all_have_ended() end)
      assert.equal("cancelled", err.kind)
    end)

    it("may raise, and so may theirs; on_error gets each error", function()
      begin(function() error("of the first", 0) end, function() error("of another", 0) end)
      host.run_until(all_have_ended)
      table.sort(errors)
      assert.same({ "of another", "of another", "of the first" }, errors)
    end)
  end)

  it("steps in a callback", function()
    local client, ends = new_client(), 0
    host.go(function()
      for _ = 1, 3 do
        client.credentials:create({}, { on_done = function()
          ends = ends + 1
          client:step(0)
        end })
      end
    end)
    host.run_until(function() return ends == 3 and client:pending() == 0 end)
  end)

  -- Fair is who begins in turn: a request whose connection is yet to be made ends later than others.
  it_side_by_side("shares one client among many coroutines in their order, up to its cap", function()
    local begun, resumed, cap = {}, {}, 16
    -- An emulator in this process responds at once.
    local transport = not place.remote and manual_transport.new() or nil
    local client = new_client {
      max_in_flight = cap,
      transport = transport,
      api_key = emu.api_key,
      on_event = function(event)
        begun[#begun + 1] = event.name == "attempt" and event.request or nil
      end,
    }
    if place.remote then
      concurrency.hold(emu, cap, 300)
    end
    local asked, ended = 0, 0
    for _ = 1, 300 do
      host.go(function()
        asked = asked + 1
        local index = asked
        local made = assert(client.credentials:create { description = "box " .. index })
        assert(made.description == "box " .. index)
        resumed[index] = (resumed[index] or 0) + 1
        ended = ended + 1
      end)
    end
    host.run_until(function()
      if transport then
        transport:respond_to_all(emu)
      end
      return ended == 300 and client:pending() == 0
    end)
    assert.equal(300, #emu:credentials())
    assert.equal(300, #begun)
    for index = 1, 300 do
      assert.equal(1, resumed[index])
      assert.is_true(index == 1 or begun[index] > begun[index - 1], "number " .. index .. " was overtaken")
    end
    assert.equal(cap, transport and transport.most_open or concurrency.peak(emu))
  end)
end

for _, kind in ipairs(kinds) do
  for _, place in ipairs(places) do
    describe(("the loop %s, %s,"):format(kind.name, place.name), function()
      describe_both(kind, place)
    end)
  end
end

describe("the loop of docs/loops.md", function()
  it("refuses a plain call that cannot wait, if it says that it does", function()
    local adapter = documented {}
    if adapter.refusal then
      local client = assert(ngrok.client { transport = emulator.new(), loop = adapter })
      local _, err = client.credentials:create()
      assert.equal("invalid", err.kind)
    end
  end)
end)

describe("a tick", function()
  local function new_client(given)
    local options = { api_key = "a_key", transport = emulator.new { api_key = "a_key" }, loop = "tick" }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    return assert(ngrok.client(options))
  end

  it("refuses a call that cannot wait, and names the other ways", function()
    local client = new_client()
    local made, err = client.credentials:create()
    assert.is_nil(made)
    assert.equal("invalid validate not_sent", ("%s %s %s"):format(err.kind, err.phase, err.outcome))
    for _, way in ipairs { "coroutine", "on_done", "wait = false" } do
      assert.truthy(err.message:find(way, 1, true), err.message)
    end
    local _, of_list = client.credentials:list():next()
    assert.equal("invalid", of_list.kind)
  end)

  it("leaves a request under way where its call cannot wait", function()
    local response
    local client = new_client { transport = function(_, done) response = done end }
    local request = client.credentials:create({}, { wait = false })
    local _, err = request:result()
    assert.equal("invalid", err.kind)
    assert.is_false(request:done())
    response { status = 201, body = '{"id":"cr_1","uri":"u"}' }
    client:step(0)
    assert.equal("cr_1", request:result().id)
  end)

  it("raises what callbacks raise when all were called", function()
    local client, calls = new_client(), 0
    for _ = 1, 2 do
      client.credentials:create({}, { on_done = function()
        calls = calls + 1
        error("of a callback", 0)
      end })
    end
    local fine, err = pcall(client.step, client, 0)
    assert.is_false(fine)
    assert.equal("of a callback", err)
    assert.equal(2, calls)
  end)

  it("resumes no coroutine that has ended or sleeps elsewhere by now", function()
    local told, response
    local client = new_client { transport = function(_, done) response = done end }
    local sleeper = coroutine.create(function()
      client.credentials:create()
      told = coroutine.yield "elsewhere"
    end)
    assert(coroutine.resume(sleeper))
    response { status = 201, body = '{"id":"cr_1","uri":"u"}' }
    local _, where = coroutine.resume(sleeper) -- a scheduler that resumes everybody in each frame
    assert.equal("elsewhere", where)
    client:step(0)
    assert.is_nil(told)
    assert.equal("suspended", coroutine.status(sleeper))
  end)
end)

describe("cqueues", function()
  it("is refused in a coroutine that it does not run", function()
    local controller, err = cqueues.new(), nil
    local client = assert(ngrok.client { transport = emulator.new(), loop = "cqueues" })
    controller:wrap(function()
      coroutine.wrap(function()
        local _
        _, err = client.credentials:create()
      end)()
    end)
    assert(controller:loop(5))
    assert.equal("invalid", err.kind)
    assert.truthy(err.message:find("cqueues", 1, true))
  end)

  it("is found by auto, which blocks outside it, in a generator too", function()
    local client = assert(ngrok.client { transport = emulator.new() })
    local generator = coroutine.wrap(function()
      coroutine.yield(assert(client.credentials:create { description = "generated" }).description)
    end)
    assert.equal("generated", generator())
    local controller, made = cqueues.new(), nil
    controller:wrap(function()
      made = assert(client.credentials:create { description = "controlled" })
      assert.is_true(next(proxy.target(client).watching) ~= nil) -- by the adapter for cqueues
    end)
    assert(controller:loop(5))
    assert.equal("controlled", made.description)
  end)

  it("ends by itself when nothing is under way, and takes a client as an object to poll", function()
    local emu = assert(emulator.start())
    local client = assert(ngrok.client {
      api_key = emu.api_key, base_url = emu.base_url, rate_limit = false, loop = "block",
    })
    local controller, made = cqueues.new(), nil
    client.credentials:create({}, { on_done = function(value) made = value end })
    controller:wrap(function()
      while client:pending() > 0 do
        cqueues.poll(client)
        client:step(0)
      end
    end)
    assert(controller:loop(10))
    assert.truthy(made)
    client:close()
    emu:stop()
  end)

  it("shares a client between two controllers", function()
    local emu = assert(emulator.start())
    local client = assert(ngrok.client {
      api_key = emu.api_key, base_url = emu.base_url, rate_limit = false, loop = "cqueues",
    })
    local first, second, made = cqueues.new(), cqueues.new(), 0
    for _, controller in ipairs { first, second } do
      for _ = 1, 10 do
        controller:wrap(function()
          assert(client.credentials:create())
          made = made + 1
        end)
      end
    end
    timing.wait_until(function()
      assert(first:step(0) and second:step(0))
      return made == 20
    end)
    assert(first:loop(5) and second:loop(5))
    client:close()
    emu:stop()
  end)
end)
