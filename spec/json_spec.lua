-- Text survives: what a program puts in comes out again, byte for byte, whatever JSON thinks of it.
local hosts = require "spec.support.hosts"

-- A generator of our own, for math.random differs between the Luas: Park and Miller's, exact in doubles.
local function generator(seed)
  local state = seed % 2147483646 + 1
  return function(low, high)
    state = state * 16807 % 2147483647
    return low + state % (high - low + 1)
  end
end

local function utf8_of(code)
  local char, floor = string.char, math.floor
  if code < 0x80 then
    return char(code)
  elseif code < 0x800 then
    return char(0xC0 + floor(code / 0x40), 0x80 + code % 0x40)
  elseif code < 0x10000 then
    return char(0xE0 + floor(code / 0x1000), 0x80 + floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
  end
  return char(0xF0 + floor(code / 0x40000), 0x80 + floor(code / 0x1000) % 0x40,
    0x80 + floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

-- Ranges of code points; each is chosen as often as any other, however small.
local ranges = {
  { 0x00, 0x1F }, { 0x00, 0x00 }, { 0x20, 0x7E }, { 0x22, 0x22 }, { 0x2F, 0x2F }, { 0x5C, 0x5C },
  { 0x7F, 0x7F }, { 0x80, 0x9F }, { 0xA0, 0x7FF }, { 0x800, 0xD7FF }, { 0x2028, 0x2029 },
  { 0xE000, 0xF8FF }, { 0xFEFF, 0xFEFF }, { 0xFFFD, 0xFFFF }, { 0x10000, 0x10FFFF },
  { 0x1F600, 0x1F64F }, { 0x10FFFF, 0x10FFFF },
}

-- What looks like JSON, or like an escape, and must not be taken for it.
local pieces = {
  "null", '"', "\\", "\\u0000", "\\ud83d\\ude00", "\\n", "{}", "[]", '","token":"', "\r\n", "</script>",
  "%00", "\\\"",
}

local function text_of(random, limit)
  local most = random(0, 3) == 0 and limit or random(1, limit)
  local parts, length = {}, 0
  while true do
    local part
    if random(0, 9) == 0 then
      part = pieces[random(1, #pieces)]
    else
      local range = ranges[random(1, #ranges)]
      part = utf8_of(random(range[1], range[2]))
    end
    if length + #part > most then
      -- Filled up, so that the limit itself is met.
      return table.concat(parts) .. ("x"):rep(most - length)
    end
    length = length + #part
    parts[#parts + 1] = part
  end
end

local function quoted(text)
  return (("%q"):format(text:sub(1, 400)):gsub("[^\32-\126]", function(character)
    return ("\\%03d"):format(character:byte())
  end))
end

local seed = tonumber(os.getenv "SPEC_SEED") or os.time()

hosts.describe("text", function(host)
  local emu, credentials

  before_each(function()
    emu, credentials = host.emulator, host.client.credentials
  end)

  local function assert_equal_bytes(expected, actual, what)
    if expected ~= actual then
      error(("%s is not what it was (SPEC_SEED=%d): %s became %s"):format(what, seed, quoted(expected),
        type(actual) == "string" and quoted(actual) or tostring(actual)), 2)
    end
  end

  -- Calls `try` with as many random descriptions and metadata.
  local function repeatedly(count, salt, try)
    local random = generator(seed + salt)
    for _ = 1, count do
      local most = random(0, 9) == 0 and 4096 or 300
      try { description = text_of(random, 255), metadata = text_of(random, most) }
    end
  end

  local function check(attributes, cred, what)
    assert_equal_bytes(attributes.description, cred.description, what .. "'s description")
    assert_equal_bytes(attributes.metadata, cred.metadata, what .. "'s metadata")
  end

  it("survives create", function()
    repeatedly(200, 1, function(attributes)
      check(attributes, assert(credentials:create(attributes)), "create")
    end)
  end)

  it("survives create and get", function()
    repeatedly(200, 2, function(attributes)
      local cred = assert(credentials:create(attributes))
      check(attributes, assert(credentials:get(cred.id)), "get")
    end)
  end)

  it("survives update and reload", function()
    local cred = assert(credentials:create {})
    repeatedly(200, 3, function(attributes)
      check(attributes, assert(cred:update(attributes)), "update")
      check(attributes, assert(cred:reload()), "reload")
    end)
  end)

  it("survives a list", function()
    local created = {}
    repeatedly(100, 4, function(attributes)
      table.insert(created, 1, attributes)
      assert(credentials:create(attributes))
    end)
    local listed = assert(credentials:list({ limit = 30 }):all())
    assert.equal(#created, #listed)
    for index, attributes in ipairs(created) do
      check(attributes, listed[index], "list")
    end
  end)

  it("survives as the name of an owner", function()
    local random = generator(seed + 5)
    for _ = 1, 100 do
      local owner = text_of(random, 60)
      assert_equal_bytes(owner, assert(credentials:create { owner_id = owner }).owner_id, "owner_id")
    end
  end)

  it("is what the account holds, not only what comes back", function()
    repeatedly(50, 6, function(attributes)
      assert(credentials:create(attributes))
      check(attributes, emu:credentials()[1], "the account")
    end)
  end)

  it("is written without any raw control character", function()
    repeatedly(50, 7, function(attributes)
      assert(credentials:create(attributes))
    end)
    for _, request in ipairs(emu:requests()) do
      if request.body:find("[%z\1-\31]") then
        error(("a control character in a body (SPEC_SEED=%d): %s"):format(seed, quoted(request.body)))
      end
    end
  end)

  for _, case in ipairs {
    { "a NUL", "a\0b" },
    { "a NUL at its end", "a\0" },
    { "nothing but a NUL", "\0" },
    { "every control character", (("x"):rep(32):gsub("()x", function(at) return string.char(at - 1) end)) },
    { "a DEL", "\127" },
    { "quotes", '"\'"' },
    { "backslashes", "\\\\\\" },
    { "slashes", "a/b//c" },
    { "what looks like an escape", "\\u0041\\n\\\"" },
    { "what looks like JSON", '{"token":null,"acl":{}}' },
    { "U+2028 and U+2029", "\226\128\168\226\128\169" },
    { "a byte order mark", "\239\187\191x" },
    { "U+FFFF", "\239\191\191" },
    { "the last code point before the surrogates", "\237\159\191" },
    { "the first code point after them", "\238\128\128" },
    { "an astral character", "\240\159\152\128" },
    { "the last code point", "\244\143\191\191" },
    { "combining characters", "e\204\129" },
    { "spaces at both ends", "  x  " },
    { "line ends", "a\r\nb\n" },
  } do
    it("survives with " .. case[1], function()
      local cred = assert(credentials:create { description = case[2], metadata = case[2] })
      check({ description = case[2], metadata = case[2] }, assert(credentials:get(cred.id)), "get")
    end)
  end

  describe("of an answer", function()
    local function description_from(json)
      emu:misbehave { kind = "body", body = ('{"id":"cr_1","description":%s}'):format(json) }
      local cred, err = credentials:get("cr_1")
      return cred and cred.description, err
    end

    for _, case in ipairs {
      { "escapes of every kind", [["\"\\\/\b\f\n\r\t\u0041"]], '"\\/\b\f\n\r\tA' },
      { "an escaped NUL", [["a\u0000b"]], "a\0b" },
      { "a pair of escaped surrogates", [["\ud83d\ude00"]], "\240\159\152\128" },
      { "the same in capitals", [["\uD83D\uDE00"]], "\240\159\152\128" },
      { "raw UTF-8", '"\240\159\152\128\195\169"', "\240\159\152\128\195\169" },
      { "a raw U+2028", '"\226\128\168"', "\226\128\168" },
      { "nothing", '""', "" },
    } do
      it("is read with " .. case[1], function()
        local description, err = description_from(case[2])
        assert.is_nil(err)
        assert.equal(case[3], description)
      end)
    end

    for _, case in ipairs {
      { "half of a pair of surrogates", [["\ud83d"]] },
      { "an unknown escape", [["\x"]] },
      { "an escape cut off", [["\u00"]] },
      { "no closing quote", '"a' },
      { "single quotes", "'a'" },
    } do
      it("that has " .. case[1] .. " is an error of kind decode", function()
        local description, err = description_from(case[2])
        assert.is_nil(description)
        assert.equal("decode", err.kind)
      end)
    end
  end)

  it("of a filter is sent so that the API reads it as it was", function()
    local seeded = emu:seed(1, { description = 'a "b" \\ & c=d + 100% \195\169' })
    assert(credentials:create { description = "another" })
    local filter = [[obj.description == "a \"b\" \\ & c=d + 100% ]] .. '\195\169"'
    local found = assert(credentials:list({ filter = filter }):all())
    assert.equal(1, #found)
    assert.equal(seeded[1].id, found[1].id)
  end)
end)
