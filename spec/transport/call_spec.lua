local proxy = require "ngrok.proxy"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"
local secrets = require "spec.support.secrets"

local unpack = table.unpack or unpack -- luacheck: compat

local key = "FIRSTPART_SECONDPART"

describe("a transport in Lua", function()
  local clients

  before_each(function()
    clients = {}
  end)

  after_each(function()
    for _, client in ipairs(clients) do
      client:close()
    end
  end)

  local function client_on(transport, given)
    local options = { transport = transport, api_key = key, max_retries = 0, rate_limit = false }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    local client = assert(ngrok.client(options))
    clients[#clients + 1] = client
    return client
  end

  local function drain(client)
    timing.step_until(client, function() return client:pending() == 0 end)
  end

  -- The error of a `get` over a transport.
  local function error_over(transport)
    local value, err = client_on(transport).credentials:get("cr_1", { timeout = 5 })
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(err))
    return err
  end

  local function assert_transport_error(phase, outcome, err)
    assert.equal("transport", err.kind)
    assert.equal(phase, err.phase)
    assert.equal(outcome, err.outcome)
    assert.equal(1, err.attempts)
    assert.equal("credentials.get", err.operation)
    assert.is_nil(err.status)
  end

  describe("is given an attempt", function()
    local seen

    local function look(attempt)
      seen = attempt
      return manual_transport.credential()
    end

    it("with method, url, headers, body, timeout and number", function()
      local credentials = client_on(look).credentials
      local collection, item = "https://api.ngrok.com/credentials", "https://api.ngrok.com/credentials/cr_1"
      for _, case in ipairs {
        { "GET", item, call = function() return credentials:get("cr_1", { timeout = 7 }) end },
        { "DELETE", item, call = function() return credentials:delete("cr_1", { timeout = 7 }) end },
        { "POST", collection, '{"description":"x","acl":[]}', call = function()
          return credentials:create({ description = "x", acl = {} }, { timeout = 7 })
        end },
        { "PATCH", item, '{"metadata":""}', call = function()
          return credentials:update("cr_1", { metadata = "" }, { timeout = 7 })
        end },
      } do
        assert(case.call())
        assert.same({ case[1], case[2], case[3] }, { seen.method, seen.url, seen.body })
        assert.equal(case[3] and "application/json" or nil, seen.headers["Content-Type"])
        assert.equal("2", seen.headers["Ngrok-Version"])
        assert.is_true(seen.timeout > 0 and seen.timeout <= 7)
        assert.equal(1, seen.number)
      end
    end)

    it("with the key in its Authorization header, and nowhere else", function()
      assert(client_on(look).credentials:create { description = "x" })
      assert.equal("Bearer " .. key, seen.headers.Authorization)
      seen.headers.Authorization = nil
      for _, of in ipairs { seen, seen.headers } do
        for name, value in pairs(of) do
          assert.is_nil((name .. tostring(value)):find(key, 1, true))
        end
      end
    end)

    it("with a user agent of ngrok's form, or the one that was given", function()
      assert(client_on(look).credentials:get("cr_1"))
      assert.truthy(seen.headers["User-Agent"]:find("^ngrok%-api%-lua/[%w.-]+/lua[%w.]+$"))
      assert(client_on(look, { user_agent = "mine/1" }).credentials:get("cr_1"))
      assert.equal("mine/1", seen.headers["User-Agent"])
    end)

    it("with the base URL's path, and no slash too many", function()
      assert(client_on(look, { base_url = "https://proxy.example:8443/ngrok//" }).credentials:get("cr_1"))
      assert.equal("https://proxy.example:8443/ngrok/credentials/cr_1", seen.url)
    end)

    it("that it may change, a copy", function()
      local client = client_on(function(attempt)
        attempt.headers.Authorization = "mine"
        attempt.url = nil
        return manual_transport.credential()
      end)
      assert(client.credentials:get("cr_1"))
      proxy.target(client).transport = look
      assert(client.credentials:get("cr_1"))
      assert.equal("Bearer " .. key, seen.headers.Authorization)
    end)
  end)

  describe("responses", function()
    local response = manual_transport.credential "cr_now"

    for way, transport in pairs {
      ["by returning the response"] = function() return response end,
      ["by calling done before it returns"] = function(_, done) done(response) end,
      ["by an object that can be called"] = setmetatable({}, { __call = function() return response end }),
    } do
      it(way, function()
        assert.equal("cr_now", assert(client_on(transport).credentials:create()).id)
      end)
    end

    it("by calling done later", function()
      local transport = manual_transport.new()
      local client = client_on(transport)
      local request = client.credentials:create({}, { wait = false })
      assert.equal(1, #transport.attempts)
      client:step(0)
      assert.is_false(request:done())
      transport:respond(1, manual_transport.credential("cr_later"))
      assert.is_true(request:done())
      assert.equal(0, client:timeout())
      assert.equal("cr_later", assert(request:result()).id)
      drain(client)
    end)

    it("by calling done in another coroutine", function()
      local transport = manual_transport.new()
      local client = client_on(transport)
      local request = client.credentials:create({}, { wait = false })
      coroutine.wrap(function() transport:respond(1, manual_transport.credential("cr_elsewhere")) end)()
      assert.equal("cr_elsewhere", assert(request:result()).id)
      drain(client)
    end)

    it("with headers in any spelling", function()
      local err = error_over(function()
        return { status = 429, headers = { ["RETRY-after"] = "7", ["NGROK-Operation-ID"] = "op_1" } }
      end)
      assert.equal(7, err.retry_after)
      assert.equal("op_1", err.operation_id)
    end)

    it("with several headers of a name, of which the longest Retry-After counts", function()
      for _, headers in ipairs {
        { ["Retry-After"] = { "5", 60, "soon" } }, { ["Retry-After"] = { 60, "5" } },
        { ["Retry-After"] = "60", ["retry-after"] = "5" },
        { ["Retry-After"] = "Sun, 06 Nov 1994 08:50:37 GMT", Date = "Sun, 06 Nov 1994 08:49:37 GMT" },
        { ["Retry-After"] = "Sun, 06 Nov 1994 08:50:37 GMT", date = { "Sun, 06 Nov 1994 08:49:37 GMT" } },
      } do
        headers["ngrok-operation-id"] = { "op_1", "op_2" }
        local err = error_over(function()
          return { status = 429, headers = headers }
        end)
        assert.equal(60, err.retry_after)
        assert.equal("op_1", err.operation_id)
      end
    end)

    it("without headers and body where there are none", function()
      assert.is_true(client_on(function() return { status = 204 } end).credentials:delete("cr_1"))
    end)

    it("out of order", function()
      local transport = manual_transport.new()
      local client = client_on(transport)
      local requests = {}
      for index = 1, 5 do
        requests[index] = client.credentials:get("cr_" .. index, { wait = false })
      end
      for index = 5, 1, -1 do
        transport:respond(index, manual_transport.credential("cr_" .. index))
      end
      for index = 1, 5 do
        assert.equal("cr_" .. index, assert(requests[index]:result()).id)
      end
      drain(client)
    end)

    it("after a yield, when it is resumed", function()
      local thread
      local client = client_on(function()
        thread = coroutine.running()
        return coroutine.yield()
      end)
      local request = client.credentials:create({}, { wait = false })
      assert.is_false(request:done())
      assert(coroutine.resume(thread, manual_transport.credential("cr_resumed")))
      assert.equal("cr_resumed", assert(request:result()).id)
      drain(client)
    end)

    it("in a new coroutine, so that a yield never leaves the client", function()
      local client = client_on(function() coroutine.yield("not for you") end)
      local outer = coroutine.create(function()
        return client.credentials:create({}, { wait = false })
      end)
      local fine, request = coroutine.resume(outer)
      assert.is_true(fine)
      assert.equal("dead", coroutine.status(outer))
      assert.is_false(request:done())
      request:cancel()
      drain(client)
    end)

    it("from inside by another operation of the same client", function()
      local client
      local inner
      client = client_on(function(attempt)
        if attempt.method == "GET" then
          inner = inner or assert(client.credentials:create())
        end
        return manual_transport.credential("cr_" .. attempt.method)
      end)
      assert.equal("cr_GET", assert(client.credentials:get("cr_GET")).id)
      assert.equal("cr_POST", inner.id)
    end)
  end)

  describe("speaks once:", function()
    for what, more in pairs {
      ["a second done"] = function(done)
        done(manual_transport.credential("cr_second"))
        done(nil, "connect", "too late")
      end,
      ["what it returns after done"] = function() return manual_transport.credential("cr_second") end,
      ["an error after done"] = function() error("too late") end,
    } do
      it(what .. " changes nothing", function()
        local client = client_on(function(_, done)
          done(manual_transport.credential("cr_first"))
          return more(done)
        end)
        for _ = 1, 2 do
          assert.equal("cr_first", assert(client.credentials:create()).id)
        end
      end)
    end

    for when, finish in pairs {
      ["cancel"] = function(_, request) request:cancel() end,
      ["close"] = function(client) client:close() end,
      ["the time-out"] = function(_, request) request:result() end,
    } do
      it("a response after " .. when .. " is dropped", function()
        local transport = manual_transport.new()
        local client = client_on(transport)
        local request = client.credentials:get("cr_1", { wait = false, timeout = 0.05 })
        finish(client, request)
        transport:respond(1, manual_transport.credential())
        local _, err = request:result()
        assert.equal(when == "the time-out" and "timeout" or "cancelled", err.kind)
        assert.same({ "receive", "unknown" }, { err.phase, err.outcome })
        drain(client)
        transport.attempts[1].done(manual_transport.credential())
        assert.equal(0, client:pending())
        if when ~= "close" then
          local other = client.credentials:get("cr_2", { wait = false })
          assert.is_false(other:done())
          transport:respond(2, manual_transport.credential("cr_2"))
          assert.equal("cr_2", assert(other:result()).id)
          drain(client)
        end
      end)
    end

    it("a response after everything is gone is dropped", function()
      local transport = manual_transport.new()
      do
        local client = assert(ngrok.client { transport = transport })
        client.credentials:get("cr_1", { wait = false })
      end
      collectgarbage()
      collectgarbage()
      transport:respond(1, manual_transport.credential())
      collectgarbage()
    end)
  end)

  describe("is notified once when no call waits any more", function()
    local transport, client, calls

    -- Begins a request, and has its attempt count what it is told.
    local function begin(options)
      calls = 0
      transport = manual_transport.new()
      client = client_on(transport)
      local request = client.credentials:get("cr_1", options)
      local attempt = transport.attempts[1].description
      attempt.on_cancel = function()
        calls = calls + 1
      end
      assert.is_nil(attempt.cancelled)
      return request, attempt
    end

    it("after cancel, before cancel returns", function()
      local request, attempt = begin { wait = false }
      request:cancel()
      assert.equal(1, calls)
      assert.is_true(attempt.cancelled)
      request:cancel()
      drain(client)
      client:close()
      assert.equal(1, calls)
    end)

    it("after close", function()
      local _, attempt = begin { wait = false }
      client:close()
      client:close()
      assert.equal(1, calls)
      assert.is_true(attempt.cancelled)
    end)

    it("when time is over", function()
      local request, attempt = begin { wait = false, timeout = 0.02 }
      timing.step_until(client, function() return request:done() end)
      drain(client)
      assert.equal(1, calls)
      assert.is_true(attempt.cancelled)
    end)

    it("and not when it has responded or failed itself", function()
      for _, words in ipairs { { manual_transport.credential() }, { nil, "connect", "no way" } } do
        local _, attempt = begin { wait = false }
        transport:respond(1, unpack(words))
        drain(client)
        client:close()
        assert.equal(0, calls)
        assert.is_nil(attempt.cancelled)
      end
    end)

    it("and its error in that is the client's to report", function()
      local request, attempt = begin { wait = false }
      attempt.on_cancel = function() error("oh no", 0) end
      request:cancel()
      local fine, err = pcall(client.step, client, 0)
      assert.is_false(fine)
      assert.equal("oh no", err)
    end)

    it("and is never called for what was cancelled before its turn", function()
      local later = {}
      local loop = setmetatable({
        spawn = function(fn)
          later[#later + 1] = fn
          return true
        end,
      }, { __index = require "ngrok.loop.block" })
      local called = 0
      client = client_on(function() called = called + 1 end, { loop = loop })
      local request = client.credentials:create({}, { wait = false })
      request:cancel()
      assert.equal(1, #later)
      later[1]()
      assert.equal(0, called)
      assert.equal("cancelled", select(2, request:result()).kind)
      drain(client)
    end)
  end)

  describe("fails", function()
    for phase, outcome in pairs {
      resolve = "not_sent", connect = "not_sent", tls = "not_sent", send = "unknown", receive = "unknown",
    } do
      it("in the phase " .. phase .. ", by what it returns, by done, or by a limit of time", function()
        local err = error_over(function() return nil, phase, "no way" end)
        assert_transport_error(phase, outcome, err)
        assert.equal("no way", err.message)
        assert_transport_error(phase, outcome, error_over(function(_, done) done(nil, phase, "no way") end))
        err = error_over(function() return nil, phase, "too slow", "timeout" end)
        assert.same({ "timeout", phase, outcome }, { err.kind, err.phase, err.outcome })
      end)
    end

    it("in a phase that there is not, and then may have been received", function()
      for _, phase in ipairs { "validate", "wait", "decode", "nonsense", "" } do
        assert_transport_error("receive", "unknown", error_over(function() return nil, phase, "x" end))
      end
      assert_transport_error("receive", "unknown", error_over(function() return nil, 5 end))
      assert_transport_error("receive", "unknown", error_over(function() return nil, {}, {} end))
    end)

    it("without a reason", function()
      local err = error_over(function(_, done) done() end)
      assert_transport_error("receive", "unknown", err)
      assert.equal("string", type(err.message))
      assert_transport_error("connect", "not_sent", error_over(function() return nil, "connect" end))
    end)

    it("by an error, which only its request gets", function()
      local err = error_over(function() error("oh no", 0) end)
      assert_transport_error("receive", "unknown", err)
      assert.truthy(err.message:find("oh no", 1, true))
    end)

    it("by an error that is not a string", function()
      assert_transport_error("receive", "unknown", error_over(function() error({ code = 5 }) end))
      assert_transport_error("receive", "unknown", error_over(function() error() end))
    end)

    it("by an error whose text raises, after a yield", function()
      local resume
      local client = client_on(function()
        resume = coroutine.running()
        coroutine.yield()
        error(setmetatable({}, { __tostring = function() error "no text" end }))
      end)
      local request = client.credentials:get("cr_1", { wait = false })
      client:step(0)
      assert.is_true(coroutine.resume(resume))
      drain(client)
      local _, err = request:result()
      assert_transport_error("receive", "unknown", err)
    end)

    it("by an error after a yield", function()
      local thread
      local client = client_on(function()
        thread = coroutine.running()
        coroutine.yield()
        error("late")
      end)
      local request = client.credentials:get("cr_1", { wait = false })
      assert.is_true(coroutine.resume(thread)) -- the error is none of whoever goes on with it
      local _, err = request:result()
      assert.equal("transport", err.kind)
      assert.truthy(err.message:find("late", 1, true))
      drain(client)
    end)

    it("by a message of which only the beginning is shown, without a piece of the key", function()
      for _, filler in ipairs { "no luck ", key .. " " } do
        local long = filler:rep(math.floor(1e6 / #filler))
        for _, transport in ipairs {
          function() return nil, "receive", long end,
          function(_, done) done(nil, "receive", long) end,
          function() error(long, 0) end,
        } do
          local message = error_over(transport).message
          assert.is_true(#message < 5000)
          assert.truthy(message:find(("[cut off: it has %d bytes]"):format(#long), 1, true))
          assert.is_nil(message:find("FIRST", 1, true))
        end
      end
      local solid = error_over(function() return nil, "receive", ("x"):rep(5000) end)
      assert.equal("[cut off: it has 5000 bytes]", solid.message)
    end)

    it("and never shows the key that it repeats", function()
      for _, transport in ipairs {
        function(attempt) error("with " .. attempt.headers.Authorization) end,
        function(attempt) return nil, "connect", attempt.headers.Authorization end,
        function(attempt) return nil, attempt.headers.Authorization end,
        function(attempt) return { status = 500, body = attempt.headers.Authorization } end,
        function(attempt)
          local headers = { ["ngrok-operation-id"] = attempt.headers.Authorization }
          return { status = 200, body = "{}", headers = headers }
        end,
      } do
        assert.is_nil(secrets.find(error_over(transport), key))
      end
    end)
  end)

  for manner, expected in pairs { permanent = 1, passing = 2, nonsense = 2 } do
    it(("that calls its failure %s begins %d attempts"):format(manner, expected), function()
      local attempts = 0
      local client = client_on(function()
        attempts = attempts + 1
        return nil, "tls", "no way", manner
      end, { max_retries = 1 })
      local _, err = client.credentials:create()
      assert.equal(expected, attempts)
      assert.equal(expected, err.attempts)
      assert.equal("not_sent", err.outcome)
    end)
  end

  describe("that returns an invalid response:", function()
    for name, response in pairs {
      ["a string"] = { "HTTP/1.1 200 OK" }, ["a number"] = { 200 }, ["true"] = { true },
      ["false"] = { false },
      ["a function"] = { print },
      ["a table without a status"] = { {} },
      ["a status that is text"] = { { status = "200" } },
      ["a status that is not a whole number"] = { { status = 200.5 } },
      ["a status that is too small"] = { { status = 99 } },
      ["a status that is too large"] = { { status = 1000 } },
      ["a status that is not a number"] = { { status = 0 / 0 } },
      ["headers that are not a table"] = { { status = 200, headers = "x" } },
      ["a body that is not a string"] = { { status = 200, body = {} } },
      ["a body that is a number"] = { { status = 200, body = 5 } },
    } do
      it(name .. ", returned or by done", function()
        assert_transport_error("receive", "unknown", error_over(function() return response[1] end))
        assert_transport_error("receive", "unknown", error_over(function(_, done) done(response[1]) end))
      end)
    end

    it("headers of odd types are passed over", function()
      local err = error_over(function()
        return {
          status = 400, body = "",
          headers = { [1] = "x", ["retry-after"] = 7, ["ngrok-operation-id"] = { {} }, [true] = false },
        }
      end)
      assert.equal(400, err.status)
      assert.is_nil(err.operation_id)
    end)

    it("a body of any bytes is not JSON", function()
      for _, body in ipairs { "\0", ("\255"):rep(100), "" } do
        assert.equal("decode", error_over(function() return { status = 200, body = body } end).kind)
      end
    end)

    it("a body over max_response_bytes is an error", function()
      local client = client_on(function() return { status = 200, body = ("x"):rep(101) } end,
        { max_response_bytes = 100 })
      local _, err = client.credentials:get("cr_1")
      assert.equal("transport", err.kind)
      assert.equal("unknown", err.outcome)
      assert.equal("the response exceeds max_response_bytes (100)", err.message)
    end)
  end)

  describe("and options that it cannot honour:", function()
    for name, value in pairs { connect_timeout = 5, ca_file = "/x", proxy = "http://127.0.0.1:1" } do
      it("raises for " .. name, function()
        local fine, message = pcall(function()
          return ngrok.client { transport = print, api_key = key, [name] = value }, nil
        end)
        assert.is_false(fine)
        assert.truthy(message:find(name, 1, true))
      end)
    end

    it("loads no libcurl", function()
      local child = require "spec.support.child"
      local result = child.run [[
        local ngrok = require "ngrok"
        local function transport() return { status = 204 } end
        local client = assert(ngrok.client { transport = transport, api_key = "a_b" })
        assert(client.credentials:delete("cr_1"))
        io.write(package.loaded["ngrok.curl"] and "loaded" or "not loaded")
      ]]
      assert.equal("not loaded", result.output)
      assert.equal("", result.errors)
    end)

    it("needs a key where it brings none", function()
      local child = require "spec.support.child"
      local result = child.run [[
        local client, err = require("ngrok").client { transport = function() end }
        io.write(tostring(client), " ", tostring(err))
      ]]
      assert.truthy(result.output:find("^nil .*NGROK_API_KEY"), result.output)
    end)
  end)

  it("is used for every attempt, and holds nothing when it is done", function()
    local count = 0
    local client = client_on(function()
      count = count + 1
      return manual_transport.credential()
    end)
    for _ = 1, 200 do
      assert(client.credentials:get("cr_1"))
    end
    collectgarbage()
    collectgarbage()
    local kilobytes = collectgarbage("count")
    for _ = 1, 2000 do
      assert(client.credentials:get("cr_1"))
    end
    collectgarbage()
    collectgarbage()
    local grown = collectgarbage("count") - kilobytes
    assert.is_true(grown < 150, ("grown by %.0f KB"):format(grown))
    assert.equal(2200, count)
    assert.equal(0, client:pending())
  end)
end)
