-- README and docs: every block of Lua, of nginx's configuration and of shell runs against an emulator, and
-- prints what the page says. docs/contributing.md says how a block is written.
local blocks = require "spec.support.blocks"
local pages = require "spec.support.pages"

describe("README and docs", function()
  setup(blocks.setup)
  before_each(blocks.reset)
  teardown(blocks.teardown)

  for _, path in ipairs(pages.paths()) do
    local page
    for _, block in ipairs(pages.blocks(path)) do
      local run = path ~= "docs/contributing.md" and blocks.runner(block) -- see recipes_spec.lua
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
