--- A server that responds to every request with bytes that a spec wrote, right or wrong: what the
-- emulator's nginx is too well-behaved to send. It closes the connection after each response.
--
-- Below the path of `half_closing_url` it shuts its sending side alone, and waits for the client to go.
local nginx_process = require "spec.support.nginx_process"
local shell = require "ngrok.emulator.shell"

local raw_server = {}
raw_server.__index = raw_server

local http = [[
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

---@return table server with `base_url`, `port`, `directory`
function raw_server.start()
  local process = nginx_process.new()
  local self = setmetatable({ process = process, directory = process.directory }, raw_server)
  process:write("response.lua", responding)
  self:respond("HTTP/1.1 204 No Content\r\n\r\n")
  process:start(function(port) return http:format(port) end, { processes = "master_process off;" })
  self.port = process.port
  self.base_url = ("http://127.0.0.1:%d"):format(self.port)
  self.half_closing_url = self.base_url .. "/half-closing"
  return self
end

--- Sets the response to every request from now on.
---@param bytes string
function raw_server:respond(bytes)
  os.remove(self.directory .. "/script")
  self.process:write("response", bytes)
end

--- Sets the script that every request from now on runs.
---@param code string Lua for nginx; gets `hear`, `say`, `reset`, `tell` and `wait_for`
function raw_server:play(code)
  self.process:write("script", "local hear, say, reset, tell, wait_for = ...\n" .. code)
end

--- Lets a script go on that waits for a name.
---@param name string that this server's directory does not use
function raw_server:tell(name)
  self.process:write(name, "")
end

--- Takes back what was told, so that it can be told again.
---@param names string[]
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

---@return string[] method and target of each request that came
function raw_server:requests()
  local lines = {}
  for line in self.process:read("requests"):gmatch("[^\n]+") do
    lines[#lines + 1] = line
  end
  return lines
end

--- Stops or continues the process. While it is stopped, only the kernel accepts connections.
---@param paused boolean
function raw_server:pause(paused)
  self.process:signal(paused and "STOP" or "CONT")
end

---@param bytes string
---@return string compressed as by gzip
function raw_server.gzip(bytes)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(bytes)
  file:close()
  local pipe = assert(io.popen("gzip -9 -n -c " .. shell.quote(path), "r"))
  local compressed = pipe:read("*a")
  pipe:close()
  os.remove(path)
  return compressed
end

function raw_server:stop()
  self.process:stop()
end

return raw_server
