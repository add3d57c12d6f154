-- Code of the program in nginx, and timers that do not come: nothing of either holds up a call. LuaJIT
-- only, as nginx's workers are.
if not rawget(_G, "jit") then
  return
end

local account = require "spec.support.nginx_account"
local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"

local common = account.common .. [[
  lua_max_running_timers 2;
  init_worker_by_lua_block {
    local function transport(attempt, done)
      local behaviour = attempt.url:match "cr_(%w+)"
      ngx.shared.notes:incr("performed " .. behaviour, 1, 0)
      if behaviour == "exit" then
        ngx.exit(500)
      elseif behaviour == "cancelled" then
        attempt.on_cancel = function() ngx.exit(500) end
        wait_for("released", true)
      elseif behaviour == "again" and attempt.number == 1 then
        return { status = 503 }
      elseif behaviour == "again" then
        wait_for("released", true)
      end
      return { status = 200, body = '{"id":"cr_' .. behaviour .. '"}' }
    end
    local events = {}
    function on_event(event)
      ngx.shared.notes:incr("event " .. event.name, 1, 0)
      if event.name == ngx.shared.notes:get "exit_at" then
        ngx.exit(500)
      end
    end
    function plain() return client_with("plain", { rate_limit = false, max_retries = 0 }) end
    function traced()
      return client_with("traced", { rate_limit = false, max_retries = 0, on_event = on_event })
    end
    function by_lua() return client_with("lua", { rate_limit = false, transport = transport }) end
    local in_process
    function emulated()
      in_process = in_process or assert(require("ngrok").client {
        rate_limit = false, transport = require("ngrok.emulator").new(),
      })
      return in_process
    end
    function told(value, err)
      return value and value.id or tostring(err)
    end
  }
]]

-- Each prints what its code returns.
local codes = {
  plain = 'return told(plain().credentials:create { description = "x" })',
  short = 'return told(plain().credentials:create({ description = "x" }, { timeout = 0.2 }))',
  traced = 'return told(traced().credentials:create { description = "x" })',
  again = 'return told(by_lua().credentials:get "cr_again")',
  quick = 'return told(by_lua().credentials:get "cr_quick")',
  once = 'return told(by_lua().credentials:get("cr_quick", { max_retries = 0 }))',
  cancelled = 'return told(by_lua().credentials:get("cr_cancelled", { timeout = 0.1, max_retries = 0 }))',
  exiting = 'return told(by_lua().credentials:get("cr_exit", { timeout = 0.2, max_retries = 0 }))',
  called = [[
    plain().credentials:create({ description = "x" }, { on_done = function(made, err)
      ngx.shared.notes:set("called", told(made, err))
    end })
    return "begun"
  ]],
  exit_when_done = [[
    plain().credentials:create({ description = "x" }, { on_done = function()
      ngx.shared.notes:set("exits", "1")
      ngx.exit(500)
    end })
    return "begun"
  ]],
  occupy = [[
    for index = 1, 2 do
      assert(ngx.timer.at(0, function()
        ngx.shared.notes:incr("occupied", 1, 0)
        wait_for("freed", true)
      end))
    end
    return "begun"
  ]],
}

-- A light thread that makes a call and raises afterwards.
for name, call in pairs {
  traced = 'traced().credentials:create { description = "x" }',
  transport = 'by_lua().credentials:get "cr_quick"',
  emulator = 'emulated().credentials:list { limit = 1 }:all()',
} do
  codes["raise_after_" .. name] = ([[
    local thread = ngx.thread.spawn(function()
      assert(%s)
      error "raised afterwards"
    end)
    return tostring(select(2, ngx.thread.wait(thread)))
  ]]):format(call)
  codes["kill_in_" .. name] = ([[
    local thread = ngx.thread.spawn(function()
      while true do assert(%s) end
    end)
    ngx.sleep(0.01)
    return tostring(ngx.thread.kill(thread))
  ]]):format(call)
end

local locations = { account.locations }
for name, code in pairs(codes) do
  locations[#locations + 1] = ([[
    location = /%s {
      content_by_lua_block {
        local function run() %s end
        ngx.print(run())
      }
    }
  ]]):format(name, code)
end

describe("nginx's timers", function()
  local server

  setup(function()
    server = nginx.start(common, table.concat(locations), 1)
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    for _, name in ipairs {
      "closed", "called", "exits", "exit_at", "occupied", "freed", "released", "performed%20again",
    } do
      account.set(server, name)
    end
  end)

  local function note(name)
    return account.note(server, name)
  end

  local function count(name)
    return tonumber(note(name)) or 0
  end

  local function assert_works()
    assert.equal("cr_1", server:get "/plain")
    account.set(server, "called")
    assert.equal("begun", server:get "/called")
    account.wait_for_note(server, "called", "cr_1")
    local before = count "event done"
    assert.equal("cr_1", server:get "/traced")
    timing.wait_until(function() return count "event done" > before end)
    assert.equal("cr_quick", server:get "/quick")
  end

  describe("while all of them are in use", function()
    before_each(function()
      server:get "/occupy"
      account.wait_for_note(server, "occupied", "2")
    end)

    after_each(function()
      account.set(server, "freed", "1")
    end)

    it("are not needed by a plain call", function()
      assert.equal("cr_1", server:get "/plain")
      assert.equal("cr_1", server:get "/traced")
      account.set(server, "closed", "1")
      local said = server:get "/short"
      assert.truthy(said:find("within timeout (0.2 s)", 1, true), said)
    end)

    it("are waited for by callbacks and events", function()
      local before = count "event done"
      assert.equal("begun", server:get "/called")
      assert.equal("cr_1", server:get "/traced")
      assert.equal("nil", note "called")
      account.set(server, "freed", "1")
      account.wait_for_note(server, "called", "cr_1")
      timing.wait_until(function() return count "event done" > before end)
    end)

    it("are named by an attempt of a transport in Lua that cannot begin", function()
      local before = count "performed quick"
      local said = server:get "/once"
      assert.truthy(said:find("lua_max_running_timers", 1, true), said)
      account.set(server, "freed", "1")
      assert.equal("cr_quick", server:get "/quick")
      assert.equal(before + 1, count "performed quick")
    end)
  end)

  describe("ended by ngx.exit", function()
    it("in on_done delay no other call", function()
      assert.equal("begun", server:get "/exit_when_done")
      account.wait_for_note(server, "exits", "1")
      assert_works()
    end)

    for _, name in ipairs { "submitted", "attempt", "done" } do
      it(("in on_event at %q delay no other call"):format(name), function()
        account.set(server, "exit_at", name)
        local before = count("event " .. name)
        assert.equal("cr_1", server:get "/traced")
        timing.wait_until(function() return count("event " .. name) > before end)
        account.set(server, "exit_at")
        assert_works()
      end)
    end

    it("in a transport's on_cancel delay no other call", function()
      local said = server:get "/cancelled"
      account.set(server, "released", "1")
      assert.truthy(said:find("within timeout (0.1 s)", 1, true), said)
      assert_works()
    end)

    it("in a transport delay no other call", function()
      server:get "/exiting"
      assert_works()
    end)
  end)

  for _, name in ipairs { "traced", "transport", "emulator" } do
    it(("leave nothing in a light thread that raises (%s)"):format(name), function()
      local said = server:get("/raise_after_" .. name)
      assert.truthy(said:find("raised afterwards", 1, true), said)
    end)

    it(("leave nothing in a light thread that is killed (%s)"):format(name), function()
      assert.equal("1", server:get("/kill_in_" .. name))
    end)
  end

  it("perform a retry, whichever request makes a call just then", function()
    local visitor = account.visit(server, "/again", 1)
    timing.wait_until(function()
      assert.equal("cr_quick", server:get "/quick") -- is never held
      return count "performed again" == 2
    end)
    assert.equal("cr_quick", server:get "/quick")
    account.set(server, "released", "1")
    visitor.leave()
    assert_works()
  end)

  it("say nothing else in the log", function()
    for line in server:log():gmatch "[^\n]+" do
      local expected = line:find("lua_max_running_timers", 1, true) or line:find("raised afterwards", 1, true)
        or line:find("traceback", 1, true) or line:find("^%s") or line:find "^coroutine %d"
      assert.truthy(expected, line)
    end
  end)
end)
