-- A listing whose items several coroutines take.
local emulator = require "ngrok.emulator"
local manual_transport = require "spec.support.manual_transport"
local ngrok = require "ngrok"

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
      while coroutines[1] and coroutine.status(coroutines[1]) == "dead" do
        table.remove(coroutines, 1)
      end
      if not coroutines[1] then
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
    local expected = {}
    for index, credential in ipairs(emu:credentials()) do
      expected[index] = credential.id
    end
    table.sort(expected)
    table.sort(items)
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

  it("asks once for a page, and again after a failure", function()
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

  local function walk_into(items, listing)
    return function()
      for credential in listing do
        items[#items + 1] = credential.id
      end
    end
  end

  it("loses nothing when one of them is collected while it waits", function()
    local listing, items = client.credentials:list { limit = 2 }, {}
    start(1, function() listing:next() end)
    collectgarbage()
    collectgarbage()
    run(start(2, walk_into(items, listing)))
    assert.is_true(#items >= 24) -- the collected one may have taken an item
  end)

  if coroutine.close then
    it("asks again for the page of one that is closed while it waits", function()
      local listing, items = client.credentials:list { limit = 2 }, {}
      assert(coroutine.close(start(1, function() listing:next() end)[1]))
      run(start(1, walk_into(items, listing)))
      expect_each_once(items)
    end)
  end
end)
