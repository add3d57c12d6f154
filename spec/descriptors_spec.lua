-- A process that has used up its descriptors: garbage gives them back, and errors say what is missing.
local child = require "spec.support.child"
local wires = require "spec.support.wires"

local few = { "sh", "-c", 'ulimit -n 64; exec "$@"', "sh" }

local prelude = [[
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

local advice = "too many files are open; close unused clients, "
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
    local program = child.client_code(wires.client_options(emu)) .. prelude .. code
    local result = child.run(program, child.state_left_open, few)
    assert.equal("", result.errors)
    return (result.output:gsub("\n$", ""))
  end

  for _, retries in ipairs { 0, 3 } do
    it(("can make a client for each job and close none, with max_retries = %d"):format(retries), function()
      assert.equal("done", run(([[
        for job = 1, 60 do
          assert(new_client({ max_retries = %d }).credentials:create())
        end
        print "done"
      ]]):format(retries)))
    end)
  end

  it("gets an error when it makes a client, and can make one later", function()
    assert.equal("invalid\tvalidate\tnot_sent\tno file descriptor is free: " .. advice .. "\ntrue", run [[
      new_client() -- loads the modules
      use_up()
      collectgarbage()
      use_up()
      local client, err = ngrok.client(client_options())
      show(err)
      give_back()
      print((assert(new_client().credentials:create())) ~= nil)
    ]])
  end)

  it("gets an error when the modules of its first client cannot be loaded", function()
    local told = "invalid\tvalidate\tnot_sent\tno file descriptor is free: " .. advice
    assert.equal(("\n" .. told):rep(4):sub(2) .. "\nnil\ntrue", run [[
      use_up()
      show(select(2, ngrok.client(client_options())))
      show(select(2, ngrok.client(client_options { loop = "block" })))
      give_back()
      require "cqueues"
      require "ngrok.curl"
      use_up()
      show(select(2, ngrok.client(client_options())))
      show(select(2, ngrok.client(client_options { loop = "cqueues" })))
      give_back()
      print(package.loaded["ngrok.transport.resty"]) -- which serves nginx alone
      print((assert(new_client().credentials:create())) ~= nil)
    ]])
  end)

  -- Only Lua 5.4 reports finalizers' errors as warnings. They crash LuaJIT's compiled code.
  it("gets its error although a foreign finalizer raises", function()
    assert.equal("connect\nvalidate", run [[
      if rawget(_G, "jit") then jit.off() end
      local litter = rawget(_G, "newproxy") and function()
        getmetatable(newproxy(true)).__gc = function() error "a stranger's" end
      end or function() end
      local credentials = new_client().credentials
      collectgarbage()
      collectgarbage "stop"
      use_up()
      litter()
      print(select(2, credentials:create()).phase)
      collectgarbage "stop"
      litter()
      print(select(2, ngrok.client(client_options())).phase)
    ]])
  end)

  it("gets an error when a connection cannot be made, and can make one later", function()
    local authority = emu.base_url:match "//([^/]+)"
    local message = ("no file descriptor is free for a connection to %s: %s"):format(authority, advice)
    assert.equal("transport\tconnect\tnot_sent\t" .. message .. "\ntrue", run [[
      local client = new_client()
      local credentials = client.credentials -- loads its description
      use_up()
      local _, err = credentials:create()
      show(err)
      give_back()
      print((assert(credentials:create())) ~= nil)
    ]])
  end)

  it("raises when a service cannot be loaded, and can load it later", function()
    assert.equal("false\tno file descriptor is free: " .. advice .. "\ntrue", run [[
      local client = new_client()
      local function create()
        return client.credentials:create()
      end
      use_up()
      print(pcall(create))
      give_back()
      print((assert(create())) ~= nil)
    ]])
  end)

  it("tries a connection again after clients that were left open have been collected", function()
    assert.equal("true", run [[
      local client = new_client { max_retries = 3 }
      do
        local dropped = new_client()
        assert(dropped.credentials:create())
      end
      use_up()
      print((assert(client.credentials:create())) ~= nil)
    ]])
  end)

  if wire.tls then
    it("gets an error when the certificates cannot be read", function()
      local authority = emu.base_url:match "//([^/]+)"
      local message = ("no file descriptor is free for a connection to %s: %s"):format(authority, advice)
      assert.equal("transport\ttls\tnot_sent\t" .. message, run [[
        local credentials = new_client().credentials
        use_up(1)
        local _, err = credentials:create()
        show(err)
      ]])
    end)

    it("gets an error when a name cannot be resolved", function()
      local message = "no file descriptor is free for a connection to ngrok-api.invalid:443: " .. advice
      assert.equal("transport\tresolve\tnot_sent\t" .. message, run [[
        local credentials = new_client({ base_url = "https://ngrok-api.invalid" }).credentials
        use_up()
        local _, err = credentials:create()
        show(err)
      ]])
    end)
  end
end)
