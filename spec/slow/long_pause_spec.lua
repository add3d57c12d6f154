-- A host that does not step its client for minutes: faketime lets them pass. A response that came in time is
-- delivered, and a request that was not sent in time is not sent later.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local raw_server = require "spec.support.raw_server"
local hostile = require "spec.support.hostile_server"
local wires = require "spec.support.wires"

local prelude = [[
local folder, clock = %q, %q

local passed = 0
local function pass(seconds)
  passed = passed + seconds
  local before = os.time()
  local file = assert(io.open(clock, "wb"))
  file:write(("+%%d\n"):format(passed))
  file:close()
  assert(os.time() - before >= seconds, "time has not passed")
end

local function has_told(name)
  local file = io.open(folder .. "/" .. name, "rb")
  return file and file:close()
end

-- Counts rounds, as the clock is a false one.
local function await(condition)
  for _ = 1, 2000 do
    if condition() then
      return
    end
    os.execute "sleep 0.005"
  end
  error "waited too long for a condition"
end

local function step_until(client, condition)
  await(function()
    client:step(0)
    return condition()
  end)
end

local function tell(value, err)
  if value then
    print(value.token or value.id or "done")
  else
    print(err.kind, err.phase, err.outcome, err.status)
  end
end

local function step_until_heard(client)
  step_until(client, function() return has_told "heard" end)
end

local function let_response_come()
  io.open(folder .. "/respond", "wb"):close()
  await(function() return has_told "said" end)
end
]]

-- What the server does with each request.
local on_demand = [[
  hear()
  tell "heard"
  wait_for "respond"
  say(%q)
  tell "said"
]]

describe("minutes between two steps", function()
  local server, clock

  setup(function()
    server = raw_server.start()
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    clock = os.tmpname()
    local file = assert(io.open(clock, "wb"))
    file:write "+0\n"
    file:close()
    server:forget { "heard", "said", "respond", "requests" }
    server:play(on_demand:format(hostile.good))
  end)

  after_each(function()
    os.remove(clock)
  end)

  local function run(code, base_url)
    local program = child.client_code {
      api_key = "a_key", base_url = base_url or server.base_url, loop = "tick", max_retries = 0,
      rate_limit = false,
    } .. prelude:format(server.directory, clock) .. code
    local result = child.run(program, nil, {
      "faketime", "-f", "+0", "env", "-u", "FAKETIME", "FAKETIME_TIMESTAMP_FILE=" .. clock,
      "FAKETIME_NO_CACHE=1",
    })
    assert.same({ 0, "" }, { result.status, result.errors })
    return (result.output:gsub("\n$", ""))
  end

  for name, call in pairs {
    ["the program that asks for it"] = [[
      local request = client.credentials:create({}, { wait = false })
      is_over = function()
        if request:done() then
          take(request:result())
        end
        return over
      end
    ]],
    ["a coroutine"] = "coroutine.wrap(function() take(client.credentials:create()) end)()",
    ["a callback"] = "client.credentials:create({}, { on_done = take })",
  } do
    it("deliver a response that had come to " .. name .. ", with its token", function()
      assert.equal(hostile.token, run([[
        local client, over = new_client(), false
        local function is_over() return over end
        local function take(...)
          over = true
          tell(...)
        end
      ]] .. call .. [[
        step_until_heard(client)
        let_response_come()
        pass(300)
        step_until(client, is_over)
      ]]))
    end)
  end

  it("end a request without a response", function()
    assert.equal("timeout\treceive\tunknown\tnil", run [[
      local client = new_client()
      local request = client.credentials:create({}, { wait = false })
      step_until_heard(client)
      pass(300)
      step_until(client, function() return request:done() end)
      tell(request:result())
    ]])
  end)

  it("end a request whose connection is not there yet, and do not send it", function()
    assert.equal("timeout not_sent", run [[
      local client = new_client()
      local request = client.credentials:create({}, { wait = false })
      pass(300)
      step_until(client, function() return request:done() end)
      local _, err = request:result()
      print(err.kind .. " " .. err.outcome)
      local later = client.credentials:get("cr_1", { wait = false }) -- whose bytes would come after it
      step_until_heard(client)
      later:cancel()
    ]])
    assert.same({ "GET /credentials/cr_1" }, server:requests())
  end)

  it("leave a request whose connection is not there yet the rest of its time", function()
    server:play(("hear() say(%q)"):format(hostile.good))
    assert.equal(hostile.token, run [[
      local client = new_client { timeout = 600, max_retries = 3 }
      local request = client.credentials:create({}, { wait = false })
      pass(300)
      step_until(client, function() return request:done() end)
      tell(request:result())
    ]])
    assert.equal(1, #server:requests())
  end)

  it("end a request that waited for others, and do not send it", function()
    assert.equal(hostile.token .. "\ntimeout\twait\tnot_sent\tnil", run [[
      local client = new_client { max_in_flight = 1 }
      local first = client.credentials:create({}, { wait = false })
      local second = client.credentials:create({}, { wait = false })
      step_until_heard(client)
      let_response_come()
      pass(300)
      step_until(client, function() return first:done() and second:done() end)
      tell(first:result())
      tell(second:result())
    ]])
    assert.equal(1, #server:requests())
  end)

  it("give each request its true outcome, at any step of TLS", function()
    local emu = wires.tls:start()
    finally(function() emu:stop() end)
    local told = run(("local given = { base_url = %q, api_key = %q, ca_file = %q }"):format(emu.base_url,
      emu.api_key, emu.ca_file) .. [[
      for steps = 0, 15 do
        local client = new_client(given)
        local request = client.credentials:create({ description = "after " .. steps }, { wait = false })
        for _ = 1, steps do
          client:step(0.002)
        end
        pass(300)
        step_until(client, function() return request:done() end)
        local made, err = request:result()
        print("after " .. steps .. ": " .. (made and made.token or err.outcome))
        client:close()
      end
    ]])
    local held, outcomes = {}, {}
    for _, credential in ipairs(emu:credentials()) do
      held[credential.description] = true
    end
    for description, outcome in told:gmatch "(after %d+): (%S+)" do
      outcomes[outcome] = true
      assert.is_true(outcome == "unknown" or (held[description] or false) == (outcome ~= "not_sent"), told)
    end
    assert.is_true(outcomes.not_sent, told)
  end)

  local limited = [[
    local client = new_client { rate_limit = { requests = 1, window = 60 } }
    local first = client.credentials:create({}, { wait = false })
    step_until(client, function() return first:done() end)
    tell(first:result())
    local second = client.credentials:create({}, { wait = false })
    for _ = 1, 10 do client:step(0) end
    pass(%d)
    step_until(client, function() return second:done() end)
    tell(second:result())
  ]]

  it("end a request that waited for the rate limit, and do not send it", function()
    server:play(("hear() say(%q)"):format(hostile.good))
    assert.equal(hostile.token .. "\ntimeout\twait\tnot_sent\tnil", run(limited:format(300)))
    assert.equal(1, #server:requests())
  end)

  it("leave a request that waited for the rate limit the rest of its time", function()
    server:play(("hear() say(%q)"):format(hostile.good))
    assert.equal(hostile.token .. "\n" .. hostile.token, run(limited:format(80)))
    assert.equal(2, #server:requests())
  end)

  local backing_off = [[
    local retried = false
    local client = new_client { max_retries = 3, timeout = %d, on_event = function(event)
      retried = retried or event.name == "retry"
    end }
    local request = client.credentials:get("cr_1", { wait = false })
    step_until(client, function() return retried end)
    pass(300)
    step_until(client, function() return request:done() end)
    tell(request:result())
  ]]

  -- The back-off ends within the minutes.
  local failing = [[
    hear()
    local response = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 20\r\nConnection: close\r\n"
      .. "Content-Length: 0\r\n\r\n"
    local first = not io.open(ngx.config.prefix() .. "/heard", "rb")
    tell "heard"
    say(first and response or %q)
  ]]

  it("end a request that was backing off, and do not send it again", function()
    server:play(failing:format(hostile.good))
    assert.equal("api\treceive\tunknown\t503", run(backing_off:format(30)))
    assert.equal(1, #server:requests())
  end)

  it("leave a request that was backing off the rest of its time", function()
    server:play(failing:format(hostile.good))
    assert.equal(hostile.token, run(backing_off:format(600)))
    assert.equal(2, #server:requests())
  end)

  it("end a connection that is older than five minutes", function()
    local emu = assert(emulator.start { api_key = "a_key" })
    finally(function() emu:stop() end)
    run([[
      local client = new_client()
      for _, seconds in ipairs { 0, 100, 100, 90, 20, 100 } do
        pass(seconds)
        local request = client.credentials:get("cr_1", { wait = false })
        step_until(client, function() return request:done() end)
      end
    ]], emu.base_url)
    local ids, connections = {}, {}
    for index, request in ipairs(emu:requests()) do
      ids[request.connection] = ids[request.connection] or index
      connections[index] = ids[request.connection]
    end
    assert.same({ 1, 1, 1, 1, 5, 5 }, connections)
  end)
end)
