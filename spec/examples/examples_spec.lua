-- The examples, run as a reader runs them.
local child = require "spec.support.child"
local emulator = require "ngrok.emulator"

describe("examples:", function()
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

  -- Returns what it prints, to stderr too.
  local function run(expected_status, path, arguments, key)
    local pipe = assert(io.popen(('NGROK_BASE_URL=%s NGROK_API_KEY=%s %s examples/%s.lua %s 2>&1; echo "$?"')
      :format(server.base_url, key or server.api_key, child.interpreter(), path, arguments)))
    local output, status = pipe:read("*a"):match("^(.*)(%d+)\n$")
    pipe:close()
    assert.equal(tostring(expected_status), status, output)
    return output
  end

  local function assert_has(text, output)
    assert.truthy(output:find(text, 1, true), output)
  end

  for path, arguments in pairs {
    ["script/provision"] = "NAME ...", ["cqueues/service"] = "NAME ...", ["tick/server"] = "NAME ...",
    ["fetch/game"] = "NAME ...", ["luv/expire"] = "DAYS",
  } do
    it(path .. " prints its usage when it has no arguments", function()
      assert.equal(("usage: %s.lua %s\n"):format(path:match("[^/]*$"), arguments), run(2, path, ""))
    end)
  end

  for _, path in ipairs { "script/provision", "cqueues/service", "fetch/game" } do
    it(path .. " prints a token for each device, which has its own domain", function()
      local output = run(0, path, "ada grace edsger")
      for _, name in ipairs { "ada", "grace", "edsger" } do
        assert.truthy(output:find(name .. "\tcr_%w+\t%w+_%w+\n"), output)
      end
      local names = {}
      for index, held in ipairs(server:credentials()) do
        names[index] = held.acl[1]:match "^bind:(%w+)%."
      end
      table.sort(names)
      assert.same({ "ada", "edsger", "grace" }, names)
    end)

    it(path .. " prints what went wrong, without the key", function()
      local output = run(1, path, "ada", "wrong_key")
      assert_has("credentials.create failed", output)
      assert.is_nil(output:find("wrong_key", 1, true))
    end)
  end

  it("luv/expire revokes old credentials, and no others", function()
    server:seed(3, { created_at = "2020-01-01T00:00:00Z", description = "old" })
    server:seed(2, { description = "new" })
    local output = run(0, "luv/expire", "30")
    assert.equal(3, select(2, output:gsub("cr_%w+\t2020%-01%-01T00:00:00Z\told\n", "")))
    local held = server:credentials()
    assert.same({ 2, "new", "new" }, { #held, held[1].description, held[2].description })
  end)

  it("luv/expire prints what went wrong with a list and with a revocation", function()
    assert_has("credentials.list failed", run(1, "luv/expire", "30", "wrong_key"))
    server:seed(2, { created_at = "2020-01-01T00:00:00Z" })
    server:misbehave { kind = "status", status = 403, method = "DELETE" }
    assert_has("credentials.delete failed", run(1, "luv/expire", "30"))
    assert.equal(1, #server:credentials())
  end)

  it("tick/server gives each player a credential and revokes it", function()
    local output = run(0, "tick/server", "ada grace edsger")
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

  it("tick/server prints which player it could not serve", function()
    server:misbehave { kind = "status", status = 403, method = "POST" }
    local output = run(1, "tick/server", "ada grace")
    assert_has("\tfailed:\tcredentials.create failed", output)
    assert_has("has left", output)
  end)

  it("fetch/game sends again after a 429", function()
    server:misbehave { kind = "status", status = 429, retry_after = 0 }
    run(0, "fetch/game", "ada")
    assert.same({ 2, 1 }, { #server:requests(), #server:credentials() })
  end)

  it("fetch/game sends no create again after a broken connection", function()
    for _, kind in ipairs { "reset_after", "truncate" } do
      local before = #server:requests()
      server:misbehave { kind = kind }
      assert_has("(transport, receive, unknown)", run(1, "fetch/game", "ada"))
      assert.equal(1, #server:requests() - before)
    end
  end)
end)
