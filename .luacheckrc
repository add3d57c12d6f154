-- Whatever is standard in one of the Luas may be named; the code itself looks before it uses it.
std = "max"
max_line_length = 110
cache = false

-- Only these files may assume their host.
local in_nginx = {
  "bench/loops/nginx.lua",
  "lua/ngrok/each.lua",
  "lua/ngrok/emulator/wire.lua",
  "lua/ngrok/emulator/worker.lua",
  "lua/ngrok/loop/nginx.lua",
  "lua/ngrok/loop/nginx_timers.lua",
  "lua/ngrok/loop/nginx_stepping.lua",
  "lua/ngrok/limiter/shared_dict.lua",
  "lua/ngrok/transport/resty.lua",
  "lua/ngrok/transport/resty_exchange.lua",
  "spec/support/cosocket/resty/http.lua",
}
for _, path in ipairs(in_nginx) do
  files[path] = { std = "+ngx_lua" }
end
files["examples/nginx"] = { std = "+ngx_lua" }
files["lua/ngrok/health.lua"] = { read_globals = { "vim" } }
files["examples/neovim"] = { globals = { "vim" } }

files["lua/ngrok/api/index.lua"] = { max_line_length = false } -- generated

-- Declarations for editors: functions without bodies, tables that nobody reads.
files["lua/ngrok/types"] = { unused = false, max_line_length = false }

-- 512 warns of loops that end in their first round: leaving a listing early is a case to specify.
files["spec"] = { std = "+busted", ignore = { "512" } }
files["*.rockspec"] = { std = "+rockspec" }
files["build-aux/luarocks-offline.lua"] = { globals = { "rocks_provided", "rocks_servers" } }
