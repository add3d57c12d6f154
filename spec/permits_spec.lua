-- cred:permits(name): what an agent may bind, judged by the credential's rules.
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

  local function refusal(...)
    local response, err = ...
    assert.is_nil(response)
    assert.is_true(ngrok.is_error(err))
    assert.equal("invalid", err.kind)
    assert.equal("validate", err.phase)
    assert.equal("not_sent", err.outcome)
    assert.equal("credentials.permits", err.operation)
    return err.message
  end

  describe("with the credential's own rules", function()
    for name, response in pairs {
      ["x.example.com"] = true,
      ["A.B.Example.COM"] = true,
      ["*.example.com"] = true,
      ["example.com"] = false,
      ["other.com"] = false,
      ["1.tcp.ngrok.io:20002"] = true,
      ["1.tcp.ngrok.io:20003"] = false,
      ["app=web"] = true,
      ["app=Web"] = true,
      ["job=web"] = false,
    } do
      it(("is %s for %s"):format(tostring(response), name), function()
        local cred = assert(client.credentials:create {
          acl = { "bind:*.example.com", "bind:1.tcp.ngrok.io:20002", "bind:app=*" },
        })
        local got, err = cred:permits(name)
        assert.equal(response, got)
        assert.is_nil(err)
      end)
    end

    it("asks nothing of the server", function()
      local cred = assert(client.credentials:create { acl = { "bind:a.com" } })
      local before = #emu:requests()
      assert.is_true(cred:permits("a.com"))
      assert.equal(before, #emu:requests())
    end)

    it("works when the client is closed", function()
      local cred = assert(client.credentials:create { acl = { "bind:a.com" } })
      client:close()
      assert.is_true(cred:permits("a.com"))
      assert.is_false(cred:permits("b.com"))
      refusal(cred:permits("a b"))
    end)

    it("follows an update", function()
      local cred = assert(client.credentials:create { acl = { "bind:a.com" } })
      assert(cred:update { acl = { "bind:b.com" } })
      assert.is_false(cred:permits("a.com"))
      assert.is_true(cred:permits("b.com"))
      assert(cred:update { acl = {} })
      assert.is_true(cred:permits("a.com"))
    end)
  end)

  for name, json in pairs {
    ["an empty list"] = "[]", ["no list"] = "null", ["*"] = '["*"]', ["bind:*"] = '["bind:*"]',
    ["* among others"] = '["bind:a.com","*"]',
  } do
    it("is true for everything that can be bound with " .. name, function()
      local cred = with(json)
      for _, each in ipairs { "x.com", "*.x.com", "x.com:1", "x=y" } do
        assert.is_true(cred:permits(each), each)
      end
    end)
  end

  describe("with a rule of a kind that is not known", function()
    it("is nil and an error that names the rule's place", function()
      local cred = with '["bind:a.com","deny:b.com","bind:tcp://c.com:1","bind:d.com"]'
      assert.matches("acl[2]", refusal(cred:permits("x.com")), 1, true)
    end)

    it("is true where another rule permits the name, before it or behind", function()
      assert.is_true(with('["bind:a.com","allow:x"]'):permits("a.com"))
      assert.is_true(with('["allow:x","bind:a.com"]'):permits("a.com"))
    end)

    it("tells nothing of what the rule says", function()
      local message = refusal(with('["secret:s3cr3t"]'):permits("a.com"))
      assert.is_nil(message:find("s3cr3t", 1, true))
    end)

    it("does not take an empty rule for an empty list", function()
      refusal(with('[""]'):permits("a.com"))
    end)
  end)

  describe("asked for what is no name", function()
    for _, name in ipairs {
      "", "*", "a b", "a.com.", "https://a.com", "a.com/x", "a.com:0", "a.com:http", "*.*.com", "*:1",
      "key=", "=value", "key=*", "a.com\0", "b\195\188cher.example",
    } do
      it(("is nil and an error: %q"):format(name), function()
        refusal(with('["*"]'):permits(name))
        refusal(with("[]"):permits(name))
        refusal(with('["bind:a.com"]'):permits(name))
      end)
    end

    it("tells that the name goes without bind:", function()
      assert.matches('without "bind:"', refusal(with("[]"):permits("bind:a.com")), 1, true)
    end)
  end)

  describe("called wrongly", function()
    local function message_of(...)
      local fine, err = pcall(...)
      assert.is_false(fine)
      return err
    end

    for _, value in ipairs { 1, true, {}, print } do
      it("raises, names the argument and the line: " .. type(value), function()
        local cred = with("[]")
        local line = debug.getinfo(1, "l").currentline + 1
        local message = message_of(function() cred:permits(value) end)
        assert.matches("name must be a string, got " .. type(value), message, 1, true)
        assert.matches(("permits_spec.lua:%d:"):format(line), message, 1, true)
      end)
    end

    it("raises without an argument", function()
      local cred = with("[]")
      assert.matches("name must be a string, got nil", message_of(function() cred:permits() end), 1, true)
    end)

    it("raises with a dot", function()
      local cred = with('["bind:a.com"]')
      assert.matches("colon", message_of(function() cred.permits("a.com") end), 1, true)
      assert.matches("colon", message_of(function() cred.permits({ acl = {} }, "a.com") end), 1, true)
    end)
  end)
end)
