-- A process that may have few descriptors, and has used them up: what is garbage gives them back, and errors
-- say what is missing.
local child = require "spec.support.child"
local wires = require "spec.support.wires"

local few = { "sh", "-c", 'ulimit -n 64; exec "$@"', "sh" }

local prelude = [[
  local ngrok = require "ngrok"

  local function new_client(given)
    local options = { api_key = %q, base_url = %q, ca_file = %s, max_retries = 0, rate_limit = false }
    for name, value in pairs(given or {}) do
      options[name] = value
    end
    return ngrok.client(options)
  end

  local taken = {}

  -- Opens files until no more, or so many more, can be opened.
  local function use_up(left)
    repeat
      local file = io.open "/dev/null"
      taken[#taken + 1] = file
    until not file
    for _ = 1, left or 0 do
      table.remove(taken):close()
    end
  end

  local function give_back()
    for _, file in ipairs(taken) do
      file:close()
    end
    taken = {}
  end

  local function show(err)
    print(err.kind, err.phase, err.outcome, err.message)
  end
]]

local advice = "too many files are open; close clients that are not used any more, "
  .. "or raise the limit (ulimit -n)"

wires.describe("a process with few descriptors", function(wire)
  local emu

  setup(function()
    emu = wire:start()
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  local function run(code)
    local ca_file = emu.ca_file and ("%q"):format(emu.ca_file) or "nil"
    local program = prelude:format(emu.api_key, emu.base_url, ca_file) .. code
    local result = child.run(program, child.state_left_open, few)
    assert.equal("", result.errors)
    return (result.output:gsub("\n$", ""))
  end

  for _, retries in ipairs { 0, 3 } do
    it(("may make a client for each job and close none, with max_retries = %d"):format(retries), function()
      assert.equal("done", run(([[
        for job = 1, 60 do
          assert(assert(new_client { max_retries = %d }).credentials:create())
        end
        print "done"
      ]]):format(retries)))
    end)
  end

  it("is told so where a client cannot be made, and can make one afterwards", function()
    assert.equal("invalid\tvalidate\tnot_sent\tno descriptor is free: " .. advice .. "\ntrue", run [[
      assert(new_client()) -- whatever is loaded, is loaded now
      use_up()
      collectgarbage()
      use_up()
      local client, err = new_client()
      show(err)
      give_back()
      print((assert(assert(new_client()).credentials:create())) ~= nil)
    ]])
  end)

  it("is told so where the parts of the first client cannot be loaded", function()
    local told = "invalid\tvalidate\tnot_sent\tno descriptor is free: " .. advice
    assert.equal(("\n" .. told):rep(4):sub(2) .. "\nnil\ntrue", run [[
      use_up()
      show(select(2, new_client()))
      show(select(2, new_client { loop = "block" }))
      give_back()
      require "cqueues"
      require "ngrok.curl"
      use_up()
      show(select(2, new_client()))
      show(select(2, new_client { loop = "cqueues" }))
      give_back()
      print(package.loaded["ngrok.transport.resty"]) -- which serves nginx alone
      print((assert(assert(new_client()).credentials:create())) ~= nil)
    ]])
  end)

  -- Lua 5.4 alone keeps finalizers' errors to itself. LuaJIT's compiled code crashes of them.
  it("is told so, too, where a finalizer of somebody else's raises", function()
    assert.equal("connect\nvalidate", run [[
      if rawget(_G, "jit") then jit.off() end
      local litter = rawget(_G, "newproxy") and function()
        getmetatable(newproxy(true)).__gc = function() error "a stranger's" end
      end or function() end
      local client = assert(new_client())
      collectgarbage()
      collectgarbage "stop"
      use_up()
      litter()
      print(select(2, client.credentials:create()).phase)
      collectgarbage "stop"
      litter()
      print(select(2, new_client()).phase)
    ]])
  end)

  it("is told so where a connection cannot be made, and can make one afterwards", function()
    local authority = emu.base_url:match "//([^/]+)"
    local message = ("no descriptor is free for a connection to %s: %s"):format(authority, advice)
    assert.equal("transport\tconnect\tnot_sent\t" .. message .. "\ntrue", run [[
      local client = assert(new_client())
      use_up()
      local _, err = client.credentials:create()
      show(err)
      give_back()
      print((assert(client.credentials:create())) ~= nil)
    ]])
  end)

  it("tries again where a connection cannot be made, once clients that nobody has closed are gone", function()
    assert.equal("true", run [[
      local client = assert(new_client { max_retries = 3 })
      do
        local dropped = assert(new_client())
        assert(dropped.credentials:create())
      end
      use_up()
      print((assert(client.credentials:create())) ~= nil)
    ]])
  end)

  if wire.tls then
    it("is told so where the certificates cannot be read", function()
      local authority = emu.base_url:match "//([^/]+)"
      local message = ("no descriptor is free for a connection to %s: %s"):format(authority, advice)
      assert.equal("transport\ttls\tnot_sent\t" .. message, run [[
        local client = assert(new_client())
        use_up(1)
        local _, err = client.credentials:create()
        show(err)
      ]])
    end)

    it("is told so where a name cannot be looked up", function()
      local message = "no descriptor is free for a connection to ngrok-api.invalid:443: " .. advice
      assert.equal("transport\tresolve\tnot_sent\t" .. message, run [[
        local client = assert(new_client { base_url = "https://ngrok-api.invalid" })
        use_up()
        local _, err = client.credentials:create()
        show(err)
      ]])
    end)
  end
end)
