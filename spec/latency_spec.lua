-- Each host behind a wire with latency: many requests at once and a listing, while the host goes on. Nothing
-- here measures time: the host counts its own turns meanwhile.
local child = require "spec.support.child"
local cqueues = require "cqueues"
local latency_proxy = require "spec.support.latency_proxy"
local libuv = require "spec.support.libuv"
local neovim = require "spec.support.neovim"
local nginx = require "spec.support.nginx"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"
local workload = require "spec.support.workload"

local all_ways = { workload.ways.plain, workload.ways.on_done, workload.ways.handle }

local seeded = 300

local whole = ("%d responses, %d tokens, %d listed, the host went on"):format(workload.requests,
  workload.requests, seeded)

-- For hosts in other processes, which have `client`, `go` and `ticks`.
local work_elsewhere = [[
  local workload = require "spec.support.workload"
  local work = workload.new(client, go, ticks)
  work:start { workload.ways.plain, workload.ways.on_done, workload.ways.handle }
  work:list()
]]

local function run_coroutine(fn)
  assert(coroutine.resume(coroutine.create(fn)))
end

local function describe_hosts(wire)
  local emu, slow, client

  local function options(loop)
    return wires.client_options(emu, { proxy = slow.url, loop = loop })
  end

  setup(function()
    emu = wire:start()
    slow = latency_proxy.start()
  end)

  teardown(function()
    slow:stop()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
    emu:seed(seeded, function() return { description = workload.seeded } end)
  end)

  after_each(function()
    if client then
      assert.equal(0, client:pending())
      client:close()
      client = nil
    end
    assert.equal(seeded + workload.requests, #emu:credentials())
  end)

  it("a script steps its client while it does something else", function()
    client = assert(ngrok.client(options "block"))
    local turns = 0
    local work = workload.new(client, run_coroutine, function() return turns end)
    work:start { workload.ways.on_done }
    timing.wait_until(function()
      turns = turns + 1
      client:step(0)
      return client:pending() == 0
    end)
    local begun = timing.now()
    work:list() -- and waits, as a script may
    assert.is_true(timing.now() - begun >= latency_proxy.round_trip, "the wire has no latency")
    work.walked = turns
    assert.equal(whole, work:report())
  end)

  it("a tick goes on", function()
    client = assert(ngrok.client(options "tick"))
    local frames = 0
    local work = workload.new(client, run_coroutine, function() return frames end)
    work:start(all_ways)
    work:list()
    timing.wait_until(function()
      frames = frames + 1
      client:step(0)
      return work:is_done() and client:pending() == 0
    end)
    assert.equal(whole, work:report())
  end)

  it("luv's loop goes on", function()
    client = assert(ngrok.client(options "uv"))
    local ticks, stop = 0, nil
    local work = workload.new(client, libuv.go, function() return ticks end)
    work:start(all_ways)
    work:list()
    stop = libuv.every(1, function()
      ticks = ticks + 1
      if work:is_done() and client:pending() == 0 then
        stop()
      end
    end)
    libuv.run()
    assert.equal(whole, work:report())
  end)

  it("cqueues goes on", function()
    client = assert(ngrok.client(options "cqueues"))
    local controller, ticks = cqueues.new(), 0
    local work = workload.new(client, function(fn) controller:wrap(fn) end, function() return ticks end)
    controller:wrap(function()
      work:start(all_ways)
      work:list()
      repeat
        cqueues.sleep(0.001)
        ticks = ticks + 1
      until work:is_done() and client:pending() == 0
    end)
    assert(controller:loop(timing.scaled(10)))
    assert.equal(whole, work:report())
  end)

  if not rawget(_G, "jit") then
    return -- Neovim and nginx have LuaJIT
  end

  it("Neovim goes on", function()
    local result = neovim.run([[
      local client, count = new_client(), 0
      local function ticks() return count end
      ]] .. work_elsewhere .. [[
      local timer = vim.loop.new_timer()
      timer:start(1, 1, function() count = count + 1 end)
      when(function() return work:is_done() and client:pending() == 0 end, function()
        timer:close()
        say(work:report())
        quit()
      end)
    ]], options())
    assert.same({ 0, whole .. "\n", "" }, { result.status, result.output, result.errors })
  end)

  it("an nginx worker goes on", function()
    local server = nginx.start([[
      init_by_lua_block {
        ]] .. child.client_code(options()) .. [[
        client = new_client()
      }
    ]], [[
      location / {
        content_by_lua_block {
          local count = 0
          local function ticks() return count end
          local go = ngx.thread.spawn
          ]] .. work_elsewhere .. [[
          repeat
            ngx.sleep(0.001)
            count = count + 1
          until work:is_done() and client:pending() == 0
          ngx.say(work:report())
        }
      }
    ]])
    finally(function() server:stop() end)
    assert.same({ whole, "" }, { server:get "/", server:log() })
  end)
end

for _, wire in ipairs { wires.tls, wires.http2 } do
  describe(("with 50 ms of latency, by %s,"):format(wire.name), function()
    describe_hosts(wire)
  end)
end
