--- The hosts, and how each runs a scenario.
local contest = require "bench.contest"
local nginx_process = require "spec.support.nginx_process"
local shell = require "ngrok.emulator.shell"

local hosts = {}

local longest = 60 -- seconds; a scenario takes 10 at most

local function output_of(lua, command)
  local words = contest.words(lua, { "timeout", tostring(longest), (table.unpack or unpack)(command) })
  local _, output = shell.run(shell.command(words) .. " </dev/null")
  return output
end

local function program(host, lua)
  return { name = host .. "/" .. lua.name, run = function(text)
    return output_of(lua, { lua.interpreter, "bench/loops/main.lua", host, text })
  end }
end

local function neovim(lua)
  local line = [[lua require("bench.loops.program").run(require "bench.loops.uv", %q)]]
  return { name = "neovim", run = function(text)
    return output_of(lua, { "nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "-c", line:format(text) })
  end }
end

-- One for all scenarios, as starting it takes longer than most of them.
local template = [[
  lua_package_path '%s/?.lua;%s/lua/?.lua;%s/lua/?/init.lua;;';
  lua_package_cpath '%s/?.so;%s/?.so;;';
  server {
    listen 127.0.0.1:%d;
    location / {
      content_by_lua_block {
        require("bench.loops.program").run(require "bench.loops.nginx", ngx.var.args)
      }
    }
  }
]]

local function absolute(path)
  local fine, text = shell.run(("cd %s && pwd"):format(shell.quote(path)))
  return assert(fine and text, text)
end

local function worker(lua)
  local server, root = nginx_process.new(), absolute "."
  server:start(function(port)
    return template:format(root, root, root, absolute(lua.modules), absolute(lua.bench), port)
  end)
  return {
    name = "nginx",
    run = function(text)
      local url = ("http://127.0.0.1:%d/?%s"):format(server.port, text)
      local _, output = shell.run(shell.command { "curl", "-s", "--max-time", tostring(longest), url })
      return output ~= "" and output or server:read "error.log"
    end,
    stop = function() server:stop() end,
  }
end

local function has(lua, module)
  return (shell.run(shell.command(contest.words(lua, { lua.interpreter, "-l", module, "-e", "" }))))
end

-- A host's own Lua is LuaJIT; libraries there may be for one Lua only.
local function of(lua)
  local found = {}
  for _, name in ipairs { "uv", "cqueues", "tick" } do
    if name == "tick" or has(lua, name == "uv" and "luv" or name) then
      found[#found + 1] = program(name, lua)
    else
      print(("# %s/%s: the library is not installed"):format(name, lua.name))
    end
  end
  if lua.name == "luajit" then
    found[#found + 1] = neovim(lua)
    found[#found + 1] = worker(lua)
  end
  return found
end

--- Starts what must be started, and stops it after the work, however that ends.
---@param luas table[] from `contest.luas`
---@param work function gets an array of hosts: `name` and `run(text)`, which returns what came of it
--- Raises: what went wrong
function hosts.run(luas, work)
  local all = {}
  local fine, problem = pcall(function()
    for _, lua in ipairs(luas) do
      for _, host in ipairs(of(lua)) do
        all[#all + 1] = host
      end
    end
    work(all)
  end)
  for _, host in ipairs(all) do
    if host.stop then
      host.stop()
    end
  end
  if not fine then
    error(problem, 0)
  end
end

return hosts
