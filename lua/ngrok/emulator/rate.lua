--- The account's rate limit: so many requests in any window of so many seconds.
local rate = {}
rate.__index = rate

--- Makes a limit.
---@param requests number how many are let through
---@param window number in seconds
---@return table limit
function rate.new(requests, window)
  return setmetatable({ requests = requests, window = window, moments = {}, first = 1, last = 0 }, rate)
end

--- Asks for one request. One that is refused does not count against the window.
---@param now number in seconds
---@return boolean # whether it is let through
---@return number? # when not: whole seconds until the oldest request leaves the window
function rate:admit(now)
  while self.first <= self.last and now - self.moments[self.first] >= self.window do
    self.moments[self.first] = nil
    self.first = self.first + 1
  end
  if self.last - self.first + 1 >= self.requests then
    local oldest = self.moments[self.first] or now
    return false, math.max(1, math.ceil(oldest + self.window - now))
  end
  self.last = self.last + 1
  self.moments[self.last] = now
  return true
end

return rate
