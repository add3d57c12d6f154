-- What users ran into, each once.

local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

describe("It stays mended:", function()
  local emu, client, credentials

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu })
    credentials = client.credentials
  end)

  after_each(function()
    client:close()
  end)

  it("a token passed for an id is not in the error", function()
    local token = assert(credentials:create()).token
    local _, err = credentials:get(token)
    assert.is_nil(tostring(err):find(token, 1, true))
    assert.is_nil(err.message:find(token, 1, true))
    local _, refused = credentials:create({ acl = { token } }, { validate = false })
    assert.is_nil(tostring(refused):find(token, 1, true))
  end)

  it("an id in an error is left as it is", function()
    local id = "cr_" .. ("a1B2c3D4e"):rep(3)
    local _, err = credentials:get(id)
    assert.truthy(err.message:find(id, 1, true))
  end)

  it("listings left early leave nothing pending", function()
    emu:seed(20)
    -- In a coroutine: LuaJIT's collector takes what was left in a stack's slots for used.
    coroutine.wrap(function()
      for _ = 1, 20 do
        for _ in credentials:list { limit = 5 } do
          break
        end
      end
    end)()
    collectgarbage()
    collectgarbage()
    assert.equal(0, client:pending())
    assert.is_nil(client:timeout())
  end)

  -- In a process of its own, whose compiler has seen nothing else.
  it("listings left early are not kept by what LuaJIT has compiled", function()
    local ran = child.run [[
      if jit then jit.opt.start("hotloop=1", "hotexit=1") end
      local ngrok = require "ngrok"
      local emu = require "ngrok.emulator".new()
      local client = assert(ngrok.client { transport = emu })
      emu:seed(200)
      coroutine.wrap(function()
        local count = 0
        for _ in client.credentials:list { limit = 1 } do
          count = count + 1
          if count == 100 then break end
        end
      end)()
      collectgarbage()
      collectgarbage()
      io.write(client:pending())
    ]]
    assert.same({ status = 0, output = "0", errors = "" }, ran)
  end)

  it("all, called again after an error, has what it had before", function()
    emu:seed(30)
    emu:misbehave { kind = "status", status = 503, after = 1, count = 2 }
    local listing = credentials:list({ limit = 10 }, { max_retries = 0 })
    local items, err = listing:all()
    assert.is_nil(items)
    assert.equal(503, err.status)
    assert.equal(30, #assert(listing:all()))
  end)

  it("an error known before close keeps its code and message", function()
    local request = credentials:get("cr_none", { wait = false })
    while client:pending() > 0 do
      client:step(1)
    end
    client:close()
    local _, err = request:result()
    assert.equal("ERR_NGROK_404", err.code)
    assert.truthy(err.message:find("cr_none", 1, true))
  end)

  it("of several callbacks' errors the first is raised and the others are told", function()
    local told = {}
    local stderr = io.stderr
    io.stderr = { -- luacheck: ignore 122
      write = function(_, ...)
        told[#told + 1] = table.concat { ... }
      end,
    }
    finally(function()
      io.stderr = stderr -- luacheck: ignore 122
    end)
    for index = 1, 3 do
      credentials:get("cr_none", { on_done = function() error("boom" .. index, 0) end })
    end
    local fine, err = pcall(client.step, client, 0)
    assert.is_false(fine)
    assert.equal("boom1", err)
    local prefix = "ngrok: another callback failed: "
    assert.same({ prefix .. "boom2\n", prefix .. "boom3\n" }, told)
    assert.equal(0, client:step(0))
  end)

  it("a reload answered with another credential changes nothing", function()
    local credential = assert(credentials:create())
    local id, token = credential.id, credential.token
    emu:misbehave { kind = "body", body = '{"id":"cr_other"}' }
    local value, err = credential:reload()
    assert.is_nil(value)
    assert.equal("decode", err.kind)
    assert.equal(id, credential.id)
    assert.equal(token, credential.token)
  end)

  it("a get or an update answered with another credential is an error", function()
    for name, call in pairs {
      get = function(id) return credentials:get(id) end,
      update = function(id) return credentials:update(id, { description = "d" }) end,
    } do
      emu:misbehave { kind = "body", body = '{"id":"cr_other"}' }
      local value, err = call("cr_mine")
      assert.is_nil(value)
      assert.equal("decode", err.kind, name)
      assert.equal("unknown", err.outcome)
      assert.equal("unexpected response: it has the id of another credential", err.message)
    end
  end)

  it("callbacks that wait do not pile up on each other", function()
    local deleted = 0
    for _ = 1, 300 do
      credentials:create({}, {
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

  it("a callback's error is not raised from an operation inside another callback", function()
    local created
    credentials:get("cr_a", { on_done = function() error("mine", 0) end })
    credentials:get("cr_b", { on_done = function() created = credentials:create() end })
    assert.is_false((pcall(client.step, client, 0)))
    assert.truthy(created)
  end)

  it("what a paused host could not send in time is not sent after it", function()
    local server = assert(emulator.start())
    finally(function()
      server:stop()
    end)
    local own = assert(ngrok.client {
      api_key = server.api_key, base_url = server.base_url, timeout = 0.2, max_retries = 0,
    })
    local request = own.credentials:create({}, { wait = false })
    local start = os.clock()
    while os.clock() - start < 0.3 do end -- luacheck: ignore 542
    local _, err = request:result()
    own:close()
    assert.equal("timeout", err.kind)
    assert.equal("not_sent", err.outcome)
    assert.equal(0, #server:credentials())
  end)

  it("a proxy's password is in no error", function()
    local own = assert(ngrok.client { api_key = "k_1", proxy = "http://us:secretpw@127.0.0.1:1" })
    local _, err = own.credentials:get("cr_1")
    own:close()
    assert.equal("transport", err.kind)
    assert.is_nil(tostring(err):find("secretpw", 1, true))
  end)
end)
