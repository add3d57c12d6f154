local filter = require "ngrok.emulator.filter"

local now = 1700000000 -- 2023-11-14T22:13:20Z
local fields = {
  id = "string", created_at = "time", description = "string", metadata = "string", owner_id = "string",
  acl = "list",
}

local bare = { id = "cr_1", created_at = "2023-11-14T12:00:00Z", owner_id = "usr_1", acl = {} }
local full = {
  id = "cr_2",
  created_at = "2023-10-01T00:00:00Z",
  owner_id = "usr_2",
  description = "device alpha",
  metadata = "m",
  acl = { "bind:*.example.com", "bind:a=b" },
}

local function matches(text, record)
  local compiled, message = filter.compile(text, now, fields)
  assert(compiled, message)
  return compiled(record)
end

describe("a filter", function()
  local cases = {
    -- expression, what it says of the bare credential, and of the full one
    { 'obj.id == "cr_1"', true, false },
    { "obj.id == 'cr_1'", true, false },
    { 'obj.id != "cr_1"', false, true },
    { 'obj.description == ""', true, false },
    { "obj.description == null", true, false },
    { "null != obj.description", false, true },
    { 'obj.metadata == "m"', false, true },
    { 'obj.acl == null || obj.acl == ""', true, false },
    { 'obj.owner_id == "usr_1" && (obj.acl == null || obj.acl == "")', true, false },
    { "size(obj.acl) == 0", true, false },
    { "size(obj.acl) >= 2", false, true },
    { "size(obj.description) > 3", false, true },
    { "obj.acl == []", true, false },
    { 'obj.acl == ["bind:*.example.com", "bind:a=b"]', false, true },
    { '"bind:a=b" in obj.acl', false, true },
    { 'obj.id in ["cr_1", "cr_3"]', true, false },
    { "obj.id in []", false, false },
    { '!(obj.id in ["cr_1"])', false, true },
    { 'obj.description in [null, "x"]', true, false },
    { 'obj.created_at > timestamp("2023-11-01T00:00:00Z")', true, false },
    { 'obj.created_at == timestamp("2023-11-14T14:00:00+02:00")', true, false },
    { 'timestamp(obj.created_at) < timestamp("2023-11-01T00:00:00.5Z")', false, true },
    { 'obj.created_at > timestamp(time.now).subtract("7d")', true, false },
    { 'obj.created_at > timestamp(time.now).subtract("1h30m")', false, false },
    { 'obj.created_at < timestamp(time.now).add("24h")', true, true },
    { 'obj.id < "cr_2"', true, false },
    { 'obj.id <= "cr_1"', true, false },
    { "true", true, true },
    { "!!false", false, false },
    { 'obj.id == "cr_1" == true', true, false },
    { "1 < 2 && 2.5 >= 2.5 && -1 < 0", true, true },
    -- && binds tighter than ||, and ! tightest.
    { "true || false && false", true, true },
    { "!true || true", true, true },
    { "(true || false) && false", false, false },
    { '"a\\"b\\u0041" == "a\\"bA"', true, true },
    { 'obj . id\n\t== "cr_1"', true, false },
  }

  for _, case in ipairs(cases) do
    it("decides " .. case[1], function()
      assert.equal(case[2], matches(case[1], bare))
      assert.equal(case[3], matches(case[1], full))
    end)
  end

  local refused = {
    "", " ", "obj", "obj.id", "obj.token == null", "obj.nothing == null", "id == null", "other.id == null",
    'obj.id == "cr_1" &&', '&& obj.id == "cr_1"', "(true", "true)", "true true", "true & true", "true | true",
    "obj.id = null", "obj.id == 5", "obj.acl == 5", 'obj.acl == "x"', "obj.id < null", "true < false",
    "obj.description in obj.id", "5 in obj.acl", 'obj.id in ["a", 5]', "obj.acl < obj.acl",
    "1 + 1 == 2", "2 - 1 == 1", "2 * 1 == 2", "4 / 2 == 2", "4 % 2 == 0", 'obj.acl[0] == "x"',
    "true ? true : false",
    'obj.id.matches("x")', 'obj.id.startsWith("cr")', "size() == 0", "size(5) == 0",
    "size(obj.id, obj.id) == 0",
    'timestamp("yesterday") == obj.created_at',
    'timestamp("2023-13-01T00:00:00Z") == obj.created_at',
    'timestamp("2023-02-29T00:00:00Z") == obj.created_at',
    'timestamp("2023-02-28T00:00:00+24:00") == obj.created_at',
    "timestamp(time.then) == obj.created_at",
    'timestamp(time.now).subtract("a week") == obj.created_at',
    'timestamp(time.now).subtract(5) == obj.created_at',
    'timestamp(time.now).divide("2d") == obj.created_at',
    'obj.created_at == "2023-11-14T12:00:00Z"', '"open', '"open\n"', '"\\x"', "1.2.3 == 1", "0x10 == 16",
    "1a == 1",
    "!obj.id", "obj.id && true", "1", "[true]", "!", "obj..id == null", "obj.id == null;", "# true", "\0",
  }

  for _, text in ipairs(refused) do
    it(("refuses %q"):format(text), function()
      local compiled, message = filter.compile(text, now, fields)
      assert.is_nil(compiled)
      assert.is_string(message)
      -- A message with a position in our own source would be an accident, not a refusal.
      assert.falsy(message:find("%.lua"))
    end)
  end

  for name, text in pairs {
    brackets = ("("):rep(100000) .. "true" .. (")"):rep(100000),
    negations = ("!"):rep(100000) .. "true",
    lists = ("["):rep(100000),
    sizes = ("size("):rep(100000),
  } do
    it("refuses deeply nested " .. name, function()
      local compiled, message = filter.compile(text, now, fields)
      assert.is_nil(compiled)
      assert.truthy(message:find("nested too deeply", 1, true))
    end)
  end

  it("takes a long chain, which is not deep", function()
    assert.is_true(matches(("true && "):rep(20000) .. "true", bare))
    assert.is_false(matches(("false || "):rep(20000) .. "false", bare))
  end)

  it("refuses a long chain of comparisons", function()
    assert.is_nil(filter.compile("true" .. (" == true"):rep(20000), now, fields))
  end)
end)
