-- Whole numbers are shown as such on every Lua: 30, not 30.0.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

describe("a whole number", function()
  local emu, client

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu, max_retries = 0 })
  end)

  after_each(function()
    client:close()
  end)

  local function read(json)
    emu:misbehave { kind = "body", body = ('{"id":"cr_1","n":%s,"t":{"n":[%s]}}'):format(json, json) }
    return assert(client.credentials:get("cr_1"))
  end

  local function check(expected, number)
    assert.equal(expected, tostring(number))
    if math.type then -- luacheck: ignore 143
      assert.equal("integer", math.type(number)) -- luacheck: ignore 143
    end
  end

  it("in a response is one in Lua, in every place", function()
    for json, expected in pairs {
      ["10000"] = "10000", ["0"] = "0", ["-7"] = "-7", ["1e3"] = "1000", ["2.0"] = "2",
      ["99999999999999"] = "99999999999999",
    } do
      local credential = read(json)
      check(expected, credential.n)
      check(expected, credential.t.n[1])
      check(expected, credential:totable().n)
      check(expected, credential:totable().t.n[1])
    end
  end)

  it("up to 2^53 keeps all its digits", function()
    for _, json in ipairs { "9007199254740991", "-9007199254740991" } do
      assert.equal(json, ("%d"):format(read(json).n))
    end
  end)

  it("is not made of a fraction, nor of what is too large for one", function()
    assert.equal(1.5, read("1.5").n)
    assert.equal(1e300, read("1e300").n)
    assert.equal(2 ^ 63, read("9223372036854775808").n)
    assert.equal(-2 ^ 63, read("-9223372036854775808").n)
  end)

  it("in an error's details is one", function()
    emu:misbehave { kind = "body", status = 400, body = '{"msg":"m","details":{"limit":5,"all":[6]}}' }
    local _, err = client.credentials:get("cr_1")
    check("5", err.details.limit)
    check("6", err.details.all[1])
  end)

  it("of seconds is one in an error", function()
    emu:misbehave { kind = "status", status = 429, retry_after = 30 }
    local _, err = client.credentials:get("cr_1")
    check("30", err.retry_after)
  end)

  it("of seconds is one where a loop asks for them", function()
    client.credentials:get("cr_1", { on_done = function() end })
    check("0", client:timeout())
  end)
end)
