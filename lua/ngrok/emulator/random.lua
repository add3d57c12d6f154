--- A generator of random identifiers. It can be seeded for repeatable tests, and leaves math.random alone.
local random = {}
random.__index = random

local alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

-- Park and Miller's generator (Communications of the ACM 31(10), 1988). Products stay below 2^53, so that
-- integers and doubles give the same sequence.
local modulus, factor = 2147483647, 48271

local function entropy()
  local device = io.open("/dev/urandom", "rb")
  local bytes = device and device:read(6) or ""
  if device then
    device:close()
  end
  local sum = os.time()
  -- The address of a fresh table differs between two processes of the same second.
  for character in (bytes .. tostring({})):gmatch "." do
    sum = (sum * 257 + character:byte()) % modulus
  end
  return sum
end

--- Makes a generator.
---@param seed? number the same seed gives the same sequence; default: from the system
---@return table generator
function random.new(seed)
  local generator = setmetatable({ state = math.floor(seed or entropy()) % (modulus - 1) + 1 }, random)
  -- Neighbouring seeds start with neighbouring values: walk away from them.
  for _ = 1, 20 do
    generator:integer(2)
  end
  return generator
end

--- A number from 1 to `limit`.
---@param limit integer
---@return integer
function random:integer(limit)
  self.state = self.state * factor % modulus
  return self.state % limit + 1
end

--- Base62 characters.
---@param length integer how many
---@return string
function random:base62(length)
  local characters = {}
  for index = 1, length do
    local position = self:integer(#alphabet)
    characters[index] = alphabet:sub(position, position)
  end
  return table.concat(characters)
end

--- The 27 characters behind every prefix (`cr_`, `usr_`, `op_`): ngrok's begin with 2.
---@return string
function random:identifier()
  return "2" .. self:base62(26)
end

--- What follows an identifier in an authtoken or API key: 21 characters, the first a digit, as in the example
--- of the create operation.
---@return string
function random:secret()
  return ("%d%s"):format(self:integer(10) - 1, self:base62(20))
end

--- An API key.
---@return string
function random:key()
  return self:identifier() .. "_" .. self:secret()
end

return random
