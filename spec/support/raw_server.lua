--- A server that responds to every request with bytes that a spec wrote, right or wrong: what the
-- emulator's nginx is too well-behaved to send. It closes the connection after each response.
--
-- Below the path of `half_closing_url` it shuts its sending side alone, and waits for the client to go.
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
    client_max_body_size 64m;
    lua_socket_log_errors off;
    reset_timedout_connection on;
    # A proxy's CONNECT is a bad request to nginx.
    error_page 400 /;
    location / {
      content_by_lua_file response.lua;
    }
    location /half-closing/ {
      lingering_close always;
      lingering_time 60s;
      lingering_timeout 60s;
      content_by_lua_file response.lua;
    }
  }
}
]]

-- What the server runs for each request. A script that a spec gave has these functions: `hear` reads the
-- request's body, `say` sends bytes and tells whether the client took them, `reset` ends the connection
-- by force, `tell` and `wait_for` let the spec and the script know how far the other is, by files in the
-- server's folder.
local responding = [[
local folder = ngx.config.prefix()
local log = io.open(folder .. "/requests", "ab")
log:write(ngx.req.get_method(), " ", ngx.var.request_uri or ngx.var.uri, "\n")
log:close()

local hear, socket = ngx.req.read_body, nil

local function say(bytes)
  socket = socket or ngx.req.socket(true)
  return (socket:send(bytes))
end

local function reset()
  ngx.exit(444)
end

local function tell(name)
  io.open(folder .. "/" .. name, "wb"):close()
end

local function wait_for(name)
  local rounds = 0
  repeat
    ngx.sleep(0.005)
    rounds = rounds + 1
    local file = io.open(folder .. "/" .. name, "rb")
  until file or rounds == 4000
end

local script = loadfile(folder .. "/script")
if script then
  script(hear, say, reset, tell, wait_for)
else
  hear()
  local file = io.open(folder .. "/response", "rb")
  local response = file:read("*a")
  file:close()
  say(response)
end
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
      self.half_closing_url = self.base_url .. "/half-closing"
      self.port = number
      return
    end
    message = output
  end
  error("nginx did not start: " .. tostring(message))
end

---@return table server with `base_url`, `port`
function raw_server.start()
  local nginx = assert(configuration.find())
  local _, directory = shell.run('mktemp -d "${TMPDIR:-/tmp}/ngrok-raw.XXXXXXXX"')
  local self = setmetatable({ directory = directory }, raw_server)
  write(directory .. "/response.lua", responding)
  self:respond("HTTP/1.1 204 No Content\r\n\r\n")
  launch(self, nginx, random.new())
  repeat
    self.pid = tonumber(read(directory .. "/nginx.pid"):match("%d+"))
  until self.pid
  return self
end

--- Sets what every request is answered from now on.
---@param bytes string
function raw_server:respond(bytes)
  os.remove(self.directory .. "/script")
  write(self.directory .. "/response.new", bytes)
  assert(os.rename(self.directory .. "/response.new", self.directory .. "/response"))
end

--- Sets what is run for every request from now on.
---@param code string Lua for nginx; gets `hear`, `say`, `reset`, `tell` and `wait_for`
function raw_server:play(code)
  write(self.directory .. "/script.new", "local hear, say, reset, tell, wait_for = ...\n" .. code)
  assert(os.rename(self.directory .. "/script.new", self.directory .. "/script"))
end

--- Lets a script go on that waits for a name.
---@param name string that this server's folder does not use
function raw_server:tell(name)
  write(self.directory .. "/" .. name, "")
end

--- Takes back what was told, so that it can be told again.
---@param names {string,...}
function raw_server:forget(names)
  for _, name in ipairs(names) do
    os.remove(self.directory .. "/" .. name)
  end
end

--- Whether a script has told a name.
---@param name string
---@return boolean
function raw_server:has_told(name)
  local file = io.open(self.directory .. "/" .. name, "rb")
  if file then
    file:close()
  end
  return file ~= nil
end

---@return {string,...} method and target of each request that came
function raw_server:requests()
  local lines = {}
  for line in read(self.directory .. "/requests"):gmatch("[^\n]+") do
    lines[#lines + 1] = line
  end
  return lines
end

--- Stops or continues the process: stopped, the kernel takes connections for it, and that is all.
---@param paused boolean
function raw_server:pause(paused)
  assert(shell.run(("kill -%s %d"):format(paused and "STOP" or "CONT", self.pid)))
end

---@param bytes string
---@return string compressed as by gzip
function raw_server.gzip(bytes)
  local path = os.tmpname()
  write(path, bytes)
  local pipe = assert(io.popen("gzip -9 -n -c " .. shell.quote(path), "r"))
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
