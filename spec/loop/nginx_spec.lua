-- The client in nginx's workers, with libcurl whatever else is installed. Those have LuaJIT, so there is
-- nothing to run here on another Lua.
if not rawget(_G, "jit") then
  return
end

local concurrency = require "spec.support.concurrency"
local nginx = require "spec.support.nginx"
local time = require "ngrok.time"
local timing = require "spec.support.timing"
local shell = require "ngrok.emulator.shell"
local wires = require "spec.support.wires"

local phases = [[
  location /content {
    content_by_lua_block {
      local client = the_client()
      local made, err = client.credentials:create { description = "device " .. ngx.var.arg_name }
      if not made then
        return ngx.say(tostring(err))
      end
      local again = assert(client.credentials:get(made.id))
      assert(made:update { metadata = "seen" })
      assert(made:reload().metadata == "seen")
      ngx.say(again.description, " ", made.token and "with a token" or "without")
    }
  }
  location /delete {
    content_by_lua_block {
      local client = the_client()
      local made = assert(client.credentials:create())
      assert(made:delete())
      local _, err = client.credentials:get(made.id)
      ngx.say(err.kind, " ", err.status)
    }
  }
  location /list {
    content_by_lua_block {
      local count = 0
      for _ in the_client().credentials:list { limit = 3 } do
        count = count + 1
      end
      ngx.say(count)
    }
  }
  location /find {
    content_by_lua_block {
      local credentials, match = the_client().credentials, { description = "found in nginx" }
      local before = credentials:find(match)
      local made, response = credentials:find_or_create { match = match, create = { metadata = "m" } }
      local found, again = credentials:find_or_create { match = match }
      ngx.say(tostring(before), " ", tostring(response.created), " ", tostring(again.created), " ",
        #credentials:find_all(match), " ", found.id == made.id and found.metadata)
    }
  }
  location /each {
    content_by_lua_block {
      local ngrok, credentials, now, most = require "ngrok", the_client().credentials, 0, 0
      local failures = ngrok.each({ 1, 2, 3, 4, 5, 6, 7 }, { concurrency = 3 }, function(number)
        now = now + 1
        most = math.max(most, now)
        local made, err = credentials:create { description = "each " .. number }
        now = now - 1
        assert(number ~= 5, "no five")
        return made, err
      end)
      ngx.say(#failures, " ", failures[1].item, " ", most)
    }
  }
  location /parallel {
    content_by_lua_block {
      local count, last = 0
      for credential in the_client().credentials:list { parallel = 4, limit = 5 } do
        assert(not last or credential.created_at <= last)
        count, last = count + 1, credential.created_at
      end
      ngx.say(count)
    }
  }
  location /drain {
    content_by_lua_block {
      local client, calls = the_client(), 0
      for number = 1, 6 do
        client.credentials:create({ description = "drained " .. number }, { on_done = function(made)
          calls = calls + (made and 1 or 0)
        end })
      end
      local _, err = client:drain(0)
      ngx.say(err.kind, " ", tostring(client:drain(20)), " ", calls, " ", client:pending())
    }
  }
  location /access {
    access_by_lua_block { ngx.ctx.said = assert(the_client().credentials:create()).id }
    content_by_lua_block { ngx.say(ngx.ctx.said) }
  }
  location /rewrite {
    rewrite_by_lua_block { ngx.ctx.said = assert(the_client().credentials:create()).id }
    content_by_lua_block { ngx.say(ngx.ctx.said) }
  }
  location /timer {
    content_by_lua_block {
      assert(ngx.timer.at(0, function()
        local made = assert(the_client().credentials:create())
        ngx.shared.notes:set("timer", made.id)
      end))
      ngx.say "begun"
    }
  }
  location /threads {
    content_by_lua_block {
      local threads, client = {}, the_client()
      for index = 1, 40 do
        threads[index] = ngx.thread.spawn(function()
          return assert(client.credentials:create { description = "thread " .. index }).description
        end)
      end
      for index, thread in ipairs(threads) do
        local _, description = ngx.thread.wait(thread)
        assert(description == "thread " .. index)
      end
      ngx.say(client:pending())
    }
  }
  location /handles {
    content_by_lua_block {
      local client = the_client()
      local first = client.credentials:create({ description = "first" }, { wait = false })
      local second = client.credentials:create({ description = "second" }, { wait = false })
      ngx.say(second:result().description, " ", first:result().description)
    }
  }
  location /callback {
    content_by_lua_block {
      the_client().credentials:create({}, { on_done = function(made)
        local again = assert(the_client().credentials:get(made.id)) -- a callback may wait
        ngx.shared.notes:set("callback", again.id)
        error "raised by a callback"
      end })
      ngx.say "begun"
    }
  }
  location /log {
    content_by_lua_block { ngx.say "logged" }
    log_by_lua_block {
      local _, err = the_client().credentials:create()
      ngx.shared.notes:set("refused", tostring(err))
      the_client().credentials:create({ description = "by log" }, { on_done = function(made)
        ngx.shared.notes:set("log", made.description)
      end })
    }
  }
  location /filter {
    content_by_lua_block { ngx.say "filtered" }
    header_filter_by_lua_block {
      local _, err = the_client().credentials:create()
      ngx.header["X-Refused"] = err.kind .. "/" .. err.phase .. "/" .. err.outcome
    }
  }
  location /note {
    content_by_lua_block { ngx.say(tostring(ngx.shared.notes:get(ngx.var.arg_name))) }
  }
  location /pending {
    content_by_lua_block { ngx.say(the_client():pending(), " ", ngx.timer.running_count()) }
  }
  location /slow {
    content_by_lua_block {
      local made, err = the_client().credentials:create { description = "slow" }
      ngx.say(made and made.description or tostring(err))
    }
  }
  location /quick {
    content_by_lua_block { ngx.say "quick" }
  }
  location /worker {
    content_by_lua_block { ngx.say(ngx.worker.pid()) }
  }
  location /transport {
    content_by_lua_block {
      local client = assert(require("ngrok").client { api_key = "key", max_retries = 0, rate_limit = false,
        transport = function(_, done)
          assert(ngx.timer.at(0.01, function()
            done { status = 200, body = '{"id":"cr_1","description":"by Lua"}' }
          end))
        end })
      ngx.say(client.credentials:get("cr_1").description)
    }
  }
  location /close {
    content_by_lua_block {
      local client = assert(require("ngrok").client { api_key = "key", base_url = the_options.base_url,
        transport = "curl", max_retries = 0, rate_limit = false })
      local request = client.credentials:create({}, { wait = false })
      ngx.sleep(0.01) -- by now the timer is asleep
      client:close()
      local _, err = request:result()
      ngx.say(err.kind)
    }
  }
]]

-- A client made before the workers are, and one made by each of them when it is first wanted.
local makings = {
  ["in init_by_lua"] = [[
    init_by_lua_block {
      the_options = { %s }
      local client = assert(require("ngrok").client(the_options))
      assert(client.credentials:list { limit = 1 }:all())
      function the_client() return client end
    }
  ]],
  ["in a worker"] = [[
    init_by_lua_block {
      local client
      the_options = { %s }
      function the_client()
        client = client or assert(require("ngrok").client(the_options))
        return client
      end
    }
  ]],
}

-- One that has been used before there are workers, by a call that stays short whatever the account has.
local used = [[
  init_by_lua_block {
    local client = assert(require("ngrok").client { %s })
    assert(select(2, client.credentials:get "cr_none").status == 404)
    function the_client() return client end
    ngx.update_time()
    local generation = ngx.now() -- this runs at each reload
    function the_generation() return generation end
  }
]]

local own_response = [[
  location / {
    content_by_lua_block {
      local name = ngx.worker.pid() .. "-" .. ngx.var.connection .. "-" .. ngx.var.connection_requests
      local made, err = the_client().credentials:create { description = name }
      if not made or made.description ~= name or not made.token then
        ngx.log(ngx.ERR, "a wrong response: ", tostring(err), " ", name)
        return ngx.exit(500)
      end
      ngx.say "right"
    }
  }
  location /generation {
    content_by_lua_block { ngx.say(the_generation()) }
  }
]]

local thousand = [[
  location / {
    content_by_lua_block {
      local threads, client, right = {}, the_client(), 0
      for index = 1, 1000 do
        threads[index] = ngx.thread.spawn(function()
          local made = assert(client.credentials:create { description = "thread " .. index })
          right = right + (made.description == "thread " .. index and 1 or 0)
        end)
      end
      for _, thread in ipairs(threads) do
        ngx.thread.wait(thread)
      end
      ngx.say(right, " ", client:pending())
    }
  }
]]

wires.describe("nginx", function(wire)
  local emu

  setup(function()
    emu = wire:start()
  end)

  teardown(function()
    emu:stop()
  end)

  for making, code in pairs(makings) do
    describe("with a client made " .. making, function()
      local server

      local function options()
        local text = "transport = 'curl', rate_limit = false, max_in_flight = 8, api_key = %q, base_url = %q"
        text = text:format(emu.api_key, emu.base_url)
        return emu.ca_file and text .. (", ca_file = %q"):format(emu.ca_file) or text
      end

      local function note(name)
        local text
        timing.wait_until(function()
          text = server:get("/note?name=" .. name)
          return text ~= "nil"
        end)
        return text
      end

      local function is_idle()
        return server:get "/pending" == "0 0"
      end

      setup(function()
        server = nginx.start(code:format(options()), phases, 1)
      end)

      teardown(function()
        server:stop()
      end)

      before_each(function()
        emu:reset()
      end)

      it("does every operation while a request is served", function()
        assert.equal("device lamp with a token", server:get "/content?name=lamp")
        assert.equal("api 404", server:get "/delete")
        emu:seed(10)
        assert.equal("11", server:get "/list")
      end)

      for _, phase in ipairs { "access", "rewrite" } do
        it("waits in the phase " .. phase, function()
          assert.truthy(server:get("/" .. phase):find "^cr_")
        end)
      end

      it("waits in a timer", function()
        assert.equal("begun", server:get "/timer")
        assert.truthy(note "timer":find "^cr_")
      end)

      it("finds, and creates what it does not find", function()
        assert.equal("nil true false 1 m", server:get "/find")
      end)

      it("runs a function on each of many, several at a time", function()
        assert.equal("1 5 3", server:get "/each")
        assert.equal(7, #emu:credentials())
      end)

      it("walks a list by several pages at once", function()
        emu:seed(90, function(index) return { created_at = time.format(1600000000 + 10 * index) } end)
        assert.equal("90", server:get "/parallel")
      end)

      it("drains a client, and has called its callbacks then", function()
        assert.equal("timeout true 6 0", server:get "/drain")
      end)

      it("gives each of many light threads its own response", function()
        assert.equal("0", server:get "/threads")
        assert.equal(40, #emu:credentials())
      end)

      it("hands out requests to wait for later", function()
        assert.equal("second first", server:get "/handles")
      end)

      it("calls back, and keeps what a callback raises out of everybody's way", function()
        assert.equal("begun", server:get "/callback")
        assert.truthy(note "callback":find "^cr_")
        timing.wait_until(function() return server:log():find("raised by a callback", 1, true) end)
        assert.equal("quick", server:get "/quick")
      end)

      it("says where it cannot wait, and calls back there", function()
        assert.equal("logged", server:get "/log")
        local refused = note "refused"
        assert.truthy(refused:find("nginx cannot wait in its log phase: pass on_done", 1, true), refused)
        assert.equal("by log", note "log")
        local _, headers = shell.run(("curl -s -i http://127.0.0.1:%d/filter"):format(server.port))
        assert.truthy(headers:find("invalid/validate/not_sent", 1, true), headers)
      end)

      it("lets the worker serve others while a request takes its time", function()
        emu:misbehave { kind = "delay", seconds = 1 }
        local slow = io.popen(("curl -s http://127.0.0.1:%d/slow"):format(server.port))
        timing.wait_until(function() return #emu:requests() == 1 end)
        assert.equal("1 0", server:get "/pending")
        assert.equal("slow\n", slow:read "*a")
        slow:close()
      end)

      it("has no timer where nothing is under way", function()
        assert.truthy(server:get "/content?name=x")
        timing.wait_until(is_idle)
      end)

      it("lets old workers finish when others take over", function()
        emu:misbehave { kind = "delay", seconds = 0.5 }
        local slow = io.popen(("curl -s http://127.0.0.1:%d/slow"):format(server.port))
        timing.wait_until(function() return #emu:requests() == 1 end)
        server:reload()
        assert.equal("slow\n", slow:read "*a")
        slow:close()
        assert.equal("device new with a token", server:get "/content?name=new")
      end)

      it("says nothing else in the log", function()
        for line in server:log():gmatch "[^\n]+" do
          assert.truthy(line:find("raised by a callback", 1, true), line)
        end
      end)
    end)
  end

  describe("under load #slow", function()
    local server

    local function start(cap, locations, workers)
      local options = "transport = 'curl', rate_limit = false, api_key = %q, base_url = %q"
      options = options .. ", max_in_flight = %d"
      options = options:format(emu.api_key, emu.base_url, cap)
      if emu.ca_file then
        options = options .. (", ca_file = %q"):format(emu.ca_file)
      end
      server = nginx.start(used:format(options), locations, workers)
    end

    local function check(said)
      assert.truthy(said:find "[1-9]%d* requests in", said)
      assert.is_nil(said:find("Non-2xx", 1, true), said .. server:log())
      assert.is_nil(said:find("Socket errors", 1, true), said)
      assert.equal("", server:log())
    end

    before_each(function()
      emu:reset()
    end)

    after_each(function()
      server:stop()
    end)

    it("gives every response to the one who asked, with many workers", function()
      start(4, own_response, 4)
      local command = "wrk -t 2 -c 32 -d 2s --timeout 20s http://127.0.0.1:%d/"
      local _, said = shell.run(command:format(server.port))
      check(said)
    end)

    -- Any server may close an idle connection as the next request is sent on it, so none is kept.
    it("gives every response to the one who asked, while workers take over from others", function()
      start(4, "keepalive_timeout 0;" .. own_response, 2)
      local length = math.ceil(timing.scaled(3))
      local load = io.popen(("wrk -t 1 -c 16 -d %ds --timeout 20s http://127.0.0.1:%d/"):format(
        length, server.port))
      local began, generation, reloads = timing.now(), tonumber((server:get "/generation")), 0
      repeat
        server:reload()
        timing.wait_until(function()
          local before = generation
          generation = math.max(before, tonumber((server:get "/generation")))
          return generation > before
        end)
        reloads = reloads + 1
      until timing.now() - began > length / 2
      local said = load:read "*a"
      load:close()
      timing.wait_until(function()
        local _, children = shell.run(("pgrep -c -P %d"):format(server.pid))
        return tonumber(children) == 2 -- the old ones have ended
      end)
      check(said)
      assert.is_true(reloads > 1)
    end)

    it("gives each of a thousand light threads its own response, once, up to its cap", function()
      start(16, thousand, 1)
      concurrency.hold(emu, 16, 1000)
      assert.equal("1000 0", server:get "/")
      assert.equal(1000, #emu:credentials())
      assert.equal(16, concurrency.peak(emu))
      assert.equal("", server:log())
    end)
  end)
end)

-- How a worker waits, by the plain wire alone: it does not know the difference.
describe("nginx's timer", function()
  local emu, server

  local function start()
    local options = "transport = 'curl', api_key = %q, base_url = %q, rate_limit = false"
    options = options:format(emu.api_key, emu.base_url)
    server = nginx.start(makings["in a worker"]:format(options), phases, 1)
  end

  -- What a command prints for the worker.
  local function of_worker(command)
    local _, said = shell.run(command:format(server:get "/worker"))
    return said
  end

  local function descriptors()
    return select(2, of_worker("ls /proc/%d/fd"):gsub("%d+", ""))
  end

  local function is_idle()
    return server:get "/pending" == "0 0"
  end

  local function serve_all()
    assert.equal("device x with a token", server:get "/content?name=x")
    assert.equal("0", server:get "/threads")
    assert.equal("second first", server:get "/handles")
    assert.equal("by Lua", server:get "/transport")
    emu:misbehave { kind = "delay", seconds = 0.5 }
    assert.equal("cancelled", server:get "/close")
    emu:reset()
    timing.wait_until(is_idle)
  end

  local function reload_under_way()
    emu:misbehave { kind = "delay", seconds = 0.5 }
    local before = #emu:requests()
    local slow = io.popen(("curl -s http://127.0.0.1:%d/slow"):format(server.port))
    timing.wait_until(function() return #emu:requests() > before end)
    server:reload()
    assert.equal("slow\n", slow:read "*a")
    slow:close()
  end

  setup(function()
    emu = wires.plain:start()
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  after_each(function()
    server:stop()
  end)

  it("takes no more descriptors with each request", function()
    start()
    serve_all()
    local before = descriptors()
    for _ = 1, 20 do
      assert.equal("device x with a token", server:get "/content?name=x")
    end
    timing.wait_until(is_idle)
    timing.wait_until(function() return descriptors() <= before end)
  end)

  it("ends with the worker, even with work left", function()
    start()
    local worker = server:get "/worker"
    reload_under_way()
    timing.wait_until(function() return not shell.run("kill -0 " .. worker) end)
    assert.equal("device new with a token", server:get "/content?name=new")
    assert.equal("", server:log())
  end)
end)
