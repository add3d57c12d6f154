local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"

local key = "FIRSTPART_SECONDPART"

describe("the curl transport", function()
  local emu, clients

  setup(function()
    emu = assert(emulator.start())
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
    clients = {}
  end)

  after_each(function()
    for _, client in ipairs(clients) do
      client:close()
    end
  end)

  local function new_client(given)
    local options = {
      api_key = emu.api_key, base_url = emu.base_url, max_retries = 0, rate_limit = false,
    }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    local client = assert(ngrok.client(options))
    clients[#clients + 1] = client
    return client
  end

  local function fails(value, err)
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(err))
    return err
  end

  describe("and compression:", function()
    local server

    setup(function()
      server = raw_server.start()
    end)

    teardown(function()
      server:stop()
    end)

    local function gzip_response(body)
      local compressed = raw_server.gzip(body)
      server:respond(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        .. "Content-Length: %d\r\n\r\n%s"):format(#compressed, compressed))
      return #compressed
    end

    it("asks for gzip and reads it", function()
      gzip_response '{"id":"cr_gzipped","description":"small"}'
      local credential = assert(new_client({ base_url = server.base_url }).credentials:get("cr_gzipped"))
      assert.equal("cr_gzipped", credential.id)
    end)

    it("offers it to the server", function()
      assert(new_client().credentials:list():all())
      assert.equal("gzip", emu:requests()[1].headers["accept-encoding"])
    end)

    it("reads a long list just as it is", function()
      emu:seed(100, { metadata = ("abcdefghij"):rep(400) })
      local items = assert(new_client().credentials:list():all())
      assert.equal(100, #items)
      for _, credential in ipairs(items) do
        assert.equal(("abcdefghij"):rep(400), credential.metadata)
      end
    end)

    it("counts what it has become against max_response_bytes", function()
      local wire = gzip_response('{"id":"cr_1","description":"' .. ("x"):rep(2 ^ 20) .. '"}')
      assert.is_true(wire < 5000)
      local err = fails(new_client({ base_url = server.base_url, max_response_bytes = 100000 })
        .credentials:get("cr_1"))
      assert.equal("transport", err.kind)
      assert.equal("receive", err.phase)
      assert.equal("unknown", err.outcome)
      assert.equal("the response exceeds max_response_bytes (100000)", err.message)
    end)

    it("takes no more memory than max_response_bytes for a bomb", function()
      local function peak()
        local file = io.open("/proc/self/status", "rb")
        local text = file and file:read("*a") or ""
        if file then
          file:close()
        end
        return tonumber(text:match("VmHWM:%s*(%d+)"))
      end
      emu:misbehave { kind = "oversize", bytes = 64 * 2 ^ 20 }
      local before = peak()
      local err = fails(new_client { max_response_bytes = 100000 }.credentials:get("cr_1"))
      assert.equal("the response exceeds max_response_bytes (100000)", err.message)
      if before then
        assert.is_true(peak() - before < 8 * 1024, ("%d KB more"):format(peak() - before))
      end
    end)

    it("reports a response that is called gzip and is none", function()
      server:respond("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nxxxxxxxxx")
      local err = fails(new_client({ base_url = server.base_url }).credentials:create())
      assert.equal("transport", err.kind)
      assert.equal("receive", err.phase)
      assert.equal("unknown", err.outcome)
    end)
  end)

  describe("when it cannot connect:", function()
    local function not_sent(err, kind, phase)
      assert.equal(kind, err.kind)
      assert.equal(phase, err.phase)
      assert.equal("not_sent", err.outcome)
      assert.equal("credentials.create", err.operation)
      assert.equal(1, err.attempts)
      assert.is_nil(err.status)
      assert.is_nil(err.code)
    end

    it("says that the connection was refused", function()
      local client = new_client { base_url = "http://127.0.0.1:1" }
      not_sent(fails(client.credentials:create()), "transport", "connect")
    end)

    it("says that the host is unknown", function()
      local client = new_client { base_url = "https://ngrok-api.invalid" }
      not_sent(fails(client.credentials:create()), "transport", "resolve")
    end)

    it("says that the server speaks no TLS", function()
      local client = new_client { base_url = (emu.base_url:gsub("^http:", "https:")) }
      not_sent(fails(client.credentials:create()), "transport", "tls")
      assert.equal(0, #emu:requests())
    end)

    it("uses a proxy that is named", function()
      local client = new_client { base_url = "https://api.ngrok.com", proxy = "http://127.0.0.1:1" }
      not_sent(fails(client.credentials:create()), "transport", "connect")
    end)

    it("uses it for loopback hosts too", function()
      local client = new_client { proxy = "http://127.0.0.1:1" }
      not_sent(fails(client.credentials:create()), "transport", "connect")
      assert.equal(0, #emu:requests())
    end)

    it("sends through the proxy what the proxy is to send on", function()
      local client = new_client {
        base_url = "http://ngrok-api.invalid/path", allow_http = true, proxy = emu.base_url,
      }
      emu:misbehave { kind = "body", body = '{"id":"cr_through"}' }
      assert.equal("cr_through", assert(client.credentials:get("cr_through")).id)
      assert.equal("ngrok-api.invalid", emu:requests()[1].headers.host)
    end)

    it("says that the proxy is unknown", function()
      local client = new_client { proxy = "http://ngrok-proxy.invalid:3128" }
      not_sent(fails(client.credentials:create()), "transport", "resolve")
    end)

    it("has reached nobody when its time is up during the handshake", function()
      local server = raw_server.start()
      finally(function() server:stop() end)
      server:pause(true)
      local client = new_client { base_url = (server.base_url:gsub("^http:", "https:")), timeout = 0.2 }
      not_sent(fails(client.credentials:create()), "timeout", "tls")
    end)

    it("has reached nobody when connecting takes longer than connect_timeout", function()
      local server = raw_server.start()
      finally(function() server:stop() end)
      server:pause(true)
      local base_url = server.base_url:gsub("^http:", "https:")
      local client = new_client { base_url = base_url, connect_timeout = 0.2 }
      local start = timing.now()
      not_sent(fails(client.credentials:create()), "timeout", "tls")
      assert.is_true(timing.now() - start < 5)
    end)

    it("names the ways out where there is no CA file of that name", function()
      local client, err = ngrok.client { api_key = key, ca_file = "/nowhere/at/all.pem" }
      assert.is_nil(client)
      assert.truthy(err.message:find("/nowhere/at/all.pem", 1, true))
    end)
  end)

  describe("and responses of any make:", function()
    local server

    setup(function()
      server = raw_server.start()
    end)

    teardown(function()
      server:stop()
    end)

    local function create(response, given)
      server:respond(response)
      local options = given or {}
      options.base_url = server.base_url
      return new_client(options).credentials:create()
    end

    local body = '{"id":"cr_1"}'

    local function is_read(response)
      assert.equal("cr_1", assert(create(response)).id)
    end

    local function is_broken(response, given)
      local count = #server:requests()
      local err = fails(create(response, given))
      assert.equal("transport", err.kind)
      assert.equal("unknown", err.outcome)
      assert.equal("receive", err.phase)
      assert.equal(count + 1, #server:requests())
      return err
    end

    it("reads one without a length, up to its end", function()
      is_read("HTTP/1.1 200 OK\r\n\r\n" .. body)
    end)

    it("reads one of HTTP/1.0", function()
      is_read("HTTP/1.0 200 OK\r\n\r\n" .. body)
    end)

    it("reads one in chunks", function()
      is_read("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" .. body:sub(1, 5)
        .. "\r\n8\r\n" .. body:sub(6) .. "\r\n0\r\n\r\n")
    end)

    it("reads one after a 100 Continue and a 103, whose headers do not count", function()
      server:respond("HTTP/1.1 100 Continue\r\nngrok-operation-id: op_early\r\n\r\n"
        .. "HTTP/1.1 103 Early Hints\r\nretry-after: 9\r\n\r\n"
        .. "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
      local err = fails(new_client({ base_url = server.base_url }).credentials:get("cr_1"))
      assert.equal(404, err.status)
      assert.is_nil(err.operation_id)
      assert.is_nil(err.retry_after)
    end)

    it("reads no more than Content-Length says", function()
      is_read("HTTP/1.1 200 OK\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body .. "garbage")
    end)

    it("takes header names in any spelling", function()
      server:respond("HTTP/1.1 429 No\r\nRETRY-AFTER:7\r\nNgrok-OPERATION-Id: \t op_x \r\n"
        .. "Content-Length: 0\r\n\r\n")
      local err = fails(new_client({ base_url = server.base_url }).credentials:get("cr_1"))
      assert.equal(7, err.retry_after)
      assert.equal("op_x", err.operation_id)
    end)

    it("reports a Content-Length that is longer than the response", function()
      is_broken("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" .. body)
    end)

    it("reports a Content-Length that is no number", function()
      -- libcurl 8 refuses it, 7 reads on to the end: never is a credential made up.
      local credential, err = create("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n" .. body)
      if credential then
        assert.equal("cr_1", credential.id)
      else
        assert.equal("unknown", err.outcome)
      end
    end)

    it("reports chunks that end too early", function()
      is_broken("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" .. body)
    end)

    it("reports nothing at all", function()
      is_broken("")
    end)

    it("reports what is no HTTP", function()
      is_broken("220 mail.example ESMTP\r\n\r\n")
    end)

    it("reports headers that do not end", function()
      server:respond("HTTP/1.1 200 OK\r\nX-A: b\r\n")
      local err = fails(new_client({ base_url = server.base_url }).credentials:create())
      assert.is_true(err.kind == "transport" or err.kind == "decode")
      assert.equal("unknown", err.outcome)
    end)

    it("reports too many headers", function()
      local headers = {}
      -- Over our own limit, and below libcurl's (300 KiB).
      for index = 1, 2600 do
        headers[index] = ("X-Header-%04d: %s\r\n"):format(index, ("x"):rep(88))
      end
      local err = is_broken("HTTP/1.1 200 OK\r\n" .. table.concat(headers) .. "\r\n" .. body)
      assert.equal("the response's headers exceed 262144 bytes", err.message)
    end)

    it("reports a header that is too long", function()
      is_broken("HTTP/1.1 200 OK\r\nX-Long: " .. ("x"):rep(300 * 1024) .. "\r\n\r\n" .. body)
    end)

    it("reports a response that is longer than max_response_bytes, with a length or without", function()
      local long = ("x"):rep(1001)
      for _, length in ipairs { "", "Content-Length: 1001\r\n" } do
        local response = "HTTP/1.1 200 OK\r\n" .. length .. "\r\n" .. long
        local err = is_broken(response, { max_response_bytes = 1000 })
        assert.equal("the response exceeds max_response_bytes (1000)", err.message)
      end
    end)

    it("shows none of a response's bytes in the error of a broken one", function()
      for _, response in ipairs {
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" .. '{"token":"Zebra7Quagga"',
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZebra7Quagga\r\n",
        "HTTP/1.1 Zebra7Quagga\r\n\r\n",
        "Zebra7Quagga\r\n\r\n",
        "HTTP/1.1 200 OK\r\nZebra7Quagga\r\nContent-Length: 5\r\n\r\nx",
      } do
        local err = fails(create(response))
        assert.is_nil(tostring(err):find("Zebra7", 1, true))
      end
    end)

    it("works again after each of them", function()
      local client = new_client { base_url = server.base_url }
      for _, response in ipairs { "", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx", "garbage\r\n\r\n" } do
        server:respond(response)
        fails(client.credentials:create())
        server:respond("HTTP/1.1 200 OK\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body)
        assert.equal("cr_1", assert(client.credentials:create()).id)
      end
    end)

    it("carries nothing of one response into the next", function()
      local client = new_client { base_url = server.base_url }
      server:respond("HTTP/1.1 429 No\r\nRetry-After: 1\r\nNgrok-Operation-Id: op_1\r\n"
        .. "Content-Type: text/first\r\nContent-Length: 5\r\n\r\nfirst")
      assert.equal("op_1", fails(client.credentials:create()).operation_id)
      server:respond("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
      local err = fails(client.credentials:create())
      assert.is_nil(err.operation_id)
      assert.is_nil(err.retry_after)
      assert.is_nil(tostring(err):find("first", 1, true))
    end)

    it("waits as long as the longer of two Retry-After asks, by the response's clock", function()
      local client = new_client { base_url = server.base_url }
      server:respond("HTTP/1.1 503 No\r\nRetry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\nRetry-After: 5\r\n"
        .. "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n")
      assert.equal(60, fails(client.credentials:create()).retry_after)
    end)

    it("takes no body along when a GET follows a POST", function()
      local client = new_client()
      assert(client.credentials:create { description = "x" })
      assert.equal(404, fails(client.credentials:get("cr_1")).status)
      assert.equal(404, fails(client.credentials:delete("cr_1")).status)
      local requests = emu:requests()
      assert.truthy(requests[1].body)
      for index = 2, 3 do
        assert.is_true(requests[index].body == nil or requests[index].body == "")
        assert.is_nil(requests[index].headers["content-type"])
        assert.is_nil(requests[index].headers["content-length"])
      end
    end)

    it("sends a body longer than one packet", function()
      local metadata = ("0123456789abcdef"):rep(256)
      local credential = assert(new_client().credentials:create { metadata = metadata })
      assert.equal(metadata, credential.metadata)
      assert.is_nil(emu:requests()[1].headers.expect)
    end)
  end)

  describe("and its surroundings:", function()
    local program = ([[
      local ngrok = require "ngrok"
      local client = assert(ngrok.client {
        api_key = %q, base_url = os.getenv("BASE") or %q, max_retries = 0, rate_limit = false,
        %s
      })
      local credential, err = client.credentials:create { description = "from a child" }
      io.write(credential and "created" or tostring(err))
    ]])

    local function run(environment, options)
      return child.run(program:format(emu.api_key, emu.base_url, options or ""), environment)
    end

    local function write_netrc(text)
      local pipe = io.popen("mktemp -d", "r")
      local home = pipe:read("*l")
      pipe:close()
      local file = assert(io.open(home .. "/.netrc", "wb"))
      file:write(text)
      file:close()
      os.execute("chmod 600 " .. home .. "/.netrc")
      finally(function() os.execute("rm -rf " .. home) end)
      return home
    end

    it("sends the key whatever a .netrc says", function()
      local home = write_netrc("machine 127.0.0.1 login eve password mallory\n"
        .. "default login eve password mallory\n")
      local result = run { HOME = home }
      assert.equal("created", result.output)
      assert.equal("", result.errors)
      assert.equal("Bearer " .. emu.api_key, emu:requests()[1].headers.authorization)
    end)

    it("sends the key whatever a .curlrc says", function()
      local home = write_netrc("")
      local file = assert(io.open(home .. "/.curlrc", "wb"))
      file:write('user = "eve:mallory"\nproxy = "http://127.0.0.1:1"\n')
      file:close()
      assert.equal("created", run({ HOME = home, CURL_HOME = home }).output)
      assert.equal("Bearer " .. emu.api_key, emu:requests()[1].headers.authorization)
    end)

    for _, name in ipairs { "http_proxy", "all_proxy", "ALL_PROXY" } do
      it("does not use " .. name .. " for plain http on loopback", function()
        local result = run { [name] = "http://127.0.0.1:1" }
        assert.equal("created", result.output)
        assert.equal(1, #emu:requests())
      end)
    end

    -- On a loopback host libcurl takes no proxy in any case; another host is reached by proxy only.
    for _, name in ipairs { "http_proxy", "all_proxy", "ALL_PROXY" } do
      it("does not show the key to " .. name .. ", though allow_http lets plain http be", function()
        local result = run({ [name] = emu.base_url, BASE = "http://ngrok-api.invalid" }, "allow_http = true")
        assert.truthy(result.output:find("resolve, not_sent", 1, true), result.output)
        assert.same({}, emu:requests())
      end)
    end

    it("does use the proxy that is given where no_proxy names its host", function()
      for _, name in ipairs { "no_proxy", "NO_PROXY" } do
        for _, hosts in ipairs { "ngrok-api.invalid", "*", ".invalid" } do
          local result = run({ [name] = hosts, BASE = "http://ngrok-api.invalid" },
            ("allow_http = true, proxy = %q"):format(emu.base_url))
          assert.equal("created", result.output)
        end
      end
      assert.equal("ngrok-api.invalid", emu:requests()[6].headers.host)
    end)

    it("does use https_proxy for https", function()
      local result = run { https_proxy = "http://127.0.0.1:1", BASE = "https://ngrok-api.invalid" }
      assert.truthy(result.output:find("connect, not_sent", 1, true), result.output)
    end)

    it("works where HOME is not set or is nowhere", function()
      assert.equal("created", run({ HOME = "" }).output)
      assert.equal("created", run({ HOME = "/nowhere" }).output)
    end)
  end)
end)
