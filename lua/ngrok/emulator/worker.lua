--- The emulator inside nginx: one worker process that holds the account and serves it.

-- nginx's Lua may not be able to load the core. Only the data of descriptions counts here.
package.loaded["ngrok.core"] = { define = function() end, starvation = function() end }

local exchange = require "ngrok.emulator.exchange"
local fault = require "ngrok.emulator.fault"
local json = require "ngrok.emulator.json"
local process = require "ngrok.emulator.process"
local shell = require "ngrok.emulator.shell"
local time = require "ngrok.time"
local wire = require "ngrok.emulator.wire"

local worker = {}
worker.__index = worker

local owner_pause = 0.5

local leave_command = "(kill -TERM %s %d; i=0;"
  .. " while [ -e %s ] && [ $i -lt 250 ]; do sleep 0.02; i=$((i+1)); done;"
  .. " rm -rf %s) >/dev/null 2>&1 &"

local function now()
  ngx.update_time()
  return ngx.now()
end

--- Makes what serves the requests, when nginx starts its worker process.
---@param control_key string
---@param owner_pid integer
---@param owner_start string as of `process.describe`; empty where it is not known
---@return table worker
function worker.new(control_key, owner_pid, owner_start)
  local self = setmetatable({
    prefix = ngx.config.prefix():gsub("/+$", ""),
    control_key = control_key,
    owner = { pid = owner_pid, start = owner_start ~= "" and owner_start or nil },
    master = process.parent_id(),
    simultaneous = 0,
  }, worker)
  assert(ngx.timer.every(owner_pause, function(premature)
    if not premature then
      self:follow_owner()
    end
  end))
  return self
end

local function read_pid(path)
  local file = io.open(path, "rb")
  local pid = file and file:read("*n")
  if file then
    file:close()
  end
  return pid
end

--- Ends the server and removes its directory when the process that started it is gone, or when the directory
--- is.
function worker:follow_owner()
  local pid_path = self.prefix .. "/nginx.pid"
  local master = read_pid(pid_path)
  if self.leaving or (master and process.is_alive(self.owner)) then
    return
  end
  self.leaving = true
  -- Master and worker get a signal, as either may be alone. The command runs in the background, as this
  -- process ends meanwhile. The master removes its pid file last; its id would stay that of a zombie for a
  -- while.
  os.execute(leave_command:format(
    master or self.master or "", ngx.worker.pid(), shell.quote(pid_path), shell.quote(self.prefix)
  ))
end

-- Version 0.10.26 of the Lua module raises over HTTP/2 where no length is announced.
local function announces_no_body()
  local method = ngx.req.get_method()
  return ngx.req.http_version() >= 2 and not ngx.var.http_content_length
    and (method == "GET" or method == "DELETE")
end

local function read_body()
  if announces_no_body() then
    return nil
  end
  ngx.req.read_body()
  local body = ngx.req.get_body_data()
  local path = ngx.req.get_body_file()
  if path then
    local file = assert(io.open(path, "rb"))
    body = file:read("*a")
    file:close()
  end
  return body
end

-- The first command makes the account.
local function obey(self, command)
  if command.name == "open" then
    command.argument.clock = now
    self.exchange = exchange.new(command.argument)
    return process.describe(self.master)
  elseif command.name == "finished" then
    local lines = self.finished or {}
    self.finished = {} -- from the first time on
    return lines
  end
  return self.exchange.controls[command.name](self.exchange, command.argument)
end

--- Serves a command, see `ngrok.emulator.control`.
function worker:obey()
  if ngx.var.http_authorization ~= "Bearer " .. self.control_key then
    return ngx.exit(ngx.HTTP_FORBIDDEN)
  end
  local fine, result = pcall(obey, self, json.decode(read_body()))
  ngx.header["content-type"] = "application/json"
  ngx.print(json.encode(fine and { result = result } or { message = tostring(result) }))
end

local function read_headers()
  local headers = {}
  for name, value in pairs(ngx.req.get_headers(0)) do
    headers[name:lower()] = type(value) == "table" and table.concat(value, ", ") or value
  end
  return headers
end

-- The client may know this server by another name or through a relay. HTTP/1.0 needs no Host.
local function asked_base_url()
  local host = ngx.var.http_host
  return host and host ~= "" and ngx.var.scheme .. "://" .. host or nil
end

local function read_request(simultaneous)
  local path, query = ngx.var.request_uri:match("^([^?]*)%??(.*)$")
  local version = ngx.req.http_version()
  return {
    method = ngx.req.get_method(),
    path = path,
    query = query ~= "" and query or nil,
    headers = read_headers(),
    body = read_body(),
    -- Over HTTP/2 a head is not a text, and the Lua module raises an error.
    raw = version < 2 and ngx.req.raw_header() or nil,
    connection = tonumber(ngx.var.connection),
    protocol = version < 2 and ngx.var.server_protocol or ("HTTP/%d"):format(version),
    tls = ngx.var.ssl_protocol,
    base_url = asked_base_url(),
    simultaneous = simultaneous,
  }
end

--- Serves the current request.
function worker:serve()
  self.simultaneous = self.simultaneous + 1
  ngx.ctx.is_counted = true
  local response, met = self.exchange:perform(read_request(self.simultaneous))
  ngx.ctx.status = not (met and fault.is_silent(met)) and response.status or nil
  ngx.ctx.fault = met and met.kind
  return wire.send(response, met)
end

-- A line of JSON for the request that ends. The query is left out, like all that may have a secret.
local function line_of_request()
  local context = ngx.ctx
  return json.object {
    { "time", json.string(time.format(ngx.req.start_time())) },
    { "method", json.string(ngx.req.get_method()) },
    { "path", json.string(ngx.var.request_uri:match "^[^?]*") },
    { "status", context.status and tostring(context.status) or "null" },
    { "ms", ("%d"):format((now() - ngx.req.start_time()) * 1000) },
    { "fault", context.fault and json.string(context.fault) },
  }
end

--- Called when a request has ended in any way.
function worker:finish()
  if ngx.ctx.is_counted then
    self.simultaneous = self.simultaneous - 1
    if self.finished then
      table.insert(self.finished, line_of_request())
    end
  end
end

return worker
