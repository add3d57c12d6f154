-- Where Lua cannot be suspended a call is refused before anything is sent: its response would be lost.
local cqueues = require "cqueues"
local emulator = require "ngrok.emulator"
local libuv = require "spec.support.libuv"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"
local suspension = require "ngrok.loop.suspension"

-- Each calls a function where nothing can yield.
local obstacles = {
  ["table.sort"] = function(fn)
    table.sort({ 1, 2 }, function(a, b)
      fn()
      return a < b
    end)
  end,
  ["string.gsub"] = function(fn)
    string.gsub("x", "x", function() fn() end)
  end,
  ["require"] = function(fn)
    package.preload["spec.suspension.asks"] = function()
      fn()
      return true
    end
    package.loaded["spec.suspension.asks"] = nil
    require "spec.suspension.asks"
  end,
}

-- Each calls a function where every Lua but PUC's 5.1 can yield, and returns what that returns.
local crossings = {
  pcall = function(fn) return select(2, pcall(fn)) end,
  ["a metamethod"] = function(fn)
    return setmetatable({}, { __index = function() return fn() end }).x
  end,
  ["an iterator"] = function(fn)
    local made
    for _ in function(_, last)
      made = not last and fn() or nil
      return made
    end do
      return made
    end
    return made
  end,
}

local is_puc_5_1 = _VERSION == "Lua 5.1" and not rawget(_G, "jit")

-- Each runs a function in a coroutine, and the loop until that has ended.
local hosts = {
  tick = function(client, fn)
    local thread = coroutine.create(fn)
    assert(coroutine.resume(thread))
    timing.step_until(client, function() return coroutine.status(thread) == "dead" end)
  end,
  uv = function(_, fn)
    libuv.go(fn)
    libuv.run()
  end,
  cqueues = function(_, fn)
    local controller = cqueues.new()
    controller:wrap(fn)
    assert(controller:loop())
  end,
}

describe("Where Lua cannot be suspended", function()
  local emu

  setup(function() emu = assert(emulator.start()) end)
  teardown(function() emu:stop() end)
  before_each(function() emu:reset() end)

  for loop, run in pairs(hosts) do
    describe("in the loop " .. loop, function()
      local client

      before_each(function()
        client = assert(ngrok.client {
          loop = loop, api_key = emu.api_key, base_url = emu.base_url, rate_limit = false,
        })
      end)

      after_each(function() client:close() end)

      for name, obstacle in pairs(obstacles) do
        it("a call inside " .. name .. " is refused, and nothing is sent", function()
          local errors = {}
          run(client, function()
            obstacle(function()
              local made, err = client.credentials:create()
              errors[#errors + 1] = made == nil and err
              local item
              item, err = client.credentials:list():next()
              errors[#errors + 1] = item == nil and err
            end)
          end)
          assert.is_true(#errors >= 2)
          for _, err in ipairs(errors) do
            assert.same({ "invalid", "validate", "not_sent" }, { err.kind, err.phase, err.outcome })
            assert.truthy(err.message:find("Lua cannot wait inside require", 1, true), err.message)
          end
          assert.equal(0, #emu:requests())
          assert.equal(0, client:pending())
        end)
      end

      for name, crossing in pairs(crossings) do
        it("a call inside " .. name .. " waits, or sends nothing", function()
          local made, problem
          local fine, raised = pcall(run, client, function()
            made = crossing(function()
              local value, err = client.credentials:create()
              problem = err
              return value
            end)
          end)
          if is_puc_5_1 then
            assert.is_nil(made)
            assert.truthy(problem or not fine and tostring(raised):find("attempt to yield", 1, true))
            timing.step_until(client, function() return client:pending() == 0 end)
            assert.equal(0, #emu:requests())
          else
            assert.is_true(fine, raised)
            assert.truthy(made.token)
          end
        end)
      end

      it("others are called back, and a coroutine beside it waits", function()
        local made, called
        run(client, function()
          obstacles["table.sort"](function()
            client.credentials:create({}, { on_done = function(value) called = value end })
          end)
          made = assert(client.credentials:create())
        end)
        timing.step_until(client, function() return client:pending() == 0 end)
        assert.truthy(made.token)
        assert.truthy(called and called.token)
      end)
    end)
  end
end)

-- A transport that responds when it is told to, one request at a time.
local function client_in(loop, given)
  local answered = manual_transport.new()
  local options = {
    api_key = "ak1_scripted", transport = answered, loop = loop, max_in_flight = 1, rate_limit = false,
    max_retries = 0,
  }
  for name, value in pairs(given or {}) do
    options[name] = value
  end
  return assert(ngrok.client(options)), answered
end

local sleeping_loops = {
  tick = "tick",
  uv = "uv",
  ["one of the program's own"] = {
    wait = function(client, request) suspension.wait(client, request) end,
    watch = function() end,
    spawn = function(fn) return coroutine.resume(coroutine.create(fn)) end,
  },
}

for name, loop in pairs(sleeping_loops) do
  describe("A coroutine that sleeps in the loop " .. name, function()
    local client, transport

    before_each(function() client, transport = client_in(loop) end)
    after_each(function() client:close() end)

    -- Begins a create in a coroutine, which yields what the call returned.
    local function begin()
      local thread = coroutine.create(function() coroutine.yield(client.credentials:create()) end)
      local fine, sign = coroutine.resume(thread)
      client:step(0) -- where PUC's 5.1 sends it
      return thread, fine and sign
    end

    it("yields what no for takes for an item or its end in silence", function()
      local _, sign = begin()
      assert.equal("ngrok.waiting", getmetatable(sign))
      assert.truthy(tostring(sign):find("a coroutine that waits for ngrok", 1, true))
      for _, use in ipairs {
        function() return sign.id end, function() sign.id = 1 end, function() return sign() end,
        function() return sign + 1 end, function() return sign .. "" end, function() return #sign end,
        function() return sign < sign end,
      } do
        local fine, err = pcall(use)
        assert.is_false(fine)
        assert.truthy(tostring(err):find("cannot be the iterator of a for loop", 1, true), err)
      end
    end)

    it("raises where a for resumes it as its generator", function()
      local items = 0
      local fine, err = pcall(function()
        for _ in coroutine.wrap(function() coroutine.yield(client.credentials:create()) end) do
          items = items + 1
        end
      end)
      assert.is_false(fine)
      assert.truthy(tostring(err):find("suspension_spec.lua:%d+: a coroutine that waits for ngrok"), err)
      assert.equal(1, items)
    end)

    it("tells the for what became of its request, which is cancelled", function()
      local function raised()
        local _, err = pcall(function()
          for _ in coroutine.wrap(function() coroutine.yield(client.credentials:create()) end) do
            client:step(0) -- where PUC's 5.1 sends it
          end
        end)
        return tostring(err)
      end
      local err = raised()
      assert.equal(1, #transport.attempts)
      if is_puc_5_1 then
        assert.truthy(err:find("(the request may still be carried out)", 1, true), err)
        return
      end
      assert.truthy(err:find("(the request was cancelled, but it may have been carried out)", 1, true), err)
      timing.step_until(client, function() return client:pending() == 0 end)
      local held = client.credentials:get("cr_1", { wait = false }) -- max_in_flight is 1
      err = raised()
      assert.truthy(err:find("(the request was cancelled, and nothing was sent)", 1, true), err)
      held:cancel()
    end)

    it("sleeps on when others resume it", function()
      local thread, sign = begin()
      for _ = 1, 3 do
        assert.equal(sign, select(2, coroutine.resume(thread, "another", "value")))
      end
      transport:respond(1, manual_transport.credential())
      timing.step_until(client, function() return client:pending() == 0 end)
      assert.equal("dead", (coroutine.resume(thread) and coroutine.status(thread)))
    end)

    it("is not resumed where it sleeps for something else by now", function()
      if is_puc_5_1 then
        return -- cannot catch what is raised into it
      end
      local thread = coroutine.create(function()
        pcall(client.credentials.create, client.credentials)
        coroutine.yield("elsewhere")
      end)
      local _, sign = coroutine.resume(thread)
      assert.equal("elsewhere", select(2, coroutine.resume(thread, nil, sign)))
      timing.step_until(client, function() return client:pending() == 0 end)
      assert.equal("suspended", coroutine.status(thread))
    end)
  end)
end

-- Each has a coroutine that waits its turn left by its own means.
local ways_to_leave = {}

if coroutine.close then
  ways_to_leave["is closed"] = coroutine.close
end

if not is_puc_5_1 then
  ways_to_leave["ends by an error"] = function(thread, sign)
    coroutine.resume(thread, nil, sign) -- as the for does whose generator it is
  end
end

for way, leave in pairs(ways_to_leave) do
  describe("A coroutine that " .. way .. " while its request waits", function()
    for name, loop in pairs(sleeping_loops) do
      it("has nothing sent any more in the loop " .. name, function()
        local client, transport = client_in(loop)
        local first = client.credentials:get("cr_1", { wait = false })
        local thread = coroutine.create(function() client.credentials:create() end)
        local _, sign = coroutine.resume(thread)
        local third = client.credentials:get("cr_3", { wait = false })
        leave(thread, sign)
        assert.equal("dead", coroutine.status(thread))
        transport:respond(1, manual_transport.credential("cr_1"))
        timing.step_until(client, function() return #transport.attempts == 2 end)
        transport:respond(2, manual_transport.credential("cr_3"))
        timing.step_until(client, function() return first:done() and third:done() end)
        assert.equal("cr_3", third:result().id)
        assert.equal("GET", transport.attempts[2].description.method)
        client:close()
      end)
    end

    it("leaves the page to others who walk the same listing", function()
      local client, transport = client_in("tick")
      local walk, found = client.credentials:list(), nil
      local leaving = coroutine.create(function() walk:next() end)
      local staying = coroutine.create(function() found = walk:next() end)
      local _, sign = coroutine.resume(leaving)
      assert(coroutine.resume(staying))
      leave(leaving, sign)
      transport:respond(1, manual_transport.page { "cr_1" })
      timing.step_until(client, function() return found end)
      assert.equal("cr_1", found.id)
      client:close()
    end)

    it("leaves a request of the program's own as it is", function()
      local client, transport = client_in("tick")
      local request = client.credentials:get("cr_1", { wait = false })
      local thread = coroutine.create(function() request:result() end)
      local _, sign = coroutine.resume(thread)
      leave(thread, sign)
      transport:respond(1, manual_transport.credential("cr_1"))
      timing.step_until(client, function() return request:done() end)
      assert.equal("cr_1", request:result().id)
      client:close()
    end)
  end)
end
