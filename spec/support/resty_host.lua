--- An nginx whose workers have the resty transport: on lua-resty-http where it is installed, else on what
-- stands in for it. Specs give it code to run in a request.
local nginx = require "spec.support.nginx"
local timing = require "spec.support.timing"
local shell = require "ngrok.emulator.shell"

local resty_host = {}
resty_host.__index = resty_host

--- The key of its clients.
resty_host.key = "CANARYKEYFIRST_canarykeysecondpart"

--- Which library there is. LUA_PATH adds one: its lib/?.lua, and that of lua-resty-string.
resty_host.library = package.searchpath("resty.http", package.path) and "lua-resty-http itself"
  or "a stand-in for lua-resty-http"

-- `client_for` makes a client; `tell` says a value or what is to be known of an error.
local prelude = [[
  init_by_lua_block {
    package.path = package.path .. ";%s/spec/support/cosocket/?.lua"
    function client_for(given)
      local options = { api_key = %q, max_retries = 0, rate_limit = false, transport = "resty" }
      for name, value in pairs(given) do
        options[name] = value
      end
      return require("ngrok").client(options)
    end
    function tell(value, err)
      if value == nil and err then
        return ("%%s/%%s/%%s/%%d %%s"):format(err.kind, err.phase, err.outcome, err.attempts, tostring(err))
      end
      return tostring(value)
    end
    %s
  }
]]

local runner = [[
  content_by_lua_block {
    local code = assert(loadstring(ngx.unescape_uri(ngx.var.arg_code)))
    ngx.print(code())
  }
]]

local locations = [[
  location /run { %s }
  location /note {
    content_by_lua_block { ngx.print(tostring(ngx.shared.notes:get(ngx.var.arg_name))) }
  }
  location /busy {
    content_by_lua_block { ngx.print(ngx.timer.running_count()) }
  }
  %s
]]

local _, here = shell.run "pwd"
here = here:match "^[^\n]+"

---@param directives? string of the http block
---@param at_start? string Lua for the end of init_by_lua
---@param more? string directives of the server block; "RUN" stands for those of a location like /run
---@return table
function resty_host.start(directives, at_start, more)
  local server = nginx.start(prelude:format(here, resty_host.key, at_start or "") .. (directives or ""),
    locations:format(runner, (more or ""):gsub("RUN", function() return runner end)))
  return setmetatable({ server = server, told = {} }, resty_host)
end

local function remember(self, text)
  self.told[#self.told + 1] = text
  return text
end

--- Runs code in a request.
---@param code string Lua that returns what to print
---@param location? string default "/run"
---@return string
function resty_host:run(code, location)
  local escaped = code:gsub("[^%w]", function(character)
    return ("%%%02X"):format(character:byte())
  end)
  return remember(self, self.server:get((location or "/run") .. "?code=" .. escaped))
end

--- Runs an expression with a client for an account.
---@param account table with `base_url`
---@param expression string Lua
---@param options? string of the client, fields of a table in Lua
---@param location? string default "/run"
---@return string
function resty_host:ask(account, expression, options, location)
  local code = "local client = assert(client_for { base_url = %q, %s })\nreturn tell(%s)"
  return self:run(code:format(account.base_url, options or "", expression), location)
end

--- Waits for what code has put into `ngx.shared.notes`.
---@param name string
---@return string
function resty_host:note(name)
  local text
  timing.wait_until(function()
    text = self.server:get("/note?name=" .. name)
    return text ~= "nil"
  end)
  return remember(self, text)
end

function resty_host:get(path)
  return self.server:get(path)
end

function resty_host:log()
  return remember(self, self.server:log())
end

--- Waits until no timer of its worker runs or is to run.
function resty_host:settle()
  timing.wait_until(function() return self:get "/busy" == "0" end)
end

function resty_host:stop()
  self.server:stop()
end

return resty_host
