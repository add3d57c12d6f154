local cjson = require "cjson"
local emulator = require "ngrok.emulator"

describe("the emulated account refuses", function()
  local now

  before_each(function()
    now = 1700000000
  end)

  local function account(options)
    options = options or {}
    options.clock = function() return now end
    return emulator.new(options)
  end

  local function send(emu, request, changes)
    request.headers = {
      ["authorization"] = "Bearer " .. emu.api_key,
      ["ngrok-version"] = "2",
      ["content-type"] = "application/json",
    }
    for name, value in pairs(changes or {}) do
      request.headers[name] = value or nil
    end
    return emu:request(request)
  end

  local function list(emu, changes, more)
    local request = { method = "GET", path = "/credentials" }
    for name, value in pairs(more or {}) do
      request[name] = value
    end
    return send(emu, request, changes)
  end

  local function create(emu, body, changes)
    return send(emu, { method = "POST", path = "/credentials", body = body }, changes)
  end

  local function assert_refused(code, status, response)
    assert.equal(status, response.status)
    local body = cjson.decode(response.body)
    assert.equal(code, body.error_code)
    return body.msg
  end

  describe("by the Authorization header:", function()
    it("none", function()
      assert_refused("ERR_NGROK_200", 401, list(account(), { authorization = false }))
    end)

    it("neither Basic nor Bearer", function()
      assert_refused("ERR_NGROK_201", 401, list(account(), { authorization = "Digest x" }))
    end)

    it("what has not the form of a key, repeating it", function()
      local response = list(account(), { authorization = "Bearer secret" })
      local message = assert_refused("ERR_NGROK_202", 401, response)
      assert.truthy(message:find("secret", 1, true))
    end)

    it("a well-formed key that is not the account's, repeating it", function()
      local response = list(account(), { authorization = "Bearer a1_b2" })
      local message = assert_refused("ERR_NGROK_203", 401, response)
      assert.truthy(message:find("a1_b2", 1, true))
    end)

    it("an authtoken, repeating it", function()
      local emu = account()
      local token = emu:seed(1)[1].token
      local response = list(emu, { authorization = "Bearer " .. token })
      local message = assert_refused("ERR_NGROK_206", 401, response)
      assert.truthy(message:find(token, 1, true))
    end)

    it("the id of a credential", function()
      assert_refused("ERR_NGROK_207", 401, list(account(), { authorization = "Bearer cr_2TMG" }))
    end)

    it("the id of a key", function()
      assert_refused("ERR_NGROK_208", 401, list(account(), { authorization = "Bearer ak_2TMG" }))
    end)

    it("a write with a key that may only read", function()
      local emu = account { read_only_key = "read_only" }
      local changes = { authorization = "Bearer read_only" }
      assert.equal(200, list(emu, changes).status)
      assert_refused("ERR_NGROK_635", 403, create(emu, "{}", changes))
    end)

    it("but takes the key as the user name of Basic", function()
      local emu = account { api_key = "first_second" }
      assert.equal(200, list(emu, { authorization = "Basic Zmlyc3Rfc2Vjb25kOg==" }).status)
    end)
  end)

  describe("by the other headers:", function()
    it("no version", function()
      assert_refused("ERR_NGROK_218", 400, list(account(), { ["ngrok-version"] = false }))
    end)

    it("another version", function()
      assert_refused("ERR_NGROK_217", 400, list(account(), { ["ngrok-version"] = "1" }))
    end)

    it("a body without Content-Type", function()
      assert_refused("ERR_NGROK_216", 400, create(account(), "{}", { ["content-type"] = false }))
    end)

    it("a body that is not JSON by its Content-Type", function()
      assert_refused("ERR_NGROK_210", 400, create(account(), "{}", { ["content-type"] = "text/plain" }))
    end)

    it("but takes a Content-Type with a charset", function()
      local changes = { ["content-type"] = "Application/JSON; charset=utf-8" }
      assert.equal(201, create(account(), "{}", changes).status)
    end)
  end)

  describe("by the body:", function()
    local bad_json = { "", "[]", '"x"', "{", '{"description":}', "null", '{"description":"x"} more' }
    for _, body in ipairs(bad_json) do
      it(("%q, which is no JSON object"):format(body), function()
        assert_refused("ERR_NGROK_213", 400, create(account(), body))
      end)
    end

    local wrong_types = {
      '{"description":5}', '{"metadata":{}}', '{"acl":"bind:a.example.com"}', '{"acl":{}}',
      '{"acl" : { } }',
      '{"acl":{"a":"b"}}', '{"acl":[1]}', '{"acl":[null]}', '{"acl":[[]]}', '{"owner_id":true}',
      '{"description":"\\"acl\\":[","\\u0061cl":{}}',
    }
    for _, body in ipairs(wrong_types) do
      it(body .. ", a value of the wrong type", function()
        assert_refused("ERR_NGROK_215", 400, create(account(), body))
      end)
    end

    it("an unknown member", function()
      assert_refused("ERR_NGROK_214", 400, create(account(), '{"descripton":"x"}'))
    end)

    it("an unknown member whose name has a quote in it", function()
      assert_refused("ERR_NGROK_214", 400, create(account(), '{"a\\"b":{"acl":[]}}'))
    end)

    it("but not a description that only looks like a bad ACL", function()
      assert.equal(201, create(account(), '{"description":"\\"acl\\":{}","acl":[]}').status)
    end)

    it("a description of more than 255 bytes", function()
      assert_refused("ERR_NGROK_604", 400, create(account(), '{"description":"' .. ("é"):rep(128) .. '"}'))
    end)

    it("but not one of exactly 255 bytes", function()
      assert.equal(201, create(account(), '{"description":"' .. ("é"):rep(127) .. 'x"}').status)
    end)

    it("metadata of more than 4096 bytes", function()
      assert_refused("ERR_NGROK_605", 400, create(account(), '{"metadata":"' .. ("x"):rep(4097) .. '"}'))
      assert.equal(201, create(account(), '{"metadata":"' .. ("x"):rep(4096) .. '"}').status)
    end)

    local good_rules = {
      "*", "bind:*", "bind:foo.ngrok.app", "bind:*.example.com", "bind:1.tcp.ngrok.io:20002",
      "bind:foo=bar", "bind:*=bar", "bind:foo=*", "bind:*=*",
    }
    for _, rule in ipairs(good_rules) do
      it("but not the rule " .. rule, function()
        assert.equal(201, create(account(), '{"acl":["' .. rule .. '"]}').status)
      end)
    end

    local bad_rules = {
      "", "bind:", "bind", "allow:x.example.com", "**", "bind:a b.example.com", "bind:a..b",
      "bind:-a.example.com",
      "bind:a.*.com", "bind:a*b.example.com",
      "bind:a.example.com:0", "bind:a.example.com:65536", "bind:=x", "bind:x=", "bind:x",
    }
    for _, rule in ipairs(bad_rules) do
      it(("the rule %q"):format(rule), function()
        assert_refused("ERR_NGROK_600", 400, create(account(), '{"acl":["*","' .. rule .. '"]}'))
      end)
    end

    it("an owner that the account does not know", function()
      local emu = account { owners = { "usr_1", ["alan@example.com"] = "usr_2" } }
      assert_refused("ERR_NGROK_634", 400, create(emu, '{"owner_id":"usr_3"}'))
    end)

    it("but turns an owner's address into its id", function()
      local emu = account { owners = { "usr_1", ["alan@example.com"] = "usr_2" } }
      local response = create(emu, '{"owner_id":"alan@example.com"}')
      assert.equal("usr_2", cjson.decode(response.body).owner_id)
    end)

    it("an owner who is inactive, by whatever name", function()
      local emu = account { inactive_owners = { "usr_2" }, owners = { ["alan@example.com"] = "usr_2" } }
      assert_refused("ERR_NGROK_636", 400, create(emu, '{"owner_id":"alan@example.com"}'))
      assert_refused("ERR_NGROK_636", 400, create(emu, '{"owner_id":"usr_2"}'))
    end)

    it("but not the one whose key it is, who need not be among the owners", function()
      local emu = account { owner_id = "usr_me", owners = { "usr_1" } }
      assert.equal(201, create(emu, '{"owner_id":"usr_me"}').status)
    end)
  end)

  describe("what only an admin may:", function()
    it("naming another owner, whether there is such a one or not", function()
      local emu = account { admin = false, owners = { "usr_1" }, inactive_owners = { "usr_2" } }
      for _, owner in ipairs { "usr_1", "usr_2", "usr_3" } do
        assert_refused("ERR_NGROK_630", 403, create(emu, '{"owner_id":"' .. owner .. '"}'))
      end
    end)

    it("but not naming oneself, or nobody", function()
      local emu = account { admin = false, owner_id = "usr_me" }
      assert.equal(201, create(emu, '{"owner_id":"usr_me"}').status)
      assert.equal(201, create(emu, "{}").status)
    end)
  end)

  describe("what the plan does not pay for:", function()
    local rules = {
      domain = "bind:a.example.com", wildcard = "bind:*.example.com", address = "bind:1.tcp.ngrok.io:2",
      label = "bind:a=b",
    }

    local function update(emu, id, body)
      return send(emu, { method = "PATCH", path = "/credentials/" .. id, body = body })
    end

    for allowed in pairs(rules) do
      it("every kind of rule but " .. allowed .. ", repeating it", function()
        local emu = account { plan = { acl_rules = { allowed } } }
        local id = emu:seed(1)[1].id
        for kind, rule in pairs(rules) do
          local body = '{"acl":["' .. rules[allowed] .. '","' .. rule .. '"]}'
          if kind == allowed then
            assert.equal(201, create(emu, body).status)
            assert.equal(200, update(emu, id, body).status)
          else
            local message = assert_refused("ERR_NGROK_619", 403, create(emu, body))
            assert.truthy(message:find(rule, 1, true))
            assert_refused("ERR_NGROK_619", 403, update(emu, id, body))
          end
        end
      end)
    end

    it("but not rules that permit everything, or none, where some are paid for", function()
      local emu = account { plan = { acl_rules = { "label" } } }
      for _, list_of_rules in ipairs { '"*"', '"bind:*"', "" } do
        assert.equal(201, create(emu, '{"acl":[' .. list_of_rules .. "]}").status)
      end
    end)

    it("any rule, where none are paid for", function()
      local emu = account { plan = { acl_rules = {} } }
      local id = emu:seed(1)[1].id
      for _, rule in ipairs { "*", "bind:*", rules.domain, rules.label } do
        assert_refused("ERR_NGROK_620", 402, create(emu, '{"acl":["' .. rule .. '"]}'))
        assert_refused("ERR_NGROK_620", 402, update(emu, id, '{"acl":["' .. rule .. '"]}'))
      end
      assert.equal(201, create(emu, '{"acl":[]}').status)
      assert.equal(200, update(emu, id, '{"description":"x"}').status)
    end)

    it("naming an owner", function()
      local emu = account { plan = { owners = false }, owner_id = "usr_me", owners = { "usr_1" } }
      assert_refused("ERR_NGROK_633", 403, create(emu, '{"owner_id":"usr_1"}'))
      assert_refused("ERR_NGROK_633", 403, create(emu, '{"owner_id":"usr_me"}'))
      assert.equal(201, create(emu, "{}").status)
    end)

    it("but all of it, where nothing is said", function()
      local emu = account { plan = {} }
      assert.equal(201, create(emu, '{"acl":["bind:a.example.com"],"owner_id":"usr_1"}').status)
    end)

    it("after what is wrong with the rules themselves", function()
      local emu = account { plan = { acl_rules = {} } }
      assert_refused("ERR_NGROK_600", 400, create(emu, '{"acl":["deny:x"]}'))
    end)
  end)

  describe("by the limits of the account:", function()
    it("more requests than the window allows, until the oldest has left it", function()
      local emu = account { rate_limit = { requests = 2, window = 60 } }
      list(emu)
      now = now + 30
      list(emu)
      local response = list(emu)
      assert_refused("ERR_NGROK_226", 429, response)
      assert.is_nil(response.headers["retry-after"])
      now = now + 29.9
      assert.equal(429, list(emu).status)
      now = now + 0.1
      assert.equal(200, list(emu).status)
      assert.equal(429, list(emu).status)
    end)

    it("and says when to come back if asked to", function()
      local emu = account { rate_limit = { requests = 1, window = 60, retry_after = true } }
      list(emu)
      now = now + 20
      assert.equal("40", list(emu).headers["retry-after"])
    end)

    it("but counts no stranger", function()
      local emu = account { rate_limit = { requests = 1, window = 60 } }
      list(emu, { authorization = false })
      assert.equal(200, list(emu).status)
    end)

    it("more simultaneous requests than allowed", function()
      local emu = account { max_simultaneous = 2 }
      assert.equal(200, list(emu, nil, { simultaneous = 2 }).status)
      assert_refused("ERR_NGROK_225", 429, list(emu, nil, { simultaneous = 3 }))
    end)
  end)

  it("an unknown path, without a code", function()
    local response = list(account(), nil, { path = "/tunnels" })
    assert.equal(404, response.status)
    assert.is_nil(cjson.decode(response.body).error_code)
  end)

  it("an unknown method, without a code", function()
    local response = list(account(), nil, { method = "PUT" })
    assert.equal(404, response.status)
    assert.is_nil(cjson.decode(response.body).error_code)
  end)

  it("nothing of what other users of cjson have set", function()
    cjson.decode_max_depth(1)
    finally(function() cjson.decode_max_depth(1000) end)
    assert.equal(201, create(account(), '{"acl":["*"]}').status)
  end)
end)
