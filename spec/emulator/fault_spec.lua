local cjson = require "cjson"
local emulator = require "ngrok.emulator"

describe("an emulator that misbehaves", function()
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

  local function statuses(count)
    local found = {}
    for index = 1, count do
      found[index] = list().status
    end
    return table.concat(found, " ")
  end

  describe("chooses requests:", function()
    for name, case in pairs {
      ["one"] = { "503 200 200", {} },
      ["as many as are asked for"] = { "500 500 200", { status = 500, count = 2 } },
      ["all, with an infinite count"] = { ("503 "):rep(99) .. "503", { count = math.huge } },
      ["some later ones"] = { "200 200 503 200", { after = 2 } },
      ["those of a method"] = { "200", { method = "POST" } },
      ["those of a path"] = { "200", { path = "/credentials/cr_1" } },
    } do
      it(name, function()
        local expected, description = case[1], case[2]
        description.kind = "status"
        emu:misbehave(description)
        assert.equal(expected, statuses(select(2, expected:gsub("%d+", ""))))
        local is_on = description.count == math.huge
        assert.equal((is_on or description.method) and 503 or 201, create().status)
        assert.equal((is_on or description.path) and 503 or 404, send("GET", "/credentials/cr_1").status)
      end)
    end

    it("in the order of the faults, until a reset", function()
      emu:misbehave({ kind = "status", status = 500 }):misbehave { kind = "status", status = 502, count = 9 }
      assert.equal("500 502", statuses(2))
      emu:reset()
      assert.equal("200", statuses(1))
    end)
  end)

  it("carries out what it fails only when asked to", function()
    emu:misbehave { kind = "status" }
    create()
    assert.equal(0, #emu:credentials())
    emu:misbehave { kind = "status", status = 500, processed = true }
    assert.equal(500, create().status)
    assert.equal(1, #emu:credentials())
  end)

  it("says Retry-After in seconds or as a date", function()
    for given, expected in pairs {
      [3] = "3", [0.5] = "0.500", ["Fri, 31 Dec 1999 23:59:59 GMT"] = "Fri, 31 Dec 1999 23:59:59 GMT",
    } do
      emu:misbehave { kind = "status", status = 429, retry_after = given }
      assert.equal(expected, list().headers["retry-after"])
    end
    emu:misbehave { kind = "status", status = 429 }
    assert.is_nil(list().headers["retry-after"])
  end)

  it("writes an error as JSON with the given code and message, as HTML, or without a body", function()
    emu:misbehave { kind = "status", status = 429, code = "ERR_NGROK_226", message = "slow down" }
    local response = cjson.decode(list().body)
    assert.equal("ERR_NGROK_226", response.error_code)
    assert.equal("slow down", response.msg)
    emu:misbehave { kind = "status", status = 502, format = "html" }
    response = list()
    assert.equal(502, response.status)
    assert.equal("text/html", response.headers["content-type"])
    emu:misbehave { kind = "status", format = "none" }
    response = list()
    assert.equal("", response.body)
    assert.is_nil(response.headers["content-type"])
  end)

  for kind, case in pairs {
    reset_before = { "send", 0 }, reset_after = { "receive", 1 }, truncate = { "receive", 1 },
  } do
    it("breaks the connection: " .. kind, function()
      emu:misbehave { kind = kind }
      local response, phase, message = create()
      assert.is_nil(response)
      assert.equal(case[1], phase)
      assert.is_string(message)
      assert.equal(case[2], #emu:credentials())
      assert.equal(kind, emu:requests()[1].fault)
      assert.equal(kind == "truncate" and 201 or nil, emu:requests()[1].status)
    end)
  end

  it("never responds, in process, to what it delays or lets hang", function()
    for _, kind in ipairs { "delay", "hang" } do
      emu:misbehave { kind = kind }
      assert.equal(0, select("#", list()))
      assert.equal(0, done_calls)
    end
  end)

  describe("changes a response:", function()
    for kind, case in pairs {
      oversize = { { bytes = 100000 }, function(response)
        assert.equal(100000, #response.body)
        assert.is_table(cjson.decode(response.body))
      end },
      content_type = { { content_type = "text/plain" }, function(response)
        assert.equal("text/plain", response.headers["content-type"])
        assert.is_table(cjson.decode(response.body).credentials)
      end },
      html = { {}, function(response)
        assert.equal(200, response.status)
        assert.matches("<html>", response.body, 1, true)
      end },
      invalid_json = { {}, function(response)
        assert.is_false(pcall(cjson.decode, response.body))
      end },
      deep_json = { { depth = 2000 }, function(response)
        assert.matches(("["):rep(2000), response.body, 1, true)
      end },
      empty = { {}, function(response)
        assert.equal(200, response.status)
        assert.equal("", response.body)
      end },
      body = { { status = 299, headers = { ["X-Odd"] = "yes" }, body = "a\0b\255" }, function(response)
        assert.equal(299, response.status)
        assert.equal("yes", response.headers["x-odd"])
        assert.equal("a\0b\255", response.body)
      end },
    } do
      it(kind, function()
        case[1].kind = kind
        emu:misbehave(case[1])
        case[2](list())
      end)
    end
  end)

  it("names the same page as the next one, or a foreign one", function()
    emu:seed(3, { description = ',"next_page_uri":null' })
    emu:misbehave { kind = "next_page_uri" }
    local page = cjson.decode(list("?limit=2").body)
    assert.equal("https://api.ngrok.com/credentials?limit=2", page.next_page_uri)
    assert.equal(2, #page.credentials)
    emu:misbehave { kind = "next_page_uri", uri = "https://evil.example/credentials?before_id=x" }
    assert.equal("https://evil.example/credentials?before_id=x", cjson.decode(list().body).next_page_uri)
  end)
end)
