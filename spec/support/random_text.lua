--- Texts by chance, the same for the same seed: what JSON, C, URLs and UTF-8 think of comes often.
local random_text = {}

--- What all chances of a run come from; SPEC_SEED sets it, so that a failure can be had again.
random_text.seed = tonumber(os.getenv "SPEC_SEED") or os.time()

--- A generator of our own, for math.random differs between the Luas: Park and Miller's, exact in doubles.
---@param salt number so that no two properties see the same
---@return function low, high -> whole number
function random_text.generator(salt)
  local state = (random_text.seed + salt) % 2147483646 + 1
  return function(low, high)
    state = state * 16807 % 2147483647
    return low + state % (high - low + 1)
  end
end

local function utf8_of(code)
  local char, floor = string.char, math.floor
  if code < 0x80 then
    return char(code)
  elseif code < 0x800 then
    return char(0xC0 + floor(code / 0x40), 0x80 + code % 0x40)
  elseif code < 0x10000 then
    return char(0xE0 + floor(code / 0x1000), 0x80 + floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
  end
  return char(0xF0 + floor(code / 0x40000), 0x80 + floor(code / 0x1000) % 0x40,
    0x80 + floor(code / 0x40) % 0x40, 0x80 + code % 0x40)
end

-- Ranges of code points; each is chosen as often as any other, however small.
local ranges = {
  { 0x00, 0x1F }, { 0x00, 0x00 }, { 0x20, 0x7E }, { 0x22, 0x22 }, { 0x2F, 0x2F }, { 0x5C, 0x5C },
  { 0x7F, 0x7F }, { 0x80, 0x9F }, { 0xA0, 0x7FF }, { 0x800, 0xD7FF }, { 0x2028, 0x2029 },
  { 0xE000, 0xF8FF }, { 0xFEFF, 0xFEFF }, { 0xFFFD, 0xFFFF }, { 0x10000, 0x10FFFF },
  { 0x1F600, 0x1F64F }, { 0x10FFFF, 0x10FFFF },
}

-- What looks like JSON, or like an escape, and must not be taken for it.
local pieces = {
  "null", '"', "\\", "\\u0000", "\\ud83d\\ude00", "\\n", "{}", "[]", '","token":"', "\r\n", "</script>",
  "%00", "\\\"",
}

--- Valid UTF-8.
---@param random function a generator
---@param limit integer the most bytes; met now and then
---@param whole? boolean meets it always
---@return string
function random_text.valid(random, limit, whole)
  local most = (whole or random(0, 3) == 0) and limit or random(1, limit)
  local parts, length = {}, 0
  while true do
    local part
    if random(0, 9) == 0 then
      part = pieces[random(1, #pieces)]
    else
      local range = ranges[random(1, #ranges)]
      part = utf8_of(random(range[1], range[2]))
    end
    if length + #part > most then
      -- Filled up, so that the limit itself is met.
      return table.concat(parts) .. ("x"):rep(most - length)
    end
    length = length + #part
    parts[#parts + 1] = part
  end
end

-- What no UTF-8 has, by what is wrong with it: ranges of bytes, one after the other.
local broken = {
  { "a continuation byte alone", { 0x80, 0xBF } },
  { "a byte that nothing has", { 0xF5, 0xFF } },
  { "an overlong form of two bytes", { 0xC0, 0xC1 }, { 0x80, 0xBF } },
  { "an overlong form of three", { 0xE0, 0xE0 }, { 0x80, 0x9F }, { 0x80, 0xBF } },
  { "an overlong form of four", { 0xF0, 0xF0 }, { 0x80, 0x8F }, { 0x80, 0xBF }, { 0x80, 0xBF } },
  { "half of a pair of surrogates", { 0xED, 0xED }, { 0xA0, 0xBF }, { 0x80, 0xBF } },
  { "a code point above U+10FFFF", { 0xF4, 0xF4 }, { 0x90, 0xBF }, { 0x80, 0xBF }, { 0x80, 0xBF } },
  { "two bytes cut off", { 0xC2, 0xDF } },
  { "three bytes cut off", { 0xE1, 0xEC }, { 0x80, 0xBF } },
  { "four bytes cut off", { 0xF1, 0xF3 }, { 0x80, 0xBF }, { 0x80, 0xBF } },
}

--- Kinds of what is no UTF-8.
random_text.kinds_of_invalid = #broken

--- No UTF-8, for one reason only.
---@param random function a generator
---@param kind integer 1 to `kinds_of_invalid`
---@return string
---@return string what is wrong with it
function random_text.invalid(random, kind)
  local bytes = {}
  for index = 2, #broken[kind] do
    bytes[#bytes + 1] = string.char(random(broken[kind][index][1], broken[kind][index][2]))
  end
  local before = random(0, 1) == 0 and "" or random_text.valid(random, 40)
  -- What comes after a sequence that is cut off must not go on with it.
  local after = random(0, 1) == 0 and "" or "x" .. random_text.valid(random, 40)
  return before .. table.concat(bytes) .. after, broken[kind][1]
end

--- A text for a message.
---@param text string
---@return string printable
function random_text.quoted(text)
  return (("%q"):format(text:sub(1, 400)):gsub("[^\32-\126]", function(character)
    return ("\\%03d"):format(character:byte())
  end))
end

return random_text
