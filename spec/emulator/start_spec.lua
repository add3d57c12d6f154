local child = require "spec.support.child"
local configuration = require "ngrok.emulator.configuration"
local driver = require "spec.emulator.driver"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"

local quote, run, exists, lives = driver.quote, driver.run, driver.exists, driver.lives

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

  it("leaves no process and no directory after stop, which may be called twice", function()
    start()
    local master, worker = emu.master.pid, worker_of(emu.master.pid)
    assert.is_true(lives(master) and lives(worker) and exists(emu.directory))
    assert.equal("drwx------\n", run("ls -ld " .. quote(emu.directory) .. " | cut -c 1-10"))
    emu:stop()
    assert.is_false(lives(master) or lives(worker) or exists(emu.directory))
    emu:stop()
    assert.has_error(function() emu:requests() end, "the emulator is stopped")
  end)

  it("stops without waiting for requests that hang", function()
    start():misbehave { kind = "hang" }
    run("curl -s -m 20 " .. quote(emu.base_url .. "/credentials") .. " >/dev/null 2>&1 & echo")
    timing.wait_until(function() return #emu:requests() == 1 end)
    local before = os.time()
    emu:stop()
    assert.is_true(os.time() - before <= 2)
  end)

  it("ends with the block that it is closed in", function()
    start()
    getmetatable(emu).__close(emu)
    assert.is_false(lives(emu.master.pid))
  end)

  it("ends when its directory is taken away", function()
    start()
    run("rm -rf " .. quote(emu.directory))
    timing.wait_until(function() return not lives(emu.master.pid) end)
  end)

  it("is another one each time", function()
    local other = assert(emulator.start())
    finally(function() other:stop() end)
    start():seed(1)
    assert.not_equal(other.base_url, emu.base_url)
    assert.not_equal(other.api_key, emu.api_key)
    assert.same({}, other:credentials())
  end)

  it("is collected when no reference to it is left", function()
    local pid
    do
      local forgotten = assert(emulator.start())
      pid = forgotten.master.pid
    end
    collectgarbage()
    collectgarbage()
    timing.wait_until(function() return not lives(pid) end)
  end)

  describe("ends by itself when the program that started it", function()
    local folder

    before_each(function()
      folder = run("mktemp -d"):match "[^\n]+"
    end)

    after_each(function()
      run("rm -rf " .. quote(folder))
    end)

    -- Runs a program that says which process it is, starts an emulator with its directory in `folder`, and
    -- ends.
    local function play(ending, environment, options)
      environment = environment or {}
      environment.TMPDIR = folder
      local ended = child.run(([[
        local file = io.open(%q, "w")
        file:write(require("ngrok.emulator.process").own_id())
        file:close()
        local emu = assert(require("ngrok.emulator").start { %s })
        print(emu.master.pid)
        %s
      ]]):format(folder .. "/pid", options or "", ending), environment)
      local master = tonumber(ended.output)
      timing.wait_until(function()
        return not (master and lives(master)) and run("ls " .. quote(folder)) == "pid\n"
      end)
      return ended
    end

    local kill = "os.execute('kill -9 ' .. emu.owner.pid)"

    it("is killed", function()
      assert.equal(128 + 9, play(kill).status)
    end)

    it("is killed while it starts", function()
      local openssl = driver.script(([[
        case $1 in rand) kill -9 $(cat %s/pid) ;; esac
        exec openssl "$@"
      ]]):format(folder), finally)
      assert.equal(128 + 9, play("", {}, ("tls = true, openssl = %q"):format(openssl)).status)
    end)

    it("ends", function()
      assert.equal(0, play("").status)
    end)

    it("ends without cleaning up", function()
      assert.equal(1, play("os.exit(1)", { SPEC_LEAKS = child.state_left_open.SPEC_LEAKS }).status)
    end)
  end)

  it("takes commands only with the key that its starter has", function()
    local conf = run("cat " .. quote(start().directory .. "/nginx.conf"))
    local url = "http://" .. conf:match("listen (127%.0%.0%.1:%d+);\n    gzip off")
    local with_key = " -H 'Authorization: Bearer " .. emu.api_key .. "'"
    local command = "curl -s -o /dev/null -w '%{http_code} ' -d '{\"name\":\"reset\"}' "
    emu:seed(1)
    assert.equal("403 403 ", run(command .. url .. with_key .. "; " .. command .. url))
    assert.equal(1, #emu:credentials())
  end)

  it("says what is missing where nginx cannot run Lua", function()
    local none, message = emulator.start { nginx = "/bin/false" }
    assert.is_nil(none)
    assert.matches("libnginx-mod-http-lua", message, 1, true)
  end)

  it("says so where nginx's Lua finds no lua-cjson", function()
    -- An nginx with another path for modules in C.
    local none, message = emulator.start { nginx = driver.script(([[
      for word; do case $word in
        */nginx.conf) sed -i 's|lua_check_client_abort|lua_package_cpath "/none/?.so"; &|' "$word" ;;
      esac; done
      exec %s "$@"
    ]]):format(configuration.find().binary), finally) }
    assert.is_nil(none)
    assert.equal("the emulator's server needs lua-cjson for nginx's LuaJIT (Debian's package lua-cjson, or "
      .. "luarocks --lua-version=5.1 install lua-cjson)", message)
  end)

  it("has the account that was asked for", function()
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
