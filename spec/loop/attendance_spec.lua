-- Callers who have left, in a queue: those behind them are called soon.
local attendance = require "ngrok.loop.attendance"

describe("callers who have left", function()
  local calls_of_one = 8 -- until it is passed over
  local client, called, woken

  -- A core whose waiting requests come by their numbers; nobody comes.
  before_each(function()
    called, woken = 0, {}
    client = { core = {}, requests = {} }
    function client.core:call_next() -- luacheck: ignore self
      called = called + 1
      return math.ceil(called / calls_of_one)
    end
    for id = 1, 10000 do
      client.requests[id] = { waiters = { function() woken[id] = true end } }
    end
  end)

  local function turns_until_woken(id)
    local turns = 0
    while not woken[id] and turns < 10000 do
      attendance.call_next(client)
      turns = turns + 1
    end
    return turns
  end

  it("are called one at a time at first", function()
    assert.equal(1, turns_until_woken(1))
    assert.is_nil(woken[2])
  end)

  it("delay a caller behind a thousand of them by few turns", function()
    local turns = turns_until_woken(1001)
    assert.is_true(turns < 200, turns)
  end)

  it("are not called for ever within a turn", function()
    turns_until_woken(1001)
    local before = called
    attendance.call_next(client)
    assert.is_true(called - before <= 64)
  end)

  it("are called one at a time again once somebody has come", function()
    turns_until_woken(1001)
    local before
    function client.core:attend() return true end -- luacheck: ignore self
    function client.core:leave() before = called end -- luacheck: ignore self
    client.kept = {}
    -- Beginning fails, as there is no more of a client.
    attendance.attend(client, { core = client.core, id = 1 })
    assert.equal(1, called - before)
  end)
end)
