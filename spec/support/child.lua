--- Runs Lua code in a process of its own, on this Lua and with its paths.
local shell = require "ngrok.emulator.shell"

local child = {}

-- What would change the behaviour of the child without the spec having asked for it.
local cleared = {
  "LUA_INIT", "LUA_INIT_5_4", "LUA_PATH_5_4", "LUA_CPATH_5_4", "NGROK_API_KEY",
  "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
}

local function interpreter()
  local lowest = 0
  while arg[lowest - 1] do
    lowest = lowest - 1
  end
  return arg[lowest]
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
  for name, value in pairs(environment or {}) do
    words[#words + 1] = name .. "=" .. value
  end
  for _, word in ipairs(prefix or {}) do
    words[#words + 1] = word
  end
  words[#words + 1] = interpreter()
  words[#words + 1] = script
  return ("%s >%s 2>%s"):format(shell.command(words), shell.quote(output), shell.quote(errors))
end

--- Runs a program to its end.
-- @tparam string code Lua
-- @tparam ?table environment variables to set
-- @tparam ?{string,...} prefix words of a command that runs the rest of its line
-- @treturn table `status` of its exit (128 and more: ended by a signal), `output`, `errors`
function child.run(code, environment, prefix)
  local script, output, errors = os.tmpname(), os.tmpname(), os.tmpname()
  write(script, code)
  local _, said = shell.run("(" .. command_of(environment, script, output, errors, prefix) .. "); echo $?")
  os.remove(script)
  return { status = tonumber(said:match("(%d+)%s*$")), output = take(output), errors = take(errors) }
end

return child
