-- What the operations refuse before they send anything, what they raise, and what `validate = false` lets
-- through. The C tests have every rule, id and text that is refused; text_spec has lengths and UTF-8.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"

local nan = 0 / 0
local unchecked = { validate = false }

describe("input:", function()
  local emu, client, credentials

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu })
    credentials = client.credentials
  end)

  after_each(function()
    client:close()
  end)

  -- The words are parts of the message.
  local function assert_refused(operation, words, value, err)
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(err))
    assert.same({ "invalid", "validate", "not_sent", 0, operation },
      { err.kind, err.phase, err.outcome, err.attempts, err.operation })
    for _, word in ipairs(words) do
      assert.matches(word, err.message, 1, true)
    end
    assert.same({}, emu:requests())
  end

  local function assert_raises(words, call, ...)
    local fine, message = pcall(call, ...)
    assert.is_false(fine)
    assert.is_string(message)
    for _, word in ipairs(words) do
      assert.matches(word, message, 1, true)
    end
    assert.same({}, emu:requests())
    assert.equal(0, client:pending())
  end

  local function create(...)
    return credentials:create(...)
  end

  local function update(...)
    return credentials:update("cr_1", ...)
  end

  local function list(...)
    return credentials:list(...)
  end

  -- A credential that was read, and no request that the account remembers.
  local function read(json)
    emu:misbehave { kind = "body", body = json or '{"id":"cr_1"}' }
    local cred = assert(credentials:get "cr_1")
    emu:reset()
    return cred
  end

  describe("an id that may not be in a path", function()
    for _, id in ipairs { "", "..", "../api_keys?x=1", "cr_1\r\nX: y", "cr_1\0x", "cr%2F1", "cr_\255" } do
      it(("is refused wherever it is given, also with validate = false: %q"):format(id), function()
        for _, options in ipairs { {}, unchecked } do
          local words = { id == "" and "id is empty" or "id may have only letters, digits, _ and -" }
          assert_refused("credentials.get", words, credentials:get(id, options))
          assert_refused("credentials.delete", words, credentials:delete(id, options))
          assert_refused("credentials.update", words, credentials:update(id, { description = "x" }, options))
          assert_refused("credentials.list", { "before_id" }, list({ before_id = id }, options):next())
        end
      end)
    end

    it("is not in the message", function()
      local _, err = credentials:get "cr_1\r\nX-Evil: yes"
      assert.is_nil(tostring(err):find("Evil", 1, true))
    end)

    it("is refused when it comes from a response", function()
      emu:misbehave { kind = "body", body = '{"id":"../api_keys"}' }
      local cred = assert(credentials:create())
      emu:reset()
      assert_refused("credentials.delete", { "id" }, cred:delete())
      assert_refused("credentials.get", { "id" }, cred:reload())
      assert_refused("credentials.update", { "id" }, cred:update { description = "x" })
    end)
  end)

  it("an id that the API does not know is sent", function()
    local _, err = credentials:get "a-B_9"
    assert.equal("api", err.kind)
    assert.equal(1, #emu:requests())
  end)

  describe("a rule of an acl", function()
    local good = { "*", "bind:*", "bind:*.a.com", "bind:1.tcp.ngrok.io:20002", "bind:my-key=my.value/x:y" }

    it("that is right is sent", function()
      assert.same(good, assert(create { acl = good }).acl)
    end)

    for _, rule in ipairs { "", "allow:a.com", "bind:", "bind:a b.com", "bind:a.com\n", "bind:a.com\0" } do
      it(("that is wrong is refused by its place: %q"):format(rule), function()
        assert_refused("credentials.create", { "acl[2]" }, create { acl = { "*", rule, "bind:b.com" } })
        assert_refused("credentials.update", { "acl[1]" }, update { acl = { rule } })
        assert_refused("credentials.update", { "acl[1]" }, read():update { acl = { rule } })
      end)
    end

    it("that is wrong has a message that says what a rule must be", function()
      assert_refused("credentials.create", { '"*" or start with "bind:"' }, create { acl = { "nonsense" } })
    end)
  end)

  it("an update of nothing is refused, also with validate = false", function()
    assert_refused("credentials.update", { "nothing to update" }, update {})
    assert_refused("credentials.update", { "nothing to update" }, update({}, unchecked))
    assert_refused("credentials.update", { "nothing to update" }, read():update {})
  end)

  -- Longer ones broke off over HTTP/2, and libcurl blamed its memory or the server for them.
  it("a URL of more than 60000 bytes is refused, and one of 60000 is sent", function()
    local words = { "the URL would be ", "the limit is 60000" }
    for _, length in ipairs { 60000, 2 ^ 20, 8000001 } do
      assert_refused("credentials.get", words, credentials:get(("x"):rep(length)))
      assert_refused("credentials.list", words, list({ filter = ("x"):rep(length) }):all())
    end
    local told
    credentials:get(("x"):rep(60000), { on_done = function(_, err) told = err end })
    client:step(0)
    assert_refused("credentials.get", words, nil, told)
    local _, err = credentials:get(("x"):rep(60000 - #(emu.base_url .. "/credentials/")))
    assert.equal("api", err.kind)
  end)

  describe("a limit", function()
    it("outside of 1 to 100, or with a fraction, is refused", function()
      for _, limit in ipairs { 0, 101, 1.5, -1, 2 ^ 53, 1e300, math.huge, -math.huge, nan, 100.5 } do
        assert_refused("credentials.list", { "limit", "1", "100", tostring(limit) },
          list({ limit = limit }):next())
      end
    end)

    it("is sent as a whole number, also when it is a float", function()
      for index, limit in ipairs { 1, 100, 10 / 2 } do
        assert(list({ limit = limit }):all())
        assert.equal(("limit=%d"):format(limit), emu:requests()[index].query)
      end
    end)
  end)

  describe("a value of the wrong type raises:", function()
    local attributes = { "description", "metadata", "owner_id", "acl" }

    for name, value in pairs {
      ["a number"] = 1, ["a boolean"] = false, ["a function"] = print, ["a file"] = io.stdout,
    } do
      local got = "got " .. type(value)

      it(name .. " for an attribute or an item of acl, also with validate = false", function()
        for _, attribute in ipairs(attributes) do
          local words = { "credentials.create", "'" .. attribute .. "'", got }
          assert_raises(words, create, { [attribute] = value })
          assert_raises(words, create, { [attribute] = value }, unchecked)
          if attribute ~= "owner_id" then
            words[1] = "credentials.update"
            assert_raises(words, update, { [attribute] = value })
          end
        end
        assert_raises({ "acl[2]", got }, create, { acl = { "*", value } })
      end)

      it(name .. " for a list's parameter", function()
        local right = { limit = "number", prefetch = "boolean" }
        for _, parameter in ipairs { "limit", "before_id", "filter", "prefetch" } do
          if type(value) ~= right[parameter] then
            assert_raises({ "'" .. parameter .. "'", "expected, got" }, list, { [parameter] = value })
          end
        end
      end)

      it(name .. " for an id, for the attributes or for the options", function()
        for _, verb in ipairs { "get", "delete", "update" } do
          local words = { "credentials." .. verb, "id", got }
          assert_raises(words, credentials[verb], credentials, value, verb == "update" and {} or nil)
        end
        assert_raises({ "credentials.create", "attributes", got }, create, value)
        assert_raises({ "credentials.update", "attributes", got }, update, value)
        assert_raises({ "list's parameters", got }, list, value)
        assert_raises({ "list's options", got }, list, {}, value)
        assert_raises({ "call's options", got }, create, {}, value)
        assert_raises({ "call's options", got }, update, { description = "x" }, value)
        assert_raises({ "call's options", got }, credentials.get, credentials, "cr_1", value)
        assert_raises({ "call's options", got }, credentials.delete, credentials, "cr_1", value)
      end)
    end

    it("a table for a string, and a string for a table", function()
      for _, attribute in ipairs { "description", "metadata", "owner_id" } do
        assert_raises({ "'" .. attribute .. "'", "string expected, got table" }, create, { [attribute] = {} })
      end
      assert_raises({ "'acl'", "array of strings expected, got string" }, create, { acl = "*" })
      assert_raises({ "acl[1]", "got table" }, create, { acl = { {} } })
      assert_raises({ "credentials.get", "id", "got table" }, credentials.get, credentials, { id = "cr_1" })
      assert_raises({ "attributes", "got string" }, update, "x")
      assert_raises({ "'limit'", "expected, got string" }, list, { limit = "5" })
    end)

    it("an acl that is not a sequence", function()
      for _, acl in ipairs {
        { [2] = "*" }, { "*", nil, "*" }, { rule = "*" }, { "*", n = 1 }, { [0] = "*", "*" },
        { "*", [1.5] = "*" }, { "*", [-1] = "*" }, { [true] = "*" },
      } do
        assert_raises({ "'acl'", "array of strings" }, create, { acl = acl })
        assert_raises({ "'acl'", "array of strings" }, update, { acl = acl })
      end
    end)

    it("nil for an id, or for the attributes of an update", function()
      for _, verb in ipairs { "get", "delete", "update" } do
        assert_raises({ "credentials." .. verb, "id", "nil" }, credentials[verb], credentials)
      end
      assert_raises({ "credentials.update", "attributes", "nil" }, update)
      local cred = read()
      assert_raises({ "attributes must be a table" }, cred.update, cred)
    end)

    it("an option", function()
      for name, values in pairs {
        timeout = { 0, -1, nan, "5", true }, max_wait = { -1, nan, "5" },
        max_retries = { -1, 0.5, 101, "0" }, validate = { "no", 0 }, wait = { 0, "no" },
        on_done = { "f", {} },
      } do
        for _, value in ipairs(values) do
          local words = { "'" .. name .. "'", "expected, got" }
          assert_raises(words, credentials.get, credentials, "cr_1", { [name] = value })
          assert_raises(words, create, {}, { [name] = value })
          assert_raises({ name }, list, {}, { [name] = value })
        end
      end
    end)
  end)

  describe("an unknown name raises, and the message has the known ones:", function()
    for what, case in pairs {
      ["an attribute of create"] = {
        call = create, known = "description, metadata, acl, owner_id",
        names = { "desc", "Description", "id", "uri", "created_at", "token", "validate", "" },
      },
      ["an attribute of update"] = {
        call = update, known = "description, metadata, acl)", names = { "owner_id", "id", "token", "desc" },
      },
      ["a parameter of list"] = {
        call = list, known = "before_id, filter, limit",
        names = { "beforeId", "page", "before", "wait", "description" },
      },
      ["an option of a call"] = {
        call = function(options) return create({}, options) end, known = "timeout",
        names = { "tiemout", "on_event", "prefetch", "retries", "api_key" },
      },
      ["an option of a list"] = {
        call = function(options) return list({}, options) end, known = "timeout",
        names = { "wait", "on_done", "limit" },
      },
    } do
      it(what, function()
        for _, name in ipairs(case.names) do
          assert_raises({ "'" .. name .. "'", case.known }, case.call, { [name] = "x" })
        end
      end)
    end

    it("an attribute, also with validate = false, or of a credential's update", function()
      assert_raises({ "'new_attribute'" }, create, { new_attribute = "x" }, unchecked)
      local cred = read()
      assert_raises({ "'owner_id'" }, cred.update, cred, { owner_id = "usr_1" })
    end)

    it("a name that is not a string", function()
      for _, key in ipairs { 1, 1.5, true, print } do
        assert_raises({ "credentials.create", "name", "got " .. type(key) }, create, { [key] = "x" })
      end
    end)
  end)

  it("the message of a usage error begins with the line of the call", function()
    local cred = assert(credentials:create {})
    for _, call in ipairs {
      function() credentials:create(1) end,
      function() credentials:create { description = 1 } end,
      function() credentials:create { desc = "x" } end,
      function() credentials:create({}, { tiemout = 1 }) end,
      function() credentials:get(1) end,
      function() credentials:get("cr_1", { timeout = "x" }) end,
      function() credentials:update "cr_1" end,
      function() credentials:update("cr_1", { acl = 1 }) end,
      function() credentials:delete() end,
      function() credentials:delete("cr_1", { x = 1 }) end,
      function() credentials:list { x = 1 } end,
      function() credentials:list({}, { x = 1 }) end,
      function() credentials.create {} end,
      function() cred:update(1) end,
      function() cred:update { desc = "x" } end,
      function() cred:update({ description = "x" }, { x = 1 }) end,
      function() cred:delete { x = 1 } end,
      function() cred:reload { x = 1 } end,
    } do
      local fine, message = pcall(call)
      assert.is_false(fine)
      local line = debug.getinfo(call, "S").linedefined
      assert.matches(("input_spec.lua:%d:"):format(line), message, 1, true)
    end
  end)

  it("what is sent is what was checked, although a metamethod changes the array in between", function()
    local acl = { "*" }
    assert(credentials:create(setmetatable({ acl = acl }, {
      __index = function(_, name)
        if name == "owner_id" then
          acl[1], acl[2] = "x\255", {}
        end
      end,
    })))
    assert.equal('{"acl":["*"]}', emu:requests()[1].body)
  end)

  describe("the rules of a table with __index", function()
    it("are sent, and not an empty list, which permits everything", function()
      local rules = setmetatable({}, { __index = { "bind:a.example.com", "bind:b.example.com" } })
      assert(credentials:create { acl = rules })
      assert.equal('{"acl":["bind:a.example.com","bind:b.example.com"]}', emu:requests()[1].body)
    end)

    it("raise when they are 100000 or more, of which plain tables may have any number", function()
      for _, most in ipairs { 100001, math.huge } do
        local rules = setmetatable({}, { __index = function(_, index)
          return index <= most and "bind:a.example.com" or nil
        end, __len = function() return 100001 end })
        assert_raises({ "bad attribute 'acl' (its __index gives 100000 items or more: copy them into a "
          .. "plain table)" }, create, { acl = rules })
      end
      local plain = {}
      for index = 1, 100001 do
        plain[index] = "bind:a.example.com"
      end
      emu:misbehave { kind = "body", body = '{"id":"cr_1"}' } -- the emulator takes a second for so many
      assert(credentials:create { acl = plain })
      assert.equal(100001, select(2, emu:requests()[1].body:gsub('"bind:a.example.com"', "")))
    end)
  end)

  -- In its own process: to read as a table what is none may end it.
  it("what a table inherits is not sent unchecked", function()
    local result = child.run [[
      local emu = require("ngrok.emulator").new()
      local credentials = assert(require("ngrok").client { transport = emu }).credentials
      for _, attributes in ipairs {
        { description = ("x"):rep(256) }, { description = 12345 }, { metadata = "\255" },
        { acl = "*" }, { acl = 1 }, { acl = true }, { acl = print },
      } do
        pcall(credentials.create, credentials, setmetatable({}, { __index = attributes }))
      end
      for _, request in ipairs(emu:requests()) do
        assert(request.body == "{}", request.body)
      end
    ]]
    assert.same({ 0, "" }, { result.status, result.errors })
  end)
end)

hosts.describe("validate = false", function(host)
  local emu, credentials

  before_each(function()
    emu, credentials = host.emulator, host.client.credentials
  end)

  local function assert_api_refused(code, value, err)
    assert.is_nil(value)
    assert.same({ "api", "rejected", 400, code }, { err.kind, err.outcome, err.status, err.code })
  end

  it("sends what we would refuse, and returns the API's own error", function()
    local acl = { "listen:a.com" }
    assert_api_refused("ERR_NGROK_604", credentials:create({ description = ("x"):rep(256) }, unchecked))
    assert_api_refused("ERR_NGROK_605", credentials:create({ metadata = ("x"):rep(4097) }, unchecked))
    assert_api_refused("ERR_NGROK_600", credentials:create({ acl = acl }, unchecked))
    assert.equal('{"acl":["listen:a.com"]}', emu:requests()[3].body)
    local cred = emu:seed(1)[1]
    assert_api_refused("ERR_NGROK_600", credentials:update(cred.id, { acl = acl }, unchecked))
    for _, limit in ipairs { 0, -1, 101, 1000000 } do
      assert_api_refused("ERR_NGROK_233", credentials:list({ limit = limit }, unchecked):next())
    end
    local requests = emu:requests()
    assert.equal("limit=1000000", requests[#requests].query)
    for _, limit in ipairs { 1.5, math.huge, -math.huge, nan, 1e300 } do
      local item, err = credentials:list({ limit = limit }, unchecked):next()
      assert.is_nil(item)
      assert.is_true(err:is("ERR_NGROK_233", "ERR_NGROK_244"))
    end
  end)

  it("returns what an API of tomorrow makes of it", function()
    emu:misbehave { kind = "body", body = '{"id":"cr_1"}' }
    local cred = assert(credentials:get "cr_1")
    emu:misbehave { kind = "body", body = '{"id":"cr_1","acl":["listen:a.com"]}' }
    assert.same({ "listen:a.com" }, assert(cred:update({ acl = { "listen:a.com" } }, unchecked)).acl)
    assert.equal('{"acl":["listen:a.com"]}', emu:requests()[2].body)
  end)

  it("holds for its call alone", function()
    credentials:create({ description = ("x"):rep(256) }, unchecked)
    local _, err = credentials:create { description = ("x"):rep(256) }
    assert.equal("invalid", err.kind)
    assert.equal(1, #emu:requests())
  end)
end)
