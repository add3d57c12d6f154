local child = require "spec.support.child"
local configuration = require "ngrok.emulator.configuration"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local driver = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "driver.lua")

local quote, run, exists, lives, eventually =
  driver.quote, driver.run, driver.exists, driver.lives, driver.eventually

local function worker_of(pid)
  return tonumber(run(("cat /proc/%d/task/%d/children"):format(pid, pid)):match("%d+"))
end

describe("an emulator in nginx", function()
  local emu

  local function start(options)
    emu = assert(emulator.start(options))
    return emu
  end

  after_each(function()
    if emu then
      emu:stop()
      emu = nil
    end
  end)

  describe("comes and goes:", function()
    it("stop leaves no process and no directory", function()
      start()
      local master, worker = emu.master.pid, worker_of(emu.master.pid)
      assert.is_true(lives(master) and lives(worker) and exists(emu.directory))
      emu:stop()
      assert.is_false(lives(master))
      assert.is_false(lives(worker))
      assert.is_false(exists(emu.directory))
    end)

    it("stop may be called twice", function()
      start():stop()
      emu:stop()
    end)

    it("its directory is for its owner alone", function()
      start()
      assert.equal("drwx------\n", run("ls -ld " .. quote(emu.directory) .. " | cut -c 1-10"))
    end)

    it("stop does not wait for requests that hang", function()
      start():misbehave { kind = "hang" }
      run("curl -s -m 20 " .. quote(emu.base_url .. "/credentials") .. " >/dev/null 2>&1 & echo")
      assert.is_true(eventually(10, function() return #emu:requests() == 1 end))
      local before = os.time()
      emu:stop()
      assert.is_true(os.time() - before <= 2)
    end)

    it("it ends with the block that it is closed in", function()
      start()
      getmetatable(emu).__close(emu)
      assert.is_false(lives(emu.master.pid))
    end)

    it("it ends when its directory is taken away", function()
      start()
      run("rm -rf " .. quote(emu.directory))
      assert.is_true(eventually(5, function() return not lives(emu.master.pid) end))
    end)

    it("what is asked of a stopped one raises", function()
      start():stop()
      assert.has_error(function() emu:requests() end, "the emulator is stopped")
    end)

    it("two do not get into each other's way", function()
      local other = assert(emulator.start())
      finally(function() other:stop() end)
      start():seed(1)
      assert.not_equal(other.base_url, emu.base_url)
      assert.not_equal(other.api_key, emu.api_key)
      assert.same({}, other:credentials())
    end)

    it("one that nobody refers to any more is collected", function()
      local pid
      do
        local forgotten = assert(emulator.start())
        pid = forgotten.master.pid
      end
      collectgarbage()
      collectgarbage()
      assert.is_true(eventually(5, function() return not lives(pid) end))
    end)

    -- A program that starts an emulator, says where, and then waits to be killed.
    local function program(ending, environment)
      local script = os.tmpname()
      local file = assert(io.open(script, "w"))
      file:write(([[
        package.path, package.cpath = %q, %q
        local emu = assert(require("ngrok.emulator").start())
        print(emu.master.pid, emu.owner.pid, emu.directory)
        io.stdout:flush()
        %s
      ]]):format(package.path, package.cpath, ending))
      file:close()
      local output = os.tmpname()
      run(("%s %s >%s 2>&1 & echo"):format(child.interpreter(environment), quote(script), quote(output)))
      local master, owner, directory
      local told = eventually(10, function()
        local text = run("cat " .. quote(output))
        master, owner, directory = text:match("^(%d+)%s+(%d+)%s+(%S+)\n")
        return master ~= nil
      end)
      os.remove(script)
      os.remove(output)
      assert.is_true(told)
      return tonumber(master), tonumber(owner), directory
    end

    it("it ends by itself when the program that started it is killed", function()
      local master, owner, directory = program "while true do end"
      assert.is_true(lives(master))
      run("kill -9 " .. owner)
      assert.is_true(eventually(5, function() return not lives(master) and not exists(directory) end))
    end)

    -- An executable file.
    local function script(text)
      local path = os.tmpname()
      local file = assert(io.open(path, "w"))
      file:write(text)
      file:close()
      run("chmod +x " .. quote(path))
      finally(function() os.remove(path) end)
      return path
    end

    it("it ends by itself when the program is killed while it starts", function()
      local folder = run("mktemp -d"):match "[^\n]+"
      finally(function() run("rm -rf " .. quote(folder)) end)
      local openssl = script(([[#!/bin/sh
        case $1 in rand) kill -9 $(cat %s/pid) ;; esac
        exec openssl "$@"
      ]]):format(folder))
      local ended = child.run(([[
        local file = io.open(%q, "w")
        file:write(require("ngrok.emulator.process").own_id())
        file:close()
        require("ngrok.emulator").start { tls = true, openssl = %q }
      ]]):format(folder .. "/pid", openssl), { TMPDIR = folder })
      assert.equal(128 + 9, ended.status)
      assert.is_true(eventually(5, function() return run("ls " .. quote(folder)) == "pid\n" end))
    end)

    it("it ends with the program that started it", function()
      local master, _, directory = program ""
      assert.is_true(eventually(5, function() return not lives(master) and not exists(directory) end))
    end)

    it("it ends although the program left without cleaning up", function()
      local master, _, directory = program("os.exit(1)", child.state_left_open)
      assert.is_true(eventually(5, function() return not lives(master) and not exists(directory) end))
    end)

    it("where nginx cannot run Lua, it says what is missing", function()
      local none, message = emulator.start { nginx = "/bin/false" }
      assert.is_nil(none)
      assert.truthy(message:find("libnginx-mod-http-lua", 1, true))
    end)

    it("where nginx's Lua finds no lua-cjson, it says so", function()
      -- An nginx with another path for modules in C.
      local none, message = emulator.start { nginx = script(([[#!/bin/sh
        for word; do case $word in
          */nginx.conf) sed -i 's|lua_check_client_abort|lua_package_cpath "/none/?.so"; &|' "$word" ;;
        esac; done
        exec %s "$@"
      ]]):format(configuration.find().binary)) }
      assert.is_nil(none)
      assert.equal("the emulator's server needs lua-cjson for nginx's LuaJIT (Debian's package lua-cjson, or "
        .. "luarocks --lua-version=5.1 install lua-cjson)", message)
    end)

    it("the account's limits are those that were asked for", function()
      start { admin = false, inactive_owners = { "usr_2" }, plan = { acl_rules = {} } }
      local client = assert(ngrok.client {
        api_key = emu.api_key, base_url = emu.base_url, max_retries = 0, rate_limit = false,
      })
      local function refusal(attributes)
        return select(2, client.credentials:create(attributes))
      end
      local unpaid, forbidden = refusal { acl = { "bind:a.com" } }, refusal { owner_id = "usr_2" }
      client:close()
      assert.is_true(unpaid:is "ERR_NGROK_620")
      assert.equal("rejected", unpaid.outcome)
      assert.is_true(forbidden:is "ERR_NGROK_630")
    end)
  end)
end)
