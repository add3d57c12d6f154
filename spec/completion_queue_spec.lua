-- What a step calls back, and what it leaves for the next one.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local poll = require "spec.support.poll"

describe("a client with many calls to call back at once", function()
  local client, calls
  local most = 4 -- in one step

  -- Input that is refused is never sent, so nothing has to listen.
  before_each(function()
    client, calls = assert(ngrok.client { api_key = "a_key", base_url = "http://127.0.0.1:9" }), 0
  end)

  after_each(function()
    client:close()
  end)

  local function refuse(count)
    for _ = 1, count do
      client.credentials:get("", { on_done = function(_, err)
        assert.equal("invalid", err.kind)
        calls = calls + 1
      end })
    end
  end

  it("calls a few back in each step, and says that there are more", function()
    local descriptor, steps = client:pollfd(), 0
    refuse(1000)
    while client:pending() > 0 do
      assert.equal(0, client:timeout())
      assert.is_true(not poll.available or poll.wait(descriptor, 5))
      local before = calls
      assert.equal(client:step(0), calls - before)
      assert.is_true(calls - before >= 1 and calls - before <= most)
      assert.equal(1000, calls + client:pending())
      steps = steps + 1
    end
    assert.equal(1000, calls)
    assert.is_true(steps >= 1000 / most)
    assert.is_nil(client:timeout())
  end)

  it("calls all of them back when it is closed", function()
    refuse(1000)
    client:close()
    assert.equal(1000, calls)
    assert.equal(0, client:pending())
  end)

  it("calls those back first that were first", function()
    local order = {}
    for index = 1, 100 do
      client.credentials:get("", { on_done = function() order[#order + 1] = index end })
    end
    while client:pending() > 0 do
      client:step(0)
    end
    for index = 1, 100 do
      assert.equal(index, order[index])
    end
  end)

  -- Processor time: beginning is spread over steps, so that most are in flight and have not begun.
  local function seconds_to_cancel(count)
    local other = assert(ngrok.client {
      api_key = "a_key", base_url = "http://127.0.0.1:9", max_in_flight = count, rate_limit = false,
    })
    local requests = {}
    for index = 1, count do
      requests[index] = other.credentials:get("cr_1", { wait = false })
    end
    local start = os.clock()
    for index = count, 1, -1 do
      requests[index]:cancel()
    end
    local seconds = os.clock() - start
    other:close()
    return seconds
  end

  it("cancels them in a time that grows with their number, and not with its square", function()
    local few, many = math.huge, math.huge
    for _ = 1, 3 do
      few, many = math.min(few, seconds_to_cancel(2000)), math.min(many, seconds_to_cancel(16000))
    end
    assert.is_true(many < 24 * few, ("%g s for 2000, %g s for 16000"):format(few, many))
  end)
end)

describe("a call whose request ends before it returns", function()
  local response = { status = 200, body = [[{"id":"cr_1"}]] }

  -- What a hook or a transport may do while a call is being made.
  local acts = {
    ["is closed"] = function(client) client:close() end,
    ["is stepped"] = function(client)
      for _ = 1, 3 do
        client:step(0)
      end
    end,
    ["is called"] = function(client) client.credentials:get "cr_1" end,
  }

  local function each(run)
    for what, act in pairs(acts) do
      for _, at in ipairs { "submitted", "attempt", "transport" } do
        it(("calls back once, where the client %s at %q"):format(what, at), function()
          run(act, at)
        end)
      end
    end
  end

  each(function(act, at)
    local client, has_acted, returned
    local calls = 0
    local function note(name)
      if name == at and not has_acted then
        has_acted = true
        act(client)
      end
    end
    client = assert(ngrok.client {
      api_key = "a_key", rate_limit = false, loop = "block",
      on_event = function(event) note(event.name) end,
      transport = function(_, done)
        done(response)
        note "transport"
      end,
    })
    client.credentials:get("cr_1", { on_done = function()
      assert.is_true(returned)
      calls = calls + 1
    end })
    returned = true
    for _ = 1, 10 do
      client:step(0)
    end
    assert.equal(1, calls)
    assert.equal(0, client:pending())
  end)
end)

describe("a client in process", function()
  local client

  before_each(function()
    client = assert(ngrok.client { transport = emulator.new() })
  end)

  after_each(function()
    client:close()
  end)

  it("raises the first error of a step's callbacks, and writes the others to stderr", function()
    local written = {}
    local stderr = io.stderr
    io.stderr = { -- luacheck: ignore 122
      write = function(_, ...)
        written[#written + 1] = table.concat { ... }
      end,
    }
    finally(function()
      io.stderr = stderr -- luacheck: ignore 122
    end)
    for index = 1, 3 do
      client.credentials:get("cr_none", { on_done = function() error("boom" .. index, 0) end })
    end
    local fine, err = pcall(client.step, client, 0)
    assert.is_false(fine)
    assert.equal("boom1", err)
    local prefix = "ngrok: another callback failed: "
    assert.same({ prefix .. "boom2\n", prefix .. "boom3\n" }, written)
    assert.equal(0, client:step(0))
  end)

  it("does not nest callbacks that wait", function()
    local deleted = 0
    for _ = 1, 300 do
      client.credentials:create({}, {
        on_done = function(credential)
          deleted = deleted + (credential:delete() and 1 or 0)
        end,
      })
    end
    while client:pending() > 0 do
      client:step(1)
    end
    assert.equal(300, deleted)
  end)

  it("leaves a failed request its error when it is closed", function()
    local request = client.credentials:get("cr_none", { wait = false })
    while client:pending() > 0 do
      client:step(1)
    end
    client:close()
    local _, err = request:result()
    assert.equal("ERR_NGROK_404", err.code)
    assert.matches("cr_none", err.message, 1, true)
  end)
end)
