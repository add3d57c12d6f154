-- `client:request`: calls of what no description knows.
local core = require "ngrok.core"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"

hosts.describe("client:request", function(host)
  local client

  before_each(function()
    client = host.client
  end)

  it("creates, reads, changes and deletes by plain tables", function()
    local made, response = assert(client:request("POST", "/credentials", {
      body = { description = "a", acl = { "bind:a.com" } },
    }))
    assert.equal("a", made.description)
    assert.equal(201, response.status)
    assert.truthy(made.token)
    local path = "/credentials/" .. made.id
    assert.same({ "bind:a.com" }, assert(client:request("GET", path)).acl)
    assert.equal("b", assert(client:request("PATCH", path, { body = { description = "b" } })).description)
    local value
    value, response = client:request("DELETE", path)
    assert.is_true(value)
    assert.equal(204, response.status)
    local err
    value, err = client:request("GET", path)
    assert.is_nil(value)
    assert.same({ "api", "rejected", 404, "GET " .. path, 1 },
      { err.kind, err.outcome, err.status, err.operation, err.attempts })
  end)

  it("walks a list by its next_page_uri", function()
    host.emulator:seed(5)
    local page = assert(client:request("GET", "/credentials", { query = { limit = 3 } }))
    assert.equal(3, #page.credentials)
    local query = page.next_page_uri:match "%?(.*)$"
    page = assert(client:request("GET", "/credentials?" .. query))
    assert.equal(2, #page.credentials)
    assert.is_nil(page.next_page_uri)
  end)

  it("is sent again as its method allows", function()
    for method, attempts in pairs { GET = 2, PUT = 2, PATCH = 2, DELETE = 2, POST = 1 } do
      local one = host:new_client { max_retries = 1 }
      host.emulator:reset()
      host.emulator:misbehave { kind = "status", status = 503, count = 2 }
      local value, err = one:request(method, "/credentials/cr_1")
      assert.is_nil(value)
      assert.same({ 503, attempts, "unknown" }, { err.status, err.attempts, err.outcome })
    end
  end)

  it("takes a 404 of a DELETE as success where an earlier try may have worked", function()
    local id = assert(client.credentials:create()).id
    host.emulator:misbehave { kind = "reset_after" }
    local value, response = host:new_client({ max_retries = 1 }):request("DELETE", "/credentials/" .. id)
    assert.is_true(value)
    assert.same({ 404, 2 }, { response.status, response.attempts })
  end)

  it("is a request with wait = false and with on_done", function()
    host.emulator:seed(1)
    local request = client:request("GET", "/credentials", { wait = false })
    assert.matches("^ngrok.request: GET /credentials ", tostring(request))
    assert.equal(1, #assert(request:result()).credentials)
    local called
    client:request("GET", "/credentials", {
      on_done = function(value, err, response) called = { #value.credentials, err, response.status } end,
    })
    assert.is_nil(called)
    timing.step_until(client, function() return client:pending() == 0 end)
    assert.same({ 1, nil, 200 }, called)
    client:request("GET", "credentials", { on_done = function(_, err) called = err end })
    timing.step_until(client, function() return client:pending() == 0 end)
    assert.equal("validate", called.phase)
  end)
end)

describe("client:request", function()
  local client, requests, response

  before_each(function()
    requests, response = {}, { status = 200, headers = {}, body = "{}" }
    client = assert(ngrok.client {
      api_key = "ak1_generic_key", base_url = "https://relay.example.com/ngrok", rate_limit = false,
      transport = function(attempt)
        requests[#requests + 1] = attempt
        return response
      end,
    })
  end)

  after_each(function()
    client:close()
  end)

  local function sent()
    local one = requests[#requests]
    local path = one.url:gsub("^https://relay.example.com/ngrok", "")
    return ("%s %s %s"):format(one.method, path, tostring(one.body))
  end

  describe("sends", function()
    it("the query in the order of its names", function()
      assert(client:request("GET", "/new_things", {
        query = {
          limit = 10, filter = "a == 'b&c'", all = true, id = { "x 1", "y" }, empty = {}, ["a b"] = "é",
        },
      }))
      assert.equal("GET /new_things?a%20b=%C3%A9&all=true&filter=a%20%3D%3D%20%27b%26c%27&id=x%201&id=y"
        .. "&limit=10 nil", sent())
      assert(client:request("GET", "/new_things?a=1", { query = { b = 2 } }))
      assert.equal("GET /new_things?a=1&b=2 nil", sent())
    end)

    it("a table as JSON", function()
      assert(client:request("PUT", "/new_things/a%20b/x@y:1", {
        body = { list = { 1, 2.5, "c" }, empty = {}, null = ngrok.null, ["a\"b"] = { d = false } },
      }))
      assert.equal('PUT /new_things/a%20b/x@y:1 {"a\\"b":{"d":false},"empty":{},"list":[1,2.5,"c"],'
        .. '"null":null}', sent())
      assert(client:request("POST", "/new_things", { body = { { a = 1 }, { a = 2 } } }))
      assert.equal('POST /new_things [{"a":1},{"a":2}]', sent())
    end)

    it("an empty object where no body is given, and none with GET and DELETE", function()
      for method, body in pairs { POST = "{}", PUT = "{}", PATCH = "{}", GET = "nil", DELETE = "nil" } do
        assert(client:request(method, "/new_things"))
        assert.equal(method .. " /new_things " .. body, sent())
      end
    end)

    it("a string of JSON as it is", function()
      assert(client:request("POST", "/new_things", { body = '{"acl": []}' }))
      assert.equal('POST /new_things {"acl": []}', sent())
      local value, err = client:request("POST", "/new_things", { body = '{"acl": [}' })
      assert.is_nil(value)
      assert.equal("body is not valid JSON (a table is written as JSON)", err.message)
      assert(client:request("POST", "/new_things", { body = '{"acl": [}', validate = false }))
      assert.equal('POST /new_things {"acl": [}', sent())
    end)
  end)

  describe("returns", function()
    it("an object without its nulls, and an array with each in its place", function()
      response.body = '{"a":null,"b":[1,null,{"c":null,"d":[]}],"n":3,"next_page_uri":null}'
      assert.same({ b = { 1, ngrok.null, { d = {} } }, n = 3 }, client:request("GET", "/new_things"))
      response.body = '[{"id":"a"},{"id":"b"}]'
      assert.same({ { id = "a" }, { id = "b" } }, client:request("GET", "/new_things"))
    end)

    it("true where the response has no body, and for each DELETE", function()
      response = { status = 204, headers = {}, body = "" }
      assert.is_true(client:request("POST", "/new_things/nt_1/stop"))
      response = { status = 200, headers = {}, body = '{"id":"nt_1"}' }
      assert.is_true(client:request("DELETE", "/new_things/nt_1"))
    end)

    for body, message in pairs {
      ["3"] = "unexpected response: expected a JSON object or an array",
      ["null"] = "unexpected response: expected a JSON object or an array",
      ["<html>"] = "the response is not valid JSON (6 bytes of an undeclared type)",
    } do
      it("an error for a response that is " .. body, function()
        response.body = body
        local value, err = client:request("POST", "/new_things")
        assert.is_nil(value)
        assert.same({ "decode", "unknown", message }, { err.kind, err.outcome, err.message })
      end)
    end
  end)

  describe("refuses the path", function()
    for path, message in pairs {
      ["new_things"] = "one slash", ["//evil.example.com/x"] = "one slash", [""] = "one slash",
      ["https://evil.example.com/x"] = "one slash", ["@evil.example.com/"] = "one slash",
      ["/a/../b"] = "segment", ["/.."] = "segment", ["/."] = "segment", ["/a/./b"] = "segment",
      ["/a/%2e%2E/b"] = "segment", ["/a/.%2e"] = "segment", ["/a%2f..%2Fb"] = "segment",
      ["/a/..%5cb"] = "segment", ["/a\\..\\b"] = "percent-encode the rest", ["/a#b"] = "without a fragment",
      ["/a b"] = "percent-encode the rest", ["/a\r\nX: y"] = "percent-encode the rest",
      ["/a\0"] = "percent-encode the rest", ["/é"] = "percent-encode the rest",
      ["/{id}"] = "percent-encode the rest", ["/a%2"] = "two hexadecimal digits",
      ["/a%zz"] = "two hexadecimal digits",
    } do
      it(("%q"):format(path), function()
        local value, err = client:request("GET", path)
        assert.is_nil(value)
        assert.same({ "invalid", "validate", "not_sent" }, { err.kind, err.phase, err.outcome })
        assert.matches(message, err.message, 1, true)
        assert.is_nil((tostring(err) .. err.operation):find "%c")
        assert.equal(0, #requests)
      end)
    end

    it("that makes the URL too long", function()
      local _, err = client:request("GET", "/" .. ("a"):rep(60000))
      assert.matches("the limit is 60000", err.message, 1, true)
    end)
  end)

  local cyclic = {}
  cyclic.inner = cyclic
  for name, case in pairs {
    ["a method in lower case"] = {
      "get", "/a", nil, "method must be GET, POST, PUT, PATCH or DELETE, got get",
    },
    ["a method that is no string"] = { nil, "/a", nil, "got nil" },
    ["a path that is no string"] = { "GET", 1, nil, "path must be a string, got number" },
    ["an argument too many"] = {
      "GET", "/a", {}, "it takes a method, a path and options, and no more arguments", surplus = {},
    },
    ["an unknown option"] = { "GET", "/a", { qery = {} }, "unknown name 'qery'" },
    ["a body that is no table"] = { "POST", "/a", { body = 1 }, "bad 'body'" },
    ["a query that is no table"] = { "GET", "/a", { query = "a=b" }, "bad 'query'" },
    ["a table in the query"] = { "GET", "/a", { query = { a = { {} } } }, "query.a must be a string" },
    ["a name in the query that is no string"] = {
      "GET", "/a", { query = { "a" } }, "the names in query must be strings, got number",
    },
    ["a function"] = {
      "POST", "/a", { body = { a = { print } } }, "body.a[1] cannot be written as JSON (function)",
    },
    ["NaN"] = { "POST", "/a", { body = { a = 0 / 0 } }, "body.a cannot be written as JSON" },
    ["an array with holes"] = {
      "POST", "/a", { body = { a = { 1, [3] = 2 } } }, "body.a is neither an array",
    },
    ["an array with names"] = { "POST", "/a", { body = { 1, a = 2 } }, "body is neither an array" },
    ["a name that is no string"] = {
      "POST", "/a", { body = { [0.5] = 1 } }, "body must be strings, got number",
    },
    ["a table that inherits"] = {
      "POST", "/a", { body = { a = setmetatable({}, { __index = { 1 } }) } }, "body.a has an __index",
    },
    ["a table in itself"] = { "POST", "/a", { body = cyclic }, "body is nested too deeply" },
  } do
    it("raises for " .. name, function()
      local _, err = pcall(function() client:request(case[1], case[2], case[3], case.surplus) end)
      assert.matches("^[^:]*generic_spec.lua:%d+: ", err)
      assert.matches(case[4], err, 1, true)
      assert.equal(0, #requests)
    end)
  end

  it("returns an error for text that is not UTF-8, and for a body where there is none", function()
    for _, case in ipairs {
      { "POST", { body = { a = { "\255" } } }, "body.a[1] is not valid UTF-8, which JSON requires" },
      { "POST", { body = { ["\255"] = 1 }, validate = false },
        "body is not valid UTF-8, which JSON requires" },
      { "POST", { body = '"\255"', validate = false },
        "body is not valid JSON (a table is written as JSON)" },
      { "GET", { query = { a = "\255" } }, "query.a is not valid UTF-8" },
      { "GET", { body = {} }, "a GET has no body" },
      { "DELETE", { body = "{}" }, "a DELETE has no body" },
    } do
      local value, err = client:request(case[1], "/a", case[2])
      assert.is_nil(value)
      assert.same({ "invalid", case[3] }, { err.kind, err.message })
    end
    assert.equal(0, #requests)
  end)

  it("shows no secret of its body or query, and not the key", function()
    local events, fields = {}, {}
    local watched = assert(ngrok.client {
      api_key = "ak1_generic_key", on_event = function(event) events[#events + 1] = event end,
      transport = function(attempt)
        local said = { attempt.url, attempt.body, "ak1_generic_key" }
        local message = core.json(table.concat(said, " "))
        return { status = 400, headers = {}, body = ('{"msg":%s}'):format(message) }
      end,
    })
    for _, given in ipairs {
      { body = { name = "n", deep = { { client_secret = "pw 12\"345" } } } },
      { body = { name = "n", passwords = { "pw 12\"345", "pw 12\"345x" } } },
      { body = { name = "n", traffic_policy = "config:\n  credentials:\n    - 'user:pw 12\"345'\n" } },
      { body = '{"name":"n","token" : "pw 12\\"345"}' },
      { query = { token = "pw 12\"345" } },
    } do
      local _, err = watched:request("PATCH", "/things/ak1_generic_key", given)
      fields[#fields + 1] = tostring(err) .. err.message .. err.operation
      assert.matches("things", err.operation, 1, true)
    end
    for _, event in ipairs(events) do
      fields[#fields + 1] = event.operation .. tostring(event.message)
    end
    local all = table.concat(fields)
    for _, secret in ipairs { "12", "345", "generic_key" } do
      assert.is_nil(all:find(secret, 1, true), all)
    end
    assert.matches('"name":"n"', all, 1, true)
    watched:close()
  end)

  it("shows no key that is in the place of a name or a method", function()
    for _, call in ipairs {
      function() client:request("ak1_generic_key", "/a") end,
      function() client:request("POST", "/a", { body = { ak1_generic_key = print } }) end,
      function() client:request("POST", "/a", { body = { ak1_generic_key = { 1, a = 2 } } }) end,
      function() client:request("GET", "/a", { query = { ak1_generic_key = { {} } } }) end,
      function() client:request("GET", "/a", { ak1_generic_key = 1 }) end,
    } do
      local _, err = pcall(call)
      assert.matches("[redacted]", err, 1, true)
      assert.is_nil(err:find "generic_key")
    end
  end)

  it("is refused once the client is closed", function()
    client:close()
    local value, err = client:request("GET", "/a")
    assert.is_nil(value)
    assert.equal("the client is closed", err.message)
  end)
end)
