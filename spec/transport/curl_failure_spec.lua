-- Whom the curl transport refuses to talk to, whom it cannot reach, and what it says of them.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local raw_server = require "spec.support.raw_server"
local shell = require "ngrok.emulator.shell"
local wires = require "spec.support.wires"

local key, password = "FIRSTPART_SECONDPART", "Zebra7Quagga"

local function authority_of(base_url)
  return base_url:match("^%w+://([^/]+)")
end

describe("the curl transport", function()
  local emu

  local function start(tls, http2)
    emu = assert(emulator.start { tls = tls, http2 = http2, api_key = key })
    return emu
  end

  after_each(function()
    if emu then
      emu:stop()
      emu = nil
    end
  end)

  -- Every failure here is of a request that no server has seen, and shows no secret.
  local function failure(options, kind, phase)
    options.api_key, options.max_retries, options.rate_limit = key, 0, false
    local client = assert(ngrok.client(options))
    local value, err = client.credentials:create { description = "Okapi9Body" }
    client:close()
    assert.is_nil(value)
    assert.equal(kind, err.kind)
    assert.equal(phase, err.phase)
    assert.equal("not_sent", err.outcome)
    assert.equal("credentials.create", err.operation)
    assert.equal(1, err.attempts)
    assert.same({}, { err.status, err.code })
    for _, secret in ipairs { key, password, "Okapi9Body" } do
      assert.is_nil(tostring(err):find(secret, 1, true))
    end
    return err.message
  end

  local function says(message, ...)
    for _, words in ipairs { ... } do
      assert.truthy(message:find(words, 1, true), ("%q is not in %q"):format(words, message))
    end
  end

  local function write(text)
    local path = os.tmpname()
    local file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
    finally(function() os.remove(path) end)
    return path
  end

  describe("trusts no server", function()
    for _, http2 in ipairs { false, true } do
      local by = http2 and " by HTTP/2" or ""

      local function refused(certificate)
        start({ certificate = certificate }, http2)
        local message = failure(wires.client_options(emu), "transport", "tls")
        assert.same({}, emu:requests())
        says(message, authority_of(emu.base_url))
        return message
      end

      it("whose certificate is for another host" .. by, function()
        local message = refused "wrong_host"
        says(message, "is for another host")
        assert.is_nil(message:find("ca_file", 1, true))
      end)

      it("whose certificate has expired" .. by, function()
        says(refused "expired", "is not trusted", "ca_file in use: " .. emu.ca_file)
      end)

      it("whose certificate is of an authority that ca_file does not have" .. by, function()
        says(refused "untrusted", "is not trusted", "ca_file in use: " .. emu.ca_file)
      end)
    end

    it("of another authority without a ca_file", function()
      start(true)
      says(failure({ base_url = emu.base_url }, "transport", "tls"), "is not trusted", "ca_file in use: /")
    end)

    it("that speaks nothing newer than TLS 1.1", function()
      start { protocols = "TLSv1.1" }
      local message = failure(wires.client_options(emu), "transport", "tls")
      says(message, authority_of(emu.base_url), "TLS 1.2")
    end)

    it("that speaks plain HTTP where https was asked for", function()
      start()
      local base_url = emu.base_url:gsub("^http:", "https:")
      says(failure({ base_url = base_url }, "transport", "tls"), authority_of(base_url), "plain HTTP")
      assert.same({}, emu:requests())
    end)

    it("that hangs up during the handshake", function()
      start { handshake = "close" }
      local message = failure(wires.client_options(emu), "transport", "tls")
      says(message, "the TLS handshake with " .. authority_of(emu.base_url) .. " failed")
    end)

    it("and says so for each of many requests that waited for the same handshake", function()
      start({ certificate = "expired" }, true)
      local client = assert(ngrok.client(wires.client_options(emu)))
      local requests = {}
      for index = 1, 10 do
        requests[index] = client.credentials:create({}, { wait = false })
      end
      for _, request in ipairs(requests) do
        local _, err = request:result()
        assert.equal("tls", err.phase)
        assert.equal("not_sent", err.outcome)
        says(err.message, "is not trusted")
      end
      client:close()
    end)

    it("any more than before after a good one", function()
      start(true)
      local client = assert(ngrok.client(wires.client_options(emu)))
      assert(client.credentials:create())
      client:close()
      local stranger = assert(emulator.start { tls = true })
      finally(function() stranger:stop() end)
      local options = { base_url = stranger.base_url, ca_file = emu.ca_file }
      says(failure(options, "transport", "tls"), "is not trusted")
    end)
  end)

  describe("wants a ca_file", function()
    local function invalid(path)
      local client, err = ngrok.client { api_key = key, ca_file = path }
      assert.is_nil(client)
      assert.equal("invalid", err.kind)
      assert.equal("validate", err.phase)
      assert.equal("not_sent", err.outcome)
      says(err.message, "ca_file", path)
      return err.message
    end

    it("that exists", function()
      says(invalid "/nowhere/at/all.pem", "No such file")
      says(invalid "/dev/null/ca.pem", "Not a directory")
    end)

    it("that it may read", function()
      local path = write "-----BEGIN CERTIFICATE-----\n"
      os.execute("chmod 000 " .. path)
      local code = ([[
        local ngrok = require "ngrok"
        local client, err = ngrok.client { api_key = "a_b", ca_file = %q }
        io.write(client and "made" or err.kind .. ": " .. err.message)
      ]]):format(path)
      -- Root reads everything, unless it gives that up.
      local without_privileges = { "setpriv", "--bounding-set=-all", "--inh-caps=-all" }
      local _, user = shell.run "id -u"
      local result = child.run(code, nil, user == "0" and without_privileges or nil)
      assert.equal("", result.errors)
      assert.equal("invalid: cannot read ca_file " .. path .. ": Permission denied", result.output)
    end)

    it("that has certificates in it", function()
      local private_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
      for _, text in ipairs { "", "hello\n", private_key } do
        says(invalid(write(text)), "has no certificate in PEM form")
      end
      says(invalid "/", "has no certificate in PEM form")
    end)

    it("whose certificates can be read", function()
      start(true)
      local path = write "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
      local message = failure({ base_url = emu.base_url, ca_file = path }, "transport", "tls")
      says(message, "cannot read a certificate from ca_file " .. path)
      assert.same({}, emu:requests())
    end)

    it("with whatever else besides", function()
      start(true)
      local file = assert(io.open(emu.ca_file, "rb"))
      local path = write(("# a remark\n"):rep(1000) .. ("x"):rep(1000) .. "\n" .. file:read "*a")
      file:close()
      local client = assert(ngrok.client {
        api_key = key, base_url = emu.base_url, ca_file = path, max_retries = 0, rate_limit = false,
      })
      assert(client.credentials:create())
      client:close()
    end)
  end)

  describe("names the host and the port when it", function()
    it("is refused the connection", function()
      says(failure({ base_url = "https://127.0.0.1:1" }, "transport", "connect"),
        "could not connect to 127.0.0.1:1: Connection refused")
      says(failure({ base_url = "http://[::1]:1/path" }, "transport", "connect"),
        "could not connect to [::1]:1: ")
    end)

    it("cannot resolve the name", function()
      says(failure({ base_url = "https://ngrok-api.invalid/v1" }, "transport", "resolve"),
        "could not resolve the name of ngrok-api.invalid:443")
      says(failure({ base_url = "http://ngrok-api.invalid", allow_http = true }, "transport", "resolve"),
        "could not resolve the name of ngrok-api.invalid:80")
    end)

    it("has waited for connect_timeout", function()
      local server = raw_server.start()
      finally(function() server:stop() end)
      server:pause(true)
      local base_url = server.base_url:gsub("^http:", "https:")
      says(failure({ base_url = base_url, connect_timeout = 0.2 }, "timeout", "tls"),
        "no TLS handshake with " .. authority_of(base_url) .. " within connect_timeout (0.2 s)")
    end)
  end)

  describe("tells the proxy from the server when the proxy", function()
    local base_url = "https://ngrok-api.invalid"

    local function proxy(authority, scheme)
      return ("%s://us:%s@%s"):format(scheme or "http", password, authority)
    end

    it("cannot be reached", function()
      for _, scheme in ipairs { "http", "https", "socks5h" } do
        says(failure({ base_url = base_url, proxy = proxy("127.0.0.1:1", scheme) }, "transport", "connect"),
          "could not connect to the proxy 127.0.0.1:1: Connection refused")
      end
    end)

    it("cannot be resolved", function()
      says(failure({ base_url = base_url, proxy = proxy "ngrok-proxy.invalid:3128" }, "transport", "resolve"),
        "could not resolve the name of the proxy ngrok-proxy.invalid:3128")
    end)

    it("refuses", function()
      start()
      local authority = authority_of(emu.base_url)
      assert.equal("the proxy " .. authority .. " refused to connect to ngrok-api.invalid:443: HTTP 400",
        failure({ base_url = base_url, proxy = proxy(authority) }, "transport", "connect"))
      assert.same({}, emu:requests())
    end)

    it("refuses by SOCKS", function()
      start()
      local authority = authority_of(emu.base_url)
      says(failure({ base_url = base_url, proxy = proxy(authority, "socks5h") }, "transport", "connect"),
        "the proxy " .. authority .. " refused to connect to ngrok-api.invalid:443: ")
    end)

    it("does not respond", function()
      local server = raw_server.start()
      finally(function() server:stop() end)
      server:pause(true)
      local authority = authority_of(server.base_url)
      local options = { base_url = base_url, proxy = proxy(authority), connect_timeout = 0.2 }
      says(failure(options, "timeout", "connect"),
        "no connection to the proxy " .. authority .. " within connect_timeout (0.2 s)")
    end)

    it("is not trusted, and trusts it with the ca_file", function()
      start(true)
      local authority = authority_of(emu.base_url)
      local options = { base_url = base_url, proxy = proxy(authority, "https") }
      says(failure(options, "transport", "tls"),
        "the certificate of the proxy " .. authority .. " is not trusted")
      options.ca_file = emu.ca_file
      says(failure(options, "transport", "connect"), "the proxy " .. authority .. " refused")
    end)

    describe("responses", function()
      local server

      setup(function() server = raw_server.start() end)
      teardown(function() server:stop() end)

      it("that it wants a user and a password, or another one", function()
        server:respond("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
        local authority = authority_of(server.base_url)
        says(failure({ base_url = base_url, proxy = server.base_url }, "transport", "connect"),
          "the proxy " .. authority, "HTTP 407 (it requires a user and a password: give them in proxy)")
        says(failure({ base_url = base_url, proxy = proxy(authority) }, "transport", "connect"),
          "the proxy " .. authority, "HTTP 407 (it rejected the user and the password in proxy)")
      end)

      it("so where the server is asked over plain http, without a tunnel", function()
        server:respond("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n")
        local authority = authority_of(server.base_url)
        local options = { base_url = "http://ngrok-api.invalid", allow_http = true }
        options.proxy = server.base_url
        says(failure(options, "transport", "connect"), "the proxy " .. authority
          .. " refused to connect to ngrok-api.invalid:80: HTTP 407 (it requires a user and a password")
        options.proxy = proxy(authority)
        says(failure(options, "transport", "connect"), "(it rejected the user and the password in proxy)")
      end)

      for name, case in pairs {
        ["no, and a body"] = {
          "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nContent-Length: 9000000000\r\n\r\n", "x",
          " refused to connect to ngrok-api.invalid:443: HTTP 407",
        },
        ["no, and a body in chunks"] = {
          "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=x\r\nTransfer-Encoding: chunked\r\n\r\n",
          "1\r\nx\r\n", " refused to connect to ngrok-api.invalid:443: HTTP 407",
        },
        ["well, and headers"] = { "HTTP/1.1 200 OK\r\n", "X: y\r\n", "exceeds 16384 bytes" },
        ["by lines that are no headers"] = { "", "y\r\n", "exceeds 16384 bytes" },
      } do
        it(name .. " without an end", function()
          local script = "say(%q) local piece = (%q):rep(10000) repeat until not say(piece)"
          server:play(script:format(case[1], case[2]))
          says(failure({ base_url = base_url, proxy = server.base_url }, "transport", "connect"),
            "the proxy " .. authority_of(server.base_url), case[3])
        end)
      end

      it("well, and the server behind it speaks no TLS", function()
        server:respond("HTTP/1.1 200 OK\r\n\r\nSSH-2.0-what is this, then?\r\n")
        says(failure({ base_url = base_url, proxy = server.base_url }, "transport", "tls"),
          "the TLS handshake with ngrok-api.invalid:443 failed")
      end)
    end)

    describe("is one of the environment, and", function()
      local code = [[
        local ngrok = require "ngrok"
        local client = assert(ngrok.client { api_key = "a_b", base_url = "https://ngrok-api.invalid" })
        local _, err = client.credentials:create()
        io.write(err.phase, ": ", err.message)
      ]]

      local function told(name)
        local result = child.run(code, { https_proxy = name })
        assert.equal("", result.errors)
        assert.is_nil(result.output:find(password, 1, true))
        return result.output
      end

      it("cannot be reached", function()
        says(told(proxy "127.0.0.1:1"), "connect: could not connect to the proxy set in the environment: ",
          "127.0.0.1 port 1")
      end)

      it("cannot be resolved", function()
        says(told(proxy "ngrok-proxy.invalid:3128"),
          "resolve: could not resolve the proxy set in the environment: ", "ngrok-proxy.invalid")
      end)

      it("is written badly", function()
        for _, text in ipairs { proxy "host:99999", "us:" .. password .. "@host:99999" } do
          says(told(text), "resolve: could not resolve the proxy set in the environment: ")
        end
      end)

      it("refuses", function()
        start()
        says(told(proxy(authority_of(emu.base_url))),
          "connect: the proxy set in the environment refused to connect to ngrok-api.invalid:443: HTTP 400")
      end)

      it("is not blamed for a host that it is not used for", function()
        local result = child.run(code, { https_proxy = "http://127.0.0.1:1", no_proxy = "ngrok-api.invalid" })
        assert.equal("resolve: could not resolve the name of ngrok-api.invalid:443", result.output)
      end)
    end)
  end)
end)
