-- What `ngrok.client` takes, what it refuses, and what `require "ngrok"` leaves alone.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local proxy = require "ngrok.proxy"
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

-- A transport that notes its attempts, and the notes.
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

local adapter = { wait = print, watch = print, spawn = print }

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

  it("with a line end is refused with a message that names such a thing", function()
    assert_refused("control character (a line end", try { api_key = key .. "\n", transport = silent })
  end)

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

  -- A key that is not known by its look: only the client, or who makes one, knows it.
  it("in a name's place raises, and is not in the message", function()
    local plain = "KOBOLD7_canary9key"
    local client = assert(ngrok.client { api_key = plain, transport = silent })
    local credential = require("ngrok.core").resource("credential", { id = "cr_1" }, proxy.target(client))
    local with = { [plain] = 1 }
    for place, call in pairs {
      ["an option"] = function() ngrok.client { api_key = plain, transport = silent, [plain] = 1 } end,
      ["an option of the rate limit"] = function() ngrok.client { api_key = plain, rate_limit = with } end,
      ["a call's option"] = function() client.credentials:get("cr_1", with) end,
      ["a list's parameter"] = function() client.credentials:list(with) end,
      ["a list's option"] = function() client.credentials:list({}, with) end,
      ["an attribute"] = function() client.credentials:create(with) end,
      ["a credential's field"] = function() credential[plain] = 1 end,
      ["a client's field"] = function() client[plain] = 1 end,
    } do
      local fine, message = pcall(call)
      assert.is_false(fine, place)
      assert.matches("[redacted]", message, 1, true)
      assert.is_nil(message:find("canary9", 1, true), place)
    end
    client:close()
  end)

  it("of an emulator or the environment in a name's place raises, and is not in the message", function()
    local result = child.run([[
      local ngrok, emulator = require "ngrok", require "ngrok.emulator"
      print(pcall(ngrok.client, { KOBOLD7_canary9key = 1 }))
      local transport = emulator.new { api_key = "GOBLIN8_canary9key" }
      print(pcall(ngrok.client, { transport = transport, GOBLIN8_canary9key = 1 }))
    ]], { NGROK_API_KEY = "KOBOLD7_canary9key" })
    assert.is_nil(result.output:find("canary9", 1, true), result.output)
    local _, count = result.output:gsub("unknown name '%[redacted%]'", "")
    assert.equal(2, count, result.output .. result.errors)
  end)

  it("that is wiped by close takes no message about another mistake along", function()
    local client = assert(ngrok.client { api_key = key, transport = silent })
    client:close()
    local fine, message = pcall(client.credentials.create, client.credentials, { colour = 1 })
    assert.is_false(fine)
    assert.truthy(message:find("unknown attribute 'colour'", 1, true))
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
    "https:///credentials", "https://:443", "ftp://api.ngrok.com", "file:///etc/passwd",
    "httpss://api.ngrok.com",
    "https://api.ngrok.com?", "https://api.ngrok.com?x=1", "https://api.ngrok.com/?x=1",
    "https://api.ngrok.com#", "https://api.ngrok.com#x", "https://api.ngrok.com/x#y",
    "https://api.ngrok.com\n", "https://api.ngrok.com\r\nX-Evil: yes", "https://api.ngrok.com\0",
    "\thttps://api.ngrok.com", " https://api.ngrok.com", "https://api.ngrok.com ", "https://api ngrok.com",
    "https://api.ngrok.com/a b", "https://api.ngrok.com\\x", "https://\195\169.example",
    "https://example.com/\255", "https://api.ngrok.com\127", "https://api%2engrok.com",
    "https://api.ngrok.com:", "https://api.ngrok.com:0",
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

  for _, path in ipairs { "/credentials", "/credentials/", "/credentials//", "/a/b/credentials" } do
    it(("may not end in the operations' own path: %s"):format(path), function()
      local err = assert_refused("base_url", with("https://api.ngrok.com" .. path))
      assert.matches("must not end in /credentials", err.message, 1, true)
    end)
  end

  for _, url in ipairs {
    "https://credentials", "https://credentials.example", "https://a/mycredentials",
    "https://a/credentials/b", "https://a/credentials2", "https://a/Credentials",
  } do
    it("may be " .. url .. ", which only looks like the operations' own path", function()
      assert(with(url))
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
    local client = assert(ngrok.client {
      api_key = key, base_url = "https://proxy.example/a//", transport = transport,
    })
    client.credentials:get("cr_1")
    assert.equal("https://proxy.example/a/credentials/cr_1", attempts[1].url)
    client:close()
  end)

  it("with a path keeps it on the wire", function()
    local emu = assert(emulator.start())
    local client = assert(ngrok.client { api_key = emu.api_key, base_url = emu.base_url .. "/a/b/" })
    local cred, err = client.credentials:get("cr_1")
    client:close()
    local requests = emu:requests()
    emu:stop()
    assert.is_nil(cred)
    assert.equal(404, err.status)
    assert.equal(1, #requests)
    assert.matches("^GET /a/b/credentials/cr_1 HTTP/1.1\r\n", requests[1].raw)
  end)
end)

describe("the client's options", function()
  local function with(name, value, others)
    local given = { api_key = key, base_url = "http://127.0.0.1:9", [name] = value }
    for other, other_value in pairs(others or {}) do
      given[other] = other_value
    end
    return given
  end

  -- Every option: what it may be, and what raises.
  local values = {
    { "api_key", { "a" }, { 1, true, {}, print } },
    { "base_url", { "http://127.0.0.1:9" }, { 1, true, {}, print } },
    { "timeout", { 1, 0.001, 1e9, math.huge }, { 0, -1, nan, -math.huge, "30", true, {} } },
    { "connect_timeout", { 1, 0.001 }, { 0, -1, nan, "10", true, {} } },
    { "max_wait", { 0, 1, math.huge }, { -1, nan, "90", true, {} } },
    { "max_retries", { 0, 1, 3, 100 }, { -1, 0.5, 101, nan, math.huge, "0", true, {} } },
    {
      "rate_limit", { false, {}, { requests = 120, window = 60 }, { requests = 1 }, { window = 0.5 } },
      { true, 120, "false", print },
    },
    { "max_in_flight", { 1, 16, 1000 }, { 0, -1, 1.5, nan, math.huge, "16", true } },
    { "max_response_bytes", { 1, 2 ^ 24 }, { 0, -1, 1.5, nan, math.huge, "16", true } },
    { "user_agent", { "x/1" }, { 1, true, {}, print } },
    { "ca_file", {}, { 1, true, {}, print } },
    { "proxy", { "http://127.0.0.1:3128" }, { 1, true, {}, print } },
    { "allow_http", { true, false }, { 1, "yes", {}, print } },
    { "transport", { "auto", "curl", print }, { "wget", "", 1, true, {}, setmetatable({}, {}) } },
    {
      "loop", { "auto", "block", "tick", adapter },
      { "select", "", 1, true, {}, { wait = print, watch = print } },
    },
    { "on_error", { print }, { 1, "print", true, {} } },
    { "on_event", { print }, { 1, "print", true, {} } },
  }

  local function name_of(value)
    local kind = type(value)
    if kind == "number" or kind == "boolean" then
      return tostring(value)
    end
    return kind == "string" and ('"%s"'):format(value) or "a " .. kind
  end

  for _, entry in ipairs(values) do
    local name, right, wrong = entry[1], entry[2], entry[3]

    for _, value in ipairs(right) do
      it(("%s may be %s"):format(name, name_of(value)), function()
        assert(try(with(name, value)))
      end)
    end

    for position, value in ipairs(wrong) do
      it(("%s, being %s (%d), raises and is named"):format(name, name_of(value), position), function()
        assert_raises({ "'" .. name .. "'", "the client's options", "expected, got" }, with(name, value))
      end)
    end
  end

  it("name the bound that a number has passed", function()
    for _, name in ipairs { "max_in_flight", "max_response_bytes" } do
      assert_raises({ "'" .. name .. "'", "from 1 to 2147483648" }, with(name, 2 ^ 40))
    end
  end)

  for _, name in ipairs { "apikey", "API_KEY", "token", "retries", "baseUrl", "validate", "wait", "" } do
    it("raise for the unknown name '" .. name .. "' and say which there are", function()
      assert_raises({ "'" .. name .. "'", "api_key", "base_url", "timeout" }, with(name, true))
    end)
  end

  for _, name in ipairs { 1, true, print } do
    it("raise for a name that is a " .. type(name), function()
      assert_raises({ "unknown name" }, with(name, "x"))
    end)
  end

  for _, given in ipairs { 1, true, "x", print, io.stdout } do
    it("raise where they are a " .. type(given), function()
      assert_raises({ "the client's options must be a table, got " .. type(given) }, given)
    end)
  end

  for _, case in ipairs {
    { "requests", { 0, -1, 1.5, nan, math.huge, 1e6 + 1, "120", true } },
    { "window", { 0, -1, nan, math.huge, 86401, "60", true } },
  } do
    for _, value in ipairs(case[2]) do
      it(("rate_limit.%s, being %s, raises and is named"):format(case[1], name_of(value)), function()
        assert_raises({ "'" .. case[1] .. "'", "rate_limit" }, with("rate_limit", { [case[1]] = value }))
      end)
    end
  end

  it("rate_limit raises for an unknown name in it", function()
    assert_raises({ "'per'", "rate_limit" }, with("rate_limit", { per = 60 }))
  end)

  it("raise with the line of the call", function()
    for _, call in ipairs {
      function() ngrok.client(1) end,
      function() ngrok.client { nonsense = 1 } end,
      function() ngrok.client { timeout = "30" } end,
      function() ngrok.client { transport = silent, ca_file = "x" } end,
    } do
      local fine, message = pcall(call)
      assert.is_false(fine)
      local line = debug.getinfo(call, "S").linedefined
      assert.matches(("options_spec.lua:%d:"):format(line), message, 1, true)
    end
  end)

  it("are left as they were", function()
    local given = { api_key = key, transport = silent, timeout = 5 }
    assert(try(given))
    assert.same({ api_key = key, transport = silent, timeout = 5 }, given)
  end)

  it("changed afterwards change nothing", function()
    local transport, attempts = noting()
    local given = { api_key = key, transport = transport, user_agent = "before/1" }
    local client = assert(ngrok.client(given))
    given.api_key, given.user_agent, given.transport = "other", "after/1", silent
    assert(client.credentials:get("cr_1"))
    assert.equal("Bearer " .. key, attempts[1].headers.Authorization)
    assert.equal("before/1", attempts[1].headers["User-Agent"])
    client:close()
  end)

  it("that a table inherits count, and are checked", function()
    local transport, attempts = noting()
    local defaults = { __index = { api_key = key, transport = transport } }
    local client = assert(ngrok.client(setmetatable({}, defaults)))
    assert(client.credentials:get("cr_1"))
    assert.equal("Bearer " .. key, attempts[1].headers.Authorization)
    client:close()
    assert_raises({ "'timeout'" }, setmetatable({ transport = silent }, { __index = { timeout = "x" } }))
  end)

  for _, name in ipairs { "user_agent", "proxy", "ca_file" } do
    for _, bad in ipairs { "x\n", "x\r\nX-Evil: yes", "x\0y", "\tx", "x\127" } do
      it(("%s with a control character is refused: %s"):format(name, printable(bad)), function()
        assert_refused(name .. " contains a control character", try(with(name, bad)))
      end)
    end

    it(name .. " that is empty is refused", function()
      assert_refused(name .. " is empty", try(with(name, "")))
    end)
  end

  for _, good in ipairs {
    "host", "host:3128", "127.0.0.1", "[::1]:3128", "us:pw@host:3128", "us@host", "@host",
    "us:p%40ss@host:1", "http://host", "HTTP://HOST:80/", "https://us:pw@host:443", "http://us:p%2Fw@host",
    "http://host/path?x#y",
    "socks4://host:1080", "socks4a://host", "socks5://us:pw@host:1080", "SOCKS5h://[2001:db8::1]:1080",
  } do
    it("proxy may be " .. good, function()
      assert(try(with("proxy", good)))
    end)
  end

  for bad, word in pairs {
    ["ftp://us:hunter2@host:21"] = "must start with",
    ["socks://us:hunter2@host"] = "must start with",
    ["httpx://us:hunter2@host"] = "must start with",
    ["://us:hunter2@host"] = "must start with",
    ["us:hunter2://x@host"] = "must start with",
    ["https//us:hunter2@host"] = "in front of an @",
    ["http:/us:hunter2@host"] = "in front of an @",
    ["us:hunter2/x@host:99999"] = "in front of an @",
    ["http://us:12/hunter2@host:3128"] = "in front of an @",
    ["http://us:?hunter2@host"] = "in front of an @",
    ["http://us:#hunter2@host"] = "in front of an @",
    ["us:hunter2@x@host:1"] = "%40",
    ["http://us:@hunter2@host:3128"] = "%40",
    ["http://us@x:hunter2@host:3128"] = "%40",
    ["us:hunter2 x@host:1"] = "%20",
    ["socks5h:// us:hunter2@host:1080"] = "%20",
    ["http://"] = "has no host",
    ["http:///hunter2"] = "has no host",
    ["http://us:hunter2@"] = "has no host",
    ["us:hunter2@"] = "has no host",
    [":3128"] = "has no host",
    ["socks5h://us:hunter2@:1080"] = "has no host",
    ["us:hunter2@host:99999"] = "has a port",
    ["us:hunter2@host:"] = "has a port",
    ["us:hunter2"] = "has a port",
    ["us:hunter2@host:http"] = "has a port",
    ["us:hunter2@[::1"] = "closing bracket",
    ["us:hunter2@ho st"] = "space",
    ["us:hunter2@ho,st"] = "character",
    ["http://us:hunter2@host:3128/ "] = "space",
    ["us:hunter2@host:3128?a b"] = "space",
  } do
    it(("proxy may not be %s, and the message does not repeat its password"):format(bad), function()
      local err = assert_refused("proxy ", try(with("proxy", bad)))
      assert.matches(word, err.message, 1, true)
      assert.is_nil(secrets.find(err, "hunter2"))
    end)
  end

  it("user_agent takes the place of our own", function()
    local transport, attempts = noting()
    local client = assert(ngrok.client { api_key = key, transport = transport, user_agent = "mine/1.0" })
    assert(client.credentials:get("cr_1"))
    assert.equal("mine/1.0", attempts[1].headers["User-Agent"])
    client:close()
  end)

  it("ca_file that does not exist is refused, and is named", function()
    local missing = os.tmpname()
    os.remove(missing)
    local err = assert_refused("ca_file", try { api_key = key, ca_file = missing })
    assert.matches(missing, err.message, 1, true)
  end)

  it("ca_file that does not exist is refused for plain http, too", function()
    local missing = os.tmpname()
    os.remove(missing)
    assert_refused("ca_file", try(with("ca_file", missing)))
  end)

  it("ca_file that can be read and has a certificate is taken", function()
    local present = os.tmpname()
    local file = assert(io.open(present, "wb"))
    file:write("-----BEGIN CERTIFICATE-----\n")
    file:close()
    local client, err = try { api_key = key, ca_file = present }
    os.remove(present)
    assert.is_nil(err)
    assert.is_not_nil(client)
  end)

  for name, value in pairs { ca_file = "/x", proxy = "http://127.0.0.1:3128", connect_timeout = 5 } do
    it(name .. " raises where a function is the transport", function()
      local who = name == "connect_timeout" and "curl and resty transports only" or "curl transport only"
      assert_raises({ "'" .. name .. "'", who }, with(name, value, { transport = silent }))
    end)

    it(name .. " raises where an emulator is the transport", function()
      assert_raises({ "'" .. name .. "'" }, { [name] = value, transport = emulator.new() })
    end)
  end

  for name, value in pairs { ca_file = "/x", proxy = "http://127.0.0.1:3128", loop = "block" } do
    it(name .. " raises where the transport is resty", function()
      assert_raises({ "'" .. name .. "'" }, { api_key = key, transport = "resty", [name] = value })
    end)
  end

  it("resty is refused outside nginx", function()
    local err = assert_refused("nginx and OpenResty only", try(with("transport", "resty")))
    assert.equal("not_sent", err.outcome)
  end)

  it("timeout, max_wait and user_agent are honoured by any transport", function()
    assert(try(with("timeout", 5, { transport = silent, max_wait = 5, user_agent = "x/1" })))
  end)

  it("none are needed where the transport is an emulator", function()
    assert(try { transport = emulator.new() })
  end)
end)

describe('require "ngrok"', function()
  it("writes no globals", function()
    assert.equal("", output_of [[
      local before = {}
      for name, value in pairs(_G) do before[name] = value end
      require "ngrok"
      for name, value in pairs(_G) do
        if before[name] ~= value then print("changed: " .. tostring(name)) end
      end
      for name in pairs(before) do
        if _G[name] == nil then print("removed: " .. tostring(name)) end
      end
    ]])
  end)

  it("and use of a client write no globals", function()
    assert.equal("", output_of [[
      local before = {}
      for name in pairs(_G) do before[name] = true end
      local client = assert(require("ngrok").client { transport = require("ngrok.emulator").new() })
      local cred = assert(client.credentials:create { acl = { "*" } })
      assert(cred:update { acl = {} })
      for one in client.credentials:list() do assert(one == cred) end
      assert(cred:delete())
      client.credentials:get("")
      client:close()
      require("ngrok").client { api_key = "k" }
      for name in pairs(_G) do
        if not before[name] then print(tostring(name)) end
      end
    ]])
  end)

  it("changes nothing in Lua's own libraries", function()
    assert.equal("", output_of [[
      local before, libraries = {}, { "string", "table", "math", "io", "os", "coroutine", "debug" }
      for _, library in ipairs(libraries) do
        for name, value in pairs(_G[library]) do before[library .. "." .. name] = value end
      end
      require "ngrok"
      for _, library in ipairs(libraries) do
        for name, value in pairs(_G[library]) do
          if before[library .. "." .. name] ~= value then print(library .. "." .. name) end
        end
      end
    ]])
  end)

  it("loads neither the emulator nor the curl transport", function()
    assert.equal("", output_of [[
      require "ngrok"
      for name in pairs(package.loaded) do
        if name:find("^ngrok%.emulator") or name == "ngrok.curl" then print(name) end
      end
    ]])
  end)

  -- What the process has mapped, after some Lua has run in it.
  local function libraries_after(code)
    local text = output_of(code .. [[

      for line in io.lines("/proc/self/maps") do
        if line:find("libcurl", 1, true) or line:find("ngrok/curl", 1, true) then print(line) end
      end
    ]])
    return text
  end

  local maps = io.open("/proc/self/maps")
  if maps then
    maps:close()

    it("loads no libcurl", function()
      assert.equal("", libraries_after 'require "ngrok"')
    end)

    it("and a client on a Lua transport load no libcurl", function()
      assert.equal("", libraries_after [[
        local client = assert(require("ngrok").client { transport = require("ngrok.emulator").new() })
        assert(client.credentials:create {})
      ]])
    end)

    it("and a client on the default transport do load libcurl", function()
      assert.matches("libcurl", libraries_after [[
        assert(require("ngrok").client { api_key = "k", base_url = "http://127.0.0.1:9" })
      ]], 1, true)
    end)
  else
    pending("loads no libcurl: there is no /proc here")
  end

  it("gives the version that the user agent tells", function()
    local transport, attempts = noting()
    local client = assert(ngrok.client { api_key = key, transport = transport })
    assert(client.credentials:get("cr_1"))
    local version = attempts[1].headers["User-Agent"]:match("^ngrok%-api%-lua/([^/]+)/lua[%w.]+$")
    assert.equal(ngrok._VERSION, version)
    client:close()
  end)
end)
