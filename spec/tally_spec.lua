-- build-aux/tally: what it counts, and that nothing outlives it. One Lua is enough to see that.
local child = require "spec.support.child"
local shell = require "ngrok.emulator.shell"
local timing = require "spec.support.timing"

if not rawget(_G, "jit") then
  return
end

local function tally(...)
  local _, output = shell.run("build-aux/tally -j 2 " .. shell.command { ... })
  return output
end

local function read(path)
  local file = io.open(path)
  local text = file and file:read "*a" or ""
  if file then
    file:close()
  end
  return text
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

  it("names last what failed", function()
    local output = tally("lines", "fine", "echo 3 passed, 0 failed", "busted", "of busted",
      "echo 'Failure → spec/x_spec.lua @ 7'; echo 1 success / 1 failure / 0 errors / 0 pending; false")
    assert.equal("failed: of busted\n    spec/x_spec.lua @ 7\n4 passed, 1 failed", output:match "failed: .*$")
  end)

  -- Runs a suite that fails the first time and says so, beside another one. Returns how the output ends.
  local function tally_flaky(said)
    local file = os.tmpname()
    os.remove(file)
    local command = ("test -e FILE && echo 2 passed, 0 failed && exit; touch FILE; echo %s; "
      .. "echo 1 passed, 1 failed"):format(said):gsub("FILE", file)
    local output = tally("lines", "a suite", command, "status", "another", "true")
    os.remove(file)
    assert.is_nil(output:find("mkfifo", 1, true), output)
    return output:match "failed[,:].*$"
  end

  it("runs a suite again that failed, and names it", function()
    assert.equal("failed, and passed when it ran again: a suite\n3 passed, 0 failed", tally_flaky "too late")
  end)

  it("leaves it at what a memory checker has found", function()
    assert.equal("failed: a suite\n2 passed, 1 failed", tally_flaky "AddressSanitizer: a leak")
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

  -- What specs start: the emulator's nginx, another one, and a program.
  local suite = [[
    local where = ...
    local kept = { require("ngrok.emulator").start(), require("spec.support.raw_server").start() }
    kept[3] = io.popen("sleep 3600", "w")
    local file = assert(io.open(where, "w"))
    file:write(kept[1].directory, "\n", kept[2].directory, " ")
    file:close()
    require("ngrok.emulator.shell").sleep(3600)
  ]]

  -- What has a folder open: an nginx has its own for its log.
  local function count(folders)
    local command = "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -cF "
    local _, found = shell.run(command .. shell.quote(folders:match "^[^ ]+"))
    return tonumber(found)
  end

  for _, signal in ipairs { "INT", "TERM", "KILL" } do
    it("ends what its suites run when it is ended by SIG" .. signal, function()
      local script, where = os.tmpname(), os.tmpname()
      os.remove(where)
      local file = assert(io.open(script, "w"))
      file:write(suite)
      file:close()
      local command = shell.command {
        "build-aux/tally", "-j", "2", "status", "a suite",
        child.interpreter() .. " " .. script .. " " .. where, "status", "another", "sleep 3600; echo",
      }
      -- A shell has processes in the background ignore SIGINT, and env undoes that.
      local _, pid = shell.run("env --default-signal=INT " .. command .. " >/dev/null 2>&1 & echo $!")
      local folders
      timing.wait_until(function()
        folders = read(where)
        return folders:find " "
      end)
      assert.is_true(count(folders) > 3)
      assert(shell.run(("kill -%s %s"):format(signal, pid)))
      timing.wait_until(function() return count(folders) == 0 end)
      os.remove(script)
      os.remove(where)
    end)
  end
end)
