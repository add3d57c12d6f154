-- What a program may have set up around the library: its locale, its globals, its umask, its memory.
local child = require "spec.support.child"
local comma_locale = require "spec.support.comma_locale"
local shell = require "ngrok.emulator.shell"

local function succeeds(ran, output)
  assert.same({ status = 0, output = output or "", errors = "" }, ran)
end

describe("Under a locale with a decimal comma", function()
  local name, environment, folder

  setup(function()
    name, environment, folder = comma_locale.find()
    environment = environment or {}
    environment.SPEC_LEAKS = "none" -- glibc's setlocale leaks the path that it has read
  end)

  teardown(function()
    if folder then
      shell.run("rm -rf " .. shell.quote(folder))
    end
  end)

  -- The program loads the library before it chooses its locale.
  local function run(code)
    if not name then
      return pending("no locale with a decimal comma can be had here")
    end
    succeeds(child.run(([[
      local ngrok, emulator = require "ngrok", require "ngrok.emulator"
      local function with_comma()
        assert(os.setlocale("%s", "numeric"))
      end
      local function with_point()
        assert(os.setlocale("C", "numeric"))
      end
      %s
    ]]):format(name, code), environment))
  end

  it("responses with fractions are read, and again when the locale changes back", function()
    run [[
      local emu = emulator.new()
      local client = assert(ngrok.client { transport = emu, max_retries = 0 })
      local function get(fault)
        fault.kind = "body"
        emu:misbehave(fault)
        return client.credentials:get "cr_1"
      end
      for _, choose in ipairs { with_comma, with_point, with_comma } do
        choose()
        local credential = assert(get { body = '{"id":"cr_1","acl":[],"weight":1.5}' })
        assert(credential.weight == 3 / 2)
        local _, err = get { status = 400, body = '{"error_code":"ERR_NGROK_1","details":{"weight":1.5}}' }
        assert(err.code == "ERR_NGROK_1" and err.details.weight == 3 / 2)
      end
      client:close()
    ]]
  end)

  it("messages write seconds with a point", function()
    run [[
      local emu = emulator.new()
      with_comma()
      local client = assert(ngrok.client { transport = emu, max_retries = 0, timeout = 1 / 16 })
      emu:misbehave { kind = "hang" }
      local _, err = client.credentials:get "cr_1"
      assert(err.message == "no response within timeout (0.0625 s)", err.message)
    ]]
  end)

  it("an emulator in process writes Retry-After with a point", function()
    run [[
      local emu = emulator.new()
      with_comma()
      for seconds, written in pairs { [3 / 2] = "1.500", [60] = "60", [999999999] = "999999999" } do
        emu:misbehave { kind = "status", status = 429, retry_after = seconds }
        local response = emu({ method = "GET", url = "https://api.ngrok.com/", headers = {} }, error)
        assert(response.headers["retry-after"] == written, response.headers["retry-after"])
      end
    ]]
  end)

  it("an emulator behind a server obeys", function()
    run [[
      local server = assert(emulator.start())
      local client = assert(ngrok.client { base_url = server.base_url, api_key = server.api_key })
      with_comma()
      server:misbehave { kind = "delay", seconds = 1 / 16 }
      local credential = assert(client.credentials:create { description = "d" })
      assert(server:credentials()[1].id == credential.id)
      client:close()
      server:stop()
    ]]
  end)
end)

describe("Among strict globals", function()
  it("everything works, an emulator behind a server included", function()
    succeeds(child.run [[
      -- luv itself looks for a global that may be absent.
      pcall(require, "luv")
      local function refuse(_, name)
        error("global " .. tostring(name), 2)
      end
      setmetatable(_G, { __index = refuse, __newindex = refuse })

      local ngrok, emulator = require "ngrok", require "ngrok.emulator"
      for _, module in ipairs {
        "error", "health", "listing", "trace", "loop.auto", "loop.block", "loop.cqueues", "loop.suspension",
        "loop.tick", "loop.uv", "transport.call",
      } do
        require("ngrok." .. module)
      end

      local function use(client)
        local credential = assert(client.credentials:create { description = "d", acl = { "bind:*" } })
        assert(credential:update { description = "e" })
        assert(credential:reload():permits "x.example.com")
        assert(#assert(client.credentials:list():all()) == 1)
        assert(credential:delete())
        assert(client.credentials:get(credential.id) == nil)
        client.credentials:get("cr_none", { on_done = function() end }):result()
        client:close()
      end

      local server = assert(emulator.start())
      use(assert(ngrok.client {
        base_url = server.base_url, api_key = server.api_key, on_event = function() end,
      }))
      server:stop()
      use(assert(ngrok.client { transport = emulator.new() }))
    ]])
  end)
end)

describe("Under a narrow umask", function()
  it("an emulator behind a server works, with TLS and large bodies", function()
    succeeds(child.run([[
      local ngrok, emulator = require "ngrok", require "ngrok.emulator"
      local server = assert(emulator.start { tls = true })
      local client = assert(ngrok.client {
        base_url = server.base_url, api_key = server.api_key, ca_file = server.ca_file, max_retries = 0,
      })
      assert(client.credentials:create { description = "d" })
      -- More than nginx keeps in memory goes through a file.
      local _, err = client.credentials:create({ metadata = ("m"):rep(2 ^ 21) }, { validate = false })
      assert(err.code == "ERR_NGROK_605", tostring(err))
      client:close()
      server:stop()
    ]], {}, { "sh", "-c", 'umask 077; exec "$@"', "sh" }))
  end)
end)

-- lua-cjson ends the process where it gets no memory.
describe("With too little memory to decode a response", function()
  it("the core raises, and the process lives", function()
    if os.getenv "SPEC_LAUNCHER" or os.getenv "SPEC_PRELOAD" then
      return -- they take more address space than there is
    end
    local run = child.run([[
      local core = require "ngrok.core"
      local body = '["' .. ("x"):rep(12 * 2 ^ 20) .. '"]'
      local ballast = {}
      local function fill()
        for index = #ballast + 1, 1000 do
          ballast[index] = ("b"):rep(2 ^ 20) .. index
        end
      end
      assert(not pcall(fill))
      for _ = 1, 4 do
        ballast[#ballast] = nil
      end
      collectgarbage()
      print(pcall(core.decode, body))
      ballast = nil
      collectgarbage()
      print(("%d"):format(#core.decode(body)[1]))
    ]], nil, { "sh", "-c", "ulimit -v 262144; exec \"$@\"", "sh" })
    assert.same({ 0, "" }, { run.status, run.errors })
    assert.truthy(run.output:find("^false\t[^\n]*not enough memory\n12582912"), run.output)
  end)
end)
