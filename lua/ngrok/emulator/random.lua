--- A small generator of random identifiers, of its own so that it can be seeded for
-- repeatable tests without touching the program's math.random.
local random = {}
random.__index = random

local alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

-- L'Ecuyer's combined generator (Communications of the ACM 31(6), 1988). Every product
-- stays below 2^53, so integers and doubles, 5.4 and LuaJIT, give the same sequence.
local first_modulus, first_factor = 2147483563, 40014
local second_modulus, second_factor = 2147483399, 40692

local function entropy()
  local device = io.open("/dev/urandom", "rb")
  local bytes = device and device:read(6)
  if device then
    device:close()
  end
  local sum = os.time() + math.floor(os.clock() * 1e6)
  -- An address of a fresh table differs between two processes of the same second.
  for character in ((bytes or "") .. tostring({})):gmatch(".") do
    sum = (sum * 257 + character:byte()) % 2147483647
  end
  return sum
end

--- Makes a generator.
---@param seed? number the same seed gives the same sequence; default: from the system
---@return table generator
function random.new(seed)
  seed = math.floor(seed or entropy())
  local generator = setmetatable({
    first = seed % (first_modulus - 1) + 1,
    second = (seed * 31 + 7) % (second_modulus - 1) + 1,
  }, random)
  -- Neighbouring seeds start with neighbouring values: walk away from them.
  for _ = 1, 20 do
    generator:integer(2)
  end
  return generator
end

--- A number from 1 to `limit`.
---@param limit number
---@return number
function random:integer(limit)
  self.first = self.first * first_factor % first_modulus
  self.second = self.second * second_factor % second_modulus
  return (self.first - self.second) % (first_modulus - 1) % limit + 1
end

--- Base62 characters.
---@param length number how many
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

--- What follows an identifier in an authtoken or API key: 21 characters, the first a digit,
--- as in the example of the create operation.
---@return string
function random:secret()
  return tostring(math.floor(self:integer(10) - 1)) .. self:base62(20)
end

return random
