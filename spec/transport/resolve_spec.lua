-- A slow name server. Nothing waits for it: each call here returns while the look-up still runs, which goes
-- on until the spec ends it.
local child = require "spec.support.child"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"
local shell = require "ngrok.emulator.shell"
local hostile = require "spec.support.hostile_server"

local modules = assert(package.searchpath("ngrok.core", package.cpath)):match("^(.*)/ngrok/core%.so$")
local preload = modules .. "/../lookup.so"

-- For processes into which the slow name server is loaded.
local prelude = [[
  local folder, port, unit = %q, %d, %g

  local function count(name)
    local file = io.open(folder .. "/" .. name, "rb")
    local bytes = file and file:read "*a" or ""
    if file then
      file:close()
    end
    return #bytes
  end

  local function is_held()
    return count "begun" > 0 and count "ended" == 0
  end

  local function step_until(client, condition)
    for _ = 1, 1000 do
      if condition() then
        return
      end
      client:step(0.01 * unit)
    end
    error "waited too long for a condition"
  end

  local function let_go()
    io.open(folder .. "/go", "wb"):close()
  end

  -- A request whose look-up has begun.
  local function begin(client)
    local before = count "begun"
    local request = client.credentials:create({}, { wait = false })
    step_until(client, function() return count "begun" > before end)
    assert(is_held())
    return request
  end

  local function check(value, err, kind, phase, outcome)
    assert(value == nil and err.kind == kind, tostring(err))
    assert(err.phase == (phase or "resolve") and err.outcome == (outcome or "not_sent"), tostring(err))
    return err
  end

  -- The client works when the look-ups have ended.
  local function recovers(client)
    assert(is_held(), "the look-up was waited for")
    let_go()
    assert(client.credentials:create().id == "cr_1")
    for _ = 1, 1000 do
      if count "ended" == count "begun" then
        break
      end
      os.execute "sleep 0.01"
    end
    assert(count "ended" == count "begun")
    assert(client.credentials:get("cr_1").id == "cr_1")
    assert(client:pending() == 0)
    client:close()
  end
]]

describe("a name that takes long to look up", function()
  local server, folder

  setup(function()
    server = raw_server.start()
    server:respond(hostile.good)
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    local fine
    fine, folder = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-lookups.XXXXXXXX"'
    assert(fine, folder)
  end)

  after_each(function()
    shell.run("rm -rf " .. shell.quote(folder))
  end)

  local function exists(name)
    local file = io.open(name, "rb")
    if file then
      file:close()
    end
    return file ~= nil
  end

  -- Runs a program with such a name server, which ends with `status`, 0 if not given.
  local function run(code, environment, status)
    local variables = { LD_PRELOAD = preload, SPEC_LOOKUPS = folder }
    for name, value in pairs(environment or {}) do
      variables[name] = value
    end
    local program = child.client_code {
      api_key = hostile.key, base_url = "http://slow.example:" .. server.port, allow_http = true,
      max_retries = 0, rate_limit = false,
    } .. prelude:format(folder, server.port, timing.scaled(1)) .. code
    local result = child.run(program, variables)
    assert.equal(status or 0, result.status, result.errors)
    return result
  end

  local function it_survives(name, code)
    it(name, function()
      if not exists(preload) then
        return pending("nothing can be preloaded here")
      end
      local result = run(code)
      assert.equal("", result.errors)
      assert.equal("survived", result.output)
    end)
  end

  it_survives("does not delay step(0)", [[
    local client = new_client()
    local request = begin(client)
    for _ = 1, 100 do
      client:step(0)
    end
    assert(not request:done() and client:pending() == 1)
    assert(is_held())
    let_go()
    assert(request:result().id == "cr_1")
    io.write "survived"
  ]])

  it_survives("does not delay request:cancel()", [[
    local client = new_client()
    local request = begin(client)
    assert(request:cancel())
    assert(request:done())
    local value, err = request:result()
    check(value, err, "cancelled")
    recovers(client)
    io.write "survived"
  ]])

  it_survives("does not delay client:close()", [[
    local client = new_client()
    local request = begin(client)
    client:close()
    assert(is_held())
    local value, err = request:result()
    check(value, err, "cancelled")
    recovers(new_client())
    io.write "survived"
  ]])

  it_survives("does not delay the collection of a client", [[
    local weak = setmetatable({}, { __mode = "v" })
    local function drop()
      weak[1] = new_client()
      begin(weak[1])
    end
    drop()
    collectgarbage()
    collectgarbage()
    assert(weak[1] == nil)
    recovers(new_client())
    io.write "survived"
  ]])

  it_survives("does not delay other requests of the program", [[
    local client = new_client()
    local request = begin(client)
    local other = new_client { base_url = "http://127.0.0.1:" .. port }
    assert(other.credentials:create())
    other:close()
    assert(not request:done() and is_held())
    request:cancel()
    recovers(client)
    io.write "survived"
  ]])

  it_survives("is given up after the time-out", [[
    local client = new_client { timeout = 0.3 * unit }
    local value, err = client.credentials:create()
    check(value, err, "timeout")
    assert(is_held())
    client:close()
    recovers(new_client())
    io.write "survived"
  ]])

  it_survives("is given up after connect_timeout", [[
    local client = new_client { connect_timeout = 0.3 * unit }
    local value, err = client.credentials:create()
    local message = check(value, err, "timeout").message
    local expected = ("the name of slow.example:%d was not resolved within connect_timeout (%g s)")
    assert(message == expected:format(port, 0.3 * unit), message)
    assert(is_held())
    client:close()
    recovers(new_client())
    io.write "survived"
  ]])

  it_survives("may be looked up and cancelled many times", [[
    local client = new_client { max_in_flight = 30 }
    for _ = 1, 20 do
      begin(client):cancel()
    end
    recovers(client)
    io.write "survived"
  ]])

  it_survives("is resolved in the end", [[
    local client = new_client()
    local called = 0
    client.credentials:create({}, { on_done = function(value)
      assert(value.id == "cr_1")
      called = called + 1
    end })
    step_until(client, function() return count "begun" > 0 end)
    assert(called == 0)
    let_go()
    step_until(client, function() return called == 1 end)
    client:close()
    io.write "survived"
  ]])

  for way, case in pairs {
    ["by its last line"] = { "" },
    ["after it has cancelled the request"] = { "request:cancel()" },
    ["after it has closed the client"] = { "client:close()" },
    ["by an error"] = { "error 'at last'", status = 1 },
    ["by os.exit"] = { "os.exit(3)", status = 3, environment = child.state_left_open },
    ["by os.exit that closes its state"] = { "os.exit(3, true)", status = 3 },
  } do
    it("does not delay a program that ends " .. way, function()
      if not exists(preload) then
        return pending("nothing can be preloaded here")
      end
      run("local client = new_client() local request = begin(client) " .. case[1],
        case.environment or child.thread_left_running, case.status)
      assert.is_true(exists(folder .. "/begun"))
      assert.is_false(exists(folder .. "/ended"))
    end)
  end
end)
