--- A server that speaks HTTP/2 as a spec tells it to: `openssl s_server` does the TLS, and a Lua program
-- behind it the frames. It serves one connection after the other.
local certificate = require "ngrok.emulator.certificate"
local child = require "spec.support.child"
local timing = require "spec.support.timing"
local port = require "ngrok.emulator.port"
local process = require "ngrok.emulator.process"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

local http2_server = {}
http2_server.__index = http2_server

-- The writing end of the one pipe is opened first: else each process would wait for the other.
local command = [[
  cd %s && rm -f in out && mkfifo in out || exit 1
  openssl s_server -quiet -accept 127.0.0.1:%d -alpn h2 -cert server.pem -key server.key \
    <in >out 2>server.log &
  echo $! >server.pid
  %s %s script requests >in <out 2>peer.log &
  echo $! >peer.pid
]]

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read "*a" or ""
  if file then
    file:close()
  end
  return text
end

-- From wherever the shell goes.
local function find_peer()
  local path = assert(package.searchpath("spec.support.http2_peer", package.path))
  local _, here = shell.run "pwd"
  return path:find "^/" and path or here .. "/" .. path
end

-- Where there is no /proc, a connection tells, which costs openssl's start.
local function is_listening(number)
  local sockets = read "/proc/net/tcp"
  if sockets == "" then
    return (shell.run(("openssl s_client -connect 127.0.0.1:%d </dev/null"):format(number)))
  end
  return sockets:find((":%04X 00000000:0000 0A "):format(number), 1, true) ~= nil
end

local function launch(self)
  local fine, output = shell.run(command:format(shell.quote(self.directory), self.port, child.interpreter(),
    shell.quote(self.peer_path)))
  assert(fine, output)
  self.server = process.describe(tonumber(read(self.directory .. "/server.pid")))
  self.peer = process.describe(tonumber(read(self.directory .. "/peer.pid")))
  timing.wait_until(function() return is_listening(self.port) end)
end

-- What reads from the server ends with it.
local function halt(self)
  if not self.server then
    return
  end
  shell.run(("kill -KILL %d"):format(self.server.pid))
  timing.wait_until(function()
    return not process.is_alive(self.server) and not process.is_alive(self.peer)
  end)
  self.server = nil
end

---@return table server with `base_url`, `ca_file`; it serves once a script plays
function http2_server.start()
  local _, directory = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-http2.XXXXXXXX"'
  assert(certificate.make(directory, "valid", "127.0.0.1"))
  local self = setmetatable({ directory = directory, plays = 0 }, http2_server)
  self.peer_path = find_peer()
  self.port = port.pick(random.new())
  self.base_url = ("https://127.0.0.1:%d"):format(self.port)
  self.ca_file = directory .. "/ca.pem"
  return self
end

--- Sets what every connection is served by that comes from now on. Whoever has one must close it first, and
--- nothing may be left over of what was written to the last one: else `replace` must start again.
---@param code string Lua; see spec/support/http2_peer.lua
function http2_server:play(code)
  self.plays = self.plays + 1
  os.remove(self.directory .. "/requests")
  local file = assert(io.open(self.directory .. "/script.new", "wb"))
  file:write(("local peer, stream, count = ... -- %d\n"):format(self.plays), code)
  file:close()
  assert(os.rename(self.directory .. "/script.new", self.directory .. "/script"))
  if not self.server then
    launch(self)
  end
end

--- The same with another server in the place of this one, whose connections break off.
---@param code string
function http2_server:replace(code)
  halt(self)
  self:play(code)
end

---@return integer how many requests have come since the script plays
function http2_server:requests()
  return select(2, read(self.directory .. "/requests"):gsub("\n", ""))
end

--- What the script said when it went wrong.
---@return string
function http2_server:complaints()
  return read(self.directory .. "/peer.log")
end

--- Ends the server as a power failure would.
function http2_server:kill()
  halt(self)
end

function http2_server:stop()
  halt(self)
  shell.run("rm -rf " .. shell.quote(self.directory))
end

return http2_server
