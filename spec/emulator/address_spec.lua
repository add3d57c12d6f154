-- Where a server listens, and what its URIs say about that: the host that a request names.
local cjson = require "cjson"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local random = require "ngrok.emulator.random"
local port = require "ngrok.emulator.port"
local driver = dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "driver.lua")

describe("an emulator's address", function()
  local emu, client

  local function start(options)
    emu = assert(emulator.start(options))
    return emu
  end

  after_each(function()
    if client then
      client:close()
    end
    if emu and emu.stop then
      emu:stop()
    end
    client, emu = nil, nil
  end)

  -- All pages, so that each next one's URI has to be one that the client follows.
  local function walk(base_url, transport)
    client = assert(ngrok.client {
      base_url = base_url, api_key = emu.api_key, ca_file = emu.ca_file or nil, transport = transport,
    })
    emu:seed(3)
    local all, err = client.credentials:list({ limit = 1 }):all()
    assert.is_nil(err)
    assert.equal(3, #all)
    return all[1].uri
  end

  it("is followed in URIs by whatever name it is asked for", function()
    start()
    local base_url = emu.base_url:gsub("127.0.0.1", "localhost")
    assert.matches(base_url .. "/credentials/cr_", walk(base_url), 1, true)
    assert.equal(base_url, emu:requests()[1].base_url)
  end)

  it("is followed in URIs through a relay, for faults as well", function()
    start():misbehave { kind = "next_page_uri" }:seed(1)
    local relayed = { "-H", "Host: relay.example:4040" }
    local _, body = driver.curl(emu, "GET", "/credentials?limit=1", nil, relayed)
    local page = cjson.decode(body)
    assert.equal("http://relay.example:4040/credentials?limit=1", page.next_page_uri)
    assert.matches("http://relay.example:4040/credentials/", page.credentials[1].uri, 1, true)
  end)

  it("is its own for HTTP/1.0, which names no host", function()
    start()
    local _, body = driver.curl(emu, "GET", "/credentials", nil, { "--http1.0", "-H", "Host:" })
    assert.equal(emu.base_url .. "/credentials", cjson.decode(body).uri)
  end)

  it("is followed in URIs within a process", function()
    emu = emulator.new { base_url = "https://api.example.com" }
    local uri = walk("http://localhost:4040", emu)
    assert.matches("http://localhost:4040/credentials/cr_", uri, 1, true)
  end)

  it("has the port that it was asked for", function()
    local number = port.pick(random.new())
    start { port = number }
    assert.equal("http://127.0.0.1:" .. number, emu.base_url)
  end)

  -- nginx tries for 2.5 seconds: on one Lua.
  if not rawget(_G, "jit") then
    it("cannot be one that is taken, and is told so", function()
      local number = start().base_url:match("%d+$")
      local none, message = emulator.start { port = tonumber(number) }
      assert.is_nil(none)
      assert.equal(("127.0.0.1:%s is in use by another program"):format(number), message)
    end)
  end

  it("has the host that it was asked for, which its certificate names", function()
    start { host = "127.0.0.2", tls = true }
    assert.matches("^https://127.0.0.2:%d+$", emu.base_url)
    walk(emu.base_url)
  end)

  it("leads to the loopback interface where the server listens everywhere", function()
    start { host = "0.0.0.0" }
    assert.matches("^http://127.0.0.1:%d+$", emu.base_url)
    walk(emu.base_url)
  end)
end)
