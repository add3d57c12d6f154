--- Processes, and whether one that we knew is still the same: ids are used again.
local shell = require "ngrok.emulator.shell"

local process = {}

local function read_stat(pid)
  local file = io.open("/proc/" .. pid .. "/stat", "rb")
  local text = file and file:read("*a")
  if file then
    file:close()
  end
  return text
end

-- See proc(5). The command's name is in brackets and may have brackets in it, so fields are counted from the
-- last one: state, ppid, and so on; the start time is the 20th.
local function state_and_start(text)
  local rest = text:match("^.*%)%s+(.*)$") or ""
  local fields = {}
  for field in rest:gmatch("%S+") do
    fields[#fields + 1] = field
  end
  return fields[1], fields[20]
end

--- The id of this process.
---@return number? # nil where there is no /proc
function process.own_id()
  return tonumber((read_stat("self") or ""):match("^%d+"))
end

--- The id of the process that started this one.
---@return number? # nil where there is no /proc
function process.parent_id()
  return tonumber((read_stat("self") or ""):match("^.*%)%s+%a%s+(%d+)"))
end

--- Describes a process, for `is_alive`.
---@param pid number
---@return table # plain data
function process.describe(pid)
  local text = read_stat(pid)
  local _, start = state_and_start(text or "")
  return { pid = pid, start = start }
end

--- Describes this process.
---@return table # plain data
function process.own()
  local pid = process.own_id()
  if not pid then
    local _, parent = shell.run "echo $PPID"
    pid = tonumber(parent)
  end
  return process.describe(pid)
end

--- Says whether a process still lives.
---@param described table from `describe`
---@return boolean
function process.is_alive(described)
  if not described.start then
    -- Without /proc the id alone has to do. Lua 5.1 returns a number here, 5.4 a boolean.
    local result = os.execute(("kill -0 %d 2>/dev/null"):format(described.pid))
    return result == 0 or result == true
  end
  local text = read_stat(described.pid)
  local state, start = state_and_start(text or "")
  -- A zombie has ended; only its parent has not looked yet.
  return start == described.start and state ~= "Z" and state ~= "X"
end

return process
