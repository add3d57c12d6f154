-- The key, tokens and passwords of proxies are nowhere to be seen, whatever goes wrong: not in errors,
-- not in what is raised, not in what objects become as strings, not on stderr, and not in memory that
-- our C has given back.
local child = require "spec.support.child"
local leak_cases = require "spec.support.leak_cases"
local host = require "spec.support.host"
local secrets = require "spec.support.secrets"

-- Of a token all is known to be one that follows its underscore, and so the beginning of that is looked for.
local watched = { leak_cases.key, leak_cases.token_secret:sub(1, 10), leak_cases.password }

local function assert_tells_nothing(text)
  for _, secret in ipairs(watched) do
    local told = secrets.trace(text, secret)
    if told then
      error(("a secret is in %q"):format(told), 0)
    end
  end
end

describe("what can be seen of a client has no secret, with", function()
  local stage, seen

  setup(function()
    stage = leak_cases.stage(function(value)
      seen = seen + 1
      for _, text in ipairs(secrets.texts(value)) do
        assert_tells_nothing(text)
      end
    end)
  end)

  teardown(function()
    stage.strike()
  end)

  for _, case in ipairs(leak_cases.all) do
    it(case.name, function()
      seen = 0
      case.play(stage)
      assert.is_true(seen > 0)
    end)
  end
end)

-- Errors that nobody catches, callbacks' errors, and whatever a library may write by itself.
it("a process that goes through all of it writes no secret, neither by stdout nor by stderr", function()
  local result = child.run [[
    local leak_cases = require "spec.support.leak_cases"
    local stage = leak_cases.stage(function(value) print(value) end)
    for _, case in ipairs(leak_cases.all) do
      print(case.name)
      case.play(stage)
    end
    stage.strike()
    local ngrok = require "ngrok"
    local function refuse()
      return { status = 401, headers = {}, body = '{"msg":"no ' .. leak_cases.key .. '"}' }
    end
    for credential in ngrok.client({ api_key = leak_cases.key, transport = refuse }).credentials:list() do end
  ]]
  assert.equal(1, result.status)
  assert.truthy(result.errors:find("another callback failed", 1, true))
  assert.truthy(result.errors:find("[redacted]", 1, true))
  assert.truthy(result.output:find("a transport that raises the key", 1, true))
  for _, text in ipairs { result.output, result.errors } do
    for line in text:gmatch "[^\n]+" do
      assert_tells_nothing(line)
    end
  end
end)

-- The environment's proxies have passwords, too, and libcurl quotes what it cannot read.
for name, proxy in pairs {
  ["cannot be read"] = "http://user:" .. leak_cases.password .. "@host:99999",
  ["has no address"] = "http://user:" .. leak_cases.password .. "@proxy.invalid:1",
  ["refuses"] = "socks5h://user:" .. leak_cases.password .. "@127.0.0.1:1",
} do
  it("a proxy of the environment that " .. name .. " is named without its password", function()
    local result = child.run([[
      local ngrok = require "ngrok"
      local client = assert(ngrok.client {
        api_key = "FIRST_SECOND", base_url = "https://api.invalid", max_retries = 0, rate_limit = false,
      })
      local _, err = client.credentials:create()
      for _, text in ipairs(require("spec.support.secrets").texts(err)) do print(text) end
      client:close()
    ]], { https_proxy = proxy })
    assert.equal(0, result.status, result.errors)
    assert.truthy(result.output:find("proxy", 1, true))
    assert_tells_nothing(result.output)
    assert_tells_nothing(result.errors)
  end)
end

-- In builds whose allocations are looked through, in a state of their own.
describe("no memory that our C gives back has a secret, after", function()
  local state

  setup(function()
    state = host.state()
    assert(state:run [[
      leak_cases = require "spec.support.leak_cases"
      stage = leak_cases.stage(function() end)
      cases = {}
      for _, case in ipairs(leak_cases.all) do cases[case.name] = case end
      function play(name)
        cases[name].play(stage)
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

  local function assert_clean()
    local count, first = host.given_back()
    assert.equal(0, count, first)
    assert.equal(0, host.kept(), "a closed client's memory has a secret")
  end

  for _, case in ipairs(leak_cases.all) do
    it(case.name, function()
      host.watch(leak_cases.key, leak_cases.token_secret, leak_cases.password)
      assert(state:run("play(...)", case.name))
      assert_clean()
    end)
  end
end)
