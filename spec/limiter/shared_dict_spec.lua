--- One window of requests that nginx's workers share. They have LuaJIT.
local ngrok = require "ngrok"

describe("rate_limit.shared_dict", function()
  it("is refused where there is no nginx", function()
    local client, err = ngrok.client { api_key = "key", rate_limit = { shared_dict = "limits" } }
    assert.is_nil(client)
    assert.equal("invalid", err.kind)
    assert.truthy(err.message:find("works in nginx only", 1, true), err.message)
  end)
end)

if not rawget(_G, "jit") then
  return
end

local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"
local wires = require "spec.support.wires"

local locations = [[
  location /create {
    content_by_lua_block {
      local made, err = the_client().credentials:create()
      ngx.say(made and "made" or tostring(err))
    }
  }
  location /get {
    content_by_lua_block {
      local _, err = the_client().credentials:get "cr_1"
      ngx.say(err.phase, " ", err.message)
    }
  }
  location /worker {
    content_by_lua_block { ngx.say(ngx.worker.pid()) }
  }
  location /places {
    content_by_lua_block {
      local count, now = 0, require("ngrok.core").now() * 1000
      for _, name in ipairs(ngx.shared.limits:get_keys(0)) do
        local is_taken = name:find "^ngrok:%x+:%d+$" and ngx.shared.limits:get(name) > now
        count = count + (is_taken and 1 or 0)
      end
      ngx.say(count)
    }
  }
  location /flood {
    content_by_lua_block {
      for number = 1, 2000 do
        ngx.shared.limits:set("theirs" .. number, ("x"):rep(100))
      end
      ngx.say "done"
    }
  }
  location /time {
    content_by_lua_block {
      ngx.update_time()
      ngx.say(ngx.time())
    }
  }
]]

describe("a window that nginx's workers share", function()
  local emu, server

  -- Each worker has its own client.
  local function start(workers, given, common, environment)
    server = nginx.start(([[
      lua_shared_dict limits 64k;
      init_by_lua_block {
        local client
        function the_client()
          client = client or assert(require("ngrok").client { %s })
          return client
        end
      }
      %s
    ]]):format(given, common or ""), locations, workers, environment)
  end

  local function options(requests, window, more)
    -- Without an emulator there is no server to ask.
    local base_url = emu and emu.base_url or "http://127.0.0.1:" .. port.pick(random.new())
    local text = [[api_key = %q, base_url = %q, max_retries = 0, %s,
      rate_limit = { requests = %d, window = %g, shared_dict = "limits" }]]
    return text:format(emu and emu.api_key or "key", base_url, more or "timeout = 30", requests, window)
  end

  local function begin_emulator(rate_limit)
    emu = wires.plain:start { rate_limit = rate_limit }
  end

  -- All at once; each that is free takes one.
  local function make_at_once(count)
    local command = "seq %d | xargs -P %d -I{} curl -s --max-time 30 'http://127.0.0.1:%d/create?{}'"
    local _, said = shell.run(command:format(count, count, server.port))
    local _, made = said:gsub("made", "")
    assert.equal(count, made, said)
  end

  local function by_another_worker(path, worker)
    local said
    timing.wait_until(function()
      said = server:get(path)
      return server:get "/worker" ~= worker
    end)
    return said
  end

  after_each(function()
    server:stop()
    if emu then
      emu:stop()
      emu = nil
    end
  end)

  it("holds them together to what the account allows", function()
    begin_emulator { requests = 10, window = 1 }
    start(4, options(10, 1))
    make_at_once(35)
    assert.equal(35, #emu:requests()) -- and so none was refused
    assert.equal("", server:log())
  end)

  it("outlives a reload", function()
    begin_emulator { requests = 3, window = 1 }
    start(2, options(3, 1))
    make_at_once(3)
    local worker = server:get "/worker"
    server:reload()
    timing.wait_until(function() return server:get "/worker" ~= worker end)
    make_at_once(3)
    assert.equal(6, #emu:requests())
  end)

  it("says at once that max_wait would not do", function()
    begin_emulator()
    start(1, options(2, 60, "max_wait = 5"))
    make_at_once(2)
    local said = server:get "/get"
    assert.truthy(said:find "^wait .*rate_limit %(2 requests per 60 s%) is used up for another %d", said)
  end)

  it("has a pause that one worker was asked for kept by all", function()
    begin_emulator()
    start(4, options(100, 60, "max_wait = 5"))
    emu:misbehave { kind = "status", status = 429, retry_after = 30 }
    local worker = server:get "/worker"
    assert.truthy(server:get("/create"):find "429")
    for _ = 1, 12 do
      local said = by_another_worker("/get", worker)
      assert.truthy(said:find "^wait .*asked for a pause", said)
    end
    assert.equal(1, #emu:requests())
  end)

  it("gets back the place of a request that was not sent", function()
    start(1, options(2, 60))
    for _ = 1, 5 do
      assert.truthy(server:get("/create"):find("connect", 1, true))
    end
    assert.equal("0", server:get "/places")
  end)

  it("gets back, in time, the places of a worker that was killed", function()
    begin_emulator()
    start(1, options(2, 0.5, "timeout = 0.5"))
    emu:misbehave { kind = "delay", seconds = 3, count = 2 }
    local worker = server:get "/worker"
    local lost = io.popen(("curl -s --max-time 30 http://127.0.0.1:%d/create"):format(server.port))
    timing.wait_until(function() return #emu:requests() == 1 end)
    assert.equal("1", server:get "/places")
    shell.run("kill -9 " .. worker)
    lost:close()
    emu:reset()
    make_at_once(4)
    timing.wait_until(function() return server:get "/places" == "0" end)
  end)

  -- The account counts for itself, and refuses what comes too early.
  it("keeps the limit where others' entries have pushed its places out, and says so once a worker", function()
    begin_emulator { requests = 3, window = 1.5 }
    start(2, options(3, 1.5, "timeout = 0.5"))
    make_at_once(3)
    server:get "/flood"
    assert.equal("0", server:get "/places")
    make_at_once(6)
    assert.equal(9, #emu:requests())
    local _, lines = server:log():gsub("[^\n]+", "")
    local _, count = server:log():gsub("evicted entries of the rate limit from lua_shared_dict limits", "")
    assert.equal(lines, count, server:log())
    assert.is_true(count == 1 or count == 2)
  end)

  it("keeps the limit where the clock is set forward, and is not shut where it is set back", function()
    local clock = os.tmpname()
    local function set_clock(offset)
      local file = assert(io.open(clock, "wb"))
      file:write(offset, "\n")
      file:close()
    end
    set_clock "+0"
    begin_emulator { requests = 3, window = 1.5 }
    local _, library = shell.run "faketime -f +0 printenv LD_PRELOAD" -- faketime itself waits for daemons
    start(2, options(3, 1.5), "", {
      "LD_PRELOAD=" .. library, "FAKETIME_TIMESTAMP_FILE=" .. clock, "FAKETIME_NO_CACHE=1",
      "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1", -- of one version, and of others
    })
    make_at_once(3)
    local before = tonumber(server:get "/time")
    set_clock "+7200"
    assert.is_true(tonumber(server:get "/time") - before >= 7200)
    make_at_once(3)
    set_clock "-7200"
    make_at_once(3)
    os.remove(clock)
    assert.equal(9, #emu:requests())
    assert.equal("", server:log())
  end)

  it("is refused where nginx has no such dict, or one for other things, or it is too large", function()
    server = nginx.start([[
      lua_shared_dict small 24k;
      init_by_lua_block { ngx.shared.notes:set("theirs", 1) }
    ]], [[
      location /try {
        content_by_lua_block {
          local made, err = require("ngrok").client { api_key = "key",
            rate_limit = { shared_dict = ngx.var.arg_dict, requests = tonumber(ngx.var.arg_requests) } }
          ngx.say(made and #ngx.shared.small:get_keys(0) or err.kind .. " " .. err.message)
        }
      }
    ]])
    assert.equal("invalid rate_limit.shared_dict: nginx has no `lua_shared_dict nowhere` in its http block",
      server:get "/try?dict=nowhere&requests=120")
    assert.equal("invalid rate_limit.shared_dict: `notes` has other entries, which could evict those "
      .. "of the rate limit; give the rate limit a lua_shared_dict that nothing else uses",
      server:get "/try?dict=notes&requests=9")
    assert.equal("invalid rate_limit.shared_dict: 127 requests need at least 24704 bytes, but `small` has "
      .. "24576; write `lua_shared_dict small 64k`", server:get "/try?dict=small&requests=127")
    assert.equal("126", server:get "/try?dict=small&requests=126")
    assert.equal("", server:log())
    assert.equal("invalid rate_limit.requests is 1001, but with a shared_dict it may be 1000 at most",
      server:get "/try?dict=nowhere&requests=1001")
  end)
end)
