--- nginx with canned answers: as little as a server can do for a request, and the same each time.
local answers = require "bench.answers"
local configuration = require "ngrok.emulator.configuration"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

local server = {}

local start_wait = 5 -- seconds; it takes milliseconds

local template = [[
%sdaemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 64; }
http {
  access_log off;
  client_body_temp_path body_temp;
  proxy_temp_path proxy_temp;
  fastcgi_temp_path fastcgi_temp;
  uwsgi_temp_path uwsgi_temp;
  scgi_temp_path scgi_temp;
  keepalive_timeout 75s;
  keepalive_requests 1000000;
  open_file_cache max=200 inactive=600s;
  open_file_cache_valid 600s;
  default_type application/json;
  add_header Ngrok-Operation-Id op_2TMGGIw07ve6R3DQzMrN3964IKQ;
  map $arg_before_id $page { "" first; default $arg_before_id; }
  limit_req_zone $server_addr zone=pace:32k rate=200r/s;
  server {
    listen 127.0.0.1:%d;
    root .;
    location = /credentials { try_files /pages/$page.json =404; }
    location /credentials/ { try_files $uri.json =404; }
    location /paced/credentials/ {
      limit_req zone=pace burst=10;
      rewrite ^/paced(/.*)$ $1 break;
      try_files $uri.json =404;
    }
  }
}
]]

-- Ends nginx and removes its directory when its input ends, which it does however this process
-- does. An interrupt from the keyboard is for this process alone.
local keeper = [[
trap '' INT
%s </dev/null 2>/dev/null &
pid=$!
cat >/dev/null
kill -TERM "$pid" 2>/dev/null
wait "$pid"
rm -rf %s
]]

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  return text
end

local function write_answers(directory, made)
  assert(shell.run(shell.command { "mkdir", directory .. "/pages", directory .. "/credentials" }))
  write(directory .. made.path .. ".json", made.body)
  for before_id, body in pairs(made.pages) do
    write(("%s/pages/%s.json"):format(directory, before_id == "" and "first" or before_id), body)
  end
end

local function start_command(nginx, directory)
  local words = { nginx.binary, "-p", directory .. "/", "-c", directory .. "/nginx.conf" }
  if nginx.takes_error_log then
    words[#words + 1] = "-e"
    words[#words + 1] = directory .. "/error.log"
  end
  return shell.command(words)
end

-- nginx writes its id once it listens.
local function await(directory)
  local waited = 0
  repeat
    if (read(directory .. "/nginx.pid") or ""):find("^%d+\n") then
      return true
    end
    shell.sleep(0.01)
    waited = waited + 0.01
  until waited > start_wait
  return false
end

local function start()
  local nginx = assert(configuration.find())
  local fine, directory = shell.run('mktemp -d "${TMPDIR:-/tmp}/ngrok-bench.XXXXXXXX"')
  assert(fine, directory)
  local number = port.pick(random.new())
  local base_url = ("http://127.0.0.1:%d"):format(number)
  local self = answers.make(base_url)
  self.base_url, self.directory = base_url, directory
  write_answers(directory, self)
  -- Another user's worker could not read the directory.
  local _, user = shell.run("id -u")
  write(directory .. "/nginx.conf", template:format(user == "0" and "user root;\n" or "", number))
  local command = start_command(nginx, directory)
  self.keeper = assert(io.popen(keeper:format(command, shell.quote(directory)), "w"))
  if not await(directory) then
    local log = read(directory .. "/error.log") or ""
    self.keeper:close()
    error("nginx did not start: " .. log, 0)
  end
  return self
end

--- Starts a server, and stops it after the work, however that ends.
-- @tparam function work gets a table: `base_url`, `directory` to write to, and what `answers.make` gives
-- @raise what is missing or went wrong
function server.run(work)
  local self = start()
  local fine, problem = pcall(work, self)
  self.keeper:close()
  if not fine then
    error(problem, 0)
  end
end

return server
