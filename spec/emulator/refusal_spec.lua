local account = require "spec.emulator.account"
local cjson = require "cjson"

local read, refused = account.read, account.refused

describe("the emulated account refuses", function()
  local one

  before_each(function()
    one = account.new()
  end)

  describe("by the Authorization header:", function()
    for header, expected in pairs {
      ["Digest x"] = { 201 }, ["Bearer secret"] = { 202, "secret" }, ["Bearer a1_b2"] = { 203, "a1_b2" },
      ["Bearer cr_2TMG"] = { 207, "cr_2TMG" }, ["Bearer ak_2TMG"] = { 208, "ak_2TMG" },
    } do
      it(header .. (expected[2] and ", repeating what may be a key" or ""), function()
        local message = refused(expected[1], 401, one:list(nil, { authorization = header }))
        assert.matches(expected[2] or "", message, 1, true)
      end)
    end

    it("none", function()
      refused(200, 401, one:list(nil, { authorization = false }))
    end)

    it("an authtoken, repeating it", function()
      local token = one.emu:seed(1)[1].token
      local message = refused(206, 401, one:list(nil, { authorization = "Bearer " .. token }))
      assert.matches(token, message, 1, true)
    end)

    it("a write with a key that may only read", function()
      one = account.new { read_only_key = "read_only" }
      local changes = { authorization = "Bearer read_only" }
      assert.equal(200, one:list(nil, changes).status)
      refused(635, 403, one:create("{}", changes))
    end)

    it("but takes the key as the user name of Basic", function()
      one = account.new { api_key = "first_second" }
      assert.equal(200, one:list(nil, { authorization = "Basic Zmlyc3Rfc2Vjb25kOg==" }).status)
    end)
  end)

  for name, case in pairs {
    ["no version"] = { 218, "ngrok-version", false },
    ["another version"] = { 217, "ngrok-version", "1" },
    ["a body without Content-Type"] = { 216, "content-type", false },
    ["a body that is not JSON by its Content-Type"] = { 210, "content-type", "text/plain" },
  } do
    it("by the other headers: " .. name, function()
      refused(case[1], 400, one:create("{}", { [case[2]] = case[3] }))
    end)
  end

  it("by the other headers: but takes a Content-Type with a charset", function()
    read(one:create("{}", { ["content-type"] = "Application/JSON; charset=utf-8" }))
  end)

  describe("by the body:", function()
    local function long(name, text)
      return ('{"%s":"%s"}'):format(name, text)
    end

    local bad = {
      -- not a JSON object
      [213] = { "", "[]", '"x"', "{", '{"description":}', "null", '{"description":"x"} more', "{,}" },
      [214] = { '{"descripton":"x"}', '{"a\\"b":{"acl":[]}}' },
      -- a value of the wrong type
      [215] = {
        '{"description":5}', '{"metadata":{}}', '{"acl":"bind:a.example.com"}', '{"acl":{}}',
        '{"acl" : { } }', '{"acl":{"a":"b"}}', '{"acl":[1]}', '{"acl":[null]}', '{"acl":[[]]}',
        '{"owner_id":true}', '{"description":"\\"acl\\":[","\\u0061cl":{}}',
      },
      [604] = { long("description", ("é"):rep(128)) }, -- bytes count, not characters
      [605] = { long("metadata", ("x"):rep(4097)) },
    }
    for number, bodies in pairs(bad) do
      for _, body in ipairs(bodies) do
        it(("%s, %q"):format(number, body:sub(1, 60)), function()
          refused(number, 400, one:create(body))
        end)
      end
    end

    it("but not what is as long as it may be, or looks like a bad ACL in a string", function()
      read(one:create(long("description", ("é"):rep(127) .. "x")))
      read(one:create(long("metadata", ("x"):rep(4096))))
      read(one:create '{"description":"\\"acl\\":{}","acl":[]}')
    end)

    it("rules that are not of the ACL's grammar", function()
      for _, rule in ipairs {
        "", "bind:", "bind", "allow:x.example.com", "**", "bind:a b.example.com", "bind:a..b",
        "bind:-a.example.com", "bind:a.*.com", "bind:a*b.example.com", "bind:a.example.com:0",
        "bind:a.example.com:65536", "bind:=x", "bind:x=", "bind:x",
      } do
        assert.matches(rule, refused(600, 400, one:create('{"acl":["*","' .. rule .. '"]}')), 1, true)
      end
    end)

    it("but not rules that are", function()
      for _, rule in ipairs {
        "*", "bind:*", "bind:foo.ngrok.app", "bind:*.example.com", "bind:1.tcp.ngrok.io:20002",
        "bind:foo=bar", "bind:*=bar", "bind:foo=*", "bind:*=*",
      } do
        read(one:create('{"acl":["' .. rule .. '"]}'))
      end
    end)
  end)

  describe("by the owner:", function()
    -- The options of an account, who is named, and the number of the refusal or the id of the owner.
    local owners = { "usr_1", ["alan@example.com"] = "usr_2" }
    local some = { admin = false, owner_id = "usr_me", owners = { "usr_1" }, inactive_owners = { "usr_2" } }
    local unpaid = { plan = { owners = false }, owner_id = "usr_me" }
    for _, case in ipairs {
      { { owners = owners }, "usr_3", 634 },
      { { owners = owners }, "alan@example.com", "usr_2" },
      { { owners = owners, inactive_owners = { "usr_2" } }, "alan@example.com", 636 },
      { { inactive_owners = { "usr_2" } }, "usr_2", 636 },
      { { owner_id = "usr_me", owners = owners }, "usr_me", "usr_me" },
      -- A user who may name no other owner learns nothing about them.
      { some, "usr_1", 630 }, { some, "usr_2", 630 }, { some, "usr_3", 630 },
      { some, "usr_me", "usr_me" }, { some, "", "usr_me" },
      { unpaid, "usr_1", 633 }, { unpaid, "usr_me", 633 }, { unpaid, "", "usr_me" },
    } do
      it(("%q is %s"):format(case[2], case[3]), function()
        one = account.new(case[1])
        local response = one:create('{"owner_id":"' .. case[2] .. '"}')
        if type(case[3]) == "string" then
          assert.equal(case[3], read(response).owner_id)
        else
          refused(case[3], case[3] >= 634 and 400 or 403, response)
        end
      end)
    end
  end)

  describe("what the plan does not pay for:", function()
    local rules = {
      domain = "bind:a.example.com", wildcard = "bind:*.example.com", address = "bind:1.tcp.ngrok.io:2",
      label = "bind:a=b",
    }

    -- Calls `check` with the response to a create and to an update with these rules.
    local function try(check, ...)
      local id = one.emu:seed(1)[1].id
      local body = ('{"acl":%s}'):format(select("#", ...) > 0 and cjson.encode { ... } or "[]")
      check(one:create(body))
      check(one:send("PATCH", "/credentials/" .. id, body))
    end

    for allowed in pairs(rules) do
      it("every kind of rule but " .. allowed .. ", repeating it", function()
        one = account.new { plan = { acl_rules = { allowed } } }
        for kind, rule in pairs(rules) do
          try(kind == allowed and read or function(response)
            assert.matches(rule, refused(619, 403, response):gsub("\\/", "/"), 1, true)
          end, rules[allowed], rule)
        end
      end)
    end

    it("but not rules that permit everything, or none, where some are paid for", function()
      one = account.new { plan = { acl_rules = { "label" } } }
      try(read, "*")
      try(read, "bind:*")
      try(read)
    end)

    it("any rule, where none are paid for", function()
      one = account.new { plan = { acl_rules = {} } }
      for _, rule in ipairs { "*", "bind:*", rules.domain, rules.label } do
        try(function(response) refused(620, 402, response) end, rule)
      end
      try(read)
    end)

    it("but all of it, where nothing is said", function()
      one = account.new { plan = {} }
      read(one:create '{"acl":["bind:a.example.com"],"owner_id":"usr_1"}')
    end)

    it("after what is wrong with the rules themselves", function()
      one = account.new { plan = { acl_rules = {} } }
      refused(600, 400, one:create '{"acl":["deny:x"]}')
    end)
  end)

  describe("by the limits of the account:", function()
    it("more requests than the window allows, until the oldest has left it", function()
      one = account.new { rate_limit = { requests = 2, window = 60 } }
      one:list()
      one.now = one.now + 30
      one:list()
      local response = one:list()
      refused(226, 429, response)
      assert.is_nil(response.headers["retry-after"])
      one.now = one.now + 29.9
      assert.equal(429, one:list().status)
      one.now = one.now + 0.1
      assert.equal(200, one:list().status)
      assert.equal(429, one:list().status)
    end)

    it("and says when to come back if asked to", function()
      one = account.new { rate_limit = { requests = 1, window = 60, retry_after = true } }
      one:list()
      one.now = one.now + 20
      assert.equal("40", one:list().headers["retry-after"])
    end)

    it("but counts no stranger", function()
      one = account.new { rate_limit = { requests = 1, window = 60 } }
      one:list(nil, { authorization = false })
      assert.equal(200, one:list().status)
    end)

    it("more simultaneous requests than allowed", function()
      one = account.new { max_simultaneous = 2 }
      assert.equal(200, one:list(nil, nil, { simultaneous = 2 }).status)
      refused(225, 429, one:list(nil, nil, { simultaneous = 3 }))
    end)
  end)

  it("an unknown path or method, without a code", function()
    refused(false, 404, one:send("GET", "/unknown"))
    refused(false, 404, one:send("GET", "/"))
    refused(false, 404, one:send("PUT", "/credentials", "{}"))
  end)

  it("nothing of what other users of cjson have set", function()
    cjson.decode_max_depth(1)
    finally(function() cjson.decode_max_depth(1000) end)
    assert.equal(201, one:create('{"acl":["*"]}').status)
  end)
end)
