--- The emulator as a server: an nginx of its own, in a directory of its own, for as long as the
-- object that stands for it is needed.
local address = require "ngrok.emulator.address"
local certificate = require "ngrok.emulator.certificate"
local control = require "ngrok.emulator.control"
local configuration = require "ngrok.emulator.configuration"
local fault = require "ngrok.emulator.fault"
local json = require "ngrok.emulator.json"
local usage_error = require "ngrok.usage_error"
local options = require "ngrok.emulator.options"
local port = require "ngrok.emulator.port"
local process = require "ngrok.emulator.process"
local random = require "ngrok.emulator.random"
local seeding = require "ngrok.emulator.seeding"
local shell = require "ngrok.emulator.shell"
local tls = require "ngrok.emulator.tls"

local server = {}
server.__index = server
server.__name = "ngrok.emulator"

local default_host = "127.0.0.1"
local most_attempts = 5 -- ports; another program may take one between our look and nginx's
local stop_wait = 5 -- seconds; it takes milliseconds

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

-- Where this file's `ngrok` directory is: in a checkout or where it was installed.
local function tree()
  local source = debug.getinfo(1, "S").source:gsub("^@", "")
  local directory = source:match("^(.*)/emulator/[^/]*$") or ".."
  local _, absolute = shell.run("cd " .. shell.quote(directory) .. " && pwd -P")
  return absolute
end

local function make_directory()
  local fine, directory = shell.run('mktemp -d "${TMPDIR:-/tmp}/ngrok-emulator.XXXXXXXX"')
  if not fine then
    return nil, directory
  end
  -- A link, so that no odd character of the tree's path has to be written in the configuration.
  local link = shell.command { "ln", "-s", tree(), directory .. "/lua/ngrok" }
  local quoted = shell.quote(directory)
  shell.run(("mkdir %s/lua && %s"):format(quoted, link))
  return directory
end

local function owner()
  local _, pid = shell.run("echo $PPID")
  return process.describe(process.own_id() or tonumber(pid))
end

-- The environment is left behind: LUA_PATH and LUA_CPATH may be another Lua's, whose
-- libraries nginx could not load.
local function start_command(nginx, directory)
  local words = { nginx.binary, "-p", directory .. "/", "-c", directory .. "/nginx.conf" }
  if nginx.takes_error_log then
    words[#words + 1] = "-e"
    words[#words + 1] = directory .. "/error.log"
  end
  return 'env -i PATH="$PATH" ' .. shell.command(words)
end

local without_cjson = "the emulator's server needs lua-cjson for nginx's LuaJIT"
  .. " (Debian's package lua-cjson, or luarocks --lua-version=5.1 install lua-cjson)"

local function why_not_started(output)
  if output:find("module 'cjson' not found", 1, true) then
    return without_cjson
  end
  return "nginx did not start: " .. output
end

-- A site is what is served where: `nginx`, `directory`, `security`, `host`, and `port` if it was asked for.
-- Returns the control port, or nil and a message.
local function launch(site, settings, generator)
  local _, user = shell.run("id -u")
  local message
  for _ = 1, most_attempts do
    local number, control_port = site.port or port.pick(generator), port.pick(generator)
    local place = address.join(site.host, number)
    settings.options.base_url = address.url(site.security and "https" or "http", site.host, number)
    write(site.directory .. "/settings.json", json.encode(settings))
    write(site.directory .. "/nginx.conf",
      configuration.write(site.nginx, place, control_port, site.security, user == "0"))
    local fine, output = shell.run(start_command(site.nginx, site.directory))
    if fine then
      return control_port
    elseif not output:find("Address already in use", 1, true) then
      return nil, why_not_started(output)
    end
    message = place .. " is in use by another program"
    if site.port and output:find(place .. " failed", 1, true) then
      break
    end
  end
  return nil, message
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

-- What a finalizer raises, where no descriptor is left for a shell, falls on whoever collects, and LuaJIT
-- crashes where compiled code does.
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

local function run(site, settings, generator)
  local directory = site.directory
  local control_port, message = launch(site, settings, generator)
  if not control_port then
    remove(directory)
    return nil, message
  end
  local channel
  channel, message = control.open("http://127.0.0.1:" .. control_port, settings.control_key)
  local master
  if channel then
    master, message = channel:ask "master"
  end
  if not master then
    message = message .. "\n" .. read(directory .. "/error.log")
    shell.run(("kill -TERM $(cat %s/nginx.pid)"):format(shell.quote(directory)))
    remove(directory)
    return nil, message
  end
  return collect_with(setmetatable({
    base_url = settings.options.base_url,
    api_key = settings.options.api_key,
    ca_file = site.security and directory .. "/ca.pem",
    directory = directory,
    master = master,
    owner = settings.owner,
    control = channel,
  }, server))
end

-- What a server needs before anything is started: nginx, a directory, a certificate.
local function prepare(own)
  local security = tls.check(own.tls, own.http2)
  local host = own.host or default_host
  address.check(host, own.port)
  local nginx, message = configuration.find(own.nginx)
  if not nginx then
    return nil, message
  end
  message = configuration.lacks(nginx, security) or security and certificate.lacks(own.openssl)
  if message then
    return nil, message
  end
  local directory
  directory, message = make_directory()
  if not directory then
    return nil, message
  end
  if security then
    local fine
    fine, message = certificate.make(directory, security.certificate, host, own.openssl)
    if not fine then
      remove(directory)
      return nil, message
    end
  end
  return { nginx = nginx, directory = directory, security = security, host = host, port = own.port }
end

local function ask(self, name, argument)
  if self.stopped then
    error("the emulator is stopped", 0)
  end
  local result, message = self.control:ask(name, argument)
  if message then
    error(message, 0)
  end
  return result
end

--- What the account holds.
---@return {table,...} copies, newest first, without tokens
function server:credentials()
  return ask(self, "credentials")
end

--- Creates credentials without requests.
---@param count number how many
---@param template? table|function attributes of each, or a function from 1..count to them
---@return {table,...} copies with their tokens, in the order of creation
function server:seed(count, template)
  return ask(self, "seed", seeding.templates(count, template))
end

--- The requests that came in, newest last, every one among them that has been answered.
---@return {table,...} as in process, and `connection` (a number that is the same for requests on
---   the same connection), `protocol` ("HTTP/1.1", "HTTP/2"), `tls` ("TLSv1.3" and the like; nil for
---   plain HTTP) and `raw` (the request's head as it came; nil over HTTP/2, where it is no text)
function server:requests()
  return ask(self, "requests")
end

--- Tells the server to misbehave: the next request that it reads meets the fault. What breaks a
--- connection breaks the request's stream over HTTP/2: others on its connection go on.
---@param description table see `ngrok.emulator.fault`
---@return table the emulator itself
function server:misbehave(description)
  ask(self, "misbehave", fault.describe(description))
  return self
end

--- Forgets credentials, faults and requests.
function server:reset()
  ask(self, "reset")
end

local function terminate(master)
  local waited = 0
  os.execute(("kill -TERM %d 2>/dev/null"):format(master.pid))
  while process.is_alive(master) and waited < stop_wait do
    shell.sleep(0.005)
    waited = waited + 0.005
  end
end

--- Stops the server and removes its directory. A second time does nothing.
function server:stop()
  if self.stopped then
    return
  end
  self.stopped = true
  self.control:close()
  if process.is_alive(self.master) then
    terminate(self.master)
  end
  remove(self.directory)
end

server.__close = server.stop
server.__gc = finalize

usage_error.guard(server)

--- Starts a server. See `ngrok.emulator.start`.
---@param given? table options
---@return table? emulator
---@return string? what is missing or went wrong
--- Raises: a message that names an unknown or wrong option
function server.start(given)
  local account, own = options.of_server(given)
  local site, message = prepare(own)
  if not site then
    return nil, message
  end
  local generator = random.new()
  account.api_key = account.api_key or generator:identifier() .. "_" .. generator:secret()
  return run(site, { options = account, owner = owner(), control_key = generator:base62(32) }, generator)
end

return server
