-- A client that was made, and used, before its process forked: nginx makes clients in its master, daemons
-- before they divide. Neither process may disturb the other, and no response may go to the wrong one.
local child = require "spec.support.child"
local wires = require "spec.support.wires"

local modules = assert(package.searchpath("ngrok.core", package.cpath)):match("^(.*)/ngrok/core%.so$")

-- In a process of its own; its children are none of busted's.
local prelude = [[
  local process = assert(package.loadlib(%q, "luaopen_process"))()
  local ngrok = require "ngrok"

  local function new_client(given)
    local options = { api_key = %q, base_url = %q, ca_file = %q, max_retries = 0, rate_limit = false }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    return assert(ngrok.client(options))
  end

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

  -- Credentials of its own, each read back: a response that is somebody else's is found out.
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
    local path = modules .. "/counted/process.so"
    local program = prelude:format(path, emu.api_key, emu.base_url, emu.ca_file or "")
    if not emu.ca_file then
      program = program:gsub('ca_file = "",', "")
    end
    local result = child.run(program .. code .. "\nio.write('done')", child.state_left_open)
    assert.equal("", result.errors)
    assert.equal("done", result.output)
    assert.equal(0, result.status)
  end

  -- By connection: the first word of the descriptions that were sent on it.
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
      assert.is_nil(next(names, first), "two processes have spoken on one connection")
    end
  end

  it("works in each process, by connections of its own, while all work at the same time", function()
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
    local of_parent = 0
    for _, names in pairs(speakers()) do
      of_parent = of_parent + (names.parent and 1 or 0)
    end
    assert.equal(1, of_parent)
  end)

  it("leaves the parent's connection as it is, however the child ends", function()
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
      local connections = 0
      for _, names in pairs(speakers()) do
        connections = connections + (names.parent and 1 or 0)
      end
      assert.equal(1, connections, ending)
    end
  end)

  it("cancels in the child what the parent has under way, and sends it once", function()
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

  it("goes on with a listing, from the page that the parent was at", function()
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

  it("holds none of the parent's descriptors in the child, once it is used", function()
    run [[
      local before = sockets()
      local client = new_client()
      assert(client:pollfd())
      -- A pair of sockets by which libcurl (7.88) wakes itself, and which nobody else can tell.
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

  it("leaves alone in the child what the child has opened in place of what it inherited", function()
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

  it("keeps to the rate limit in the child, with what the parent had sent", function()
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

  it("holds no place in the child for what another client of the parent's has under way", function()
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
