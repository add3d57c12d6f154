--- nginx with canned responses: as little as a server can do for a request, and the same each time.
local responses = require "bench.responses"
local certificate = require "ngrok.emulator.certificate"
local nginx_process = require "spec.support.nginx_process"
local port = require "ngrok.emulator.port"
local random = require "ngrok.emulator.random"
local shell = require "ngrok.emulator.shell"

local server = {}

local template = [[
  keepalive_requests 1000000;
  open_file_cache max=200 inactive=600s;
  open_file_cache_valid 600s;
  default_type application/json;
  add_header Ngrok-Operation-Id op_2TMGGIw07ve6R3DQzMrN3964IKQ;
  map $arg_before_id $page { "" first; default $arg_before_id; }
  limit_req_zone $server_addr zone=pace:32k rate=200r/s;
  server {
%s
    root .;
    location = /credentials { try_files /pages/$page.json =404; }
    location /credentials/ { try_files $uri.json =404; }
    location /paced/credentials/ {
      limit_req zone=pace burst=10;
      rewrite ^/paced(/.*)$ $1 break;
      try_files $uri.json =404;
    }
%s
  }
]]

-- One after the other, as nginx has HTTP/2 by port.
local listening = {
  http = "    listen 127.0.0.1:%d;",
  https = "    listen 127.0.0.1:%d ssl;",
  http2 = "    listen 127.0.0.1:%d ssl http2;",
}

local trust = [[
    ssl_certificate server.pem;
    ssl_certificate_key server.key;
    ssl_protocols TLSv1.2 TLSv1.3;]]

-- Responds below /late so many seconds later, to a create, too.
local late = [[
    location /late/credentials/ {
      rewrite_by_lua_block { ngx.sleep(%s) }
      rewrite ^/late(/.*)$ $1 break;
      try_files $uri.json =404;
    }
    location = /late/credentials {
      content_by_lua_block {
        ngx.req.read_body()
        ngx.sleep(%s)
        ngx.status = 201
        ngx.print(%q)
      }
    }]]

-- Below /items/N a list of N items: each of its pages is the first one, and leads to the next by its number.
local long = [[
    location ~ ^/items/(?<items>[0-9]+)/credentials$ {
      set $folder "%s";
      content_by_lua_block {
        local file = io.open(ngx.var.folder .. "/pages/first.json", "rb")
        local page, number = file:read "*a", tonumber(ngx.var.arg_before_id or 0) + 1
        file:close()
        local ends = number * 100 >= tonumber(ngx.var.items)
        local uri = ("http://%%s/items/%%s/credentials?before_id=%%d"):format(ngx.var.http_host,
          ngx.var.items, number)
        ngx.print((page:gsub('"next_page_uri":"[^"]*"',
          '"next_page_uri":' .. (ends and "null" or '"' .. uri .. '"'))))
      }
    }]]

local function write_responses(host, made)
  assert(shell.run(shell.command { "mkdir", host.directory .. "/pages", host.directory .. "/credentials" }))
  host:write(made.path .. ".json", made.body)
  for before_id, body in pairs(made.pages) do
    host:write(("pages/%s.json"):format(before_id == "" and "first" or before_id), body)
  end
end

local function listen(wires)
  local lines, urls, generator = {}, {}, random.new()
  for _, wire in ipairs(wires) do
    local number = port.pick(generator)
    lines[#lines + 1] = listening[wire]:format(number)
    urls[wire] = ("%s://127.0.0.1:%d"):format(wire == "http" and "http" or "https", number)
  end
  if urls.https or urls.http2 then
    lines[#lines + 1] = trust
  end
  return table.concat(lines, "\n"), urls
end

--- Starts a server, and stops it after the work, however that ends.
---@param work function gets a table: `base_url`, `directory` to write to, and what `responses.make` gives;
---   `base_urls` by wire and `ca_file`, too
---@param options? table `wires` array of "http", "https" (HTTP/1.1) and "http2" (default: "http"),
---   `late` seconds until it responds below /late, where it also has lists of N items below /items/N,
---   `pages_by` the wire that its pages lead to (default: the API itself), `connections` at most (512)
--- Raises: what is missing or went wrong
function server.run(work, options)
  options = options or {}
  local host = nginx_process.new()
  local lines, urls = listen(options.wires or { "http" })
  local fine, problem = pcall(function()
    -- The API's own name leads to no server of ours, so nobody can follow it by mistake.
    local self = responses.make(options.pages_by and urls[options.pages_by] or "https://api.ngrok.com")
    self.base_url, self.base_urls, self.directory = urls.http, urls, host.directory
    if lines:find("ssl", 1, true) then
      assert(certificate.make(host.directory, "valid", "127.0.0.1"))
      self.ca_file = host.directory .. "/ca.pem"
    end
    write_responses(host, self)
    local seconds = options.late
    local http = template:format(lines,
      seconds and late:format(seconds, seconds, self.body) .. "\n" .. long:format(host.directory) or "")
    host:start(function() return http end, { has_lua = seconds ~= nil, connections = options.connections })
    work(self)
  end)
  host:stop()
  if not fine then
    error(problem, 0)
  end
end

return server
