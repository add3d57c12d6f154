-- Attempts of the resty transport that no call waits for any more, that a busy worker comes late to, or that
-- must not share a connection.
if not rawget(_G, "jit") then
  return
end

local emulator = require "ngrok.emulator"
local name_server = require "spec.support.name_server"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"
local resty_host = require "spec.support.resty_host"

-- For code in nginx: `wait_for` waits until the raw server's script has told a name, `let_go_on` tells it
-- one, `be_busy` keeps the worker from all else.
local words = [[
  local function wait_for(name)
    for _ = 1, 2000 do
      local file = io.open(%q .. "/" .. name)
      if file then
        return file:close()
      end
      ngx.sleep(0.005)
    end
  end
  local function let_go_on(name)
    io.open(%q .. "/" .. name, "w"):close()
  end
  local function be_busy(seconds)
    ngx.update_time()
    local start = ngx.now()
    repeat ngx.update_time() until ngx.now() - start >= seconds
  end
  local client = assert(client_for { base_url = %q, %s })
]]

local not_found = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

-- Holds the first request until its client has gone, responds to others, and tells when one came beside
-- another.
local holding = [[
  hear()
  local state, socket = package.loaded, ngx.req.socket(true)
  state.open = (state.open or 0) + 1
  if state.open > 1 then
    tell "beside"
  end
  if not state.held then
    state.held = true
    tell "held"
    socket:receive(1)
    tell "left"
  else
    socket:send "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
  end
  state.open = state.open - 1
]]

describe("an attempt of the resty transport on " .. resty_host.library, function()
  local server, raw

  before_each(function()
    raw = raw_server.start()
  end)

  after_each(function()
    raw:stop()
  end)

  setup(function()
    server = resty_host.start()
  end)

  teardown(function()
    server:stop()
  end)

  local function run(code, options)
    return server:run(words:format(raw.directory, raw.directory, raw.base_url, options or "") .. code)
  end

  it("is never sent when it is cancelled before", function()
    raw:respond(not_found)
    assert.equal("cancelled not_sent 404", run [[
      local request = client.credentials:create({}, { wait = false })
      request:cancel()
      local _, err = request:result()
      local _, other = client.credentials:get "cr_1"
      return err.kind .. " " .. err.outcome .. " " .. tostring(other.status)
    ]])
    assert.same({ "GET /credentials/cr_1" }, raw:requests())
  end)

  for way, code in pairs {
    ["is cancelled"] = "request:cancel()", ["is closed with its client"] = "client:close()",
  } do
    it("gives up its connection when it " .. way .. " in flight", function()
      raw:play(holding)
      assert.equal("cancelled", run(([[
        local request = client.credentials:create({}, { wait = false })
        wait_for "held"
        %s
        local _, err = request:result()
        return err.kind
      ]]):format(code)))
      timing.wait_until(function() return raw:has_told "left" end)
      server:settle()
    end)
  end

  it("gives up its connection before the next one is sent", function()
    raw:play(holding)
    assert.equal("404", run([[
      local request = client.credentials:create({}, { wait = false })
      wait_for "held"
      request:cancel()
      local _, err = client.credentials:get "cr_1"
      return tostring(err.status)
    ]], "max_in_flight = 1"))
    assert.is_false(raw:has_told "beside")
    assert.is_true(raw:has_told "left")
  end)

  it("ends with the light thread that waited for it, and holds up no request", function()
    raw:play [[
      hear()
      local state = package.loaded
      state.count = (state.count or 0) + 1
      if state.count > 20 then
        return say "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
      end
      local socket = ngx.req.socket(true)
      tell("held" .. state.count)
      socket:receive(1)
      state.gone = (state.gone or 0) + 1
      tell("gone" .. state.gone)
    ]]
    assert.equal("raced", run([[
      package.loaded.racing = client
      for index = 1, 20 do
        local call = ngx.thread.spawn(function() client.credentials:create() end)
        local sleeper = ngx.thread.spawn(wait_for, "held" .. index)
        ngx.thread.wait(call, sleeper)
        ngx.thread.kill(call)
      end
      return "raced"
    ]], "max_in_flight = 30"))
    timing.wait_until(function()
      assert.equal("404", server:run [[
        collectgarbage()
        collectgarbage()
        local _, err = package.loaded.racing.credentials:get "cr_1"
        return tostring(err.status)
      ]])
      return raw:has_told "gone20"
    end)
    server:settle()
  end)

  it("goes on without the coroutine that made it, and holds up no request", function()
    raw:respond(not_found)
    assert.equal("left", run [[
      local function leave()
        client.credentials:get("cr_1", { wait = false })
        coroutine.yield()
      end
      coroutine.wrap(leave)()
      return "left"
    ]])
    timing.wait_until(function() return raw:requests()[1] end)
    server:settle()
  end)

  it("holds up no worker, however fast a server sends however little at once", function()
    raw:play [[
      hear()
      say "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      local chunks = ("1\r\nx\r\n"):rep(10000)
      for _ = 1, 2000 do
        if not say(chunks) then
          return tell "gone"
        end
      end
    ]]
    assert.equal("timeout true", run [[
      local ticks, is_over = 0, false
      local ticker = ngx.thread.spawn(function()
        while not is_over do
          ngx.sleep(0.01)
          ticks = ticks + 1
        end
      end)
      local _, err = client.credentials:get("cr_1", { timeout = 0.5 })
      is_over = true
      ngx.thread.wait(ticker)
      return err.kind .. " " .. tostring(ticks > 10)
    ]])
    timing.wait_until(function() return raw:has_told "gone" end)
  end)

  it("names the call's timeout, not what a busy worker has left of it", function()
    raw:respond "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    local said = run [[
      local request = client.credentials:get("cr_1", { wait = false, timeout = 0.2 })
      be_busy(0.4)
      local _, err = request:result()
      return tostring(err)
    ]]
    assert.truthy(said:find("within timeout (0.2 s)", 1, true), said)
  end)

  it("gets the response that came in time, however late its worker is", function()
    raw:play [[
      hear()
      tell "held"
      wait_for "released"
      say "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
    ]]
    assert.equal("404", run [[
      local request = client.credentials:get("cr_1", { wait = false, timeout = 0.4 })
      wait_for "held"
      let_go_on "released"
      be_busy(0.8)
      local _, err = request:result()
      return tostring(err.status or err)
    ]])
  end)
end)

describe("a connection of the resty transport on " .. resty_host.library, function()
  it("that was kept and stays silent costs half of the time, where the request may be repeated", function()
    local emu = assert(emulator.start { api_key = resty_host.key })
    local server = resty_host.start()
    local id = emu:seed(1)[1].id
    local get = ("client.credentials:get(%q, { timeout = 1.2 })"):format(id)
    assert(server:ask(emu, get))
    emu:misbehave { kind = "hang" }
    local said = server:ask(emu, get, "max_retries = 1")
    emu:misbehave { kind = "hang" }
    local created = server:ask(emu, "client.credentials:create({}, { timeout = 1.2 })", "max_retries = 1")
    local requests = emu:requests()
    emu:stop()
    server:stop()
    assert.equal("ngrok.credential: " .. id, said)
    assert.equal(requests[1].connection, requests[2].connection)
    assert.is_not.equal(requests[2].connection, requests[3].connection)
    assert.truthy(created:find("^timeout/receive/unknown/1"), created)
    assert.truthy(created:find("no response within timeout (1.2 s)", 1, true), created)
    assert.equal(4, #requests)
  end)

  it("serves for five minutes at most, so that a name that moves is looked up again", function()
    local emu = assert(emulator.start { api_key = resty_host.key })
    local server = resty_host.start()
    assert.equal("true", server:ask(emu, [[(function()
      assert(client.credentials:list():all())
      local core = require "ngrok.core"
      local now = core.now
      core.now = function() return now() + 301 end
      return client.credentials:list():all() ~= nil
    end)()]]))
    local requests = emu:requests()
    server:stop()
    emu:stop()
    assert.equal(2, #requests)
    assert.is_not.equal(requests[1].connection, requests[2].connection)
  end)

  it("serves no location that would not trust its server", function()
    local names = name_server.start()
    local emu = assert(emulator.start { api_key = resty_host.key, tls = true })
    local server = resty_host.start(("resolver 127.0.0.1:%d ipv6=off;"):format(names.port), ([[
      shared = assert(client_for { base_url = "https://localhost:%s" })
    ]]):format(emu.base_url:match ":(%d+)$"), ([[
      location /trusting { lua_ssl_trusted_certificate %s; RUN }
      location /strict { RUN }
    ]]):format(emu.ca_file))
    local get = "return tell(shared.credentials:get 'cr_1')"
    local found = "^api/receive/rejected/1"
    assert.truthy(server:run(get, "/trusting"):find(found))
    local said = server:run(get, "/strict")
    assert.truthy(server:run(get, "/trusting"):find(found))
    local requests = emu:requests()
    -- Where a timer of the one location is about to come when the other has something to send.
    local beside = server:run(([[
      for _ = 1, 3 do
        shared.credentials:get("cr_1", { wait = false })
      end
      return ngx.location.capture("/strict?code=" .. ngx.escape_uri(%q)).body
    ]]):format(get), "/trusting")
    server:stop()
    emu:stop()
    names:stop()
    assert.truthy(said:find("^transport/tls/not_sent/1"), said)
    assert.truthy(beside:find("^transport/tls/not_sent/1"), beside)
    assert.equal(requests[1].connection, requests[2].connection)
    assert.equal(2, #requests)
  end)
end)
