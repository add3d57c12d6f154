--- The rate limit as a program meets it.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"

describe("the rate limit", function()
  local emu, clients

  before_each(function()
    emu, clients = emulator.new(), {}
  end)

  after_each(function()
    for _, client in ipairs(clients) do
      client:close()
    end
  end)

  local function new_client(limit, given)
    local options = {
      api_key = emu.api_key, rate_limit = limit, transport = function(...) return emu(...) end,
    }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    local client = assert(ngrok.client(options))
    clients[#clients + 1] = client
    return client
  end

  local function create(client, options)
    return client.credentials:create({}, options)
  end

  -- How long `count` calls take.
  local function duration(client, count)
    local begun = timing.now()
    for _ = 1, count do
      assert(create(client))
    end
    return timing.now() - begun
  end

  it("makes the next call wait for the window's end", function()
    local client = new_client { requests = 3, window = 0.2 }
    assert.truthy(duration(client, 4) >= 0.2)
    assert.equal(4, #emu:credentials())
  end)

  it("is shared by clients with the same key", function()
    local one, two = new_client { requests = 2, window = 0.2 }, new_client { requests = 2, window = 0.2 }
    local begun = timing.now()
    assert(create(one))
    assert(create(two))
    assert(create(one))
    assert.truthy(timing.now() - begun >= 0.2)
  end)

  it("is each key's own", function()
    local one = new_client({ requests = 1, window = 60 }, { api_key = emu.api_key })
    local other = new_client({ requests = 1, window = 60 }, { api_key = "ANOTHER_KEY" })
    assert(create(one))
    local _, err = create(other) -- which the emulator refuses, at once
    assert.equal(401, err.status)
  end)

  it("outlives the client", function()
    local limit = { requests = 1, window = 60 }
    local first = new_client(limit)
    assert(create(first))
    first:close()
    local _, err = create(new_client(limit), { max_wait = 1 })
    assert.equal("wait", err.phase)
  end)

  it("holds a client with a stricter limit to its own", function()
    local loose, strict = new_client { requests = 100, window = 60 }, new_client { requests = 2, window = 60 }
    assert(create(loose))
    assert(create(loose))
    local _, err = create(strict, { max_wait = 1 })
    assert.equal("wait", err.phase)
    assert(create(loose))
  end)

  it("tells at once whom it would keep longer than max_wait, and for how long", function()
    local client = new_client { requests = 1, window = 60 }
    assert(create(client))
    local value, err = create(client, { max_wait = 30 })
    assert.is_nil(value)
    assert.equal("timeout", err.kind)
    assert.equal("wait", err.phase)
    assert.equal("not_sent", err.outcome)
    assert.equal(0, err.attempts)
    assert.truthy(err.retry_after > 30 and err.retry_after < 61)
    assert.is_true(err:is_rate_limited())
    assert.truthy(err.message:find("rate_limit (1 requests per 60 s)", 1, true), err.message)
    assert.equal(1, #emu:requests())
  end)

  it("counts the attempts, not the calls", function()
    local client = new_client { requests = 2, window = 60 }
    emu:misbehave { kind = "status", status = 503 }
    assert(client.credentials:list():all())
    local _, err = create(client, { max_wait = 1 })
    assert.equal("wait", err.phase)
  end)

  it("gives back the place of a request that never left", function()
    local failing = true
    local client = new_client({ requests = 1, window = 60 }, {
      max_retries = 0,
      transport = function(...)
        if failing then
          return nil, "connect", "refused"
        end
        return emu(...)
      end,
    })
    local _, err = create(client)
    assert.equal("connect", err.phase)
    failing = false
    assert(create(client, { max_wait = 0 }))
  end)

  it("set to false lets everything through", function()
    local client = new_client(false)
    for _ = 1, 130 do
      assert(create(client, { max_wait = 0 }))
    end
  end)

  it("is the emulator's own where that is the transport, and none by default", function()
    local free = assert(ngrok.client { transport = emu, max_wait = 0 })
    clients[1] = free
    for _ = 1, 130 do
      assert(create(free))
    end
    local limited = emulator.new { rate_limit = { requests = 1, window = 60 } }
    clients[2] = assert(ngrok.client { transport = limited })
    assert(create(clients[2]))
    local _, err = create(clients[2], { max_wait = 1 })
    assert.equal("wait", err.phase)
    assert.equal(1, #limited:requests())
  end)
end)

describe("a 429", function()
  local emu, client

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu, rate_limit = { requests = 1000, window = 0.4 } })
  end)

  after_each(function()
    client:close()
  end)

  it("is waited out, with and without Retry-After, for a create too", function()
    for _, retry_after in ipairs { false, 1, 0 } do
      emu:misbehave { kind = "status", status = 429, retry_after = retry_after or nil }
      local begun = timing.now()
      local credential = assert(client.credentials:create())
      assert.truthy(credential.token)
      assert.truthy(timing.now() - begun >= (retry_after and 1 or 0.1))
    end
    assert.equal(3, #emu:credentials())
    assert.equal(6, #emu:requests())
  end)

  it("is not counted by max_retries", function()
    emu:misbehave { kind = "status", status = 429, count = 3 }
    assert(client.credentials:create({}, { max_retries = 1 }))
    assert.equal(4, #emu:requests())
  end)

  it("makes everybody pause", function()
    emu:misbehave { kind = "status", status = 429, retry_after = 2 }
    local _, err = client.credentials:create({}, { max_wait = 1 })
    assert.equal(429, err.status)
    assert.equal(2, err.retry_after)
    assert.equal("rejected", err.outcome)
    _, err = client.credentials:get("cr_1", { max_wait = 1 })
    assert.equal("wait", err.phase)
    _, err = client.credentials:list():all()
    assert.is_nil(err)
  end)

  it("is returned at once with max_retries = 0, and others still pause", function()
    emu:misbehave { kind = "status", status = 429, retry_after = 30 }
    local _, err = client.credentials:create({}, { max_retries = 0 })
    assert.equal(429, err.status)
    assert.equal(1, err.attempts)
    _, err = client.credentials:create({}, { max_wait = 1 })
    assert.equal("wait", err.phase)
    assert.equal(0, err.attempts)
    assert.truthy(err.message:find("HTTP 429", 1, true), err.message)
    assert.truthy(err.retry_after > 25 and err.retry_after <= 30)
    assert.equal(1, #emu:requests())
  end)

  it("that keeps coming is returned when max_wait is used up", function()
    emu:misbehave { kind = "status", status = 429, count = math.huge }
    local _, err = client.credentials:create({}, { max_wait = 0.5 })
    assert.equal(429, err.status)
    assert.equal("rejected", err.outcome)
    assert.truthy(err.attempts >= 2)
    assert.equal(0, #emu:credentials())
  end)
end)
