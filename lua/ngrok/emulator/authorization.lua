--- Who may use the account: the Authorization header.
local failure = require "ngrok.emulator.failure"

local authorization = {}

local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

local function decode_base64(text)
  local bits, bit_count, bytes = 0, 0, {}
  for character in text:gmatch("[%w+/]") do
    bits = bits * 64 + alphabet:find(character, 1, true) - 1
    bit_count = bit_count + 6
    if bit_count >= 8 then
      bit_count = bit_count - 8
      local unit = 2 ^ bit_count
      bytes[#bytes + 1] = string.char(math.floor(bits / unit))
      bits = bits % unit
    end
  end
  return table.concat(bytes)
end

-- With Basic, which ngrok accepts too, we take the user name for the key.
local function sent_key(header)
  local scheme, value = header:match("^(%a+)%s+(.-)%s*$")
  scheme = scheme and scheme:lower()
  if scheme == "bearer" then
    return value
  elseif scheme == "basic" then
    return (decode_base64(value):match("^[^:]*"))
  end
end

local function refusal_of(key, is_authtoken)
  if key:find("^ak_") then
    return failure.new(208, key)
  elseif key:find("^cr_") then
    return failure.new(207, key)
  elseif is_authtoken(key) then
    return failure.new(206, key)
  elseif key:find("^%w+_%w+$") then
    return failure.new(203, key)
  end
  return failure.new(202, key)
end

--- Checks an Authorization header.
---@param header? string
---@param rights table from key to what it may do: "write" or "read"
---@param is_authtoken function from string to boolean: keys and authtokens look the same
---@return string? # "write" or "read"
---@return table? refusal
function authorization.check(header, rights, is_authtoken)
  if not header or header == "" then
    return nil, failure.new(200)
  end
  local key = sent_key(header)
  if not key then
    return nil, failure.new(201, header)
  elseif not rights[key] then
    return nil, refusal_of(key, is_authtoken)
  end
  return rights[key]
end

return authorization
