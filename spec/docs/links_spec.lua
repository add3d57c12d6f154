-- README and docs: what they link to and what they name is there.
local pages = require "spec.support.pages"

local function exists(path)
  local file = io.open(path, "rb")
  if file then
    file:close()
  end
  return file ~= nil
end

-- Paths in prose, of files or folders. One with a placeholder is none.
local folders = { "bench", "build%-aux", "docs", "examples", "fuzz", "lua", "soak", "spec", "src" }

local function paths_in(text)
  local found = {}
  for quoted in text:gmatch "`([^`\n]+)`" do
    for _, folder in ipairs(folders) do
      local path = quoted:match("^" .. folder .. "/[%w_./-]*$")
      found[#found + 1] = path
    end
  end
  return found
end

local function resolve(from, target)
  local path = (from:match "^(.*/)" or "") .. target
  repeat
    local count
    path, count = path:gsub("[^/]+/%.%./", "", 1)
  until count == 0
  return path
end

local function problem_of_link(page, target)
  if target:find "^https?://" or target:find "^mailto:" then
    return nil
  end
  local path, anchor = target:match "^([^#]*)#?(.*)$"
  path = path == "" and page or resolve(page, path)
  if not exists(path) then
    return ("%s links to %s, which is not there"):format(page, target)
  elseif anchor ~= "" and not pages.anchors(path)[anchor] then
    return ("%s links to %s, which has no such heading"):format(page, target)
  end
end

describe("README and docs", function()
  local targets

  setup(function()
    targets = {}
    for name in ("\n" .. pages.read "Makefile"):gmatch "\n([%w_ -]+):" do
      for target in name:gmatch "%S+" do
        targets[target] = true
      end
    end
  end)

  for _, path in ipairs(pages.paths()) do
    it("has working links: " .. path, function()
      local problems, prose = {}, pages.prose(path)
      for target in prose:gmatch "%]%(([^)%s]+)%)" do
        problems[#problems + 1] = problem_of_link(path, target)
      end
      for target in prose:gmatch '[srchef]+="([^"]+)"' do
        problems[#problems + 1] = problem_of_link(path, target)
      end
      assert.same({}, problems)
    end)

    it("names files that are there, and targets of the Makefile: " .. path, function()
      local problems, text = {}, pages.read(path)
      for _, name in ipairs(paths_in(text)) do
        if not exists(name) then
          problems[#problems + 1] = name
        end
      end
      for target in text:gmatch "`make ([%w-]+)" do
        problems[#problems + 1] = not targets[target] and "make " .. target or nil
      end
      for _, block in ipairs(pages.blocks(path)) do
        for target in ("\n" .. (block.language == "sh" and block.text or "")):gmatch "\n%s*make ([%w-]+)" do
          problems[#problems + 1] = not targets[target] and "make " .. target or nil
        end
      end
      assert.same({}, problems)
    end)
  end
end)
