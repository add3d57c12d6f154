--- Commands of the system's shell: the only way to start a process that plain Lua has.
local time = require "ngrok.time"

local shell = {}

--- Quotes a word, so that the shell takes it as it is.
---@param word string
---@return string
function shell.quote(word)
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

--- Joins words into a command, each one quoted.
---@param words string[]
---@return string
function shell.command(words)
  local quoted = {}
  for index, word in ipairs(words) do
    quoted[index] = shell.quote(word)
  end
  return table.concat(quoted, " ")
end

--- Runs a command.
---@param command string for the shell
---@return boolean # whether it succeeded
---@return string # what it wrote, to both its outputs, without the last line's end
function shell.run(command)
  -- On Lua 5.1 closing a pipe returns no exit status, so the command prints it.
  local pipe = assert(io.popen("{ " .. command .. "\n} 2>&1; echo \"/$?\"", "r"))
  local output = pipe:read("*a") or ""
  pipe:close()
  local text, status = output:match("^(.*)/(%d+)\n$")
  return status == "0", ((text or output):gsub("\n$", ""))
end

--- Lets some time pass.
---@param seconds number
function shell.sleep(seconds)
  os.execute("sleep " .. time.decimal(seconds))
end

return shell
