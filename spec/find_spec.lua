-- find, find_all and find_or_create: what they return, what they send, and what they refuse.
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local manual_transport = require "spec.support.manual_transport"
local ngrok = require "ngrok"

hosts.describe("finding", function(host)
  local emu, credentials

  before_each(function()
    emu, credentials = host.emulator, host.client.credentials
  end)

  local function seed(...)
    local templates = { ... }
    return emu:seed(#templates, function(index) return templates[index] end)
  end

  local function sent()
    local methods = {}
    for index, request in ipairs(emu:requests()) do
      methods[index] = request.method
    end
    return table.concat(methods, " ")
  end

  describe("the first", function()
    it("returns the newest that matches", function()
      local seeded = seed({ description = "box" }, { description = "box" }, { description = "lamp" })
      assert.equal(seeded[2].id, assert(credentials:find { description = "box" }).id)
      assert.equal("GET", sent())
    end)

    it("returns nil and no error where nothing matches", function()
      seed { description = "lamp" }
      local found, err = credentials:find { description = "box" }
      assert.is_nil(found)
      assert.is_nil(err)
    end)

    it("returns the error where the account does not say", function()
      emu:misbehave { kind = "status", status = 503 }
      local found, err = credentials:find { description = "box" }
      assert.is_nil(found)
      assert.same({ "api", 503, "credentials.list" }, { err.kind, err.status, err.operation })
    end)

    it("looks on the pages that follow", function()
      local seeded = seed({ description = "box" }, { description = "lamp" })
      emu:misbehave { kind = "body", body = '{"credentials":[{"id":"cr_x"}],"uri":"","next_page_uri":'
        .. '"https://api.ngrok.com/credentials?before_id=' .. seeded[2].id .. '"}' }
      assert.equal(seeded[1].id, assert(credentials:find { description = "box" }).id)
    end)
  end)

  describe("all", function()
    it("returns an array, newest first, over all pages", function()
      emu:seed(250, function(index) return { description = index % 2 == 0 and "even" or "odd" } end)
      local all = assert(credentials:find_all { description = "even" })
      assert.equal(125, #all)
      for index, credential in ipairs(all) do
        assert.equal(emu:credentials()[2 * index - 1].id, credential.id)
      end
    end)

    it("returns an empty array where nothing matches, and an error where the account does not say", function()
      assert.same({}, credentials:find_all { description = "box" })
      emu:misbehave { kind = "status", status = 503 }
      local all, err = credentials:find_all { description = "box" }
      assert.is_nil(all)
      assert.equal(503, err.status)
    end)
  end)

  describe("or creating", function()
    it("creates what does not exist, and finds it afterwards", function()
      local asked = { match = { metadata = "box 7" }, create = { description = "of box 7" } }
      local made, first = credentials:find_or_create(asked)
      assert.truthy(made.token)
      assert.same({ "box 7", "of box 7" }, { made.metadata, made.description })
      assert.same({ true, 201, 1 }, { first.created, first.status, first.attempts })
      local found, second = credentials:find_or_create(asked)
      assert.equal(made, found)
      assert.same({ false, 200, 1 }, { second.created, second.status, second.attempts })
      assert.same({ "GET POST GET", 1 }, { sent(), #emu:credentials() })
    end)

    it("does not change the table of its caller", function()
      local asked = { match = { metadata = "box 7" }, create = { description = "x" } }
      assert(credentials:find_or_create(asked))
      assert.same({ match = { metadata = "box 7" }, create = { description = "x" } }, asked)
    end)

    it("creates an array that match names", function()
      local match = { acl = { "bind:b.com", "bind:a.com" } }
      local made = assert(credentials:find_or_create { match = match })
      assert.same(match.acl, made.acl)
      local found = assert(credentials:find_or_create { match = { acl = { "bind:a.com", "bind:b.com" } } })
      assert.equal(made, found)
    end)

    it("creates one of several values, if create says which", function()
      local match = { description = { "box", "lamp" } }
      local made = assert(credentials:find_or_create { match = match, create = { description = "lamp" } })
      assert.equal(made, credentials:find_or_create { match = match, create = { description = "box" } })
    end)

    it("refuses a contradiction before anything is sent", function()
      for name, asked in pairs {
        description = { match = { description = "box" }, create = { description = "lamp" } },
        owner_id = { match = { owner_id = { "usr_1", "usr_2" } } },
        metadata = { match = { metadata = "" }, create = { metadata = "x" } },
        acl = { match = { acl = "bind:a.com" }, create = { acl = { "bind:b.com" } } },
      } do
        local made, err = credentials:find_or_create(asked)
        assert.is_nil(made)
        assert.same({ "invalid", "credentials.find_or_create" }, { err.kind, err.operation })
        local expected = ("create.%s must be given and fulfil match.%s"):format(name, name)
        assert.matches(expected, err.message, 1, true)
      end
      assert.equal("", sent())
    end)

    it("refuses what cannot be created before it looks", function()
      local made, err = credentials:find_or_create {
        match = { description = "box" }, create = { metadata = ("x"):rep(4097) },
      }
      assert.is_nil(made)
      assert.matches("metadata has 4097 bytes", err.message, 1, true)
      assert.equal("", sent())
    end)

    it("creates nothing where it could not look", function()
      emu:misbehave { kind = "status", status = 503 }
      local made, err = credentials:find_or_create { match = { description = "box" } }
      assert.is_nil(made)
      assert.same({ "credentials.list", 503 }, { err.operation, err.status })
      assert.same({ "GET", 0 }, { sent(), #emu:credentials() })
    end)

    it("creates no second one where the first is unknown: the next call finds it", function()
      emu:misbehave { kind = "status", status = 502, processed = true, method = "POST" }
      local made, err = credentials:find_or_create { match = { description = "box" } }
      assert.is_nil(made)
      assert.same({ "credentials.create", "unknown" }, { err.operation, err.outcome })
      local found, response = credentials:find_or_create { match = { description = "box" } }
      assert.is_false(response.created)
      assert.equal(emu:credentials()[1].id, found.id)
      assert.equal("GET POST GET", sent())
    end)
  end)
end)

describe("finding", function()
  local emu, client

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu })
  end)

  after_each(function()
    assert.equal(0, client:pending())
    client:close()
  end)

  it("judges here what a server returns that ignores the filter", function()
    emu:seed(3)
    local stranger = assert(client.credentials:create { description = "stranger" })
    local deaf = assert(ngrok.client { transport = function(attempt)
      attempt.url = attempt.url:gsub("[?&]filter=[^&]*", "")
      return emu(attempt)
    end, api_key = emu.api_key })
    assert.is_nil(deaf.credentials:find { description = "box" })
    assert.same({}, deaf.credentials:find_all { description = "box" })
    assert.is_nil(deaf.credentials:find { created_at = { before = "90d" } })
    assert.is_nil(deaf.credentials:find { acl = "bind:a.com" })
    assert.equal(stranger.id, deaf.credentials:find({ description = { "stranger", "box" } }).id)
    local _, response = deaf.credentials:find_or_create { match = { description = "box" } }
    assert.is_true(response.created)
    deaf:close()
  end)

  it("filters here where the list takes no filter, and asks for the next page ahead", function()
    local made = {}
    for index = 1, 120 do
      made[index] = assert(client.bot_users:create { name = "bot " .. index, active = index % 2 == 0 })
    end
    assert.equal(made[3].id, client.bot_users:find({ name = "bot 3" }).id)
    assert.equal(60, #client.bot_users:find_all { active = false })
    local _, response = client.bot_users:find_or_create { match = { name = "bot 3" } }
    assert.is_false(response.created)
    for _, request in ipairs(emu:requests()) do
      assert.is_nil((request.query or ""):find("filter", 1, true))
    end
  end)

  it("takes the parameters of the path first", function()
    local subscription = assert(client.event_subscriptions:create { destination_ids = {} })
    local sources = client.event_sources
    local match = { type = "ip_policy_created.v0" }
    local made, response = sources:find_or_create(subscription.id, { match = match })
    assert.is_true(response.created)
    assert.equal(made.type, sources:find(subscription.id, match).type)
    assert.equal(1, #sources:find_all(subscription.id, match))
    assert.is_nil(sources:find("esb_other", { type = "ip_policy_created.v0" }))
  end)

  it("exists for each service with a list, and creates where its service does", function()
    assert.is_function(client.tunnels.find)
    for service, name in pairs { tunnels = "find_or_create", abuse_reports = "find" } do
      local fine, message = pcall(function() return client[service][name] end)
      assert.is_false(fine)
      assert.matches(("client.%s has no '%s'"):format(service, name), message, 1, true)
    end
  end)

  it("sends one request for what the server finds, and leaves the rest of a walk", function()
    emu:seed(250, { description = "box" })
    assert(client.credentials:find { description = "box" })
    assert.equal(1, #emu:requests())
  end)

  it("takes a timeout for each of its requests", function()
    local transport = manual_transport.new()
    local slow = assert(ngrok.client { transport = transport, loop = "block" })
    local _, err = slow.credentials:find({ description = "box" }, { timeout = 0.01 })
    assert.equal("timeout", err.kind)
    assert.equal(0.01, transport.attempts[1].description.call_timeout)
    slow:close()
  end)

  local function assert_raises(words, name, ...)
    local fine, message = pcall(client.credentials[name], client.credentials, ...)
    assert.is_false(fine)
    assert.matches(words, message, 1, true)
    assert.same({}, emu:requests())
  end

  it("raises what a program gets wrong", function()
    for _, name in ipairs { "find", "find_all" } do
      assert_raises(("credentials.%s: match must be a table, got nil"):format(name), name)
      assert_raises(("credentials.%s: match must be a table, got string"):format(name), name, "box")
      assert_raises("did you mean 'description'?", name, { descripton = "box" })
      assert_raises("match.description must be a string or an array of strings", name, { description = 5 })
      assert_raises("and no more arguments", name, { description = "box" }, {}, {})
      assert_raises("unknown name 'tiemout'", name, { description = "box" }, { tiemout = 5 })
    end
    local missing = "credentials.find_or_create: match must be a table, got nil"
    assert_raises(missing, "find_or_create")
    assert_raises(missing, "find_or_create", { create = {} })
    assert_raises("unknown name 'description'", "find_or_create", { description = "box" })
    assert_raises("bad 'create'", "find_or_create", { match = { description = "box" }, create = "x" })
    assert_raises("did you mean 'metadata'?", "find_or_create",
      { match = { description = "box" }, create = { metdata = "x" } })
  end)

  it("refuses to be waited for later, and says how to call it", function()
    for _, name in ipairs { "find", "find_all", "find_or_create" } do
      for option, value in pairs { on_done = print, wait = false } do
        local expected = ("credentials.%s takes no '%s', because it makes several requests: call it in a "
          .. "coroutine"):format(name, option)
        assert_raises(expected, name, { description = "box" }, { [option] = value })
      end
    end
  end)

  it("returns what comes from outside and is wrong as an error, and sends nothing", function()
    local words = { find = "match.description", find_all = "match.description" }
    for name, word in pairs(words) do
      local found, err = client.credentials[name](client.credentials, { description = "\255" })
      assert.is_nil(found)
      assert.same({ "invalid", "validate", "not_sent", "credentials." .. name },
        { err.kind, err.phase, err.outcome, err.operation })
      assert.matches(word .. " is not valid UTF-8", err.message, 1, true)
    end
    local _, err = client.credentials:find {}
    assert.matches("match is empty: name at least one field", err.message, 1, true)
    _, err = client.credentials:find_or_create { match = {} }
    assert.equal("credentials.find_or_create", err.operation)
    assert.same({}, emu:requests())
  end)
end)
