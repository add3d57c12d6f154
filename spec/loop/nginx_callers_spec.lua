-- Callers who leave while their creates wait their turn, in nginx: nothing is sent for them. LuaJIT only, as
-- nginx's workers are.
if not rawget(_G, "jit") then
  return
end

local account = require "spec.support.nginx_account"
local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"

local many = 20

local locations = account.locations .. [[
  lua_check_client_abort on;
  location /create {
    content_by_lua_block {
      local made, err = the_client(ngx.var.arg_client).credentials:create { description = ngx.var.arg_name }
      ngx.print(made and made.description or tostring(err))
    }
    log_by_lua_block { ngx.shared.notes:incr("left", 1, 0) }
  }
  location /exit {
    content_by_lua_block {
      create_all()
      wait_for("leave", true)
      ngx.exit(200)
    }
    log_by_lua_block { ngx.shared.notes:incr("left", 20, 0) }
  }
  location /kill {
    content_by_lua_block {
      local threads = create_all()
      wait_for("leave", true)
      for _, thread in ipairs(threads) do
        assert(ngx.thread.kill(thread))
      end
    }
    log_by_lua_block { ngx.shared.notes:incr("left", 20, 0) }
  }
  location /background {
    content_by_lua_block {
      local client = the_client "cap"
      client.credentials:create({ description = "background" }, { on_done = function() end })
      client.credentials:create({ description = "background" }, { wait = false })
    }
  }
  location /pending {
    content_by_lua_block { ngx.print(the_client(ngx.var.arg_client):pending()) }
  }
  location /collect {
    content_by_lua_block {
      collectgarbage()
      collectgarbage()
      ngx.print(the_client(ngx.var.arg_client):pending())
    }
  }
]]

local common = account.common .. [[
  init_worker_by_lua_block { -- after what init makes
    function the_client(name)
      return client_with(name, name == "cap" and { max_in_flight = 1, rate_limit = false }
        or name == "wide" and { rate_limit = false }
        or name == "rate" and { rate_limit = { requests = 1, window = 0.3 } }
        or { rate_limit = { requests = 1, window = 0.3, shared_dict = "limits" } })
    end
    function create_all()
      local client, threads = the_client(ngx.var.arg_client), {}
      for index = 1, 20 do
        threads[index] = ngx.thread.spawn(function()
          client.credentials:create { description = "gone" }
        end)
      end
      return threads
    end
  }
]]

describe("nginx's callers", function()
  local server

  setup(function()
    server = nginx.start(common, locations, 1)
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    for _, name in ipairs { "leave", "left", "sent%20gone", "sent%20first", "sent%20last" } do
      account.set(server, name)
    end
  end)

  local function pending(client)
    return server:get("/pending?client=" .. client)
  end

  -- The first holds the only place until all the others have left.
  local function leave(client, path, visitors)
    account.set(server, "closed", "1")
    local first = account.visit(server, ("/create?name=first&client=%s"):format(client), 1)
    account.wait_for_note(server, "sent first", "1")
    local others = account.visit(server, ("%s&client=%s"):format(path, client), visitors)
    timing.wait_until(function() return pending(client) == tostring(many + 1) end)
    if visitors > 1 then
      others.leave()
    else
      account.set(server, "leave", "1")
    end
    account.wait_for_note(server, "left", tostring(many))
    account.set(server, "closed")
    first.leave()
    assert.equal("last", server:get("/create?name=last&client=" .. client))
    assert.equal("nil", account.note(server, "sent gone"))
    timing.wait_until(function() return server:get("/collect?client=" .. client) == "0" end)
  end

  for _, client in ipairs { "cap", "rate", "shared" } do
    describe(("who wait for a place (%s)"):format(client), function()
      it("and whose visitors leave have nothing sent", function()
        leave(client, "/create?name=gone", many)
      end)

      it("and who leave by ngx.exit have nothing sent", function()
        leave(client, "/exit?", 1)
      end)

      it("and whose light threads are killed have nothing sent", function()
        leave(client, "/kill?", 1)
      end)
    end)
  end

  it("who leave while their creates are in flight free their places", function()
    account.set(server, "closed", "1")
    local visitor = account.visit(server, "/create?name=first&client=cap", 1)
    account.wait_for_note(server, "sent first", "1")
    visitor.leave()
    account.wait_for_note(server, "left", "1")
    timing.wait_until(function() return server:get "/collect?client=cap" == "0" end)
    account.set(server, "closed")
  end)

  it("who leave have sent what was to go on without them", function()
    account.set(server, "closed", "1")
    account.visit(server, "/create?name=first&client=cap", 1)
    account.wait_for_note(server, "sent first", "1")
    server:get "/background"
    assert.equal("nil", account.note(server, "sent background"))
    account.set(server, "closed")
    account.wait_for_note(server, "sent background", "2")
  end)

  it("who leave hand over to those who stay", function()
    account.set(server, "closed", "1")
    local visitor = account.visit(server, "/create?name=first&client=wide", 1)
    account.wait_for_note(server, "sent first", "1")
    local url = ("http://127.0.0.1:%d/create?name=last&client=wide"):format(server.port)
    local other = io.popen(("curl -s --max-time 30 '%s'"):format(url))
    account.wait_for_note(server, "sent last", "1")
    visitor.leave()
    account.wait_for_note(server, "left", "1")
    account.set(server, "closed")
    assert.equal("last", other:read "*a")
    other:close()
  end)

  it("leave nothing in the error log", function()
    assert.equal("", server:log())
  end)
end)
