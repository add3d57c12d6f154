-- What `ngrok.client` takes, what it refuses, and what `require "ngrok"` leaves alone.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local secrets = require "spec.support.secrets"

local nan = 0 / 0
local key = "2TMGGsecretKEY_2TMGGsecondPART"

local function printable(text)
  local plain = text:gsub("[^\32-\126]", function(character)
    return ("\\%d"):format(character:byte())
  end)
  return #plain > 50 and plain:sub(1, 50) .. "..." or plain
end

-- A transport that notes its attempts and never answers them.
local function noting()
  local attempts = {}
  return function(attempt)
    attempts[#attempts + 1] = attempt
    return { status = 200, body = '{"id":"cr_1"}' }
  end, attempts
end

local function silent()
  return { status = 200, body = "{}" }
end

-- A client of these options, closed again; or nil and the error.
local function try(given)
  local client, err = ngrok.client(given)
  if client then
    client:close()
  end
  return client, err
end

local function assert_refused(word, client, err)
  assert.is_nil(client)
  assert.is_true(ngrok.is_error(err))
  assert.equal("invalid", err.kind)
  assert.equal("validate", err.phase)
  assert.equal("not_sent", err.outcome)
  assert.equal("ngrok.client", err.operation)
  assert.matches(word, err.message, 1, true)
  return err
end

local function assert_raises(words, given)
  local fine, message = pcall(ngrok.client, given)
  assert.is_false(fine)
  assert.is_string(message)
  for _, word in ipairs(words) do
    assert.matches(word, message, 1, true)
  end
  return message
end

local function output_of(code, environment)
  local result = child.run(code, environment)
  assert.equal("", result.errors)
  assert.equal(0, result.status)
  return result.output
end

describe("the API key", function()
  -- Says what `ngrok.client` makes of the environment.
  local program = [[
    local options = %s
    local sent
    options.transport = function(attempt)
      sent = attempt.headers.Authorization
      return { status = 200, body = '{"id":"cr_1"}' }
    end
    local client, err = require("ngrok").client(options)
    if client then
      client.credentials:get("cr_1")
      print(sent)
    else
      print(err.kind, err.message)
    end
  ]]

  local function said(options, environment)
    return output_of(program:format(options), environment)
  end

  it("is the environment's NGROK_API_KEY where none is given", function()
    assert.equal("Bearer env_KEY\n", said("{}", { NGROK_API_KEY = "env_KEY" }))
  end)

  it("is the one that is given, whatever the environment's is", function()
    assert.equal("Bearer given_KEY\n", said('{ api_key = "given_KEY" }', { NGROK_API_KEY = "env_KEY" }))
  end)

  it("is the one that is given, even where the environment's would be refused", function()
    assert.equal("Bearer given_KEY\n", said('{ api_key = "given_KEY" }', { NGROK_API_KEY = "a b" }))
  end)

  it("is not looked for in the environment where the one that is given is refused", function()
    assert.equal("invalid\tapi_key is empty\n", said('{ api_key = "" }', { NGROK_API_KEY = "env_KEY" }))
  end)

  it("that is missing is an error that names NGROK_API_KEY and api_key", function()
    local text = said "{}"
    assert.matches("^invalid\t", text)
    assert.matches("NGROK_API_KEY", text, 1, true)
    assert.matches("api_key", text, 1, true)
  end)

  it("that is missing in nginx is an error that names the directive as well", function()
    local text = output_of("ngx = {}\n" .. program:format "{}")
    assert.matches("env NGROK_API_KEY;", text, 1, true)
  end)

  it("that is missing elsewhere is an error that does not speak of nginx", function()
    assert.is_nil((said "{}"):find("nginx", 1, true))
  end)

  it("of the environment is refused where it is empty", function()
    assert.equal("invalid\tapi_key is empty\n", said("{}", { NGROK_API_KEY = "" }))
  end)

  it("of the environment with a space is refused, and is not in the message", function()
    local text = said("{}", { NGROK_API_KEY = "Bearer envSECRET" })
    assert.matches("^invalid\tapi_key", text)
    assert.is_nil(text:find("envSECRET", 1, true))
  end)

  it("is an emulator's own where that is the transport", function()
    local emu = emulator.new()
    local client = assert(ngrok.client { transport = emu })
    assert(client.credentials:create {})
    assert.equal("Bearer " .. emu.api_key, emu:requests()[1].headers.authorization)
    client:close()
  end)

  it("that is given goes to an emulator, too", function()
    local emu = emulator.new()
    local client = assert(ngrok.client { transport = emu, api_key = key })
    local cred, err = client.credentials:create {}
    assert.is_nil(cred)
    assert.equal(401, err.status)
    client:close()
  end)

  for name, bad in pairs {
    ["a newline at its end"] = key .. "\n",
    ["a carriage return"] = key .. "\r",
    ["a header of its own"] = key .. "\r\nX-Evil: yes",
    ["a NUL"] = key .. "\0",
    ["a tab"] = key .. "\t",
    ["a DEL"] = key .. "\127",
    ["an escape"] = "\27" .. key,
    ["a space in it"] = key .. " x",
    ["a space before it"] = " " .. key,
    ["a space after it"] = key .. " ",
    ["the word Bearer"] = "Bearer " .. key,
    ["a letter outside ASCII"] = key .. "\195\169",
    ["a no-break space"] = key .. "\194\160",
    ["a byte that is no UTF-8"] = key .. "\255",
  } do
    it("with " .. name .. " is refused, and is nowhere in the error", function()
      local err = assert_refused("api_key", try { api_key = bad, transport = silent })
      assert.is_nil(secrets.find(err, key))
      assert.is_nil(secrets.find(err, key:sub(1, 8)))
    end)
  end

  it("that is empty is refused", function()
    assert_refused("api_key is empty", try { api_key = "", transport = silent })
  end)

  it("of all that ASCII can print is accepted", function()
    local all = {}
    for code = 33, 126 do
      all[#all + 1] = string.char(code)
    end
    local transport, attempts = noting()
    local client = assert(ngrok.client { api_key = table.concat(all), transport = transport })
    assert(client.credentials:get("cr_1"))
    assert.equal("Bearer " .. table.concat(all), attempts[1].headers.Authorization)
    client:close()
  end)

  for _, wrong in ipairs { 1234567890, true, { key }, print } do
    it("that is a " .. type(wrong) .. " raises, and is not in the message", function()
      local message = assert_raises({ "'api_key'", "a string expected" }, { api_key = wrong })
      assert.is_nil(message:find("1234567890", 1, true))
      assert.is_nil(message:find(key, 1, true))
    end)
  end

  it("passed in place of the options raises, and is not in the message", function()
    local message = assert_raises({ "options must be a table, got string" }, key)
    assert.is_nil(message:find(key, 1, true))
  end)

  it("passed without a name raises, and is not in the message", function()
    local message = assert_raises({ "unknown name '1'" }, { key })
    assert.is_nil(message:find(key, 1, true))
  end)

  it("is in no field of the client, nor in its tostring", function()
    local client = assert(ngrok.client { api_key = key, base_url = "http://127.0.0.1:9" })
    local seen = {}
    local function search(value)
      if type(value) == "string" then
        assert.is_nil(value:find(key, 1, true))
      elseif type(value) == "table" and not seen[value] then
        seen[value] = true
        for name, item in pairs(value) do
          search(name)
          search(item)
        end
      end
    end
    search(client)
    search(tostring(client))
    client:close()
  end)
end)

describe("base_url", function()
  local function with(base_url, others)
    local given = { api_key = key, base_url = base_url, transport = silent }
    for name, value in pairs(others or {}) do
      given[name] = value
    end
    return try(given)
  end

  for given, written in pairs {
    ["https://api.ngrok.com"] = "https://api.ngrok.com",
    ["https://api.ngrok.com/"] = "https://api.ngrok.com",
    ["https://api.ngrok.com:443"] = "https://api.ngrok.com",
    ["HTTPS://API.ngrok.COM"] = "https://api.ngrok.com",
    ["https://proxy.example:8443/ngrok/"] = "https://proxy.example:8443/ngrok",
    ["https://proxy.example/Case/Kept"] = "https://proxy.example/Case/Kept",
    ["https://[2001:db8::1]:8443"] = "https://[2001:db8::1]:8443",
    ["http://localhost"] = "http://localhost",
    ["http://LOCALHOST:80"] = "http://localhost",
    ["http://127.0.0.1:8080"] = "http://127.0.0.1:8080",
    ["http://127.9.8.7"] = "http://127.9.8.7",
    ["http://[::1]:8080/x"] = "http://[::1]:8080/x",
  } do
    it("may be " .. given, function()
      assert.equal("ngrok.client: " .. written .. " (closed)", tostring(assert(with(given))))
    end)
  end

  it("is https://api.ngrok.com where none is given", function()
    assert.equal("ngrok.client: https://api.ngrok.com (closed)", tostring(assert(with(nil))))
  end)

  for _, host in ipairs {
    "api.ngrok.com", "localhost.example.com", "127.0.0.1.example.com", "example-localhost", "1270.0.0.1",
    "127.0.0", "127.1", "127.0.0.256", "127.0.0.1.1", "0127.0.0.1", "2130706433", "0.0.0.0", "10.0.0.1",
    "192.168.0.1", "128.0.0.1", "[::2]", "[::]", "[::ffff:127.0.0.1]", "localhost.", "ip6-localhost",
  } do
    it("may not be plain http to " .. host, function()
      assert_refused("http://", with("http://" .. host .. ":8080"))
    end)

    it("may be plain http to " .. host .. " with allow_http", function()
      assert(with("http://" .. host .. ":8080", { allow_http = true }))
    end)
  end

  it("that is plain http is refused with a message that names allow_http", function()
    assert_refused("allow_http", with("http://api.ngrok.com"))
  end)

  it("that is plain http is refused where allow_http is false, too", function()
    assert_refused("base_url", with("http://api.ngrok.com", { allow_http = false }))
  end)

  for _, bad in ipairs {
    "", " ", "api.ngrok.com", "//api.ngrok.com", "https", "https:", "https:/api.ngrok.com", "https://",
    "https:///credentials", "https://:443", "ftp://api.ngrok.com", "file:///etc/passwd", "httpss://api.ngrok.com",
    "https://api.ngrok.com?", "https://api.ngrok.com?x=1", "https://api.ngrok.com/?x=1",
    "https://api.ngrok.com#", "https://api.ngrok.com#x", "https://api.ngrok.com/x#y",
    "https://api.ngrok.com\n", "https://api.ngrok.com\r\nX-Evil: yes", "https://api.ngrok.com\0",
    "\thttps://api.ngrok.com", " https://api.ngrok.com", "https://api.ngrok.com ", "https://api ngrok.com",
    "https://api.ngrok.com/a b", "https://api.ngrok.com\\x", "https://\195\169.example", "https://example.com/\255",
    "https://api.ngrok.com\127", "https://api%2engrok.com", "https://api.ngrok.com:", "https://api.ngrok.com:0",
    "https://api.ngrok.com:65536", "https://api.ngrok.com:443x", "https://api.ngrok.com:-1",
    "https://api.ngrok.com:4294967739", "https://[::1", "https://[::1]x", "https://[]", "https://::1",
    "https://*.ngrok.com", "https://" .. ("a"):rep(256), "https://a/" .. ("b"):rep(1023),
  } do
    it(("may not be %s (%d bytes)"):format(printable(bad), #bad), function()
      assert_refused("base_url", with(bad, { allow_http = true }))
    end)
  end

  for _, user in ipairs { "user@", "user:hunter2@", ":hunter2@", "@", "127.0.0.1:80@" } do
    it("may not contain " .. user .. ", and the message does not repeat it", function()
      local err = assert_refused("user name or password", with("https://" .. user .. "api.ngrok.com"))
      assert.is_nil(secrets.find(err, "hunter2"))
    end)
  end

  it("may not hide another host behind a loopback one", function()
    assert_refused("base_url", with("http://127.0.0.1:80@evil.example"))
    assert_refused("base_url", with("http://localhost\\@evil.example"))
  end)

  it("with a path keeps it before every operation's own", function()
    local transport, attempts = noting()
    local client = assert(ngrok.client {
      api_key = key, base_url = "https://proxy.example/a/b", transport = transport,
    })
    client.credentials:create {}
    client.credentials:get("cr_1")
    client.credentials:list():next()
    assert.equal("https://proxy.example/a/b/credentials", attempts[1].url)
    assert.equal("https://proxy.example/a/b/credentials/cr_1", attempts[2].url)
    assert.equal("https://proxy.example/a/b/credentials", attempts[3].url)
    client:close()
  end)

  it("with a path that ends in slashes has one slash before the operation's own", function()
    local transport, attempts = noting()
    local client = assert(ngrok.client { api_key = key, base_url = "https://proxy.example/a//", transport = transport })
    client.credentials:get("cr_1")
    assert.equal("https://proxy.example/a/credentials/cr_1", attempts[1].url)
    client:close()
  end)

  it("with a path keeps it on the wire", function()
    local emu <close> = nil -- luacheck: ignore
  end)
end)
