local configuration = require "ngrok.emulator.configuration"
local emulator = require "ngrok.emulator"
local driver = require "spec.emulator.driver"

local quote, run, exists, curl, curl_command =
  driver.quote, driver.run, driver.exists, driver.curl, driver.curl_command

describe("an emulator with TLS", function()
  local emu

  local function start(tls, http2)
    emu = assert(emulator.start { tls = tls, http2 = http2 })
    return emu
  end

  after_each(function()
    if emu then
      emu:stop()
      emu = nil
    end
  end)

  -- What curl says, with its exit status in the end.
  local function complaint(more)
    local command = curl_command(emu) .. " -sS -m 10 " .. (more or "") .. " " .. quote(emu.base_url)
    return run(command .. " 2>&1 >/dev/null; echo \" $?\"")
  end

  describe("has a certificate", function()
    it("that is good for 127.0.0.1 and for localhost, and is trusted with its ca_file only", function()
      start(true)
      assert.matches("^https://127%.0%.0%.1:%d+$", emu.base_url)
      assert.equal(200, (curl(emu, "GET", "/credentials")))
      local client = { api_key = emu.api_key, ca_file = emu.ca_file }
      client.base_url = emu.base_url:gsub("127%.0%.0%.1", "localhost")
      assert.equal(200, (curl(client, "GET", "/credentials")))
      client.ca_file = nil
      assert.equal(60, (select(3, curl(client, "GET", "/credentials"))))
    end)

    it("whose key is for its owner alone, and whose authority can sign no other", function()
      start(true)
      assert.equal("-rw-------\n", run("ls -l " .. quote(emu.directory .. "/server.key") .. " | cut -c 1-10"))
      local keys = run("cd " .. quote(emu.directory) .. " && grep -l -r 'PRIVATE KEY' .")
      assert.equal("./server.key\n", keys)
    end)

    it("of another authority than the next emulator's, with another number: NSS wants that", function()
      local function number(of)
        return run("openssl x509 -noout -serial -in " .. quote(of.directory .. "/server.pem"))
      end
      local other = assert(emulator.start { tls = true })
      finally(function() other:stop() end)
      start(true)
      assert.matches("^serial=%x+\n$", number(emu))
      assert.not_equal(number(other), number(emu))
      emu.ca_file = other.ca_file
      assert.matches(" 60\n$", complaint())
    end)

    for kind, problem in pairs {
      expired = "certificate has expired",
      wrong_host = "subject name matches target host name '127.0.0.1'",
      untrusted = "unable to get local issuer certificate",
    } do
      it("that is wrong as was asked for: " .. kind, function()
        start { certificate = kind }
        local said = complaint()
        assert.matches(problem, said, 1, true)
        assert.matches(" 60\n$", said)
      end)
    end
  end)

  it("speaks the versions that it is asked for, and no other", function()
    start { protocols = "TLSv1.1" }
    assert.truthy(complaint():find(" 35\n$"))
    assert.equal(" 0\n", complaint("--tls-max 1.1 --ciphers ALL:@SECLEVEL=0"))
    emu:stop()
    start { protocols = "TLSv1.2" }
    assert.equal(200, (curl(emu, "GET", "/credentials")))
    assert.equal("TLSv1.2", emu:requests()[1].tls)
  end)

  it("hangs up in the handshake when it is asked to", function()
    start { handshake = "close" }
    local said = complaint()
    assert.truthy(said:find("SSL_ERROR_SYSCALL", 1, true) or said:find("unexpected eof", 1, true), said)
    assert.truthy(said:find(" 35\n$"), said)
    assert.same({}, emu:requests())
  end)

  it("speaks HTTP/2 where it is asked to, with clients that want it", function()
    for _, http2 in ipairs { true, false } do
      start(true, http2)
      curl(emu, "GET", "/credentials", nil, { "--http2" })
      curl(emu, "GET", "/credentials", nil, { "--http1.1" })
      local requests = emu:requests()
      assert.equal(http2 and "HTTP/2" or "HTTP/1.1", requests[1].protocol)
      assert.equal("HTTP/1.1", requests[2].protocol)
      emu:stop()
    end
  end)

  -- An nginx that tells its version and what it was built with, and can do no more.
  local function fake_nginx(version, built_with)
    return driver.script(([[
      echo 'nginx version: %s'
      echo 'configure arguments: --add-module=../ngx_lua-0.10 %s'
    ]]):format(version, built_with), finally)
  end

  it("tells an nginx that has a directive for HTTP/2 from older ones", function()
    for version, has_directive in pairs {
      ["nginx/1.22.1"] = false, ["nginx/1.25.0"] = false, ["nginx/1.9.5"] = false, ["nginx/1.25.1"] = true,
      ["openresty/1.27.1.2"] = true, ["nginx/2.0.0"] = true,
    } do
      local nginx = assert(configuration.find(fake_nginx(version, "")))
      assert.equal(has_directive, nginx.has_http2_directive, version)
    end
  end)

  describe("says what is missing where", function()
    local function refused(options, word)
      local none, message = emulator.start(options)
      assert.is_nil(none)
      assert.truthy(message:find(word, 1, true), message)
    end

    it("there is no openssl", function()
      refused({ tls = true, openssl = "/nowhere/openssl" }, "openssl (Debian's")
    end)

    it("openssl makes no certificate, and leaves nothing behind", function()
      local told = os.tmpname()
      finally(function() os.remove(told) end)
      local openssl = driver.script("pwd >" .. quote(told) .. "; echo no curves >&2; exit 1", finally)
      refused({ tls = true, openssl = openssl }, "openssl did not make a certificate: no curves")
      local directory = run("cat " .. quote(told)):match("^(.*)\n$")
      assert.truthy(directory:find("ngrok-emulator.", 1, true))
      assert.is_false(exists(directory))
    end)

    it("nginx was built without it", function()
      refused({ tls = true, nginx = fake_nginx("nginx/1.22.1", "") }, "built without TLS")
    end)

    it("nginx was built without HTTP/2", function()
      local nginx = fake_nginx("nginx/1.22.1", "--with-http_ssl_module")
      refused({ tls = true, http2 = true, nginx = nginx }, "built without HTTP/2")
    end)
  end)
end)
