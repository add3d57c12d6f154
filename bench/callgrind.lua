--- Counts instructions as valgrind's callgrind does: those of the process, without the kernel's.
--
-- callgrind writes a file at each look at the stopwatch (`bench_now`), with what came since the look before.
local callgrind = {}

--- The words to put before a program.
---@param path string where the files go
---@return string[]
function callgrind.words(path)
  return {
    "valgrind", "--quiet", "--tool=callgrind", "--dump-before=bench_now", "--callgrind-out-file=" .. path,
  }
end

--- The instructions before a look at the stopwatch, since the one before.
---@param path string
---@param look integer from 1
---@return number
function callgrind.read(path, look)
  local file = assert(io.open(("%s.%d"):format(path, look), "rb"))
  local text = file:read("*a")
  file:close()
  return assert(tonumber(text:match("\nsummary: (%d+)")), "no total in " .. path)
end

return callgrind
