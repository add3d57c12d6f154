-- A listing where it is taken for an array, walked again, or walked by several coroutines at once.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local manual_transport = require "spec.support.manual_transport"

local function message_of(fn, ...)
  local fine, message = pcall(fn, ...)
  assert.is_false(fine)
  return message
end

local function ids_of(credentials)
  local ids = {}
  for index, credential in ipairs(credentials) do
    ids[index] = credential.id
  end
  return ids
end

local function walk(listing)
  local items = {}
  for credential in listing do
    items[#items + 1] = credential
  end
  return items
end

describe("a listing", function()
  local emu, client

  before_each(function()
    emu = emulator.new()
    emu:seed(5)
    client = assert(ngrok.client { transport = emu })
  end)

  after_each(function()
    client:close()
  end)

  local function list()
    return client.credentials:list { limit = 2 }
  end

  describe("that is used like an array", function()
    it("says how its items are had", function()
      local listing = list()
      local way = "a listing is not an array: use `for item in listing do`, listing:next(), or the array "
        .. "that listing:all() returns"
      assert.matches("listing_use_spec.lua:%d+: ", message_of(function() return listing[1] end))
      assert.matches(way, message_of(function() return listing[1] end), 1, true)
      assert.matches("a listing does not know its length before it is walked: use #listing:all()",
        message_of(function() return #listing end), 1, true)
    end)

    it("is never silently empty", function()
      for _, iterate in ipairs { ipairs, pairs, table.concat, unpack or table.unpack } do
        assert.is_string(message_of(function() -- at the latest in the loop's first round
          for _ in iterate(list()) do return end
        end))
      end
      if _VERSION == "Lua 5.4" then
        assert.matches("a listing is not an array", message_of(function()
          for _ in ipairs(list()) do return end
        end), 1, true)
      end
    end)

    it("takes no arguments where list takes them", function()
      for _, method in ipairs { "all", "pages" } do
        local listing = list()
        local message = message_of(function() listing[method](listing, { limit = 1 }) end)
        assert.matches(("listing:%s takes no arguments: give limit, before_id, filter and options to list")
          :format(method), message, 1, true)
        assert.equal(5, #assert(listing:all()))
      end
    end)
  end)

  describe("that was walked to its end", function()
    local again = "this listing has been walked to its end; call list again for another walk"

    for name, walk_to_end in pairs {
      ["a for"] = walk,
      all = function(listing) return listing:all() end,
      pages = function(listing) walk((listing:pages())) end,
    } do
      it("by " .. name .. " raises where it is begun again", function()
        local listing = list()
        walk_to_end(listing)
        assert.matches("listing: " .. again, message_of(walk, listing), 1, true)
        assert.matches("listing:all: " .. again, message_of(function() listing:all() end), 1, true)
        assert.matches("listing:pages: " .. again, message_of(function() listing:pages() end), 1, true)
        assert.is_nil(listing:next())
      end)
    end

    it("by next has nothing left, and says so", function()
      local listing = list()
      walk(function() return (listing:next()) end)
      assert.is_nil(listing:next())
      assert.same({}, listing:all())
    end)

    it("raises where it was empty, too", function()
      emu:reset()
      local listing = list()
      assert.same({}, walk(listing))
      assert.matches(again, message_of(walk, listing), 1, true)
    end)
  end)

  it("goes on where another loop has left it", function()
    local listing, ids = list(), {}
    for credential in listing do
      ids[1] = credential.id
      break
    end
    for _, credential in ipairs(listing:all()) do
      ids[#ids + 1] = credential.id
    end
    assert.same(ids_of(emu:credentials()), ids)
  end)
end)

describe("a listing that several coroutines share", function()
  local emu, transport, client

  before_each(function()
    transport = manual_transport.new()
    emu = emulator.new { api_key = transport.api_key }
    emu:seed(25)
    client = assert(ngrok.client {
      transport = transport, loop = "tick", max_retries = 0, rate_limit = false,
    })
  end)

  after_each(function()
    client:close()
  end)

  -- Responds to each attempt until all coroutines have ended.
  local function run(coroutines)
    for _ = 1, 100 do
      transport:respond_to_all(emu)
      client:step(0)
      local alive = 0
      for _, running in ipairs(coroutines) do
        alive = alive + (coroutine.status(running) ~= "dead" and 1 or 0)
      end
      if alive == 0 then
        return
      end
    end
    error("they do not end")
  end

  local function start(count, fn)
    local coroutines = {}
    for index = 1, count do
      coroutines[index] = coroutine.create(fn)
      assert(coroutine.resume(coroutines[index]))
    end
    return coroutines
  end

  local function expect_each_once(items)
    table.sort(items)
    local expected = ids_of(emu:credentials())
    table.sort(expected)
    assert.same(expected, items)
  end

  local ways = {
    ["a for"] = function(listing, take)
      for credential in listing do
        take(credential)
      end
    end,
    next = function(listing, take)
      local credential, err = listing:next()
      while credential do
        take(credential)
        credential, err = listing:next()
      end
      assert.is_nil(err)
    end,
    all = function(listing, take)
      for _, credential in ipairs(assert(listing:all())) do
        take(credential)
      end
    end,
    pages = function(listing, take)
      for page in listing:pages() do
        for _, credential in ipairs(page) do
          take(credential)
        end
      end
    end,
  }
  for name, way in pairs(ways) do
    for _, prefetch in ipairs { true, false } do
      it(("gives each item once, by %s, prefetch = %s"):format(name, tostring(prefetch)), function()
        local listing, items = client.credentials:list { limit = 2, prefetch = prefetch }, {}
        run(start(3, function()
          way(listing, function(credential)
            items[#items + 1] = credential.id
          end)
        end))
        expect_each_once(items)
        assert.equal(13, #transport.attempts)
      end)
    end
  end

  it("asks once for a page, and again where that went wrong", function()
    local listing, items, errors = client.credentials:list { limit = 10 }, {}, {}
    local coroutines = start(3, function()
      for _ = 1, 2 do
        local all, err = listing:all()
        errors[#errors + 1] = err
        for _, credential in ipairs(all or {}) do
          items[#items + 1] = credential.id
        end
        if all then
          return
        end
      end
    end)
    assert.equal(1, #transport.attempts)
    transport:respond(1, nil, "connect", "no way")
    run(coroutines)
    assert.equal(3, #errors)
    expect_each_once(items)
    assert.equal(4, #transport.attempts)
  end)

  it("loses nothing where one of them is dropped while it waits", function()
    local listing, items = client.credentials:list { limit = 2 }, {}
    start(1, function() listing:next() end) -- and nobody has it
    collectgarbage()
    collectgarbage()
    run(start(2, function()
      for credential in listing do
        items[#items + 1] = credential.id
      end
    end))
    assert.is_true(#items >= 24) -- the one that was dropped may have taken one first
  end)

  if coroutine.close then
    it("asks again for the page of one that was closed while it waited", function()
      local listing, items = client.credentials:list { limit = 2 }, {}
      assert(coroutine.close(start(1, function() listing:next() end)[1]))
      run(start(1, function()
        for credential in listing do
          items[#items + 1] = credential.id
        end
      end))
      expect_each_once(items)
    end)
  end
end)
