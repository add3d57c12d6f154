--- How late a ticker of 1 ms comes. A pause of ten milliseconds counts as ten ticks, the first of which came
-- nine late and the last on time: one long pause must not look like a single late tick.
local native = require "bench.native"

local meter = {}
meter.__index = meter

local interval = 1e3 -- microseconds

---@return table meter
function meter.new()
  return setmetatable({ delays = {} }, meter)
end

--- To be called every millisecond.
function meter:tick()
  local now = native.now()
  local late = self.last and now - self.last - interval
  self.last = now
  while late do
    self.delays[#self.delays + 1] = math.max(late, 0)
    late = late > interval and late - interval or nil
  end
end

--- Forgets the delays so far.
function meter:restart()
  self.delays = {}
end

---@return number the longest delay, milliseconds
---@return number the delay that 99 of 100 ticks do not exceed, milliseconds
function meter:read()
  table.sort(self.delays)
  local count = #self.delays
  return self.delays[count] / 1e3, self.delays[math.ceil(count * 0.99)] / 1e3
end

return meter
