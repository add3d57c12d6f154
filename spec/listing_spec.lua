-- A listing: a walk over the pages of a list, newest first.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local manual_transport = require "spec.support.manual_transport"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

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

-- The items that come before the error that a `for` raises, and that error.
local function walk_into_error(listing)
  local items = {}
  local fine, err = pcall(function()
    for credential in listing do
      items[#items + 1] = credential
    end
  end)
  assert.is_false(fine)
  return items, err
end

local function message_of(fn, ...)
  local fine, message = pcall(fn, ...)
  assert.is_false(fine)
  return message
end

local function collect_garbage()
  collectgarbage()
  collectgarbage()
end

-- Steps until nothing queues; requests in flight stay so.
local function settle(client)
  for _ = 1, 100 do
    if client:step(0) == 0 and client:timeout() ~= 0 then
      return
    end
  end
end

hosts.describe_on(wires.versions, "a listing", function(host)
  local emu

  before_each(function()
    emu = host.emulator
  end)

  local function list(parameters, options)
    return host.client.credentials:list(parameters, options)
  end

  -- The ids of what the account holds, or of so many new credentials.
  local function held_ids(count)
    emu:seed(count or 0)
    return ids_of(emu:credentials())
  end

  local function lists()
    local seen = {}
    for _, request in ipairs(emu:requests()) do
      if request.method == "GET" and request.path == "/credentials" then
        seen[#seen + 1] = request
      end
    end
    return seen
  end

  local function fail_after(count, fault)
    fault = fault or { kind = "status", status = 500, count = math.huge }
    fault.after = count
    emu:misbehave(fault)
  end

  describe("that is walked", function()
    it("delivers every item of every page once, newest first, with any limit", function()
      local expected = held_ids(7)
      for limit = 1, 8 do
        assert.same(expected, ids_of(walk(list { limit = limit })))
      end
    end)

    it("has 100 items in a page where no limit is given", function()
      assert.same(held_ids(250), ids_of(walk(list())))
      assert.equal(3, #lists())
    end)

    it("gives credentials with all methods and without a token", function()
      emu:seed(1, { description = "one", acl = { "bind:*.example.com" } })
      local credential = walk(list())[1]
      assert.equal("one", credential.description)
      assert.same({ "bind:*.example.com" }, credential.acl)
      assert.is_nil(credential.token)
      assert(credential:update { description = "two" })
      assert.equal("two", emu:credentials()[1].description)
    end)

    it("gives an item by each next, then nil without an error, again and again", function()
      local expected, listing, ids = held_ids(3), list { limit = 2 }, {}
      assert.equal(0, #emu:requests()) -- nothing is sent before an item is wanted
      for index = 1, 3 do
        ids[index] = assert(listing:next()).id
      end
      assert.same(expected, ids)
      for _ = 1, 2 do
        assert.same({}, { listing:next() })
      end
    end)

    it("gives the remaining items by all, next or another for", function()
      local expected, listing, ids = held_ids(6), list { limit = 2 }, {}
      ids[1] = listing:next().id
      for credential in listing do
        ids[2] = credential.id
        break
      end
      for _, credential in ipairs(assert(listing:all())) do
        ids[#ids + 1] = credential.id
      end
      assert.same(expected, ids)
    end)

    it("says in its tostring what it lists", function()
      assert.equal("ngrok.listing: /credentials", tostring((list())))
    end)

    it("is empty where the account is", function()
      assert.same({}, walk(list()))
      assert.same({}, (list():all()))
      assert.equal(2, #emu:requests())
    end)

    it("ends at an empty page, also when that has a next_page_uri", function()
      local seeded = emu:seed(2)
      emu:misbehave {
        kind = "next_page_uri", uri = emu.base_url .. "/credentials?before_id=" .. seeded[1].id,
      }
      emu:misbehave { kind = "next_page_uri", uri = emu.base_url .. "/credentials?limit=9" }
      assert.equal(2, #walk(list()))
      assert.equal(2, #emu:requests())
    end)

    it("walks beside others on its own", function()
      local expected = held_ids(9)
      local one, two, from_one, from_two = list { limit = 2 }, list { limit = 3 }, {}, {}
      for index = 1, 9 do
        from_one[index], from_two[index] = assert(one:next()).id, assert(two:next()).id
      end
      assert.same({ expected, expected }, { from_one, from_two })
    end)
  end)

  describe("in pages", function()
    it("gives arrays with the page's uri and next_page_uri, the rest of a page first", function()
      local expected, listing = held_ids(5), list { limit = 2 }
      local ids, sizes, pages = { listing:next().id }, {}, {}
      for page in listing:pages() do
        pages[#pages + 1], sizes[#sizes + 1] = page, #page
        for _, credential in ipairs(page) do
          ids[#ids + 1] = credential.id
        end
      end
      assert.same({ 1, 2, 1 }, sizes)
      assert.same(expected, ids)
      assert.equal(emu.base_url .. "/credentials", pages[1].uri)
      assert.matches(expected[2], pages[1].next_page_uri, 1, true)
      assert.is_nil(pages[3].next_page_uri)
    end)

    it("raises the error object when a page cannot be had, after the pages before it", function()
      emu:seed(3)
      fail_after(1)
      local pages = 0
      local fine, err = pcall(function()
        for _ in list({ limit = 2 }):pages() do
          pages = pages + 1
        end
      end)
      assert.is_false(fine)
      assert.same({ 1, 500 }, { pages, err.status })
    end)
  end)

  describe("on the wire", function()
    it("has no query without parameters", function()
      assert(list():all())
      assert(list({}):all())
      for _, request in ipairs(emu:requests()) do
        assert.equal("/credentials", request.path)
        assert.is_nil(request.query)
      end
    end)

    it("has limit, before_id and filter, with every reserved character of theirs encoded", function()
      emu:seed(4, function(index)
        return { description = index % 2 == 0 and "a&b=c +%é" or "other" }
      end)
      local newest = emu:credentials()[1].id
      local filter = 'obj.description == "a&b=c +%é"'
      local items = assert(list({ limit = 7, before_id = newest, filter = filter }):all())
      assert.same({ emu:credentials()[3].id }, ids_of(items))
      assert.equal("limit=7&before_id=" .. newest
        .. "&filter=obj.description%20%3D%3D%20%22a%26b%3Dc%20%2B%25%C3%A9%22", emu:requests()[1].query)
    end)

    it("keeps limit and filter on the pages that follow", function()
      emu:seed(6, function(index) return { description = index <= 5 and "x" or "y" } end)
      assert.equal(5, #assert(list({ limit = 2, filter = 'obj.description == "x"' }):all()))
      assert.equal(3, #emu:requests())
      for _, request in ipairs(emu:requests()) do
        assert.matches("limit=2", request.query, 1, true)
        assert.matches("filter=obj.description", request.query, 1, true)
      end
    end)

    it("brings the API's refusal of a filter", function()
      local items, err = list({ filter = "obj.nonsense ==" }):all()
      assert.is_nil(items)
      assert.same({ "ERR_NGROK_250", "credentials.list" }, { err.code, err.operation })
    end)
  end)

  describe("that fetches ahead", function()
    it("has asked for the second page when it gives the first item", function()
      emu:seed(3)
      local listing = list { limit = 2 }
      listing:next()
      timing.wait_until(function() return #emu:requests() == 2 end)
      assert(listing:all())
      assert.equal(2, #emu:requests())
    end)

    for name, arguments in pairs {
      ["the list's parameters"] = { { limit = 2, prefetch = false } },
      ["the list's options"] = { { limit = 2 }, { prefetch = false } },
    } do
      it("does not when prefetch is false in " .. name, function()
        emu:seed(3)
        local listing = list(arguments[1], arguments[2])
        listing:next()
        listing:next()
        settle(host.client)
        -- A request in flight would arrive before this one.
        assert(host.client.credentials:get(emu:credentials()[1].id))
        assert.equal(1, #lists())
        assert.equal(1, #assert(listing:all()))
        assert.equal(2, #lists())
      end)
    end

    it("asks again for a page that it could not fetch ahead", function()
      local expected = held_ids(5)
      for _, fault in ipairs { { kind = "status", status = 503 }, { kind = "reset_before" } } do
        local before = #emu:requests()
        fail_after(1, fault)
        assert.same(expected, ids_of(walk(list { limit = 2 })))
        assert.equal(4, #emu:requests() - before)
      end
    end)

    it("applies the time-out to each page", function()
      emu:seed(3)
      fail_after(1, { kind = "hang", count = math.huge })
      local listing = list({ limit = 2 }, { timeout = timing.scaled(0.1) })
      assert(listing:next())
      assert(listing:next())
      local item, err = listing:next()
      assert.is_nil(item)
      assert.same({ "timeout", "receive" }, { err.kind, err.phase })
    end)
  end)

  describe("that is left early has nothing in flight", function()
    before_each(function()
      emu:seed(3)
      fail_after(1, { kind = "hang", count = math.huge })
    end)

    after_each(function()
      settle(host.client)
      assert.equal(0, host.client:pending())
    end)

    local ways = {
      ["by a for"] = function()
        for _ in list { limit = 2 } do
          break
        end
      end,
      ["by a for over its pages"] = function()
        for _ in list({ limit = 2 }):pages() do
          break
        end
      end,
      ["by an error in a for"] = function()
        pcall(function()
          for _ in list { limit = 2 } do
            error("mine")
          end
        end)
      end,
      ["after a next"] = function()
        list({ limit = 2 }):next()
      end,
    }
    for name, leave in pairs(ways) do
      it("once it is collected, " .. name, function()
        leave()
        collect_garbage()
      end)

      if _VERSION == "Lua 5.4" and name ~= "after a next" then
        it("at once, as Lua 5.4 closes it, " .. name, function()
          collectgarbage("stop")
          leave()
          settle(host.client)
          collectgarbage("restart")
          assert.equal(0, host.client:pending())
        end)
      end
    end

    it("once it is closed, also twice", function()
      local listing = list { limit = 2 }
      listing:next()
      listing:close()
      listing:close()
    end)
  end)

  describe("with an error in the middle", function()
    local expected

    before_each(function()
      expected = held_ids(5)
    end)

    it("raises the error object in a for, after the items before it", function()
      fail_after(2)
      local items, err = walk_into_error(list { limit = 2 })
      assert.equal(4, #items)
      assert.is_true(ngrok.is_error(err))
      assert.same({ "api", 500, "credentials.list" }, { err.kind, err.status, err.operation })
    end)

    it("returns it from next, after the items before it", function()
      fail_after(1)
      local listing = list { limit = 2 }
      assert(listing:next())
      assert(listing:next())
      local item, err = listing:next()
      assert.is_nil(item)
      assert.equal(500, err.status)
    end)

    it("returns it from all, which called again has the items before it, too", function()
      fail_after(1, { kind = "status", status = 503, count = 2 })
      local listing = list({ limit = 2 }, { max_retries = 0 })
      local items, err = listing:all()
      assert.is_nil(items)
      assert.equal(503, err.status)
      assert.same(expected, ids_of(assert(listing:all())))
    end)

    for _, kind in ipairs { "reset_before", "reset_after", "truncate", "invalid_json", "html" } do
      it("goes on with the missing page in a second for, after " .. kind, function()
        for _, after in ipairs { 0, 1 } do
          fail_after(after, { kind = kind })
          local listing = list { limit = 2, prefetch = false }
          local items, err = walk_into_error(listing)
          assert.is_true(ngrok.is_error(err))
          assert.equal(2 * after, #items)
          for credential in listing do
            items[#items + 1] = credential
          end
          assert.same(expected, ids_of(items))
        end
      end)
    end
  end)

  describe("with a response that is not a page", function()
    it("gives a decode error", function()
      local page = manual_transport.page({ "cr_1" }).body
      for _, body in ipairs {
        "<html>", "[]", "12", "null", '{"uri":"x"}', '{"credentials":"x","next_page_uri":null}',
        '{"credentials":{"id":"cr_1"},"next_page_uri":null}', '{"credentials":[1],"next_page_uri":null}',
        '{"credentials":[{"uri":"x"}],"next_page_uri":null}',
        '{"credentials":[{"id":"cr_1","acl":"bind:*"}]}', '{"credentials":[null],"next_page_uri":null}',
        (page:gsub('"next_page_uri":null', '"next_page_uri":5')),
        (page:gsub('"next_page_uri":null', '"next_page_uri":{}')),
        (page:gsub('"next_page_uri":null', '"next_page_uri":true')),
      } do
        emu:misbehave { kind = "body", body = body }
        local items, err = list():all()
        assert.is_nil(items, body)
        assert.same({ "decode", "decode", "unknown", 200 }, { err.kind, err.phase, err.outcome, err.status })
      end
    end)

    it("is empty when its list is null", function()
      emu:misbehave { kind = "body", body = '{"credentials":null,"uri":"x","next_page_uri":null}' }
      assert.same({}, (list():all()))
    end)
  end)

  -- The C tests have every spelling.
  describe("with a next_page_uri", function()
    local function is_refused(uri)
      emu:misbehave { kind = "next_page_uri", uri = uri }
      local before, listing = #emu:requests(), list { limit = 2 }
      local items, err = walk_into_error(listing)
      assert.equal(2, #items)
      assert.same({ "decode", "decode", "credentials.list" }, { err.kind, err.phase, err.operation })
      assert.matches("next_page_uri", err.message, 1, true)
      assert.equal(1, #emu:requests() - before)
      assert.equal(err, select(2, listing:next()))
      assert.equal(err, select(2, listing:all()))
    end

    it("that leads elsewhere ends with an error after the page's items, and sends nothing there", function()
      emu:seed(3)
      local base, other = emu.base_url, assert(emulator.start())
      finally(function() other:stop() end)
      for _, uri in ipairs {
        other.base_url .. "/credentials?limit=2",
        (base:gsub(":%d+$", "")) .. ":1/credentials?before_id=cr_1",
        (base:gsub("://", "://user:password@")) .. "/credentials?before_id=cr_1",
        "https://api.ngrok.com@evil.example/credentials?before_id=cr_1",
        "https://api.ngrok.com/api_keys?before_id=cr_1", "https://api.ngrok.com/credentials",
        "https://api.ngrok.com/credentials?before_id=cr_1\r\nX-Evil: yes", "", "\0",
      } do
        is_refused(uri)
      end
      is_refused(nil) -- the page itself
      assert.same({}, other:requests())
    end)

    it("that points to a page that was already fetched ends with an error", function()
      emu:seed(3)
      fail_after(1, { kind = "next_page_uri", uri = emu.base_url .. "/credentials?limit=2" })
      local items, err = walk_into_error(list { limit = 2 })
      assert.same({ 3, "decode", 2 }, { #items, err.kind, #emu:requests() })
    end)

    it("that leads elsewhere comes with its page in pages", function()
      emu:seed(3)
      emu:misbehave { kind = "next_page_uri", uri = "https://evil.example/credentials?a=b" }
      local count = 0
      local fine, err = pcall(function()
        for page in list():pages() do
          count = count + #page
        end
      end)
      assert.same({ false, "decode", 3 }, { fine, err.kind, count })
    end)

    it("on https://api.ngrok.com has its query taken to our own base URL", function()
      local seeded = emu:seed(3)
      local query = "before_id=" .. seeded[2].id .. "&limit=7"
      for index, origin in ipairs { "https://api.ngrok.com", "HTTPS://API.ngrok.com:443" } do
        emu:misbehave { kind = "next_page_uri", uri = origin .. "/credentials?" .. query }
        assert.same(held_ids(), ids_of(walk(list { limit = 2 })))
        assert.equal(query, emu:requests()[2 * index].query)
      end
    end)
  end)

  it("with bad parameters carries the error, and sends nothing", function()
    for name, value in pairs { limit = 0, before_id = "cr_1&limit=1", filter = "\255" } do
      local listing = list { [name] = value }
      local _, first = listing:next()
      assert.same({ "invalid", "validate", "not_sent", "credentials.list", 0 },
        { first.kind, first.phase, first.outcome, first.operation, first.attempts })
      assert.matches(name, first.message, 1, true)
      for _, call in ipairs { function() return listing:next() end, function() return listing:all() end } do
        local value_of_call, err = call()
        assert.is_nil(value_of_call)
        assert.is_true(rawequal(first, err))
      end
      assert.same({ {}, first }, { walk_into_error(listing) })
      assert.equal(first, message_of(function() walk((listing:pages())) end))
    end
    assert.same({}, emu:requests())
  end)

  describe("of an account that changes meanwhile", function()
    local expected

    before_each(function()
      expected = held_ids(6)
    end)

    local function walk_and(change)
      local ids = {}
      for credential in list { limit = 2 } do
        ids[#ids + 1] = credential.id
        change(credential)
      end
      return ids
    end

    it("gives nothing twice when credentials are created", function()
      assert.same(expected, walk_and(function() assert(host.client.credentials:create()) end))
    end)

    it("goes on when every credential is deleted as it comes", function()
      assert.same(expected, walk_and(function(credential) assert(credential:delete()) end))
      assert.equal(0, #emu:credentials())
    end)

    it("leaves out what is deleted before its page is asked for", function()
      local listing = list { limit = 2, prefetch = false }
      local ids = { listing:next().id }
      assert(host.client.credentials:delete(table.remove(expected, 4)))
      for credential in listing do
        ids[#ids + 1] = credential.id
      end
      assert.same(expected, ids)
    end)
  end)

  it("on a closed client delivers the rest of its page, then errors", function()
    emu:seed(3)
    local listing = list { limit = 2, prefetch = false }
    assert(listing:next())
    host.client:close()
    assert(listing:next())
    for _, each in ipairs { listing, list() } do
      for _ = 1, 2 do
        local item, err = each:next()
        assert.is_nil(item)
        assert.same({ "invalid", "not_sent" }, { err.kind, err.outcome })
      end
    end
  end)
end)

describe("a listing below a base URL with a path", function()
  local base_url = "https://proxy.example/ngrok/v1"

  it("keeps the path on every page", function()
    local emu = emulator.new { base_url = base_url }
    emu:seed(5)
    local client = assert(ngrok.client { transport = emu, base_url = base_url })
    assert.same(ids_of(emu:credentials()), ids_of(walk(client.credentials:list { limit = 2 })))
    client:close()
  end)

  it("takes only the query of a next_page_uri, unchanged", function()
    local query = "/credentials?before_id=cr_1&filter=a%20%3D%3D%20b%2Fc&x=+y"
    for _, place in ipairs { "https://api.ngrok.com", base_url, "https://proxy.example/elsewhere" } do
      local urls = {}
      local client = assert(ngrok.client {
        api_key = "a_b", base_url = base_url, max_retries = 0, rate_limit = false,
        transport = function(attempt)
          urls[#urls + 1] = attempt.url
          return manual_transport.page({ "cr_" .. #urls }, #urls == 1 and place .. query or nil)
        end,
      })
      assert.equal(2, #client.credentials:list():all())
      client:close()
      assert.equal(base_url .. query, urls[2])
    end
  end)
end)

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

  -- In its own process, whose compiler has seen nothing else.
  it("that is left early is not kept by what LuaJIT has compiled", function()
    local ran = child.run [[
      if jit then jit.opt.start("hotloop=1", "hotexit=1") end
      local ngrok = require "ngrok"
      local emu = require "ngrok.emulator".new()
      local client = assert(ngrok.client { transport = emu })
      emu:seed(200)
      coroutine.wrap(function()
        local count = 0
        for _ in client.credentials:list { limit = 1 } do
          count = count + 1
          if count == 100 then break end
        end
      end)()
      collectgarbage()
      collectgarbage()
      io.write(client:pending())
    ]]
    assert.same({ status = 0, output = "0", errors = "" }, ran)
  end)

  it("that is used like an array raises, and the message has the ways to its items", function()
    local listing = list()
    local message = message_of(function() return listing[1] end)
    assert.matches("listing_spec.lua:%d+: ", message)
    assert.matches("a listing is not an array: use `for item in listing do`, listing:next(), or the array "
      .. "that listing:all() returns", message, 1, true)
    assert.matches("a listing has no length: use #listing:all()",
      message_of(function() return #listing end), 1, true)
    for _, iterate in ipairs { ipairs, pairs, table.concat, unpack or table.unpack } do
      assert.is_string(message_of(function() -- at the latest in the loop's first round
        for _ in iterate(list()) do return end
      end))
    end
  end)

  it("takes no arguments where list takes them", function()
    for _, method in ipairs { "all", "pages" } do
      local listing = list()
      assert.matches(("listing:%s takes no arguments: give limit, before_id, filter and options to list")
        :format(method), message_of(function() listing[method](listing, { limit = 1 }) end), 1, true)
      assert.equal(5, #assert(listing:all()))
    end
  end)

  for name, walk_to_end in pairs {
    ["a for"] = walk,
    all = function(listing) return listing:all() end,
    pages = function(listing) walk((listing:pages())) end,
  } do
    it("that was walked to its end by " .. name .. " raises when it is begun again", function()
      local again = "this listing has ended; call list again"
      for _ = 1, 2 do
        local listing = list()
        walk_to_end(listing)
        assert.matches("listing: " .. again, message_of(walk, listing), 1, true)
        assert.matches("listing:all: " .. again, message_of(function() listing:all() end), 1, true)
        assert.matches("listing:pages: " .. again, message_of(function() listing:pages() end), 1, true)
        assert.is_nil(listing:next())
        emu:reset() -- the same where it is empty
      end
    end)
  end

  it("that was walked to its end by next has nothing left, and says so", function()
    local listing = list()
    walk(function() return (listing:next()) end)
    assert.is_nil(listing:next())
    assert.same({}, listing:all())
  end)
end)
