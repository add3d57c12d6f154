-- Draws what `make demo` prints as a picture of a terminal: reads it from standard input, writes SVG.
-- `make picture` makes docs/demo.svg with it. Two values differ from run to run, the port and a random pause:
-- they are replaced, so that the same demo gives the same picture.
local columns, indent = 112, 10

-- In pixels. A letter of a monospaced font is 0.6 of its size wide.
local size, line_height, margin, bar = 13, 19, 18, 30
local width = math.ceil(columns * size * 0.6) + 2 * margin

local colors = { created = "#7ee787", refused = "#ff7b72", retried = "#e3b341", deleted = "#ff7b72" }

local frame = [[
<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d"
 role="img" aria-labelledby="title">
<title id="title">What make demo prints</title>
<rect width="100%%" height="100%%" rx="8" fill="#0d1117"/>
<circle cx="20" cy="17" r="5" fill="#ff5f56"/><circle cx="38" cy="17" r="5" fill="#ffbd2e"/>
<circle cx="56" cy="17" r="5" fill="#27c93f"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="%d" fill="#e6edf3"
 xml:space="preserve" style="white-space: pre">
%s
</g>
</svg>
]]

local function same_each_time(text)
  return (text:gsub("127%.0%.0%.1:%d+", "127.0.0.1:4040"):gsub("%d+%.%d+ s later", "0.1 s later"))
end

-- Breaks a line at a blank.
local function wrap(lines, text)
  while #text > columns do
    local head = text:sub(1, columns):match "^(.*) "
    lines[#lines + 1] = head
    text = (" "):rep(indent) .. text:sub(#head + 2)
  end
  lines[#lines + 1] = text
end

local escapes = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }

local function drawn(text, number)
  local escaped = text:gsub("[&<>]", escapes)
  local word, rest = escaped:match "^(%l+)( .*)$"
  if word then
    escaped = ('<tspan fill="%s">%s</tspan>%s'):format(colors[word] or "#79c0ff", word, rest)
  end
  return ('<text x="%d" y="%d">%s</text>'):format(margin, bar + number * line_height, escaped)
end

local lines = { "$ make demo" }
for line in io.lines() do
  wrap(lines, same_each_time(line))
end
for number, line in ipairs(lines) do
  lines[number] = drawn(line, number)
end
local height = bar + #lines * line_height + margin
io.write(frame:format(width, height, width, height, size, table.concat(lines, "\n")))
