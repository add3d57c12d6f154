local cjson = require "cjson"
local wires = require "spec.support.wires"
local driver = require "spec.emulator.driver"
local timing = require "spec.support.timing"

local quote, run, curl, curl_command = driver.quote, driver.run, driver.curl, driver.curl_command

-- How curl ends when the response breaks off: over HTTP/2 that is the end of a stream.
local stream_reset = 92

wires.describe("an emulator in nginx,", function(wire)
  local emu

  local function start(options)
    emu = wire:start(options)
    return emu
  end

  -- One server for most tests: to start one takes a tenth of a second.
  local shared
  lazy_setup(function() shared = wire:start() end)
  lazy_teardown(function() shared:stop() end)
  before_each(function() shared:reset() end)
  after_each(function()
    if emu then
      emu:stop()
      emu = nil
    end
  end)

  local function list(server, more)
    return curl(server, "GET", "/credentials", nil, more)
  end

  local function create(server)
    return curl(server, "POST", "/credentials", "{}")
  end

  describe("responds with", function()
    it("a list that is compressed, when the client asks for that", function()
      shared:seed(20)
      local _, body, exit = list(shared, { "--compressed" })
      assert.equal(0, exit)
      assert.equal(20, #cjson.decode(body).credentials)
      local _, head = list(shared, { "-H", "Accept-Encoding: gzip", "-o", "/dev/null", "-D", "-" })
      assert.truthy(head:lower():find("content-encoding: gzip", 1, true))
    end)

    it("a create, and a delete without a body", function()
      local id = cjson.decode((select(2, create(shared)))).id
      local status, body = curl(shared, "DELETE", "/credentials/" .. id)
      assert.equal(204, status)
      assert.equal("", body)
      assert.same({}, shared:credentials())
    end)

    it("an error, with the operation id in a header too", function()
      local _, response = curl(shared, "GET", "/credentials/cr_1", nil, { "-i" })
      local id = response:match("\r\n[Nn]grok%-[Oo]peration%-[Ii]d: (op_%w+)\r\n")
      assert.equal(id, cjson.decode(response:match("\r\n\r\n(.*)$")).details.operation_id)
    end)

    it("a refusal beyond the rate limit that it was started with", function()
      start { rate_limit = { requests = 1, window = 60, retry_after = true } }
      list(emu)
      local status, response = list(emu, { "-i" })
      assert.equal(429, status)
      assert.truthy(response:lower():find("retry%-after: %d+\r"))
    end)

    it("a refusal when too many requests are made at once", function()
      start { max_simultaneous = 1 }
      emu:misbehave { kind = "hang" }
      local url = quote(emu.base_url .. "/credentials")
      run(curl_command(emu) .. " -s -m 20 " .. url .. " >/dev/null 2>&1 & echo")
      timing.wait_until(function() return #emu:requests() == 1 end)
      local status, body = list(emu)
      assert.equal(429, status)
      assert.equal("ERR_NGROK_225", cjson.decode(body).error_code)
    end)
  end)

  describe("remembers", function()
    it("every request that it has answered, in order", function()
      create(shared)
      list(shared)
      local requests = shared:requests()
      assert.equal(2, #requests)
      assert.equal("POST", requests[1].method)
      assert.equal("201", tostring(requests[1].status)) -- a whole number, also where Lua tells it from others
      assert.equal("/credentials", requests[2].path)
    end)

    it("the headers of a request, odd ones too, and its query", function()
      curl(shared, "GET", "/credentials?limit=5", nil, { "-H", "X-Odd_Name: yes" })
      local request = shared:requests()[1]
      assert.equal("yes", request.headers["x-odd_name"])
      assert.equal("limit=5", request.query)
    end)

    it("the head of a request as it came, where it is a text", function()
      curl(shared, "GET", "/credentials?limit=5", nil, { "-H", "X-Odd_Name: yes" })
      local raw = shared:requests()[1].raw
      if wire.http2 then
        assert.is_nil(raw)
      else
        assert.truthy(raw:find("GET /credentials?limit=5 HTTP/1.1\r\n", 1, true) == 1)
        assert.truthy(raw:find("\r\nX-Odd_Name: yes\r\n", 1, true))
      end
    end)

    it("by which protocol a request came, and by which TLS", function()
      list(shared)
      local request = shared:requests()[1]
      assert.equal(wire.protocol, request.protocol)
      assert.equal(wire.tls and "TLSv1.3" or nil, request.tls)
    end)

    it("bodies that are not text, also one that nginx keeps in a file", function()
      local path = os.tmpname()
      for _, body in ipairs { "a\0b\255\254\r\n\"\\", ("x"):rep(3000000) } do
        local file = assert(io.open(path, "wb"))
        file:write(body)
        file:close()
        curl(shared, "POST", "/credentials", "@" .. path)
      end
      os.remove(path)
      local requests = shared:requests()
      assert.equal("a\0b\255\254\r\n\"\\", requests[1].body)
      assert.equal(3000000, #requests[2].body)
    end)

    it("which requests came on one connection", function()
      local url = quote(shared.base_url .. "/credentials")
      local command = curl_command(shared)
      run(("%s -s %s %s >/dev/null; %s -s %s >/dev/null"):format(command, url, url, command, url))
      local requests = shared:requests()
      assert.equal(requests[1].connection, requests[2].connection)
      assert.not_equal(requests[1].connection, requests[3].connection)
    end)
  end)

  describe("misbehaves on the wire:", function()
    it("it resets the connection before it carries out a request", function()
      shared:misbehave { kind = "reset_before" }
      local _, _, exit = create(shared)
      assert.equal(wire.http2 and stream_reset or 56, exit)
      assert.same({}, shared:credentials())
    end)

    it("it resets the connection after it has carried out a request", function()
      shared:misbehave { kind = "reset_after" }
      local _, _, exit = create(shared)
      assert.equal(wire.http2 and stream_reset or 56, exit)
      assert.equal(1, #shared:credentials())
    end)

    it("it cuts a body that it announced in full", function()
      shared:misbehave { kind = "truncate", at = 10 }
      local status, body, exit = list(shared)
      assert.equal(200, status)
      assert.equal(wire.http2 and stream_reset or 18, exit)
      assert.equal(10, #body)
    end)

    it("it never responds", function()
      shared:misbehave { kind = "hang" }
      local _, _, exit = list(shared, { "-m", "0.2" })
      assert.equal(28, exit)
    end)

    it("it forgets a request that it never responds when the client has left", function()
      start { max_simultaneous = 1 }
      emu:misbehave { kind = "hang" }
      list(emu, { "-m", "0.2" })
      timing.wait_until(function() return list(emu) == 200 end)
    end)

    it("it responds late", function()
      shared:misbehave { kind = "delay", seconds = 0.3 }
      local _, took = list(shared, { "-o", "/dev/null", "-w", "%{time_total}\\n%{http_code}" })
      assert.is_true(tonumber(took:match("[%d.]+")) >= 0.3)
    end)

    it("it cuts a body that it has compressed, too", function()
      shared:seed(20)
      shared:misbehave { kind = "truncate", at = 1000 }
      local status, _, exit = list(shared, { "--compressed" })
      assert.equal(200, status)
      assert.equal(wire.http2 and stream_reset or 18, exit)
    end)

    it("it responds with a status, Retry-After and HTML", function()
      shared:misbehave { kind = "status", status = 429, retry_after = 2, format = "html" }
      local status, response = list(shared, { "-i" })
      assert.equal(429, status)
      assert.truthy(response:lower():find("retry-after: 2\r\n", 1, true))
      assert.truthy(response:lower():find("content-type: text/html\r\n", 1, true))
    end)

    it("it responds with very much, in few bytes where the client takes gzip", function()
      shared:misbehave { kind = "oversize", bytes = 5000000, count = 2 }
      assert.equal(5000000, #select(2, list(shared)))
      local more = { "-H", "Accept-Encoding: gzip", "-o", "/dev/null", "-w", "%{size_download}\\n0" }
      assert.is_true(tonumber(select(2, list(shared, more)):match "%d+") < 50000)
    end)

    it("it responds with bytes that are not text", function()
      shared:misbehave { kind = "body", body = "\255\254\0x" }
      local _, digest = list(shared, { "-o", "/dev/null", "-w", "%{size_download}\\n0" })
      assert.equal("4", digest:match("%d+"))
    end)

    it("it does so for ever when asked to", function()
      shared:misbehave { kind = "status", count = math.huge }
      assert.equal(503, (list(shared)))
      assert.equal(503, (list(shared)))
      shared:reset()
      assert.equal(200, (list(shared)))
    end)
  end)
end)
