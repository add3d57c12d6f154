--- The emulator as a server: a separate nginx in a temporary directory. Both are there until `stop`, or
--- until the process that started it ends.
local certificate = require "ngrok.emulator.certificate"
local configuration = require "ngrok.emulator.configuration"
local control = require "ngrok.emulator.control"
local methods = require "ngrok.emulator.methods"
local options = require "ngrok.emulator.options"
local port = require "ngrok.emulator.port"
local process = require "ngrok.emulator.process"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"
local usage_error = require "ngrok.usage_error"

local server = {}
server.__index = server
server.__name = "ngrok.emulator"

local most_attempts = 5 -- ports; another program may take one between our look and nginx's
local stop_wait = 5 -- seconds; it takes milliseconds

-- One command for all. It goes on when this process is killed, and then the server that it starts ends itself
-- and removes the directory. The library is linked, so that no odd character of its path has to be written in
-- the configuration. The environment is left behind: LUA_PATH and LUA_CPATH may be another Lua's, whose
-- libraries nginx could not load. The worker of root's server must stay root to read the directory.
local script = [[(
trap '' PIPE
umask 077
tree=$(cd %s && pwd -P)
directory=$(mktemp -d "${TMPDIR:-/tmp}/ngrok-emulator.XXXXXXXX") || exit
echo "$directory"
cd "$directory"
set -- %s -p "$directory/" -c "$directory/nginx.conf"%s
[ "$(id -u)" != 0 ] || set -- "$@" -g 'user root;'
mkdir lua && ln -s "$tree" lua/ngrok && printf %%s %s >nginx.conf && { %s; } && env -i PATH="$PATH" "$@" || {
  cd / && rm -rf "$directory"
  exit 1
}
)]]

-- The directory of the library: in a checkout, or where it was installed.
local tree = debug.getinfo(1, "S").source:match "^@(.*)/emulator/[^/]*$" or ".."

local function make_certificate(site)
  if not site.tls then
    return "true"
  end
  local openssl = shell.quote(site.openssl or "openssl")
  local commands = certificate.commands(site.tls.certificate, site.host, site.openssl)
  return ("{ command -v %s >/dev/null || { echo no openssl; false; }; }"):format(openssl)
    .. (" && { %s || { echo no certificate; false; }; }"):format(commands)
end

local function start_command(nginx, site)
  return script:format(shell.quote(tree), shell.quote(nginx.binary),
    nginx.takes_error_log and ' -e "$directory/error.log"' or "",
    shell.quote(configuration.write(nginx, site)), make_certificate(site))
end

local function why_not_started(output)
  if output:find("module 'cjson' not found", 1, true) then
    return "the emulator's server needs lua-cjson for nginx's LuaJIT"
      .. " (Debian's package lua-cjson, or luarocks --lua-version=5.1 install lua-cjson)"
  elseif output:find "no openssl$" then
    return "the emulator's TLS needs the command openssl (Debian's, Fedora's and Alpine's package openssl)"
  end
  local problem = output:match "^(.*)\nno certificate$"
  return problem and "openssl did not make a certificate: " .. problem or "nginx did not start: " .. output
end

-- A server on all addresses is reached by the loopback one.
local reached = { ["0.0.0.0"] = "127.0.0.1", ["::"] = "::1" }

local function join(host, number)
  return (host:find(":", 1, true) and "[%s]:%d" or "%s:%d"):format(host, number)
end

-- Returns the server's directory and its base URL, or nil and a message.
local function launch(nginx, site, generator)
  for _ = 1, most_attempts do
    local number = site.port or port.pick(generator)
    site.control_port = port.pick(generator)
    site.address = join(site.host, number)
    local fine, output = shell.run(start_command(nginx, site))
    local directory, rest = output:match "^(/[^\n]*)\n?(.*)$"
    if fine then
      local scheme = site.tls and "https://" or "http://"
      return directory, scheme .. join(reached[site.host] or site.host, number)
    elseif not output:find("Address already in use", 1, true) then
      return nil, why_not_started(rest or output)
    elseif site.port and output:find(site.address .. " failed", 1, true) then
      break
    end
  end
  return nil, site.address .. " is in use by another program"
end

local function remove(directory)
  shell.run("rm -rf " .. shell.quote(directory))
end

-- A program may fork: its child must not stop the server when it collects its copy.
local function stop_if_ours(self)
  local here = process.own_id()
  if not here or here == self.owner.pid then
    self:stop()
  end
end

-- Without a free descriptor no shell can be started, and an error of a finalizer reaches code that has
-- nothing to do with it; LuaJIT crashes when that code is compiled.
local function finalize(self)
  pcall(stop_if_ours, self)
end

-- LuaJIT knows __gc for userdata only.
local function collect_with(self)
  local newproxy = rawget(_G, "newproxy")
  if newproxy then
    local proxy = newproxy(true)
    getmetatable(proxy).__gc = function() finalize(self) end
    self.proxy = proxy
  end
  return self
end

methods.add(server, function(self, name, argument)
  if self.stopped then
    error("the emulator is stopped", 0)
  end
  local result, message = self.control:ask(name, argument)
  if message then
    error(message, 0)
  end
  return result
end)

--- Stops the server and removes its directory. A second time does nothing.
function server:stop()
  if self.stopped then
    return
  end
  self.stopped = true
  self.control:close()
  if process.is_alive(self.master) then
    local waited = 0
    os.execute(("kill -TERM %d 2>/dev/null"):format(self.master.pid))
    while process.is_alive(self.master) and waited < stop_wait do
      shell.sleep(0.005)
      waited = waited + 0.005
    end
  end
  remove(self.directory)
end

server.__close = server.stop
server.__gc = finalize

usage_error.guard(server)

-- The first command makes the account. Returns the control and the master process, or nil and a message.
local function open(site, account)
  local channel, message = control.open("http://127.0.0.1:" .. site.control_port, site.control_key)
  local master
  if channel then
    master, message = channel:ask("open", account)
  end
  return master and channel, master or message
end

--- Starts a server. See `ngrok.emulator.start`.
---@param given? table options
---@return table? emulator
---@return string? # what is missing or went wrong
--- Raises: a message that names an unknown or wrong option
function server.start(given)
  local account, site = options.of_server(given)
  local nginx, message = configuration.find(site.nginx)
  message = message or configuration.lacks(nginx, site.tls)
  if message then
    return nil, message
  end
  local generator = random.new()
  site.owner, site.control_key = process.own(), generator:base62(32)
  account.api_key = account.api_key or generator:key()
  local directory, base_url = launch(nginx, site, generator)
  if not directory then
    return nil, base_url
  end
  account.base_url = base_url
  local channel, master = open(site, account)
  if not channel then
    shell.run(("kill -TERM $(cat %s/nginx.pid)"):format(shell.quote(directory)))
    remove(directory)
    return nil, master
  end
  return collect_with(setmetatable({
    base_url = base_url,
    api_key = account.api_key,
    ca_file = site.tls and directory .. "/ca.pem",
    directory = directory,
    master = master,
    owner = site.owner,
    control = channel,
  }, server))
end

return server
