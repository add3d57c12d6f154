-- Where a server listens, and what its URIs say about that: the host that a request names.
local cjson = require "cjson"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local random = require "ngrok.emulator.random"
local port = require "ngrok.emulator.port"
local driver = require "spec.emulator.driver"

-- All pages, so that each next one's URI has to be one that the client follows. Returns a credential's URI.
local function walk(emu, base_url, transport)
  local client = assert(ngrok.client {
    base_url = base_url, api_key = emu.api_key, ca_file = emu.ca_file or nil, transport = transport,
  })
  emu:seed(3)
  local all, err = client.credentials:list({ limit = 1 }):all()
  client:close()
  assert.is_nil(err)
  assert.equal(3, #all)
  return all[1].uri
end

describe("an emulator's address", function()
  local emu, number

  setup(function()
    local generator, message = random.new(), nil
    for _ = 1, 5 do -- another program may be quicker
      number = port.pick(generator)
      emu, message = emulator.start { port = number }
      if emu then
        return
      end
    end
    error(message)
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
  end)

  it("has the port that was asked for", function()
    assert.equal("http://127.0.0.1:" .. number, emu.base_url)
    assert.matches(emu.base_url .. "/credentials/cr_", walk(emu, emu.base_url), 1, true)
  end)

  it("is followed in URIs by whatever name it is asked for", function()
    local base_url = "http://localhost:" .. number
    assert.matches(base_url .. "/credentials/cr_", walk(emu, base_url), 1, true)
    assert.equal(base_url, emu:requests()[1].base_url)
    local inside = emulator.new { base_url = "https://api.example.com" }
    local uri = walk(inside, "http://localhost:4040", inside)
    assert.matches("http://localhost:4040/credentials/cr_", uri, 1, true)
  end)

  it("is followed in URIs through a relay, for faults as well", function()
    emu:misbehave { kind = "next_page_uri" }:seed(1)
    local relayed = { "-H", "Host: relay.example:4040" }
    local _, body = driver.curl(emu, "GET", "/credentials?limit=1", nil, relayed)
    local page = cjson.decode(body)
    assert.equal("http://relay.example:4040/credentials?limit=1", page.next_page_uri)
    assert.matches("http://relay.example:4040/credentials/", page.credentials[1].uri, 1, true)
  end)

  it("is its own for HTTP/1.0, which names no host", function()
    local _, body = driver.curl(emu, "GET", "/credentials", nil, { "--http1.0", "-H", "Host:" })
    assert.equal(emu.base_url .. "/credentials", cjson.decode(body).uri)
  end)

  -- nginx tries for 2.5 seconds: on one Lua.
  if not rawget(_G, "jit") then
    it("cannot be one that is taken, and the error says so", function()
      local none, message = emulator.start { port = number }
      assert.is_nil(none)
      assert.equal(("127.0.0.1:%d is in use by another program"):format(number), message)
    end)
  end

  for host, base_url in pairs { ["127.0.0.2"] = "https://127.0.0.2", ["0.0.0.0"] = "https://127.0.0.1" } do
    it("leads to " .. host .. ", with a certificate that names it", function()
      local other = assert(emulator.start { host = host, tls = true })
      finally(function() other:stop() end)
      assert.matches(base_url .. ":", other.base_url, 1, true)
      walk(other, other.base_url)
    end)
  end
end)
