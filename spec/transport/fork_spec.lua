-- A client that was made, and used, before its process forked, as nginx's master and daemons do. Neither
-- process may disturb the other, and no response may go to the wrong one.
local child = require "spec.support.child"
local wires = require "spec.support.wires"

local modules = assert(package.searchpath("ngrok.core", package.cpath)):match("^(.*)/ngrok/core%.so$")

local process_code = [[
  local process = assert(package.loadlib(%q, "luaopen_process"))()

  local function run(body)
    local fine, err = xpcall(body, debug.traceback)
    if not fine then
      io.stderr:write(tostring(err), "\n")
    end
    process.leave(fine and 0 or 1)
  end

  -- Begins a child that runs `body`, and returns how to wait for it.
  local function fork(body)
    local id = process.fork()
    if id == 0 then
      run(body)
    end
    return function()
      local status = process.wait(id)
      assert(status == 0, "the child has ended with " .. status)
    end
  end

  -- Reads back what it has created, which finds a response that belongs to another.
  local function work(client, name, count)
    for index = 1, count do
      local description = name .. " " .. index
      local made = assert(client.credentials:create { description = description })
      assert(made.description == description, made.description)
      assert(assert(client.credentials:get(made.id)).description == description)
    end
  end

  local function is_unsent(err)
    return err.kind == "cancelled" and err.outcome == "not_sent" and err.message:find("forked", 1, true)
  end

  local function sockets()
    local found = {}
    for number = 3, 255 do
      local target = process.link("/proc/self/fd/" .. number)
      if target and (target:find "^socket:" or target:find "eventpoll" or target:find "timerfd") then
        found[number] = target
      end
    end
    return found
  end
]]

wires.describe("a client after a fork", function(wire)
  local emu

  setup(function()
    emu = wire:start()
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  local function run(code)
    local program = child.client_code(wires.client_options(emu))
      .. process_code:format(modules .. "/counted/process.so") .. code .. "\nio.write('done')"
    assert.same({ status = 0, output = "done", errors = "" }, child.run(program, child.state_left_open))
  end

  -- The first words of the descriptions that were sent on each connection.
  local function speakers()
    local found = {}
    for _, request in ipairs(emu:requests()) do
      local name = request.method == "POST" and request.body:match '"description":"(%w+)'
      local names = name and (found[request.connection] or {}) or nil
      if names then
        names[name] = true
        found[request.connection] = names
      end
    end
    return found
  end

  local function assert_one_each()
    for _, names in pairs(speakers()) do
      local first = next(names)
      assert.is_nil(next(names, first), "two processes have used one connection")
    end
  end

  local function connections_of_parent()
    local count = 0
    for _, names in pairs(speakers()) do
      count = count + (names.parent and 1 or 0)
    end
    return count
  end

  it("works in many processes at the same time, each with its own connections", function()
    run [[
      local client = new_client()
      work(client, "parent", 2)
      local waits = {}
      for index = 1, 30 do
        waits[index] = fork(function() work(client, "child" .. index, 3) end)
        work(client, "parent", 1)
      end
      for _, wait in ipairs(waits) do
        wait()
      end
      work(client, "parent", 2)
    ]]
    assert_one_each()
    assert.equal(2 + 30 + 90 + 2, #emu:credentials())
    assert.equal(1, connections_of_parent())
  end)

  it("keeps the parent's connection open, however the child ends", function()
    for _, ending in ipairs {
      "", "client:close()", "client = nil collectgarbage() collectgarbage()",
      "os.exit(0)", "os.exit(0, true)", "client:step(0) client:close() client:close()",
      "client.credentials:create({}, { wait = false }) process.leave(0)",
    } do
      emu:reset()
      run(([[
        local client = new_client()
        work(client, "parent", 1)
        fork(function() %s end)()
        work(client, "parent", 1)
      ]]):format(ending))
      assert.equal(1, connections_of_parent(), ending)
    end
  end)

  it("cancels the parent's requests in the child, and sends them once", function()
    emu:misbehave { kind = "delay", seconds = 0.3, count = 2 }
    run [[
      local client, told = new_client { max_in_flight = 2 }, {}
      local requests = {}
      for index = 1, 4 do
        requests[index] = client.credentials:create({ description = "parent " .. index }, { wait = false })
      end
      client.credentials:create({ description = "parent 5" }, { on_done = function(value, err)
        told[#told + 1] = { value = value, err = err }
      end })
      client:step(0)
      fork(function()
        for index = 1, 4 do
          local value, err = requests[index]:result()
          assert(value == nil and err.kind == "cancelled" and err.message:find("forked", 1, true), err)
          assert(err.outcome == (index <= 2 and "unknown" or "not_sent"), err.outcome)
        end
        client:step(0)
        assert(#told == 1 and is_unsent(told[1].err))
        assert(client:pending() == 0)
        work(client, "child", 1)
      end)()
      for index = 1, 4 do
        assert(requests[index]:result().description == "parent " .. index)
      end
      for _ = 1, 1000 do
        if #told > 0 then
          break
        end
        client:step(0.01)
      end
      assert(#told == 1 and told[1].value)
      assert(client:pending() == 0)
    ]]
    assert.equal(6, #emu:credentials())
  end)

  it("connects in the child, however many connections the parent was making", function()
    local children = assert(io.open(("/proc/%d/task/%d/children"):format(emu.master.pid, emu.master.pid)))
    local worker = children:read "*n"
    children:close()
    run(([[
      local client = new_client { max_in_flight = 30 }
      local requests = {}
      os.execute "kill -STOP %d" -- no handshake of TLS goes on
      for index = 1, 30 do
        requests[index] = client.credentials:create({ description = "parent " .. index }, { wait = false })
        client:step(0)
      end
      fork(function()
        os.execute "kill -CONT %d"
        work(client, "child", 1)
      end)()
      for index = 1, 30 do
        assert(requests[index]:result())
      end
    ]]):format(worker, worker))
    assert.equal(31, #emu:credentials())
    assert_one_each()
  end)

  it("goes on with a listing in both processes", function()
    emu:seed(10)
    run [[
      local client = new_client()
      local walk = client.credentials:list { limit = 3 }
      assert(walk:next())
      local wait = fork(function() assert(#assert(walk:all()) == 9) end)
      assert(#assert(walk:all()) == 9)
      wait()
    ]]
  end)

  it("closes the parent's descriptors in the child at its first use there", function()
    run [[
      local before = sockets()
      local client = new_client()
      assert(client:pollfd())
      -- libcurl (7.88) wakes itself by a pair of sockets, of which it says nothing.
      local pair = {}
      for number, target in pairs(sockets()) do
        if target ~= before[number] and target:find "^socket:" then
          pair[number] = target
        end
      end
      work(client, "parent", 1)
      local parents = {}
      for number, target in pairs(sockets()) do
        if target ~= before[number] and target ~= pair[number] and target:find "^socket:" then
          parents[target] = number
        end
      end
      assert(next(parents))
      fork(function()
        local pollfd = client:pollfd()
        assert(pollfd)
        for number, target in pairs(sockets()) do
          assert(not parents[target], "a socket of the parent's: " .. number)
        end
        work(client, "child", 1)
        assert(client:pollfd() == pollfd)
        client:close()
        for number, target in pairs(sockets()) do
          assert(target == before[number] or target == pair[number], target)
        end
      end)()
      work(client, "parent", 1)
    ]]
  end)

  it("closes no file that the child has opened in place of an inherited descriptor", function()
    for _, ending in ipairs {
      "client = nil collectgarbage() collectgarbage()", "client:close()", "work(client, 'child', 1)",
    } do
      run(([[
        local client = new_client()
        work(client, "parent", 1)
        fork(function()
          for number = 3, 255 do
            process.close(number)
          end
          local logs, path = {}, os.tmpname()
          for index = 1, 20 do
            logs[index] = assert(io.open(path, "w"))
          end
          %s
          for _, log in ipairs(logs) do
            assert(log:write("written"))
            assert(log:close())
          end
          os.remove(path)
        end)()
        work(client, "parent", 1)
      ]]):format(ending))
    end
  end)

  it("works in a child's child, too", function()
    run [[
      local client = new_client()
      work(client, "parent", 1)
      fork(function()
        work(client, "child", 1)
        fork(function() work(client, "grandchild", 2) end)()
        work(client, "child", 1)
      end)()
      work(client, "parent", 1)
    ]]
    assert_one_each()
    assert.equal(6, #emu:credentials())
  end)

  it("counts in the child's rate limit what the parent had sent", function()
    run [[
      local client = new_client { rate_limit = { requests = 3, window = 600 } }
      work(client, "parent", 1)
      fork(function()
        assert(client.credentials:create())
        local value, err = client.credentials:create({}, { max_wait = 1 })
        assert(value == nil and err.phase == "wait", err)
      end)()
    ]]
  end)

  it("holds no place in the child for requests that another client of the parent has in flight", function()
    emu:misbehave { kind = "delay", seconds = 0.3, count = 2 }
    run [[
      local limited = { rate_limit = { requests = 2, window = 600 } }
      local busy, idle = new_client(limited), new_client(limited)
      local requests = {}
      for index = 1, 2 do
        requests[index] = busy.credentials:create({}, { wait = false })
      end
      busy:step(0)
      fork(function()
        local _, err = idle.credentials:get("cr_1", { max_wait = 0 })
        assert(err.kind == "api" and err.status == 404, err)
        assert(idle.credentials:create({ description = "child" }, { max_wait = 0 }))
      end)()
      for index = 1, 2 do
        assert(requests[index]:result())
      end
    ]]
  end)
end)
