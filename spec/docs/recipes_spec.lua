-- The recipes of docs/contributing.md, followed in a copy of the checkout: files are written, changes made,
-- and the block behind them runs there and prints what the page says.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"
local pages = require "spec.support.pages"
local shell = require "ngrok.emulator.shell"

local path = "docs/contributing.md"
local most_lines = 20 -- of a recipe's files and changes, without blank lines and those that only end a block

local function write(name, text)
  local file = assert(io.open(name, "wb"))
  file:write(text)
  file:close()
end

-- The recipes: the blocks below a heading of the third level.
local function recipes()
  local found, text = {}, pages.read(path)
  local line_of, number = {}, 0
  for line in text:gmatch "([^\n]*)\n" do
    number = number + 1
    local name = line:match "^### (.*)"
    if name then
      found[#found + 1] = { name = name, line = number, blocks = {} }
    end
    line_of[number] = found[#found]
  end
  for _, block in ipairs(pages.blocks(path)) do
    local recipe = line_of[block.line]
    if recipe then
      table.insert(recipe.blocks, block)
    end
  end
  return found
end

-- A block of a change: the file's name, then lines that stay, go and come.
local function apply(folder, block)
  local name = block.text:match "^%-%-%- (%S+)\n"
  local old, new = {}, {}
  for mark, line in block.text:gsub("^[^\n]*\n", ""):gmatch "([ +-])([^\n]*)\n" do
    old[#old + 1] = mark ~= "+" and line or nil
    new[#new + 1] = mark ~= "-" and line or nil
  end
  local file = folder .. "/" .. name
  local text, was = pages.read(file), table.concat(old, "\n") .. "\n"
  local first, last = text:find(was, 1, true)
  assert(first, ("%s: these lines are not in %s"):format(block.place, name))
  write(file, text:sub(1, first - 1) .. table.concat(new, "\n") .. "\n" .. text:sub(last + 1))
end

local function lines_in(block)
  local count = 0
  for line in block.text:gmatch "[^\n]+" do
    local is_written = block.file and not line:find "^%-%- " or line:find "^[+]"
    count = count + (is_written and line:find "[^%s%p]" and not line:find "^%s*end[%p]*$" and 1 or 0)
  end
  return count
end

describe("A recipe of docs/contributing.md", function()
  local folder, account, fine

  before_each(function()
    fine, folder = shell.run 'mktemp -d "${TMPDIR:-/tmp}/ngrok-recipe.XXXXXXXX"'
    assert(fine, folder)
    assert(shell.run("cp -r lua " .. shell.quote(folder)))
    account = assert(emulator.start())
  end)

  after_each(function()
    account:stop()
    shell.run("rm -rf " .. shell.quote(folder))
  end)

  local function run(block)
    local ran = child.run('local ngrok = require "ngrok"\n' .. block.text, {
      LUA_PATH = ("%s/lua/?.lua;%s/lua/?/init.lua;%s"):format(folder, folder, package.path),
      NGROK_API_KEY = account.api_key, NGROK_BASE_URL = account.base_url,
    })
    assert.equal("", ran.errors)
    return ran.output
  end

  for _, recipe in ipairs(recipes()) do
    it(("works, and is short: %s (line %d)"):format(recipe.name, recipe.line), function()
      local lines, shown = 0, nil
      for _, block in ipairs(recipe.blocks) do
        lines = lines + lines_in(block)
        if block.file then
          write(folder .. "/" .. block.file, block.text)
        elseif block.language == "diff" then
          apply(folder, block)
        elseif block.language == "lua" then
          shown = block.output
          assert.equal(shown, run(block))
        end
      end
      assert.truthy(shown, "no block shows that it works")
      assert.is_true(lines < most_lines, lines .. " lines")
    end)
  end
end)
