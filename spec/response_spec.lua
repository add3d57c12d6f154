-- The second value of a success.
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"

-- The names of all its fields, which are plain.
local function names_of(response)
  assert.is_nil(getmetatable(response))
  local names = {}
  for name in pairs(response) do
    names[#names + 1] = name
  end
  table.sort(names)
  return table.concat(names, " ")
end

local function check(response, status, attempts)
  assert.equal("attempts operation_id seconds status", names_of(response))
  assert.equal(status, response.status)
  assert.equal(attempts or 1, response.attempts)
  assert.truthy(response.operation_id:find "^op_%w+$")
  assert.is_true(response.seconds >= 0 and response.seconds < 60)
end

hosts.describe("a success has a response as its second value", function(host)
  local credentials

  before_each(function()
    credentials = host.client.credentials
  end)

  it("from every operation", function()
    local made, response = credentials:create { description = "one" }
    check(response, 201)
    check(select(2, credentials:get(made.id)), 200)
    check(select(2, credentials:update(made.id, { description = "two" })), 200)
    check(select(2, made:update { description = "three" }), 200)
    check(select(2, made:reload()), 200)
    local deleted
    deleted, response = made:delete()
    assert.is_true(deleted)
    check(response, 204)
  end)

  it("from a request, the same each time", function()
    local request = credentials:create({}, { wait = false })
    local made, response = request:result()
    assert.truthy(made.token)
    check(response, 201)
    assert.is_true(rawequal(response, select(2, request:result())))
    timing.step_until(host.client, function() return host.client:pending() == 0 end)
  end)

  it("and on_done gets it third, after an error that is nil", function()
    local values
    credentials:create({}, { on_done = function(...) values = { n = select("#", ...), ... } end })
    timing.step_until(host.client, function() return values end)
    assert.equal(3, values.n)
    assert.truthy(values[1].token)
    assert.is_nil(values[2])
    check(values[3], 201)
  end)

  it("and a failure has its error, and on_done no response", function()
    local value, err = credentials:get "cr_none"
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(err))
    local values
    credentials:get("cr_none", { on_done = function(...) values = { ... } end })
    timing.step_until(host.client, function() return values end)
    assert.is_nil(values[1])
    assert.equal(404, values[2].status)
    assert.is_nil(values[3])
  end)

  it("and items of a listing have none", function()
    host.emulator:seed(3)
    local listing = credentials:list { limit = 2 }
    assert.same({ 1, 1, 1, 1 }, {
      select("#", listing:next()), select("#", listing:next()), select("#", listing:next()),
      select("#", listing:all()),
    })
  end)

  it("with all attempts, and the time of all of them", function()
    local ended
    local client = host:new_client {
      max_retries = 2, on_event = function(event) ended = event.name == "done" and event or nil end,
    }
    host.emulator:misbehave { kind = "status", status = 503 }
    local response = select(2, client.credentials:get(host.emulator:seed(1)[1].id))
    check(response, 200, 2)
    assert.equal(ended.seconds, response.seconds)
    assert.equal(ended.operation_id, response.operation_id)
  end)
end)

describe("the response of a success", function()
  local key = "2KeyKeyKeyKeyKeyKey_KeyKeyKeyKeyKey"
  local token = "2TMGGL7UOvE5IkjdLwjKrOlUJm3_Zm3Xn5Yp7Wq9Vr2Us4Tt6"

  local function response_with(operation_id)
    local client = assert(ngrok.client {
      api_key = key,
      transport = function()
        return { status = 200, headers = { ["ngrok-operation-id"] = operation_id }, body = '{"id":"cr_1"}' }
      end,
    })
    local response = select(2, client.credentials:get "cr_1")
    client:close()
    return response
  end

  it("has no operation_id where the server sends none", function()
    assert.equal("attempts seconds status", names_of(response_with(nil)))
  end)

  for what, value in pairs { ["the key"] = key, ["a token"] = token, ["no id"] = "op 1", ["nothing"] = "" } do
    it("has no operation_id where the server sends " .. what .. " for it", function()
      assert.equal("attempts seconds status", names_of(response_with(value)))
    end)
  end
end)
