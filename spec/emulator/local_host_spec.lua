local emulator = require "ngrok.emulator"

describe("an emulator in process", function()
  local function attempt(emu, url, more)
    local made = {
      method = "GET",
      url = url,
      headers = { ["AUTHORIZATION"] = "Bearer " .. emu.api_key, ["Ngrok-version"] = "2" },
    }
    for name, value in pairs(more or {}) do
      made[name] = value
    end
    return made
  end

  it("is called like a transport", function()
    local emu = emulator.new()
    local response = emu(attempt(emu, "https://api.ngrok.com/credentials"), error)
    assert.equal(200, response.status)
    assert.equal("application/json", response.headers["content-type"])
  end)

  it("has a key of ngrok's form", function()
    assert.truthy(emulator.new().api_key:find("^%w+_%w+$"))
  end)

  it("takes the path of its base URL off, and puts it in its responses", function()
    local emu = emulator.new { base_url = "https://proxy.example/ngrok/" }
    local response = emu(attempt(emu, "https://proxy.example/ngrok/credentials?limit=1"))
    assert.truthy(response.body:find('"uri":"https://proxy.example/ngrok/credentials"', 1, true))
    assert.equal("/credentials", emu:requests()[1].path)
    assert.equal("limit=1", emu:requests()[1].query)
  end)

  it("takes requests at whatever host they were sent to", function()
    local emu = emulator.new()
    assert.equal(200, emu(attempt(emu, "http://127.0.0.1:8080/credentials")).status)
  end)

  it("remembers requests with their headers in lower case", function()
    local emu = emulator.new()
    emu(attempt(emu, emu.base_url .. "/credentials", { method = "PUT", body = "a\0\255" }))
    local request = emu:requests()[1]
    assert.equal("PUT", request.method)
    assert.equal("2", request.headers["ngrok-version"])
    assert.equal("a\0\255", request.body)
    assert.equal(404, request.status)
  end)

  it("remembers only so many requests, the newest last", function()
    local emu = emulator.new { keep_requests = 2 }
    for number = 1, 5 do
      emu(attempt(emu, emu.base_url .. "/credentials/" .. number))
    end
    local requests = emu:requests()
    assert.equal(2, #requests)
    assert.equal("/credentials/5", requests[2].path)
  end)

  it("shows what it holds, newest first and without tokens", function()
    local emu = emulator.new()
    emu:seed(2)
    local held = emu:credentials()
    assert.equal("credential 2", held[1].description)
    assert.is_nil(held[1].token)
  end)

  it("shows copies only", function()
    local emu = emulator.new()
    emu:seed(1, { acl = { "bind:*" } })
    emu:credentials()[1].acl[1] = "changed"
    assert.equal("bind:*", emu:credentials()[1].acl[1])
  end)

  it("seeds from one template", function()
    local created = emulator.new():seed(2, { metadata = "m", created_at = "2020-01-01T00:00:00Z" })
    assert.equal("m", created[2].metadata)
    assert.equal("2020-01-01T00:00:00Z", created[2].created_at)
    assert.is_string(created[1].token)
  end)

  it("seeds from a function", function()
    local created = emulator.new():seed(3, function(index)
      return { description = ("n%d"):format(index) }
    end)
    assert.equal("n3", created[3].description)
  end)

  it("forgets credentials and requests on reset", function()
    local emu = emulator.new()
    emu:seed(1)
    emu(attempt(emu, emu.base_url .. "/credentials"))
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
