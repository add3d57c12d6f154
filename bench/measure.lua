--- Measures a contestant's work. A contestant is a program with arguments
--
--   BASE_URL KEY USER_AGENT PATH WARM_UP COUNT
--
-- and prints one line: microseconds of wall time and of processor time for COUNT times its
-- work, and how many credentials it found in that time. What it does before (starting, connecting,
-- WARM_UP times the same work) does not count.
local native = require "bench.native"

---@param warm_up string
---@param count string
---@param work function returns how many credentials it found
return function(warm_up, count, work)
  for _ = 1, tonumber(warm_up) do
    work()
  end
  local found = 0
  local wall, cpu = native.now()
  for _ = 1, tonumber(count) do
    found = found + work()
  end
  local wall_after, cpu_after = native.now()
  print(("%.1f %.1f %d"):format(wall_after - wall, cpu_after - cpu, found))
end
