--- Runs the blocks of a page: Lua in this process, or in Neovim; nginx's configuration in nginx; commands
-- in a shell. All of them reach one account, by the environment.
local emulator = require "ngrok.emulator"
local neovim = require "spec.support.neovim"
local nginx_process = require "spec.support.nginx_process"
local ngrok = require "ngrok"
local pages = require "spec.support.pages"
local shell = require "ngrok.emulator.shell"
local timing = require "spec.support.timing"

local blocks = {}

local account, environment
local getenv = os.getenv

--- Starts the account, and has this process find it in the environment.
function blocks.setup()
  account = assert(emulator.start())
  environment = { NGROK_API_KEY = account.api_key, NGROK_BASE_URL = account.base_url }
  os.getenv = function(name) -- luacheck: ignore 122
    return environment[name] or getenv(name)
  end
end

--- Empties the account. A block needs nothing that another has made there.
function blocks.reset()
  account:reset()
end

function blocks.teardown()
  os.getenv = getenv -- luacheck: ignore 122
  account:stop()
end

-- ---- a page ---------------------------------------------------------------------------------------

local Page = {}
Page.__index = Page

--- What the blocks of a page share: a folder with the files that they name, and an nginx.
---@param path string
---@return table
function blocks.new_page(path)
  local fine, folder = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-page.XXXXXXXX"'
  assert(fine, folder)
  for _, block in ipairs(pages.blocks(path)) do
    if block.file then
      local file = assert(io.open(folder .. "/" .. block.file, "wb"))
      file:write(block.text)
      file:close()
    end
  end
  return setmetatable({ folder = folder }, Page)
end

function Page:stop_nginx()
  if self.nginx then
    self.nginx:stop()
    self.nginx, self.configuration = nil, nil
  end
end

function Page:close()
  self:stop_nginx()
  shell.run("rm -rf " .. shell.quote(self.folder))
end

-- ---- Lua ------------------------------------------------------------------------------------------

-- What a block finds, made when it is first read.
local given = {
  ngrok = function() return ngrok end,
  client = function() return assert(ngrok.client()) end,
  credential = function(environment_of_block)
    return assert(environment_of_block.client.credentials:create { description = "device #132" })
  end,
  id = function(environment_of_block) return environment_of_block.credential.id end,
}

local function environment_for(printed)
  return setmetatable({
    print = function(...)
      local words = {}
      for index = 1, select("#", ...) do
        words[index] = tostring((select(index, ...)))
      end
      printed[#printed + 1] = table.concat(words, "\t") .. "\n"
    end,
  }, {
    __index = function(self, name)
      local value = given[name] and given[name](self)
      if value == nil then
        return _G[name]
      end
      rawset(self, name, value)
      return value
    end,
  })
end

local function compile(block, for_block)
  local name = "=" .. block.place
  if setfenv then
    return setfenv(assert(loadstring(block.text, name)), for_block)
  end
  return assert(load(block.text, name, "t", for_block))
end

-- One that names a file is a program, which the page's commands run.
local function run_lua(_, block)
  if block.file then
    return ""
  end
  local printed = {}
  local for_block = environment_for(printed)
  compile(block, for_block)()
  if rawget(for_block, "client") then
    for_block.client:close()
  end
  return table.concat(printed)
end

-- ---- Neovim ---------------------------------------------------------------------------------------

-- Ends when nothing is under way. What is told by `vim.notify` is printed, too.
local in_neovim = [[
local clients, make = {}, ngrok.client
ngrok.client = function(...)
  local client, err = make(...)
  clients[#clients + 1] = client
  return client, err
end
print = say
vim.notify = function(text) say(text) end
local function is_idle()
  for _, client in ipairs(clients) do
    if client:pending() > 0 then
      return false
    end
  end
  return true
end
%s
for _, command in ipairs { %s } do
  vim.cmd(command)
end
vim.wait(15000, is_idle, 2)
vim.defer_fn(quit, 20)
]]

local function run_neovim(_, block)
  local commands = {}
  for command in (block.commands or ""):gmatch ":([^\n]+)" do
    commands[#commands + 1] = ("%q"):format(command)
  end
  local ran = neovim.run(in_neovim:format(block.text, table.concat(commands, ", ")), {}, {
    environment = environment,
  })
  assert(ran.status == 0, ran.errors .. ran.output)
  return ran.output
end

-- ---- nginx ----------------------------------------------------------------------------------------

local around_directives = [[
%s
server {
  listen 8080;
  location / { content_by_lua_block { ngx.say "fine" } }
}
]]

-- A block is a whole configuration, or directives of its http block.
local function http_of(text)
  local whole = text:match "\nhttp (%b{})" or text:match "^http (%b{})"
  if whole then
    return whole:sub(2, -2)
  end
  return text:find "server {" and text or around_directives:format(text)
end

local function run_nginx(page, block)
  page:stop_nginx()
  page.nginx, page.configuration = nginx_process.new(), block
  local assignments = {}
  for name, value in pairs(environment) do
    assignments[#assignments + 1] = name .. "=" .. value
  end
  page.nginx:start(function(port)
    return ("lua_package_path '%s';\nlua_package_cpath '%s';\n%s"):format(package.path, package.cpath,
      (http_of(block.text):gsub("listen 8080", "listen 127.0.0.1:" .. port)))
  end, { environment = assignments })
  local fine, said = shell.run(("curl -s -o /dev/null http://127.0.0.1:%d/"):format(page.nginx.port))
  assert(fine, said)
  return ""
end

-- ---- a shell --------------------------------------------------------------------------------------

local function interpreter()
  local lowest = 0
  while arg[lowest - 1] do
    lowest = lowest - 1
  end
  return arg[lowest]
end

local longest = 30 -- seconds; commands take a fraction of one

local function run_shell(page, block)
  if block.text:find("127.0.0.1:8080", 1, true) and page.configuration ~= block.configuration then
    run_nginx(page, block.configuration)
  end
  local port = page.nginx and page.nginx.port or 8080
  local text = block.text:gsub("127%.0%.0%.1:8080", "127.0.0.1:" .. port)
    :gsub("%f[%w]lua5%.4%f[%W]", interpreter())
    :gsub("%f[%w]ngrok%-emulator ", ("%s %s/bin/ngrok-emulator "):format(interpreter(), os.getenv "PWD"))
  local words = { "env", "LUA_PATH=" .. package.path, "LUA_CPATH=" .. package.cpath }
  for name, value in pairs(environment) do
    words[#words + 1] = name .. "=" .. value
  end
  local fine, output = shell.run(("cd %s && %s timeout %d sh -ec %s"):format(shell.quote(page.folder),
    shell.command(words), timing.scaled(longest), shell.quote(text)))
  assert(fine, output)
  return output .. "\n"
end

-- These reach for the network, or build for minutes. The links spec looks for the targets.
local not_run = { "make", "luarocks", "apt", "apt%-get", "sudo", "git", "opm", "docker", "export" }

local has_luajit = rawget(_G, "jit") ~= nil -- which is what Neovim and nginx's workers have

local function is_run(block)
  if block.text:find("127.0.0.1:8080", 1, true) and not has_luajit then
    return false
  end
  for _, command in ipairs(not_run) do
    if ("\n" .. block.text):find("\n%s*" .. command .. " ") then
      return false
    end
  end
  return true
end

-- ---- all ------------------------------------------------------------------------------------------

--- What runs a block: a function of the page and the block that returns what it has printed.
---@param block table
---@return function? # nil where the block is not run
function blocks.runner(block)
  if block.language == "lua" and not block.words.neovim then
    return run_lua
  elseif block.language == "lua" then
    return has_luajit and run_neovim or nil
  elseif block.language == "nginx" then
    return has_luajit and run_nginx or nil
  elseif block.language == "sh" and is_run(block) then
    return run_shell
  end
end

--- Output without what differs each time: ids, tokens, times and ports.
---@param text string
---@return string
function blocks.comparable(text)
  return (text:gsub(("%w"):rep(27) .. "_%w+", "TOKEN"):gsub("_2" .. ("%w"):rep(26), "_ID")
    :gsub("%d%d%d%d%-%d%d%-%d%dT[%d:.]+Z", "TIME"):gsub("127%.0%.0%.1:%d+", "127.0.0.1:PORT")
    :gsub("%d+%.%d+ s%f[%W]", "N s"))
end

return blocks
