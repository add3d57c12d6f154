--- Commands of the system's shell: the only way to start a process that plain Lua has.
local time = require "ngrok.emulator.time"

local shell = {}

--- Quotes a word, so that the shell takes it as it is.
-- @tparam string word
-- @treturn string
function shell.quote(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- Joins words into a command, each one quoted.
-- @tparam {string,...} words
-- @treturn string
function shell.command(words)
  local quoted = {}
  for index, word in ipairs(words) do
    quoted[index] = shell.quote(word)
  end
  return table.concat(quoted, " ")
end

--- Runs a command.
-- @tparam string command for the shell
-- @treturn boolean whether it succeeded
-- @treturn string what it wrote, to both its outputs, without the last line's end
function shell.run(command)
  -- On Lua 5.1 closing a pipe tells no exit status: the command tells it itself.
  local pipe = assert(io.popen("{ " .. command .. "\n} 2>&1; echo \"/$?\"", "r"))
  local output = pipe:read("*a") or ""
  pipe:close()
  local text, status = output:match("^(.*)/(%d+)\n$")
  return status == "0", ((text or output):gsub("\n$", ""))
end

--- Lets some time pass.
-- @tparam number seconds
function shell.sleep(seconds)
  os.execute("sleep " .. time.decimal(seconds))
end

return shell
