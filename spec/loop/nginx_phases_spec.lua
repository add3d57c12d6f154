-- nginx's phases at their edges: where there is no loop yet or none any more, where Lua cannot be suspended,
-- and those that nginx_spec.lua does not come through.
local emulator = require "ngrok.emulator"
local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"
local shell = require "ngrok.emulator.shell"

if not rawget(_G, "jit") then
  return -- nginx's Lua is LuaJIT, and so are its modules
end

local prepare = [[
  init_by_lua_block {
    local ngrok = require "ngrok"
    function new_client()
      return assert(ngrok.client { transport = "curl", rate_limit = false, max_retries = 0,
        api_key = %q, base_url = %q })
    end
    client = new_client()
    local done, err = client.credentials:create({ description = "by init" }, { on_done = print })
    refused_by_init = done == nil and err or nil
    made_by_init = assert(client.credentials:create { description = "by init" })
  }
  init_worker_by_lua_block {
    local ngrok = require "ngrok"
    ngx.shared.notes:set("init_worker", tostring(select(2, client.credentials:create())))
    client.credentials:create({ description = "by init_worker" }, { on_done = function(made, err)
      ngx.shared.notes:set("called", made and made.description or tostring(err))
    end })
  }
  exit_worker_by_lua_block {
    local file = assert(io.open(%q, "a"))
    local late = new_client() -- the worker's own may be in use
    local made, err = late.credentials:create { description = "by exit" }
    file:write(tostring(made and made.token or err), "\n")
    made, err = late.credentials:create({}, { on_done = print })
    file:write(tostring(made == nil and err), "\n")
    file:close()
  }
]]

local locations = [[
  location /init {
    content_by_lua_block { ngx.say(made_by_init.description, " ", tostring(refused_by_init)) }
  }
  location /note {
    content_by_lua_block { ngx.say(tostring(ngx.shared.notes:get(ngx.var.arg_name))) }
  }
  location /sort {
    content_by_lua_block {
      local err
      table.sort({ 1, 2 }, function(a, b)
        err = err or select(2, client.credentials:create())
        return a < b
      end)
      ngx.say(tostring(err))
    }
  }
  location /sorted_callback {
    content_by_lua_block {
      table.sort({ 1, 2 }, function(a, b)
        client.credentials:create({ description = "sorted" }, { on_done = function(made)
          ngx.shared.notes:set("sorted", made.description)
        end })
        return a < b
      end)
      ngx.say "sorted"
    }
  }
  location /set {
    set_by_lua_block $said { return tostring(select(2, client.credentials:create())) }
    content_by_lua_block { ngx.say(ngx.var.said) }
  }
  location /body_filter {
    body_filter_by_lua_block {
      local err = select(2, client.credentials:create())
      ngx.arg[1] = ngx.arg[1] .. (ngx.arg[2] and tostring(err) or "")
    }
    content_by_lua_block { ngx.say "body" }
  }
]]

-- Of the server block, and so of a server with a location of its own.
local rewriting = [[
  server_rewrite_by_lua_block {
    if ngx.var.uri == "/server_rewrite" then
      ngx.ctx.made = assert(client.credentials:create { description = "by server_rewrite" })
    end
  }
  location /server_rewrite {
    content_by_lua_block { ngx.say(ngx.ctx.made.description) }
  }
]]

describe("nginx's phases:", function()
  randomize(false) -- the last one ends the server
  local emu, server, path, has_server_rewrite

  local function launch(more)
    local common = prepare:format(emu.api_key, emu.base_url, path)
    return nginx.start(common, locations .. (more or ""), 1)
  end

  local function count(description)
    local found = 0
    for _, credential in ipairs(emu:credentials()) do
      found = found + (credential.description == description and 1 or 0)
    end
    return found
  end

  setup(function()
    emu = assert(emulator.start())
    path = os.tmpname()
    has_server_rewrite, server = pcall(launch, rewriting)
    if not has_server_rewrite then -- a Lua module that does not have server_rewrite_by_lua yet
      server = launch()
    end
  end)

  teardown(function()
    if server then
      server:stop()
    end
    emu:stop()
    os.remove(path)
  end)

  it("init blocks, and does not take a callback that would never be called", function()
    local said = server:get "/init"
    assert.truthy(said:find("by init credentials.create failed: nginx runs no callbacks in its init phase",
      1, true), said)
    assert.equal(1, count "by init")
  end)

  it("init_worker refuses to wait, and calls back", function()
    local said = server:get "/note?name=init_worker"
    assert.truthy(said:find("nginx cannot wait in its init_worker phase", 1, true), said)
    timing.wait_until(function() return server:get "/note?name=called" == "by init_worker" end)
    assert.equal(1, count "by init_worker")
  end)

  for _, phase in ipairs { "set", "body_filter" } do
    it(phase .. " refuses to wait", function()
      local said = server:get("/" .. phase)
      assert.truthy(said:find(("nginx cannot wait in its %s phase"):format(phase), 1, true), said)
    end)
  end

  it("a call inside table.sort is refused, and nothing is sent", function()
    local before = #emu:requests()
    local said = server:get "/sort"
    assert.truthy(said:find("Lua cannot wait inside require, table.sort", 1, true), said)
    assert.equal(before, #emu:requests())
    server:get "/sorted_callback"
    timing.wait_until(function() return server:get "/note?name=sorted" == "sorted" end)
  end)

  it("server_rewrite waits, where nginx has it", function()
    local _, response = shell.run(("curl -s http://127.0.0.1:%d/server_rewrite"):format(server.port))
    assert.equal(has_server_rewrite, response == "by server_rewrite", response)
  end)

  it("exit_worker blocks, and does not take a callback that would never be called", function()
    server:stop()
    server = nil
    local file = assert(io.open(path))
    local token, refusal = file:read "*l", file:read "*l"
    file:close()
    assert.truthy(token:find "^%w+_%w+$", token)
    assert.truthy(refusal:find("nginx runs no callbacks in its exit_worker phase", 1, true), refusal)
    assert.equal(1, count "by exit")
  end)
end)
