--- nginx for the emulator: where it is, and the configuration that it is started with.
local shell = require "ngrok.emulator.shell"

local configuration = {}

local binaries = {
  "nginx",
  "/usr/sbin/nginx",
  "openresty",
  "/usr/local/openresty/nginx/sbin/nginx",
  "/usr/local/openresty/bin/openresty",
}

local missing = "the emulator's server needs nginx with its Lua module"
  .. " (Debian's packages nginx and libnginx-mod-http-lua), or OpenResty"

local function is_file(path)
  local file = io.open(path, "rb")
  if file then
    file:close()
  end
  return file ~= nil
end

-- The Lua module needs symbols of the ndk one, which therefore comes first.
local function modules_of(build)
  local directory = build:match("%-%-modules%-path=(%S+)") or "/usr/lib/nginx/modules"
  local modules = {}
  for _, name in ipairs { "ndk_http_module", "ngx_http_lua_module" } do
    local path = ("%s/%s.so"):format(directory, name)
    if is_file(path) then
      modules[#modules + 1] = path
    end
  end
  return modules, is_file(directory .. "/ngx_http_lua_module.so")
end

local function has_lua_built_in(build)
  return build:find("%-%-add%-module=%S*ngx_lua") ~= nil
    or build:find("%-%-add%-module=%S*lua%-nginx%-module") ~= nil
end

-- nginx has always written its version in this form; OpenResty's begins with nginx's.
local function version_of(build)
  local major, minor, patch = build:match "nginx version: %S-/(%d+)%.(%d+)%.(%d+)"
  return ((tonumber(major) or 0) * 1000 + (tonumber(minor) or 0)) * 1000 + (tonumber(patch) or 0)
end

local function inspect(binary)
  local fine, build = shell.run(shell.command { binary, "-V" })
  local modules, has_module = modules_of(build)
  if not fine or not has_module and not has_lua_built_in(build) then
    return nil
  end
  local version = version_of(build)
  return {
    binary = binary,
    modules = has_module and modules or {},
    takes_error_log = version >= 1019005, -- an older one opens the log of the system's own server first
    has_tls = build:find("--with-http_ssl_module", 1, true) ~= nil,
    has_http2 = build:find("--with-http_v2_module", 1, true) ~= nil,
    has_http2_directive = version >= 1025001,
  }
end

-- What was found where no path was given: it stays while a program runs.
local found_before

--- Finds an nginx that can run Lua.
---@param binary? string path of the only one to look at
---@return table? # `binary`, `modules` to load, `takes_error_log`, `has_tls`, `has_http2`,
---   `has_http2_directive`
---@return string? # what is missing
function configuration.find(binary)
  local found = not binary and found_before
  for _, candidate in ipairs(binary and { binary } or binaries) do
    found = found or inspect(candidate)
  end
  found_before = not binary and found or found_before
  return found or nil, not found and missing or nil
end

--- Says what an nginx lacks for a server.
---@param nginx table from `find`
---@param tls? table as of `options.of_server`
---@return string? # what is missing
function configuration.lacks(nginx, tls)
  if tls and not nginx.has_tls then
    return ("%s was built without TLS (--with-http_ssl_module)"):format(nginx.binary)
  elseif tls and tls.http2 and not nginx.has_http2 then
    return ("%s was built without HTTP/2 (--with-http_v2_module)"):format(nginx.binary)
  end
end

local template = [[
%sdaemon on;
master_process on;
worker_processes 1;
pid nginx.pid;
error_log error.log notice;
events { worker_connections 4096; }
http {
  access_log off;
  client_body_temp_path body_temp;
  proxy_temp_path proxy_temp;
  fastcgi_temp_path fastcgi_temp;
  uwsgi_temp_path uwsgi_temp;
  scgi_temp_path scgi_temp;
  lua_package_path "$prefix/lua/?.lua;$prefix/lua/?/init.lua;;";
  lua_check_client_abort on;
  lua_use_default_type off;
  lua_max_running_timers 16;
  server_tokens off;
  keepalive_timeout 75s;
  keepalive_requests 1000000;
  client_max_body_size 64m;
  client_body_buffer_size 1m;
  large_client_header_buffers 8 128k;
  ignore_invalid_headers off;
  underscores_in_headers on;
  reset_timedout_connection on;
  gzip on;
  gzip_types application/json;
  gzip_min_length 64;
  # Loaded here, so that nginx does not start where a module is missing.
  init_by_lua_block {
    require "ngrok.emulator.worker"
  }
  init_worker_by_lua_block {
    package.loaded["ngrok.emulator.running"] = require("ngrok.emulator.worker").new(%q, %d, %q)
  }
  server {
%s
    location / {
      content_by_lua_block { require("ngrok.emulator.running"):serve() }
      log_by_lua_block { require("ngrok.emulator.running"):finish() }
    }
  }
  server {
    listen 127.0.0.1:%d;
    gzip off;
    location / {
      content_by_lua_block { require("ngrok.emulator.running"):obey() }
    }
  }
}
]]

-- A client's first bytes of TLS are a bad request for plain HTTP, and the connection is closed.
local closing = [[
    listen %s;
    reset_timedout_connection off;
    error_page 400 /close;
    location = /close { return 444; }]]

-- The cipher list does not concern TLS 1.3. Level 0 lets OpenSSL speak versions before 1.2.
local encrypted = [[
    listen %s ssl%s;
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    ssl_protocols %s;
    ssl_ciphers ALL:@SECLEVEL=0;]]

local function listening(nginx, address, tls)
  if not tls then
    return ("    listen %s;"):format(address)
  elseif tls.handshake == "close" then
    return closing:format(address)
  elseif not tls.http2 then
    return encrypted:format(address, "", tls.protocols)
  elseif nginx.has_http2_directive then
    return encrypted:format(address, "", tls.protocols) .. "\n    http2 on;"
  end
  return encrypted:format(address, " http2", tls.protocols)
end

--- Writes a configuration. Paths in it are relative to the prefix.
---@param nginx table from `find`
---@param site table `address` to listen at, host and port; `tls` as of `options.of_server`, which needs the
---   files of `certificate.commands` in the prefix; `control_port` and `control_key`, see
---   `ngrok.emulator.control`; `owner`, the process that the server ends with, see `ngrok.emulator.process`
---@return string
function configuration.write(nginx, site)
  local modules = {}
  for index, path in ipairs(nginx.modules) do
    modules[index] = ("load_module %s;\n"):format(path)
  end
  return template:format(table.concat(modules), site.control_key, site.owner.pid, site.owner.start or "",
    listening(nginx, site.address, site.tls), site.control_port)
end

return configuration
