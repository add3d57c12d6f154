local emulator = require "ngrok.emulator"

describe("an emulator in process", function()
  local emu

  before_each(function()
    emu = emulator.new()
  end)

  local function get(url, more)
    local attempt = {
      method = "GET",
      url = url or emu.base_url .. "/credentials",
      headers = { ["AUTHORIZATION"] = "Bearer " .. emu.api_key, ["Ngrok-version"] = "2" },
    }
    for name, value in pairs(more or {}) do
      attempt[name] = value
    end
    return emu(attempt, error)
  end

  it("is called like a transport, and has a key of ngrok's form", function()
    assert.equal(200, get("https://api.ngrok.com/credentials").status)
    assert.matches("^%w+_%w+$", emu.api_key)
  end)

  it("takes the path of its base URL off, and puts it in its responses", function()
    emu = emulator.new { base_url = "https://proxy.example/ngrok/" }
    local response = get "https://proxy.example/ngrok/credentials?limit=1"
    assert.matches('"uri":"https://proxy.example/ngrok/credentials"', response.body, 1, true)
    assert.equal("/credentials", emu:requests()[1].path)
    assert.equal("limit=1", emu:requests()[1].query)
  end)

  it("takes requests at whatever host they were sent to", function()
    assert.equal(200, get("http://127.0.0.1:8080/credentials").status)
  end)

  it("remembers requests with their headers in lower case", function()
    get(nil, { method = "PUT", body = "a\0\255" })
    local request = emu:requests()[1]
    assert.equal("PUT", request.method)
    assert.equal("2", request.headers["ngrok-version"])
    assert.equal("a\0\255", request.body)
    assert.equal(404, request.status)
  end)

  it("remembers only so many requests, the newest last", function()
    emu = emulator.new { keep_requests = 2 }
    for number = 1, 5 do
      get(emu.base_url .. "/credentials/" .. number)
    end
    local requests = emu:requests()
    assert.equal(2, #requests)
    assert.equal("/credentials/5", requests[2].path)
  end)

  it("shows copies of what it holds, newest first and without tokens", function()
    emu:seed(2, { acl = { "bind:*" } })
    local held = emu:credentials()
    assert.is_nil(held[1].token)
    held[1].acl[1] = "changed"
    assert.equal("bind:*", emu:credentials()[1].acl[1])
  end)

  it("seeds numbered credentials, from one template, or from a function", function()
    assert.equal("credential 2", emu:seed(2)[2].description)
    local created = emu:seed(2, { metadata = "m", created_at = "2020-01-01T00:00:00Z" })
    assert.equal("m", created[2].metadata)
    assert.equal("2020-01-01T00:00:00Z", created[2].created_at)
    assert.is_string(created[1].token)
    assert.equal("n3", emu:seed(3, function(index) return { description = "n" .. index } end)[3].description)
  end)

  it("forgets credentials and requests on reset", function()
    emu:seed(1)
    get()
    emu:reset()
    assert.same({}, emu:credentials())
    assert.same({}, emu:requests())
  end)

  it("leaves the program's random numbers alone", function()
    math.randomseed(42)
    local expected = { math.random(1000000), math.random(1000000) }
    math.randomseed(42)
    local first = math.random(1000000)
    emulator.new():seed(3)
    assert.same(expected, { first, math.random(1000000) })
  end)
end)
