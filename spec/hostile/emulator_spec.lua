-- Every misbehaviour that the emulator knows, on every wire: the error that it makes, and the next call.
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local hostile = require "spec.support.hostile_server"
local wires = require "spec.support.wires"

-- What a create meets, and what it then says: kind, phase and outcome; nil where it is none the worse.
local cases = {
  { fault = { kind = "delay", seconds = 0.02 } },
  { fault = { kind = "delay", seconds = 30 }, timeout = 0.3, says = { "timeout", "receive", "unknown" } },
  { fault = { kind = "hang", processed = true }, timeout = 0.3, says = { "timeout", "receive", "unknown" } },
  { fault = { kind = "status", status = 302 }, says = { "api", "receive", "rejected" } },
  { fault = { kind = "status", status = 400 }, says = { "api", "receive", "rejected" } },
  { fault = { kind = "status", status = 429 }, says = { "api", "receive", "rejected" } },
  { fault = { kind = "status", status = 429, retry_after = 1 }, says = { "api", "receive", "rejected" } },
  { fault = { kind = "status", status = 429, retry_after = "x" }, says = { "api", "receive", "rejected" } },
  { fault = { kind = "status", status = 500, format = "html" }, says = { "api", "receive", "unknown" } },
  { fault = { kind = "status", status = 502, format = "none" }, says = { "api", "receive", "unknown" } },
  { fault = { kind = "status", status = 503 }, says = { "api", "receive", "unknown" } },
  { fault = { kind = "reset_before" }, says = { "transport", "send or receive", "unknown" } },
  { fault = { kind = "reset_after" }, says = { "transport", "send or receive", "unknown" } },
  { fault = { kind = "truncate" }, says = { "transport", "receive", "unknown" } },
  { fault = { kind = "truncate", at = 0 }, says = { "transport", "receive", "unknown" } },
  { fault = { kind = "truncate", at = 1 }, says = { "transport", "receive", "unknown" } },
  { fault = { kind = "oversize", bytes = 2 ^ 21 }, says = { "transport", "receive", "unknown" } },
  { fault = { kind = "content_type" } },
  { fault = { kind = "html" }, says = { "decode", "decode", "unknown" } },
  { fault = { kind = "invalid_json" }, says = { "decode", "decode", "unknown" } },
  { fault = { kind = "deep_json" }, says = { "decode", "decode", "unknown" } },
  { fault = { kind = "empty" }, says = { "decode", "decode", "unknown" } },
  { fault = { kind = "body", body = '{"token":"' .. hostile.token },
    says = { "decode", "decode", "unknown" } },
  { fault = { kind = "body", body = '["' .. hostile.token .. '"]' },
    says = { "decode", "decode", "unknown" } },
}

local function name_of(fault)
  local words = {}
  for key, value in pairs(fault) do
    if key ~= "kind" then
      words[#words + 1] = ("%s %s"):format(key, value)
    end
  end
  table.sort(words)
  return fault.kind .. (#words > 0 and (" (%s)"):format(table.concat(words, ", ")) or "")
end

wires.describe("a hostile server", function(wire)
  local emu, client

  setup(function()
    emu = wire:start { api_key = hostile.key }
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
    client = assert(ngrok.client(wires.client_options(emu, {
      max_response_bytes = 2 ^ 20, rate_limit = { requests = 1000, window = 0.4 }, -- for short pauses
    })))
  end)

  after_each(function()
    assert.equal(0, client:pending())
    client:close()
  end)

  local function works(count)
    assert.truthy(assert(client.credentials:create()).token)
    assert.equal(count, #emu:requests())
  end

  for _, case in ipairs(cases) do
    it("that responds with " .. name_of(case.fault), function()
      -- On a connection that is new, and on one that was used; time passes on both alike.
      for round = 1, case.timeout and 1 or 2 do
        emu:misbehave(case.fault)
        local given = { timeout = case.timeout and timing.scaled(case.timeout) or 20 }
        local credential, err = client.credentials:create({ description = "Okapi9Body" }, given)
        if case.says then
          assert.is_nil(credential)
          local kind, phase, outcome = case.says[1], case.says[2], case.says[3]
          -- A connection that was used before may turn out to have been dead all along.
          assert.truthy(phase:find(err.phase, 1, true))
          hostile.check(err, kind, err.phase, outcome)
        else
          assert.truthy(assert(credential, err).token)
        end
        works(2 * round)
      end
    end)
  end

  it("that leads a list back to where it was", function()
    emu:seed(3)
    emu:misbehave { kind = "next_page_uri" }
    local items, err = client.credentials:list({ limit = 2 }):all()
    assert.is_nil(items)
    hostile.check(err, "decode", "decode", err.outcome)
    assert.equal(3, #assert(client.credentials:list({ limit = 2 }):all()))
  end)
end)
