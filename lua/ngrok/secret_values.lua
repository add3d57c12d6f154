--- Secrets inside a text, which a server may repeat by themselves: in JSON or YAML (a request's body, a
--- traffic policy) the values that have a secret's name there, and the lines of a PEM. No schema says where
--- they are.
local core = require "ngrok.core"

local secret_values = {}

local name_patterns = {
  "secret", "token", "passw", "credential", "authorization", "api[_-]?key", "access[_-]?key", "_pem$",
  "^value$", "^traffic_policy$",
}

local longest_plain = 256 -- bytes of a value without quotes that has a comma or a bracket

local harmless = { ["true"] = true, ["false"] = true, null = true }

local function is_secret_name(name)
  name = name:lower()
  for _, pattern in ipairs(name_patterns) do
    if name:find(pattern) then
      return true
    end
  end
  return false
end

-- A server may quote the line of a PEM that it cannot read.
local function add_lines(found, text)
  for line in text:gmatch "[^\r\n]+" do
    if #line >= 16 and #line < #text and not line:find "[^%w+/=]" then
      found[#found + 1] = line
    end
  end
end

-- Of "user:password" and "Bearer token" the end is a secret, too.
local function add(found, value)
  value = value:match "^%s*(.-)%s*$"
  if value ~= "" and not harmless[value] then
    found[#found + 1] = value
    found[#found + 1] = value:match "^[^%s:]+[:%s]%s*(%S+)$"
    add_lines(found, value)
  end
end

-- The end of the double-quoted string that begins at `start`.
local function end_of_quoted(text, start)
  local at = start
  repeat
    at = text:find('["\\]', at + 1)
    local is_escape = at and text:sub(at, at) == "\\"
    at = is_escape and at + 1 or at
  until not is_escape
  return at or #text
end

local find -- in a text

-- What is in double quotes may be JSON or YAML again. Returns the place behind it.
local function add_quoted(found, text, start)
  local last = end_of_quoted(text, start)
  local value = core.decode(text:sub(start, last))
  value = type(value) == "string" and value or text:sub(start + 1, last)
  add(found, value)
  find(found, value)
  return last + 1
end

-- Adds the scalar at a place, without quotes up to what `rest` matches, and returns the place behind it.
local function add_scalar(found, text, start, rest)
  local first = text:sub(start, start)
  if first == '"' then
    return add_quoted(found, text, start)
  elseif first == "'" then
    local _, last, inner = text:find("^'([^']*)'?", start)
    add(found, inner)
    return last + 1
  end
  local _, last, value = text:find(rest, start)
  add(found, value)
  return last + 1
end

-- Adds the items of "[a, b]".
local function add_items(found, text, start)
  local at = text:find("[^%s,]", start + 1)
  while at and text:sub(at, at) ~= "]" do
    at = text:find("[^%s,]", add_scalar(found, text, at, "^([^,%]]*)"))
  end
  return at or #text + 1
end

-- Adds the items of a YAML list, or the lines of a block, that follow the line with the name.
local function add_block(found, text, start)
  local before = text:sub(1, start - 1)
  local outer = #(before:match ".*[\r\n]([ \t-]*)" or before:match "^[ \t-]*")
  local lines, at = {}, start
  for indent, dash, line, next_at in text:sub(start):gmatch "\r?\n([ \t]*)(%-?)([^\r\n]*)()" do
    if #indent < outer or (#indent == outer and dash == "") then
      break
    end
    lines[#lines + 1] = dash .. line
    add_scalar(found, line:match "^%s*(.*)", 1, "^(.*)")
    at = start + next_at - 1
  end
  add(found, table.concat(lines, "\n"))
  return at
end

local function add_value(found, text, start)
  local first = text:sub(start, start)
  if text:find("^[|>]?[+-]?%d?[ \t]*[\r\n]", start) then
    return add_block(found, text, text:find("[\r\n]", start))
  elseif first == "[" then
    return add_items(found, text, start)
  elseif first == "{" then
    return start + 1 -- it has names of its own
  end
  if first ~= '"' and first ~= "'" then
    -- Up to the line's end; bounded, as a long line may have a great many names.
    add(found, text:sub(start, start + longest_plain):match "^[^\r\n]*")
  end
  return add_scalar(found, text, start, "^([^,}%]\r\n]*)") -- in "{ a: b, c: d }"
end

function find(found, text)
  local at = 1
  while at do
    local _, last, name, start = text:find("%f[%w_-]([%w_-]+)[\"']?[ \t]*:[ \t]*()", at)
    at = last and last + 1
    if last and is_secret_name(name) then
      at = add_value(found, text, start)
    elseif last and text:sub(start, start) == '"' then
      at = end_of_quoted(text, start) + 1
    end
  end
end

--- Adds the secrets in a text to an array.
---@param found string[]
---@param text string
function secret_values.add(found, text)
  add_lines(found, text)
  find(found, text)
end

return secret_values
