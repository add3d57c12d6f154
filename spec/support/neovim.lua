--- Runs Lua code in a new Neovim, without a screen, with this Lua's paths.
local timing = require "spec.support.timing"
local shell = require "ngrok.emulator.shell"

local neovim = {}

local longest = 20 -- seconds; a script takes a fraction of one

-- What a script finds. Whatever goes wrong in it ends the editor with a status, since nobody is there to.
local prelude = [[
local options = ...
local _, ngrok = pcall(require, "ngrok")

local function new_client(given)
  return assert(ngrok.client(vim.tbl_extend("force", options, given or {})))
end

local function say(...)
  for index = 1, select("#", ...) do
    io.stdout:write(index > 1 and " " or "", tostring((select(index, ...))))
  end
  io.stdout:write("\n")
  io.stdout:flush()
end

local function quit()
  vim.cmd "qa!"
end

local function go(fn)
  coroutine.wrap(function()
    local fine, err = pcall(fn)
    if not fine then
      say("failed:", err)
      vim.cmd "cquit 3"
    end
  end)()
end

-- Where the editor's API cannot be called.
local function in_event(milliseconds, fn)
  local timer = vim.loop.new_timer()
  timer:start(milliseconds, 0, function()
    timer:close()
    fn()
  end)
end

-- Calls a function once a condition holds.
local function when(condition, fn)
  vim.defer_fn(function()
    if condition() then
      fn()
    else
      when(condition, fn)
    end
  end, 2)
end

local notified = {}
vim.notify = function(text, level)
  notified[#notified + 1] = text
  vim.api.nvim_echo({ { text } }, true, {}) -- as the real one does; and it raises in events of the loop
end
]]

local frame = [[
local fine, err = xpcall(function(...)
%s
%s
end, debug.traceback, %s)
if not fine then
  io.stderr:write(err, "\n")
  vim.cmd "cquit 4"
end
]]

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local function take(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  os.remove(path)
  return text
end

local function literal(options)
  local parts = {}
  for name, value in pairs(options) do
    local shown = type(value) == "string" and ("%q"):format(value) or tostring(value)
    parts[#parts + 1] = name .. " = " .. shown
  end
  return "{ " .. table.concat(parts, ", ") .. " }"
end

-- The editor frees nothing at its end, so leaks are not looked for in it.
local function command_of(given, script)
  local words = {
    "env", "-u", "NGROK_API_KEY", "XDG_CONFIG_HOME=/nonexistent", "LUA_PATH=" .. package.path,
    "LUA_CPATH=" .. package.cpath, "SPEC_LEAKS=none",
  }
  for name, value in pairs(given.environment or {}) do
    words[#words + 1] = name .. "=" .. value
  end
  words[#words + 1] = "timeout"
  words[#words + 1] = tostring(timing.scaled(longest))
  words[#words + 1] = os.getenv "SPEC_LAUNCHER"
  for _, word in ipairs { "nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n" } do
    words[#words + 1] = word
  end
  for _, command in ipairs(given.before or {}) do
    words[#words + 1] = "--cmd"
    words[#words + 1] = command
  end
  words[#words + 1] = "-S"
  words[#words + 1] = script
  return shell.command(words)
end

--- Runs code until it ends the editor. It may use `options`, `ngrok`, `new_client(given)`, `say(...)`,
--- `quit()`, `go(fn)`, `in_event(milliseconds, fn)`, `when(condition, fn)` and `notified`.
---@param code string Lua
---@param options table of its clients
---@param given? table `environment`: variables to set; `before`: commands before anything else
---@return table `status` of its exit, `output`, `errors`
function neovim.run(code, options, given)
  local script, output, errors = os.tmpname(), os.tmpname(), os.tmpname()
  write(script .. ".lua", frame:format(prelude, code, literal(options)))
  local _, said = shell.run(("%s </dev/null >%s 2>%s; echo $?"):format(
    command_of(given or {}, script .. ".lua"), shell.quote(output), shell.quote(errors)))
  os.remove(script)
  os.remove(script .. ".lua")
  return { status = tonumber(said:match("(%d+)%s*$")), output = take(output), errors = take(errors) }
end

return neovim
