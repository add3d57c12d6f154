--- A server that answers every request with bytes that a spec wrote, right or wrong: what the
-- emulator's nginx is too well-behaved to send. It closes the connection after each answer.
local configuration = require "ngrok.emulator.configuration"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

local raw_server = {}
raw_server.__index = raw_server

local most_attempts = 5 -- ports

local template = [[
%sdaemon on;
master_process off;
pid nginx.pid;
error_log error.log notice;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body_temp;
  proxy_temp_path proxy_temp;
  fastcgi_temp_path fastcgi_temp;
  uwsgi_temp_path uwsgi_temp;
  scgi_temp_path scgi_temp;
  server {
    listen 127.0.0.1:%d;
    # A proxy's CONNECT is a bad request to nginx.
    error_page 400 /;
    location / {
      content_by_lua_block {
        ngx.req.read_body()
        local log = io.open(ngx.config.prefix() .. "/requests", "ab")
        log:write(ngx.req.get_method(), " ", ngx.var.request_uri or ngx.var.uri, "\n")
        log:close()
        local file = io.open(ngx.config.prefix() .. "/answer", "rb")
        local answer = file:read("*a")
        file:close()
        local socket = ngx.req.socket(true)
        socket:send(answer)
      }
    }
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

local function launch(self, nginx, generator)
  local modules = {}
  for _, path in ipairs(nginx.modules) do
    modules[#modules + 1] = ("load_module %s;\n"):format(path)
  end
  local message
  for _ = 1, most_attempts do
    local number = port.pick(generator)
    write(self.directory .. "/nginx.conf", template:format(table.concat(modules), number))
    local words = { nginx.binary, "-p", self.directory .. "/", "-c", self.directory .. "/nginx.conf" }
    if nginx.takes_error_log then
      words[#words + 1] = "-e"
      words[#words + 1] = self.directory .. "/error.log"
    end
    local fine, output = shell.run('env -i PATH="$PATH" ' .. shell.command(words))
    if fine then
      self.base_url = ("http://127.0.0.1:%d"):format(number)
      self.port = number
      return
    end
    message = output
  end
  error("nginx did not start: " .. tostring(message))
end

--- @treturn table server with `base_url`, `port`
function raw_server.start()
  local nginx = assert(configuration.find())
  local _, directory = shell.run('mktemp -d "${TMPDIR:-/tmp}/ngrok-raw.XXXXXXXX"')
  local self = setmetatable({ directory = directory }, raw_server)
  self:answer("HTTP/1.1 204 No Content\r\n\r\n")
  launch(self, nginx, random.new())
  repeat
    self.pid = tonumber(read(directory .. "/nginx.pid"):match("%d+"))
  until self.pid
  return self
end

--- Sets what every request is answered from now on.
-- @tparam string bytes
function raw_server:answer(bytes)
  write(self.directory .. "/answer.new", bytes)
  assert(os.rename(self.directory .. "/answer.new", self.directory .. "/answer"))
end

--- @treturn {string,...} method and target of each request that came
function raw_server:requests()
  local lines = {}
  for line in read(self.directory .. "/requests"):gmatch("[^\n]+") do
    lines[#lines + 1] = line
  end
  return lines
end

--- Stops or continues the process: stopped, the kernel takes connections for it, and that is all.
-- @tparam boolean paused
function raw_server:pause(paused)
  assert(shell.run(("kill -%s %d"):format(paused and "STOP" or "CONT", self.pid)))
end

--- @tparam string bytes
-- @treturn string compressed as by gzip
function raw_server.gzip(bytes)
  local path = os.tmpname()
  write(path, bytes)
  local pipe = assert(io.popen("gzip -9 -c " .. shell.quote(path), "r"))
  local compressed = pipe:read("*a")
  pipe:close()
  os.remove(path)
  return compressed
end

function raw_server:stop()
  shell.run(("kill -CONT %d; kill -TERM %d"):format(self.pid, self.pid))
  shell.run("rm -rf " .. shell.quote(self.directory))
end

return raw_server
