local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"
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

local function lists_of(emu)
  local seen = {}
  for _, request in ipairs(emu:requests()) do
    if request.method == "GET" and request.path == "/credentials" then
      seen[#seen + 1] = request
    end
  end
  return seen
end

-- What a `for` raises, and the items that came before.
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

local function collect_garbage()
  collectgarbage()
  collectgarbage()
end

-- Until nothing queues; what is under way stays so.
local function settle(client)
  for _ = 1, 100 do
    if client:step(0) == 0 and client:timeout() ~= 0 then
      return
    end
  end
end

hosts.describe_on({ wires.plain, wires.http2 }, "a listing", function(host)
  local function list(parameters, options)
    return host.client.credentials:list(parameters, options)
  end

  describe("that is walked", function()
    it("delivers every item of many pages once, newest first", function()
      host.emulator:seed(250)
      local expected = ids_of(host.emulator:credentials())
      assert.same(expected, ids_of(walk(list())))
      assert.equal(3, #lists_of(host.emulator))
    end)

    it("goes on over pages of any size", function()
      host.emulator:seed(7)
      local expected = ids_of(host.emulator:credentials())
      for limit = 1, 8 do
        assert.same(expected, ids_of(walk(list { limit = limit })))
      end
    end)

    it("is what a `for` takes, as it comes from list", function()
      host.emulator:seed(3)
      local ids = {}
      for credential in list { limit = 2 } do
        ids[#ids + 1] = credential.id
      end
      assert.same(ids_of(host.emulator:credentials()), ids)
    end)

    it("gives credentials that can be worked with", function()
      host.emulator:seed(1, { description = "one", acl = { "bind:*.example.com" } })
      local credential = walk(list())[1]
      assert.equal("one", credential.description)
      assert.same({ "bind:*.example.com" }, credential.acl)
      assert.is_nil(credential.token)
      assert(credential:update { description = "two" })
      assert.equal("two", host.emulator:credentials()[1].description)
    end)

    it("gives item after item by next, then nil without an error, again and again", function()
      host.emulator:seed(3)
      local listing = list { limit = 2 }
      local ids = {}
      for index = 1, 3 do
        ids[index] = assert(listing:next()).id
      end
      assert.same(ids_of(host.emulator:credentials()), ids)
      for _ = 1, 2 do
        local item, err = listing:next()
        assert.is_nil(item)
        assert.is_nil(err)
      end
    end)

    it("asks for nothing before the first item is wanted", function()
      local listing = list()
      assert.equal(0, #host.emulator:requests())
      listing:next()
      assert.equal(1, #host.emulator:requests())
    end)

    it("gives all that is left as an array", function()
      host.emulator:seed(5)
      local listing = list { limit = 2 }
      local first = listing:next()
      local rest = assert(listing:all())
      local expected = ids_of(host.emulator:credentials())
      assert.equal(expected[1], first.id)
      table.remove(expected, 1)
      assert.same(expected, ids_of(rest))
    end)

    it("says in its tostring what it lists", function()
      assert.equal("ngrok.listing: /credentials", tostring((list())))
    end)

    it("is empty where the account is", function()
      assert.same({}, walk(list()))
      assert.same({}, (list():all()))
      assert.equal(2, #host.emulator:requests())
    end)

    it("ends at an empty page, whatever its next_page_uri says", function()
      local uri = host.emulator.base_url .. "/credentials?before_id=cr_1"
      host.emulator:misbehave { kind = "next_page_uri", uri = uri }
      assert.same({}, walk(list()))
      assert.equal(1, #host.emulator:requests())
    end)

    it("ends at an empty page after full ones", function()
      local seeded = host.emulator:seed(2)
      host.emulator:misbehave {
        kind = "next_page_uri", uri = host.emulator.base_url .. "/credentials?before_id=" .. seeded[1].id,
      }
      local uri = host.emulator.base_url .. "/credentials?limit=9"
      host.emulator:misbehave { kind = "next_page_uri", uri = uri }
      assert.equal(2, #walk(list()))
      assert.equal(2, #host.emulator:requests())
    end)
  end)

  describe("in pages", function()
    it("gives arrays of credentials with the page's uri and next_page_uri", function()
      host.emulator:seed(5)
      local pages = {}
      for page in list({ limit = 2 }):pages() do
        pages[#pages + 1] = page
      end
      assert.same({ 2, 2, 1 }, { #pages[1], #pages[2], #pages[3] })
      assert.equal(host.emulator.base_url .. "/credentials", pages[1].uri)
      assert.truthy(pages[1].next_page_uri:find(pages[1][2].id, 1, true))
      assert.is_nil(pages[3].next_page_uri)
    end)

    it("begins with what next has left of its page", function()
      host.emulator:seed(5)
      local listing = list { limit = 3 }
      local first = listing:next()
      local sizes, ids = {}, { first.id }
      for page in listing:pages() do
        sizes[#sizes + 1] = #page
        for _, credential in ipairs(page) do
          ids[#ids + 1] = credential.id
        end
      end
      assert.same({ 2, 2 }, sizes)
      assert.same(ids_of(host.emulator:credentials()), ids)
    end)

    it("raises the error object when a page cannot be had", function()
      host.emulator:seed(3)
      host.emulator:misbehave { kind = "status", status = 500, after = 1, count = math.huge }
      local pages = 0
      local fine, err = pcall(function()
        for _ in list({ limit = 2 }):pages() do
          pages = pages + 1
        end
      end)
      assert.is_false(fine)
      assert.equal(1, pages)
      assert.is_true(ngrok.is_error(err))
      assert.equal(500, err.status)
    end)
  end)

  describe("on the wire", function()
    it("has no query without parameters", function()
      assert(list():all())
      assert(list({}):all())
      local requests = host.emulator:requests()
      assert.is_nil(requests[1].query)
      assert.is_nil(requests[2].query)
      assert.equal("/credentials", requests[1].path)
    end)

    it("sends limit as a whole number", function()
      assert(list({ limit = 5 }):all())
      assert(list({ limit = 5.0 }):all())
      assert.equal("limit=5", host.emulator:requests()[1].query)
      assert.equal("limit=5", host.emulator:requests()[2].query)
    end)

    it("names the parameter before_id, and advances by it", function()
      host.emulator:seed(3)
      local ids = ids_of(host.emulator:credentials())
      local items = assert(list({ before_id = ids[1] }):all())
      assert.equal("before_id=" .. ids[1], host.emulator:requests()[1].query)
      assert.same({ ids[2], ids[3] }, ids_of(items))
    end)

    it("sends a filter with every reserved character encoded", function()
      host.emulator:seed(4, function(index)
        return { description = index % 2 == 0 and "a&b=c +%é" or "other" }
      end)
      local items = assert(list({ filter = 'obj.description == "a&b=c +%é"' }):all())
      assert.equal(2, #items)
      assert.equal("filter=obj.description%20%3D%3D%20%22a%26b%3Dc%20%2B%25%C3%A9%22",
        host.emulator:requests()[1].query)
    end)

    it("keeps limit and filter on the pages that follow", function()
      host.emulator:seed(6, function(index) return { description = index <= 5 and "x" or "y" } end)
      local items = assert(list({ limit = 2, filter = 'obj.description == "x"' }):all())
      assert.equal(5, #items)
      for _, request in ipairs(host.emulator:requests()) do
        assert.truthy(request.query:find("limit=2", 1, true))
        assert.truthy(request.query:find("filter=obj.description", 1, true))
      end
    end)

    it("sends a limit that we would refuse when validate is false", function()
      local items, err = list({ limit = 101 }, { validate = false }):all()
      assert.is_nil(items)
      assert.equal("ERR_NGROK_233", err.code)
      assert.equal("limit=101", host.emulator:requests()[1].query)
    end)

    it("brings the API's refusal of a filter", function()
      local items, err = list({ filter = "obj.nonsense ==" }):all()
      assert.is_nil(items)
      assert.equal("ERR_NGROK_250", err.code)
      assert.equal("credentials.list", err.operation)
    end)
  end)

  describe("that fetches ahead", function()
    it("has asked for the second page when it gives the first item", function()
      host.emulator:seed(3)
      local listing = list { limit = 2 }
      listing:next()
      timing.wait_until(function() return #host.emulator:requests() == 2 end)
      assert(listing:all())
      assert.equal(2, #host.emulator:requests())
    end)

    for name, arguments in pairs {
      ["the list's parameters"] = { { limit = 2, prefetch = false } },
      ["the list's options"] = { { limit = 2 }, { prefetch = false } },
    } do
      it("does not when prefetch is false in " .. name, function()
        host.emulator:seed(3)
        local listing = list(arguments[1], arguments[2])
        listing:next()
        listing:next()
        settle(host.client)
        -- A request that was under way would be there before this one.
        assert(host.client.credentials:get(host.emulator:credentials()[1].id))
        assert.equal(1, #lists_of(host.emulator))
        assert.equal(1, #assert(listing:all()))
        assert.equal(2, #lists_of(host.emulator))
      end)
    end

    it("asks again for a page that it could not fetch ahead", function()
      host.emulator:seed(5)
      host.emulator:misbehave { kind = "status", status = 503, after = 1 }
      assert.same(ids_of(host.emulator:credentials()), ids_of(walk(list { limit = 2 })))
      assert.equal(4, #host.emulator:requests())
    end)

    it("asks again after a broken connection", function()
      host.emulator:seed(5)
      host.emulator:misbehave { kind = "reset_before", after = 1 }
      assert.same(ids_of(host.emulator:credentials()), ids_of(walk(list { limit = 2 })))
    end)

    it("gives each page its own time-out", function()
      host.emulator:seed(3)
      host.emulator:misbehave { kind = "hang", after = 1, count = math.huge }
      local listing = list({ limit = 2 }, { timeout = timing.scaled(0.1) })
      assert(listing:next())
      assert(listing:next())
      local item, err = listing:next()
      assert.is_nil(item)
      assert.equal("timeout", err.kind)
      assert.equal("receive", err.phase)
    end)
  end)

  describe("that is left early", function()
    before_each(function()
      host.emulator:seed(3)
      host.emulator:misbehave { kind = "hang", after = 1, count = math.huge }
    end)

    local function leave_early()
      for _ in list { limit = 2 } do
        break
      end
    end

    if _VERSION == "Lua 5.4" then
      it("has nothing in flight, for `for` closes it", function()
        collectgarbage("stop")
        leave_early()
        settle(host.client)
        collectgarbage("restart")
        assert.equal(0, host.client:pending())
      end)

      it("has nothing in flight when pages are left", function()
        collectgarbage("stop")
        for _ in list({ limit = 2 }):pages() do
          break
        end
        settle(host.client)
        collectgarbage("restart")
        assert.equal(0, host.client:pending())
      end)

      it("has nothing in flight after an error in the loop's body", function()
        collectgarbage("stop")
        pcall(function()
          for _ in list { limit = 2 } do
            error("mine")
          end
        end)
        settle(host.client)
        collectgarbage("restart")
        assert.equal(0, host.client:pending())
      end)
    end

    it("has nothing in flight once it is collected", function()
      local listing = list { limit = 2 }
      listing:next()
      settle(host.client)
      assert.equal(1, host.client:pending())
      listing = nil -- luacheck: ignore 311
      collect_garbage()
      settle(host.client)
      assert.equal(0, host.client:pending())
    end)

    it("has nothing in flight once a `for` without its closing value is collected", function()
      leave_early()
      collect_garbage()
      settle(host.client)
      assert.equal(0, host.client:pending())
    end)

    it("has nothing in flight once it is closed, twice if you like", function()
      local listing = list { limit = 2 }
      listing:next()
      listing:close()
      listing:close()
      settle(host.client)
      assert.equal(0, host.client:pending())
    end)
  end)

  describe("with an error in the middle", function()
    before_each(function()
      host.emulator:seed(5)
    end)

    it("raises the error object in a `for`, after the items before it", function()
      host.emulator:misbehave { kind = "status", status = 500, after = 2, count = math.huge }
      local items, err = walk_into_error(list { limit = 2 })
      assert.equal(4, #items)
      assert.is_true(ngrok.is_error(err))
      assert.equal("api", err.kind)
      assert.equal(500, err.status)
      assert.equal("credentials.list", err.operation)
    end)

    it("returns it from next, after the items before it", function()
      host.emulator:misbehave { kind = "status", status = 500, after = 1, count = math.huge }
      local listing = list { limit = 2 }
      assert(listing:next())
      assert(listing:next())
      local item, err = listing:next()
      assert.is_nil(item)
      assert.equal(500, err.status)
    end)

    it("returns it from all, and no items", function()
      host.emulator:misbehave { kind = "status", status = 500, after = 1, count = math.huge }
      local items, err = list({ limit = 2 }):all()
      assert.is_nil(items)
      assert.equal(500, err.status)
    end)

    for _, kind in ipairs { "reset_before", "reset_after", "truncate", "invalid_json", "html" } do
      it("goes on with the page that was missing when it is asked again, after " .. kind, function()
        host.emulator:misbehave { kind = kind, after = 1 }
        local listing = list { limit = 2, prefetch = false }
        local before = { assert(listing:next()).id, assert(listing:next()).id }
        local item, err = listing:next()
        assert.is_nil(item)
        assert.is_true(ngrok.is_error(err))
        for _, credential in ipairs(assert(listing:all())) do
          before[#before + 1] = credential.id
        end
        assert.same(ids_of(host.emulator:credentials()), before)
      end)
    end

    it("goes on when the first page was missing", function()
      host.emulator:misbehave { kind = "reset_before" }
      local listing = list()
      local item, err = listing:next()
      assert.is_nil(item)
      assert.equal("transport", err.kind)
      assert.equal(5, #assert(listing:all()))
    end)

    it("goes on by a second `for`", function()
      host.emulator:misbehave { kind = "status", status = 503, after = 1 }
      local listing = list { limit = 2, prefetch = false }
      local items, err = walk_into_error(listing)
      assert.equal(503, err.status)
      for credential in listing do
        items[#items + 1] = credential
      end
      assert.same(ids_of(host.emulator:credentials()), ids_of(items))
    end)
  end)

  describe("whose pages are none", function()
    for name, body in pairs {
      ["no JSON"] = "<html>",
      ["an array"] = "[]",
      ["a number"] = "12",
      ["null"] = "null",
      ["a table without the list"] = '{"uri":"x"}',
      ["a list that is a string"] = '{"credentials":"x","next_page_uri":null}',
      ["a list that is an object"] = '{"credentials":{"id":"cr_1"},"next_page_uri":null}',
      ["a list of numbers"] = '{"credentials":[1],"next_page_uri":null}',
      ["an item without an id"] = '{"credentials":[{"uri":"x"}],"next_page_uri":null}',
      ["an item with an acl of the wrong type"] = '{"credentials":[{"id":"cr_1","acl":"bind:*"}]}',
      ["an item that is null"] = '{"credentials":[null],"next_page_uri":null}',
    } do
      it("gives a decode error for " .. name, function()
        host.emulator:misbehave { kind = "body", body = body, count = math.huge }
        local items, err = list():all()
        assert.is_nil(items)
        assert.equal("decode", err.kind)
        assert.equal("decode", err.phase)
        assert.equal("unknown", err.outcome)
        assert.equal(200, err.status)
      end)
    end

    local no_uris = { ["a number"] = "5", ["an object"] = "{}", ["an array"] = "[]", ["true"] = "true" }
    for name, value in pairs(no_uris) do
      it("does not take " .. name .. " as next_page_uri for the end of the list", function()
        local page = manual_transport.page { "cr_1" }
        local body = page.body:gsub('"next_page_uri":null', '"next_page_uri":' .. value)
        host.emulator:misbehave { kind = "body", count = math.huge, body = body }
        local items, err = list():all()
        assert.is_nil(items)
        assert.equal("decode", err.kind)
      end)
    end

    it("is empty when its list is null", function()
      local body = '{"credentials":null,"uri":"x","next_page_uri":null}'
      host.emulator:misbehave { kind = "body", count = math.huge, body = body }
      assert.same({}, (list():all()))
    end)
  end)

  describe("with a next_page_uri that must not be followed", function()
    local base
    before_each(function()
      host.emulator:seed(3)
      base = host.emulator.base_url
    end)

    local function check(uri, parameters)
      host.emulator:misbehave { kind = "next_page_uri", uri = uri }
      local listing = list(parameters or { limit = 2 })
      local items, err = walk_into_error(listing)
      assert.equal(2, #items)
      assert.is_true(ngrok.is_error(err), tostring(err))
      assert.equal("decode", err.kind)
      assert.equal("decode", err.phase)
      assert.equal("credentials.list", err.operation)
      assert.truthy(err.message:find("next_page_uri", 1, true))
      assert.equal(1, #host.emulator:requests())
      local item, again = listing:next()
      assert.is_nil(item)
      assert.equal(err, again)
    end

    for name, uri in pairs {
      ["another host"] = "https://evil.example/credentials?before_id=cr_1",
      ["another host that begins like the API's"] = "https://api.ngrok.com.evil.example/credentials?limit=1",
      ["another host that ends like the API's"] = "https://evilapi.ngrok.com/credentials?before_id=cr_1",
      ["the API's host as a user name"] = "https://api.ngrok.com@evil.example/credentials?before_id=cr_1",
      ["the API's host and port as a user name"] = "https://api.ngrok.com:443@evil.example/credentials?a=b",
      ["a user name before the API's host"] = "https://user@api.ngrok.com/credentials?before_id=cr_1",
      ["a backslash"] = "https://evil.example\\@api.ngrok.com/credentials?before_id=cr_1",
      ["the API's host in the query"] = "https://evil.example?x=https://api.ngrok.com/credentials?limit=1",
      ["the API's host in the fragment"] = "https://evil.example#@api.ngrok.com/credentials?before_id=cr_1",
      ["plain http"] = "http://api.ngrok.com/credentials?before_id=cr_1",
      ["another scheme"] = "file://api.ngrok.com/credentials?before_id=cr_1",
      ["no scheme"] = "/credentials?before_id=cr_1",
      ["a scheme left out"] = "//api.ngrok.com/credentials?before_id=cr_1",
      ["another port"] = "https://api.ngrok.com:444/credentials?before_id=cr_1",
      ["another path"] = "https://api.ngrok.com/api_keys?before_id=cr_1",
      ["a path below the list's"] = "https://api.ngrok.com/credentials/cr_1?before_id=cr_1",
      ["a path that only ends like the list's"] = "https://api.ngrok.com/evilcredentials?before_id=cr_1",
      ["no query"] = "https://api.ngrok.com/credentials",
      ["an empty query"] = "https://api.ngrok.com/credentials?",
      ["a line end"] = "https://api.ngrok.com/credentials?before_id=cr_1\r\nX-Evil: yes",
      ["a space"] = "https://api.ngrok.com/credentials?before_id=cr_1 HTTP/1.1",
      ["a fragment"] = "https://api.ngrok.com/credentials?before_id=cr_1#x",
      ["nothing at all"] = "",
      ["a NUL"] = "https://api.ngrok.com/credentials?before_id=cr_1\0",
    } do
      it("refuses " .. name .. ", after the page's items", function()
        check(uri)
      end)
    end

    it("refuses the base URL's host at another port", function()
      check((base:gsub(":%d+$", "")) .. ":1/credentials?before_id=cr_1")
    end)

    it("refuses the base URL's host with a user name", function()
      check((base:gsub("://", "://user:password@")) .. "/credentials?before_id=cr_1")
    end)

    it("refuses the page itself", function()
      check(nil)
    end)

    it("refuses a page seen before in this walk", function()
      host.emulator:misbehave { kind = "next_page_uri", uri = base .. "/credentials?limit=2", after = 1 }
      local items, err = walk_into_error(list { limit = 2 })
      assert.equal(3, #items)
      assert.equal("decode", err.kind)
      assert.equal(2, #host.emulator:requests())
    end)

    it("returns it from next and all as well", function()
      local uri = "https://evil.example/credentials?a=b"
      host.emulator:misbehave { kind = "next_page_uri", uri = uri, count = math.huge }
      local items, err = list():all()
      assert.is_nil(items)
      assert.equal("decode", err.kind)
    end)

    it("delivers the page that carried it by pages", function()
      host.emulator:misbehave { kind = "next_page_uri", uri = "https://evil.example/credentials?a=b" }
      local count = 0
      local fine, err = pcall(function()
        for page in list():pages() do
          count = count + #page
        end
      end)
      assert.is_false(fine)
      assert.equal("decode", err.kind)
      assert.equal(3, count)
    end)

    it("sends nothing to the other host", function()
      local other = assert(emulator.start())
      finally(function() other:stop() end)
      check(other.base_url .. "/credentials?limit=2")
      assert.equal(0, #other:requests())
    end)
  end)

  describe("with a next_page_uri on https://api.ngrok.com", function()
    it("takes its query to our own base URL", function()
      local seeded = host.emulator:seed(3)
      host.emulator:misbehave {
        kind = "next_page_uri",
        uri = "https://api.ngrok.com/credentials?before_id=" .. seeded[2].id .. "&limit=7",
      }
      assert.same(ids_of(host.emulator:credentials()), ids_of(walk(list { limit = 2 })))
      assert.equal("before_id=" .. seeded[2].id .. "&limit=7", host.emulator:requests()[2].query)
    end)

    it("takes it in other spellings of that origin", function()
      local seeded = host.emulator:seed(3)
      host.emulator:misbehave {
        kind = "next_page_uri", uri = "HTTPS://API.ngrok.com:443/credentials?before_id=" .. seeded[2].id,
      }
      assert.same(ids_of(host.emulator:credentials()), ids_of(walk(list { limit = 2 })))
    end)
  end)

  describe("with bad values", function()
    for name, parameters in pairs {
      ["a limit of 0"] = { limit = 0 },
      ["a limit of 101"] = { limit = 101 },
      ["a limit below 0"] = { limit = -1 },
      ["half a limit"] = { limit = 1.5 },
      ["a limit that is no number at all"] = { limit = 0 / 0 },
      ["a limit without end"] = { limit = math.huge },
      ["an empty before_id"] = { before_id = "" },
      ["a before_id that leaves its place"] = { before_id = "cr_1&limit=1" },
      ["a before_id with a line end"] = { before_id = "cr_1\r\nX: y" },
      ["a filter that is not UTF-8"] = { filter = "\255" },
    } do
      it("carries the error of " .. name, function()
        local listing = list(parameters)
        for _ = 1, 2 do
          local item, err = listing:next()
          assert.is_nil(item)
          assert.equal("invalid", err.kind)
          assert.equal("validate", err.phase)
          assert.equal("not_sent", err.outcome)
          assert.equal("credentials.list", err.operation)
          assert.equal(0, err.attempts)
          assert.truthy(err.message:find((next(parameters)), 1, true))
        end
        local items, err = listing:all()
        assert.is_nil(items)
        assert.equal("invalid", err.kind)
        local before, raised = walk_into_error(listing)
        assert.equal(0, #before)
        assert.equal(err, raised)
        assert.equal(0, #host.emulator:requests())
      end)
    end
  end)

  describe("of an account that changes meanwhile", function()
    before_each(function()
      host.emulator:seed(6)
    end)

    it("gives nothing twice when credentials are created", function()
      local expected = ids_of(host.emulator:credentials())
      local ids = {}
      for credential in list { limit = 2 } do
        ids[#ids + 1] = credential.id
        assert(host.client.credentials:create())
      end
      assert.same(expected, ids)
    end)

    it("leaves out what is deleted before its page is asked for", function()
      local ids = ids_of(host.emulator:credentials())
      local listing = list { limit = 2, prefetch = false }
      local seen = { listing:next().id }
      assert(host.client.credentials:delete(ids[4]))
      for credential in listing do
        seen[#seen + 1] = credential.id
      end
      table.remove(ids, 4)
      assert.same(ids, seen)
    end)

    it("goes on when every credential is deleted as it comes", function()
      local expected = ids_of(host.emulator:credentials())
      local seen = {}
      for credential in list { limit = 2 } do
        seen[#seen + 1] = credential.id
        assert(credential:delete())
      end
      assert.same(expected, seen)
      assert.equal(0, #host.emulator:credentials())
    end)
  end)

  describe("beside others", function()
    it("walks on its own, however they are mixed", function()
      host.emulator:seed(9)
      local expected = ids_of(host.emulator:credentials())
      local one, two = list { limit = 2 }, list { limit = 3 }
      local from_one, from_two = {}, {}
      for index = 1, 9 do
        from_one[index] = assert(one:next()).id
        from_two[index] = assert(two:next()).id
      end
      assert.same(expected, from_one)
      assert.same(expected, from_two)
    end)
  end)

  describe("on a closed client", function()
    it("gives an error, however often it is asked", function()
      host.client:close()
      local listing = list()
      for _ = 1, 2 do
        local item, err = listing:next()
        assert.is_nil(item)
        assert.equal("invalid", err.kind)
        assert.equal("not_sent", err.outcome)
      end
    end)

    it("delivers the items of its page, then an error", function()
      host.emulator:seed(3)
      local listing = list { limit = 2, prefetch = false }
      assert(listing:next())
      host.client:close()
      assert(listing:next())
      local item, err = listing:next()
      assert.is_nil(item)
      assert.is_true(ngrok.is_error(err))
    end)
  end)
end)

hosts.describe("a thousand listings left in the middle", function(host)
  -- nil where it tells nothing: there is no /proc, or a memory checker, which looks for leaks itself,
  -- keeps what was freed so as to catch its use.
  local function resident_kilobytes()
    if os.getenv "SPEC_LAUNCHER" then
      return nil
    end
    local file = io.open("/proc/self/status", "rb")
    local text = file and file:read("*a") or ""
    if file then
      file:close()
    end
    return tonumber(text:match("VmRSS:%s*(%d+)"))
  end

  local function leave(count)
    for _ = 1, count do
      for _ in host.client.credentials:list { limit = 2 } do
        break
      end
    end
    collect_garbage()
    timing.step_until(host.client, function() return host.client:pending() == 0 end)
    collect_garbage()
  end

  it("leave no memory behind", function()
    host.emulator:seed(3)
    leave(200)
    local kilobytes, resident = collectgarbage("count"), resident_kilobytes()
    leave(800)
    assert.is_true(collectgarbage("count") - kilobytes < 100,
      ("grown by %.0f KB"):format(collectgarbage("count") - kilobytes))
    if resident then
      assert.is_true(resident_kilobytes() - resident < 8192,
        ("grown by %d KB"):format(resident_kilobytes() - resident))
    end
  end)

  it("never have more in flight than they should", function()
    host.emulator:seed(3)
    for _ = 1, 40 do
      for _ in host.client.credentials:list { limit = 2 } do
        break
      end
      collectgarbage()
      host.client:step(0)
      assert.is_true(host.client:pending() < 20)
    end
    timing.step_until(host.client, function() return host.client:pending() == 0 end)
  end)
end, { keep_requests = 8 })

describe("a listing below a base URL with a path", function()
  local base_url = "https://proxy.example/ngrok/v1"

  it("keeps the path on every page", function()
    local emu = emulator.new { base_url = base_url }
    emu:seed(5)
    local client = assert(ngrok.client { transport = emu, base_url = base_url })
    assert.same(ids_of(emu:credentials()), ids_of(walk(client.credentials:list { limit = 2 })))
    client:close()
  end)

  -- Walks over a first page that leads to `next_page_uri`; returns where the requests went.
  local function second_url(next_page_uri)
    local urls = {}
    local client = assert(ngrok.client {
      api_key = "a_b", base_url = base_url, max_retries = 0, rate_limit = false,
      transport = function(attempt)
        urls[#urls + 1] = attempt.url
        if #urls == 1 then
          return manual_transport.page({ "cr_1" }, next_page_uri)
        end
        return manual_transport.page { "cr_2" }
      end,
    })
    local items, err = client.credentials:list():all()
    client:close()
    return urls, items, err
  end

  it("takes the query of a next_page_uri on https://api.ngrok.com there", function()
    local urls, items = second_url("https://api.ngrok.com/credentials?before_id=cr_1")
    assert.equal(2, #items)
    assert.equal("https://proxy.example/ngrok/v1/credentials?before_id=cr_1", urls[2])
  end)

  it("takes the query of one below the base URL there", function()
    local urls = second_url("https://proxy.example/ngrok/v1/credentials?before_id=cr_1")
    assert.equal("https://proxy.example/ngrok/v1/credentials?before_id=cr_1", urls[2])
  end)

  it("never takes the path from it", function()
    local urls = second_url("https://proxy.example/elsewhere/credentials?before_id=cr_1")
    assert.is_true(urls[2] == nil or urls[2] == "https://proxy.example/ngrok/v1/credentials?before_id=cr_1")
  end)

  it("takes the query as it stands", function()
    local urls = second_url("https://api.ngrok.com/credentials?before_id=cr_1&filter=a%20%3D%3D%20b%2Fc&x=+y")
    assert.equal(base_url .. "/credentials?before_id=cr_1&filter=a%20%3D%3D%20b%2Fc&x=+y", urls[2])
  end)
end)

describe("list", function()
  local client

  before_each(function()
    client = assert(ngrok.client { transport = emulator.new() })
  end)

  after_each(function()
    client:close()
  end)

  -- The message names what is wrong, and the line that called us.
  local function raises(names, ...)
    local arguments, count = { ... }, select("#", ...)
    local fine, message = pcall(function()
      client.credentials:list((unpack or table.unpack)(arguments, 1, count)) -- luacheck: globals unpack
      return nil
    end)
    assert.is_false(fine)
    assert.equal("string", type(message))
    assert.truthy(message:find(names, 1, true), message)
    assert.truthy(message:find("listing_spec.lua", 1, true), message)
  end

  it("raises when its parameters are no table", function()
    raises("parameters", "cr_1")
  end)

  it("raises when its options are no table", function()
    raises("options", {}, 5)
  end)

  for name, value in pairs { limit = "5", before_id = 5, filter = {}, prefetch = "no" } do
    it("raises when " .. name .. " is of the wrong type", function()
      raises(name, { [name] = value })
    end)
  end

  it("raises at a parameter that it does not know", function()
    raises("beforeId", { beforeId = "cr_1" })
  end)

  for name, value in pairs {
    prefetch = 1, timeout = "1", max_wait = -1, validate = 1, on_done = print, wait = false, max_retries = -1,
    other = 1,
  } do
    it("raises at the option " .. name .. " when it is wrong", function()
      raises(name, {}, { [name] = value })
    end)
  end

  it("raises when it is called with a dot", function()
    assert.has_error(function() client.credentials.list { limit = 1 } end)
  end)
end)
