-- What a program gets wrong is raised at its own line, and the message says what is allowed.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

describe("an emulator that is used wrongly", function()
  local function raises(message, fn, ...)
    local fine, raised = pcall(fn, ...)
    assert.is_false(fine)
    assert.matches(message, raised, 1, true)
    return raised
  end

  it("raises at the program's line", function()
    local raised = raises("unknown name", function() emulator.new { apikey = "x" } end)
    assert.matches("usage_spec.lua:", raised, 1, true)
    raised = raises("unknown kind", function() emulator.new():misbehave { kind = "slow" } end)
    assert.matches("usage_spec.lua:", raised, 1, true)
  end)

  it("shows no key that was passed as a name", function()
    for _, key in ipairs {
      "2TMGGIw07ve6R3DQzMrN3964IKQ_5JsFk4rfMHdTH7B96qRVD", "ak_2TMGGIw07ve6R3DQ", "ak1_x9", "k-y",
      ("k"):rep(25),
    } do
      for _, use in ipairs {
        function() emulator.new { [key] = 1 } end,
        function() emulator.start { [key] = 1 } end,
        function() emulator.start { tls = { [key] = 1 } } end,
        function() emulator.new { rate_limit = { [key] = 1 } } end,
        function() emulator.new { plan = { [key] = 1 } } end,
        function() emulator.new { plan = { acl_rules = { key } } } end,
        function() emulator.new():misbehave { kind = key } end,
        function() emulator.new():misbehave { kind = "hang", [key] = 1 } end,
      } do
        local raised = raises("of type string (not shown, as it may be a key)", use)
        assert.is_nil(raised:find(key, 1, true))
      end
    end
    raises("unknown name '1' in the options of emulator.new", emulator.new, { "x" })
    raises("unknown kind of fault of type table (not", function() emulator.new():misbehave { kind = {} } end)
  end)

  it("takes each host's own options there only", function()
    for _, name in ipairs { "base_url", "clock" } do
      raises("unknown name '" .. name .. "'", emulator.start, { [name] = "x" })
    end
    for _, name in ipairs { "port", "host", "tls", "http2", "nginx", "openssl" } do
      raises("unknown name '" .. name .. "'", emulator.new, { [name] = "x" })
    end
  end)

  it("says what an option must be", function()
    for message, options in pairs {
      ["the options of emulator.new must be a table, got string"] = "x",
      ["unknown name 'apikey' in the options of emulator.new (there are admin, api_key, base_url, "] =
        { apikey = "x" },
      ["unknown name 'request' in option rate_limit (there are requests, retry_after, window)"] =
        { rate_limit = { request = 1 } },
      ["unknown name 'rules' in option plan (there are acl_rules, owners)"] = { plan = { rules = {} } },
      ["bad 'api_key' in the options of emulator.new: string expected, got 5"] = { api_key = 5 },
      ["bad 'plan' in the options of emulator.new: table expected, got boolean"] = { plan = false },
      ["bad 'owners' in option plan: boolean expected, got table"] = { plan = { owners = {} } },
      ["bad 'acl_rules' in option plan: an array of strings"] = { plan = { acl_rules = { domain = true } } },
      ["unknown kind of rule 'any' in option plan.acl_rules (there are address, domain, label, wildcard)"] =
        { plan = { acl_rules = { "any" } } },
      ["bad 'inactive_owners' in the options of emulator.new: an array of strings"] =
        { inactive_owners = { usr_1 = true } },
      ["bad 'seed' in the options of emulator.new: finite number expected, got inf"] = { seed = math.huge },
      ["bad 'requests' in option rate_limit: whole number expected, got 1.5"] =
        { rate_limit = { requests = 1.5 } },
      ["call emulator.new with a dot"] = emulator,
    } do
      raises(message, emulator.new, options)
    end
  end)

  it("says what an option of the server must be, and starts none", function()
    for message, options in pairs {
      ["the options of emulator.start must be a table, got string"] = "x",
      ["unknown name 'ports' in the options of emulator.start (there are admin, api_key, host, "] =
        { ports = 1 },
      ["unknown name 'cert' in option tls (there are certificate, handshake, protocols)"] =
        { tls = { cert = "expired" } },
      ["bad 'tls' in the options of emulator.start: boolean or table expected, got string"] = { tls = "yes" },
      ["bad 'http2' in the options of emulator.start: boolean expected, got 2"] = { tls = true, http2 = 2 },
      ["bad 'openssl' in the options of emulator.start: string"] = { openssl = true },
      ["bad 'nginx' in the options of emulator.start: string"] = { nginx = true },
      ["option http2 needs tls = true: HTTP/2 is agreed upon in the TLS handshake"] = { http2 = true },
      ["bad 'certificate' in option tls: one of expired, untrusted, valid, wrong_host expected, got string"] =
        { tls = { certificate = "stale" } },
      ["bad 'handshake' in option tls: one of close, complete expected, got boolean"] =
        { tls = { handshake = true } },
      ["bad 'protocols' in option tls: string expected, got 1.1"] = { tls = { protocols = 1.1 } },
      ["bad 'port' in the options of emulator.start: port expected, got string"] = { port = "8080" },
      ["bad 'port' in the options of emulator.start: port expected, got 65536"] = { port = 65536 },
      ["bad 'host' in the options of emulator.start: a name or an address expected, such as 127.0.0.1"] =
        { host = "localhost; }" },
      ["call emulator.start with a dot"] = emulator,
    } do
      raises(message, emulator.start, options)
    end
    for _, protocols in ipairs { "SSLv3", "", "TLSv1.2;", "TLSv1.2 TLSv9" } do
      raises("bad 'protocols' in option tls: TLSv1, TLSv1.1, TLSv1.2 and TLSv1.3 expected", emulator.start,
        { tls = { protocols = protocols } })
    end
  end)

  it("is refused as a transport where it is a server", function()
    local server = assert(emulator.start())
    finally(function() server:stop() end)
    raises("a function (or an emulator of emulator.new) expected", ngrok.client, { transport = server })
  end)

  it("says what a fault must be", function()
    local emu = emulator.new()
    local kinds = "(there are body, content_type, deep_json, delay, empty, hang, html, invalid_json, "
      .. "next_page_uri, oversize, reset_after, reset_before, status, truncate)"
    for message, description in pairs {
      ["a fault needs a kind " .. kinds] = { status = 503 },
      ["unknown kind of fault 'explode' " .. kinds] = { kind = "explode" },
      ["a fault must be a table with a kind, got string"] = "status",
      ["unknown name 'seconds' in a fault of kind hang (there are after, count, kind, method, path, "
        .. "processed)"] =
        { kind = "hang", seconds = 5 },
      ["bad 'status' in a fault of kind status: status from 200 to 999 expected, got string"] =
        { kind = "status", status = "503" },
      ["bad 'status' in a fault of kind html: status from 200 to 999 expected, got 9999"] =
        { kind = "html", status = 9999 },
      ["bad 'format' in a fault of kind status: one of html, json, none expected, got string"] =
        { kind = "status", format = "xml" },
      ["bad 'retry_after' in a fault of kind status: number or string expected, got table"] =
        { kind = "status", retry_after = {} },
    } do
      raises(message, emu.misbehave, emu, description)
    end
    raises("a fault must be a table with a kind, got nil", emu.misbehave, emu)
    assert.equal(emu, emu:misbehave { kind = "empty" })
  end)

  it("says what is to be seeded, and seeds nothing", function()
    local emu = emulator.new()
    for _, count in ipairs { {}, -1, 1.5 } do
      raises("bad 'count' in seed(count, template): whole number expected, got ", emu.seed, emu, count)
    end
    raises("bad 'count' in seed(count, template): whole number expected, got nil", emu.seed, emu)
    raises("there is no service 'tunel_sessions' to seed", emu.seed, emu, "tunel_sessions", 1)
    raises("unknown name 'name' in an item of tunnel_sessions to seed (there are agent_version, credential, "
      .. "id, ip, metadata, os, region, started_at, transport, uri)", emu.seed, emu, "tunnel_sessions", 1,
      { name = "x" })
    for message, template in pairs {
      ["unknown name 'name' in a credential to seed (there are acl, created_at, description, metadata, "
        .. "owner_id, special)"] = { name = "x" },
      ["bad 'description' in a credential to seed: string expected, got 5"] = { description = 5 },
      ["bad 'acl' in a credential to seed: an array of strings expected"] = { acl = { 1 } },
      ["bad 'special' in a credential to seed: one of default_authtoken, tunnel_token expected"] =
        { special = "owner" },
      ["a credential to seed must be a table, got string"] = "x",
      ["a credential to seed must be a table, got nil"] = function() end,
    } do
      raises(message, emu.seed, emu, 1, template)
    end
    assert.same({}, emu:credentials())
  end)

  it("says what a request to the account itself needs", function()
    local emu = emulator.new()
    raises("a request must be a table, got nil", emu.request, emu)
    raises("bad 'headers' in a request: table expected, got nil", emu.request, emu,
      { method = "GET", path = "/credentials" })
    raises("unknown name 'url' in a request", emu.request, emu, { url = "/credentials" })
  end)
end)
