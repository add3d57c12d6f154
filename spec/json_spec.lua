-- Text survives: what a program puts in comes out again, byte for byte, whatever JSON thinks of it.
local child = require "spec.support.child"
local hosts = require "spec.support.hosts"

hosts.describe("text", function(host)
  local emu, credentials

  before_each(function()
    emu, credentials = host.emulator, host.client.credentials
  end)

  local function check(attributes, cred, what)
    assert.equal(attributes.description, cred.description, what .. "'s description")
    assert.equal(attributes.metadata, cred.metadata, what .. "'s metadata")
  end

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

  describe("of a response", function()
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

-- lua-cjson ends the process where it gets no memory.
describe("A response that there is no memory to decode", function()
  it("raises, and the process lives", function()
    if os.getenv "SPEC_LAUNCHER" or os.getenv "SPEC_PRELOAD" then
      return -- they take more address space than there is
    end
    local run = child.run([[
      local core = require "ngrok.core"
      local body = '["' .. ("x"):rep(12 * 2 ^ 20) .. '"]'
      local ballast = {}
      local function fill()
        for index = #ballast + 1, 1000 do
          ballast[index] = ("b"):rep(2 ^ 20) .. index
        end
      end
      assert(not pcall(fill))
      for _ = 1, 4 do
        ballast[#ballast] = nil
      end
      collectgarbage()
      print(pcall(core.decode, body))
      ballast = nil
      collectgarbage()
      print(("%d"):format(#core.decode(body)[1]))
    ]], nil, { "sh", "-c", "ulimit -v 262144; exec \"$@\"", "sh" })
    assert.same({ 0, "" }, { run.status, run.errors })
    assert.truthy(run.output:find("^false\t[^\n]*not enough memory\n12582912"), run.output)
  end)
end)
