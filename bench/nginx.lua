--- An nginx with a configuration of ours, for as long as this process needs it.
local configuration = require "ngrok.emulator.configuration"
local shell = require "ngrok.emulator.shell"

local nginx = {}
nginx.__index = nginx

local start_wait = 5 -- seconds; it takes milliseconds

local head = [[
%sdaemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path body_temp;
  proxy_temp_path proxy_temp;
  fastcgi_temp_path fastcgi_temp;
  uwsgi_temp_path uwsgi_temp;
  scgi_temp_path scgi_temp;
  keepalive_timeout 75s;
  keepalive_requests 1000000;
]]

-- Ends nginx and removes its directory when its input ends, which it does however this process
-- does. An interrupt from the keyboard is for this process alone.
local keeper = [[
trap '' HUP INT TERM
%s </dev/null 2>/dev/null &
pid=$!
cat >/dev/null
kill -TERM "$pid" 2>/dev/null
wait "$pid"
rm -rf %s
]]

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  return text
end

--- Writes a file into its directory.
---@param path string
---@param text string
function nginx:write(path, text)
  local file = assert(io.open(self.directory .. "/" .. path, "wb"))
  file:write(text)
  file:close()
end

---@return string what is in its error log
function nginx:log()
  return read(self.directory .. "/error.log") or ""
end

-- Another user's worker could not read the directory. The Lua module is loaded for those who use it:
-- each filter of a module costs the server some time for each response.
local function preamble(self, has_lua)
  local _, user = shell.run("id -u")
  local lines = {}
  for _, path in ipairs(has_lua and self.found.modules or {}) do
    lines[#lines + 1] = ("load_module %s;\n"):format(path)
  end
  lines[#lines + 1] = user == "0" and "user root;\n" or nil
  return table.concat(lines)
end

local function start_command(self)
  local words = { self.found.binary, "-p", self.directory .. "/", "-c", self.directory .. "/nginx.conf" }
  if self.found.takes_error_log then
    words[#words + 1] = "-e"
    words[#words + 1] = self.directory .. "/error.log"
  end
  return shell.command(words)
end

-- nginx writes its id once it listens.
local function await(self)
  local waited = 0
  repeat
    if (read(self.directory .. "/nginx.pid") or ""):find("^%d+\n") then
      return true
    end
    shell.sleep(0.01)
    waited = waited + 0.01
  until waited > start_wait
  return false
end

--- Makes a directory, in which nothing runs yet.
---@return table `directory`
function nginx.new()
  local fine, directory = shell.run('mktemp -d "${TMPDIR:-/tmp}/ngrok-bench.XXXXXXXX"')
  assert(fine, directory)
  return setmetatable({ directory = directory, found = assert(configuration.find()) }, nginx)
end

--- Starts it.
---@param body string the rest of the configuration's http block
---@param has_lua? boolean whether the configuration has Lua code
--- Raises: what its log says
function nginx:start(body, has_lua)
  self:write("nginx.conf", head:format(preamble(self, has_lua)) .. body .. "}\n")
  self.keeper = assert(io.popen(keeper:format(start_command(self), shell.quote(self.directory)), "w"))
  if not await(self) then
    local log = self:log()
    self:stop()
    error("nginx did not start: " .. log, 0)
  end
end

--- Ends it, if it was started, and removes the directory.
function nginx:stop()
  if self.keeper then
    self.keeper:close()
  else
    shell.run("rm -rf " .. shell.quote(self.directory))
  end
end

return nginx
