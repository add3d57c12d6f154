--- Raises what a program got wrong, at the program's own line.
local misuse = {}

-- "@…/ngrok/": whatever was loaded from there is ours. Nil when loaded without its path.
local library = debug.getinfo(1, "S").source:match("^(@.*[/\\])misuse%.lua$")

-- Lua 5.1 shows a tail call as a frame of its own.
local function is_ours(info)
  return info.source == "=(tail call)" or library ~= nil and info.source:sub(1, #library) == library
end

--- Raises a message with the position of the first caller outside this library. Counting levels
-- would not do: tail calls take theirs away.
-- @tparam string message
-- @raise always
function misuse.raise(message)
  local level = 2
  local info = debug.getinfo(level, "S")
  while info and is_ours(info) do
    level = level + 1
    info = debug.getinfo(level, "S")
  end
  error(message, level)
end

return misuse
