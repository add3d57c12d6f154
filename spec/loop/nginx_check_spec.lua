-- ngrok.check in nginx, whose log shows no error objects. LuaJIT only, as nginx's workers are.
if not rawget(_G, "jit") then
  return
end

local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"

local locations = [[
  location /call {
    content_by_lua_block {
      local ngrok = require "ngrok"
      local client = ngrok.check(ngrok.client { transport = require("ngrok.emulator").new() })
      ngrok.check(client.credentials:get "cr_none")
    }
  }
]]

describe("nginx's log", function()
  it("has what ngrok.check raises", function()
    local server = nginx.start("", locations, 1)
    server:get "/call"
    local log = server:log()
    server:stop()
    assert.truthy(log:find "content_by_lua%(nginx.conf:%d+%):4: credentials.get failed: ", log)
    assert.is_nil(log:find("unknown reason", 1, true))
  end)

  it("has the lines of NGROK_DEBUG", function()
    local server = nginx.start("", [[
      location /call {
        content_by_lua_block {
          local ngrok = require "ngrok"
          local client = ngrok.check(ngrok.client { transport = require("ngrok.emulator").new() })
          ngrok.check(client.credentials:create())
        }
      }
    ]], 1, { "NGROK_DEBUG=1" })
    server:get "/call"
    -- A timer writes the lines: the response may come before the last of them.
    timing.wait_until(function()
      return server:log():find("ngrok: credentials.create #1: done after ", 1, true)
    end)
    server:stop()
  end)

  it("has what ngrok.check raises of a missing key, before there are workers", function()
    local fine, said = pcall(nginx.start, [[
      init_by_lua_block {
        local ngrok = require "ngrok"
        client = ngrok.check(ngrok.client())
      }
    ]], "", 1)
    assert.is_false(fine)
    assert.truthy(said:find "init_by_lua%(nginx.conf:%d+%):3: ngrok.client failed: ", said)
    assert.truthy(said:find("NGROK_API_KEY", 1, true), said)
  end)
end)
