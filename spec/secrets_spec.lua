-- The key, tokens and passwords of proxies show nowhere, whatever goes wrong: not in errors, not in what
-- objects become as strings, not on stdout or stderr, and not in memory that our C has given back.
local child = require "spec.support.child"
local host = require "spec.support.host"
local leak_cases = require "spec.support.leak_cases"

-- In a state of its own, whose builds of our C have their allocations searched.
describe("no value shows a secret, and no memory that our C gives back has one, with", function()
  local state

  setup(function()
    state = host.state()
    assert(state:run [[
      local leak_cases = require "spec.support.leak_cases"
      local secrets = require "spec.support.secrets"
      local cases, seen = {}, 0
      for _, case in ipairs(leak_cases.all) do
        cases[case.name] = case
      end
      stage = leak_cases.stage(function(value)
        seen = seen + 1
        for _, text in ipairs(secrets.texts(value)) do
          leak_cases.check(text)
        end
      end)
      function play(name)
        seen = 0
        cases[name].play(stage)
        assert(seen > 0)
        collectgarbage()
        collectgarbage()
      end
    ]])
  end)

  teardown(function()
    host.watch()
    assert(state:run "stage.strike()")
    state:close()
  end)

  for _, case in ipairs(leak_cases.all) do
    it(case.name, function()
      host.watch(leak_cases.key, leak_cases.token_secret, leak_cases.password)
      assert(state:run("play(...)", case.name))
      local count, first = host.given_back()
      assert.equal(0, count, first)
      assert.equal(0, host.kept(), "a closed client's memory has a secret")
    end)
  end
end)

-- By an error that nobody catches, by a callback's, or by a library of ours.
it("a process with all of these cases writes no secret to stdout or stderr", function()
  local result = child.run [[
    local leak_cases = require "spec.support.leak_cases"
    local stage = leak_cases.stage(function(value) print(value) end)
    for _, case in ipairs(leak_cases.all) do
      print(case.name)
      case.play(stage)
    end
    stage.strike()
    local function refuse()
      return { status = 401, headers = {}, body = '{"msg":"no ' .. leak_cases.key .. '"}' }
    end
    -- Clients with one key share a limit, and those of the cases have used it.
    local client = require("ngrok").client {
      api_key = leak_cases.key, transport = refuse, rate_limit = false,
    }
    for credential in client.credentials:list() do end
  ]]
  assert.equal(1, result.status)
  assert.matches("another callback failed", result.errors, 1, true)
  assert.matches("[redacted]", result.errors, 1, true)
  assert.matches("a transport that raises the key", result.output, 1, true)
  for line in (result.output .. result.errors):gmatch "[^\n]+" do
    leak_cases.check(line)
  end
end)

-- libcurl quotes a proxy that it cannot read.
for name, proxy in pairs {
  ["cannot be read"] = "http://user:" .. leak_cases.password .. "@host:99999",
  ["has no address"] = "http://user:" .. leak_cases.password .. "@proxy.invalid:1",
  ["refuses"] = "socks5h://user:" .. leak_cases.password .. "@127.0.0.1:1",
} do
  it("a proxy of the environment that " .. name .. " is named without its password", function()
    local result = child.run(child.client_code {
      api_key = "FIRST_SECOND", base_url = "https://api.invalid", max_retries = 0, rate_limit = false,
    } .. [[
      local client = new_client()
      local _, err = client.credentials:create()
      for _, text in ipairs(require("spec.support.secrets").texts(err)) do print(text) end
      client:close()
    ]], { https_proxy = proxy })
    assert.equal(0, result.status, result.errors)
    assert.matches("proxy", result.output, 1, true)
    leak_cases.check(result.output .. result.errors)
  end)
end
