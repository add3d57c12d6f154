-- Frames of HTTP/2 that break its rules, or that do harm within them.
local http2_server = require "spec.support.http2_server"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local hostile = require "spec.support.hostile_server"

describe("a hostile server of HTTP/2:", function()
  local server, client, recovered

  setup(function() server = http2_server.start() end)
  teardown(function() server:stop() end)

  local function close()
    if client then
      client:close()
      client = nil
    end
  end

  local function new_client(given)
    close() -- the server has time for one connection
    local options = {
      api_key = hostile.key, base_url = server.base_url, ca_file = server.ca_file,
      timeout = timing.scaled(10),
      max_retries = 0, rate_limit = false,
    }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    client = assert(ngrok.client(options))
    return client
  end

  after_each(function()
    close()
    if not recovered then
      server:kill()
    end
    assert.equal("", server:complaints())
  end)

  local good = ("peer.respond(stream, %q) "):format(hostile.body)
  local body = ("local body = %q "):format(hostile.body)

  before_each(function() recovered = false end)

  -- Plays a script for the first request; the others get a good response.
  local function play(code)
    server:play(body .. "if not stream then return end if count > 1 then return " .. good .. "end " .. code)
  end

  local function fails(kind, phase, ...)
    return hostile.fails(client, kind, phase, ...)
  end

  -- However short the client's own time-out is: a slow machine may need more for a new connection.
  local function works()
    local made = assert(client.credentials:create({}, { timeout = timing.scaled(10) }))
    assert.equal(hostile.token, made.token)
    assert.equal(0, client:pending())
    recovered = true
  end

  local headers = "peer.frame('headers', 4, stream, peer.header(':status', '200')) "

  local function with_length(length)
    return ("peer.frame('headers', 4, stream, peer.header(':status', '200')"
      .. " .. peer.header('content-length', '%d')) "):format(length)
  end

  local function rst_stream(code)
    return ("peer.frame('rst_stream', 0, stream, peer.bytes(%d, 4))"):format(code)
  end

  local function block(bytes)
    return ("peer.frame('headers', 5, stream, %s)"):format(bytes)
  end

  it("a good response is read", function()
    new_client()
    play(headers .. "peer.frame('data', 0, stream, body:sub(1, 9)) "
      .. "peer.frame('data', 1, stream, body:sub(10))")
    works()
    works()
    assert.equal(2, server:requests())
  end)

  describe("the request fails, and is not sent again, after", function()
    local cases = {
      ["a GOAWAY that accepts no request"] =
        "peer.frame('goaway', 0, 0, peer.bytes(0, 4) .. peer.bytes(0, 4))",
      ["a GOAWAY that accepts no request, with an error"] =
        "peer.frame('goaway', 0, 0, peer.bytes(0, 4) .. peer.bytes(11, 4) .. 'Zebra')",
      ["a body that is shorter than its length"] =
        with_length(#hostile.body + 1) .. "peer.frame('data', 1, stream, body)",
      ["a body that is longer than its length"] =
        with_length(#hostile.body - 1) .. "peer.frame('data', 1, stream, body)",
      ["a body before any headers"] = "peer.frame('data', 1, stream, body)",
      ["headers without a status"] = block "peer.header('x-a', 'b')",
      ["headers with words for a status"] = block "peer.header(':status', 'abc')",
      ["headers with a status of 000"] = block "peer.header(':status', '000')",
      ["headers with two statuses"] = block "peer.header(':status', '200') .. peer.header(':status', '404')",
      ["headers with a name in capitals"] = block "peer.header(':status', '200') .. peer.header('X-A', 'b')",
      ["headers with an unknown pseudo-header"] =
        block "peer.header(':status', '200') .. peer.header(':zebra', 'b')",
      ["headers with nothing in them"] = block "''",
      ["headers that refer to none"] = block "'\\255\\255\\255\\255\\15'",
      ["headers that are cut off"] = block "peer.header(':status', '200'):sub(1, -2)",
      ["headers that are random"] = block "('\\63\\130\\254'):rep(50)",
      ["headers that make a table of a gigabyte"] =
        block "'\\63\\225\\255\\255\\255\\3' .. peer.header(':status', '200')",
      ["headers on no stream"] = "peer.frame('headers', 5, 0, peer.header(':status', '200'))",
      ["headers on a stream of no request"] =
        "peer.frame('headers', 5, stream + 100, peer.header(':status', '200'))",
      ["headers on a stream of the server's"] = "peer.frame('headers', 5, 2, peer.header(':status', '200'))",
      ["headers of a push"] =
        "peer.frame('push_promise', 4, stream, peer.bytes(2, 4) .. peer.header(':method', 'GET'))",
      ["a frame between headers and their rest"] =
        "peer.frame('headers', 0, stream, peer.header(':status', '200')) "
        .. "peer.frame('ping', 0, 0, ('p'):rep(8))",
      ["a CONTINUATION of no headers"] = "peer.frame('continuation', 4, stream, '')",
      ["noise"] = "peer.raw(('\\190\\7\\251\\99\\1'):rep(500))",
      ["a frame of zeros"] = "peer.frame('data', 0, 0)",
      ["HTTP/1"] = "peer.raw 'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nZebra'",
      ["settings that are cut off"] = "peer.frame('settings', 0, 0, 'abc')",
      ["settings that are impossible"] =
        "peer.frame('settings', 0, 0, peer.bytes(4, 2) .. peer.bytes(4294967295, 4))",
      ["a window that opens by nothing"] = "peer.frame('window_update', 0, 0, peer.bytes(0, 4))",
      ["a window that opens too far"] = "peer.frame('window_update', 0, 0, peer.bytes(2147483647, 4))",
      ["a ping that is too long"] = "peer.frame('ping', 0, 0, ('p'):rep(9))",
    }
    -- 7 is REFUSED_STREAM, 13 is HTTP_1_1_REQUIRED, and there is no 255.
    for _, code in ipairs { 0, 1, 2, 3, 5, 7, 8, 11, 13, 255 } do
      cases["a RST_STREAM of code " .. code] = rst_stream(code)
    end
    for _, code in ipairs { 2, 8 } do
      cases["a RST_STREAM of code " .. code .. " in the middle of a body"] =
        headers .. "peer.frame('data', 0, stream, body:sub(1, -5))" .. rst_stream(code)
    end

    for name, code in pairs(cases) do
      it(name, function()
        new_client()
        play(code)
        local err = fails "transport"
        assert.is_true(err.phase == "receive" or err.phase == "send", err.phase)
        assert.equal(1, server:requests())
        works()
        assert.equal(2, server:requests())
      end)
    end
  end)

  -- libcurl 7 waits on after some of these, or takes what has come for the response.
  describe("the request fails, at the latest after its time-out, after", function()
    for name, code in pairs {
      ["headers and noise"] = "peer.raw(('\\190\\7\\251\\99\\1'):rep(500))",
      ["headers and a CONTINUATION"] = "peer.frame('continuation', 4, stream, '')",
      ["headers and a frame that is too large"] =
        "peer.raw(peer.bytes(20000, 3) .. '\\0\\1' .. peer.bytes(stream, 4) .. (' '):rep(2000))",
      ["headers and padding without data"] = "peer.frame('data', 9, stream, '\\255')",
      ["half a body and a RST_STREAM of code 0"] =
        "peer.frame('data', 0, stream, body:sub(1, -5))" .. rst_stream(0),
    } do
      it(name, function()
        new_client { timeout = timing.scaled(0.3) }
        play(headers .. code)
        fails()
        works()
        assert.equal(2, server:requests())
      end)
    end
  end)

  it("a GOAWAY that accepts the request leaves it its response", function()
    new_client()
    play("peer.frame('goaway', 0, 0, peer.bytes(stream, 4) .. peer.bytes(0, 4)) " .. good)
    works()
    works()
    assert.equal(2, server:requests())
  end)

  it("a GOAWAY in the middle of a response that never ends leaves the request its time-out", function()
    new_client { timeout = timing.scaled(0.3) }
    play(headers .. "peer.frame('goaway', 0, 0, peer.bytes(stream, 4) .. peer.bytes(0, 4))")
    fails("timeout", "receive")
    works()
  end)

  it("a body that is cut off with the connection fails the request", function()
    new_client()
    play(headers .. "peer.frame('data', 0, stream, body)")
    local request = client.credentials:create({}, { wait = false })
    timing.step_until(client, function() return server:requests() == 1 end)
    server:kill()
    local credential, err = request:result()
    assert.is_nil(credential)
    hostile.check(err, "transport")
    play(good)
    works()
  end)

  it("frames of an unknown kind are passed over", function()
    new_client()
    play("peer.frame(99, 255, stream, 'Zebra') " .. good)
    works()
  end)

  it("noise fails every request on the connection, and none is sent again", function()
    new_client { timeout = timing.scaled(0.5) }
    -- The server holds each until there are five.
    server:play(("if not stream then return elseif count > 5 then %s"
      .. " elseif count == 5 then peer.raw(('\\190'):rep(900)) end"):format(good))
    local requests = {}
    for index = 1, 5 do
      requests[index] = client.credentials:create({}, { wait = false })
    end
    for _, request in ipairs(requests) do
      local credential, err = request:result()
      assert.is_nil(credential)
      hostile.check(err)
    end
    assert.equal(5, server:requests())
    works()
  end)

  describe("without an end:", function()
    local function ends(code, kind)
      new_client { timeout = timing.scaled(kind == "transport" and 10 or 0.3), max_response_bytes = 2 ^ 20 }
      play(code)
      return fails(kind, "receive")
    end

    local function many(frame)
      return ("for _ = 1, 10000 do if not %s then break end end "):format(frame)
    end

    -- The next connection would get frames that the last one has not read.
    local function works_anew()
      server:replace("if stream then " .. good .. "end")
      works()
    end

    it("a body", function()
      local err = ends(headers .. "for _ = 1, 200 do peer.frame('data', 0, stream, (' '):rep(16384)) end",
        "transport")
      assert.equal("the response exceeds max_response_bytes (1048576)", err.message)
      works_anew()
    end)

    it("headers of one piece", function()
      local piece = "peer.header('x-a', ('b'):rep(100)):rep(150)"
      ends("peer.frame('headers', 0, stream, peer.header(':status', '200')) "
        .. many(("peer.frame('continuation', 0, stream, %s)"):format(piece)), "transport")
      works_anew()
    end)

    it("headers that a few bytes expand to", function()
      -- HPACK keeps an entry and names it by a byte: 64 begins a new name, 190 is the latest entry.
      local entry = "'\\64\\1x\\126' .. ('y'):rep(126)"
      ends(("peer.frame('headers', 5, stream, peer.header(':status', '200') .. %s .. ('\\190'):rep(15000))")
        :format(entry), "transport")
      works_anew() -- a slow machine leaves some of it unread
    end)

    it("interim responses", function()
      ends(many "peer.frame('headers', 4, stream, peer.header(':status', '103'))", "transport")
      works_anew()
    end)

    -- nghttp2 may close the connection after a flood of frames that want a response.
    for name, frame in pairs {
      pings = "peer.frame('ping', 0, 0, ('p'):rep(8))",
      settings = "peer.frame('settings', 0, 0)",
    } do
      it(name, function()
        ends(many(frame))
        works_anew()
      end)
    end

    -- Without a limit one step would read them all. It is measured in processor time, for busy machines.
    it("pieces of a body with nothing at all in them, without an end", function()
      new_client { timeout = timing.scaled(1) }
      local pieces = ("\0\0\0\0\0\0\0\0\1"):rep(4000)
      play(("%s local pieces = %q repeat until not peer.raw(pieces)"):format(headers, pieces))
      local request, longest = client.credentials:create({}, { wait = false }), 0
      while not request:done() do
        local before = os.clock()
        client:step(0.01)
        longest = math.max(longest, os.clock() - before)
      end
      assert.is_true(longest < timing.scaled(0.4), longest .. " s in a step")
      assert.is_nil((request:result()))
      works_anew()
    end)

    it("pieces of a body with nothing in them", function()
      ends(headers .. many "peer.frame('data', 8, stream, '\\255' .. ('\\0'):rep(255))", "timeout")
      works_anew() -- a slow machine leaves some of it unread
    end)

    it("pings, which are not read yet when the server dies", function()
      new_client()
      play(many "peer.frame('ping', 0, 0, ('p'):rep(8))")
      local request = client.credentials:create({}, { wait = false })
      timing.step_until(client, function() return server:requests() == 1 end)
      request:cancel()
      timing.be_busy(0.2) -- they come meanwhile
      works_anew()
    end)

    it("silence, after a request", function()
      ends("", "timeout")
      works()
    end)

    -- Only silence shows that a connection of HTTP/2 has lost its other end.
    it("silence on a connection: the next request goes over another", function()
      -- Longer than a silence that does not matter.
      new_client { timeout = 2.1 }
      server:play(("if not stream then connections = (connections or 0) + 1"
        .. " elseif connections > 1 then %s end"):format(good))
      fails("timeout", "receive")
      works()
    end)

    it("silence, from the start", function()
      new_client { timeout = timing.scaled(0.3) }
      server:play "return 'silent'"
      fails("timeout", "receive")
      works_anew()
    end)

    it("a window that stays shut", function()
      new_client { timeout = timing.scaled(0.3) }
      server:play [[
        if not stream then
          peer.frame("settings", 0, 0, peer.bytes(4, 2) .. peer.bytes(0, 4))
        end
      ]]
      fails("timeout", "send", { metadata = ("m"):rep(2 ^ 17) }, { validate = false })
      works_anew()
    end)
  end)
end)
