--- The words of a filter expression: strings, numbers, names and signs.
local token = {}

local escapes = {
  n = "\n", t = "\t", r = "\r", a = "\a", b = "\b", f = "\f", v = "\v",
  ["\\"] = "\\", ['"'] = '"', ["'"] = "'", ["`"] = "`", ["?"] = "?",
}

local function code_point(digits)
  local value = tonumber(digits, 16)
  if value < 128 then
    return string.char(value)
  elseif value < 2048 then
    return string.char(192 + math.floor(value / 64), 128 + value % 64)
  end
  return string.char(224 + math.floor(value / 4096), 128 + math.floor(value / 64) % 64, 128 + value % 64)
end

local function read_string(text, position)
  local quote, parts = text:sub(position, position), {}
  position = position + 1
  while true do
    local stop = text:find("[\\\r\n" .. quote .. "]", position)
    local character = stop and text:sub(stop, stop)
    if not stop or character == "\n" or character == "\r" then
      error("unterminated string", 0)
    end
    parts[#parts + 1] = text:sub(position, stop - 1)
    if character == quote then
      return table.concat(parts), stop + 1
    end
    local digits = text:match("^u(%x%x%x%x)", stop + 1)
    local escaped = digits and code_point(digits) or escapes[text:sub(stop + 1, stop + 1)]
    if not escaped then
      error("a string has an unknown escape", 0)
    end
    parts[#parts + 1] = escaped
    position = stop + (digits and 6 or 2)
  end
end

local function read_number(text, position)
  local digits = text:match("^%d+%.?%d*[eE][+-]?%d+", position) or text:match("^%d+%.?%d*", position)
  local after = position + #digits
  if text:find("^[%w_.]", after) or not tonumber(digits) then
    error("a number is not well formed", 0)
  end
  return tonumber(digits), after
end

-- Two-character signs first. A sign that filters do not know is read as one character,
-- so that the parser can name it.
local function read_sign(text, position)
  local sign = text:match("^[<>=!]=", position) or text:match("^&&", position) or text:match("^||", position)
    or text:sub(position, position)
  return sign, position + #sign
end

--- Reads the next word.
---@param text string the expression
---@param position number where to begin
---@return table # with `kind` ("string", "number", "name", "sign" or "end") and `value`
---@return number # position after it
--- Raises: a message, when the text at the position is not a word
function token.next(text, position)
  position = text:find("[^ \t\r\n]", position)
  if not position then
    return { kind = "end", value = "the end" }, #text + 1
  end
  local kind, value = "sign"
  if text:find("^[\"']", position) then
    kind, value, position = "string", read_string(text, position)
  elseif text:find("^%d", position) then
    kind, value, position = "number", read_number(text, position)
  elseif text:find("^[%a_]", position) then
    local name = text:match("^[%w_]+", position)
    kind, value, position = "name", name, position + #name
  else
    value, position = read_sign(text, position)
  end
  return { kind = kind, value = value }, position
end

return token
