-- What of the API is sent again, and what is not: by the method, whatever the operation is called.
local ngrok = require "ngrok"

describe("After a failure", function()
  local client, requests, responses

  -- Each attempt gets the next of these: a status, or the phase in which it fails.
  local function plan(...)
    responses = { ... }
  end

  before_each(function()
    requests = {}
    client = assert(ngrok.client {
      api_key = "ak1_retries", rate_limit = false, max_retries = 1,
      transport = function(attempt)
        requests[#requests + 1] = attempt.method .. attempt.url:gsub("^https://api.ngrok.com", " ")
        local response = table.remove(responses, 1)
        if type(response) == "string" then
          return nil, response, "the connection broke"
        end
        return {
          status = response, headers = response == 429 and { ["Retry-After"] = "0" } or {},
          body = response == 200 and '{"id":"x_1","enabled":true,"routes":[]}' or "",
        }
      end,
    })
  end)

  after_each(function()
    client:close()
  end)

  local sub_actions = {
    stop = function() return client.tunnel_sessions:stop "ts_1" end,
    restart = function() return client.tunnel_sessions:restart "ts_1" end,
    update = function() return client.tunnel_sessions:update "ts_1" end,
    ["create"] = function() return client.ip_policies:create() end,
  }

  for name, call in pairs(sub_actions) do
    for _, failure in ipairs { 500, 503, "receive", "send" } do
      it(("%s is not sent twice: %s"):format(name, failure), function()
        plan(failure, 200)
        local value, err = call()
        assert.is_nil(value)
        assert.same({ 1, "unknown", 1 }, { err.attempts, err.outcome, #requests })
      end)
    end

    it(name .. " is sent again where it surely was not sent", function()
      plan("connect", 200)
      assert(call())
      assert.equal(2, #requests)
      assert.equal(requests[1], requests[2])
    end)
  end

  it("a sub-action is sent again where the server refused it for coming too often", function()
    plan(429, 200)
    assert(client.tunnel_sessions:stop "ts_1")
    assert.equal(2, #requests)
  end)

  it("an object's sub-action is not sent twice, either", function()
    plan(200)
    local session = assert(client.tunnel_sessions:get "x_1")
    plan("receive", 200)
    assert.equal("unknown", select(2, session:stop()).outcome)
    assert.same({ "GET /tunnel_sessions/x_1", "POST /tunnel_sessions/x_1/stop" }, requests)
  end)

  local repeatable = {
    ["a module's replace (PUT)"] = function()
      return client.edge_modules.tcp_edge_backend:replace("x_1", { backend_id = "bkdtg_1" })
    end,
    ["an update (PATCH)"] = function() return client.ip_policies:update("x_1", { description = "d" }) end,
    ["a get"] = function() return client.ip_policies:get "x_1" end,
    ["a listing below a resource"] = function() return client.edges.https:routes("x_1"):all() end,
    ["a module's delete"] = function() return client.edge_modules.tcp_edge_backend:delete "x_1" end,
    ["a sub-action with DELETE"] = function() return client.reserved_domains:delete_certificate "x_1" end,
  }

  for name, call in pairs(repeatable) do
    for _, failure in ipairs { 503, "receive" } do
      it(("%s is sent again: %s"):format(name, failure), function()
        plan(failure, 200)
        assert(call())
        assert.equal(2, #requests)
        assert.equal(requests[1], requests[2])
      end)
    end
  end

  -- It deletes what is not there any more: a certificate is gone as surely as a domain would be.
  it("a sub-action with DELETE takes 404 as success where its earlier try may have worked", function()
    for _, failure in ipairs { 503, "receive" } do
      plan(failure, 404)
      local value, response = client.reserved_domains:delete_certificate "rd_1"
      assert.is_true(value)
      assert.same({ 404, 2 }, { response.status, response.attempts })
    end
    plan("connect", 404)
    assert.is_true(select(2, client.reserved_domains:delete_certificate "rd_1"):is_not_found())
    plan(404)
    assert.is_true(select(2, client.reserved_domains:delete_certificate "rd_1"):is_not_found())
  end)

  it("a refusal of a replace is of an unknown outcome where its earlier try may have worked", function()
    plan("receive", 400)
    local value, err = repeatable["a module's replace (PUT)"]()
    assert.is_nil(value)
    assert.same({ "api", 400, "unknown", 2 }, { err.kind, err.status, err.outcome, err.attempts })
  end)
end)
