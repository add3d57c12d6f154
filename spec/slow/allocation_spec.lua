-- Memory that runs out at each single allocation, of Lua and of our C. The call reports that and nothing
-- else; the client, its other requests and the process go on, and nothing leaks.
local emulator = require "ngrok.emulator"
local host = require "spec.support.host"

-- For the pieces below, which run in their own states.
local library = [[
  ngrok = require "ngrok"

  -- Raises the error, which may be the lack of memory.
  function sure(value, err)
    if value == nil then error(tostring(err), 0) end
    return value
  end

  local credential = '{"id":"%s","description":"%s","acl":["bind:a.example.com"],"token":"t","metadata":null}'
  local page = '{"credentials":[%s],"next_page_uri":%s}'
  local one, walked = credential:format("cr_1", "d"), credential:format("cr_1", "walked")
  local page_1 = page:format(walked .. "," .. walked, '"https://api.ngrok.com/credentials?page2"')
  local page_2 = page:format(walked, "null")
  local missing = '{"error_code":"ERR_NGROK_1","status_code":404,"msg":"no a_secret_key","details":{"a":"b"}}'

  -- A transport that responds as the API does, without its memory.
  function respond(attempt, done)
    if attempt.url:find("cr_hang", 1, true) then
      hanging = done
      return nil
    elseif attempt.method == "DELETE" then
      return { status = 204 }
    elseif attempt.url:find("cr_missing", 1, true) then
      return { status = 404, headers = { ["Retry-After"] = 5 }, body = missing }
    elseif attempt.url:find("page2", 1, true) then
      return { status = 200, body = page_2 }
    elseif attempt.url:find("credentials?", 1, true) then
      return { status = 200, body = page_1 }
    end
    return { status = 200, headers = { ["Content-Type"] = "application/json" }, body = one }
  end

  -- Nothing is in flight, and the client works as before.
  function check()
    for _ = 1, 1000 do
      collectgarbage()
      if client:pending() == 0 then break end
      local fine, err = pcall(client.step, client, 0.1)
      if not fine and not tostring(err):find("memory", 1, true) then return tostring(err) end
      ran_out = ran_out or not fine
    end
    if client:pending() > 0 then return "still pending" end
    local before = events
    local credential, err = client.credentials:create { description = "d" }
    if before and events - before < 3 then return "events are off" end
    if not credential then return tostring(err) end
    if credential.description ~= "d" or not credential.token then return "another credential" end
    client:close()
    client = nil
    return "fine"
  end
]]

-- They expect a `client` on an account with a credential cr_known and three that are "walked".
local pieces = {
  ["operations"] = [[
    local credential = sure(client.credentials:create {
      description = "d", metadata = "m", acl = { "bind:*.example.com" },
    })
    sure(credential:update { acl = {} })
    sure(credential:reload())
    local _ = tostring(credential), credential:totable()
    sure(client.credentials:get(credential.id))
    sure(client.credentials:update(credential.id, { description = "e" }))
    sure(credential:delete())
  ]],

  ["errors"] = [[
    local _, err = client.credentials:get("cr_missing")
    if err.status ~= 404 then error(tostring(err), 0) end
    local text = tostring(err) .. err.message
    _, err = client.credentials:get("no id at all")
    if err.kind ~= "invalid" then error(tostring(err), 0) end
    _, err = client.credentials:create { acl = { "no rule" } }
    if err.kind ~= "invalid" then error(tostring(err), 0) end
    _, err = client.credentials:list { limit = 1000 }:next()
    if err.kind ~= "invalid" then error(tostring(err), 0) end
  ]],

  ["listings"] = [[
    local found = ""
    local query = { limit = 2, filter = 'obj.description == "walked"' }
    local walked, problem = pcall(function()
      for credential in client.credentials:list(query) do found = found .. credential.description end
    end)
    if not walked then error(tostring(problem), 0) end
    if found ~= "walkedwalkedwalked" then error("the list had " .. found, 0) end
    sure(client.credentials:list(query):all())
    sure(client.credentials:list(query):next())
  ]],

  ["handles"] = [[
    local one = client.credentials:get(known, { wait = false })
    local two = client.credentials:get("cr_missing", { wait = false })
    local three = client.credentials:get("cr_hang", { wait = false })
    three:cancel()
    local _ = tostring(one)
    sure(one:result())
    two:result()
    local _, err = three:result()
    if not err then error("not cancelled", 0) end
  ]],
}

local over_lua = [[
  known, events = "cr_1", 0
  client = assert(ngrok.client {
    api_key = "a_secret_key", transport = respond, max_retries = 0,
    rate_limit = { requests = 100, window = 1e-6 },
    on_event = function(event) events = events + #{ event } end, -- the table is an allocation
    on_error = function() end,
  })
]]

local over_http = [[
  known, events = %q, nil
  client = assert(ngrok.client {
    api_key = %q, base_url = %q, max_retries = 0, rate_limit = { requests = 100, window = 1e-6 },
  })
]]

-- The tables that count are there before memory runs out.
local callbacks_setup = [[
  handles, called = { false, false, false, false }, { 0, 0, 0, 0 }
  function callback_of(index)
    return function() called[index] = called[index] + 1 end
  end
  callbacks = { { on_done = callback_of(1) }, { on_done = callback_of(2) }, { on_done = callback_of(3) },
    { on_done = callback_of(4) } }
]]

local callbacks_piece = [[
  local credentials = client.credentials
  handles[1] = credentials:get(known, callbacks[1])
  handles[2] = credentials:get("", callbacks[2])
  handles[3] = credentials:get("cr_missing", callbacks[3])
  handles[4] = credentials:get(known, callbacks[4])
  for _ = 1, 100 do
    if client:pending() == 0 then break end
    client:step(1)
  end
]]

-- Each callback is called once. Without memory for the call a step raises that, and the handle still has the
-- result.
local callbacks_check = [[
  ran_out = ... ~= ""
  local verdict = check()
  for index, handle in pairs(handles) do
    if called[index] > 1 or called[index] == 0 and handle and not ran_out then
      return ("callback %d was called %d times"):format(index, called[index])
    elseif handle and not handle:done() then
      return ("request %d is not done"):format(index)
    elseif handle and called[index] == 0 and not (handle:result() or select(2, handle:result())) then
      return ("request %d came to nothing"):format(index)
    end
  end
  return verdict
]]

-- Finalizers need one round, and what they held another.
local collect_garbage = "handles, callbacks, hanging = nil " .. ("collectgarbage() "):rep(3)

-- The modules in C; Lua itself loads the others.
local loading = 'require "ngrok.core" require "ngrok.curl" return "fine"'

local unloading = [[
  for name in pairs(package.loaded) do
    if name:find "^ngrok" or name:find "^cjson" then package.loaded[name] = nil end
  end
]]

local memories = {
  { name = "Lua's", of = function(state) return state end },
  { name = "our C's", of = function() return host end },
}

local function fail(supply, after, lasting)
  if supply == host then
    host.fail(after, lasting)
  else
    supply:fail(after, lasting)
  end
end

local function relent(supply)
  return supply == host and host.relent() or supply:relent()
end

-- Fails each allocation that `piece` makes in turn, between `setup` and `check`, in one state.
local function exhaust(memory, setup, piece, check)
  local state = host.state()
  finally(function() state:close() end)
  assert(state:run(library))
  local function attempt(after, lasting, where)
    local supply = memory.of(state)
    assert(state:run(setup))
    if after then
      fail(supply, after, lasting)
    end
    local fine, said = state:run(piece)

    local count = relent(supply)
    if not fine then
      assert.truthy(tostring(said):find("memory", 1, true), ("%s: %s"):format(where, tostring(said)))
    end
    local checked, verdict = state:run(check, fine and "" or said)
    assert.equal("fine", verdict, ("%s: %s"):format(where, tostring(checked)))
    assert(state:run(collect_garbage))
    return count
  end
  attempt(nil, nil, "with memory to spare")
  local blocks = host.blocks()
  local failures = host.each_failure(function(...)
    local count = attempt(...)
    assert.equal(blocks, host.blocks(), select(3, ...) .. ": blocks of our C's are left")
    return count
  end)
  assert.is_true(failures > 5, "hardly anything failed")
end

-- The same before anything of ours is loaded, each time in a new state.
local function exhaust_loading(memory)
  local blocks = host.blocks()
  local failures = host.each_failure(function(after, lasting, where)
    local state = host.state()
    local supply = memory.of(state)
    fail(supply, after, lasting)
    local fine, said = state:run(loading)
    local count = relent(supply)
    if not fine then
      assert.truthy(tostring(said):find("memory", 1, true), ("%s: %s"):format(where, tostring(said)))
    end
    -- Lua 5.1 does not load again by itself what it could not load.
    assert(state:run(unloading))
    assert.equal("fine", select(2, state:run(loading)), where)
    state:close()
    assert.equal(blocks, host.blocks(), where .. ": blocks of our C's are left")
    return count
  end)
  assert.is_true(memory.name == "our C's" or failures > 5, "hardly anything failed")
end

for _, memory in ipairs(memories) do
  describe(memory.name .. " memory that runs out", function()
    local emu, served

    setup(function()
      emu = assert(emulator.start())
      emu:misbehave { kind = "hang", path = "/credentials/cr_hang", count = math.huge }
      local seeded = emu:seed(3, { description = "walked" })
      served = over_http:format(seeded[1].id, emu.api_key, emu.base_url)
    end)

    teardown(function()
      emu:stop()
    end)

    it("while the modules in C are loaded", function()
      exhaust_loading(memory)
    end)

    it("while a client is made", function()
      local piece = served:gsub("assert", "sure")
      exhaust(memory, "client = nil", piece, "if not client then " .. served .. " end return check()")
    end)

    for name, piece in pairs(pieces) do
      it("in " .. name .. " by a transport of Lua's", function()
        exhaust(memory, over_lua, piece, "return check()")
      end)

      it("in " .. name .. " over HTTP", function()
        exhaust(memory, served, piece, "return check()")
      end)
    end

    it("in callbacks by a transport of Lua's", function()
      exhaust(memory, over_lua .. callbacks_setup, callbacks_piece, callbacks_check)
    end)

    it("in callbacks over HTTP", function()
      exhaust(memory, served .. callbacks_setup, callbacks_piece, callbacks_check)
    end)
  end)
end
