-- ngrok.check: assert for hosts that show only text.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

local function line()
  return debug.getinfo(2, "l").currentline
end

describe("ngrok.check", function()
  it("returns a value, and what follows it", function()
    assert.same({ 1, "two", nil, 4, n = 4 }, { n = select("#", ngrok.check(1, "two", nil, 4)),
      ngrok.check(1, "two", nil, 4) })
    local client = ngrok.check(ngrok.client { transport = emulator.new() })
    assert.equal("x", ngrok.check(client.credentials:create { description = "x" }).description)
    client:close()
  end)

  it("raises the error's text, at the caller's line", function()
    local client = ngrok.check(ngrok.client { transport = emulator.new() })
    local _, err = client.credentials:get "cr_none"
    local expected = line() + 2
    local fine, text = pcall(function()
      ngrok.check(nil, err)
      return true
    end)
    client:close()
    assert.is_false(fine)
    assert.equal("string", type(text))
    assert.truthy(text:find(("check_spec.lua:%d: %s"):format(expected, tostring(err)), 1, true), text)
  end)

  it("says of other things what they are", function()
    assert.truthy(select(2, pcall(ngrok.check, false, "as it says")):find("as it says", 1, true))
    local _, text = pcall(ngrok.check, nil)
    assert.truthy(text:find("got neither a value nor an error", 1, true), text)
  end)
end)
