--- An nginx in a directory of its own. It ends, and its directory goes, when `stop` is called or when this
-- process ends, however that happens.
local configuration = require "ngrok.emulator.configuration"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

local nginx_process = {}
nginx_process.__index = nginx_process

local most_attempts = 5 -- ports
local most_rounds = 1000

-- Relative paths are below the directory.
local template = [[
%sdaemon on;
pid nginx.pid;
error_log error.log %s;
%s
events { worker_connections %d; }
http {
  access_log off;
  client_body_temp_path body_temp;
  proxy_temp_path proxy_temp;
  fastcgi_temp_path fastcgi_temp;
  uwsgi_temp_path uwsgi_temp;
  scgi_temp_path scgi_temp;
  %s
}
]]

-- Its input ends with this process. An interrupt from the keyboard is for this process alone. A zombie has
-- ended: its parent, the first process, may take seconds to look.
local keeper = [[
exec 2>/dev/null
trap '' HUP INT TERM
cat >/dev/null
kill -CONT %d
kill -%s %d
while kill -0 %d && ! grep -q ') Z ' /proc/%d/stat; do sleep 0.01; done
rm -rf %s
]]

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a" or ""
  if file then
    file:close()
  end
  return text
end

--- Makes the directory. Nothing runs in it yet.
---@return table `directory`, and the `found` nginx
function nginx_process.new()
  local found = assert(configuration.find())
  local fine, directory = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-nginx.XXXXXXXX"'
  assert(fine, directory)
  return setmetatable({ directory = directory, found = found }, nginx_process)
end

--- Writes a file into the directory in one step.
---@param name string
---@param text string
function nginx_process:write(name, text)
  local file = assert(io.open(self.directory .. "/new", "wb"))
  file:write(text)
  file:close()
  assert(os.rename(self.directory .. "/new", self.directory .. "/" .. name))
end

---@param name string of a file in the directory
---@return string what is in it, "" where there is none
function nginx_process:read(name)
  return read(self.directory .. "/" .. name)
end

-- A worker of root's nginx is nobody, who cannot read the directory. Each module costs some time at every
-- response.
local function preamble(self, given)
  local lines = {}
  for _, assignment in ipairs(given.environment or {}) do
    lines[#lines + 1] = ("env %s;\n"):format(assignment:match "^[^=]+") -- nginx passes on no other
  end
  for _, path in ipairs(given.has_lua ~= false and self.found.modules or {}) do
    lines[#lines + 1] = ("load_module %s;\n"):format(path)
  end
  local _, user = shell.run "id -u"
  lines[#lines + 1] = user:match "^0%s*$" and "user root;\n" or nil
  return table.concat(lines)
end

local function command(self, given)
  local words = { self.found.binary, "-p", self.directory .. "/", "-c", self.directory .. "/nginx.conf" }
  if self.found.takes_error_log then
    words[#words + 1] = "-e"
    words[#words + 1] = self.directory .. "/error.log"
  end
  return ('env -i PATH="$PATH" %s %s %s'):format(shell.command(given.environment or {}), given.under or "",
    shell.command(words))
end

--- Starts nginx on a free port.
---@param write_http fun(port: integer): string gives the http block's directives
---@param given? table `processes` directives about processes, `log_level` ("warn"), `has_lua` (true),
---   `connections` of a worker (512), `environment` {"NAME=value", ...}, `under` words of a shell's that run
---   nginx, `ending` signal ("TERM")
--- Raises: what nginx says
function nginx_process:start(write_http, given)
  given = given or {}
  local generator, fine, output = random.new(), nil, nil
  for _ = 1, most_attempts do
    self.port = port.pick(generator)
    self:write("nginx.conf", template:format(preamble(self, given), given.log_level or "warn",
      given.processes or "worker_processes 1;", given.connections or 512, write_http(self.port)))
    fine, output = shell.run(command(self, given))
    if fine then
      break
    end
  end
  if not fine then
    self:stop()
    error("nginx did not start: " .. tostring(output), 0)
  end
  for _ = 1, most_rounds do -- nginx listens by now, and writes this soon
    self.pid = tonumber(self:read("nginx.pid"):match "%d+")
    if self.pid then
      break
    end
    shell.sleep(0.01)
  end
  self.keeper = assert(io.popen(keeper:format(self.pid, given.ending or "TERM", self.pid, self.pid, self.pid,
    shell.quote(self.directory)), "w"))
end

--- Sends a signal to the process that started the workers.
---@param name string
function nginx_process:signal(name)
  assert(shell.run(("kill -%s %d"):format(name, self.pid)))
end

--- Ends nginx, if it was started, and removes the directory.
function nginx_process:stop()
  if self.keeper then
    self.keeper:close() -- and waits for it
  else
    shell.run("rm -rf " .. shell.quote(self.directory))
  end
end

return nginx_process
