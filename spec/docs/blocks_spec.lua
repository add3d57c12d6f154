-- README and docs: every block of Lua, of nginx's configuration and of shell runs against an emulator, and
-- prints what the page says. docs/contributing.md says how a block is written.
local blocks = require "spec.support.blocks"
local pages = require "spec.support.pages"

local function has_own_spec(path)
  return path == "docs/contributing.md" -- recipes_spec.lua
    or path:find "^docs/api/" -- examples_spec.lua
end

describe("README and docs", function()
  setup(blocks.setup)
  before_each(blocks.reset)
  teardown(blocks.teardown)

  for _, path in ipairs(pages.paths()) do
    local page
    for _, block in ipairs(pages.blocks(path)) do
      local run = not has_own_spec(path) and blocks.runner(block)
      if run then
        it("has a block that runs: " .. block.place, function()
          page = page or blocks.new_page(path)
          local output = run(page, block)
          if block.output then
            assert.equal(blocks.comparable(block.output), blocks.comparable(output))
          end
        end)
      end
    end
    teardown(function()
      if page then
        page:close()
      end
    end)
  end
end)
