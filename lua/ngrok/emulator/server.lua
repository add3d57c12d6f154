--- The emulator as a server: an nginx of its own, in a directory of its own, for as long as the
-- object that stands for it is needed.
local certificate = require "ngrok.emulator.certificate"
local configuration = require "ngrok.emulator.configuration"
local fault = require "ngrok.emulator.fault"
local json = require "ngrok.emulator.json"
local mailbox = require "ngrok.emulator.mailbox"
local misuse = require "ngrok.misuse"
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

local most_attempts = 5 -- ports; another program may take one between our look and nginx's
local stop_wait = 5 -- seconds; it takes milliseconds
local pid_file_wait = 5 -- seconds; nginx writes it just after its command has returned

local not_here = {
  base_url = "is the server's own to choose",
  clock = "works only in the same process",
}
local own = { nginx = true, openssl = true, tls = true, http2 = true }

local function check_path(name, value)
  if value ~= nil and type(value) ~= "string" then
    error(("option %s must be a string"):format(name), 0)
  end
end

-- The account's options, and the server's own.
local function check(given)
  local rest = {}
  for name, value in pairs(given) do
    if not_here[name] then
      error(("option %s %s"):format(name, not_here[name]), 0)
    elseif not own[name] then
      rest[name] = value
    end
  end
  check_path("nginx", given.nginx)
  check_path("openssl", given.openssl)
  return options.check(rest), tls.check(given.tls, given.http2)
end

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
  shell.run(("mkdir %s/lua %s/control && %s"):format(quoted, quoted, link))
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

local function launch(nginx, directory, settings, security, generator)
  local _, user = shell.run("id -u")
  local message
  for _ = 1, most_attempts do
    local number = port.pick(generator)
    settings.options.base_url = ("%s://127.0.0.1:%d"):format(security and "https" or "http", number)
    write(directory .. "/settings.json", json.encode(settings))
    write(directory .. "/nginx.conf", configuration.write(nginx, number, security, user == "0"))
    local fine, output = shell.run(start_command(nginx, directory))
    if fine then
      return true
    end
    message = output
  end
  return nil, "nginx did not start: " .. tostring(message)
end

local function master_of(directory)
  local waited = 0
  repeat
    local pid = tonumber(read(directory .. "/nginx.pid"):match("^%d+"))
    if pid then
      return process.describe(pid)
    end
    shell.sleep(0.01)
    waited = waited + 0.01
  until waited > pid_file_wait
  return nil
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

-- LuaJIT knows __gc for userdata only.
local function collect_with(self)
  if newproxy then -- luacheck: ignore 113
    local proxy = newproxy(true) -- luacheck: ignore 113
    getmetatable(proxy).__gc = function() stop_if_ours(self) end
    self.proxy = proxy
  end
  return self
end

local function run(nginx, directory, settings, security, generator)
  local fine, message = launch(nginx, directory, settings, security, generator)
  local master = fine and master_of(directory)
  if not master then
    remove(directory)
    return nil, message or "nginx ended while starting"
  end
  local self = collect_with(setmetatable({
    base_url = settings.options.base_url,
    api_key = settings.options.api_key,
    ca_file = security and directory .. "/ca.pem",
    directory = directory,
    master = master,
    owner = settings.owner,
    mailbox = mailbox.open(directory .. "/control"),
  }, server))
  local answered, problem = pcall(self.requests, self)
  if not answered then
    local log = read(directory .. "/error.log")
    self:stop()
    return nil, tostring(problem) .. "\n" .. log
  end
  return self
end

-- What a server needs before anything is started: nginx, a directory, a certificate.
local function prepare(given, security)
  local nginx, message = configuration.find(given.nginx)
  if not nginx then
    return nil, message
  end
  message = configuration.lacks(nginx, security) or security and certificate.lacks(given.openssl)
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
    fine, message = certificate.make(directory, security.certificate, given.openssl)
    if not fine then
      remove(directory)
      return nil, message
    end
  end
  return nginx, directory
end

local function ask(self, name, argument)
  if self.stopped then
    error("the emulator is stopped", 0)
  end
  local result, message = self.mailbox:ask(name, argument, function()
    return process.is_alive(self.master)
  end)
  if message then
    error(message, 0)
  end
  return result
end

--- What the account holds.
-- @treturn {table,...} copies, newest first, without tokens
function server:credentials()
  return ask(self, "credentials")
end

--- Creates credentials without requests.
-- @tparam number count how many
-- @tparam ?table|function template attributes of each, or a function from 1..count to them
-- @treturn {table,...} copies with their tokens, in the order of creation
function server:seed(count, template)
  return ask(self, "seed", seeding.templates(count, template))
end

--- The requests that came in, newest last, every one among them that has been answered.
-- @treturn {table,...} as in process, and `connection` (a number that is the same for requests on
--   the same connection), `protocol` ("HTTP/1.1", "HTTP/2"), `tls` ("TLSv1.3" and the like; nil for
--   plain HTTP) and `raw` (the request's head as it came; nil over HTTP/2, where it is no text)
function server:requests()
  return ask(self, "requests")
end

--- Tells the server to misbehave: the next request that it reads meets the fault. What breaks a
-- connection breaks the request's stream over HTTP/2: others on its connection go on.
-- @tparam table description see `ngrok.emulator.fault`
function server:misbehave(description)
  ask(self, "misbehave", fault.describe(description))
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
  if process.is_alive(self.master) then
    terminate(self.master)
  end
  remove(self.directory)
end

server.__close = server.stop
server.__gc = stop_if_ours

misuse.guard(server)

--- Starts a server. See `ngrok.emulator.start`.
-- @tparam ?table given options
-- @treturn ?table emulator
-- @treturn ?string what is missing or went wrong
-- @raise a message that names an unknown or wrong option
function server.start(given)
  given = given or {}
  local checked, security = check(given)
  local nginx, directory = prepare(given, security)
  if not nginx then
    return nil, directory
  end
  local generator = random.new()
  checked.api_key = checked.api_key or generator:identifier() .. "_" .. generator:secret()
  return run(nginx, directory, { options = checked, owner = owner() }, security, generator)
end

return server
