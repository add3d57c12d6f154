-- build-aux/tally: what it counts, and that nothing outlives it. One Lua is enough to see that.
local shell = require "ngrok.emulator.shell"
local timing = require "spec.support.timing"

if not rawget(_G, "jit") then
  return
end

local function tally(...)
  local _, output = shell.run("build-aux/tally -j 2 " .. shell.command { ... })
  return output
end

describe("tally", function()
  it("adds up what suites of each kind say, and names the slowest", function()
    local output = tally(
      "lines", "in lines", "echo 3 passed, 1 failed; false",
      "busted", "of busted", "echo 4 successes / 1 failure / 1 error / 0 pending : 1 seconds; false",
      "status", "by status", "true", "status", "by another", "sleep 3; echo its output; false")
    assert.truthy(output:find("slowest %(seconds%):\n%d+ by another\n"), output)
    assert.truthy(output:find("its output\nFAILED  by another\n", 1, true), output)
    assert.equal("8 passed, 4 failed", output:match "[^\n]+$")
  end)

  for name, command in pairs {
    ["ends without a summary"] = "true",
    ["ran no test"] = "echo 0 passed, 0 failed",
    ["exit status 7"] = "echo 1 passed, 0 failed; exit 7",
    ["left a process behind"] = "sleep 60 & echo 1 passed, 0 failed",
  } do
    it("counts a suite as failed that " .. name, function()
      local output = tally("lines", "a suite", command)
      assert.truthy(output:find(name:gsub("^ends", "ended"), 1, true), output)
      assert.equal("1 failed", output:match "(%d+ failed)$")
    end)
  end

  -- What a spec starts runs for a time that no other process has in its command.
  for _, signal in ipairs { "INT", "TERM", "KILL" } do
    it("ends what its suites run when it is ended by SIG" .. signal, function()
      local seconds = ("3600.%d"):format(os.time() % 1e6)
      local function count()
        local _, found = shell.run(("ps -eo args | grep -c '^sleep %s$'"):format(seconds))
        return tonumber(found)
      end
      local command = shell.command {
        "build-aux/tally", "-j", "2", "status", "one", "sleep " .. seconds .. "; echo",
        "status", "two", "sh -c 'sleep " .. seconds .. "; echo'", "status", "three", "sleep " .. seconds,
      }
      -- A shell has processes in the background ignore SIGINT, and env undoes that.
      local _, pid = shell.run("env --default-signal=INT " .. command .. " >/dev/null 2>&1 & echo $!")
      timing.wait_until(function() return count() == 2 end)
      assert(shell.run(("kill -%s %s"):format(signal, pid)))
      timing.wait_until(function() return count() == 0 end)
    end)
  end
end)
