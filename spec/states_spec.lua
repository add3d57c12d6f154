--- Two Luas in one process, each with the modules loaded for itself.
local emulator = require "ngrok.emulator"
local host = require "spec.support.host"

local make_client = [[
  ngrok = require "ngrok"
  client = assert(ngrok.client {
    api_key = %q, base_url = %q, rate_limit = { requests = 100, window = 1e-6 },
  })
]]

local begin = [[
  done = {}
  for index = 1, 5 do
    client.credentials:create({ description = ... .. index }, { on_done = function(credential, err)
      done[#done + 1] = credential and credential.description or err.kind
    end })
  end
  client:step(0)
]]

local finish = [[
  for _ = 1, 1000 do
    if client:pending() == 0 then break end
    client:step(1)
  end
  table.sort(done)
  return table.concat(done, " ")
]]

describe("two Luas in one process", function()
  local emu, one, two

  local function run(state, chunk, ...)
    local fine, said = state:run(chunk, ...)
    assert(fine, said)
    return said
  end

  setup(function()
    emu = assert(emulator.start())
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    one, two = host.state(), host.state()
    run(one, make_client:format(emu.api_key, emu.base_url))
    run(two, make_client:format(emu.api_key, emu.base_url))
  end)

  after_each(function()
    one:close()
    two:close()
  end)

  it("have requests in flight side by side, and each gets its own responses", function()
    run(one, begin, "one")
    run(two, begin, "two")
    assert.equal("two1 two2 two3 two4 two5", run(two, finish))
    assert.equal("one1 one2 one3 one4 one5", run(one, finish))
  end)

  it("go on when the other ends with requests in flight", function()
    run(one, begin, "one")
    run(two, begin, "two")
    one:close()
    assert.equal("two1 two2 two3 two4 two5", run(two, finish))
    assert.equal("again", run(two, "return client.credentials:create { description = 'again' }.description"))
  end)

  it("go on with a list when the other ends", function()
    emu:reset()
    emu:seed(5)
    run(two, "listing = client.credentials:list { limit = 2 } listing:next()")
    run(one, begin, "one")
    one:close()
    assert.equal("4", run(two, "return tostring(#assert(listing:all()))"))
  end)

  it("leave no memory of our C when both have ended", function()
    run(one, begin, "one")
    run(two, begin, "two")
    run(two, finish)
    assert.is_true(host.blocks() > 0)
    one:close()
    two:close()
    assert.equal(0, host.blocks())
  end)

  it("collect a client while the other steps its own", function()
    run(one, begin, "one")
    run(two, begin, "two")
    run(one, "client = nil collectgarbage() collectgarbage()")
    assert.equal("two1 two2 two3 two4 two5", run(two, finish))
    assert.equal("fresh", run(one, make_client:format(emu.api_key, emu.base_url)
      .. "return assert(client.credentials:create { description = 'fresh' }).description"))
  end)
end)
