--- An account that responds in the same nginx as the client under test, when a spec lets it. It counts what
-- was sent, and holds responses back while the note "closed" is set. For spec.support.nginx.
local timing = require "spec.support.timing"
local shell = require "ngrok.emulator.shell"

local account = {}

account.common = [[
  lua_shared_dict limits 64k;
  init_by_lua_block {
    local clients = {}
    -- One for each set of options, made when it is first wanted.
    function client_with(name, options)
      if not clients[name] then
        options.api_key = "key"
        options.transport = options.transport or "curl"
        options.base_url = options.base_url or "http://127.0.0.1:" .. ngx.var.server_port .. "/api"
        clients[name] = assert(require("ngrok").client(options))
      end
      return clients[name]
    end
    -- Sleeps until a note is or is not set, for ten seconds at most.
    function wait_for(name, wanted)
      local deadline = ngx.now() + 10
      while (ngx.shared.notes:get(name) ~= nil) ~= wanted and ngx.now() < deadline do
        ngx.sleep(0.005)
      end
    end
  }
]]

account.locations = [[
  location /api/credentials {
    content_by_lua_block {
      ngx.req.read_body()
      local body = ngx.req.get_body_data() or ""
      local description = body:match '"description":"([^"]*)"' or "none"
      ngx.shared.notes:incr("sent " .. description, 1, 0)
      wait_for("closed", false)
      ngx.shared.notes:incr("responded " .. description, 1, 0)
      ngx.status = 201
      ngx.header["Content-Type"] = "application/json"
      ngx.say(('{"id":"cr_1","description":"%s","token":"t","acl":[]}'):format(description))
    }
  }
  location /set {
    content_by_lua_block {
      ngx.shared.notes:set(ngx.unescape_uri(ngx.var.arg_name), ngx.var.arg_value)
    }
  }
  location /note {
    content_by_lua_block { ngx.print(tostring(ngx.shared.notes:get(ngx.unescape_uri(ngx.var.arg_name)))) }
  }
]]

--- Sets a note, or deletes it.
---@param server table
---@param name string
---@param value? string
function account.set(server, name, value)
  server:get(("/set?name=%s%s"):format(name, value and "&value=" .. value or ""))
end

---@param server table
---@param name string
---@return string "nil" where there is none
function account.note(server, name)
  return server:get("/note?name=" .. name:gsub(" ", "%%20"))
end

---@param server table
---@param name string
---@param value string
function account.wait_for_note(server, name, value)
  timing.wait_until(function() return account.note(server, name) == value end)
end

--- Begins a number of requests whose responses are never read.
---@param server table
---@param path string
---@param count integer
---@return table visitors with `leave()`
function account.visit(server, path, count)
  local command = "for i in $(seq %d); do curl -s --max-time 30 %s >/dev/null 2>&1 & echo $!; done"
  local url = shell.quote(("http://127.0.0.1:%d%s"):format(server.port, path))
  local _, processes = shell.run(command:format(count, url))
  return {
    leave = function()
      shell.run("kill " .. processes:gsub("%s+", " "))
    end,
  }
end

return account
