-- credential:permits(name): what an agent may bind, judged by the credential's rules. The C tests have every
-- rule and every name.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

describe("permits", function()
  local emu, client

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu, max_retries = 0, rate_limit = false })
  end)

  after_each(function()
    client:close()
  end)

  -- A response may hold any rule, those of tomorrow among them.
  local function with(acl_json)
    emu:misbehave { kind = "body", body = ('{"id":"cr_1","acl":%s}'):format(acl_json) }
    return assert(client.credentials:get("cr_1"))
  end

  local function refusal(permitted, err)
    assert.is_nil(permitted)
    assert.is_true(ngrok.is_error(err))
    assert.same({ "invalid", "validate", "not_sent", "credentials.permits" },
      { err.kind, err.phase, err.outcome, err.operation })
    return err.message
  end

  it("judges a name by the credential's own rules, and sends nothing", function()
    local cred = assert(client.credentials:create {
      acl = { "bind:*.example.com", "bind:1.tcp.ngrok.io:20002", "bind:app=*" },
    })
    client:close()
    for name, expected in pairs {
      ["x.example.com"] = true, ["A.B.Example.COM"] = true, ["*.example.com"] = true,
      ["example.com"] = false, ["other.com"] = false,
      ["1.tcp.ngrok.io:20002"] = true, ["1.tcp.ngrok.io:20003"] = false,
      ["app=web"] = true, ["app=Web"] = true, ["job=web"] = false,
    } do
      local permitted, err = cred:permits(name)
      assert.equal(expected, permitted, name)
      assert.is_nil(err)
    end
    refusal(cred:permits("a b"))
    assert.equal(1, #emu:requests())
  end)

  it("follows an update", function()
    local cred = assert(client.credentials:create { acl = { "bind:a.com" } })
    assert(cred:update { acl = { "bind:b.com" } })
    assert.same({ false, true }, { cred:permits("a.com"), (cred:permits("b.com")) })
    assert(cred:update { acl = {} })
    assert.is_true(cred:permits("a.com"))
  end)

  it("is true for every name without rules, or with one that permits everything", function()
    for _, json in ipairs { "[]", "null", '["*"]', '["bind:*"]', '["bind:a.com","*"]' } do
      for _, name in ipairs { "x.com", "*.x.com", "x.com:1", "x=y" } do
        assert.is_true(with(json):permits(name))
      end
    end
  end)

  describe("with a rule of an unknown kind", function()
    it("is nil and an error that has the rule's place, and nothing of the rule", function()
      local message = refusal(with('["bind:a.com","secret:s3cr3t","bind:tcp://c.com:1"]'):permits("x.com"))
      assert.matches("acl[2]", message, 1, true)
      assert.is_nil(message:find("s3cr3t", 1, true))
      refusal(with('[""]'):permits("a.com")) -- which is not an empty list
    end)

    it("is true where another rule permits the name", function()
      assert.is_true(with('["bind:a.com","allow:x"]'):permits("a.com"))
      assert.is_true(with('["allow:x","bind:a.com"]'):permits("a.com"))
    end)
  end)

  it("is nil and an error for a text that no agent can bind", function()
    for _, name in ipairs { "", "*", "a b", "a.com.", "https://a.com", "a.com:0", "*:1", "k=", "a.com\0" } do
      for _, json in ipairs { '["*"]', "[]", '["bind:a.com"]' } do
        refusal(with(json):permits(name))
      end
    end
    assert.matches('must not start with "bind:"', refusal(with("[]"):permits("bind:a.com")), 1, true)
  end)

  it("raises for a value other than a string, and names the argument and the line", function()
    local cred = with("[]")
    for _, value in ipairs { 1, true, {}, print, false } do
      local line = debug.getinfo(1, "l").currentline + 1
      local fine, message = pcall(function() cred:permits(value or nil) end)
      assert.is_false(fine)
      assert.matches("name must be a string, got " .. type(value or nil), message, 1, true)
      assert.matches(("permits_spec.lua:%d:"):format(line), message, 1, true)
    end
  end)
end)
