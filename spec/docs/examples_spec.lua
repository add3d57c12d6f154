-- docs/api: the example of each service runs against an account that has nothing of the kind.
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local pages = require "spec.support.pages"

-- Runs a block and returns what it prints.
local function run(block, client)
  local lines = {}
  local function print_line(...)
    local words = { ... }
    for index = 1, select("#", ...) do
      words[index] = tostring((select(index, ...)))
    end
    lines[#lines + 1] = table.concat(words, "\t") .. "\n"
  end
  local chunk = "local client, print = ...\n" .. block.text
  assert((loadstring or load)(chunk, "=" .. block.place))(client, print_line)
  return table.concat(lines)
end

describe("the reference of services", function()
  local client, account

  setup(function()
    account = emulator.new()
    client = assert(ngrok.client { transport = account, max_retries = 0, rate_limit = false })
  end)

  before_each(function()
    account:reset()
  end)

  teardown(function()
    client:close()
  end)

  for _, path in ipairs(pages.paths()) do
    if path:find "^docs/api/" then
      for _, block in ipairs(pages.blocks(path)) do
        it("has an example that runs: " .. path, function()
          assert.equal(block.output or "", run(block, client))
        end)
      end
    end
  end
end)
