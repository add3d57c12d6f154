--- What a plain script meets that does not think of limits, in a minute that takes a second: faketime makes
-- every clock and every sleep of the process run sixty times as fast.
local child = require "spec.support.child"

local faster = { "faketime", "-f", "+0 x60" }

local prelude = [[
  local ngrok = require "ngrok"
  local emulator = require "ngrok.emulator"
  local limit = { requests = 120, window = 60 }
  local refused = 0
  local function count_refusals(emu)
    return function(attempt, done)
      local response = emu(attempt, done)
      refused = refused + (response.status == 429 and 1 or 0)
      return response
    end
  end
]]

describe("with the defaults", function()
  it("500 calls in a row succeed, slowed and never refused", function()
    local result = child.run(prelude .. [[
      local emu = emulator.new { rate_limit = limit }
      local client = assert(ngrok.client { api_key = emu.api_key, transport = count_refusals(emu) })
      local begun = os.time()
      for number = 1, 500 do
        assert(client.credentials:create { description = "device " .. number })
      end
      local took = os.time() - begun
      io.write(#emu:credentials(), " ", refused, " ", (took >= 240 and took < 250) and "paced" or took)
    ]], nil, faster)
    assert.equal("500 0 paced", result.output, result.errors)
  end)

  it("so do the calls of a script that makes a client for each", function()
    local result = child.run(prelude .. [[
      local emu = emulator.new { rate_limit = limit }
      for number = 1, 250 do
        local client = assert(ngrok.client { api_key = emu.api_key, transport = count_refusals(emu) })
        assert(client.credentials:create { description = "device " .. number })
        client:close()
      end
      io.write(#emu:credentials(), " ", refused)
    ]], nil, faster)
    assert.equal("250 0", result.output, result.errors)
  end)

  it("a call waits through the pauses that another machine's requests cause", function()
    local result = child.run(prelude .. [[
      local emu = emulator.new { rate_limit = limit }
      local client = assert(ngrok.client { api_key = emu.api_key, transport = count_refusals(emu) })
      local other = assert(ngrok.client {
        api_key = emu.api_key, transport = function(...) return emu(...) end, rate_limit = false,
      })
      for number = 1, 120 do assert(other.credentials:create { description = "other " .. number }) end
      local begun = os.time()
      repeat until os.time() - begun >= 30
      local made = assert(client.credentials:create { description = "ours" })
      io.write(made.description, " ", refused > 0 and refused < 4 and "paused" or refused)
    ]], nil, faster)
    assert.equal("ours paused", result.output, result.errors)
  end)
end)
