-- The transport on lua-resty-http, in nginx's workers: with the library where it is installed, else with what
-- stands in for it. Those have LuaJIT, so there is nothing to run here on another Lua.
if not rawget(_G, "jit") then
  return
end

local emulator = require "ngrok.emulator"
local name_server = require "spec.support.name_server"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"
local resty_host = require "spec.support.resty_host"
local secrets = require "spec.support.secrets"

local key = resty_host.key

local log_location = [[
  location /log {
    content_by_lua_block { ngx.print "logged" }
    log_by_lua_block {
      local client = assert(client_for { base_url = ngx.unescape_uri(ngx.var.arg_url) })
      ngx.shared.notes:set("refused", tell(client.credentials:create()))
      client.credentials:create({ description = "by log" }, { on_done = function(made, err)
        ngx.shared.notes:set("log", made and made.description or tostring(err))
      end })
    }
  }
]]

describe("the resty transport on " .. resty_host.library, function()
  local names, plain, raw, server
  local hosts = {}
  local everything = {} -- that was told

  -- For one behaviour.
  local function start(directives, at_start)
    hosts[#hosts + 1] = resty_host.start(directives, at_start)
    return hosts[#hosts]
  end

  -- Runs an expression with a client for an account.
  local function ask(account, expression, more, of)
    return (of or server):ask(account, expression, more)
  end

  local function assert_begins(expected, said)
    assert.equal(expected, said:sub(1, #expected), said)
  end

  local function assert_has(words, said)
    assert.truthy(said:find(words, 1, true), said)
  end

  setup(function()
    names = name_server.start()
    plain = assert(emulator.start { api_key = key })
    raw = raw_server.start()
    local directives = ("resolver 127.0.0.1:%d ipv6=off; resolver_timeout 1s;"):format(names.port)
    server = resty_host.start(directives, nil, log_location)
  end)

  -- The key is nowhere in what was told, in no error and no log: whichever of the cases ran, in any order.
  teardown(function()
    server:log()
    everything[#everything + 1] = table.concat(server.told, "\n")
    server:stop()
    raw:stop()
    plain:stop()
    names:stop()
    for _, text in ipairs(everything) do
      assert.is_nil(secrets.trace(text, key), text)
    end
  end)

  before_each(function()
    plain:reset()
  end)

  after_each(function()
    while hosts[1] do
      local host = table.remove(hosts)
      host:log()
      host:stop()
      everything[#everything + 1] = table.concat(host.told, "\n")
    end
  end)

  local every_operation = [[(function()
    local made = assert(client.credentials:create { description = "lamp", acl = { "bind:*.example.com" } })
    assert(made.token)
    assert(client.credentials:get(made.id).description == "lamp")
    assert(made:update { metadata = "seen" })
    assert(made:reload().metadata == "seen")
    assert(made:delete())
    local _, err = client.credentials:get(made.id)
    return err.status
  end)()]]

  local whole_list = "#assert(client.credentials:list({ limit = 3 }):all())"

  describe("over plain HTTP", function()
    it("does every operation", function()
      assert.equal("404", ask(plain, every_operation))
    end)

    it("walks a list, on one connection", function()
      plain:seed(10)
      assert.equal("10", ask(plain, whole_list))
      for _, request in ipairs(plain:requests()) do
        assert.equal(plain:requests()[1].connection, request.connection)
      end
    end)

    it("sends the key and the user agent", function()
      assert.equal("0", ask(plain, "#client.credentials:list():all()", "user_agent = 'mine/1'"))
      local headers = plain:requests()[1].headers
      assert.equal("Bearer " .. key, headers.authorization)
      assert.equal("mine/1", headers["user-agent"])
      assert.equal(plain.base_url:match "//(.*)", headers.host)
    end)

    it("serves many light threads, as many at once as max_in_flight says", function()
      local said = ask(plain, [[(function()
        local threads = {}
        for index = 1, 40 do
          threads[index] = ngx.thread.spawn(function()
            return assert(client.credentials:create { description = "thread " .. index }).description
          end)
        end
        for index, thread in ipairs(threads) do
          local _, description = ngx.thread.wait(thread)
          assert(description == "thread " .. index)
        end
        return client:pending()
      end)()]], "max_in_flight = 4")
      assert.equal("0", said)
      assert.equal(40, #plain:credentials())
    end)

    it("waits in a timer", function()
      server:run(([[
        assert(ngx.timer.at(0, function()
          local client = client_for { base_url = %q }
          ngx.shared.notes:set("timer", tell(client.credentials:create()))
        end))
        return "begun"
      ]]):format(plain.base_url))
      assert_has("ngrok.credential", server:note("timer"))
    end)

    it("goes on when the request that asked has ended", function()
      plain:misbehave { kind = "delay", seconds = 0.2 }
      server:run(([[
        local client = client_for { base_url = %q }
        client.credentials:create({ description = "left" }, { on_done = function(made, err)
          ngx.shared.notes:set("left", made and made.description or tell(nil, err))
        end })
        ngx.exit(200)
      ]]):format(plain.base_url))
      assert.equal("left", server:note("left"))
    end)

    it("says where a call cannot wait, and calls back there", function()
      server:get("/log?url=" .. plain.base_url)
      assert_has("nginx cannot wait in its log phase", server:note("refused"))
      assert.equal("by log", server:note("log"))
    end)

    it("drops the response to what was cancelled", function()
      plain:misbehave { kind = "delay", seconds = 0.1 }
      assert_begins("cancelled/", ask(plain, [[(function()
        local request = client.credentials:create({}, { wait = false })
        request:cancel()
        return request:result()
      end)()]]))
      server:settle()
      assert.equal("404", ask(plain, every_operation))
    end)
  end)

  describe("when the server fails", function()
    it("sends again what 503 and 429 allow", function()
      plain:misbehave { kind = "status", status = 503 }
      plain:misbehave { kind = "status", status = 429, retry_after = 0 }
      assert.equal("0", ask(plain, "#assert(client.credentials:list():all())", "max_retries = 2"))
      assert.equal(3, #plain:requests())
      plain:misbehave { kind = "status", status = 503 }
      assert_begins("api/receive/unknown/1", ask(plain, "client.credentials:create()", "max_retries = 2"))
    end)

    for _, kind in ipairs { "reset_before", "reset_after", "truncate" } do
      it("tells of " .. kind .. ", and sends again what may be", function()
        plain:misbehave { kind = kind }
        assert_begins("transport/receive/unknown/1",
          ask(plain, "client.credentials:create()", "max_retries = 2"))
        assert.equal(1, #plain:requests())
        plain:misbehave { kind = kind }
        assert.equal("true", ask(plain, "#assert(client.credentials:list():all()) < 2", "max_retries = 1"))
        assert.equal(3, #plain:requests())
      end)
    end

    it("uses no connection again on which something went wrong", function()
      plain:seed(3)
      plain:misbehave { kind = "truncate" }
      ask(plain, "client.credentials:list():next()")
      assert_has("ngrok.credential", ask(plain, "client.credentials:list():next()"))
      local requests = plain:requests()
      assert.is_not.equal(requests[1].connection, requests[2].connection)
    end)

    it("sends nothing again by itself when a kept connection dies", function()
      assert_begins("nil", ask(plain, "client.credentials:list():next()"))
      plain:misbehave { kind = "reset_before" }
      assert_begins("transport/receive/unknown/1", ask(plain, "client.credentials:create()"))
      local requests = plain:requests()
      assert.equal(2, #requests)
      assert.equal(requests[1].connection, requests[2].connection)
    end)

    it("reads no more than max_response_bytes, and asks once", function()
      plain:misbehave { kind = "oversize", bytes = 200000 }
      local said = ask(plain, "client.credentials:list():next()",
        "max_response_bytes = 50000, max_retries = 2")
      assert_begins("transport/receive/unknown/1", said)
      assert_has("exceeds max_response_bytes", said)
      assert.equal(1, #plain:requests())
    end)

    it("goes away from a body without end", function()
      raw:play [[
        hear()
        say "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        local chunk = "4000\r\n" .. ("x"):rep(0x4000) .. "\r\n"
        for _ = 1, 4000 do
          if not say(chunk) then
            return tell "away"
          end
        end
        tell "all"
      ]]
      local said = ask(raw, "client.credentials:list():next()", "max_response_bytes = 50000, max_retries = 2")
      assert_has("exceeds max_response_bytes", said)
      timing.wait_until(function() return raw:has_told "away" end)
      assert.is_false(raw:has_told "all")
    end)

    it("does not quote what is not HTTP", function()
      raw:respond "private words of somebody's\r\n\r\n"
      assert.is_nil(ask(raw, "client.credentials:list():next()"):find("private", 1, true))
    end)

    for what, line in pairs { ["a line without end"] = "x", ["lines without end"] = "x: y\\r\\n" } do
      it("reads no more headers than libcurl would of " .. what .. ", and asks once", function()
        raw:play(([[
          hear()
          say "HTTP/1.1 200 OK\r\n"
          local lines = ("%s"):rep(10000)
          for _ = 1, 2000 do
            if not say(lines) then
              return tell "gone"
            end
          end
        ]]):format(line))
        raw:forget { "gone" }
        local said = ask(raw, "client.credentials:list():next()", "max_retries = 2")
        assert_begins("transport/receive/unknown/1", said)
        assert_has("headers exceed 262144 bytes", said)
        timing.wait_until(function() return raw:has_told "gone" end)
      end)
    end

    it("gives up in time", function()
      plain:misbehave { kind = "hang" }
      assert_begins("timeout/receive/unknown/1", ask(plain, "client.credentials:create()", "timeout = 0.2"))
      server:settle()
    end)

    it("gives up in time on one that dribbles", function()
      raw:play [[
        hear()
        say "HTTP/1.1 200 OK\r\n"
        for index = 1, 2000 do
          if not say("X-" .. index .. ": x\r\n") then
            return tell "left"
          end
          ngx.sleep(0.01)
        end
      ]]
      assert_begins("timeout/receive/unknown/1", ask(raw, "client.credentials:create()", "timeout = 0.3"))
      timing.wait_until(function() return raw:has_told "left" end)
    end)
  end)

  describe("reads", function()
    local credential = '{"id":"cr_1","uri":"","created_at":"2023-07-31T23:17:18Z","token":null,"acl":[]}'
    local fine = "ngrok.credential: cr_1"

    for what, response in pairs {
      ["a body that ends with the connection"] = "HTTP/1.1 200 OK\r\n\r\n" .. credential,
      ["a body in chunks"] = ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n")
        :format(#credential, credential),
      ["a repeated header"] = "HTTP/1.1 200 OK\r\nX: 1\r\nX: 2\r\nContent-Length: " .. #credential
        .. "\r\n\r\n" .. credential,
      ["interim responses first"] = "HTTP/1.1 100 Continue\r\n\r\n"
        .. "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n" .. credential,
      ["chunks with extensions, and trailers"] = ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        .. "%x;a=\"1\";b\r\n%s\r\n0 ; c\r\nX: 1\r\n\r\n"):format(#credential, credential),
      ["one length sent twice"] = ("HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Length: %d, %d\r\n"
        .. "\r\n%s"):format(#credential, #credential, #credential, credential),
      ["a folded header"] = ("HTTP/1.1 200 OK\r\nX: one\r\n two\r\n\tthree\r\nContent-Length:\r\n %d\r\n"
        .. "\r\n%s"):format(#credential, credential),
      ["lines that end without a carriage return"] = ("HTTP/1.1 200 OK\nContent-Length: %d\n\n%s")
        :format(#credential, credential),
    } do
      it(what, function()
        raw:respond(response)
        assert.equal(fine, ask(raw, "client.credentials:get 'cr_1'"))
      end)
    end

    for what, response in pairs {
      ["an interim response alone"] = "HTTP/1.1 103 Early Hints\r\n\r\n",
      ["another protocol"] = "HTTP/1.1 101 Switching Protocols\r\n\r\n" .. credential,
      ["a line that is not a header"] = "HTTP/1.1 200 OK\r\nContent-Length : 81\r\n\r\n" .. credential,
      ["an empty length"] = "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n" .. credential,
      ["an encoding that was not requested"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
        .. "51\r\n" .. credential .. "\r\n0\r\n\r\n",
      ["a chunk that is longer than it says"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n"
        .. credential .. "\r\n0\r\n\r\n",
      ["a negative length"] = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" .. credential,
      ["a length that is none"] = "HTTP/1.1 200 OK\r\nContent-Length: 0x51\r\n\r\n" .. credential,
      ["two lengths"] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 81\r\n\r\n"
        .. credential,
      ["a chunk without a length"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        .. credential,
      ["no HTTP"] = "Authorization: Bearer " .. key .. "\r\n\r\n",
      ["a body cut off"] = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" .. credential,
      ["nothing"] = "",
    } do
      it(what .. " as a failure", function()
        raw:respond(response)
        assert_begins("transport/receive/unknown/1", ask(raw, "client.credentials:get 'cr_1'"))
      end)
    end

    it("a reset inside a body without a length as a failure", function()
      raw:play(([[
        hear()
        say(%q)
        reset()
      ]]):format("HTTP/1.1 200 OK\r\n\r\n" .. credential))
      local said = ask(raw, "client.credentials:get 'cr_1'")
      assert_begins("transport/receive/unknown/1", said)
      assert_has("reset by peer", said)
    end)

    it("the longer of two Retry-After", function()
      for _, order in ipairs { "5\r\nRetry-After: 7200", "7200\r\nRetry-After: 5" } do
        raw:respond("HTTP/1.1 503 No\r\nRetry-After: " .. order .. "\r\nContent-Length: 0\r\n\r\n")
        assert_has("Retry-After asks for 7200 s", ask(raw, "client.credentials:create()"))
      end
    end)

    it("a redirect, and does not follow it", function()
      raw:respond("HTTP/1.1 302 Found\r\nLocation: " .. plain.base_url .. "\r\nContent-Length: 0\r\n\r\n")
      assert_begins("api/receive/rejected/1", ask(raw, "client.credentials:get 'cr_1'"))
      assert.equal(0, #plain:requests())
    end)
  end)

  describe("where there is no connection", function()
    it("says that the server refuses", function()
      local gone = raw_server.start()
      gone:stop()
      timing.wait_until(function()
        return ask(gone, "client.credentials:create()"):find("transport/connect/not_sent/1", 1, true) == 1
      end)
      assert_begins("transport/connect/not_sent/2",
        ask(gone, "client.credentials:create()", "max_retries = 1"))
    end)

    it("says that there is no such host", function()
      local said = ask({ base_url = "https://nowhere.invalid" }, "client.credentials:create()")
      assert_begins("transport/resolve/not_sent/1", said)
    end)

    it("gives up in time on a name server that is silent, and says who was asked", function()
      for _, option in ipairs { "timeout", "connect_timeout" } do
        local said = ask({ base_url = "https://silent.invalid" }, "client.credentials:create()",
          option .. " = 0.3")
        assert_begins("timeout/resolve/not_sent/1", said)
        assert_has("silent.invalid within " .. option .. " (0.3 s)", said)
        assert_has("directive resolver", said)
      end
    end)

    it("sends nothing once a look-up ends that took too long", function()
      raw:respond "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
      local before = #raw:requests()
      local said = server:run(([[
        local options = { base_url = "http://slow.localhost:%d", allow_http = true, connect_timeout = 0.1 }
        local _, err = client_for(options).credentials:create()
        options.connect_timeout = 5
        local _, later = client_for(options).credentials:get "cr_1"
        return err.phase .. " " .. later.kind
      ]]):format(raw.port))
      assert.equal("resolve api", said)
      assert.equal(before + 1, #raw:requests())
    end)

    for option, attempts in pairs { connect_timeout = 2, timeout = 1 } do
      it("gives up on a handshake that takes longer than " .. option, function()
        local stuck = raw_server.start()
        stuck:pause(true)
        local said = ask({ base_url = "https://localhost:" .. stuck.port }, "client.credentials:create()",
          option .. " = 0.2, max_retries = 1")
        stuck:stop()
        assert_begins("timeout/tls/not_sent/" .. attempts, said)
      end)
    end

    it("says that nginx has no resolver", function()
      local bare = start()
      local said = ask({ base_url = "https://localhost" }, "client.credentials:create()",
        "max_retries = 2", bare)
      assert_begins("transport/resolve/not_sent/1", said)
      assert_has("directive resolver", said)
    end)
  end)

  describe("over TLS", function()
    local secure = {}

    local function account(tls)
      local emu = assert(emulator.start { api_key = key, tls = tls or true })
      local port = emu.base_url:match ":(%d+)$"
      secure[#secure + 1] = emu
      return { base_url = "https://localhost:" .. port, ca_file = emu.ca_file, emu = emu }
    end

    local function trusting(of, directives)
      return start(("resolver 127.0.0.1:%d ipv6=off; lua_ssl_trusted_certificate %s; %s"):format(names.port,
        of.ca_file, directives or ""))
    end

    teardown(function()
      for _, emu in ipairs(secure) do
        emu:stop()
      end
    end)

    -- In one page: the next one's address has the emulator's own idea of its name.
    it("does every operation, and lists", function()
      local of = account()
      local host = trusting(of)
      assert.equal("404", ask(of, every_operation, nil, host))
      of.emu:seed(10)
      assert.equal("10", ask(of, "#assert(client.credentials:list():all())", nil, host))
      assert.is_nil(host:log():find("[error]", 1, true), host:log())
    end)

    it("keeps a connection and its handshake for the next request", function()
      local of = account()
      ask(of, every_operation, nil, trusting(of))
      for _, request in ipairs(of.emu:requests()) do
        assert.equal(of.emu:requests()[1].connection, request.connection)
      end
    end)

    it("speaks what nginx's lua_ssl_protocols allows", function()
      local of = account { protocols = "TLSv1.2" }
      local newest = trusting(of, "lua_ssl_protocols TLSv1.3;")
      assert_begins("transport/tls/not_sent/1", ask(of, "client.credentials:create()", nil, newest))
      local both = trusting(of, "lua_ssl_protocols TLSv1.2 TLSv1.3;")
      assert.equal("404", ask(of, every_operation, nil, both))
    end)

    it("tells of a server that hangs up in the handshake", function()
      local of = account { handshake = "close" }
      assert_begins("transport/tls/not_sent/", ask(of, "client.credentials:create()", nil, trusting(of)))
    end)

    it("trusts only what nginx is configured to trust, and names the directive", function()
      local of = account()
      local said = ask(of, "client.credentials:create()", "max_retries = 2")
      assert_begins("transport/tls/not_sent/1", said)
      assert_has("lua_ssl_trusted_certificate", said)
      assert.equal(0, #of.emu:requests())
    end)

    for kind, words in pairs { untrusted = "lua_ssl_trusted_certificate", wrong_host = " host",
      expired = "expired" } do
      it("sends nothing to a server whose certificate is " .. kind, function()
        local of = account { certificate = kind }
        local host = trusting(of)
        local said = ask(of, "client.credentials:create()", "max_retries = 2", host)
        assert_begins("transport/tls/not_sent/1", said)
        assert_has(words, said .. host:log()) -- where nginx raises an error, only its log says why
        assert.equal(0, #of.emu:requests())
      end)
    end
  end)

  describe("is chosen", function()
    local curl, of_lua = "true", "false"

    -- Only libcurl has a descriptor.
    local function choice(more, of)
      return ask(plain, "client:pollfd() ~= nil", more, of)
    end

    it("by \"auto\"", function()
      assert.equal(of_lua, choice "transport = 'auto'")
      assert.equal(of_lua, choice "transport = 'auto', connect_timeout = 5")
    end)

    it("by \"auto\" unless something is asked for that only libcurl can do", function()
      assert.equal(curl, choice "transport = 'auto', proxy = 'http://127.0.0.1:1'")
      assert.equal(curl, choice "transport = 'auto', loop = 'block'")
    end)

    it("only where all of the library is installed, and says what is not", function()
      local half = start("", [[
        package.preload['resty.http'] = function() return require 'resty.string' end
        package.preload['resty.string'] = function() error("module 'resty.string' not found:", 0) end
      ]])
      local said = half:run("local _, err = client_for {} return tostring(err)")
      assert_has("needs lua-resty-string (luarocks install lua-resty-string)", said)
    end)

    it("only where the library is installed", function()
      local without = start("", "package.preload['resty.http'] = function() error 'not here' end")
      local by_auto = choice("transport = 'auto'", without)
      local said = without:run("local _, err = client_for {} return tostring(err)")
      assert.equal(curl, by_auto)
      assert_has("needs lua-resty-http", said)
    end)

    it("and loads no libcurl", function()
      local fresh = start()
      local said = ask(plain, "client.credentials:list():all() and package.loaded['ngrok.curl']",
        "transport = 'auto'", fresh)
      assert.equal("nil", said)
    end)
  end)

  describe("with a client made in init_by_lua", function()
    it("serves the workers, and needs no libcurl for it", function()
      local host = start("", ([[
        shared = assert(client_for { base_url = %q, transport = "auto" })
      ]]):format(plain.base_url))
      local said = host:run("local client = shared return tell(" .. every_operation .. ")")
      assert.equal("404", said)
      assert.equal("nil", host:run("return tostring(package.loaded['ngrok.curl'])"))
    end)

    it("refuses every call that is made there, and says how else", function()
      local host = start("", ([[
        local client, notes = assert(client_for { base_url = %q, transport = "auto" }), ngx.shared.notes
        notes:set("plain", tell(client.credentials:create()))
        notes:set("handle", tell(client.credentials:create({}, { wait = false }):result()))
        notes:set("listing", tell(client.credentials:list():next()))
        client.credentials:create({}, { on_done = function(made, err)
          notes:set("later", tell(made, err))
        end })
        client:step(0)
      ]]):format(plain.base_url))
      for _, name in ipairs { "plain", "handle", "listing", "later" } do
        local said = host:note(name)
        assert_begins("invalid/validate/not_sent/0", said)
        assert_has("nginx has no sockets for Lua in init_by_lua: call it in a worker", said)
        assert_has('transport = "curl"', said)
      end
      assert.equal(0, #plain:requests())
    end)

    it("blocks there by libcurl where that was asked for", function()
      local host = start("", ([[
        local client = assert(client_for { base_url = %q, transport = "curl" })
        ngx.shared.notes:set("made", tell(client.credentials:create()))
      ]]):format(plain.base_url))
      assert_has("ngrok.credential", host:note("made"))
    end)
  end)

  it("waits for nothing in init_worker_by_lua, and calls back there", function()
    local early = start(([[
      init_worker_by_lua_block {
        local client = client_for { base_url = %q }
        ngx.shared.notes:set("init_worker", tell(client.credentials:create()))
        client.credentials:create({}, { on_done = function(made, err)
          ngx.shared.notes:set("called_back", tell(made, err))
        end })
      }
    ]]):format(plain.base_url))
    assert_begins("invalid/validate/not_sent", early:note("init_worker"))
    assert_has("ngrok.credential", early:note("called_back"))
  end)

  -- Told by a server, where it can be told: the key, and a token.
  local token = "9zXcVbNmAsDfGhJkLqWeRtYuQ_8PoIuYtReWqLkJhGfDsAz"
  for place, response in pairs {
    ["the status line"] = "HTTP/%s %s\r\n\r\n",
    ["headers"] = "HTTP/1.1 500 no\r\nNgrok-Operation-Id: %s\r\nContent-Length: %s\r\n\r\n",
    ["a chunk's length"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s %s\r\n",
    ["an error"] = "HTTP/1.1 400 no\r\nContent-Type: application/json\r\n\r\n"
      .. '{"status_code":400,"msg":"%s %s"}',
    ["a body that is no JSON"] = "HTTP/1.1 200 OK\r\n\r\n%s %s",
    ["a body cut off"] = "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n%s %s",
  } do
    it("tells neither key nor token that it finds in " .. place, function()
      raw:respond(response:format(key, token))
      local host = start("error_log error.log info;")
      local said = ask(raw, [[(function()
        local _, err = client.credentials:create()
        local all = { tostring(err) }
        for _, field in ipairs { "message", "code", "operation_id" } do
          all[#all + 1] = tostring(err[field])
        end
        return table.concat(all, " ")
      end)()]], nil, host)
      for _, text in ipairs { said, host:log() } do
        assert.is_nil(secrets.trace(text, key), text)
        assert.is_nil(secrets.trace(text, token), text)
      end
    end)
  end
end)
