-- A debug hook raises at every single instruction of our Lua code, as hosts' hooks do that bound how long a
-- script runs. Whatever was under way ends, and the client works on.
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"

local is_jit = rawget(_G, "jit") ~= nil

-- A client with a transport that responds in `pump`, and what its hook and callbacks were told.
local function new_world()
  local world = { events = 0, transport = manual_transport.new() }
  world.client = assert(ngrok.client {
    api_key = "ak1_scripted", transport = world.transport, loop = "tick", rate_limit = false,
    max_in_flight = 2, max_retries = 0, timeout = 0.02, -- a response that a hook ate is lost
    on_event = function() world.events = world.events + 1 end,
    on_error = function() end,
  })
  function world.pump()
    world.client:step(0)
    for number = #world.transport.attempts - world.transport.open + 1, #world.transport.attempts do
      world.transport:respond(number, manual_transport.credential "cr_1")
    end
  end
  return world
end

local function play(world)
  local credentials = world.client.credentials
  coroutine.wrap(function()
    credentials:get "cr_1"
  end)()
  credentials:create({}, { on_done = function()
    credentials:get("cr_1", { on_done = function() end })
  end })
  local request = credentials:get("cr_1", { wait = false })
  for _ = 1, 4 do
    world.pump()
  end
  request:cancel()
  request:result()
end

-- Raises once, at the first instruction of ours after so many, in the threads that `each_thread` hooks.
local function new_interruption(after)
  local interruption = { fired = false, at = after }
  local function hook()
    if interruption.fired then
      debug.sethook()
    elseif debug.getinfo(2, "S").source:find("/lua/ngrok/", 1, true) then
      interruption.fired = true
      debug.sethook()
      error("interrupted", 0)
    else
      interruption.at = interruption.at + 1
      debug.sethook(hook, "", 1)
    end
  end
  function interruption.arm(...)
    local thread = ...
    if thread then
      debug.sethook(thread, hook, "", after)
    else
      debug.sethook(hook, "", after)
    end
  end
  return interruption
end

-- PUC's Lua has a hook for each coroutine, and LuaJIT one for all.
local places = {
  [is_jit and "anywhere" or "outside of coroutines"] = function(interruption, create)
    interruption.arm()
    return is_jit and create or function(fn)
      local thread = create(fn)
      debug.sethook(thread)
      return thread
    end
  end,
}

if not is_jit then
  places["inside coroutines"] = function(interruption, create)
    return function(fn)
      local thread = create(fn)
      if not interruption.fired then
        interruption.arm(thread)
      end
      return thread
    end
  end
end

local function check(world, where)
  local start = timing.now()
  while world.client:pending() > 0 do
    assert.is_true(timing.now() - start < timing.scaled(2), where .. ": something stays pending")
    pcall(world.pump)
  end
  local calls, waited, events = 0, nil, world.events
  world.client.credentials:get("cr_1", { on_done = function() calls = calls + 1 end, timeout = 30 })
  coroutine.wrap(function()
    waited = world.client.credentials:get("cr_1", { timeout = 30 })
  end)()
  for _ = 1, 6 do
    world.pump()
  end
  assert.equal(1, calls, where .. ": callbacks are not called")
  assert.truthy(waited, where .. ": those who wait are not resumed")
  assert.is_true(world.events - events >= 6, where .. ": events are not told") -- some may have been left
  assert.equal(0, world.client:pending(), where)
  world.client:close()
end

describe("An error at any instruction of ours", function()
  for place, hook in pairs(places) do
    it(place .. " leaves a client that works", function()
      local create, wrap = coroutine.create, coroutine.wrap
      if is_jit then
        jit.off() -- luacheck: globals jit
        jit.flush()
      end
      finally(function()
        coroutine.create, coroutine.wrap = create, wrap -- luacheck: ignore 122
        if is_jit then
          jit.on()
        end
      end)
      local after, fired = 0, true
      while fired do
        after = after + 1
        local world, interruption = new_world(), new_interruption(after)
        coroutine.create = hook(interruption, create) -- luacheck: ignore 122
        coroutine.wrap = function(fn) -- luacheck: ignore 122
          local thread = coroutine.create(fn)
          return function(...) return select(2, assert(coroutine.resume(thread, ...))) end
        end
        pcall(play, world)
        debug.sethook()
        fired, after = interruption.fired, interruption.at
        interruption.fired = true
        coroutine.create, coroutine.wrap = create, wrap -- luacheck: ignore 122
        check(world, ("interrupted after %d instructions"):format(after))
      end
      assert.is_true(after > 100, "hardly anything was interrupted")
    end)
  end

  it("leaves a listing that goes on, and never ends in silence", function()
    if is_jit then
      jit.off() -- luacheck: globals jit
      jit.flush()
    end
    finally(function() if is_jit then jit.on() end end)
    local pages = {
      manual_transport.page({ "cr_1", "cr_2" }, "https://api.ngrok.com/credentials?before_id=cr_2"),
      manual_transport.page { "cr_3" },
    }
    local after, fired = 0, true
    while fired do
      local client = assert(ngrok.client {
        api_key = "ak1_scripted", loop = "block", rate_limit = false, max_retries = 0, timeout = 0.05,
        transport = function(attempt) return pages[attempt.url:find("before_id", 1, true) and 2 or 1] end,
      })
      local walk, ids = client.credentials:list { prefetch = after % 2 == 0 }, {}
      local interruption = new_interruption(after + 1)
      interruption.arm()
      local ended, lost = false, 0
      while not ended do
        local fine, item, err = pcall(function() return walk:next() end)
        fine = fine and err == nil -- a transport that was interrupted is told as an error
        lost = lost + (fine and 0 or 1)
        ended = fine and item == nil
        ids[#ids + 1] = fine and item and item.id or nil
        assert.is_true(lost < 3)
      end
      debug.sethook()
      fired, after = interruption.fired, interruption.at
      -- An item may be lost to the call that raised, and to no other.
      assert.is_true(#ids + lost >= 3 and #ids <= 3, ("after %d: %s"):format(after, table.concat(ids, " ")))
      client:close()
    end
  end)
end)
