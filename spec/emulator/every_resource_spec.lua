-- The emulator keeps what every service has: each operation of each description is called, and what was
-- created is read, listed, changed and deleted.
local description = require "ngrok.description"
local emulator = require "ngrok.emulator"
local index = require "ngrok.api.index"
local ngrok = require "ngrok"

-- What an attribute must refer to: the service that has it.
local referred = {
  backend_id = "backends.static_address", certificate_authority_ids = "certificate_authorities",
  ip_policy_id = "ip_policies", ip_policy_ids = "ip_policies",
  ssh_certificate_authority_id = "ssh_certificate_authorities", vault_id = "vaults",
}

-- What only agents and visitors make.
local made_elsewhere = {
  application_sessions = true, application_users = true, tunnel_sessions = true, tunnels = true,
}

describe("in the emulator", function()
  local emu, client

  local function service(name)
    local found = client
    for part in name:gmatch "[^.]+" do
      found = found[part]
    end
    return found
  end

  local sample, create

  local function sample_object(kind, fields)
    local made = {}
    for _, field in ipairs(fields) do
      if field.required then
        made[field[1]] = sample(kind, field)
      end
    end
    return made
  end

  function sample(kind, field)
    local shape, name = field[2]:match "^([%[{]?)(.-)[%]}]?$"
    local value = ({ string = field.check and "*" or "text", integer = 1, number = 1, boolean = true })[name]
    if referred[field[1]] then
      value = create(description.load(referred[field[1]])).id
    elseif value == nil then
      value = sample_object(kind, kind.types[name])
    end
    return shape == "[" and { value } or shape == "{" and { a = value } or value
  end

  local function attributes_of(kind, operation)
    local made = sample_object(kind, operation.attributes or {})
    local first = operation.attributes and operation.attributes[1]
    if first and not next(made) then
      made[first[1]] = sample(kind, first)
    end
    return made
  end

  -- The path's parameters from what was made, then what the operation takes.
  local function call(kind, operation, made)
    local arguments = {}
    for position, parameter in ipairs(operation.parameters) do
      arguments[position] = made[parameter] or "none_1"
    end
    local count = #arguments + 1
    if operation.attributes then
      arguments[count] = attributes_of(kind, operation)
    end
    return service(kind.name)[operation.name](service(kind.name), arguments[1], arguments[2], arguments[3])
  end

  local function check(kind, name, made)
    local operation = kind.operations[name]
    local value, err = call(kind, operation, made)
    if operation.returns == "page" then
      value, err = value:all()
    end
    assert(value, ("%s.%s: %s"):format(kind.name, name, tostring(err)))
    return value
  end

  local last = { delete = true, stop = true } -- nothing is left then
  local not_again = { create = true, replace = true }

  function create(kind)
    return assert(service(kind.name):create(attributes_of(kind, kind.operations.create)))
  end

  -- The ids of the items that the path is below.
  local function made_above(kind)
    local edge = kind.path:match "^/edges/(%w+)/{"
    local made = edge and create(description.load("edges." .. edge))
    if kind.path:find "^/event_subscriptions/{" then
      return { subscription_id = create(description.load "event_subscriptions").id }
    elseif not made then
      return {}
    elseif kind.path:find("{edge_id}/routes/{id}", 1, true) then
      local route = { match = "/", match_type = "path_prefix" }
      return { edge_id = made.id, id = assert(client.edges.https_routes:create(made.id, route)).id }
    end
    return kind.path:find "{id}" and { id = made.id } or { edge_id = made.id }
  end

  -- The item with the parameters of its path, and how many operations were called to make it.
  local function make(kind)
    local name = kind.operations.create and "create" or kind.operations.replace and "replace"
    if name then
      local above = made_above(kind)
      return setmetatable(above, { __index = check(kind, name, above) }), 1
    end
    return made_elsewhere[kind.name] and emu:seed(kind.name, 1)[1] or {}, 0
  end

  setup(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu, max_retries = 0, rate_limit = false })
  end)

  teardown(function()
    client:close()
  end)

  before_each(function()
    emu:reset()
  end)

  local total = 0

  for name in pairs(index) do
    it("every operation of " .. name .. " works", function()
      local kind = description.load(name)
      local made, count = make(kind)
      for _, operation in ipairs(kind.operation_names) do
        if not last[operation] and not not_again[operation] then
          check(kind, operation, made)
          count = count + 1
        end
      end
      for operation in pairs(last) do -- no service has both
        if kind.operations[operation] then
          check(kind, operation, made)
          count = count + 1
        end
      end
      assert.equal(#kind.operation_names, count)
      total = total + count
    end)
  end

  it("all of the API's operations were called", function()
    assert.is_true(total >= 252, total .. " were called")
  end)

  local function refuses(code, value, err)
    assert.is_nil(value)
    assert.equal(code, err.code)
  end

  it("a module of an edge is a part of that edge", function()
    local backend = create(description.load "backends.static_address")
    local modules = client.edge_modules.tcp_edge_backend
    local edge = assert(client.edges.tcp:create { backend = { enabled = true, backend_id = backend.id } })
    assert.equal(backend.id, edge.backend.backend.id)
    assert.equal(backend.uri, assert(modules:get(edge.id)).backend.uri)
    assert(modules:delete(edge.id))
    assert.is_nil(assert(edge:reload()).backend)
    refuses("ERR_NGROK_404", modules:get(edge.id))
    assert(modules:replace(edge.id, { enabled = false }))
    assert.same({ enabled = false }, assert(edge:reload()).backend)
    refuses("ERR_NGROK_404", modules:replace("edgtcp_none", { enabled = false }))
  end)

  it("routes and sources are those of what is above them", function()
    local edge = create(description.load "edges.https")
    local routes = client.edges.https_routes
    local first = assert(routes:create(edge.id, { match = "/a", match_type = "path_prefix" }))
    local other = create(description.load "edges.https")
    assert(routes:create(other.id, { match = "/b", match_type = "path_prefix" }))
    local listed = edge:routes():all()
    assert.same({ 1, first.id }, { #listed, listed[1].id })
    refuses("ERR_NGROK_404", routes:create("edghts_none", { match = "/", match_type = "path_prefix" }))
    refuses("ERR_NGROK_404", routes:get("edghts_none", first.id))

    local subscription = assert(client.event_subscriptions:create { sources = { { type = "a.v0" } } })
    assert(client.event_sources:create(subscription.id, { type = "b.v0" }))
    assert.same({ "a.v0", "b.v0" }, { subscription:reload().sources[1].type, subscription.sources[2].type })
    assert(subscription:update { sources = { { type = "c.v0" } } })
    refuses("ERR_NGROK_404", client.event_sources:get(subscription.id, "a.v0"))
    assert.equal(subscription.sources[1].uri, assert(client.event_sources:get(subscription.id, "c.v0")).uri)
  end)

  it("what an attribute refers to is there, at every depth", function()
    refuses("ERR_NGROK_404", client.edges.tcp:create { backend = { backend_id = "bkdst_none" } })
    refuses("ERR_NGROK_404", client.backends.failover:create { backends = { "bkdst_none" } })
    refuses("ERR_NGROK_404", client.backends.weighted:create { backends = { bkdst_none = 1 } })
    local vault = create(description.load "vaults")
    refuses("ERR_NGROK_404", client.ip_policy_rules:create {
      cidr = "192.0.2.0/24", action = "allow", ip_policy_id = vault.id,
    })
  end)

  it("a certificate is detached from its domain", function()
    local certificate = create(description.load "tls_certificates")
    local domain = assert(client.reserved_domains:create { domain = "x", certificate_id = certificate.id })
    assert.equal(certificate.id, domain.certificate.id)
    assert(domain:delete_certificate())
    assert.is_nil(assert(domain:reload()).certificate)
    assert(domain:update { certificate_id = certificate.id })
    assert(domain:update { certificate_id = "" })
    assert.is_nil(assert(domain:reload()).certificate)
  end)

  it("a stopped session is gone, and endpoints are listed by id and URL", function()
    emu:seed("tunnel_sessions", 2)
    assert(client.tunnel_sessions:list():all()[1]:stop())
    assert.equal(1, #client.tunnel_sessions:list():all())
    local endpoints = {}
    for position = 1, 3 do
      endpoints[position] = assert(client.endpoints:create {
        url = ("tcp://%d.example.com:1000"):format(position), type = "cloud", traffic_policy = "{}",
      })
    end
    local first = endpoints[1]
    assert.same({ "tcp", "1.example.com", 1000 }, { first.scheme, first.host, first.port })
    local ids = { first.id, endpoints[3].id }
    assert.equal(2, #client.endpoints:list({ id = ids, limit = 1 }):all())
    assert.equal(1, #client.endpoints:list({ id = ids, url = { endpoints[3].url } }):all())
  end)
end)
