--- Makes text safe to show. A server's words may reach a terminal or a log, where they must not move the
-- cursor, end the line, or reverse the text around them.
local display = {}

-- UTF-8 beyond ASCII, as RFC 3629 has it.
local well_formed = {
  "^[\194-\223][\128-\191]",
  "^\224[\160-\191][\128-\191]",
  "^[\225-\236\238\239][\128-\191][\128-\191]",
  "^\237[\128-\159][\128-\191]",
  "^\240[\144-\191][\128-\191][\128-\191]",
  "^[\241-\243][\128-\191][\128-\191][\128-\191]",
  "^\244[\128-\143][\128-\191][\128-\191]",
}

-- The C1 controls U+0080 to U+009F, the line and paragraph separators U+2028 and U+2029, and Unicode's
-- bidirectional controls: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
local commands = { "^\194[\128-\159]", "^\216\156", "^\226\128[\142\143\168-\174]", "^\226\129[\166-\169]" }

local replacement = "\239\191\189" -- U+FFFD

local function match_any(patterns, bytes)
  for _, pattern in ipairs(patterns) do
    local found = bytes:match(pattern)
    if found then
      return found
    end
  end
end

-- `bytes`: a byte above 127 and the continuation bytes after it. They need not be a character.
local function display_sequence(bytes)
  local character = match_any(well_formed, bytes)
  if not character then
    return replacement
  end
  -- Replaced by a blank, because without one the halves of a key would join.
  local shown = match_any(commands, character) and " " or character
  return character == bytes and shown or shown .. replacement
end

--- Makes a text one line that is safe to show, in any language.
---@param text string any bytes
---@return string # line valid UTF-8; bytes that are not become U+FFFD
function display.line(text)
  -- A text repeats its characters, so each is looked at once.
  local sequences = setmetatable({}, {
    __index = function(known, bytes)
      local shown = display_sequence(bytes)
      known[bytes] = shown
      return shown
    end,
  })
  -- The classes %c and %s depend on the locale for bytes above 127.
  return (text:gsub("[\128-\255][\128-\191]*", sequences):gsub("[^\33-\126\128-\255]+", " "))
end

return display
