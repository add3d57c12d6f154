-- Connections that close in one direction or too early, or that carry bytes which belong to no request.
local hostile = require "spec.support.hostile_server"
local timing = require "spec.support.timing"

-- Whether all connections to a port have been closed at that end, as far as this end knows; always true
-- without /proc.
local function is_closed_by(port)
  local file = io.open "/proc/net/tcp"
  local text = file and file:read "*a" or ""
  if file then
    file:close()
  end
  local established = "%x+:%x+ %x+:" .. ("%04X"):format(port) .. " 01 "
  return not text:find(established)
end

-- libcurl and the system hold some megabytes of a request that the server does not read.
local large, unchecked = { metadata = ("m"):rep(2 ^ 24) }, { validate = false }

hostile.describe("a hostile server:", function(harness)
  local function play(code, ...)
    harness.server:play(code:format(...))
  end

  describe("a server that shuts its sending side", function()
    local function half_closing()
      return harness:client { base_url = harness.server.half_closing_url }
    end

    it("instead of responding, or in the middle of a response, fails the request", function()
      for _, bytes in ipairs { "", hostile.good:sub(1, -20) } do
        play("hear() say(%q)", bytes)
        harness:survives(half_closing(), "transport")
      end
    end)

    it("after a response that ends with it has its response read", function()
      play("hear() say(%q)", hostile.respond "")
      assert.equal(hostile.token, assert(half_closing().credentials:create()).token)
    end)

    it("after a whole response has its connection left", function()
      play("hear() say(%q)", (hostile.good:gsub("Connection: close\r\n", "")))
      local client = half_closing()
      for _ = 1, 3 do
        assert.equal(hostile.token, assert(client.credentials:create()).token)
        timing.wait_until(function() return is_closed_by(harness.server.port) end)
      end
    end)
  end)

  describe("a server that does not read the request", function()
    it("and does not respond fails it after the time-out", function()
      play "tell 'begun' wait_for 'unread' "
      local client = harness:client { timeout = timing.scaled(0.3) }
      harness.fails(client, "timeout", "send", large, unchecked)
      harness.server:tell "unread"
      harness:recovers(client)
    end)

    it("and closes or resets the connection fails it", function()
      for _, code in ipairs { "say ''", "reset()" } do
        play(code)
        local client = harness:client()
        local err = harness.fails(client, "transport", nil, large, unchecked)
        assert.is_true(err.phase == "send" or err.phase == "receive")
        harness:recovers(client)
      end
    end)

    it("and refuses it at once fails it with the refusal, unless that is lost with the connection", function()
      play("say(%q)", "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
      local client = harness:client()
      local _, err = client.credentials:create(large, unchecked)
      if err.kind == "api" then
        harness.check(err, "api", "receive", "rejected")
        assert.equal(413, err.status)
      else
        harness.check(err, "transport")
      end
      harness:recovers(client)
    end)
  end)

  it("a reset in the middle of a response fails the request", function()
    for length = 0, #hostile.good - 1, 20 do
      play("hear() say(%q) reset()", hostile.good:sub(1, length))
      harness:survives(harness:client(), "transport")
    end
  end)

  it("connections that are closed as soon as they are open fail their requests", function()
    local client, requests = harness:client(), {}
    play "reset()"
    for index = 1, 10 do
      requests[index] = client.credentials:create({}, { wait = false })
    end
    for _, request in ipairs(requests) do
      local credential, err = request:result()
      assert.is_nil(credential)
      harness.check(err, "transport")
    end
    harness:recovers(client)
  end)

  describe("a response to no request is not taken for the next one's, when it comes", function()
    local evil = ('{"id":"cr_evil","token":"%s","acl":[]}'):format(hostile.token)
    local function kept(body)
      return ("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"):format(#body, body)
    end

    -- The connection stays open, so that the client can use it for the next request. A response that comes
    -- a moment after the first comes later than the client reads that.
    for when, script in pairs {
      ["with the first"] = "hear() say(%q .. %q) tell 'said' wait_for 'over'",
      ["after the first"] = "hear() say(%q) ngx.sleep(0.05) say(%q) tell 'said' wait_for 'over'",
      ["after the first, with the connection's end"] = "hear() say(%q) ngx.sleep(0.05) say(%q) tell 'said'",
      ["after the first, and is very long"] =
        "hear() say(%q) ngx.sleep(0.05) say(%q .. (' '):rep(1000000)) tell 'said' wait_for 'over'",
    } do
      it(when, function()
        play(script, kept(hostile.body), kept(evil))
        local client = harness:client()
        assert.equal("cr_1", assert(client.credentials:create()).id)
        timing.wait_until(function() return harness.server:has_told "said" end)
        harness.server:respond(hostile.good)
        assert.equal("cr_1", assert(client.credentials:get("cr_1")).id)
        harness.server:tell "over"
        harness.server:forget { "said", "over" }
      end)
    end

    it("before the request was whole, behind the one that HTTP/1 takes for the response", function()
      play("say(%q .. %q) tell 'said' hear() wait_for 'over'", kept(hostile.body), kept(evil))
      local client = harness:client()
      assert.equal("cr_1", assert(client.credentials:create(large, unchecked)).id)
      harness.server:tell "over"
      harness:recovers(client)
      harness.server:forget { "said", "over" }
    end)
  end)
end)
