local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"

local jit = rawget(_G, "jit")

-- Code that LuaJIT has compiled holds the objects that it was compiled for.
local function collect_garbage()
  if jit then
    jit.flush()
  end
  collectgarbage()
  collectgarbage()
end

-- Whether a value that `make` returns (and no other code holds) is collected.
local function is_collected(make)
  local weak = setmetatable({}, { __mode = "v" })
  weak[1] = make()
  collect_garbage()
  return weak[1] == nil
end

describe("objects that are dropped", function()
  local emu

  setup(function()
    emu = assert(emulator.start())
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  after_each(collect_garbage)

  local function new_client(given)
    local options = {
      api_key = emu.api_key, base_url = emu.base_url, max_retries = 0, rate_limit = false,
    }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    return assert(ngrok.client(options))
  end

  local names = { "client", "service", "request", "hanging", "credential", "listing", "page", "err" }

  -- One of each, tied to each other.
  local function make_objects()
    emu:reset()
    emu:seed(5)
    emu:misbehave { kind = "hang", path = "/credentials/cr_hang", count = math.huge }
    local client = new_client()
    local objects = { client = client, service = client.credentials }
    objects.hanging = client.credentials:get("cr_hang", { wait = false })
    objects.credential = assert(client.credentials:create())
    objects.request = client.credentials:create({}, { on_done = function() end })
    objects.listing = client.credentials:list { limit = 2 }
    objects.listing:next()
    objects.page = client.credentials:list({ limit = 2 }):pages()()
    objects.err = select(2, client.credentials:get("cr_none"))
    client:step(0)
    return objects
  end

  for first, name in ipairs(names) do
    it("may go one by one, the first of all " .. name, function()
      for _, direction in ipairs { 1, -1 } do
        local objects = make_objects()
        for offset = 0, #names - 1 do
          objects[names[(first - 1 + direction * offset) % #names + 1]] = nil
          collect_garbage()
        end
        assert.same({}, objects)
      end
    end)
  end

  it("may all go at once", function()
    for _ = 1, 10 do
      make_objects()
    end
    collect_garbage()
  end)

  it("may go after close, in any order", function()
    local objects = make_objects()
    objects.client:close()
    for _, name in ipairs(names) do
      objects[name] = nil
      collect_garbage()
    end
  end)

  -- Each uses a client that is then dropped.
  for when, use in pairs {
    ["after a call"] = function(client) assert(client.credentials:create()) end,
    ["with requests in flight"] = function(client)
      emu:misbehave { kind = "hang", count = math.huge }
      for index = 1, 20 do
        client.credentials:get("cr_" .. index, { on_done = function() error("nobody is left") end })
      end
      client:step(0)
    end,
    ["in the middle of a list"] = function(client)
      emu:seed(5)
      client.credentials:list({ limit = 2 }):next()
    end,
    ["closed in their own callback"] = function(client)
      local closed = false
      client.credentials:create({}, { on_done = function()
        client:close()
        closed = true
      end })
      timing.step_until(client, function() return closed end)
    end,
  } do
    it("leave no client behind " .. when, function()
      assert.is_true(is_collected(function()
        local client = new_client()
        use(client)
        return client
      end))
    end)
  end

  it("leave no client behind with Lua's own transport holding done", function()
    assert.is_true(is_collected(function()
      local client = assert(ngrok.client { transport = manual_transport.new() })
      client.credentials:get("cr_1", { wait = false })
      return client
    end))
  end)

  it("call no Lua when they are collected", function()
    local called = false
    do
      emu:misbehave { kind = "hang" }
      local client = new_client { on_error = function() called = true end }
      client.credentials:get("cr_1", { on_done = function() called = true end })
      client:step(0)
    end
    collect_garbage()
    assert.is_false(called)
  end)

  describe("but for a request's handle", function()
    it("keep the result", function()
      local request
      do
        local client = new_client()
        request = client.credentials:create({ description = "kept" }, { wait = false })
        timing.step_until(client, function() return request:done() end)
      end
      collect_garbage()
      assert.equal("kept", assert(request:result()).description)
    end)

    it("let it be waited for", function()
      local request = new_client().credentials:create({ description = "waited for" }, { wait = false })
      collect_garbage()
      assert.equal("waited for", assert(request:result()).description)
    end)

    it("let it be cancelled", function()
      emu:misbehave { kind = "hang" }
      local request = new_client().credentials:create({}, { wait = false })
      collect_garbage()
      assert.is_true(request:cancel())
      local _, err = request:result()
      assert.equal("cancelled", err.kind)
    end)
  end)

  it("leave a credential that works on", function()
    local credential = assert(new_client().credentials:create { description = "one" })
    collect_garbage()
    assert(credential:update { description = "two" })
    assert.equal("two", credential.description)
    assert(credential:delete())
    collect_garbage()
    assert.equal("two", credential.description)
  end)

  it("leave a listing that goes on", function()
    emu:seed(5)
    local listing = new_client().credentials:list { limit = 2 }
    local count = 0
    for _ in listing do
      count = count + 1
      collect_garbage()
    end
    assert.equal(5, count)
  end)

  it("leave an error that can be read", function()
    local _, err = new_client().credentials:get("cr_1")
    collect_garbage()
    assert.truthy(tostring(err):find("404", 1, true))
  end)

  it("stay in use while the collector runs all the time", function()
    emu:seed(20)
    local pause, multiplier = collectgarbage("setpause", 1), collectgarbage("setstepmul", 1000)
    local client = new_client()
    local count = 0
    for index = 1, 30 do
      client.credentials:create({ description = tostring(index) }, { on_done = function(credential)
        collectgarbage()
        assert.equal(tostring(index), credential.description)
        count = count + 1
      end })
      collectgarbage("step")
    end
    timing.step_until(client, function() return client:pending() == 0 end)
    for credential in client.credentials:list { limit = 3 } do
      collectgarbage()
      assert.truthy(credential.id)
      count = count + 1
    end
    collectgarbage("setpause", pause)
    collectgarbage("setstepmul", multiplier)
    client:close()
    assert.equal(80, count)
  end)

  it("leave memory as it was after many clients", function()
    local function use(times)
      for _ = 1, times do
        local client = new_client()
        client.credentials:create({}, { wait = false })
        client:step(0)
      end
      collect_garbage()
    end
    use(20)
    local kilobytes = collectgarbage("count")
    use(200)
    local grown = collectgarbage("count") - kilobytes
    assert.is_true(grown < 100, ("grown by %.0f KB"):format(grown))
  end)

  it("leave memory as it was after many requests, however their results are fetched", function()
    local client = assert(ngrok.client {
      api_key = "a_b", max_retries = 0, rate_limit = false,
      transport = function() return manual_transport.credential() end,
    })
    local function use(times)
      for _ = 1, times do
        client.credentials:get("cr_1", { on_done = function() end })
        client.credentials:get("", { on_done = function() end })
        client.credentials:get("cr_1", { wait = false })
        client.credentials:get("cr_1", { wait = false }):result()
        client.credentials:get("cr_1", { wait = false }):cancel()
        timing.step_until(client, function() return client:pending() == 0 end)
      end
      collect_garbage()
    end
    use(800) -- LuaJIT's own traces count too, until it has seen enough
    local kilobytes = collectgarbage("count")
    use(800) -- a request that stays is half a kilobyte
    local grown = collectgarbage("count") - kilobytes
    assert.is_true(grown < 200, ("grown by %.0f KB"):format(grown))
    client:close()
  end)

  it("close inside a transport of Lua's", function()
    local client
    client = assert(ngrok.client { api_key = "a_b", transport = function()
      client:close()
      return manual_transport.credential()
    end })
    local value, err = client.credentials:get("cr_1")
    assert.is_nil(value)
    assert.equal("cancelled", err.kind)
    assert.equal(0, client:pending())
  end)

  it("close while a list is walked", function()
    emu:seed(5)
    local client = new_client()
    local count = 0
    local fine, err = pcall(function()
      for _ in client.credentials:list { limit = 2 } do
        count = count + 1
        client:close()
      end
    end)
    assert.is_false(fine)
    assert.is_true(ngrok.is_error(err))
    -- The second page may have come while the first was read.
    assert.is_true(count == 2 or count == 4, tostring(count))
  end)

  describe("with the coroutine that made them", function()
    it("live on in another", function()
      local client, request
      local thread = coroutine.create(function()
        client = new_client()
        request = client.credentials:create({ description = "from a coroutine" }, { wait = false })
        coroutine.yield()
      end)
      assert(coroutine.resume(thread))
      thread = nil -- luacheck: ignore 311
      collect_garbage()
      assert.equal("from a coroutine", assert(request:result()).description)
      client:close()
    end)

    it("have their callbacks called even so", function()
      local client = new_client()
      local found
      coroutine.wrap(function()
        client.credentials:create({}, { on_done = function(credential) found = credential end })
      end)()
      collect_garbage()
      timing.step_until(client, function() return found ~= nil end)
      assert.truthy(found.token)
      client:close()
    end)

    it("may be waited for in one that is not the loop's", function()
      local client = new_client()
      local generator = coroutine.wrap(function()
        for index = 1, 3 do
          coroutine.yield(assert(client.credentials:create { description = tostring(index) }).description)
        end
      end)
      for index = 1, 3 do
        assert.equal(tostring(index), generator())
      end
      client:close()
    end)

  end)
end)

describe("a program that ends", function()
  local emu

  setup(function()
    emu = assert(emulator.start())
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  local prelude = [[
    local ngrok = require "ngrok"
    local key, base_url = %q, %q
    local client = assert(ngrok.client { api_key = key, base_url = base_url, rate_limit = false })
    local hanging = client.credentials:get("cr_hang", { wait = false })
    client:step(0.05)
  ]]

  local function run(code, environment)
    emu:misbehave { kind = "hang", path = "/credentials/cr_hang", count = math.huge }
    return child.run(prelude:format(emu.api_key, emu.base_url) .. code, environment)
  end

  local look_up = [[
    local other = assert(ngrok.client { api_key = "a_b", base_url = "https://ngrok-api.invalid" })
    local request = other.credentials:get("cr_1", { wait = false })
    other:step(0)
  ]]
  local still_open, still_looking_up = child.state_left_open, child.thread_left_running

  for name, program in pairs {
    ["with transfers in flight"] = { "" },
    ["by os.exit"] = { "os.exit(0)", still_open },
    ["by os.exit that closes the state"] = { "os.exit(0, true)" },
    ["with the client in a global"] = { "holder = { client = client, request = hanging }" },
    ["with the client closed"] = { "client:close()" },
    ["in the middle of a list"] = { "listing = client.credentials:list { limit = 2 } listing:next()" },
    ["while a host name is being looked up"] = { look_up, still_looking_up },
    ["right after cancelling such a look-up"] = {
      look_up .. "request:cancel() other = nil collectgarbage() os.exit(0, true)", still_looking_up,
    },
    ["from inside a callback"] = { [[
      client.credentials:create({}, { on_done = function() os.exit(0, true) end })
      while true do client:step(0.1) end
    ]] },
    ["with a hundred clients open"] = { [[
      clients = {}
      for index = 1, 100 do
        clients[index] = assert(ngrok.client { api_key = "a_b", base_url = base_url })
        clients[index].credentials:get("cr_hang", { wait = false })
      end
    ]] },
  } do
    it("does so quietly " .. name, function()
      emu:seed(5)
      local result = run(program[1], program[2])
      assert.same({ 0, "" }, { result.status, result.errors })
    end)
  end

  it("does so with its own status", function()
    assert.equal(7, run("os.exit(7)", child.state_left_open).status)
    assert.equal(7, run("os.exit(7, true)").status)
  end)

  it("does so with its own error and nothing else on stderr", function()
    local result = run 'error("mine", 0)'
    assert.equal(1, result.status)
    assert.truthy(result.errors:find("mine", 1, true))
    assert.is_nil(result.errors:find(emu.api_key, 1, true))
    assert.is_nil(result.errors:find("cancelled", 1, true))
  end)

  it("does so with our error's text, when that is raised", function()
    local result = run [[
      local credential, err = client.credentials:get("cr_none")
      error(err)
    ]]
    assert.equal(1, result.status)
    assert.truthy(result.errors:find("credentials.get failed", 1, true), result.errors)
    assert.is_nil(result.errors:find(emu.api_key, 1, true))
  end)

  it("has loaded the module inside a coroutine that died", function()
    local result = child.run(([[
      local thread = coroutine.create(function()
        ngrok = require "ngrok"
        client = assert(ngrok.client { api_key = %q, base_url = %q, rate_limit = false })
        request = client.credentials:create({ description = "x" }, { wait = false })
      end)
      assert(coroutine.resume(thread))
      assert(coroutine.status(thread) == "dead")
      thread = nil
      collectgarbage() collectgarbage()
      -- What lay where the coroutine was is overwritten.
      local rubbish = {}
      for index = 1, 10000 do rubbish[index] = { coroutine.create(print) } end
      rubbish = nil
      collectgarbage() collectgarbage()
      local credential = assert(request:result())
      assert(credential:update { description = "y" })
      for item in client.credentials:list() do io.write(item.description) end
      client:close()
    ]]):format(emu.api_key, emu.base_url))
    assert.equal("", result.errors)
    assert.equal("y", result.output)
    assert.equal(0, result.status)
  end)

  it("has loaded and dropped the module again and again", function()
    local result = child.run(([[
      for _ = 1, 20 do
        for name in pairs(package.loaded) do
          if name:find("^ngrok") then package.loaded[name] = nil end
        end
        local ngrok = require "ngrok"
        local client = assert(ngrok.client { api_key = %q, base_url = %q, rate_limit = false })
        assert(client.credentials:create())
        client.credentials:create({}, { wait = false })
        client = nil
        collectgarbage()
      end
      io.write("fine")
    ]]):format(emu.api_key, emu.base_url))
    assert.equal("", result.errors)
    assert.equal("fine", result.output)
    assert.equal(0, result.status)
  end)

  it("has started nothing when it only loads the module", function()
    local result = child.run [[
      local before = {}
      for name in pairs(_G) do before[name] = true end
      require "ngrok"
      for name in pairs(_G) do
        if not before[name] then io.write("global ", name, "\n") end
      end
      for _, name in ipairs { "ngrok.curl", "ngrok.emulator" } do
        if package.loaded[name] then io.write("module ", name, "\n") end
      end
    ]]
    assert.equal("", result.output)
    assert.equal("", result.errors)
    assert.equal(0, result.status)
  end)
end)
