--- What this process holds: memory that Lua counts, memory that it cannot, descriptors.
local footprint = {}

--- Kibibytes of Lua objects, after as much collection as a finalizer's own garbage takes.
---@return number
function footprint.of_lua()
  collectgarbage()
  collectgarbage()
  return collectgarbage("count")
end

local function read(path)
  local file = io.open(path)
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return text
end

-- A sanitizer and valgrind keep what was freed, so as to see who uses it.
local function is_instrumented()
  local maps = read("/proc/self/maps")
  return maps:find("libasan", 1, true) or maps:find("libclang_rt", 1, true) or maps:find("vgpreload", 1, true)
end

local function status(name)
  if is_instrumented() then
    return nil
  end
  return tonumber(read("/proc/self/status"):match(name .. ":%s*(%d+) kB"))
end

--- Kibibytes of resident memory: C's allocations, too.
---@return number? nil where there is no /proc, or where it says nothing
function footprint.of_process()
  return status "VmRSS"
end

--- The most that this process ever had of it.
---@return number? nil where there is no /proc, or where it says nothing
function footprint.most_of_process()
  return status "VmHWM"
end

--- Open descriptors.
---@return number? nil where there is no /proc
function footprint.descriptors()
  local pipe = io.popen("ls /proc/$PPID/fd 2>/dev/null | wc -l")
  local count = tonumber(pipe:read("*a"))
  pipe:close()
  return count > 0 and count or nil
end

return footprint
