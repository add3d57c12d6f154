--- An account with many credentials that were created at given times. It responds to a list at once, however
--- many there are, and it understands the one filter that a parallel walk makes by itself.
local time = require "ngrok.time"

local timeline = {}
timeline.__index = timeline

local page_size = 100

--- Times from the newest to the oldest.
---@param count integer
---@param gap fun(index: integer): integer seconds between an item and the next older one
---@return integer[]
function timeline.times(count, gap)
  local times, now = {}, 1700000000
  for index = 1, count do
    now = now - gap(index)
    times[index] = now
  end
  return times
end

---@param times integer[] from the newest to the oldest
---@return table # can be called with an attempt, and returns the response
function timeline.new(times)
  local self = setmetatable({ times = times, positions = {}, requests = 0 }, timeline)
  for index = 1, #times do
    self.positions[timeline.id(self, index)] = index
  end
  return self
end

function timeline:id(index)
  return ("cr_%d"):format(#self.times - index)
end

-- The first one that was created before a time.
local function first_before(self, seconds)
  local low, high = 1, #self.times + 1
  while low < high do
    local middle = math.floor((low + high) / 2)
    if self.times[middle] < seconds then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

local function decode(text)
  return text and text:gsub("%%(%x%x)", function(digits)
    return string.char(tonumber(digits, 16))
  end)
end

local function first_of(self, query)
  local before = query:match "before_id=([^&]+)"
  local bound = (decode(query:match "filter=([^&]+)") or ""):match 'timestamp%("(.-)"%)'
  return math.max(before and self.positions[before] + 1 or 1,
    bound and first_before(self, time.parse(bound)) or 1)
end

local function next_uri(self, last, query)
  local filter = query:match "filter=[^&]+"
  return ('"https://api.ngrok.com/credentials?before_id=%s&limit=%d%s"'):format(self:id(last), page_size,
    filter and "&" .. filter or "")
end

function timeline:__call(attempt)
  self.requests = self.requests + 1
  local query = attempt.url:match "%?(.*)" or ""
  local first = first_of(self, query)
  local last = math.min(first + page_size - 1, #self.times)
  local items = {}
  for index = first, last do
    items[#items + 1] = ('{"id":"%s","uri":"","created_at":"%s"}'):format(self:id(index),
      time.format(self.times[index]))
  end
  return {
    status = 200, headers = { ["Content-Type"] = "application/json" },
    body = ('{"credentials":[%s],"uri":"","next_page_uri":%s}'):format(table.concat(items, ","),
      last < #self.times and next_uri(self, last, query) or "null"),
  }
end

return timeline
