--- An nginx with workers, and in them Lua code that a spec gives, with this Lua's paths. LuaJIT only: so are
-- nginx's workers.
local nginx_process = require "spec.support.nginx_process"
local shell = require "ngrok.emulator.shell"

local nginx = {}
nginx.__index = nginx

local http = [[
  lua_package_path '%s';
  lua_package_cpath '%s';
  lua_shared_dict notes 1m;
  %s
  server {
    listen 127.0.0.1:%d;
    %s
  }
]]

--- What runs nginx under the memory checker that the suite runs under. What workers hold to their end is no
--- leak: they leave without giving it back.
---@return string words of a shell's, to be put between "env" and a command
function nginx.checker()
  local words = {}
  for _, name in ipairs { "SPEC_LAUNCHER", "SPEC_PRELOAD", "SPEC_REPORTS" } do
    local value = os.getenv(name)
    words[#words + 1] = value and name .. "=" .. value
  end
  words[#words + 1] = "SPEC_LEAKS=none"
  words[#words + 1] = "SPEC_FORKS=told" -- workers are forks
  words[#words + 1] = os.getenv "SPEC_LAUNCHER"
  return shell.command(words)
end

---@param common string directives of the http block
---@param locations string directives of the server block
---@param workers? integer 1 if not given
---@param environment? string[] assignments, such as "NAME=value"
---@return table server with `port`, `pid`
function nginx.start(common, locations, workers, environment)
  local process = nginx_process.new()
  process:start(function(port)
    return http:format(package.path, package.cpath, common, port, locations)
  end, {
    processes = ("worker_processes %d;"):format(workers or 1), environment = environment,
    under = nginx.checker(), ending = "QUIT",
  })
  return setmetatable({ process = process, port = process.port, pid = process.pid }, nginx)
end

--- Asks for a path.
---@param path string
---@return string the response's body
function nginx:get(path)
  local url = ("http://127.0.0.1:%d%s"):format(self.port, path)
  local fine, body = shell.run("curl -s --max-time 30 " .. shell.quote(url))
  assert(fine, body)
  return body
end

---@return string what is in its error log
function nginx:log()
  return self.process:read "error.log"
end

--- Has new workers take over; the old ones end once their requests are done.
function nginx:reload()
  self.process:signal "HUP"
end

function nginx:stop()
  self.process:stop()
end

return nginx
