-- Callers who leave, in nginx: nothing of theirs is sent that was not, whether it waits its turn or is in
-- flight, and their places come free. LuaJIT only, as nginx's workers are.
if not rawget(_G, "jit") then
  return
end

local account = require "spec.support.nginx_account"
local certificate = require "ngrok.emulator.certificate"
local name_server = require "spec.support.name_server"
local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

-- Seconds that a living caller is away at most, and some more.
local absence = 0.25

local many = 20 -- callers

local locations = account.locations .. [[
  lua_check_client_abort on;
  location /create {
    content_by_lua_block {
      local made, err = the_client(ngx.var.arg_client).credentials:create { description = ngx.var.arg_name }
      ngx.shared.notes:incr("told " .. (made and made.description or tostring(err)), 1, 0)
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
      collectgarbage "stop"
      ngx.print(the_client(ngx.var.arg_client):pending())
    }
  }
  location /occupy {
    content_by_lua_block {
      for index = 1, 10 do
        assert(ngx.timer.at(0, function()
          ngx.shared.notes:incr("occupied", 1, 0)
          wait_for("held", false)
        end))
      end
    }
  }
  location /busy {
    content_by_lua_block {
      ngx.update_time()
      local start = ngx.now()
      repeat ngx.update_time() until ngx.now() - start > 1
    }
  }
]]

-- The account has TLS, too, whose handshakes are held back while a note is set.
local common = account.common .. [[
  lua_max_running_timers 10;
  init_worker_by_lua_block { -- after what init makes
    collectgarbage "stop" -- what it would drop is to be dropped without it
    package.path = package.path .. ";HERE/spec/support/cosocket/?.lua"
    local function transport(attempt)
      local description = attempt.body:match '"description":"([^"]*)"'
      ngx.shared.notes:incr("sent " .. description, 1, 0)
      local deadline = ngx.now() + 10
      while ngx.shared.notes:get "closed" and not attempt.cancelled and ngx.now() < deadline do
        ngx.sleep(0.005)
      end
      ngx.shared.notes:incr((attempt.cancelled and "dropped " or "responded ") .. description, 1, 0)
      local body = '{"id":"cr_1","description":"%s","token":"t","acl":[]}'
      return { status = 201, body = body:format(description) }
    end
    local tls = "https://%s:TLS_PORT/api"
    function the_client(name)
      return client_with(name, name == "cap" and { max_in_flight = 1, rate_limit = false }
        or name == "rate" and { rate_limit = { requests = 1, window = 0.3 } }
        or name == "shared" and { rate_limit = { requests = 1, window = 0.3, shared_dict = "limits" } }
        or name == "tls"
          and { rate_limit = false, base_url = tls:format "127.0.0.1", ca_file = "FOLDER/ca.pem" }
        or name == "resty" and { rate_limit = false, base_url = tls:format "localhost", transport = "resty" }
        or name == "function" and { rate_limit = false, transport = transport }
        or name == "narrow-function" and { rate_limit = false, transport = transport, max_in_flight = 1 }
        or { rate_limit = false })
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
  resolver 127.0.0.1:NAMES_PORT ipv6=off;
  lua_ssl_trusted_certificate FOLDER/ca.pem;
  server {
    listen 127.0.0.1:TLS_PORT ssl;
    keepalive_timeout 0; # each create shakes hands, and is asked for a certificate
    ssl_session_tickets off;
    ssl_certificate FOLDER/server.pem;
    ssl_certificate_key FOLDER/server.key;
    ssl_certificate_by_lua_block {
      ngx.shared.notes:incr("greeted", 1, 0)
      wait_for("held", false)
    }
    ACCOUNT
  }
]]

describe("nginx's callers who leave", function()
  local server, names, directory

  setup(function()
    local _, here = shell.run "pwd"
    local _, made = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-callers.XXXXXXXX"'
    directory = made:match "^[^\n]+"
    assert(certificate.make(directory, "valid", "127.0.0.1"))
    names = name_server.start()
    server = nginx.start((common:gsub("%u[%u_]+", {
      HERE = here:match "^[^\n]+", FOLDER = directory, ACCOUNT = account.locations,
      TLS_PORT = port.pick(random.new()), NAMES_PORT = names.port,
    })), locations, 1)
  end)

  teardown(function()
    server:stop()
    names:stop()
    shell.run("rm -rf " .. shell.quote(directory))
  end)

  before_each(function()
    for name in ("held closed left leave occupied greeted"):gmatch "%S+" do
      account.set(server, name)
    end
    for what in ("sent told responded"):gmatch "%S+" do
      for name in ("gone first other last background"):gmatch "%S+" do
        account.set(server, what .. "%20" .. name)
      end
    end
    server:get "/collect?client=plain" -- what was never sent waits for callers who have left
  end)

  local function visit(client, name, count)
    return account.visit(server, ("/create?name=%s&client=%s"):format(name, client), count or 1)
  end

  local function wait_for_pending(client, count)
    timing.wait_until(function()
      return server:get("/pending?client=" .. client) == tostring(count)
    end)
  end

  local function leave(visitors, count)
    visitors.leave()
    account.wait_for_note(server, "left", tostring(count))
  end

  -- The first holds the only place until all the others have left.
  local function leave_the_queue(client, path, visitors)
    account.set(server, "closed", "1")
    local first = visit(client, "first")
    account.wait_for_note(server, "sent first", "1")
    local others = account.visit(server, ("%s&client=%s"):format(path, client), visitors)
    wait_for_pending(client, many + 1)
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
    describe(("while they wait for a place (%s)"):format(client), function()
      it("have nothing sent, as their visitors are gone", function()
        leave_the_queue(client, "/create?name=gone", many)
      end)

      it("have nothing sent after ngx.exit", function()
        leave_the_queue(client, "/exit?", 1)
      end)

      it("have nothing sent after ngx.thread.kill", function()
        leave_the_queue(client, "/kill?", 1)
      end)
    end)
  end

  it("have sent what was to go on without them", function()
    account.set(server, "closed", "1")
    visit("cap", "first")
    account.wait_for_note(server, "sent first", "1")
    server:get "/background"
    assert.equal("nil", account.note(server, "sent background"))
    account.set(server, "closed")
    account.wait_for_note(server, "sent background", "2")
  end)

  it("hand over to those who stay", function()
    account.set(server, "closed", "1")
    local visitor = visit("plain", "first")
    account.wait_for_note(server, "sent first", "1")
    local url = ("http://127.0.0.1:%d/create?name=last&client=plain"):format(server.port)
    local other = io.popen(("curl -s --max-time 30 '%s'"):format(url))
    account.wait_for_note(server, "sent last", "1")
    visitor.leave()
    account.wait_for_note(server, "left", "1")
    account.set(server, "closed")
    assert.equal("last", other:read "*a")
    other:close()
  end)

  -- Each is held back after it has begun, and before it is written.
  local ways = {
    tls = function()
      account.set(server, "held", "1")
      return function()
        timing.wait_until(function() return account.note(server, "greeted") ~= "nil" end)
      end
    end,
    ["function"] = function()
      account.set(server, "held", "1")
      server:get "/occupy"
      account.wait_for_note(server, "occupied", "10")
      return function() end
    end,
  }
  ways.resty = ways.tls

  for _, client in ipairs { "tls", "resty", "function" } do
    describe(("with a create in flight and unsent (%s)"):format(client), function()
      it("have nothing sent when somebody else is there", function()
        local wait_until_begun = ways[client]()
        local gone, _ = visit(client, "gone"), visit(client, "other")
        wait_for_pending(client, 2)
        wait_until_begun()
        leave(gone, 1)
        wait_for_pending(client, 1)
        account.set(server, "held")
        account.wait_for_note(server, "told other", "1")
        assert.equal("last", server:get("/create?name=last&client=" .. client))
        assert.equal("nil", account.note(server, "sent gone"))
      end)

      it("have nothing sent after their caller has left", function()
        local wait_until_begun = ways[client]()
        local gone = visit(client, "gone", 2)
        wait_for_pending(client, 2)
        wait_until_begun()
        leave(gone, 2)
        local since = timing.now()
        timing.wait_until(function() return timing.now() - since > absence end)
        account.set(server, "held")
        assert.equal("last", server:get("/create?name=last&client=" .. client))
        assert.equal("nil", account.note(server, "sent gone"))
      end)
    end)
  end

  for _, client in ipairs { "cap", "narrow-function" } do
    it(("free their places (%s)"):format(client), function()
      account.set(server, "closed", "1")
      local gone = visit(client, "gone")
      account.wait_for_note(server, "sent gone", "1")
      local _ = visit(client, "last")
      leave(gone, 1)
      account.wait_for_note(server, "sent last", "1")
      assert.equal("nil", account.note(server, "responded gone"))
      account.set(server, "closed")
      wait_for_pending(client, 0)
    end)
  end

  describe("for a while, as their worker is busy,", function()
    it("learn what has been sent", function()
      account.set(server, "closed", "1")
      for _, client in ipairs { "plain", "tls", "resty", "function" } do
        visit(client, "other", 4)
      end
      account.wait_for_note(server, "sent other", "16")
      server:get "/busy"
      server:get "/busy"
      account.set(server, "closed")
      account.wait_for_note(server, "told other", "16")
      assert.equal("16", account.note(server, "sent other"))
    end)

    it("have sent what was not", function()
      local clients = { "tls", "resty" }
      account.set(server, "held", "1")
      for _, client in ipairs(clients) do
        visit(client, "other", 4)
      end
      for _, client in ipairs(clients) do
        wait_for_pending(client, 4)
      end
      server:get "/busy"
      account.set(server, "held")
      server:get "/busy"
      account.wait_for_note(server, "told other", "8")
      assert.equal("8", account.note(server, "sent other"))
    end)
  end)

  it("leave no errors in the log", function()
    assert.is_nil(server:log():find("[error]", 1, true))
  end)
end)
