-- What `ngrok.client` takes, what it refuses, and what `require "ngrok"` leaves alone.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local proxy = require "ngrok.proxy"
local secrets = require "spec.support.secrets"

local nan = 0 / 0
local key = "2TMGGsecretKEY_2TMGGsecondPART"

local function printable(text)
  local plain = text:gsub("[^\32-\126]", function(character)
    return ("\\%d"):format(character:byte())
  end)
  return #plain > 50 and plain:sub(1, 50) .. "..." or plain
end

local clients = {}

after_each(function()
  while clients[1] do
    table.remove(clients):close()
  end
end)

local function new_client(given)
  local client = assert(ngrok.client(given))
  clients[#clients + 1] = client
  return client
end

-- A client on a transport that notes its attempts, and the notes.
local function noting(given)
  local attempts = {}
  given.api_key = given.api_key or key
  given.transport = function(attempt)
    attempts[#attempts + 1] = attempt
    return { status = 200, body = '{"id":"cr_1"}' }
  end
  return new_client(given), attempts
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
  local fields = {
    kind = "invalid", phase = "validate", outcome = "not_sent", operation = "ngrok.client", attempts = 0,
    message = err.message,
  }
  for name, value in pairs(err) do
    assert.equal(fields[name], value, name)
  end
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

  for name, case in pairs {
    ["is the environment's where none is given"] = { "{}", "env_KEY", "Bearer env_KEY" },
    ["is the one that is given"] = { '{ api_key = "given_KEY" }', "env_KEY", "Bearer given_KEY" },
    ["is the one that is given, even where the environment's would be refused"] =
      { '{ api_key = "given_KEY" }', "a b", "Bearer given_KEY" },
    ["is not looked for in the environment where the one that is given is refused"] =
      { '{ api_key = "" }', "env_KEY", "invalid\tapi_key is empty" },
    ["of the environment is refused where it is empty"] = { "{}", "", "invalid\tNGROK_API_KEY is empty" },
    ["of the environment with a space is refused, and is not in the message"] =
      { "{}", "Bearer env_KEY", "invalid\tNGROK_API_KEY contains a space or a character outside ASCII" },
  } do
    it(name, function()
      assert.equal(case[3] .. "\n", output_of(program:format(case[1]), { NGROK_API_KEY = case[2] }))
    end)
  end

  it("that is missing is an error that says where to give it, in nginx by its directive as well", function()
    local text = output_of(program:format "{}")
    assert.matches("^invalid\t.*api_key.*NGROK_API_KEY", text)
    assert.is_nil(text:find("nginx", 1, true))
    assert.matches("env NGROK_API_KEY;", output_of("ngx = {}\n" .. program:format "{}"), 1, true)
  end)

  it("is an emulator's own where that is the transport, unless one is given", function()
    local emu = emulator.new()
    assert(new_client({ transport = emu }).credentials:create {})
    assert.equal("Bearer " .. emu.api_key, emu:requests()[1].headers.authorization)
    local cred, err = new_client({ transport = emu, api_key = key }).credentials:create {}
    assert.is_nil(cred)
    assert.equal(401, err.status)
  end)

  for _, bad in ipairs {
    key .. "\n", key .. "\r", key .. "\r\nX-Evil: yes", key .. "\0", key .. "\t", key .. "\127", "\27" .. key,
    key .. " x", " " .. key, key .. " ", "Bearer " .. key, key .. "\195\169", key .. "\194\160",
    key .. "\255",
  } do
    it(("is refused, and is nowhere in the error: %s"):format(printable(bad)), function()
      local err = assert_refused("api_key", try { api_key = bad, transport = silent })
      assert.is_nil(secrets.find(err, key))
      assert.is_nil(secrets.find(err, key:sub(1, 8)))
    end)
  end

  it("with a line end is refused with a message that names such a thing", function()
    assert_refused("control character (such as a line end", try { api_key = key .. "\n", transport = silent })
  end)

  it("of all that ASCII can print is accepted", function()
    local all = {}
    for code = 33, 126 do
      all[#all + 1] = string.char(code)
    end
    local client, attempts = noting { api_key = table.concat(all) }
    assert(client.credentials:get("cr_1"))
    assert.equal("Bearer " .. table.concat(all), attempts[1].headers.Authorization)
  end)

  it("in the wrong place raises, and is not in the message", function()
    for _, case in ipairs {
      { { api_key = 1234567890 }, "'api_key'" }, { { api_key = { key } }, "'api_key'" },
      { key, "options must be a table, got string" }, { { key }, "unknown name '1'" },
    } do
      local message = assert_raises({ case[2] }, case[1])
      assert.is_nil(message:find("1234567890", 1, true))
      assert.is_nil(message:find(key, 1, true))
    end
  end)

  -- A key that is not known by its look: only the client, or who makes one, knows it.
  it("in a name's place raises, and is not in the message", function()
    local plain = "KOBOLD7_canary9key"
    local client = noting { api_key = plain }
    local credential = assert(client.credentials:get "cr_1")
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
    local client = new_client { api_key = key, base_url = "http://127.0.0.1:9" }
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
    search(proxy.target(client))
    search(tostring(client))
  end)
end)

describe("the base URL", function()
  local program = [[
    local options = %s
    options.api_key = "given_KEY"
    options.transport = options.transport or function(attempt)
      print(attempt.url)
      return { status = 200, body = '{"id":"cr_1"}' }
    end
    local client, err = require("ngrok").client(options)
    if client then
      print(client.credentials:get("cr_1") ~= nil)
    else
      print(err.kind, err.message)
    end
  ]]

  for name, case in pairs {
    ["is the environment's where none is given"] =
      { "{}", "https://proxy.example/ngrok", "https://proxy.example/ngrok/credentials/cr_1\ntrue\n" },
    ["is the one that is given"] = { '{ base_url = "http://127.0.0.1:9" }', "https://proxy.example",
      "http://127.0.0.1:9/credentials/cr_1\ntrue\n" },
    ["is the one that is given, even where the environment's would be refused"] =
      { '{ base_url = "http://127.0.0.1:9" }', "no URL", "http://127.0.0.1:9/credentials/cr_1\ntrue\n" },
    ["is not looked for in the environment where an emulator is the transport"] =
      { '{ transport = require("ngrok.emulator").new { api_key = "given_KEY" } }', "no URL", "false\n" },
  } do
    it(name, function()
      assert.equal(case[3], output_of(program:format(case[1]), { NGROK_BASE_URL = case[2] }))
    end)
  end

  it("of the environment that is refused is named by its variable", function()
    for value, message in pairs {
      [""] = "^invalid\tNGROK_BASE_URL ", ["proxy.example"] = "^invalid\tNGROK_BASE_URL ",
      ["http://proxy.example"] = "^invalid\tNGROK_BASE_URL must start with https://",
      ["https://api.ngrok.com/credentials"] = "^invalid\tNGROK_BASE_URL must not end in /credentials",
    } do
      assert.matches(message, output_of(program:format "{}", { NGROK_BASE_URL = value }))
    end
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
    -- These only look like the operations' own path.
    ["https://credentials"] = "https://credentials",
    ["https://credentials.example"] = "https://credentials.example",
    ["https://a/mycredentials"] = "https://a/mycredentials",
    ["https://a/credentials/b"] = "https://a/credentials/b",
    ["https://a/credentials2"] = "https://a/credentials2",
    ["https://a/Credentials"] = "https://a/Credentials",
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
    it("may be plain http to " .. host .. " with allow_http only", function()
      local url = "http://" .. host .. ":8080"
      assert_refused("allow_http", with(url))
      assert_refused("base_url must start with https://", with(url, { allow_http = false }))
      assert(with(url, { allow_http = true }))
    end)
  end

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
    -- Another host behind a loopback one.
    "http://127.0.0.1:80@evil.example", "http://localhost\\@evil.example",
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
      assert_refused("base_url must not end in /credentials", with("https://api.ngrok.com" .. path))
    end)
  end

  it("with a path keeps it before every operation's own, with one slash between them", function()
    for path, kept in pairs { ["/a/b"] = "/a/b", ["/a//"] = "/a" } do
      local client, attempts = noting { base_url = "https://proxy.example" .. path }
      client.credentials:create {}
      client.credentials:get("cr_1")
      client.credentials:list():next()
      for index, target in ipairs { "/credentials", "/credentials/cr_1", "/credentials" } do
        assert.equal("https://proxy.example" .. kept .. target, attempts[index].url)
      end
    end
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

  local texts, callbacks = { 1, true, {}, print }, { 1, "print", true, {} }
  local counts = { 0, -1, 1.5, nan, math.huge, 2 ^ 40, "16", true }

  -- Each option: what it may be, what raises, and what is expected instead.
  for name, case in pairs {
    api_key = { { "a" }, texts, "a string" },
    base_url = { { "http://127.0.0.1:9" }, texts, "a string" },
    timeout = {
      { 1, 0.001, 1e9, math.huge }, { 0, -1, nan, -math.huge, "30", true, {} },
      "a number of seconds above 0",
    },
    connect_timeout = { { 1, 0.001 }, { 0, -1, nan, "10", true, {} }, "a number of seconds above 0" },
    max_wait = { { 0, 1, math.huge }, { -1, nan, "90", true, {} }, "a number of seconds, 0 or more" },
    max_retries = {
      { 0, 1, 3, 100 }, { -1, 0.5, 101, nan, math.huge, "0", true, {} }, "a whole number from 0 to 100",
    },
    rate_limit = {
      { false, {}, { requests = 120, window = 60 }, { requests = 1 }, { window = 0.5 } },
      { true, 120, "false", print }, "false or a table of requests, window and shared_dict",
    },
    max_in_flight = { { 1, 16, 1000 }, counts, "a whole number from 1 to 2147483648" },
    max_response_bytes = { { 1, 2 ^ 24 }, counts, "a whole number of bytes from 1 to 2147483648" },
    user_agent = { { "x/1" }, texts, "a string" },
    ca_file = { {}, texts, "a string" },
    proxy = { { "http://127.0.0.1:3128" }, texts, "a string" },
    allow_http = { { true, false }, { 1, "yes", {}, print }, "a boolean" },
    transport = {
      { "auto", "curl", print }, { "wget", "", 1, true, {}, setmetatable({}, {}) },
      '"auto", "curl", "resty" or a function (or an emulator of emulator.new)',
    },
    loop = {
      { "auto", "block", "tick", adapter }, { "select", "", 1, true, {}, { wait = print, watch = print } },
      '"auto", "block", "uv", "nginx", "cqueues", "tick" or a table of wait, watch and spawn',
    },
    on_error = { { print }, callbacks, "a function" },
    on_event = { { print }, callbacks, "a function" },
  } do
    it("may be of their types: " .. name, function()
      for _, value in ipairs(case[1]) do
        assert(try(with(name, value)))
      end
    end)

    it("raise where they are not, and are named with what they must be: " .. name, function()
      for _, value in ipairs(case[2]) do
        local got = type(value) == "number" and case[3]:find "number" and tostring(value) or type(value)
        local words = ("bad '%s' in the client's options: %s expected, got %s"):format(name, case[3], got)
        assert_raises({ words }, with(name, value))
      end
    end)
  end

  for name, wrong in pairs {
    requests = { 0, -1, 1.5, nan, math.huge, 1e6 + 1, "120", true },
    window = { 0, -1, nan, math.huge, 86401, "60", true },
    shared_dict = { 1, true, {} },
  } do
    it("raise where a member of rate_limit is not of its type: " .. name, function()
      for _, value in ipairs(wrong) do
        assert_raises({ "bad '" .. name .. "' in rate_limit: " }, with("rate_limit", { [name] = value }))
      end
    end)
  end

  it("raise for an unknown name and say which there are", function()
    for _, name in ipairs { "apikey", "API_KEY", "token", "retries", "baseUrl", "validate", "wait", "" } do
      assert_raises({ "'" .. name .. "'", "api_key", "base_url", "timeout" }, with(name, true))
    end
    for _, name in ipairs { 1, true, print } do
      assert_raises({ "unknown name" }, with(name, "x"))
    end
    assert_raises({ "'per' in rate_limit", "requests", "window" }, with("rate_limit", { per = 60 }))
  end)

  it("raise where they are not a table", function()
    for _, given in ipairs { 1, true, "x", print, io.stdout } do
      assert_raises({ "the client's options must be a table, got " .. type(given) }, given)
    end
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

  it("are left as they were, and changed afterwards change nothing", function()
    local given = { user_agent = "before/1", timeout = 5 }
    local client, attempts = noting(given)
    assert.same({ api_key = key, transport = given.transport, user_agent = "before/1", timeout = 5 }, given)
    given.api_key, given.user_agent, given.transport = "other", "after/1", silent
    assert(client.credentials:get("cr_1"))
    assert.equal("Bearer " .. key, attempts[1].headers.Authorization)
    assert.equal("before/1", attempts[1].headers["User-Agent"])
  end)

  it("that a table inherits count, and are checked", function()
    local client, attempts = noting(setmetatable({}, { __index = { user_agent = "inherited/1" } }))
    assert(client.credentials:get("cr_1"))
    assert.equal("inherited/1", attempts[1].headers["User-Agent"])
    assert_raises({ "'timeout'" }, setmetatable({ transport = silent }, { __index = { timeout = "x" } }))
  end)

  for _, name in ipairs { "user_agent", "proxy", "ca_file" } do
    it(name .. " is refused where it is empty or contains a control character", function()
      assert_refused(name .. " is empty", try(with(name, "")))
      for _, bad in ipairs { "x\n", "x\r\nX-Evil: yes", "x\0y", "\tx", "x\127" } do
        assert_refused(name .. " contains a control character", try(with(name, bad)))
      end
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

  for word, proxies in pairs {
    ["must start with"] = {
      "ftp://us:hunter2@host:21", "socks://us:hunter2@host", "httpx://us:hunter2@host", "://us:hunter2@host",
      "us:hunter2://x@host",
    },
    ["in front of an @"] = {
      "https//us:hunter2@host", "http:/us:hunter2@host", "us:hunter2/x@host:99999",
      "http://us:12/hunter2@host:3128", "http://us:?hunter2@host", "http://us:#hunter2@host",
    },
    ["%40"] = { "us:hunter2@x@host:1", "http://us:@hunter2@host:3128", "http://us@x:hunter2@host:3128" },
    ["%20"] = { "us:hunter2 x@host:1", "socks5h:// us:hunter2@host:1080" },
    ["has no host"] = {
      "http://", "http:///hunter2", "http://us:hunter2@", "us:hunter2@", ":3128",
      "socks5h://us:hunter2@:1080",
    },
    ["has a port"] = { "us:hunter2@host:99999", "us:hunter2@host:", "us:hunter2", "us:hunter2@host:http" },
    ["closing bracket"] = { "us:hunter2@[::1" },
    space = { "us:hunter2@ho st", "http://us:hunter2@host:3128/ ", "us:hunter2@host:3128?a b" },
    character = { "us:hunter2@ho,st" },
  } do
    for _, bad in ipairs(proxies) do
      it(("proxy may not be %s, and the message does not repeat its password"):format(bad), function()
        local err = assert_refused(word, try(with("proxy", bad)))
        assert.matches("^proxy ", err.message)
        assert.is_nil(secrets.find(err, "hunter2"))
      end)
    end
  end

  it("user_agent takes the place of our own, which gives the version", function()
    local client, attempts = noting { user_agent = "mine/1.0" }
    assert(client.credentials:get("cr_1"))
    assert.equal("mine/1.0", attempts[1].headers["User-Agent"])
    client, attempts = noting {}
    assert(client.credentials:get("cr_1"))
    local version = attempts[1].headers["User-Agent"]:match("^ngrok%-api%-lua/([^/]+)/lua[%w.]+$")
    assert.equal(ngrok._VERSION, version)
  end)

  it("ca_file that does not exist is refused and named, for plain http, too", function()
    local missing = os.tmpname()
    os.remove(missing)
    assert_refused("ca_file " .. missing, try { api_key = key, ca_file = missing })
    assert_refused("ca_file " .. missing, try(with("ca_file", missing)))
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

  it("raise where the transport cannot honour them, and say which can", function()
    for name, case in pairs {
      ca_file = { "/x", "curl transport only" }, proxy = { "http://127.0.0.1:3128", "curl transport only" },
      connect_timeout = { 5, "curl and resty transports only" }, loop = { "block", '"nginx" or "auto"' },
    } do
      local words = { "option '" .. name .. "'", case[2] }
      if name ~= "loop" then
        assert_raises(words, with(name, case[1], { transport = silent }))
        assert_raises(words, { [name] = case[1], transport = emulator.new() })
      end
      if name ~= "connect_timeout" then
        assert_raises(words, with(name, case[1], { transport = "resty" }))
      end
    end
  end)

  it("of time and user_agent are honoured by any transport", function()
    assert(try(with("timeout", 5, { transport = silent, max_wait = 5, user_agent = "x/1" })))
  end)

  it("resty is refused outside nginx", function()
    assert_refused("nginx and OpenResty only", try(with("transport", "resty")))
  end)

  it("are not needed where the transport is an emulator", function()
    assert(try { transport = emulator.new() })
  end)
end)

describe('require "ngrok"', function()
  it("and use of a client write no globals, and change nothing in Lua's own libraries", function()
    assert.equal("", output_of [[
      local before, libraries = {}, { "string", "table", "math", "io", "os", "coroutine", "debug" }
      local function each(visit)
        for name, value in pairs(_G) do visit(name, value) end
        for _, library in ipairs(libraries) do
          for name, value in pairs(_G[library]) do visit(library .. "." .. name, value) end
        end
      end
      each(function(name, value) before[name] = value end)
      local client = assert(require("ngrok").client { transport = require("ngrok.emulator").new() })
      local cred = assert(client.credentials:create { acl = { "*" } })
      assert(cred:update { acl = {} })
      for one in client.credentials:list() do assert(one == cred) end
      assert(cred:delete())
      client.credentials:get("")
      client:close()
      require("ngrok").client { api_key = "k" }
      local after = {}
      each(function(name, value) after[name] = value end)
      for name, value in pairs(after) do
        if before[name] ~= value then print("changed: " .. tostring(name)) end
      end
      for name in pairs(before) do
        if after[name] == nil then print("removed: " .. tostring(name)) end
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
    return output_of(code .. [[

      for line in io.lines("/proc/self/maps") do
        if line:find("libcurl", 1, true) or line:find("ngrok/curl", 1, true) then print(line) end
      end
    ]])
  end

  local maps = io.open("/proc/self/maps")
  if maps then
    maps:close()

    it("loads libcurl only for a client on the default transport", function()
      assert.equal("", libraries_after [[
        local client = assert(require("ngrok").client { transport = require("ngrok.emulator").new() })
        assert(client.credentials:create {})
      ]])
      assert.matches("libcurl", libraries_after [[
        assert(require("ngrok").client { api_key = "k", base_url = "http://127.0.0.1:9" })
      ]], 1, true)
    end)
  else
    pending("loads no libcurl: there is no /proc here")
  end
end)
