--- Reads pages of Markdown: README and what lies below docs/. spec/docs runs their blocks and checks their
-- links; docs/contributing.md says how a block is written.
local pages = {}

---@param path string
---@return string
function pages.read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "*a"
  file:close()
  return text
end

---@return string[] # the paths of all pages
function pages.paths()
  local found = {}
  for path in io.popen("ls *.md docs/*.md docs/*/*.md 2>/dev/null"):lines() do
    found[#found + 1] = path
  end
  return found
end

local function words_of(text)
  local words = {}
  for word in text:gmatch "%S+" do
    words[word] = true
  end
  return words
end

-- What the comments in a block say that it prints, one line each.
local function printed_by_comments(text)
  local lines = {}
  for line in text:gmatch "%-%-> ([^\n]*)" do
    lines[#lines + 1] = line
  end
  return lines[1] and table.concat(lines, "\n") .. "\n" or nil
end

local function new_block(language, words, line, path)
  return { language = language, words = words_of(words), line = line, path = path, lines = {} }
end

-- Gives a block its text, and the output that the page shows.
local function finish(block, previous, before_it)
  block.text = table.concat(block.lines, "\n") .. "\n"
  block.file = block.text:match "^%-%- (%S+%.lua)\n" or block.text:match "^# (%S+%.conf)\n"
  block.output = printed_by_comments(block.text)
  if block.language == "text" and previous then
    local printing = previous.language == "vim" and before_it or previous
    printing.output = block.text
  elseif block.language == "vim" then
    previous.commands = block.text
  end
end

--- The fenced blocks of a page, in order.
---@param path string
---@return table[] # each has `language`, `words` (set), `text`, `line`, `path` and `place`, and perhaps
---   `output`, what it prints, `commands` of the editor that follow it, `file`, the name in its first
---   comment, and `configuration`, the last block of nginx's
function pages.blocks(path)
  local blocks, block, configuration, number = {}, nil, nil, 0
  for line in pages.read(path):gmatch "([^\n]*)\n" do
    number = number + 1
    local language, words = line:match "^```(%w*)(.*)$"
    if language and not block then
      block = new_block(language, words, number, path)
    elseif language then
      finish(block, blocks[#blocks], blocks[#blocks - 1])
      block.place = ("%s:%d"):format(path, block.line)
      configuration = block.language == "nginx" and block or configuration
      block.configuration = configuration
      blocks[#blocks + 1], block = block, nil
    elseif block then
      block.lines[#block.lines + 1] = line
    end
  end
  assert(not block, path .. " ends in a block")
  return blocks
end

--- The page without its blocks.
---@param path string
---@return string
function pages.prose(path)
  local lines, inside = {}, false
  for line in pages.read(path):gmatch "([^\n]*)\n" do
    local is_fence = line:find "^```" ~= nil
    lines[#lines + 1] = not (inside or is_fence) and line or ""
    inside = inside ~= is_fence
  end
  return table.concat(lines, "\n")
end

--- The anchors that GitHub gives to a page's headings.
---@param path string
---@return table<string, boolean>
function pages.anchors(path)
  local anchors = {}
  for heading in ("\n" .. pages.prose(path)):gmatch "\n#+ ([^\n]*)" do
    local name = heading:lower():gsub("[^%w _-]", ""):gsub(" ", "-")
    local anchor, count = name, 0
    while anchors[anchor] do
      count = count + 1
      anchor = ("%s-%d"):format(name, count)
    end
    anchors[anchor] = true
  end
  return anchors
end

return pages
