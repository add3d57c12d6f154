-- What a reference in an object leads to, and the routes that an edge has in it.
local ngrok = require "ngrok"

describe("A reference", function()
  local client, requests, bodies

  before_each(function()
    requests, bodies = {}, {}
    client = assert(ngrok.client {
      api_key = "ak1_reference", base_url = "https://relay.example.com/ngrok", rate_limit = false,
      transport = function(attempt)
        local path = attempt.url:gsub("^https://relay.example.com/ngrok", "")
        requests[#requests + 1] = attempt.method .. " " .. path
        return { status = 200, headers = {}, body = bodies[path:match "^[^?]*"] }
      end,
    })
  end)

  after_each(function()
    client:close()
  end)

  local function read(service, path, id, body)
    bodies[path .. "/" .. id] = body
    return assert(service:get(id))
  end

  local function endpoint(more)
    return read(client.endpoints, "/endpoints", "ep_1", ('{"id":"ep_1",%s}'):format(more))
  end

  it("is followed to the resource that its uri names", function()
    local one = endpoint '"domain":{"id":"rd_1","uri":"https://api.ngrok.com/reserved_domains/rd_1"}'
    bodies["/reserved_domains/rd_1"] = '{"id":"rd_1","domain":"a.example.com"}'
    local domain, response = assert(one:follow "domain")
    assert.equal("ngrok.reserved_domain: rd_1", tostring(domain))
    assert.equal("a.example.com", domain.domain)
    assert.equal(200, response.status)
    assert.equal("GET /reserved_domains/rd_1", requests[2])
    assert.is_true(domain:delete_certificate())
    assert.equal("DELETE /reserved_domains/rd_1/certificate", requests[3])
  end)

  it("is followed to each kind of edge, and to routes", function()
    for path, name in pairs {
      ["/edges/https/e_1"] = "https_edge", ["/edges/tcp/e_1"] = "tcp_edge", ["/edges/tls/e_1"] = "tls_edge",
      ["/edges/https/e_2/routes/e_1"] = "https_edge_route",
      ["/vault_secrets/e_1"] = "secret", ["/app/users/e_1"] = "application_user",
      ["/backends/static/e_1"] = "static_backend",
    } do
      bodies[path] = '{"id":"e_1"}'
      local one = endpoint(('"edge":{"id":"e_1","uri":"https://api.ngrok.com%s"}'):format(path))
      assert.equal("ngrok." .. name .. ": e_1", tostring(assert(one:follow "edge")))
      assert.equal("GET " .. path, requests[#requests])
    end
  end)

  it("never leads to another host", function()
    local one = endpoint '"domain":{"id":"rd_1","uri":"https://evil.example/x/reserved_domains/rd_1?a#b"}'
    bodies["/reserved_domains/rd_1"] = '{"id":"rd_1"}'
    assert(one:follow "domain")
    assert.equal("GET /reserved_domains/rd_1", requests[2])
    for _, uri in ipairs {
      "https://api.ngrok.com/reserved_domains/rd_1%2F..%2F..", "https://api.ngrok.com/reserved_domains/..",
      "https://api.ngrok.com/reserved_domains/rd_1@evil.example.com",
    } do
      local value, err = endpoint(('"domain":{"id":"rd_1","uri":"%s"}'):format(uri)):follow "domain"
      assert.is_nil(value)
      assert.equal("invalid", err.kind)
      assert.matches("^id may have only letters", err.message)
    end
  end)

  it("in a nested object or an array is followed by its full name", function()
    local edge = read(client.edges.tcp, "/edges/tcp", "e_1", [[{"id":"e_1",
      "backend":{"enabled":true,"backend":{"id":"b_1","uri":"https://api.ngrok.com/backends/weighted/b_1"}},
      "ip_restriction":{"ip_policies":[{"id":"p_1","uri":"https://api.ngrok.com/ip_policies/p_1"},
      {"id":"p_2","uri":"https://api.ngrok.com/ip_policies/p_2"}]}}]])
    bodies["/backends/weighted/b_1"], bodies["/ip_policies/p_2"] = '{"id":"b_1"}', '{"id":"p_2"}'
    assert.equal("ngrok.weighted_backend: b_1", tostring(edge:follow "backend.backend"))
    assert.equal("ngrok.ip_policy: p_2", tostring(edge:follow "ip_restriction.ip_policies[2]"))
    local _, err = edge:follow "ip_restriction.ip_policies"
    assert.equal("ip_restriction.ip_policies is an array: follow one of it, as "
      .. "'ip_restriction.ip_policies[1]'", err.message)
    _, err = edge:follow "ip_restriction.ip_policies[3]"
    assert.equal("ip_restriction.ip_policies[3] is absent, so it cannot be followed", err.message)
  end)

  it("takes options like every call", function()
    local one = endpoint '"domain":{"id":"rd_1","uri":"https://api.ngrok.com/reserved_domains/rd_1"}'
    bodies["/reserved_domains/rd_1"] = '{"id":"rd_1"}'
    assert.equal("rd_1", assert(one:follow("domain", { wait = false }):result()).id)
    local request = one:follow("edge", { wait = false })
    assert.equal("edge is absent, so it cannot be followed", select(2, request:result()).message)
  end)

  it("of a kind that is not known is an error with the way out", function()
    local one = endpoint '"principal":{"id":"usr_1","uri":"https://api.ngrok.com/users/usr_1"}'
    local value, err = one:follow "principal"
    assert.is_nil(value)
    assert.equal('endpoints.follow failed: principal leads to https://api.ngrok.com/users/usr_1, which no '
      .. 'service here has: get it with client:request("GET", path) (invalid, validate, not_sent)',
      tostring(err))
    assert.equal("tunnel has no uri, so it cannot be followed",
      select(2, endpoint('"tunnel":{"id":"tn_1"}'):follow "tunnel").message)
  end)

  it("shows no key that a server writes into its uri", function()
    local one = endpoint '"principal":{"id":"usr_1","uri":"https://x/ak1_reference"}'
    assert.matches("https://x/[redacted],", select(2, one:follow "principal").message, 1, true)
  end)

  it("shows no key that is in the place of its name", function()
    local _, err = pcall(function() endpoint('"url":"x"'):follow "ak1_reference" end)
    assert.matches("'[redacted]' is not a reference", err, 1, true)
  end)

  for name, message in pairs {
    domian = "endpoint:follow: 'domian' is not a reference (did you mean 'domain'?)",
    url = "endpoint:follow: 'url' is not a reference (there are domain, tcp_addr, tunnel, edge, principal, "
      .. "tunnel_session)",
    update = "endpoint:follow: 'update' is not a reference",
    ["domain.id"] = "endpoint:follow: 'domain.id' is not a reference",
    [""] = "endpoint:follow: '' is not a reference",
  } do
    it("that an object cannot have raises: " .. name, function()
      local one = endpoint '"url":"https://a.example.com","domain":{"id":"rd_1"}'
      local _, err = pcall(function() one:follow(name) end)
      assert.matches("^[^:]*reference_spec.lua:%d+: ", err)
      assert.matches(message, err, 1, true)
    end)
  end
end)

describe("An HTTPS edge", function()
  local body = '{"id":"e_1","uri":"https://api.ngrok.com/edges/https/e_1","routes":['
    .. '{"id":"r_1","edge_id":"e_1","match":"/a"},{"id":"r_2","edge_id":"e_1","match":"/b"}]}'

  it("has its routes as plain tables, and as a method that lists them as objects", function()
    local requests = {}
    local client = assert(ngrok.client {
      api_key = "ak1_edge", rate_limit = false,
      transport = function(attempt)
        requests[#requests + 1] = attempt.method .. attempt.url:gsub("^https://api.ngrok.com", " ")
        return { status = attempt.method == "DELETE" and 204 or 200, headers = {}, body = body }
      end,
    })
    local edge = assert(client.edges.https:get "e_1")
    assert.equal("/b", edge.routes[2].match)
    edge.routes[2].match = "changed"
    assert.equal("/b", edge.routes[2].match)
    local found = {}
    for route in edge:routes() do
      found[#found + 1] = route
    end
    assert.same({ "ngrok.https_edge_route: r_1", "ngrok.https_edge_route: r_2" },
      { tostring(found[1]), tostring(found[2]) })
    assert.is_true(found[2]:delete())
    assert.same({ "GET /edges/https/e_1", "GET /edges/https/e_1", "DELETE /edges/https/e_1/routes/r_2" },
      requests)
    assert.equal(2, #client.edges.https:routes("e_1"):all())
    assert.has_error(function() edge.routes() end)
    client:close()
  end)
end)
