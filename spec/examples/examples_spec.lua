-- The examples, run as a reader would run them.

local child = require "spec.support.child"
local emulator = require "ngrok.emulator"

local function run(command)
  local pipe = assert(io.popen(command .. "; echo \"status $?\""))
  local output = pipe:read("*a")
  pipe:close()
  return output:match("^(.*)status (%d+)\n$")
end

describe("examples/script/provision.lua", function()
  local server

  setup(function()
    server = assert(emulator.start())
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:reset()
  end)

  local function provision(names, key)
    return run(("NGROK_BASE_URL=%s NGROK_API_KEY=%s %s examples/script/provision.lua %s 2>&1"):format(
      server.base_url, key or server.api_key, child.interpreter(), names))
  end

  it("prints a token for each device and leaves each its own domain", function()
    local output, status = provision("alpha beta")
    assert.equal("0", status)
    assert.truthy(output:find("^alpha\tcr_%w+\t%w+_%w+\nbeta\tcr_%w+\t%w+_%w+\n$"))
    local held = server:credentials()
    assert.equal(2, #held)
    assert.same({ "bind:beta.devices.example.com" }, held[1].acl)
  end)

  it("says what went wrong and ends with a status", function()
    local output, status = provision("alpha", "wrong_key")
    assert.equal("1", status)
    assert.truthy(output:find("credentials.create failed", 1, true))
    assert.is_nil(output:find("wrong_key", 1, true))
  end)
end)

describe("An example without arguments", function()
  for path, arguments in pairs {
    ["script/provision"] = "NAME ...", ["cqueues/service"] = "NAME ...", ["tick/server"] = "NAME ...",
    ["fetch/game"] = "NAME ...", ["luv/expire"] = "DAYS",
  } do
    it("says how it is used: examples/" .. path .. ".lua", function()
      local output, status = run(("%s examples/%s.lua 2>&1 >/dev/null"):format(child.interpreter(), path))
      assert.equal("2", status)
      assert.equal(("usage: %s.lua %s\n"):format(path:match("[^/]*$"), arguments), output)
    end)
  end
end)

describe("examples in a loop:", function()
  local server

  setup(function()
    server = assert(emulator.start())
  end)

  teardown(function()
    server:stop()
  end)

  before_each(function()
    server:reset()
  end)

  local function start(path, names, key)
    return run(("NGROK_BASE_URL=%s NGROK_API_KEY=%s %s %s %s 2>&1"):format(server.base_url,
      key or server.api_key, child.interpreter(), path, names))
  end

  it("examples/cqueues/service.lua provisions all devices", function()
    local output, status = start("examples/cqueues/service.lua", "alpha beta gamma delta epsilon")
    assert.equal("0", status, output)
    for _, name in ipairs { "alpha", "beta", "gamma", "delta", "epsilon" } do
      assert.truthy(output:find(name .. "\tcr_%w+\t%w+_%w+\n"), output)
    end
    assert.equal(5, #server:credentials())
  end)

  it("examples/cqueues/service.lua says what went wrong", function()
    local output, status = start("examples/cqueues/service.lua", "alpha", "wrong_key")
    assert.equal("1", status)
    assert.truthy(output:find("alpha: credentials.create failed", 1, true))
  end)

  it("examples/luv/expire.lua revokes what is old, and nothing else", function()
    server:seed(3, { created_at = "2020-01-01T00:00:00Z", description = "old" })
    server:seed(2, { description = "new" })
    local output, status = start("examples/luv/expire.lua", "30")
    assert.equal("0", status, output)
    assert.equal(3, select(2, output:gsub("cr_%w+\t2020%-01%-01T00:00:00Z\told\n", "")))
    local held = server:credentials()
    assert.same({ 2, "new", "new" }, { #held, held[1].description, held[2].description })
  end)

  it("examples/luv/expire.lua says what went wrong, of a list and of a revocation", function()
    local output, status = start("examples/luv/expire.lua", "30", "wrong_key")
    assert.equal("1", status)
    assert.truthy(output:find("credentials.list failed", 1, true), output)
    server:seed(2, { created_at = "2020-01-01T00:00:00Z" })
    server:misbehave { kind = "status", status = 403, method = "DELETE" }
    output, status = start("examples/luv/expire.lua", "30")
    assert.equal("1", status)
    assert.truthy(output:find("credentials.delete failed", 1, true), output)
    assert.equal(1, #server:credentials())
  end)

  it("examples/tick/server.lua says whom it could not serve", function()
    server:misbehave { kind = "status", status = 403, method = "POST" }
    local output, status = start("examples/tick/server.lua", "ada grace")
    assert.equal("1", status)
    assert.truthy(output:find("\tfailed:\tcredentials.create failed", 1, true), output)
    assert.truthy(output:find("has left", 1, true), output)
  end)

  it("examples/tick/server.lua gives each player a credential and takes it back", function()
    local output, status = start("examples/tick/server.lua", "ada grace edsger")
    assert.equal("0", status, output)
    for _, name in ipairs { "ada", "grace", "edsger" } do
      assert.truthy(output:find("%d+:\t" .. name .. "\tplays on\tcr_%w+\n"), output)
      assert.truthy(output:find("%d+:\t" .. name .. "\thas left\n"), output)
    end
    assert.equal(0, #server:credentials())
    local made = 0
    for _, request in ipairs(server:requests()) do
      made = made + (request.method == "POST" and 1 or 0)
    end
    assert.equal(3, made)
  end)

  describe("examples/fetch/game.lua, over a host's fetch,", function()
    local path = "examples/fetch/game.lua"

    it("gives each player a credential", function()
      local output, status = start(path, "ada grace edsger")
      assert.equal("0", status, output)
      for _, name in ipairs { "ada", "grace", "edsger" } do
        assert.truthy(output:find(name .. "\tcr_%w+\t%w+_%w+\n"), output)
      end
      assert.equal(3, #server:credentials())
    end)

    it("sends again what the server was too busy for", function()
      server:misbehave { kind = "status", status = 429, retry_after = 0 }
      local output, status = start(path, "ada")
      assert.equal("0", status, output)
      assert.equal(2, #server:requests())
      assert.equal(1, #server:credentials())
    end)

    for _, kind in ipairs { "reset_after", "truncate" } do
      it("sends no create twice after " .. kind, function()
        server:misbehave { kind = kind }
        local output, status = start(path, "ada")
        assert.equal("1", status, output)
        assert.truthy(output:find("(transport, receive, unknown)", 1, true), output)
        assert.equal(1, #server:requests())
      end)
    end

    it("says what went wrong, and not the key", function()
      local output, status = start(path, "ada", "wrong_key")
      assert.equal("1", status, output)
      assert.truthy(output:find("ada: credentials.create failed", 1, true), output)
      assert.is_nil(output:find("wrong_key", 1, true), output)
    end)
  end)
end)
