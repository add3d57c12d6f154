-- What is libuv's alone: what the client promises in every loop is loops_spec.lua's, and Neovim's is
-- neovim_spec.lua's.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local libuv = require "spec.support.libuv"
local proxy = require "ngrok.proxy"
local ngrok = require "ngrok"
local manual_transport = require "spec.support.manual_transport"
local uv = require "luv"

local go, run = libuv.go, libuv.run

local function collect_garbage()
  collectgarbage()
  collectgarbage()
end

hosts.describe("in libuv's loop", function(host)
  local client, credentials

  before_each(function()
    client = host:new_client { loop = "uv" }
    credentials = client.credentials
  end)

  after_each(function()
    assert.equal(0, libuv.handles(), "a handle was left open")
  end)

  if host.wire then -- in process the response is there before anybody could wait
    it("an error in a coroutine that was resumed goes to on_error, and the others go on", function()
      local errors, served = {}, 0
      local careful = host:new_client { loop = "uv", on_error = function(err) errors[#errors + 1] = err end }
      for index = 1, 4 do
        go(function()
          assert(careful.credentials:create())
          if index == 2 then
            error("out of a coroutine", 0)
          end
          served = served + 1
        end)
      end
      run()
      assert.same({ 3, "out of a coroutine" }, { served, errors[1] })
      assert.equal(1, #errors)
    end)
  end

  it("a list that is forgotten does not hold the loop open", function()
    host.emulator:seed(25)
    host.emulator:misbehave { kind = "hang", after = 1, count = math.huge }
    local listing
    go(function()
      listing = credentials:list { limit = 10 }
      assert(listing:next())
      listing = nil
    end)
    local function collect_until_idle()
      collectgarbage()
      if listing or client:pending() > 0 then
        libuv.after(5, collect_until_idle)
      end
    end
    collect_until_idle()
    run()
    assert.is_nil(listing)
  end)

  it("one that may take forever can still be cancelled", function()
    host.emulator:misbehave { kind = "hang", count = math.huge }
    for _, timeout in ipairs { 1e300, math.huge } do
      local request = credentials:get("cr_1", { timeout = timeout, wait = false })
      libuv.after(5, function() request:cancel() end)
      run()
      assert.equal("cancelled", select(2, request:result()).kind)
    end
  end)

  it("a call after close is refused by callback, and lets the loop end", function()
    client:close()
    local err
    credentials:create({}, { on_done = function(_, problem) err = problem end })
    run()
    assert.equal("invalid", err.kind)
  end)

  it("a program that steps the client itself leaves nothing to hold the loop open", function()
    local called = 0
    credentials:create({}, { on_done = function() called = called + 1 end })
    while client:pending() > 0 do
      client:step(0.02)
    end
    run()
    assert.equal(1, called)
  end)

  it("a callback may run the loop itself, and all requests are delivered", function()
    local order, nested = {}, false
    for index = 1, 6 do
      credentials:create({}, { on_done = function()
        if not nested then
          nested = true
          libuv.after(30, function() order[#order + 1] = "timer" end)
          while order[#order] ~= "timer" do
            uv.run("once")
          end
        end
        order[#order + 1] = index
      end })
    end
    run()
    assert.equal(7, #order)
  end)

  it("a call refused in a callback calls back, too", function()
    local kinds = {}
    credentials:create({}, { on_done = function()
      credentials:get("", { on_done = function(_, err)
        kinds[#kinds + 1] = err.kind
        credentials:get("", { on_done = function(_, again) kinds[#kinds + 1] = again.kind end })
      end })
    end })
    run()
    assert.same({ "invalid", "invalid" }, kinds)
  end)

  it("the loop may end and be run again", function()
    for index = 1, 3 do
      local description
      go(function()
        description = assert(credentials:create { description = tostring(index) }).description
      end)
      run()
      assert.equal(tostring(index), description)
    end
  end)

  it("closing all handles leaves a loop that ends, and one that works", function()
    host.emulator:misbehave { kind = "hang" }
    local request = credentials:get("cr_1", { wait = false })
    libuv.after(10, function()
      uv.walk(function(handle)
        if not handle:is_closing() then
          handle:close()
        end
      end)
    end)
    run()
    assert.is_false(request:done())
    credentials:create({}, { on_done = function() request:cancel() end })
    run()
    assert.is_true(request:done())
  end)

  it("outside a coroutine a plain call is an error that tells the ways out", function()
    local _, err = credentials:create()
    assert.equal("invalid", err.kind)
    assert.equal("not_sent", err.outcome)
    assert.equal("waiting here would stop the loop: call it in a coroutine, or pass on_done, or wait = false",
      err.message)
    local listed, problem = credentials:list():all()
    assert.is_nil(listed)
    assert.equal(err.message, problem.message)
    local request = credentials:create({}, { wait = false })
    local unread, refusal = request:result()
    if not request:done() then
      assert.is_nil(unread)
      assert.equal(err.message, refusal.message)
    end
    run()
    assert(request:result())
  end)

  if coroutine.close then -- elsewhere nobody can end another's coroutine
    it("a coroutine that was closed while it waited is not resumed", function()
      host.emulator:misbehave { kind = "hang" }
      local request, resumed = credentials:get("cr_1", { wait = false }), false
      local thread = coroutine.create(function()
        request:result()
        resumed = true
      end)
      coroutine.resume(thread)
      coroutine.close(thread)
      libuv.after(5, function() request:cancel() end)
      run()
      assert.same({ "dead", false }, { coroutine.status(thread), resumed })
    end)
  end

  it("a coroutine that others resume, too, waits on", function()
    host.emulator:misbehave { kind = "hang" }
    local request, result, returned = credentials:get("cr_1", { wait = false }), nil, 0
    local thread = coroutine.create(function()
      result = select(2, request:result())
      returned = returned + 1
    end)
    for _ = 1, 5 do
      coroutine.resume(thread)
    end
    assert.equal(0, returned)
    libuv.after(5, function() request:cancel() end)
    run()
    assert.same({ 1, "cancelled" }, { returned, result.kind })
  end)

  it("an idle client is garbage like any other", function()
    local weak = setmetatable({}, { __mode = "v" })
    do
      local dropped = assert(ngrok.client {
        loop = "uv", rate_limit = false, max_retries = 0, api_key = host.emulator.api_key,
        transport = not host.wire and host.emulator or nil,
        base_url = host.emulator.base_url, ca_file = host.emulator.ca_file,
      })
      weak[1] = dropped
      go(function() assert(dropped.credentials:create()) end)
    end
    run()
    collect_garbage()
    assert.is_nil(weak[1])
  end)

end)

describe("libuv's loop", function()
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
      loop = "uv", api_key = emu.api_key, base_url = emu.base_url, max_retries = 0, rate_limit = false,
    })
  end)

  after_each(function()
    client:close()
    assert.equal(0, libuv.handles())
  end)

  it("goes on while a server takes its time", function()
    emu:misbehave { kind = "delay", seconds = 0.2 }
    local stop, ticks = libuv.tick(), nil
    go(function()
      assert(client.credentials:create())
      ticks = stop()
    end)
    run()
    assert.is_true(ticks > 20, ("%d ticks"):format(ticks))
  end)

  it("shows errors that no other code handles on stderr, and goes on", function()
    local result = child.run(([[
      local uv = require "luv"
      local client = assert(require("ngrok").client {
        api_key = %q, base_url = %q, loop = "uv", max_retries = 0, rate_limit = false,
      })
      for index = 1, 3 do
        client.credentials:get("cr_none", { on_done = function(_, err)
          io.write(err.status, "\n")
          if index == 1 then error(setmetatable({}, { __tostring = function() return "an object" end })) end
          if index == 2 then error("a string", 0) end
        end })
      end
      uv.run()
      io.write("ended\n")
    ]]):format(emu.api_key, emu.base_url))
    assert.equal("404\n404\n404\nended\n", result.output)
    assert.truthy(result.errors:find("ngrok: a callback failed: an object\n", 1, true))
    assert.truthy(result.errors:find("ngrok: a callback failed: a string\n", 1, true))
    assert.equal(0, result.status)
  end)

  it("is not shared with who watches the descriptor already", function()
    local result = child.run(([[
      local uv = require "luv"
      local client = assert(require("ngrok").client { api_key = %q, base_url = %q, loop = "uv" })
      uv.new_poll(client:pollfd()):start("r", function() end)
      print(pcall(client.credentials.create, client.credentials, {}, { wait = false }))
      client:close()
    ]]):format(emu.api_key, emu.base_url), { SPEC_LEAKS = "none" }) -- luv leaks what it failed to make
    assert.truthy(result.output:find("^false\t.*libuv cannot watch the client: EEXIST"), result.output)
    assert.equal(0, result.status)
  end)

  it("may be left with requests in flight: the program ends quietly", function()
    emu:misbehave { kind = "hang", count = math.huge }
    for _, ending in ipairs { "", "client:close()", "os.exit(0, true)", "client = nil; collectgarbage()" } do
      local result = child.run(([[
        local uv = require "luv"
        client = assert(require("ngrok").client {
          api_key = %q, base_url = %q, loop = "uv", max_retries = 0, rate_limit = false,
        })
        client.credentials:get("cr_1", { on_done = function() end })
        coroutine.wrap(function() client.credentials:get("cr_2") end)()
        for _ = 1, 3 do
          uv.run("nowait")
        end
      ]]):format(emu.api_key, emu.base_url) .. ending, child.state_left_open)
      assert.same({ 0, "" }, { result.status, result.errors }, ending)
    end
  end)
end)

describe("libuv's loop with a transport that responds later", function()
  local transport, client

  before_each(function()
    transport = manual_transport.new()
    client = assert(ngrok.client { transport = transport, loop = "uv", max_retries = 0, rate_limit = false })
  end)

  after_each(function()
    client:close()
    assert.equal(0, libuv.handles())
  end)

  it("tells of a cancel in its next turns", function()
    local kind
    local request = client.credentials:get("cr_1", { on_done = function(_, err) kind = err.kind end })
    uv.run("nowait")
    request:cancel()
    uv.run("nowait")
    uv.run("nowait")
    assert.equal("cancelled", kind)
  end)

  it("tries again when its rest is over", function()
    local patient = assert(ngrok.client {
      transport = transport, loop = "uv", max_retries = 1, rate_limit = false,
    })
    local id
    go(function()
      id = assert(patient.credentials:get("cr_1")).id
    end)
    local function poll()
      if transport.attempts[2] then
        transport:respond(2, manual_transport.credential("cr_1"))
      else
        libuv.after(1, poll)
      end
    end
    transport:respond(1, { status = 503 })
    poll()
    run()
    assert.equal("cr_1", id)
    patient:close()
  end)
end)

describe("the loop adapter for libuv", function()
  local adapter = require "ngrok.loop.uv"
  local ours, theirs, clean_up

  -- A client that has nothing but what adapters see of it, and two descriptors that say "step me".
  before_each(function()
    local first, second = uv.pipe(), uv.pipe()
    ours = { descriptor = first.read, steps = 0, left = 1, watching = {}, reports = {} }
    function ours:pollfd() return self.descriptor end
    function ours:timeout() return self.left == 0 and math.huge or nil end -- luacheck: ignore 212
    function ours:pending() return self.left end
    function ours:report(err) self.reports[#self.reports + 1] = err end
    function ours:wake() self.woken = true end
    function ours:advance()
      self.steps = self.steps + 1
      self.left = self.left - 1
    end
    theirs = second.read
    uv.fs_write(first.write, "x")
    uv.fs_write(second.write, "x")
    clean_up = function()
      for _, descriptor in ipairs { first.read, first.write, second.read, second.write } do
        uv.fs_close(descriptor)
      end
    end
  end)

  after_each(function()
    adapter.release(ours)
    run()
    assert.equal(0, libuv.handles())
    clean_up()
  end)

  it("steps a client while its descriptor is readable and something is under way", function()
    ours.left = 3
    adapter.watch(ours)
    run()
    assert.equal(3, ours.steps)
  end)

  it("watches no longer once nothing is under way, without an event", function()
    local silent = uv.pipe()
    finally(function()
      uv.fs_close(silent.read)
      uv.fs_close(silent.write)
    end)
    ours.descriptor = silent.read
    adapter.watch(ours)
    ours.left = 0
    adapter.watch(ours)
    run()
    assert.equal(0, ours.steps)
    assert.equal(0, libuv.handles())
  end)

  it("is notified when a program's own step leaves nothing", function()
    local seen, own = {}, { spawn = adapter.spawn }
    function own.wait() end
    function own.watch(client)
      proxy.target(client).watching[own] = true
      seen[#seen + 1] = client:pending()
    end
    local client = assert(ngrok.client { transport = emulator.new(), loop = own })
    client.credentials:create({}, { wait = false })
    client:step(0)
    assert.equal(0, client:pending())
    assert.equal(0, seen[#seen])
    client:close()
  end)

  it("watches another descriptor once the client has another", function()
    adapter.watch(ours)
    ours.descriptor = theirs -- as after a fork
    adapter.watch(ours)
    run()
    assert.equal(1, ours.steps)
  end)

  it("tells of a step that fails, and tries again", function()
    local advance = ours.advance
    function ours:advance()
      self.advance = advance
      error("not enough memory", 0)
    end
    adapter.watch(ours)
    run()
    assert.same({ "not enough memory" }, ours.reports)
    assert.is_true(ours.woken)
    assert.equal(1, ours.steps)
  end)
end)
