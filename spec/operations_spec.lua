-- What the five operations send, what they return, and what they leave alone.
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

local full = {
  description = "a device",
  metadata = '{"rack":"7"}',
  acl = { "bind:*.example.com", "bind:1.tcp.ngrok.io:20002" },
  owner_id = "usr_2TMGG635o87KDP13PBjUDx2rzJY",
}

-- How a body has each attribute, in the order of the API's page.
local written = {
  { name = "description", json = [["description":"a device"]] },
  { name = "metadata", json = [["metadata":"{\"rack\":\"7\"}"]] },
  { name = "acl", json = [["acl":["bind:*.example.com","bind:1.tcp.ngrok.io:20002"]] .. "]" },
  { name = "owner_id", json = [["owner_id":"usr_2TMGG635o87KDP13PBjUDx2rzJY"]] },
}

-- Every choice of the first `count` attributes, as a table and as JSON.
local function choices(count)
  local all = {}
  for bits = 0, 2 ^ count - 1 do
    local attributes, json = {}, {}
    for position = 1, count do
      if math.floor(bits / 2 ^ (position - 1)) % 2 == 1 then
        attributes[written[position].name] = full[written[position].name]
        json[#json + 1] = written[position].json
      end
    end
    all[#all + 1] = { attributes = attributes, json = "{" .. table.concat(json, ",") .. "}" }
  end
  return all
end

hosts.describe_on(wires.all, "the operations", function(host)
  local credentials, emu

  before_each(function()
    emu, credentials = host.emulator, host.client.credentials
  end)

  local function create(attributes)
    return assert(credentials:create(attributes))
  end

  local function last_request()
    local requests = emu:requests()
    return requests[#requests]
  end

  local function assert_sent(method, path, body)
    local request = last_request()
    assert.equal(method, request.method)
    assert.equal(path, request.path)
    assert.is_nil(request.query)
    assert.equal(body or "", request.body or "")
    assert.equal(body and "application/json" or nil, request.headers["content-type"])
  end

  local function assert_not_found(operation, value, err)
    assert.is_nil(value)
    assert.is_true(ngrok.is_error(err))
    assert.is_true(err:is_not_found())
    assert.equal("rejected", err.outcome)
    assert.equal(operation, err.operation)
  end

  -- A fixed response to the next request.
  local function respond(body, status)
    emu:misbehave { kind = "body", status = status or 200, body = body }
  end

  describe("create", function()
    it("sends exactly the attributes that it is given, and returns what the account then holds", function()
      for _, choice in ipairs(choices(4)) do
        local cred = create(choice.attributes)
        assert_sent("POST", "/credentials", choice.json)
        local held = emu:credentials()[1]
        for _, name in ipairs { "id", "description", "metadata", "acl", "owner_id", "created_at" } do
          assert.same(held[name], cred[name], name)
        end
        for name, value in pairs(choice.attributes) do
          assert.same(value, cred[name], name)
        end
        assert.matches("^usr_", cred.owner_id) -- the API names an owner where the call does not
        assert.matches("^%w+_%w+$", cred.token)
      end
    end)

    it("needs no table of attributes", function()
      assert.equal(create().id, emu:credentials()[1].id)
      assert_sent("POST", "/credentials", "{}")
    end)

    it("sends empty values as they are", function()
      assert.same({}, create({ description = "", metadata = "", acl = {} }).acl)
      assert_sent("POST", "/credentials", '{"description":"","metadata":"","acl":[]}')
    end)

    it("leaves the table of attributes as it was, and does not follow its changes", function()
      local attributes = { description = "x", acl = { "bind:a.example.com" } }
      local cred = create(attributes)
      assert.same({ description = "x", acl = { "bind:a.example.com" } }, attributes)
      attributes.acl[1] = "*"
      assert.same({ "bind:a.example.com" }, cred.acl)
    end)

    it("returns the API's refusal of an owner", function()
      emu:misbehave { kind = "status", status = 400, code = "ERR_NGROK_634", message = "No such owner." }
      local cred, err = credentials:create { owner_id = "usr_nobody" }
      assert.is_nil(cred)
      assert.equal("ERR_NGROK_634", err.code)
      assert.equal("credentials.create", err.operation)
    end)
  end)

  describe("get", function()
    it("returns every attribute of the credential but its token", function()
      local cred = create(full)
      assert.same(cred:totable { token = false }, assert(credentials:get(cred.id)):totable())
      assert_sent("GET", "/credentials/" .. cred.id)
    end)

    it("accepts ids of any prefix", function()
      respond '{"id":"any-thing_1"}'
      assert.equal("any-thing_1", assert(credentials:get("any-thing_1")).id)
      assert_sent("GET", "/credentials/any-thing_1")
    end)

    it("returns an error that names the id when the account has no such credential", function()
      local id = "cr_" .. ("a1B2c3D4e"):rep(3)
      assert_not_found("credentials.get", credentials:get(id))
      local _, err = credentials:get(id)
      assert.matches(id, err.message, 1, true)
    end)
  end)

  describe("update", function()
    it("sends exactly the attributes that it is given, and leaves the others as they were", function()
      local old = { description = "old", metadata = "older", acl = { "bind:old.example.com" } }
      for index, choice in ipairs(choices(3)) do
        local id = emu:seed(1, old)[1].id
        if index > 1 then -- the first is empty
          local cred = assert(credentials:update(id, choice.attributes))
          assert_sent("PATCH", "/credentials/" .. id, choice.json)
          local held = emu:credentials()[1]
          for name, value in pairs(old) do
            local expected = choice.attributes[name] or value
            assert.same(expected, held[name], name)
            assert.same(expected, cred[name], name)
          end
          assert.is_nil(cred.token)
        end
      end
    end)

    it("sends empty values, which clear what the account holds", function()
      local id = emu:seed(1, { description = "old", metadata = "old", acl = { "bind:a.example.com" } })[1].id
      assert.same({}, assert(credentials:update(id, { acl = {} })).acl)
      assert_sent("PATCH", "/credentials/" .. id, '{"acl":[]}')
      assert(credentials:update(id, { description = "" }))
      assert_sent("PATCH", "/credentials/" .. id, '{"description":""}')
      assert(credentials:update(id, { metadata = "" }))
      local held = emu:credentials()[1]
      assert.same({ {}, nil, nil }, { held.acl, held.description, held.metadata })
    end)

    it("returns an error when the account has no such credential", function()
      assert_not_found("credentials.update", credentials:update("cr_nothing", { description = "x" }))
    end)
  end)

  describe("delete", function()
    it("returns true, and removes that credential and no other", function()
      local seeded = emu:seed(3)
      assert.is_true(credentials:delete(seeded[2].id))
      assert_sent("DELETE", "/credentials/" .. seeded[2].id)
      local left = emu:credentials()
      assert.same({ 2, seeded[3].id, seeded[1].id }, { #left, left[1].id, left[2].id })
    end)

    it("returns an error when the account has no such credential", function()
      assert_not_found("credentials.delete", credentials:delete("cr_nothing"))
    end)

    it("returns the API's refusal to delete the account's own token", function()
      local done, err = credentials:delete(emu:seed(1, { special = "tunnel_token" })[1].id)
      assert.is_nil(done)
      assert.is_true(err:is("ERR_NGROK_601"))
    end)
  end)

  describe("a credential's", function()
    local cred, before

    before_each(function()
      cred = create(full)
      before = cred:totable()
    end)

    it("update sends only what it names, and returns the object itself, changed", function()
      local other = assert(credentials:get(cred.id))
      local same, response = cred:update { description = "changed" }
      assert_sent("PATCH", "/credentials/" .. cred.id, '{"description":"changed"}')
      assert.equal(200, response.status)
      assert.is_true(rawequal(cred, same))
      before.description = "changed"
      assert.same(before, cred:totable()) -- with the token, which the response does not repeat
      assert.equal(full.description, other.description)
    end)

    it("update takes over a token that the response has", function()
      respond(('{"id":"%s","token":"another_token"}'):format(cred.id))
      assert.equal("another_token", assert(cred:update { description = "changed" }).token)
    end)

    it("update changes the object when its result is read, and not earlier", function()
      local request = cred:update({ description = "later" }, { wait = false })
      assert.equal(full.description, cred.description)
      assert.is_true(rawequal(cred, request:result()))
      assert.equal("later", cred.description)
    end)

    it("reload returns the object itself, as the account now holds it, and keeps the token", function()
      assert(credentials:update(cred.id, { description = "elsewhere", metadata = "", acl = {} }))
      local same, response = cred:reload()
      assert_sent("GET", "/credentials/" .. cred.id)
      assert.equal(200, response.status)
      assert.is_true(rawequal(cred, same))
      assert.same({ "elsewhere", before.token }, { cred.description, cred.token })
      assert.is_nil(cred.metadata)
      assert.same({}, cred.acl)
    end)

    it("delete returns true and leaves the object readable", function()
      assert.is_true(cred:delete())
      assert_sent("DELETE", "/credentials/" .. cred.id)
      assert.same({}, emu:credentials())
      assert.same(before, cred:totable())
      assert_not_found("credentials.update", cred:update { description = "x" })
      assert_not_found("credentials.get", cred:reload())
      assert.same(before, cred:totable())
    end)

    for name, response in pairs {
      ["an error"] = { status = 503, body = "" },
      ["something else than a credential"] = { status = 200, body = '{"id":"cr_1","acl":"*"}' },
      ["another credential"] = { status = 200, body = '{"id":"cr_other"}' },
    } do
      it("update and reload leave the object as it was when the response is " .. name, function()
        for _, call in ipairs { function() return cred:update { description = "x" } end,
          function() return cred:reload() end } do
          respond(response.body, response.status)
          local value, err = call()
          assert.is_nil(value)
          assert.equal(response.status == 200 and "decode" or "api", err.kind)
          assert.equal("unknown", err.outcome)
          assert.same(before, cred:totable())
        end
      end)
    end

    for _, method in ipairs { "update", "delete", "reload" } do
      it(method .. " accepts the options of a call", function()
        local value, err
        local options = { on_done = function(...) value, err = ... end }
        local request = method == "update" and cred:update({ description = "later" }, options)
          or method ~= "update" and cred[method](cred, options)
        assert.is_nil(value)
        request:result()
        host.client:step(0)
        assert.is_nil(err)
        assert.is_true(method == "delete" and value == true or rawequal(value, cred))
      end)
    end
  end)

  it("refuse a response with another credential than the one that was asked for", function()
    for name, call in pairs {
      get = function() return credentials:get("cr_mine") end,
      update = function() return credentials:update("cr_mine", { description = "d" }) end,
    } do
      respond '{"id":"cr_other"}'
      local value, err = call()
      assert.is_nil(value)
      assert.equal("decode", err.kind, name)
      assert.equal("unknown", err.outcome)
      assert.matches("another credential", err.message, 1, true)
    end
  end)

  it("leave nothing pending when they have returned", function()
    local id = emu:seed(1)[1].id
    for _, call in ipairs {
      function() return credentials:create {} end,
      function() return credentials:get(id) end,
      function() return credentials:update(id, { description = "x" }) end,
      function() return credentials:list():all() end,
      function() return credentials:delete(id) end,
    } do
      assert(call())
      assert.equal(0, host.client:pending())
      assert.is_nil(host.client:timeout())
    end
  end)

  describe("options of a call:", function()
    it("timeout ends that call, and no other", function()
      local client = host:new_client { timeout = 0.05 }
      emu:misbehave { kind = "hang", count = 2 }
      local patient = client.credentials:get("cr_1", { timeout = 60, wait = false })
      local cred, err = client.credentials:get("cr_2", { timeout = timing.scaled(0.05) })
      assert.is_nil(cred)
      assert.equal("timeout", err.kind)
      assert.is_false(patient:done())
      patient:cancel()
      assert.equal("cancelled", (select(2, patient:result())).kind)
    end)

    it("max_wait ends a call that the limits do not admit, before it is sent", function()
      local client = host:new_client { max_in_flight = 1 }
      emu:misbehave { kind = "hang" }
      local first = client.credentials:get("cr_1", { wait = false })
      client:step(0)
      local cred, err = client.credentials:get("cr_2", { max_wait = 0.02 })
      assert.is_nil(cred)
      assert.same({ "timeout", "wait", "not_sent" }, { err.kind, err.phase, err.outcome })
      first:cancel()
      assert.equal("cancelled", (select(2, first:result())).kind)
      for _, request in ipairs(emu:requests()) do
        assert.equal("/credentials/cr_1", request.path)
      end
    end)

    it("are left as they were, and may be none", function()
      local options = { timeout = 5, max_wait = 5, max_retries = 0 }
      assert(credentials:create({}, options))
      assert.same({ timeout = 5, max_wait = 5, max_retries = 0 }, options)
      assert(credentials:create({}, {}))
    end)
  end)

  describe("objects and clients:", function()
    local client, cred

    before_each(function()
      client = host:new_client()
      cred = assert(client.credentials:create(full))
    end)

    -- The case holds it from now on.
    local function let_go_of_client()
      local held = setmetatable({ client }, { __mode = "v" })
      host.clients[#host.clients], client = nil, nil
      return held
    end

    it("a credential outlives its client, without which its methods send nothing", function()
      local before = cred:totable()
      client:close()
      assert.same(before, cred:totable())
      assert.equal("ngrok.credential: " .. cred.id, tostring(cred))
      local value, err = cred:reload()
      assert.is_nil(value)
      assert.equal("not_sent", err.outcome)
      assert.matches("closed", err.message)
      assert.equal(1, #emu:requests())
    end)

    it("a credential keeps its client alive", function()
      local held = let_go_of_client()
      collectgarbage()
      collectgarbage()
      assert.equal("changed", assert(cred:update { description = "changed" }).description)
      held[1]:close()
    end)

    it("a client without references is collected", function()
      local held = let_go_of_client()
      cred = nil
      for _ = 1, 3 do
        collectgarbage()
      end
      assert.is_nil(held[1])
    end)

    it("two clients work side by side, and a credential uses the one that it came from", function()
      local second = host:new_client()
      local one = client.credentials:create({ description = "one" }, { wait = false })
      local two = second.credentials:create({ description = "two" }, { wait = false })
      assert.equal("two", assert(two:result()).description)
      assert.equal("one", assert(one:result()).description)
      second:close()
      assert(cred:reload())
      client:close()
      assert.is_nil((cred:reload()))
    end)
  end)
end)
