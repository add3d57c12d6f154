-- Connections that close in one direction, too early, or with bytes on them that nobody asked for.
local timing = require "spec.support.timing"
local hostile = require "spec.support.hostile_server"

-- Whether all connections to a port have been closed at that end, as far as this end has learned; true
-- where there is no /proc: the client then has to be lucky.
local function is_closed_by(port)
  local file = io.open "/proc/net/tcp"
  local text = file and file:read "*a" or ""
  if file then
    file:close()
  end
  local established = "%x+:%x+ %x+:" .. ("%04X"):format(port) .. " 01 "
  return not text:find(established)
end

hostile.describe("a hostile server:", function(besieged)
  local function play(code, ...)
    besieged.server:play(code:format(...))
  end

  -- What libcurl and the system hold of a request that nobody reads: some megabytes.
  local function large()
    return { metadata = ("m"):rep(2 ^ 24) }, { validate = false }
  end

  describe("a server that shuts its sending side", function()
    local function half_closing(given)
      given = given or {}
      given.base_url = besieged.server.half_closing_url
      return besieged:client(given)
    end

    it("instead of responding", function()
      play "hear() say ''"
      besieged:survives(half_closing(), "transport")
    end)

    it("in the middle of a response", function()
      play("hear() say(%q)", hostile.good:sub(1, -20))
      besieged:survives(half_closing(), "transport")
    end)

    it("after a response that ends with it: it is read", function()
      play("hear() say(%q)", hostile.respond "")
      assert.equal(hostile.token, assert(half_closing().credentials:create()).token)
    end)

    it("after a whole response, without a word of closing: the connection is not used again", function()
      play("hear() say(%q)", (hostile.good:gsub("Connection: close\r\n", "")))
      local client = half_closing()
      for _ = 1, 3 do
        assert.equal(hostile.token, assert(client.credentials:create()).token)
        timing.wait_until(function() return is_closed_by(besieged.server.port) end)
      end
    end)
  end)

  describe("a server that does not read", function()
    it("the request, and does not respond: the time-out ends it where it stands", function()
      play "tell 'begun' wait_for 'unread' "
      local client = besieged:client { timeout = timing.scaled(0.3) }
      local credential, err = client.credentials:create(large())
      assert.is_nil(credential)
      besieged.check(err, "timeout", "send")
      besieged.server:tell "unread"
      besieged:recovers(client)
    end)

    it("the request, and closes", function()
      play "say ''"
      local client = besieged:client()
      local credential, err = client.credentials:create(large())
      assert.is_nil(credential)
      assert.is_true(err.phase == "send" or err.phase == "receive")
      besieged.check(err, "transport", err.phase)
      besieged:recovers(client)
    end)

    it("the request, and resets the connection", function()
      play "reset()"
      local client = besieged:client()
      for _, arguments in ipairs { { large() }, {} } do
        local credential, err = client.credentials:create(arguments[1], arguments[2])
        assert.is_nil(credential)
        assert.is_true(err.phase == "send" or err.phase == "receive")
        besieged.check(err, "transport", err.phase)
      end
      besieged:recovers(client)
    end)

    it("the request, and refuses it at once", function()
      play("say(%q)", "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
      local client = besieged:client()
      local credential, err = client.credentials:create(large())
      assert.is_nil(credential)
      -- Its response can be lost with the connection.
      if err.kind == "api" then
        besieged.check(err, "api", "receive", "rejected")
        assert.equal(413, err.status)
      else
        besieged.check(err, "transport", err.phase)
      end
      besieged:recovers(client)
    end)
  end)

  it("a reset in the middle of a response", function()
    for length = 0, #hostile.good - 1, 20 do
      play("hear() say(%q) reset()", hostile.good:sub(1, length))
      local client = besieged:client()
      besieged:survives(client, "transport")
    end
  end)

  describe("a response that nobody asked for", function()
    local evil = ('{"id":"cr_evil","token":"%s","acl":[]}'):format(hostile.token)
    local kept = ("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"):format(#hostile.body, hostile.body)
    local unasked = ("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"):format(#evil, evil)

    -- The connection stays open, so that the client could take it for the next request.
    local function is_not_taken(script)
      play(script, kept, unasked)
      local client = besieged:client()
      assert.equal("cr_1", assert(client.credentials:create()).id)
      timing.wait_until(function() return besieged.server:has_told "said" end)
      besieged.server:respond(hostile.good)
      assert.equal("cr_1", assert(client.credentials:get("cr_1")).id)
      besieged.server:tell "over"
      besieged.server:forget { "said", "over" }
    end

    it("with the one that was is not taken for the next", function()
      is_not_taken "hear() say(%q .. %q) tell 'said' wait_for 'over'"
    end)

    -- Later than the client reads the first, if it comes a moment later.
    it("after the one that was is not taken for the next", function()
      is_not_taken "hear() say(%q) ngx.sleep(0.05) say(%q) tell 'said' wait_for 'over'"
    end)

    it("after the one that was, and the end of the connection, is not taken for the next", function()
      is_not_taken "hear() say(%q) ngx.sleep(0.05) say(%q) tell 'said'"
    end)

    it("that is very long is not taken for the next", function()
      is_not_taken "hear() say(%q) ngx.sleep(0.05) say(%q .. (' '):rep(1000000)) tell 'said' wait_for 'over'"
    end)

    it("with one that came before the request was whole is not taken for the next", function()
      -- HTTP/1 has no way to tell the first of the two from the response; the second belongs to nothing.
      play("say(%q .. %q) tell 'said' hear() wait_for 'over'", kept, unasked)
      local client = besieged:client()
      assert.equal("cr_1", assert(client.credentials:create(large())).id)
      besieged.server:tell "over"
      besieged:recovers(client)
      besieged.server:forget { "said", "over" }
    end)
  end)

  it("connections that are closed as soon as they are open", function()
    local client = besieged:client()
    play "reset()"
    local requests = {}
    for index = 1, 10 do
      requests[index] = client.credentials:create({}, { wait = false })
    end
    for _, request in ipairs(requests) do
      local credential, err = request:result()
      assert.is_nil(credential)
      besieged.check(err, "transport", err.phase)
    end
    besieged:recovers(client)
  end)
end)
