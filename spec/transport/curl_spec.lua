local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local raw_server = require "spec.support.raw_server"

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

  describe("and proxies:", function()
    it("uses the one that is given for loopback hosts too", function()
      local client = new_client { proxy = "http://127.0.0.1:1" }
      local err = fails(client.credentials:create())
      assert.same({ "transport", "connect", "not_sent" }, { err.kind, err.phase, err.outcome })
      assert.equal(0, #emu:requests())
    end)

    it("sends through it what it is to send on", function()
      local client = new_client {
        base_url = "http://ngrok-api.invalid/path", allow_http = true, proxy = emu.base_url,
      }
      emu:misbehave { kind = "body", body = '{"id":"cr_through"}' }
      assert.equal("cr_through", assert(client.credentials:get("cr_through")).id)
      assert.equal("ngrok-api.invalid", emu:requests()[1].headers.host)
    end)
  end)

  it("has not been sent when the time is up during the handshake", function()
    local server = raw_server.start()
    finally(function() server:stop() end)
    server:pause(true)
    local client = new_client { base_url = (server.base_url:gsub("^http:", "https:")), timeout = 0.2 }
    local err = fails(client.credentials:create())
    assert.same({ "timeout", "tls", "not_sent" }, { err.kind, err.phase, err.outcome })
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
    local zipped = raw_server.gzip(body)

    for name, response in pairs {
      ["without a length, up to its end"] = "HTTP/1.1 200 OK\r\n\r\n" .. body,
      ["of HTTP/1.0"] = "HTTP/1.0 200 OK\r\n\r\n" .. body,
      ["in chunks"] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n" .. body:sub(1, 5)
        .. "\r\n8\r\n" .. body:sub(6) .. "\r\n0\r\n\r\n",
      ["up to its Content-Length"] = "HTTP/1.1 200 OK\r\nContent-Length: " .. #body .. "\r\n\r\n" .. body
        .. "garbage",
      ["that is compressed"] = ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s")
        :format(#zipped, zipped),
    } do
      it("reads one " .. name, function()
        assert.equal("cr_1", assert(create(response)).id)
      end)
    end

    it("asks for compressed ones, and reads a long list", function()
      emu:seed(100, { metadata = ("abcdefghij"):rep(400) })
      local items = assert(new_client().credentials:list():all())
      assert.equal("gzip", emu:requests()[1].headers["accept-encoding"])
      assert.equal(100, #items)
      for _, credential in ipairs(items) do
        assert.equal(("abcdefghij"):rep(400), credential.metadata)
      end
    end)

    it("reads one after a 100 Continue and a 103, whose headers do not count", function()
      local err = fails(create("HTTP/1.1 100 Continue\r\nngrok-operation-id: op_early\r\n\r\n"
        .. "HTTP/1.1 103 Early Hints\r\nretry-after: 9\r\n\r\n"
        .. "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"))
      assert.equal(404, err.status)
      assert.is_nil(err.operation_id)
      assert.is_nil(err.retry_after)
    end)

    it("takes header names in any spelling", function()
      local err = fails(create("HTTP/1.1 429 No\r\nRETRY-AFTER:7\r\nNgrok-OPERATION-Id: \t op_x \r\n"
        .. "Content-Length: 0\r\n\r\n"))
      assert.equal(7, err.retry_after)
      assert.equal("op_x", err.operation_id)
    end)

    it("reports one that is longer than max_response_bytes, and has sent its request once", function()
      local count = #server:requests()
      for _, length in ipairs { "", "Content-Length: 1001\r\n" } do
        local err = fails(create("HTTP/1.1 200 OK\r\n" .. length .. "\r\n" .. ("x"):rep(1001),
          { max_response_bytes = 1000 }))
        assert.same({ "transport", "receive", "unknown", "the response exceeds max_response_bytes (1000)" },
          { err.kind, err.phase, err.outcome, err.message })
      end
      assert.equal(count + 2, #server:requests())
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
      local err = fails(create("HTTP/1.1 503 No\r\nRetry-After: Sun, 06 Nov 1994 08:50:37 GMT\r\n"
        .. "Retry-After: 5\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 0\r\n\r\n"))
      assert.equal(60, err.retry_after)
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
