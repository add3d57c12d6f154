local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

-- How many descriptors this process has open, and what each one is; nil where /proc does not tell.
local function descriptors()
  local pipe = io.popen("ls -l /proc/$PPID/fd 2>/dev/null", "r")
  local listing = pipe:read("*a")
  pipe:close()
  local count = 0
  for line in listing:gmatch("[^\n]+") do
    -- The pipe is ours for as long as we look.
    if line:find("->", 1, true) and not line:find("pipe:", 1, true) then
      count = count + 1
    end
  end
  return count > 0 and count or nil
end

-- What serves the connections of an emulator dies, and its connections with it.
local function kill_worker(emu)
  local path = ("/proc/%d/task/%d/children"):format(emu.master.pid, emu.master.pid)
  local file = assert(io.open(path, "rb"))
  local worker = assert(file:read("*n"))
  file:close()
  os.execute(("kill -KILL %d"):format(worker))
end

wires.describe("the curl transport", function(wire)
  local emu, clients

  setup(function()
    emu = wire:start()
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
    clients = {}
  end)

  after_each(function()
    for _, client in ipairs(clients) do
      client:close()
    end
  end)

  local function new_client(given)
    local client = assert(ngrok.client(wires.client_options(emu, given)))
    clients[#clients + 1] = client
    return client
  end

  local function fails(value, err)
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(err))
    return err
  end

  local function connections()
    local seen, count = {}, 0
    for _, request in ipairs(emu:requests()) do
      if not seen[request.connection] then
        seen[request.connection] = true
        count = count + 1
      end
    end
    return count
  end

  describe("and connections:", function()
    it("keeps one for fifty requests in a row", function()
      local client = new_client()
      for index = 1, 10 do
        local credential = assert(client.credentials:create { description = tostring(index) })
        assert(client.credentials:get(credential.id))
        assert(credential:update { metadata = "m" })
        assert(client.credentials:list({ limit = 1 }):next())
        assert(credential:delete())
      end
      assert.is_true(#emu:requests() >= 50)
      assert.equal(1, connections())
    end)

    it("keeps it after refusals", function()
      local client = new_client()
      for _ = 1, 5 do
        assert.equal(404, fails(client.credentials:get("cr_1")).status)
      end
      assert.equal(1, connections())
    end)

    it("opens none before the first request", function()
      local client = new_client { base_url = "http://127.0.0.1:1" }
      assert.equal(0, client:pending())
      assert.is_nil(client:timeout())
      assert.equal(0, client:step(0))
    end)

    it("opens as many as there are requests at once, no more than the cap, or one for all", function()
      local client = new_client { max_in_flight = 3 }
      local requests = {}
      -- Answered at once, the first connection could serve all before the second has shaken hands.
      emu:misbehave { kind = "delay", seconds = timing.scaled(0.1), count = 3 }
      for index = 1, 30 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      for _, request in ipairs(requests) do
        assert(request:result())
      end
      local count = connections()
      local least, most = wire.multiplexes and 1 or 2, wire.multiplexes and 1 or 3
      assert.is_true(count >= least and count <= most, tostring(count))
      assert.equal(30, #emu:credentials())
      timing.step_until(client, function() return client:pending() == 0 end)
    end)

    it("speaks the protocol of the wire, and no TLS before 1.2", function()
      assert(new_client().credentials:create())
      local request = emu:requests()[1]
      assert.equal(wire.protocol, request.protocol)
      assert.equal(wire.tls and "TLSv1.3" or nil, request.tls)
    end)

    it("takes a new one when the old one has died between two requests, not when a stream has", function()
      local client = new_client()
      assert(client.credentials:create())
      emu:misbehave { kind = "reset_after", method = "GET" }
      fails(client.credentials:get("cr_1"))
      assert(client.credentials:create())
      assert.equal(wire.multiplexes and 1 or 2, connections())
    end)

    if wire.multiplexes then
      -- As many as wait at the same time: only then is it one connection for all of them at once.
      it("carries many requests at the same time on one", function()
        local client = new_client { max_in_flight = 50 }
        emu:misbehave { kind = "hang", count = 50 }
        local requests = {}
        for index = 1, 50 do
          requests[index] = client.credentials:get("cr_" .. index, { wait = false })
        end
        timing.step_until(client, function() return #emu:requests() == 50 end)
        local most = 0
        for _, request in ipairs(emu:requests()) do
          most = math.max(most, request.simultaneous)
        end
        assert.equal(50, most)
        assert.equal(1, connections())
        for _, request in ipairs(requests) do
          request:cancel()
        end
        timing.step_until(client, function() return client:pending() == 0 end)
      end)

      it("keeps it when one of many requests is cancelled or out of time", function()
        local client = new_client()
        emu:misbehave { kind = "hang", count = 2, method = "GET" }
        local cancelled = client.credentials:get("cr_1", { wait = false })
        local late = client.credentials:get("cr_2", { wait = false, timeout = timing.scaled(0.2) })
        timing.step_until(client, function() return #emu:requests() == 2 end)
        cancelled:cancel()
        timing.step_until(client, function() return late:done() end)
        assert.equal("timeout", fails(late:result()).kind)
        assert(client.credentials:create())
        assert.equal(1, connections())
      end)
    end
  end)

  describe("when the connection breaks:", function()
    local function unknown(err)
      assert.equal("transport", err.kind)
      assert.equal("unknown", err.outcome)
      assert.is_true(err.phase == "receive" or err.phase == "send")
      assert.equal(1, err.attempts)
    end

    for _, kind in ipairs { "reset_before", "reset_after" } do
      local created = kind == "reset_after" and 1 or 0

      it("knows no outcome after " .. kind .. " on a fresh connection, and sent once", function()
        emu:misbehave { kind = kind, method = "POST" }
        unknown(fails(new_client().credentials:create()))
        assert.equal(created, #emu:credentials())
        assert.equal(1, #emu:requests())
      end)

      it("knows no outcome after " .. kind .. " on a connection used before, and sent once", function()
        local client = new_client()
        assert(client.credentials:list():all())
        emu:misbehave { kind = kind, method = "POST" }
        unknown(fails(client.credentials:create()))
        assert.equal(created, #emu:credentials())
        local requests = emu:requests()
        assert.equal(2, #requests)
        assert.equal(requests[1].connection, requests[2].connection)
      end)

      for _, method in ipairs { "get", "update", "delete" } do
        it("does not repeat " .. method .. " after " .. kind .. " on a connection used before", function()
          local seeded = emu:seed(1)
          local client = new_client()
          assert(client.credentials:list():all())
          emu:misbehave { kind = kind }
          local attributes = method == "update" and { description = "x" } or nil
          unknown(fails(client.credentials[method](client.credentials, seeded[1].id, attributes)))
          assert.equal(2, #emu:requests())
        end)
      end
    end

    it("does not repeat what went out on one of many connections used before", function()
      local client = new_client { max_in_flight = 4 }
      local function create_four()
        local requests, failed = {}, 0
        for index = 1, 4 do
          requests[index] = client.credentials:create({}, { wait = false })
        end
        for _, request in ipairs(requests) do
          if not request:result() then
            failed = failed + 1
          end
        end
        return failed
      end
      assert.equal(0, create_four())
      emu:misbehave { kind = "reset_after", count = 4 }
      assert.equal(4, create_four())
      assert.equal(8, #emu:requests())
      assert.equal(8, #emu:credentials())
    end)

    it("knows no outcome of any request on a connection that dies, and sends none of them again", function()
      local own = wire:start()
      finally(function() own:stop() end)
      local client = new_client(wires.client_options(own))
      assert(client.credentials:list():all())
      own:misbehave { kind = "hang", method = "POST", count = math.huge }
      local requests = {}
      for index = 1, 5 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      timing.step_until(client, function() return #own:requests() == 6 end)
      -- The master starts another worker, which would respond with an error of its own.
      kill_worker(own)
      for _, request in ipairs(requests) do
        unknown(fails(request:result()))
      end
    end)

    it("knows no outcome when the response is shorter than it said", function()
      emu:misbehave { kind = "truncate" }
      local err = fails(new_client().credentials:create())
      unknown(err)
      assert.equal("receive", err.phase)
      assert.equal(1, #emu:credentials())
    end)

    it("knows no outcome when the time is up", function()
      emu:misbehave { kind = "hang", processed = true }
      local err = fails(new_client { timeout = timing.scaled(0.1) }.credentials:create())
      assert.equal("timeout", err.kind)
      assert.equal("receive", err.phase)
      assert.equal("unknown", err.outcome)
    end)

    it("goes on with others while one hangs", function()
      local client = new_client()
      emu:misbehave { kind = "hang" }
      local hanging = client.credentials:get("cr_1", { wait = false })
      for _ = 1, 5 do
        assert(client.credentials:create())
      end
      assert.is_false(hanging:done())
      hanging:cancel()
      timing.step_until(client, function() return client:pending() == 0 end)
    end)
  end)

  describe("and a burst of requests:", function()
    local client, requests

    before_each(function()
      client = new_client { max_in_flight = 100, timeout = timing.scaled(20) }
      requests = {}
      for index = 1, 100 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
    end)

    -- A connection takes a good part of the quarter of a millisecond that there is.
    it("begins what a turn of the loop has time for, and the rest in the next ones", function()
      local before = descriptors()
      if not before then
        return pending("there is no /proc")
      end
      if not wire.tls then -- those wait for the first connection, which may be one for all
        assert.equal(0, client:timeout())
      end
      for _, request in ipairs(requests) do
        assert.truthy(assert(request:result()).token)
      end
      assert.equal(100, #emu:credentials())
      if not wire.multiplexes then
        assert.is_true(before < descriptors(), "all were begun at once")
      end
    end)

    it("cancels what has not been begun, and sends it never", function()
      for index = 100, 51, -1 do
        requests[index]:cancel()
        local err = fails(requests[index]:result())
        assert.same({ "cancelled", "not_sent" }, { err.kind, err.outcome })
      end
      for index = 1, 50 do
        assert(requests[index]:result())
      end
      assert.equal(50, #emu:requests())
    end)

    it("closes with what has not been begun", function()
      client:close()
      local last = fails(requests[100]:result())
      assert.same({ "cancelled", "not_sent" }, { last.kind, last.outcome })
      assert.equal(0, client:pending())
    end)
  end)

  describe("and a host that pauses:", function()
    it("counts a response that arrived before the host came back", function()
      local client = new_client { timeout = timing.scaled(0.15) }
      assert(client.credentials:list():all())
      local request = client.credentials:create({}, { wait = false })
      timing.wait_until(function() return #emu:credentials() == 1 end)
      timing.be_busy(timing.scaled(0.4))
      local credential = assert(request:result())
      assert.truthy(credential.token)
    end)

    -- Connections that are open: new ones need steps before anything is sent. There are as many as were
    -- used at the same time, which a slow machine may need several rounds for.
    local function open_connections(client, count)
      local rounds = 0
      repeat
        emu:misbehave { kind = "delay", seconds = 0.1, count = count }
        for _ = 1, count do
          client.credentials:create({}, { wait = false, timeout = 10 })
        end
        timing.step_until(client, function() return client:pending() == 0 end)
        rounds = rounds + 1
      until wire.multiplexes or connections() == count or rounds == 20
    end

    it("counts many of them", function()
      local client = new_client { timeout = timing.scaled(0.5), max_in_flight = 20 }
      open_connections(client, 20)
      local before = #emu:credentials()
      local requests = {}
      emu:misbehave { kind = "delay", seconds = 0.1, count = 20 }
      for index = 1, 20 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      -- A step sends no more of them than a host's turn has time for.
      timing.step_until(client, function() return #emu:credentials() == before + 20 end, 0)
      timing.be_busy(timing.scaled(0.8))
      for _, request in ipairs(requests) do
        assert(request:result())
      end
      timing.step_until(client, function() return client:pending() == 0 end)
    end)

    it("does not let connecting run out of time meanwhile", function()
      local client = new_client { connect_timeout = timing.scaled(0.05) }
      local request = client.credentials:create({}, { wait = false })
      timing.be_busy(timing.scaled(0.5))
      assert.truthy(assert(request:result()).token)
    end)

    it("ends what has had no response by then", function()
      local client = new_client { timeout = timing.scaled(0.1) }
      assert(client.credentials:list():all())
      emu:misbehave { kind = "hang" }
      local request = client.credentials:create({}, { wait = false })
      timing.be_busy(timing.scaled(0.3))
      client:step(0)
      assert.is_true(request:done())
      assert.equal("timeout", fails(request:result()).kind)
    end)
  end)

  describe("and descriptors:", function()
    local works = {}

    works["after close"] = function()
      local client, requests = new_client(), {}
      for index = 1, 8 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      for _, request in ipairs(requests) do
        assert(request:result())
      end
      emu:misbehave { kind = "hang" }
      client.credentials:get("cr_1", { wait = false })
      client:step(0)
      client:close()
    end

    works["when clients are dropped"] = function()
      assert(assert(ngrok.client(wires.client_options(emu))).credentials:create())
    end

    works["after connections that failed"] = function()
      local client = clients[1] or new_client { base_url = "http://127.0.0.1:1" }
      fails(client.credentials:create())
    end

    for name, work in pairs(works) do
      it("leaves none open " .. name, function()
        local function count()
          collectgarbage()
          collectgarbage()
          return descriptors()
        end
        work()
        local before = count()
        if not before then
          return pending("there is no /proc")
        end
        for _ = 1, 5 do
          work()
        end
        assert.equal(before, count())
      end)
    end

    it("are not inherited by programs that the host starts", function()
      -- What a program that is started now finds open, but for its own.
      local function inherited()
        local pipe = io.popen("ls -l /proc/self/fd 2>/dev/null; :", "r")
        local listing = pipe:read("*a")
        pipe:close()
        local kinds = { sockets = 0, others = 0 }
        for target in listing:gmatch("%-> ([^\n]+)") do
          if target:find("^socket:") then
            kinds.sockets = kinds.sockets + 1
          elseif target:find("^anon_inode:") then
            kinds.others = kinds.others + 1
          end
        end
        return kinds
      end
      local client = new_client { max_in_flight = 8 }
      -- libcurl (7.88) leaves a pair of sockets open to them, by which it could wake itself.
      local before = inherited()
      assert.equal(0, before.others)
      local requests = {}
      for index = 1, 8 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      client:step(0)
      assert.same(before, inherited())
      for _, request in ipairs(requests) do
        assert(request:result())
      end
      assert.same(before, inherited())
    end)
  end)
end)
