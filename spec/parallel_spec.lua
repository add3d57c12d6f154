-- A list that is walked by several pages at once; spec/loop has it in each loop.
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local manual_transport = require "spec.support.manual_transport"
local ngrok = require "ngrok"
local time = require "ngrok.time"
local timeline = require "spec.support.timeline"

-- A small generator of its own, because Lua's differ.
local function new_random(seed)
  return function(least, most)
    seed = (seed * 16807) % 2147483647
    return least + seed % (most - least + 1)
  end
end

-- How many seconds lie between one item and the next, by the name of how an account came about.
local histories = {
  evenly = function(random) return function() return random(1, 120) end end,
  ["in bursts"] = function(random)
    return function() return random(1, 100) == 1 and random(1, 30) * 86400 or random(0, 2) end
  end,
  ["ever faster"] = function(random)
    return function(index) return random(0, 2 + math.floor(index / 10)) end
  end,
  ["in one second"] = function() return function() return 0 end end,
}

local function plain_requests(count)
  return math.max(1, math.ceil(count / 100))
end

describe("a parallel walk", function()
  local transport, client, events

  before_each(function()
    transport, events = manual_transport.new(), {}
    client = assert(ngrok.client {
      transport = transport, loop = "tick", max_retries = 0, rate_limit = false, max_in_flight = 64,
      on_event = function(event)
        events[#events + 1] = event.name == "fallback" and event or nil
      end,
    })
  end)

  after_each(function()
    client:close()
  end)

  -- Runs a function in a coroutine. In each round all attempts that wait get their responses. Returns the
  -- number of rounds.
  local function run(account, fn)
    local runner, rounds = coroutine.create(fn), 0
    assert(coroutine.resume(runner))
    while coroutine.status(runner) ~= "dead" do
      rounds = rounds + 1
      assert(rounds < 10000, "the walk does not end")
      transport:respond_to_all(account)
      repeat until client:step(0) == 0 and client:timeout() ~= 0
    end
    return rounds
  end

  local function walk(account, query)
    local ids
    local rounds = run(account, function()
      ids = {}
      for credential in client.credentials:list(query) do
        ids[#ids + 1] = credential.id
      end
    end)
    return ids, rounds
  end

  local function expect_all(account, ids)
    assert.equal(#account.times, #ids)
    for index = 1, #ids do
      assert.equal(account:id(index), ids[index])
    end
  end

  for name, history in pairs(histories) do
    it(("has each item once, in order, where they were made %s"):format(name), function()
      for seed, count in ipairs { 250, 1000, 3000, 10000 } do
        local account = timeline.new(timeline.times(count, history(new_random(seed))))
        expect_all(account, (walk(account, { parallel = 8 })))
        assert.is_true(account.requests <= 1.1 * plain_requests(count) + 8, account.requests)
      end
    end)
  end

  it("costs nothing where one page has all", function()
    for _, count in ipairs { 0, 1, 50, 100 } do
      local account = timeline.new(timeline.times(count, histories.evenly(new_random(1))))
      expect_all(account, (walk(account, { parallel = 8 })))
      assert.equal(1, account.requests)
    end
  end)

  it("waits for a fifth of the responses that the plain walk waits for", function()
    local account = timeline.new(timeline.times(10000, histories.evenly(new_random(7))))
    local _, plain = walk(account, { prefetch = false })
    local _, parallel = walk(account, { parallel = "auto" })
    assert.equal(100, plain)
    assert.is_true(parallel <= plain / 5, parallel)
    assert.is_true(transport.most_open <= 8)
  end)

  it("holds no more than six pages for each, however slow the program is", function()
    local account = timeline.new(timeline.times(30000, histories.evenly(new_random(3))))
    local listing = client.credentials:list { parallel = 4 }
    run(account, function() assert(listing:next()) end)
    for _ = 1, 100 do
      transport:respond_to_all(account)
      client:step(0)
    end
    assert.equal(0, transport.open)
    assert.is_true(account.requests <= 4 * 6 + 1, account.requests)
    listing:close()
  end)

  it("goes on below the filter and the page size of its own", function()
    local emu = emulator.new { api_key = transport.api_key }
    emu:seed(300, function(index)
      local description = index % 3 == 0 and "a" or "b"
      return { created_at = time.format(1600000000 + 60 * index), description = description }
    end)
    local filter = 'obj.description == "a" || obj.description == "c"'
    local ids = walk(emu, { parallel = 4, limit = 10, filter = filter })
    assert.equal(100, #ids)
    local plain = walk(emu, { limit = 10, filter = { description = "a" } })
    assert.same(plain, ids)
    assert.same({}, events)
    assert.same(plain, (walk(emu, { parallel = 4, limit = 10, filter = { description = "a" } })))
    local rest = walk(emu, { parallel = 4, limit = 10, before_id = plain[20] })
    assert.same((walk(emu, { before_id = plain[20] })), rest)
  end)

  it("has each item once that lives all the time, while others come and go", function()
    for seed = 1, 6 do
      local random, now = new_random(seed), 1600000000
      local emu = emulator.new { api_key = transport.api_key, seed = seed }
      local other = ngrok.client { transport = emu }
      local survivors, victims = {}, {}
      emu:seed(400, function(index)
        now = now + random(0, 40)
        return { created_at = time.format(now), description = index % 4 == 0 and "victim" or "survivor" }
      end)
      for _, credential in ipairs(emu:credentials()) do
        local list = credential.description == "victim" and victims or survivors
        list[#list + 1] = credential.id
      end
      local found = {}
      run(function(attempt)
        local victim = table.remove(victims, random(1, #victims))
        assert(other.credentials:delete(victim))
        now = now + 1
        emu:seed(1, { created_at = time.format(now), description = "new" })
        return emu(attempt)
      end, function()
        for credential in client.credentials:list { parallel = 5, limit = 10 } do
          if credential.description == "survivor" then
            found[#found + 1] = credential.id
          end
        end
      end)
      assert.same(survivors, found)
      assert.same({}, events)
    end
  end)

  -- LuaJIT's compiled code calls no hooks.
  local function without_compiler(fn)
    local jit = rawget(_G, "jit")
    if jit then
      jit.off()
      jit.flush()
    end
    local fine, err = pcall(fn)
    debug.sethook()
    if jit then
      jit.on()
    end
    assert(fine, err)
  end

  local is_its_own = setmetatable({}, { __index = function(self, fn)
    self[fn] = debug.getinfo(fn, "S").short_src:find "/parallel.lua$" ~= nil
    return self[fn]
  end })

  -- Walks while a hook is called at each line of parallel.lua, until the hook raises an error.
  local function walk_hooked(account, hook)
    local other = assert(ngrok.client {
      api_key = "key", transport = function(attempt) return account(attempt) end,
      rate_limit = false, max_retries = 0, on_error = function() end,
    })
    local listing, ids, failures = other.credentials:list { parallel = 4 }, {}, 0
    local step = listing.next
    debug.sethook(function(_, line)
      if is_its_own[debug.getinfo(2, "f").func] then
        hook(line)
      end
    end, "l")
    repeat
      local fine, item = pcall(step, listing)
      failures = failures + (fine and 0 or 1)
      ids[#ids + 1] = fine and item and item.id or nil
    until fine and item == nil or failures > 1
    debug.sethook()
    other:close()
    return ids, failures
  end

  it("loses no item where an error comes at one of its lines", function()
    local account = timeline.new(timeline.times(450, function(index)
      return index % 97 == 0 and 5000 or 7
    end))
    without_compiler(function()
      local times, walks = {}, 0
      expect_all(account, (walk_hooked(account, function(line)
        times[line] = (times[line] or 0) + 1
      end)))
      for where, most in pairs(times) do
        local left = math.ceil(most / 2)
        local ids, failures = walk_hooked(account, function(line)
          left = left - (line == where and 1 or 0)
          if left == 0 then
            debug.sethook()
            error("any")
          end
        end)
        assert.equal(1, failures, "line " .. where)
        expect_all(account, ids)
        walks = walks + 1
      end
      assert.is_true(walks > 100, walks)
    end)
  end)

  it("follows a next_page_uri without its filter", function()
    local times = timeline.times(1000, function(index) return index % 250 == 0 and 864000 or 1 end)
    local account = timeline.new(times)
    expect_all(account, (walk(function(attempt)
      local response = account(attempt)
      response.body = response.body:gsub('&filter=[^"]*', "")
      return response
    end, { parallel = 8 })))
  end)

  it("may be read by the hook that hears of its fallback", function()
    local account = timeline.new(timeline.times(500, histories.evenly(new_random(5))))
    local hooked, count = nil, 0
    local other = assert(ngrok.client {
      transport = transport, loop = "tick", max_retries = 0, rate_limit = false,
      on_event = function(event)
        if event.name == "fallback" then
          local item = hooked:next()
          count = count + (item and 1 or 0)
        end
      end,
    })
    hooked = other.credentials:list { parallel = 4 }
    local runner = coroutine.create(function()
      for _ in hooked do
        count = count + 1
      end
    end)
    assert(coroutine.resume(runner))
    for _ = 1, 100 do
      transport:respond_to_all(function(attempt)
        return attempt.url:find "filter=" and { status = 400, headers = {}, body = "" } or account(attempt)
      end)
      other:step(0)
    end
    assert.equal("dead", coroutine.status(runner))
    assert.equal(500, count)
    other:close()
  end)

  describe("goes on with one page at a time, and says so", function()
    local account, respond

    before_each(function()
      account = timeline.new(timeline.times(1000, histories.evenly(new_random(5))))
    end)

    local function expect_fallback(why, most)
      expect_all(account, (walk(respond, { parallel = 8 })))
      assert.is_true(account.requests <= most, account.requests)
      assert.equal(1, #events)
      assert.equal("credentials.list", events[1].operation)
      assert.matches(why, events[1].message)
      assert.equal("number", type(events[1].request))
    end

    it("where the server refuses the filter", function()
      function respond(attempt)
        if not attempt.url:find "filter=" then
          return account(attempt)
        end
        return { status = 400, headers = {}, body = '{"error_code":"ERR_NGROK_250","msg":"no such field"}' }
      end
      expect_fallback("one page at a time: no such field", 10)
    end)

    it("where the server ignores the filter", function()
      function respond(attempt)
        return account { url = attempt.url:gsub("filter=[^&]*", "") }
      end
      expect_fallback("one page at a time: the server ignores the filter", 11)
    end)

    it("where the filter of its own makes the URL too long", function()
      local filter = ("x"):rep(59900)
      expect_all(account, (walk(account, { parallel = 8, filter = filter })))
      assert.equal(10, account.requests)
      assert.matches("one page at a time: the URL would be %d+ bytes long", events[1].message)
    end)

    it("where another request has failed", function()
      function respond(attempt)
        return attempt.url:find "filter=" and { status = 503, headers = {}, body = "" } or account(attempt)
      end
      expect_fallback("one page at a time: ", 10)
    end)
  end)

  it("goes on with one page at a time where the items have no created_at", function()
    local emu = emulator.new { api_key = transport.api_key }
    emu:seed("tunnel_sessions", 30)
    local count = 0
    run(emu, function()
      for _ in client.tunnel_sessions:list { parallel = 2, limit = 10 } do
        count = count + 1
      end
    end)
    assert.equal(30, count)
    assert.matches("an item has no created_at", events[1].message)
  end)

  it("returns an error after the items before it, and goes on when it is called again", function()
    local account, fails = timeline.new(timeline.times(2000, histories.evenly(new_random(9)))), 0
    local listing, ids, failures = client.credentials:list { parallel = 4 }, {}, 0
    run(function(attempt)
      fails = fails + 1
      if fails % 5 == 0 and not attempt.url:find "filter" then
        return { status = 500, headers = {}, body = "" }
      end
      return account(attempt)
    end, function()
      repeat
        local credential, err = listing:next()
        ids[#ids + 1] = credential and credential.id
        failures = failures + (err and 1 or 0)
      until not credential and not err
    end)
    expect_all(account, ids)
    assert.is_true(failures < 5)
  end)

  it("cancels what is under way when it is closed, and goes on when it is read again", function()
    local account = timeline.new(timeline.times(3000, histories.evenly(new_random(2))))
    local listing, ids = client.credentials:list { parallel = 4 }, {}
    run(account, function()
      for _ = 1, 250 do
        ids[#ids + 1] = assert(listing:next()).id
      end
    end)
    listing:close()
    client:drain()
    transport:respond_to_all(account) -- too late
    run(account, function()
      for _, credential in ipairs(listing:all()) do
        ids[#ids + 1] = credential.id
      end
    end)
    expect_all(account, ids)
  end)

  it("ends with its client", function()
    local account = timeline.new(timeline.times(3000, histories.evenly(new_random(2))))
    local listing = client.credentials:list { parallel = 4 }
    run(account, function() assert(listing:next()) end)
    client:close()
    local _, err
    run(account, function()
      repeat
        _, err = listing:next()
      until not _
    end)
    assert.equal("invalid", err.kind)
    assert.matches("closed", err.message)
  end)

  it("is dropped with its listing", function()
    local account = timeline.new(timeline.times(30000, histories.evenly(new_random(2))))
    local watched = setmetatable({}, { __mode = "k" })
    run(account, function()
      local listing = client.credentials:list { parallel = 4 }
      watched[listing] = true
      assert(listing:next())
    end)
    for _ = 1, 10 do
      collectgarbage()
      transport:respond_to_all(account)
      client:step(0)
    end
    assert.is_nil(next(watched))
    assert.equal(0, client:pending())
  end)

  it("gives each item to one of the coroutines that share it", function()
    local account = timeline.new(timeline.times(2000, histories.evenly(new_random(4))))
    local listing, taken, count = client.credentials:list { parallel = 4 }, {}, 0
    local function take()
      for credential in function() return (assert(listing:next() or true)) end do
        if credential == true then
          return
        end
        assert.is_nil(taken[credential.id])
        taken[credential.id], count = true, count + 1
      end
    end
    local others = { coroutine.create(take), coroutine.create(take) }
    for _, other in ipairs(others) do
      assert(coroutine.resume(other))
    end
    run(account, take)
    assert.equal(2000, count)
  end)

  it("takes a whole number up to 16 or a name, of lists with a filter, and no prefetch = false", function()
    local function message_of(service, query)
      return select(2, pcall(client[service].list, client[service], query))
    end
    for _, wrong in ipairs { 0, 17, 1.5, "all", true } do
      assert.matches("'parallel' in the list's parameters: \"auto\" or a whole number from 1 to 16 expected",
        message_of("credentials", { parallel = wrong }))
    end
    assert.matches("unknown name 'parallel'", message_of("bot_users", { parallel = 2 }))
    assert.matches("credentials.list: parallel asks for pages ahead: leave out prefetch = false",
      message_of("credentials", { parallel = 2, prefetch = false }))
  end)
end)

hosts.describe("a parallel walk", function(host)
  it("has what the plain walk has, as items, pages and an array", function()
    host.emulator:seed(250, function(index)
      return { created_at = time.format(1600000000 + 10 * index) }
    end)
    local plain = assert(host.client.credentials:list():all())
    local query = { parallel = 4, limit = 10 }
    assert.same(plain, host.client.credentials:list(query):all())
    local count, pages = 0, 0
    for credential in host.client.credentials:list(query) do
      count = count + 1
      assert.equal(plain[count], credential)
    end
    for page in host.client.credentials:list(query):pages() do
      assert.equal(plain[count - 249], page[1])
      count, pages = count + #page, pages + 1
    end
    assert.equal(500, count)
    assert.is_true(pages >= 25)
  end)
end)
