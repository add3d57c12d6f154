--- Free ports on the loopback interface. nginx cannot listen at port 0, and tries for 2.5 seconds to listen
--- at a port that is in use.
local port = {}

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("*a") or ""
  if file then
    file:close()
  end
  return text
end

-- Outgoing connections get their ports from a range that is left out: they take one at any moment.
local function ranges()
  local low, high = read("/proc/sys/net/ipv4/ip_local_port_range"):match("(%d+)%s+(%d+)")
  low, high = tonumber(low) or 32768, tonumber(high) or 60999
  local below = { first = 10000, last = low - 1 }
  local above = { first = high + 1, last = 65535 }
  return below.last - below.first > above.last - above.first and below or above
end

local function ports_in_use()
  local used = {}
  for _, path in ipairs { "/proc/net/tcp", "/proc/net/tcp6" } do
    for digits in read(path):gmatch("%d+: %x+:(%x%x%x%x) ") do
      used[tonumber(digits, 16)] = true
    end
  end
  return used
end

--- Picks a port that is not in use.
---@param random table generator
---@return number
function port.pick(random)
  local range, used = ranges(), ports_in_use()
  local chosen
  repeat
    chosen = math.floor(range.first - 1 + random:integer(range.last - range.first + 1))
  until not used[chosen]
  return chosen
end

return port
