-- What is refused before anything is sent, what raises, and what `validate = false` lets through.
local child = require "spec.support.child"
local cjson = require "cjson"
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"

local nan = 0 / 0

local bad_ids = {
  { "an empty one", "" },
  { "one that leaves its path", "../api_keys?x=1" },
  { "one with a slash", "cr_1/x" },
  { "one that is a dot", "." },
  { "one that is two dots", ".." },
  { "one with a newline", "cr_1\n" },
  { "one with a carriage return and a header", "cr_1 HTTP/1.1\r\nX: y" },
  { "one with a NUL", "cr_1\0x" },
  { "one with a space", "cr 1" },
  { "one with a percent sign", "cr%2F1" },
  { "one with a question mark", "cr_1?limit=1" },
  { "one with a number sign", "cr_1#x" },
  { "one with letters outside ASCII", "cr_\195\169" },
  { "one with bytes that are no UTF-8", "cr_\255" },
  { "one with a full stop", "cr.1" },
}

-- Domains of exactly so many bytes, in parts of at most 63.
local function domain_of(length)
  local parts = {}
  while length > 64 do
    parts[#parts + 1] = ("a"):rep(63)
    length = length - 64
  end
  parts[#parts + 1] = ("b"):rep(length)
  return table.concat(parts, ".")
end

local good_rules = {
  "*", "bind:*", "bind:foo.ngrok.app", "bind:example.ngrok.io", "bind:*.example.com", "bind:Example.COM",
  "bind:132.devices.company.com", "bind:xn--bcher-kva.example", "bind:a.b", "bind:1.tcp.ngrok.io:20002",
  "bind:a.b:1", "bind:a.b:65535", "bind:foo=bar", "bind:*=example", "bind:foo=*", "bind:*=*",
  "bind:" .. ("a"):rep(63) .. ".example", "bind:" .. domain_of(253), "bind:my-key=my.value/with:signs",
}

local bad_rules = {
  "", " ", "**", "bind", "bind:", "Bind:a.com", "BIND:a.com", "a.com", "allow:a.com", "bind.a.com",
  "bind: a.com", "bind:a.com ", " bind:a.com", "bind:a b.com", "bind:a.com\n", "bind:a.com\0", "bind:\ta.com",
  "bind:a b=c", "bind:a= c", "bind:a=c\n", "bind:a\0=c", "bind:a=c\127",
  "bind:a..b", "bind:.a.com", "bind:a.com.", "bind:*.", "bind:*a.com", "bind:a.*.com", "bind:a.*",
  "bind:**.a.com", "bind:-a.com", "bind:a-.com", "bind:a.com/path", "bind:https://a.com", "bind:\195\169.com",
  "bind:" .. ("a"):rep(64) .. ".example", "bind:" .. domain_of(254),
  "bind:a.com:", "bind:a.com:0", "bind:a.com:65536", "bind:a.com:99999999999999999999", "bind:a.com:-1",
  "bind:a.com:8o", "bind:a.com:80:80", "bind::80", "bind:=", "bind:=x", "bind:x=", "bind:a*=b", "bind:a=b*",
}

local not_utf8 = {
  { "a byte that starts nothing", "\255" },
  { "a continuation byte alone", "a\128" },
  { "a sequence that is cut off", "\226\130" },
  { "an overlong form", "\192\175" },
  { "an overlong NUL", "\192\128" },
  { "half of a surrogate pair", "\237\160\128" },
  { "a code point above U+10FFFF", "\244\144\128\128" },
}

local function printable(text)
  return (text:gsub("[^\32-\126]", function(character)
    return ("\\%d"):format(character:byte())
  end):gsub("^(" .. ("."):rep(30) .. ").+$", "%1..."))
end

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

  -- Asserts that a call was refused before anything was sent; the words are parts of the message.
  local function assert_refused(operation, words, value, err)
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(err))
    assert.equal("invalid", err.kind)
    assert.equal("validate", err.phase)
    assert.equal("not_sent", err.outcome)
    assert.equal(0, err.attempts)
    assert.equal(operation, err.operation)
    for _, word in ipairs(words) do
      assert.matches(word, err.message, 1, true)
    end
    assert.same({}, emu:requests())
  end

  -- Asserts that a call raises a message with these words in it.
  local function assert_raises(words, fn)
    local fine, message = pcall(fn)
    assert.is_false(fine)
    assert.is_string(message)
    for _, word in ipairs(words) do
      assert.matches(word, message, 1, true)
    end
    assert.same({}, emu:requests())
    assert.equal(0, client:pending())
  end

  describe("an id is refused,", function()
    for _, case in ipairs(bad_ids) do
      local name, id = case[1], case[2]

      for _, verb in ipairs { "get", "delete" } do
        it(verb .. ": " .. name, function()
          assert_refused("credentials." .. verb, { "id" }, credentials[verb](credentials, id))
        end)

        it(verb .. " without validation: " .. name, function()
          local options = { validate = false }
          assert_refused("credentials." .. verb, { "id" }, credentials[verb](credentials, id, options))
        end)
      end

      it("update: " .. name, function()
        assert_refused("credentials.update", { "id" }, credentials:update(id, { description = "x" }))
      end)

      it("update without validation: " .. name, function()
        assert_refused("credentials.update", { "id" },
          credentials:update(id, { description = "x" }, { validate = false }))
      end)

      it("list's before_id: " .. name, function()
        assert_refused("credentials.list", { "before_id" }, credentials:list({ before_id = id }):next())
      end)

      it("list's before_id without validation: " .. name, function()
        assert_refused("credentials.list", { "before_id" },
          credentials:list({ before_id = id }, { validate = false }):next())
      end)
    end

    it("and the message says what an id may have", function()
      local _, err = credentials:get("cr/1")
      assert.matches("letters, digits, _ and -", err.message, 1, true)
    end)

    it("and the message does not repeat it", function()
      local _, err = credentials:get("cr_1\r\nX-Evil: yes")
      assert.is_nil(tostring(err):find("Evil", 1, true))
    end)
  end)

  describe("a length:", function()
    for _, case in ipairs { { "description", 255 }, { "metadata", 4096 } } do
      local name, limit = case[1], case[2]
      local too_long = ("x"):rep(limit + 1)

      it(name .. " of the limit is accepted by create", function()
        local cred = assert(credentials:create { [name] = ("x"):rep(limit) })
        assert.equal(limit, #cred[name])
      end)

      it(name .. " of the limit is accepted by update", function()
        local id = emu:seed(1)[1].id
        assert.equal(limit, #assert(credentials:update(id, { [name] = ("x"):rep(limit) }))[name])
      end)

      it(name .. " one byte above the limit is refused by create", function()
        assert_refused("credentials.create", { name, tostring(limit), tostring(limit + 1) },
          credentials:create { [name] = too_long })
      end)

      it(name .. " one byte above the limit is refused by update", function()
        assert_refused("credentials.update", { name, tostring(limit) },
          credentials:update("cr_1", { [name] = too_long }))
      end)

      it(name .. " is counted in bytes: half as many characters of two bytes are accepted", function()
        local text = ("\195\169"):rep(math.floor(limit / 2))
        assert.equal(text, assert(credentials:create { [name] = text })[name])
      end)

      it(name .. " is counted in bytes: a few more characters of two bytes are refused", function()
        local text = ("\195\169"):rep(math.floor(limit / 2) + 1)
        assert_refused("credentials.create", { name, tostring(limit), tostring(#text) },
          credentials:create { [name] = text })
      end)

      it(name .. " of escapes counts as its own bytes, not as those of its JSON", function()
        local text = ("\n"):rep(limit)
        assert.equal(text, assert(credentials:create { [name] = text })[name])
      end)

      it(name .. " far above the limit is refused, and is not in the message", function()
        local _, err = credentials:create { [name] = ("secret"):rep(100000) }
        assert.is_nil(err.message:find("secret", 1, true))
        assert.is_true(#err.message < 200)
      end)
    end
  end)

  describe("a rule of an acl is accepted:", function()
    for _, rule in ipairs(good_rules) do
      it(printable(rule), function()
        assert.same({ rule }, assert(credentials:create { acl = { rule } }).acl)
      end)
    end
  end)

  describe("a rule of an acl is refused:", function()
    for _, rule in ipairs(bad_rules) do
      it(printable(rule) .. " (" .. #rule .. " bytes)", function()
        assert_refused("credentials.create", { "acl[1]" }, credentials:create { acl = { rule } })
      end)
    end

    it("and the message says which of many", function()
      assert_refused("credentials.create", { "acl[3]" },
        credentials:create { acl = { "*", "bind:a.com", "nonsense", "bind:b.com" } })
    end)

    it("in update, too", function()
      assert_refused("credentials.update", { "acl[2]" },
        credentials:update("cr_1", { acl = { "*", "bind:" } }))
    end)

    it("and the message says what a rule must be", function()
      local _, err = credentials:create { acl = { "nonsense" } }
      assert.matches('"*" or start with "bind:"', err.message, 1, true)
    end)
  end)

  describe("text that is no UTF-8 is refused,", function()
    for _, case in ipairs(not_utf8) do
      local what, text = case[1], case[2]

      for _, name in ipairs { "description", "metadata", "owner_id" } do
        it(("%s: %s"):format(name, what), function()
          assert_refused("credentials.create", { name, "UTF-8" }, credentials:create { [name] = text })
        end)

        it(("%s without validation: %s"):format(name, what), function()
          assert_refused("credentials.create", { name, "UTF-8" },
            credentials:create({ [name] = text }, { validate = false }))
        end)
      end

      it("acl without validation: " .. what, function()
        assert_refused("credentials.create", { "acl[2]", "UTF-8" },
          credentials:create({ acl = { "*", text } }, { validate = false }))
      end)

      it("filter: " .. what, function()
        assert_refused("credentials.list", { "filter", "UTF-8" }, credentials:list({ filter = text }):next())
      end)

      it("filter without validation: " .. what, function()
        assert_refused("credentials.list", { "filter", "UTF-8" },
          credentials:list({ filter = text }, { validate = false }):next())
      end)
    end
  end)

  -- Longer ones broke off over HTTP/2, and libcurl blamed its memory or the server for them.
  describe("a URL", function()
    it("of more than 60000 bytes is refused, whatever made it long", function()
      local words = { "the URL would be ", "it may have 60000 at most" }
      for _, length in ipairs { 60000, 70000, 2 ^ 20, 8000001 } do
        assert_refused("credentials.get", words, credentials:get(("x"):rep(length)))
        assert_refused("credentials.list", words, credentials:list({ filter = ("x"):rep(length) }):all())
      end
      local told
      credentials:get(("x"):rep(60000), { on_done = function(_, err) told = err end })
      client:step(0)
      assert_refused("credentials.get", words, nil, told)
    end)

    it("of that many is sent", function()
      local id = ("x"):rep(60000 - #(emu.base_url .. "/credentials/"))
      local _, err = credentials:get(id)
      assert.equal("api", err.kind)
    end)
  end)

  describe("a limit", function()
    for _, limit in ipairs { 0, 101, 1.5, -1, 1e9, 2 ^ 53, 1e300, math.huge, -math.huge, nan, 0.5, 100.5 } do
      it("of " .. tostring(limit) .. " is refused", function()
        assert_refused("credentials.list", { "limit", "1", "100", tostring(limit) },
          credentials:list({ limit = limit }):next())
      end)
    end

    for _, limit in ipairs { 1, 2, 99, 100 } do
      it("of " .. limit .. " is sent as it is", function()
        assert(credentials:list({ limit = limit }):all())
        assert.equal("limit=" .. limit, emu:requests()[1].query)
      end)
    end

    it("that is whole but a float is sent without a fraction", function()
      assert(credentials:list({ limit = 10 / 2 }):all())
      assert.equal("limit=5", emu:requests()[1].query)
    end)
  end)

  describe("a list with bad parameters", function()
    local function listing()
      return credentials:list { limit = 0 }
    end

    it("gives nil and the same error by next, again and again", function()
      local bad = listing()
      local _, first = bad:next()
      assert_refused("credentials.list", { "limit" }, bad:next())
      assert.is_true(rawequal(first, (select(2, bad:next()))))
    end)

    it("gives nil and the error by all", function()
      assert_refused("credentials.list", { "limit" }, listing():all())
    end)

    it("raises the error object in a for loop", function()
      local fine, err = pcall(function()
        for _ in listing() do
          error("there is an item")
        end
      end)
      assert.is_false(fine)
      assert_refused("credentials.list", { "limit" }, nil, err)
    end)

    it("raises the error object in a for loop over pages", function()
      local fine, err = pcall(function()
        for _ in listing():pages() do
          error("there is a page")
        end
      end)
      assert.is_false(fine)
      assert_refused("credentials.list", { "limit" }, nil, err)
    end)
  end)

  -- Values of a type that no attribute has.
  local odd_values = {
    { "a number", 1, "number" }, { "true", true, "boolean" }, { "false", false, "boolean" },
    { "a function", print, "function" }, { "JSON's null", cjson.null, "userdata" },
    { "a file", io.stdout, "userdata" },
  }

  describe("a wrong type raises:", function()
    for _, case in ipairs(odd_values) do
      local name, value, type_name = case[1], case[2], case[3]

      for _, attribute in ipairs { "description", "metadata", "owner_id", "acl" } do
        it(("create, %s is %s"):format(attribute, name), function()
          assert_raises({ "credentials.create", "'" .. attribute .. "'", "got " .. type_name }, function()
            credentials:create { [attribute] = value }
          end)
        end)

        it(("create without validation, %s is %s"):format(attribute, name), function()
          assert_raises({ "'" .. attribute .. "'", "got " .. type_name }, function()
            credentials:create({ [attribute] = value }, { validate = false })
          end)
        end)

        if attribute ~= "owner_id" then
          it(("update, %s is %s"):format(attribute, name), function()
            assert_raises({ "credentials.update", "'" .. attribute .. "'", "got " .. type_name }, function()
              credentials:update("cr_1", { [attribute] = value })
            end)
          end)
        end
      end

      it("create, an item of acl is " .. name, function()
        assert_raises({ "acl[2]", "got " .. type_name }, function()
          credentials:create { acl = { "*", value } }
        end)
      end)

      for _, parameter in ipairs { "limit", "before_id", "filter", "prefetch" } do
        local right = type(value) == "number" and parameter == "limit"
          or type(value) == "boolean" and parameter == "prefetch"
        if not right then
          it(("list, %s is %s"):format(parameter, name), function()
            assert_raises({ "'" .. parameter .. "'", "expected, got" }, function()
              credentials:list { [parameter] = value }
            end)
          end)
        end
      end

      for _, verb in ipairs { "get", "delete", "update" } do
        it(("%s, id is %s"):format(verb, name), function()
          assert_raises({ "credentials." .. verb, "id", "got " .. type_name }, function()
            credentials[verb](credentials, value, verb == "update" and { description = "x" } or nil)
          end)
        end)
      end

      it("create, attributes are " .. name, function()
        assert_raises({ "credentials.create", "attributes", "got " .. type_name }, function()
          credentials:create(value)
        end)
      end)

      it("update, attributes are " .. name, function()
        assert_raises({ "credentials.update", "attributes", "got " .. type_name }, function()
          credentials:update("cr_1", value)
        end)
      end)

      it("list, parameters are " .. name, function()
        assert_raises({ "list's parameters", "got " .. type_name }, function()
          credentials:list(value)
        end)
      end)

      it("list, options are " .. name, function()
        assert_raises({ "list's options", "got " .. type_name }, function()
          credentials:list({}, value)
        end)
      end)

      it("every operation, options are " .. name, function()
        for verb, arguments in pairs { create = { {} }, get = { "cr_1" }, delete = { "cr_1" } } do
          assert_raises({ "call's options", "got " .. type_name }, function()
            credentials[verb](credentials, arguments[1], value)
          end)
        end
        assert_raises({ "call's options", "got " .. type_name }, function()
          credentials:update("cr_1", { description = "x" }, value)
        end)
      end)
    end

    for _, case in ipairs {
      { "a table", {} }, { "a table in a table", { { "x" } } },
    } do
      for _, attribute in ipairs { "description", "metadata", "owner_id" } do
        it(("create, %s is %s"):format(attribute, case[1]), function()
          assert_raises({ "'" .. attribute .. "'", "string expected, got table" }, function()
            credentials:create { [attribute] = case[2] }
          end)
        end)
      end
    end

    it("create, acl is a string", function()
      assert_raises({ "'acl'", "array of strings expected, got string" }, function()
        credentials:create { acl = "*" }
      end)
    end)

    for name, acl in pairs {
      ["a hole at its start"] = { [2] = "*" },
      ["a hole in it"] = { "*", nil, "*" },
      ["a string for a key"] = { rule = "*" },
      ["strings for keys beside its items"] = { "*", n = 1 },
      ["a key of 0"] = { [0] = "*", "*" },
      ["a fraction for a key"] = { "*", [1.5] = "*" },
      ["a negative key"] = { "*", [-1] = "*" },
      ["a boolean for a key"] = { [true] = "*" },
    } do
      it("create, acl has " .. name, function()
        assert_raises({ "'acl'", "array of strings" }, function()
          credentials:create { acl = acl }
        end)
      end)

      it("update, acl has " .. name, function()
        assert_raises({ "'acl'", "array of strings" }, function()
          credentials:update("cr_1", { acl = acl })
        end)
      end)
    end

    it("create, an item of acl is a table", function()
      assert_raises({ "acl[1]", "got table" }, function()
        credentials:create { acl = { {} } }
      end)
    end)

    it("get, id is a table such as a credential's", function()
      assert_raises({ "credentials.get", "id", "got table" }, function()
        credentials:get { id = "cr_1" }
      end)
    end)

    it("update, attributes are a string", function()
      assert_raises({ "attributes", "got string" }, function()
        credentials:update("cr_1", "x")
      end)
    end)
  end)

  describe("what is missing raises:", function()
    it("get without an id", function()
      assert_raises({ "credentials.get", "id", "nil" }, function() credentials:get() end)
    end)

    it("delete without an id", function()
      assert_raises({ "credentials.delete", "id", "nil" }, function() credentials:delete() end)
    end)

    it("update without an id", function()
      assert_raises({ "credentials.update", "id", "nil" }, function() credentials:update() end)
    end)

    it("update without attributes", function()
      assert_raises({ "credentials.update", "attributes", "nil" }, function() credentials:update("cr_1") end)
    end)

    for _, verb in ipairs { "create", "get", "update", "delete", "list" } do
      it(verb .. " called with a dot, and the message shows the colon", function()
        assert_raises({ "client.credentials:" .. verb }, function() credentials[verb] {} end)
        assert_raises({ "client.credentials:" .. verb }, function() credentials[verb]("cr_1") end)
        assert_raises({ "client.credentials:" .. verb }, function() credentials[verb]() end)
      end)
    end
  end)

  describe("an unknown name raises:", function()
    for _, name in ipairs { "desc", "Description", "id", "uri", "created_at", "token", "validate", "" } do
      it("create, attribute '" .. name .. "'", function()
        assert_raises({ "credentials.create", "'" .. name .. "'", "description, metadata, acl, owner_id" },
          function() credentials:create { [name] = "x" } end)
      end)
    end

    for _, name in ipairs { "owner_id", "id", "token", "desc" } do
      it("update, attribute '" .. name .. "'", function()
        assert_raises({ "credentials.update", "'" .. name .. "'", "description, metadata, acl)" }, function()
          credentials:update("cr_1", { [name] = "x" })
        end)
      end)
    end

    for _, key in ipairs { 1, 1.5, true, print } do
      it("create, an attribute whose name is a " .. type(key), function()
        assert_raises({ "credentials.create", "name", "got " .. type(key) }, function()
          credentials:create { [key] = "x" }
        end)
      end)
    end

    it("create, even where validate is false", function()
      assert_raises({ "'new_attribute'" }, function()
        credentials:create({ new_attribute = "x" }, { validate = false })
      end)
    end)

    for _, name in ipairs { "beforeId", "page", "before", "wait", "description" } do
      it("list, parameter '" .. name .. "'", function()
        assert_raises({ "'" .. name .. "'", "before_id, filter, limit" }, function()
          credentials:list { [name] = "x" }
        end)
      end)
    end

    for _, name in ipairs { "tiemout", "on_event", "prefetch", "retries", "api_key" } do
      it("a call's option '" .. name .. "'", function()
        assert_raises({ "'" .. name .. "'", "timeout" }, function()
          credentials:create({}, { [name] = true })
        end)
      end)
    end

    for _, name in ipairs { "wait", "on_done", "limit" } do
      it("a list's option '" .. name .. "'", function()
        assert_raises({ "'" .. name .. "'" }, function()
          credentials:list({}, { [name] = print })
        end)
      end)
    end
  end)

  describe("an option of a call raises:", function()
    for _, case in ipairs {
      { "timeout", 0 }, { "timeout", -1 }, { "timeout", nan }, { "timeout", "5" }, { "timeout", true },
      { "max_wait", -1 }, { "max_wait", nan }, { "max_wait", "5" },
      { "max_retries", -1 }, { "max_retries", 0.5 }, { "max_retries", 101 }, { "max_retries", "0" },
      { "validate", "no" }, { "validate", 0 }, { "wait", 0 }, { "wait", "no" },
      { "on_done", "f" }, { "on_done", {} },
    } do
      local name, value = case[1], case[2]
      it(("%s = %s (%s)"):format(name, tostring(value):gsub("0x.*", ""), type(value)), function()
        assert_raises({ "'" .. name .. "'", "expected, got" }, function()
          credentials:get("cr_1", { [name] = value })
        end)
        assert_raises({ "'" .. name .. "'" }, function()
          credentials:create({}, { [name] = value })
        end)
      end)
    end
  end)

  describe("what is raised tells the line of the call:", function()
    local function line_of_raise(fn)
      local fine, message = pcall(fn)
      assert.is_false(fine)
      return message
    end

    local calls = {
      ["create's attributes"] = function() credentials:create(1) end,
      ["create's attribute"] = function() credentials:create { description = 1 } end,
      ["create's name"] = function() credentials:create { desc = "x" } end,
      ["create's option"] = function() credentials:create({}, { tiemout = 1 }) end,
      ["get's id"] = function() credentials:get(1) end,
      ["get's option"] = function() credentials:get("cr_1", { timeout = "x" }) end,
      ["update's attributes"] = function() credentials:update("cr_1") end,
      ["update's attribute"] = function() credentials:update("cr_1", { acl = 1 }) end,
      ["delete's id"] = function() credentials:delete() end,
      ["delete's option"] = function() credentials:delete("cr_1", { x = 1 }) end,
      ["list's parameter"] = function() credentials:list { x = 1 } end,
      ["list's option"] = function() credentials:list({}, { x = 1 }) end,
      ["a missing colon"] = function() credentials.create {} end,
    }

    for name, call in pairs(calls) do
      it(name, function()
        local line = debug.getinfo(call, "S").linedefined
        assert.matches(("input_spec.lua:%d:"):format(line), line_of_raise(call), 1, true)
      end)
    end

    it("a credential's method", function()
      local cred = assert(credentials:create {})
      for _, call in ipairs {
        function() cred:update(1) end,
        function() cred:update { desc = "x" } end,
        function() cred:update({ description = "x" }, { x = 1 }) end,
        function() cred:delete { x = 1 } end,
        function() cred:reload { x = 1 } end,
      } do
        local line = debug.getinfo(call, "S").linedefined
        assert.matches(("input_spec.lua:%d:"):format(line), line_of_raise(call), 1, true)
      end
    end)
  end)

  it("what was checked is what is sent, whoever changes the array in between", function()
    local acl = { "*" }
    local attributes = setmetatable({ acl = acl }, {
      __index = function(_, name)
        if name == "owner_id" then
          acl[1], acl[2] = "x\255", {}
        end
      end,
    })
    assert(credentials:create(attributes))
    assert.equal('{"acl":["*"]}', emu:requests()[1].body)
  end)

  it("rules behind a read-only table are sent, not an empty list that allows everything", function()
    local rules = setmetatable({}, { __index = { "bind:a.example.com", "bind:b.example.com" } })
    assert(credentials:create { acl = rules })
    assert.equal('{"acl":["bind:a.example.com","bind:b.example.com"]}', emu:requests()[1].body)
  end)

  it("rules behind a read-only table are all sent, or the call raises: none is left out", function()
    for _, way in ipairs { "create", "endless" } do
      local rules = setmetatable({}, { __index = function(_, index)
        return (way == "endless" or index <= 100001) and "bind:a.example.com" or nil
      end, __len = function() return 100001 end })
      local fine, message = pcall(credentials.create, credentials, { acl = rules })
      assert.is_false(fine)
      assert.matches("bad attribute 'acl' (its __index gives 100000 items or more: copy them into a "
        .. "plain table)", message, 1, true)
    end
    local plain = {}
    for index = 1, 100001 do
      plain[index] = "bind:a.example.com"
    end
    assert.equal(100001, #assert(credentials:create { acl = plain }).acl)
    assert.equal(1, #emu:requests())
  end)

  describe("what a table inherits", function()
    local function inheriting(values)
      return setmetatable({}, { __index = values })
    end

    local function assert_not_sent(text)
      for _, request in ipairs(emu:requests()) do
        assert.is_nil((request.body or ""):find(text, 1, true))
      end
    end

    it("is not sent unchecked: an attribute that is too long", function()
      pcall(credentials.create, credentials, inheriting { description = ("x"):rep(256) })
      assert_not_sent(("x"):rep(256))
    end)

    it("is not sent unchecked: an attribute of the wrong type", function()
      pcall(credentials.create, credentials, inheriting { description = 12345 })
      assert_not_sent("12345")
    end)

    -- In a process of its own, for what is no table must not be read as one.
    it("is not sent unchecked: an acl that is no table", function()
      local result = child.run [[
        local emu = require("ngrok.emulator").new()
        local client = assert(require("ngrok").client { transport = emu })
        for _, acl in ipairs { "*", 1, true, print } do
          pcall(client.credentials.create, client.credentials, setmetatable({}, { __index = { acl = acl } }))
        end
        for _, request in ipairs(emu:requests()) do
          print(request.body)
        end
      ]]
      assert.equal(0, result.status)
      assert.is_nil(result.output:find('"acl":', 1, true))
    end)

    it("is not sent unchecked: text that is no UTF-8", function()
      pcall(credentials.create, credentials, inheriting { metadata = "\255" })
      assert_not_sent("\255")
    end)
  end)

  describe("a credential's own update refuses", function()
    local cred

    before_each(function()
      emu:misbehave { kind = "body", body = '{"id":"cr_1"}' }
      cred = assert(credentials:get("cr_1"))
      emu:reset()
    end)

    it("a description that is too long", function()
      assert_refused("credentials.update", { "description", "255" },
        cred:update { description = ("x"):rep(256) })
    end)

    it("a bad rule", function()
      assert_refused("credentials.update", { "acl[1]" }, cred:update { acl = { "x" } })
    end)

    it("an update of nothing", function()
      assert_refused("credentials.update", { "nothing to update" }, cred:update {})
    end)

    it("by raising: attributes that are no table", function()
      local fine, message = pcall(cred.update, cred)
      assert.is_false(fine)
      assert.matches("attributes must be a table", message, 1, true)
    end)

    it("by raising: owner_id", function()
      local fine, message = pcall(cred.update, cred, { owner_id = "usr_1" })
      assert.is_false(fine)
      assert.matches("'owner_id'", message, 1, true)
    end)
  end)

  it("an id that the API would not know is still asked for", function()
    local _, err = credentials:get("a-B_9")
    assert.equal("api", err.kind)
    assert.equal(1, #emu:requests())
  end)

  it("an id from a response that would leave its path is refused by the credential's methods", function()
    emu:misbehave { kind = "body", body = '{"id":"../api_keys"}' }
    local cred = assert(credentials:create())
    emu:reset()
    assert_refused("credentials.delete", { "id" }, cred:delete())
    assert_refused("credentials.get", { "id" }, cred:reload())
    assert_refused("credentials.update", { "id" }, cred:update { description = "x" })
  end)
end)

hosts.describe("validate = false", function(host)
  local emu, credentials
  local unchecked = { validate = false }

  before_each(function()
    emu, credentials = host.emulator, host.client.credentials
  end)

  local function assert_api_refused(code, value, err)
    assert.is_nil(value)
    assert.equal("api", err.kind)
    assert.equal("rejected", err.outcome)
    assert.equal(400, err.status)
    assert.equal(code, err.code)
    assert.equal(1, #emu:requests())
  end

  it("sends a long description, and the API's own error comes back", function()
    assert_api_refused("ERR_NGROK_604", credentials:create({ description = ("x"):rep(256) }, unchecked))
  end)

  it("sends a long metadata, and the API's own error comes back", function()
    assert_api_refused("ERR_NGROK_605", credentials:create({ metadata = ("x"):rep(4097) }, unchecked))
  end)

  it("sends an unknown kind of rule, and the API's own error comes back", function()
    assert_api_refused("ERR_NGROK_600", credentials:create({ acl = { "listen:a.com" } }, unchecked))
    assert.equal('{"acl":["listen:a.com"]}', emu:requests()[1].body)
  end)

  it("sends the same in an update", function()
    local id = emu:seed(1)[1].id
    assert_api_refused("ERR_NGROK_600", credentials:update(id, { acl = { "listen:a.com" } }, unchecked))
  end)

  it("sends the same in a credential's own update", function()
    emu:misbehave { kind = "body", body = '{"id":"cr_1"}' }
    local cred = assert(credentials:get("cr_1"))
    emu:reset()
    emu:misbehave { kind = "body", body = '{"id":"cr_1","acl":["listen:a.com"]}' }
    assert.same({ "listen:a.com" }, assert(cred:update({ acl = { "listen:a.com" } }, unchecked)).acl)
    assert.equal('{"acl":["listen:a.com"]}', emu:requests()[1].body)
  end)

  for _, limit in ipairs { 0, -1, 101, 1000000 } do
    it("sends a limit of " .. limit .. ", and the API's own error comes back", function()
      assert_api_refused("ERR_NGROK_233", credentials:list({ limit = limit }, unchecked):next())
      assert.equal("limit=" .. limit, emu:requests()[1].query)
    end)
  end

  for _, limit in ipairs { 1.5, math.huge, -math.huge, nan, 1e300 } do
    it("sends a limit of " .. tostring(limit) .. ", and the API refuses it", function()
      local item, err = credentials:list({ limit = limit }, unchecked):next()
      assert.is_nil(item)
      assert.equal("api", err.kind)
      assert.is_true(err:is("ERR_NGROK_233", "ERR_NGROK_244"))
    end)
  end

  it("changes nothing of what is right", function()
    local cred = assert(credentials:create({ description = "x", acl = { "*" } }, unchecked))
    assert.equal("x", cred.description)
    assert.equal('{"description":"x","acl":["*"]}', emu:requests()[1].body)
  end)

  it("is of that call alone", function()
    credentials:create({ description = ("x"):rep(256) }, unchecked)
    local _, err = credentials:create { description = ("x"):rep(256) }
    assert.equal("invalid", err.kind)
    assert.equal(1, #emu:requests())
  end)
end)

hosts.describe("a whole round of bad input", function(host)
  it("sends nothing", function()
    local credentials = host.client.credentials
    for _, case in ipairs(bad_ids) do
      assert.is_nil((credentials:get(case[2])))
      assert.is_nil((credentials:delete(case[2])))
      assert.is_nil((credentials:update(case[2], { description = "x" })))
      assert.is_nil((credentials:list({ before_id = case[2] }):next()))
    end
    for _, rule in ipairs(bad_rules) do
      assert.is_nil((credentials:create { acl = { rule } }))
    end
    for _, case in ipairs(not_utf8) do
      assert.is_nil((credentials:create { description = case[2] }))
    end
    assert.is_nil((credentials:create { description = ("x"):rep(256) }))
    assert.is_nil((credentials:create { metadata = ("x"):rep(4097) }))
    assert.same({}, host.emulator:requests())
  end)
end)
