-- Text that a program puts in comes out again, byte for byte: texts that JSON, C or URLs may take for
-- something else, and random ones. SPEC_SEED=... repeats a run.
local hosts = require "spec.support.hosts"
local random_text = require "spec.support.random_text"

local generator, valid, quoted = random_text.generator, random_text.valid, random_text.quoted

local longest = { description = 255, metadata = 4096 } -- bytes

-- Describes a property and tries it a number of times; a failure names the seed.
local function holds(name, times, try)
  it(name, function()
    local random = generator(#name)
    for round = 1, times do
      local fine, err = pcall(try, random, round)
      if not fine then
        error(("with SPEC_SEED=%d: %s"):format(random_text.seed, tostring(err)), 0)
      end
    end
  end)
end

local function assert_same_bytes(expected, actual, what)
  if expected ~= actual then
    error(("%s is not what it was: %s became %s"):format(what, quoted(expected),
      type(actual) == "string" and quoted(actual) or tostring(actual)), 0)
  end
end

local function attributes_of(random)
  local most = random(0, 9) == 0 and longest.metadata or 300
  return { description = valid(random, longest.description), metadata = valid(random, most) }
end

local function check(attributes, credential, what)
  for name in pairs(longest) do
    assert_same_bytes(attributes[name], credential[name], what .. "'s " .. name)
  end
end

-- A valid rule of any kind.
local function rule_of(random)
  local function label(most)
    local characters = {}
    for index = 1, random(1, most) do
      local at = random(1, 36)
      characters[index] = ("abcdefghijklmnopqrstuvwxyz0123456789"):sub(at, at)
    end
    return table.concat(characters)
  end
  local domain = label(63) .. "." .. label(20)
  local kinds = {
    "*", "bind:*", "bind:" .. domain, "bind:*." .. domain, ("bind:%s:%d"):format(domain, random(1, 65535)),
    ("bind:%s=%s"):format(label(30), label(30)),
  }
  return kinds[random(1, #kinds)]
end

-- A string literal of a filter.
local function literal(text)
  return '"' .. text:gsub('["\\]', "\\%0"):gsub("\n", "\\n"):gsub("\r", "\\r") .. '"'
end

local tricky_texts = {
  "a\0b", "a\0", "\0", "\127", "a\r\nb\n", "  x  ", '"\'"', "\\\\\\", "a/b//c", "\\u0041\\n\\\"",
  '{"token":null,"acl":{}}',
  (("x"):rep(32):gsub("()x", function(at) return string.char(at - 1) end)), -- every control character
  "\226\128\168\226\128\169", -- U+2028, U+2029
  "\239\187\191x", "\239\191\191", -- a byte order mark, U+FFFF
  "\237\159\191", "\238\128\128", -- the code points around the surrogates
  "\240\159\152\128", "\244\143\191\191", "e\204\129", -- an astral one, the last one, a combining one
}

hosts.describe("text", function(host)
  local credentials

  before_each(function()
    credentials = host.client.credentials
  end)

  it("that looks like something else survives", function()
    for _, text in ipairs(tricky_texts) do
      local cred = assert(credentials:create { description = text, metadata = text })
      check({ description = text, metadata = text }, assert(credentials:get(cred.id)), "get")
    end
  end)

  local function description_from(json)
    host.emulator:misbehave { kind = "body", body = ('{"id":"cr_1","description":%s}'):format(json) }
    local cred, err = credentials:get("cr_1")
    return cred and cred.description, err
  end

  it("is read from JSON, escaped or raw", function()
    for json, text in pairs {
      [ [["\"\\\/\b\f\n\r\t\u0041"]] ] = '"\\/\b\f\n\r\tA',
      [ [["a\u0000b"]] ] = "a\0b",
      [ [["\ud83d\ude00"]] ] = "\240\159\152\128",
      [ [["\uD83D\uDE00"]] ] = "\240\159\152\128",
      ['"\240\159\152\128\195\169"'] = "\240\159\152\128\195\169",
      ['"\226\128\168"'] = "\226\128\168",
      ['""'] = "",
    } do
      assert.equal(text, description_from(json))
    end
  end)

  it("that is broken JSON is an error of kind decode", function()
    for _, json in ipairs { [["\ud83d"]], [["\x"]], [["\u00"]], '"a', "'a'" } do
      local description, err = description_from(json)
      assert.is_nil(description)
      assert.equal("decode", err.kind)
    end
  end)
end)

hosts.describe("any valid UTF-8 of up to the limit", function(host)
  local credentials

  before_each(function()
    credentials = host:new_client({ max_retries = 0, rate_limit = false }).credentials
  end)

  holds("survives create and get, and is what the account holds", 100, function(random)
    local attributes = attributes_of(random)
    local credential = assert(credentials:create(attributes))
    check(attributes, credential, "create")
    check(attributes, host.emulator:credentials()[1], "the account")
    check(attributes, assert(credentials:get(credential.id)), "get")
  end)

  holds("survives update, by the service and by the credential, and reload", 50, function(random)
    local attributes = attributes_of(random)
    local credential = assert(credentials:create {})
    check(attributes, assert(credentials:update(credential.id, attributes)), "update")
    attributes = attributes_of(random)
    check(attributes, assert(credential:update(attributes)), "the credential's update")
    check(attributes, assert(credential:reload()), "reload")
  end)

  holds("survives a list", 1, function(random)
    local created = {}
    for _ = 1, 100 do
      local attributes = attributes_of(random)
      table.insert(created, 1, attributes)
      assert(credentials:create(attributes))
    end
    local listed = assert(credentials:list({ limit = 30 }):all())
    assert.equal(#created, #listed)
    for index, attributes in ipairs(created) do
      check(attributes, listed[index], "list")
    end
  end)

  holds("survives as the name of an owner", 50, function(random)
    local owner = valid(random, 60)
    assert_same_bytes(owner, assert(credentials:create { owner_id = owner }).owner_id, "owner_id")
  end)

  holds("finds its credential as a part of a filter, and no other", 50, function(random)
    local text = valid(random, 100)
    local credential = assert(credentials:create { description = text })
    local other = assert(credentials:create { description = text .. "x" })
    local found = assert(credentials:list({ filter = "obj.description == " .. literal(text) }):all())
    if #found ~= 1 or found[1] ~= credential then
      error(("%d were found for %s"):format(#found, quoted(text)), 0)
    end
    assert(credential:delete())
    assert(other:delete())
  end)

  holds("survives as a rule of an acl", 50, function(random)
    local acl = {}
    for index = 1, random(0, 20) do
      acl[index] = rule_of(random)
    end
    local credential = assert(credentials:create { acl = acl })
    assert.same(acl, credential.acl)
    assert.same(acl, assert(credentials:get(credential.id)).acl)
    table.insert(acl, 1, rule_of(random))
    assert.same(acl, assert(credential:update { acl = acl }).acl)
  end)

  holds("is written without any raw control character", 1, function(random)
    for _ = 1, 50 do
      assert(credentials:create(attributes_of(random)))
    end
    for _, request in ipairs(host.emulator:requests()) do
      if request.body:find("[%z\1-\31]") then
        error("a control character in a body: " .. quoted(request.body), 0)
      end
    end
  end)

  for name, limit in pairs(longest) do
    holds(("survives as a %s of just %d bytes"):format(name, limit), 20, function(random, round)
      local text = valid(random, limit - round % 2, true)
      local credential = assert(credentials:create { [name] = text })
      assert_same_bytes(text, credential[name], "create's " .. name)
      text = valid(random, limit, true)
      assert_same_bytes(text, assert(credential:update { [name] = text })[name], "update's " .. name)
      assert_same_bytes(text, assert(credentials:get(credential.id))[name], "get's " .. name)
    end)

    holds(("is refused as a %s of one byte more, before anything is sent"):format(name), 20, function(random)
      local attributes = { [name] = valid(random, limit + 1, true) }
      for _, call in ipairs { "create", "update" } do
        local arguments = call == "create" and { attributes } or { "cr_1", attributes }
        local value, err = credentials[call](credentials, (table.unpack or unpack)(arguments))
        assert.is_nil(value)
        assert.equal("invalid", err.kind)
        assert.equal(("%s has %d bytes; the limit is %d"):format(name, limit + 1, limit), err.message)
      end
      assert.same({}, host.emulator:requests())
    end)
  end
end)

hosts.describe("text that is not UTF-8", function(host)
  local credentials, credential

  before_each(function()
    credentials = host:new_client({ max_retries = 0, rate_limit = false }).credentials
    credential = assert(credentials:create {})
  end)

  local function assert_refused(text, what, name, value, err)
    if value ~= nil or not err then
      error(("%s went through with %s: %s"):format(name, what, quoted(text)), 0)
    end
    assert.equal("invalid", err.kind)
    assert.equal("not_sent", err.outcome)
    local words = name .. " is not valid UTF-8"
    assert.equal(words, err.message:sub(1, #words))
  end

  -- `validate = false` lets none of it through.
  local function assert_refused_everywhere(text, what, options)
    for _, name in ipairs { "description", "metadata", "owner_id" } do
      assert_refused(text, what, name, credentials:create({ [name] = text }, options))
    end
    for _, name in ipairs { "description", "metadata" } do
      assert_refused(text, what, name, credentials:update("cr_1", { [name] = text }, options))
      assert_refused(text, what, name, credential:update({ [name] = text }, options))
    end
    local attributes = { acl = { "*", text } }
    assert_refused(text, what, "acl[2]", credentials:create(attributes, options))
    assert_refused(text, what, "acl[2]", credentials:update("cr_1", attributes, options))
    assert_refused(text, what, "acl[2]", credential:update(attributes, options))
    assert_refused(text, what, "filter", credentials:list({ filter = text }, options):next())
  end

  for kind = 1, random_text.kinds_of_invalid do
    local _, what = random_text.invalid(generator(0), kind)
    holds("is refused wherever it may be passed, before anything is sent: " .. what, 10, function(random)
      local text = random_text.invalid(random, kind)
      assert_refused_everywhere(text, what)
      assert_refused_everywhere(text, what, { validate = false })
      assert.equal(1, #host.emulator:requests())
    end)
  end
end)
