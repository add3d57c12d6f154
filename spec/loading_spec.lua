-- What is loaded when: a service once it is first used, and all else that operations need once a client is
-- made.
local child = require "spec.support.child"

-- Each makes calls where nothing can be loaded any more.
local programs = {
  ["in a script"] = [[
    local client = make()
    out_of_reach()
    use(client, function() client:step(0) end)
    client:close()
  ]],
  ["in cqueues"] = [[
    local cqueues = require "cqueues"
    local client = make()
    out_of_reach()
    local controller = cqueues.new()
    controller:wrap(function() use(client, function() cqueues.poll(0) end) end)
    assert(controller:loop(5))
    client:close()
  ]],
  ["in cqueues only where that was loaded before, and says so"] = [[
    local client = make()
    local cqueues = require "cqueues"
    out_of_reach()
    local controller, err = cqueues.new(), nil
    controller:wrap(function() _, err = client.credentials:create() end)
    assert(controller:loop(5))
    assert(err.kind == "invalid" and err.message:find("before the client is made", 1, true), tostring(err))
    client:close()
    done = true
  ]],
}

local prelude = [[
  local ngrok = require "ngrok"
  local emulator = require "ngrok.emulator"
  local done = false

  local function make()
    local emu = emulator.new()
    local client = assert(ngrok.client { transport = emu })
    assert(client.credentials and emu:credentials())
    return client
  end

  -- As after a chroot.
  local function out_of_reach()
    package.path, package.cpath = "", ""
  end

  local function use(client, turn)
    local made = assert(client.credentials:create { description = "d" })
    assert(made:update { acl = { "bind:*.example.com" } }:permits("x.example.com"))
    for credential in client.credentials:list() do
      done = tostring(credential) ~= ""
    end
    local _, err = client.credentials:get "cr_none"
    assert(err:is_not_found(), tostring(err))
    client.credentials:delete(made.id, { on_done = function(value) done = done and value end })
    while client:pending() > 0 do
      turn()
    end
  end
]]

describe("require", function()
  it("loads no description of a resource, nor does making a client", function()
    local run = child.run [[
      local read = {}
      table.insert(package.searchers or package.loaders, 1, function(name) read[name] = true end)
      local client = require("ngrok").client { transport = require("ngrok.emulator").new() }
      local before = read["ngrok.api.credentials"]
      print(before, client.credentials ~= nil and read["ngrok.api.credentials"])
    ]]
    assert.same({ 0, "nil\ttrue\n", "" }, { run.status, run.output, run.errors })
  end)
end)

describe("The libcurl transport", function()
  it("loads no plugin of SASL, which libcurl's LDAP would have", function()
    local run = child.run [[
      require "ngrok.curl"
      local maps = io.open "/proc/self/maps"
      print(maps and maps:read "*a":match "[^\n]*/sasl2/[^\n]*")
    ]]
    assert.same({ 0, "nil\n", "" }, { run.status, run.output, run.errors })
  end)
end)

describe("A service", function()
  -- Strings that stay keep Lua's table of them from growing meanwhile. In the same order each time, the
  -- tables that all services share grow at the same ones. What LuaJIT compiles does not count.
  it("takes less than 20 KiB", function()
    local run = child.run [[
      if jit then jit.off() end
      local strings = {}
      for number = 1, 20000 do strings[number] = "a string " .. number end
      local function used()
        collectgarbage()
        collectgarbage()
        return collectgarbage "count"
      end
      local ngrok, index = require "ngrok", require "ngrok.api.index"
      local client = ngrok.client { transport = require("ngrok.emulator").new() }
      assert(client.credentials and client.backends and client.edges and client.edge_modules)
      local names, most, of = {}, 0, nil
      for name in pairs(index) do names[#names + 1] = name end
      table.sort(names)
      for _, name in ipairs(names) do
        local before, service = used(), client
        for part in name:gmatch "[^.]+" do service = service[part] end
        local taken = used() - before
        if taken > most then most, of = taken, name end
      end
      print(most < 20 and "fine" or of .. " takes " .. most)
    ]]
    assert.same({ 0, "fine\n", "" }, { run.status, run.output, run.errors })
  end)
end)

describe("A client whose modules are out of reach", function()
  for where, program in pairs(programs) do
    it("works " .. where, function()
      local run = child.run(prelude .. program .. 'print(done and "done" or "not done")')
      assert.same({ 0, "done\n", "" }, { run.status, run.output, run.errors })
    end)
  end
end)
