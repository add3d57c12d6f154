--- Runs Lua code in a new process, on this Lua and with its paths.
local shell = require "ngrok.emulator.shell"

local child = {}

-- What would change the behaviour of the child without the spec having asked for it.
local cleared = {
  "LUA_INIT", "LUA_INIT_5_4", "LUA_PATH_5_4", "LUA_CPATH_5_4", "NGROK_API_KEY",
  "NGROK_BASE_URL", "NGROK_DEBUG",
  "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
}

-- What a program holds to its end is not a leak, but a memory checker may not see who holds it.

--- For the environment of a program that leaves by os.exit without closing its state. Objects in an
-- open state are found by way of pointers into their middle, which valgrind doubts; and LeakSanitizer
-- does not look into LuaJIT's heap at all.
child.state_left_open = { SPEC_LEAKS = rawget(_G, "jit") and "unchecked" or "certain" }

--- For the environment of a program that leaves while a thread of libcurl's looks up a name: the
-- thread, too, holds what it has by the middle.
child.thread_left_running = { SPEC_LEAKS = "certain" }

-- Adds assignments, for `env`.
local function assign(words, environment)
  for name, value in pairs(environment or {}) do
    words[#words + 1] = name .. "=" .. value
  end
end

-- Adds what starts this Lua: its interpreter, or the memory checker that the suite runs under, and
-- then the interpreter.
local function start(words)
  local lowest = 0
  while arg[lowest - 1] do
    lowest = lowest - 1
  end
  words[#words + 1] = os.getenv "SPEC_LAUNCHER"
  words[#words + 1] = arg[lowest]
end

--- The beginning of a command for the shell that runs a script on this Lua.
---@param environment? table variables to set
---@return string
function child.interpreter(environment)
  local words = { "env" }
  assign(words, environment)
  start(words)
  return shell.command(words)
end

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

local function command_of(environment, script, output, errors, prefix)
  local words = { "env" }
  for _, name in ipairs(cleared) do
    words[#words + 1] = "-u"
    words[#words + 1] = name
  end
  words[#words + 1] = "LUA_PATH=" .. package.path
  words[#words + 1] = "LUA_CPATH=" .. package.cpath
  assign(words, environment)
  for _, word in ipairs(prefix or {}) do
    words[#words + 1] = word
  end
  start(words)
  words[#words + 1] = script
  return ("%s >%s 2>%s"):format(shell.command(words), shell.quote(output), shell.quote(errors))
end

local client_code = [[
local ngrok = require "ngrok"
local function client_options(given)
  local options = { %s }
  for name, value in pairs(given or {}) do
    options[name] = value
  end
  return options
end
local function new_client(given)
  return assert(ngrok.client(client_options(given)))
end
]]

--- Code for the beginning of a program: `client_options(given)` adds options to some, and `new_client(given)`
--- makes a client with the sum.
---@param options table<string, string|number|boolean>
---@return string
function child.client_code(options)
  local fields = {}
  for name, value in pairs(options) do
    local written = type(value) == "string" and ("%q"):format(value) or tostring(value)
    fields[#fields + 1] = name .. " = " .. written
  end
  return client_code:format(table.concat(fields, ", "))
end

--- Runs a program to its end.
---@param code string Lua
---@param environment? table variables to set
---@param prefix? string[] words of a command that runs the rest of its line
---@return table `status` of its exit (128 and more: ended by a signal), `output`, `errors`
function child.run(code, environment, prefix)
  local script, output, errors = os.tmpname(), os.tmpname(), os.tmpname()
  write(script, code)
  local _, said = shell.run("(" .. command_of(environment, script, output, errors, prefix) .. "); echo $?")
  os.remove(script)
  return { status = tonumber(said:match("(%d+)%s*$")), output = take(output), errors = take(errors) }
end

return child
