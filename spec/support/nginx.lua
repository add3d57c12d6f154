--- An nginx with workers, and in them Lua code that a spec gives, with this Lua's paths. LuaJIT only: so are
-- nginx's workers.
local configuration = require "ngrok.emulator.configuration"
local timing = require "spec.support.timing"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

local nginx = {}
nginx.__index = nginx

local most_attempts = 5 -- ports

local template = [[
%sdaemon on;
worker_processes %d;
pid nginx.pid;
error_log error.log warn;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path body_temp;
  proxy_temp_path proxy_temp;
  fastcgi_temp_path fastcgi_temp;
  uwsgi_temp_path uwsgi_temp;
  scgi_temp_path scgi_temp;
  lua_package_path '%s';
  lua_package_cpath '%s';
  lua_shared_dict notes 1m;
  %s
  server {
    listen 127.0.0.1:%d;
    %s
  }
}
]]

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return text
end

-- Started by root its workers would be nobody, who cannot read everybody's checkout.
local function preamble(found, environment)
  local lines = {}
  for _, assignment in ipairs(environment) do
    lines[#lines + 1] = ("env %s;\n"):format(assignment:match "^[^=]+") -- nginx hands on no other
  end
  for _, path in ipairs(found.modules) do
    lines[#lines + 1] = ("load_module %s;\n"):format(path)
  end
  local _, user = shell.run "id -u"
  if user:match "^0%s*$" then
    lines[#lines + 1] = "user root;\n"
  end
  return table.concat(lines)
end

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

local function command(self, found, more)
  local words = { found.binary, "-p", self.directory .. "/", "-c", self.directory .. "/nginx.conf" }
  if found.takes_error_log then
    words[#words + 1] = "-e"
    words[#words + 1] = self.directory .. "/error.log"
  end
  for _, word in ipairs(more or {}) do
    words[#words + 1] = word
  end
  return ('env -i PATH="$PATH" %s %s %s'):format(shell.command(self.environment), nginx.checker(),
    shell.command(words))
end

---@param common string directives of the http block
---@param locations string directives of the server block
---@param workers? integer 1 if not given
---@param environment? {string,...} assignments, such as "NAME=value"
---@return table server
function nginx.start(common, locations, workers, environment)
  local found = assert(configuration.find())
  local _, directory = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-nginx.XXXXXXXX"'
  local self = setmetatable({ directory = directory, found = found, environment = environment or {} }, nginx)
  local generator, fine, output = random.new(), nil, nil
  for _ = 1, most_attempts do
    self.port = port.pick(generator)
    write(directory .. "/nginx.conf", template:format(preamble(found, self.environment), workers or 1,
      package.path, package.cpath, common, self.port, locations))
    fine, output = shell.run(command(self, found))
    if fine then
      break
    end
  end
  if not fine then
    shell.run("rm -rf " .. shell.quote(directory))
    error(output, 0)
  end
  timing.wait_until(function()
    self.pid = tonumber(read(directory .. "/nginx.pid"):match "%d+")
    return self.pid
  end)
  return self
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
  return read(self.directory .. "/error.log")
end

--- Has new workers take over; the old ones end once their requests are done.
function nginx:reload()
  assert(shell.run(("kill -HUP %d"):format(self.pid)))
end

function nginx:stop()
  shell.run(("kill -QUIT %d"):format(self.pid))
  timing.wait_until(function() return read(self.directory .. "/nginx.pid") == "" end)
  shell.run("rm -rf " .. shell.quote(self.directory))
end

return nginx
