local cjson = require "cjson"
local emulator = require "ngrok.emulator"

describe("an emulator that is told to misbehave", function()
  local emu

  before_each(function()
    emu = emulator.new { seed = 7 }
  end)

  local done_calls

  local function send(method, target, body)
    done_calls = 0
    return emu({
      method = method,
      url = emu.base_url .. target,
      headers = {
        ["Authorization"] = "Bearer " .. emu.api_key,
        ["Ngrok-Version"] = "2",
        ["Content-Type"] = "application/json",
      },
      body = body,
      timeout = 30,
    }, function() done_calls = done_calls + 1 end)
  end

  local function list(query)
    return send("GET", "/credentials" .. (query or ""))
  end

  local function create()
    return send("POST", "/credentials", "{}")
  end

  it("responds like the account before and after", function()
    emu:misbehave { kind = "status" }
    assert.equal(503, list().status)
    assert.equal(200, list().status)
  end)

  it("does so as often as it is told", function()
    emu:misbehave { kind = "status", status = 500, count = 2 }
    assert.same({ 500, 500, 200 }, { list().status, list().status, list().status })
  end)

  it("does so for ever with an infinite count", function()
    emu:misbehave { kind = "status", count = math.huge }
    for _ = 1, 100 do
      assert.equal(503, list().status)
    end
  end)

  it("lets as many requests pass first as it is told", function()
    emu:misbehave { kind = "status", after = 2 }
    assert.same({ 200, 200, 503, 200 }, { list().status, list().status, list().status, list().status })
  end)

  it("looks at the method", function()
    emu:misbehave { kind = "status", method = "POST" }
    assert.equal(200, list().status)
    assert.equal(503, create().status)
  end)

  it("looks at the path", function()
    emu:misbehave { kind = "status", path = "/credentials/cr_1" }
    assert.equal(200, list().status)
    assert.equal(503, send("GET", "/credentials/cr_1").status)
  end)

  it("takes faults in the order of their coming", function()
    emu:misbehave { kind = "status", status = 500 }
    emu:misbehave { kind = "status", status = 502 }
    assert.same({ 500, 502, 200 }, { list().status, list().status, list().status })
  end)

  it("does not carry out what it responds with an error", function()
    emu:misbehave { kind = "status" }
    create()
    assert.equal(0, #emu:credentials())
  end)

  it("carries out what it responds with an error when told to", function()
    emu:misbehave { kind = "status", status = 500, processed = true }
    assert.equal(500, create().status)
    assert.equal(1, #emu:credentials())
  end)

  it("says Retry-After in seconds or as a date", function()
    emu:misbehave { kind = "status", status = 429, retry_after = 3 }
    emu:misbehave { kind = "status", status = 429, retry_after = "Fri, 31 Dec 1999 23:59:59 GMT" }
    emu:misbehave { kind = "status", status = 429 }
    assert.equal("3", list().headers["retry-after"])
    assert.equal("Fri, 31 Dec 1999 23:59:59 GMT", list().headers["retry-after"])
    assert.is_nil(list().headers["retry-after"])
  end)

  it("writes an error as JSON with the code and message it is given", function()
    emu:misbehave { kind = "status", status = 429, code = "ERR_NGROK_226", message = "slow down" }
    local response = cjson.decode(list().body)
    assert.equal("ERR_NGROK_226", response.error_code)
    assert.equal("slow down", response.msg)
  end)

  it("writes an error as HTML", function()
    emu:misbehave { kind = "status", status = 502, format = "html" }
    local response = list()
    assert.equal(502, response.status)
    assert.equal("text/html", response.headers["content-type"])
  end)

  it("writes an error without a body", function()
    emu:misbehave { kind = "status", format = "none" }
    local response = list()
    assert.equal("", response.body)
    assert.is_nil(response.headers["content-type"])
  end)

  it("breaks the connection before it carries out the request", function()
    emu:misbehave { kind = "reset_before" }
    local response, phase, message = create()
    assert.is_nil(response)
    assert.equal("send", phase)
    assert.is_string(message)
    assert.equal(0, #emu:credentials())
  end)

  it("breaks the connection after it has carried out the request", function()
    emu:misbehave { kind = "reset_after" }
    local response, phase = create()
    assert.is_nil(response)
    assert.equal("receive", phase)
    assert.equal(1, #emu:credentials())
  end)

  it("cuts a response short", function()
    emu:misbehave { kind = "truncate", at = 5 }
    local response, phase = create()
    assert.is_nil(response)
    assert.equal("receive", phase)
    assert.equal(1, #emu:credentials())
  end)

  it("never responds in process to a request that it delays or lets hang", function()
    for _, kind in ipairs { "delay", "hang" } do
      emu:misbehave { kind = kind }
      assert.equal(0, select("#", list()))
      assert.equal(0, done_calls)
    end
  end)

  it("responds with as many bytes as it is told", function()
    emu:misbehave { kind = "oversize", bytes = 100000 }
    local body = list().body
    assert.equal(100000, #body)
    assert.is_table(cjson.decode(body))
  end)

  it("responds with another content type", function()
    emu:misbehave { kind = "content_type", content_type = "text/plain" }
    local response = list()
    assert.equal("text/plain", response.headers["content-type"])
    assert.is_table(cjson.decode(response.body).credentials)
  end)

  it("responds with HTML and status 200", function()
    emu:misbehave { kind = "html" }
    local response = list()
    assert.equal(200, response.status)
    assert.truthy(response.body:find("<html>", 1, true))
  end)

  it("sends what is not JSON", function()
    emu:misbehave { kind = "invalid_json" }
    assert.is_false(pcall(cjson.decode, list().body))
  end)

  it("responds with deeply nested JSON", function()
    emu:misbehave { kind = "deep_json", depth = 2000 }
    assert.truthy(list().body:find(("["):rep(2000), 1, true))
  end)

  it("sends nothing where a body belongs", function()
    emu:misbehave { kind = "empty" }
    local response = create()
    assert.equal(201, response.status)
    assert.equal("", response.body)
  end)

  it("responds word for word", function()
    emu:misbehave { kind = "body", status = 299, headers = { ["X-Odd"] = "yes" }, body = "a\0b\255" }
    local response = list()
    assert.equal(299, response.status)
    assert.equal("yes", response.headers["x-odd"])
    assert.equal("a\0b\255", response.body)
  end)

  it("names the same page as the next one", function()
    emu:seed(3, { description = ',"next_page_uri":null' })
    emu:misbehave { kind = "next_page_uri" }
    local page = cjson.decode(list("?limit=2").body)
    assert.equal("https://api.ngrok.com/credentials?limit=2", page.next_page_uri)
    assert.equal(2, #page.credentials)
  end)

  it("names a foreign page as the next one", function()
    emu:misbehave { kind = "next_page_uri", uri = "https://evil.example/credentials?before_id=x" }
    assert.equal("https://evil.example/credentials?before_id=x", cjson.decode(list().body).next_page_uri)
  end)

  it("remembers the fault with the request", function()
    emu:misbehave { kind = "reset_after" }
    create()
    local request = emu:requests()[1]
    assert.equal("reset_after", request.fault)
    assert.is_nil(request.status)
  end)

  it("forgets its faults on reset", function()
    emu:misbehave { kind = "status", count = math.huge }
    emu:reset()
    assert.equal(200, list().status)
  end)
end)
