-- Frames of HTTP/2 that break its rules, or keep to them and do harm.
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

  -- Plays a script for the first request; others are answered well.
  local function play(code)
    server:play(body .. "if not stream then return end if count > 1 then return " .. good .. "end " .. code)
  end

  -- Without a kind: as libcurl sees it.
  local function fails(kind, phase)
    local credential, err = client.credentials:create()
    assert.is_nil(credential)
    hostile.check(err, kind or err.kind, phase or err.phase)
    return err
  end

  local function works()
    assert.equal(hostile.token, assert(client.credentials:create()).token)
    assert.equal(0, client:pending())
    recovered = true
  end

  local function is_refused(code)
    new_client()
    play(code)
    local err = fails "transport"
    assert.is_true(err.phase == "receive" or err.phase == "send", err.phase)
    assert.equal(1, server:requests())
    works()
    assert.equal(2, server:requests())
  end

  local headers = "peer.frame('headers', 4, stream, peer.header(':status', '200')) "

  it("a response to measure the others by", function()
    new_client()
    play(headers .. "peer.frame('data', 0, stream, body:sub(1, 9)) "
      .. "peer.frame('data', 1, stream, body:sub(10))")
    works()
    works()
    assert.equal(2, server:requests())
  end)

  describe("a GOAWAY", function()
    for name, code in pairs {
      ["that takes no request"] = "peer.frame('goaway', 0, 0, peer.bytes(0, 4) .. peer.bytes(0, 4))",
      ["that takes no request, with an error"] =
        "peer.frame('goaway', 0, 0, peer.bytes(0, 4) .. peer.bytes(11, 4) .. 'Zebra')",
    } do
      it(name .. ": the request is not sent again", function()
        is_refused(code)
      end)
    end

    it("that takes the request, which is answered after it", function()
      new_client()
      play("peer.frame('goaway', 0, 0, peer.bytes(stream, 4) .. peer.bytes(0, 4)) " .. good)
      works()
      works()
      assert.equal(2, server:requests())
    end)

    it("in the middle of a response that never ends", function()
      new_client { timeout = timing.scaled(0.3) }
      play(headers .. "peer.frame('goaway', 0, 0, peer.bytes(stream, 4) .. peer.bytes(0, 4))")
      fails("timeout", "receive")
      works()
    end)
  end)

  describe("a RST_STREAM", function()
    -- 7 is REFUSED_STREAM, 13 is HTTP_1_1_REQUIRED, and there is no 255.
    for _, code in ipairs { 0, 1, 2, 3, 5, 7, 8, 11, 13, 255 } do
      it("of code " .. code .. " instead of a response: the request is not sent again", function()
        is_refused(("peer.frame('rst_stream', 0, stream, peer.bytes(%d, 4))"):format(code))
      end)
    end

    it("in the middle of a response", function()
      for _, code in ipairs { 2, 8 } do
        is_refused(headers .. "peer.frame('data', 0, stream, body:sub(1, -5))"
          .. ("peer.frame('rst_stream', 0, stream, peer.bytes(%d, 4))"):format(code))
      end
    end)

    -- After a whole response that is no error, and to libcurl 7 any response is whole then.
    it("of code 0 in the middle of a response", function()
      new_client()
      play(headers .. "peer.frame('data', 0, stream, body:sub(1, -5))"
        .. "peer.frame('rst_stream', 0, stream, peer.bytes(0, 4))")
      fails()
      works()
      assert.equal(2, server:requests())
    end)
  end)

  describe("a body", function()
    local function with_length(length)
      return ("peer.frame('headers', 4, stream, peer.header(':status', '200')"
        .. " .. peer.header('content-length', '%d')) "):format(length)
    end

    it("that is shorter than its length", function()
      is_refused(with_length(#hostile.body + 1) .. "peer.frame('data', 1, stream, body)")
    end)

    it("that is longer than its length", function()
      is_refused(with_length(#hostile.body - 1) .. "peer.frame('data', 1, stream, body)")
    end)

    it("before any headers", function()
      is_refused "peer.frame('data', 1, stream, body)"
    end)

    it("that is cut off with the connection", function()
      new_client()
      play(headers .. "peer.frame('data', 0, stream, body)")
      local request = client.credentials:create({}, { wait = false })
      timing.step_until(client, function() return server:requests() == 1 end)
      server:kill()
      local credential, err = request:result()
      assert.is_nil(credential)
      hostile.check(err, "transport", err.phase)
      play(good)
      works()
    end)
  end)

  describe("headers", function()
    local function are_refused(name, block)
      it(name, function()
        is_refused(("peer.frame('headers', 5, stream, %s)"):format(block))
      end)
    end

    are_refused("without a status", "peer.header('x-a', 'b')")
    are_refused("with words for a status", "peer.header(':status', 'abc')")
    are_refused("with a status of 000", "peer.header(':status', '000')")
    are_refused("with two statuses", "peer.header(':status', '200') .. peer.header(':status', '404')")
    are_refused("with a name in capitals", "peer.header(':status', '200') .. peer.header('X-A', 'b')")
    are_refused("with an unknown pseudo-header",
      "peer.header(':status', '200') .. peer.header(':zebra', 'b')")
    are_refused("with nothing in them", "''")
    are_refused("that refer to none", "'\\255\\255\\255\\255\\15'")
    are_refused("that are cut off", "peer.header(':status', '200'):sub(1, -2)")
    are_refused("that are random", "('\\63\\130\\254'):rep(50)")
    are_refused("that make a table of a gigabyte",
      "'\\63\\225\\255\\255\\255\\3' .. peer.header(':status', '200')")

    it("on no stream", function()
      is_refused "peer.frame('headers', 5, 0, peer.header(':status', '200'))"
    end)

    it("on a stream that nobody opened", function()
      is_refused "peer.frame('headers', 5, stream + 100, peer.header(':status', '200'))"
      is_refused "peer.frame('headers', 5, 2, peer.header(':status', '200'))"
    end)

    it("that nobody asked for", function()
      is_refused "peer.frame('push_promise', 4, stream, peer.bytes(2, 4) .. peer.header(':method', 'GET'))"
    end)
  end)

  describe("frames", function()
    for name, code in pairs {
      ["of noise"] = "peer.raw(('\\190\\7\\251\\99\\1'):rep(500))",
      ["of zeros only: none of them is a response"] = "peer.frame('data', 0, 0)",
      ["that are HTTP/1"] = "peer.raw 'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nZebra'",
      ["that go on with headers that nobody began"] = "peer.frame('continuation', 4, stream, '')",
      ["between headers and their rest"] =
        "peer.frame('headers', 0, stream, peer.header(':status', '200')) "
        .. "peer.frame('ping', 0, 0, ('p'):rep(8))",
      ["of settings that are cut off"] = "peer.frame('settings', 0, 0, 'abc')",
      ["of settings that are impossible"] =
        "peer.frame('settings', 0, 0, peer.bytes(4, 2) .. peer.bytes(4294967295, 4))",
      ["that open a window by nothing"] = "peer.frame('window_update', 0, 0, peer.bytes(0, 4))",
      ["that open a window too far"] = "for _ = 1, 2 do"
        .. " peer.frame('window_update', 0, 0, peer.bytes(2147483647, 4)) end",
      ["of a ping that is too long"] = "peer.frame('ping', 0, 0, ('p'):rep(9))",
    } do
      it(name, function()
        is_refused(code)
      end)
    end

    -- libcurl 7 tells the server and goes on waiting, or takes what has come for the response.
    for name, code in pairs {
      ["of noise, after headers"] = headers .. "peer.raw(('\\190\\7\\251\\99\\1'):rep(500))",
      ["that are none, after headers"] = headers .. "peer.frame('continuation', 4, stream, '')",
      ["that are larger than was agreed upon"] = headers
        .. "peer.raw(peer.bytes(20000, 3) .. '\\0\\1' .. peer.bytes(stream, 4) .. (' '):rep(2000))",
      ["of padding without data"] = headers .. "peer.frame('data', 9, stream, '\\255')",
    } do
      it(name, function()
        new_client { timeout = timing.scaled(0.3) }
        play(code)
        fails()
        works()
        assert.equal(2, server:requests())
      end)
    end

    it("of a kind that nobody knows are passed over", function()
      new_client()
      play("peer.frame(99, 255, stream, 'Zebra') " .. good)
      works()
    end)

    it("of noise end every request on the connection, and none is sent again", function()
      new_client { timeout = timing.scaled(0.5) }
      -- Each is held until there are five of them.
      server:play(("if not stream then return elseif count > 5 then %s"
        .. " elseif count == 5 then peer.raw(('\\190'):rep(900)) end"):format(good))
      local requests = {}
      for index = 1, 5 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      for _, request in ipairs(requests) do
        local credential, err = request:result()
        assert.is_nil(credential)
        hostile.check(err, err.kind, err.phase)
      end
      assert.equal(5, server:requests())
      works()
    end)
  end)

  describe("without an end:", function()
    -- What comes on the same connection afterwards is read all the same.
    local function ends(code, kind)
      new_client { timeout = timing.scaled(kind == "transport" and 10 or 0.3), max_response_bytes = 2 ^ 20 }
      play(code)
      return fails(kind, "receive")
    end

    local function many(frame)
      return ("for _ = 1, 10000 do if not %s then break end end "):format(frame)
    end

    -- Frames that the client has hung up upon would be there for the next connection.
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

    it("headers that a few bytes stand for", function()
      -- Remembered once, named by a byte each time: 64 is the code of a new name, 190 of the latest entry.
      local entry = "'\\64\\1x\\126' .. ('y'):rep(126)"
      ends(("peer.frame('headers', 5, stream, peer.header(':status', '200') .. %s .. ('\\190'):rep(15000))")
        :format(entry), "transport")
      works()
    end)

    it("interim responses", function()
      ends(many "peer.frame('headers', 4, stream, peer.header(':status', '103'))", "transport")
      works_anew()
    end)

    -- nghttp2 may hold a flood of those that want a response against the server, and hang up.
    for name, frame in pairs {
      pings = "peer.frame('ping', 0, 0, ('p'):rep(8))",
      settings = "peer.frame('settings', 0, 0)",
    } do
      it(name, function()
        ends(many(frame))
        works_anew()
      end)
    end

    -- One step would take as long as they come. Seconds are the processor's: on a busy machine the clock
    -- tells more of others.
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
      works()
    end)

    it("silence, after a request", function()
      ends("", "timeout")
      works()
    end)

    -- Of HTTP/2's connections only their own silence tells that nobody is at the other end any more.
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
      local large = { metadata = ("m"):rep(2 ^ 17) }
      local credential, err = client.credentials:create(large, { validate = false })
      assert.is_nil(credential)
      hostile.check(err, "timeout", "send")
      works_anew()
    end)
  end)
end)
