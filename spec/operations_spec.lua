-- What the operations send, what they return, and what they leave alone.
local ngrok = require "ngrok"
local hosts = require "spec.support.hosts"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

local full = {
  description = "a device",
  metadata = '{"rack":"7"}',
  acl = { "bind:*.example.com", "bind:1.tcp.ngrok.io:20002" },
  owner_id = "usr_2TMGG635o87KDP13PBjUDx2rzJY",
}

-- How each attribute is written in a body, in the order of the API's page.
local written = {
  { name = "description", json = [["description":"a device"]] },
  { name = "metadata", json = [["metadata":"{\"rack\":\"7\"}"]] },
  { name = "acl", json = [["acl":["bind:*.example.com","bind:1.tcp.ngrok.io:20002"]] .. "]" },
  { name = "owner_id", json = [["owner_id":"usr_2TMGG635o87KDP13PBjUDx2rzJY"]] },
}

-- Every choice of the first `count` attributes: a name for it, the attributes, their JSON.
local function choices(count)
  local all = {}
  for bits = 0, 2 ^ count - 1 do
    local names, attributes, json = {}, {}, {}
    for position = 1, count do
      if math.floor(bits / 2 ^ (position - 1)) % 2 == 1 then
        local name = written[position].name
        names[#names + 1], json[#json + 1] = name, written[position].json
        attributes[name] = full[name]
      end
    end
    local label = #names > 0 and table.concat(names, ", ") or "nothing"
    all[#all + 1] = { label = label, attributes = attributes, json = "{" .. table.concat(json, ",") .. "}" }
  end
  return all
end

hosts.describe_on(wires.all, "the operations", function(host)
  local credentials, emu

  before_each(function()
    emu = host.emulator
    credentials = host.client.credentials
  end)

  local function create(attributes)
    return assert(credentials:create(attributes))
  end

  local function last_request()
    local requests = emu:requests()
    return requests[#requests]
  end

  -- A fixed response to the next request.
  local function respond(body, status)
    emu:misbehave { kind = "body", status = status or 200, body = body }
  end

  describe("create", function()
    for _, choice in ipairs(choices(4)) do
      it("with " .. choice.label .. " sends that and nothing else", function()
        create(choice.attributes)
        assert.equal(choice.json, last_request().body)
      end)

      it("with " .. choice.label .. " returns what the account then holds", function()
        local cred = create(choice.attributes)
        local held = emu:credentials()[1]
        for _, name in ipairs { "id", "description", "metadata", "acl", "owner_id", "created_at" } do
          assert.same(held[name], cred[name], name)
        end
        for name, value in pairs(choice.attributes) do
          assert.same(value, cred[name], name)
        end
      end)
    end

    it("without a table creates a credential without attributes", function()
      local cred = create()
      assert.equal("{}", last_request().body)
      assert.equal(cred.id, emu:credentials()[1].id)
    end)

    it("with an empty acl sends []", function()
      assert.same({}, create({ acl = {} }).acl)
      assert.equal('{"acl":[]}', last_request().body)
    end)

    it("with an empty description and empty metadata sends them", function()
      create { description = "", metadata = "" }
      assert.equal('{"description":"","metadata":""}', last_request().body)
    end)

    it("without owner_id leaves the owner to the API", function()
      assert.matches("^usr_", create({}).owner_id)
      assert.equal("{}", last_request().body)
    end)

    it("returns the token that the agent needs", function()
      assert.matches("^%w+_%w+$", create({}).token)
    end)

    it("leaves the table of attributes as it was", function()
      local attributes = { description = "x", acl = { "bind:a.example.com" } }
      create(attributes)
      assert.same({ description = "x", acl = { "bind:a.example.com" } }, attributes)
    end)

    it("does not change with the table of attributes afterwards", function()
      local attributes = { acl = { "bind:a.example.com" } }
      local cred = create(attributes)
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
    it("returns every attribute of the credential", function()
      local cred = create(full)
      local expected = cred:totable()
      expected.token = nil
      assert.same(expected, assert(credentials:get(cred.id)):totable())
    end)

    it("returns a credential without its token", function()
      assert.is_nil(assert(credentials:get(create({}).id)).token)
    end)

    it("sends neither a body nor a query", function()
      local cred = create()
      assert(credentials:get(cred.id))
      local request = last_request()
      assert.equal("GET", request.method)
      assert.equal("/credentials/" .. cred.id, request.path)
      assert.is_nil(request.query)
      assert.is_nil(request.headers["content-type"])
      assert.equal("", request.body or "")
    end)

    it("takes ids of any prefix", function()
      respond '{"id":"any-thing_1"}'
      assert.equal("any-thing_1", assert(credentials:get("any-thing_1")).id)
      assert.equal("/credentials/any-thing_1", last_request().path)
    end)

    it("returns nil and an error that is_not_found for an id that the account has not", function()
      local cred, err = credentials:get("cr_nothing")
      assert.is_nil(cred)
      assert.is_true(ngrok.is_error(err))
      assert.is_true(err:is_not_found())
      assert.equal("rejected", err.outcome)
      assert.equal("credentials.get", err.operation)
    end)

    it("keeps fields that this version does not know", function()
      respond '{"id":"cr_1","region":"eu","weight":1.5,"shared":false,"tags":{"a":["b",{"c":"d"}]}}'
      local cred = assert(credentials:get("cr_1"))
      assert.equal("eu", cred.region)
      assert.equal(1.5, cred.weight)
      assert.is_false(cred.shared)
      assert.same({ a = { "b", { c = "d" } } }, cred.tags)
    end)
  end)

  describe("update", function()
    for _, choice in ipairs(choices(3)) do
      if next(choice.attributes) then
        it("with " .. choice.label .. " sends that and nothing else", function()
          local id = emu:seed(1)[1].id
          assert(credentials:update(id, choice.attributes))
          local request = last_request()
          assert.equal("PATCH", request.method)
          assert.equal("/credentials/" .. id, request.path)
          assert.equal(choice.json, request.body)
        end)

        it("with " .. choice.label .. " leaves every other attribute as it was", function()
          local old = { description = "old", metadata = "older", acl = { "bind:old.example.com" } }
          local id = emu:seed(1, old)[1].id
          local cred = assert(credentials:update(id, choice.attributes))
          local held = emu:credentials()[1]
          for name, value in pairs(old) do
            local expected = choice.attributes[name] or value
            assert.same(expected, held[name], name)
            assert.same(expected, cred[name], name)
          end
        end)
      end
    end

    it("with an empty acl sends [] and lifts the restriction", function()
      local id = emu:seed(1, { acl = { "bind:a.example.com" } })[1].id
      local cred = assert(credentials:update(id, { acl = {} }))
      assert.equal('{"acl":[]}', last_request().body)
      assert.same({}, cred.acl)
      assert.same({}, emu:credentials()[1].acl)
    end)

    it("with an empty description sends it and clears the description", function()
      local id = emu:seed(1, { description = "old" })[1].id
      assert(credentials:update(id, { description = "" }))
      assert.equal('{"description":""}', last_request().body)
      assert.is_nil(emu:credentials()[1].description)
    end)

    it("with empty metadata sends it and clears the metadata", function()
      local id = emu:seed(1, { metadata = "old" })[1].id
      assert(credentials:update(id, { metadata = "" }))
      assert.equal('{"metadata":""}', last_request().body)
      assert.is_nil(emu:credentials()[1].metadata)
    end)

    it("with nothing is refused before anything is sent", function()
      local cred, err = credentials:update("cr_1", {})
      assert.is_nil(cred)
      assert.equal("invalid", err.kind)
      assert.equal("not_sent", err.outcome)
      assert.matches("nothing to update", err.message)
      assert.same({}, emu:requests())
    end)

    it("with nothing is refused even where validate is false", function()
      local _, err = credentials:update("cr_1", {}, { validate = false })
      assert.equal("invalid", err.kind)
      assert.same({}, emu:requests())
    end)

    it("returns a credential without a token", function()
      local id = emu:seed(1)[1].id
      assert.is_nil(assert(credentials:update(id, { description = "x" })).token)
    end)

    it("returns nil and an error for an id that the account has not", function()
      local cred, err = credentials:update("cr_nothing", { description = "x" })
      assert.is_nil(cred)
      assert.is_true(err:is_not_found())
      assert.equal("credentials.update", err.operation)
    end)
  end)

  describe("delete", function()
    it("returns true", function()
      assert.is_true(credentials:delete(emu:seed(1)[1].id))
    end)

    it("removes that credential and no other", function()
      local seeded = emu:seed(3)
      assert(credentials:delete(seeded[2].id))
      local left = emu:credentials()
      assert.same({ seeded[3].id, seeded[1].id }, { left[1].id, left[2].id })
      assert.is_nil(left[3])
    end)

    it("sends neither a body nor a content type", function()
      local id = emu:seed(1)[1].id
      assert(credentials:delete(id))
      local request = last_request()
      assert.equal("DELETE", request.method)
      assert.equal("/credentials/" .. id, request.path)
      assert.is_nil(request.headers["content-type"])
      assert.equal("", request.body or "")
    end)

    it("returns nil and an error for an id that the account has not", function()
      local done, err = credentials:delete("cr_nothing")
      assert.is_nil(done)
      assert.is_true(err:is_not_found())
      assert.equal("credentials.delete", err.operation)
    end)

    it("returns the API's refusal to delete the account's own token", function()
      local id = emu:seed(1, { special = "tunnel_token" })[1].id
      local done, err = credentials:delete(id)
      assert.is_nil(done)
      assert.is_true(err:is("ERR_NGROK_601"))
    end)
  end)

  describe("list", function()
    it("without parameters sends no query", function()
      assert(credentials:list():all())
      local request = last_request()
      assert.equal("GET", request.method)
      assert.equal("/credentials", request.path)
      assert.is_nil(request.query)
    end)

    it("gives the account's credentials, newest first, without tokens", function()
      local seeded = emu:seed(3)
      local listed = assert(credentials:list():all())
      assert.equal(3, #listed)
      for index, cred in ipairs(listed) do
        assert.equal(seeded[4 - index].id, cred.id)
        assert.is_nil(cred.token)
      end
    end)

    it("sends limit, before_id and filter by these names, and escaped", function()
      local id = emu:seed(2)[2].id
      local filter = 'obj.description == "a & b"'
      assert(credentials:list({ limit = 7, before_id = id, filter = filter }):all())
      assert.equal("limit=7&before_id=" .. id .. "&filter=obj.description%20%3D%3D%20%22a%20%26%20b%22",
        last_request().query)
    end)

    it("works in a for loop", function()
      emu:seed(5)
      local count = 0
      for cred in credentials:list { limit = 2 } do
        assert.matches("^cr_", cred.id)
        count = count + 1
      end
      assert.equal(5, count)
    end)

    it("gives credentials that have the methods of any other", function()
      emu:seed(1)
      local cred = assert(credentials:list():next())
      assert.equal(cred, cred:update { description = "listed" })
      assert.equal("listed", emu:credentials()[1].description)
    end)

    it("of an empty account is empty", function()
      assert.same({}, credentials:list():all())
    end)
  end)

  describe("a credential's own", function()
    it("update returns the object itself, changed", function()
      local cred = create(full)
      local same, err = cred:update { description = "changed" }
      assert.is_nil(err)
      assert.is_true(rawequal(cred, same))
      assert.equal("changed", cred.description)
      assert.equal(full.metadata, cred.metadata)
    end)

    it("update sends only what it names", function()
      local cred = create(full)
      assert(cred:update { metadata = "m" })
      assert.equal("PATCH", last_request().method)
      assert.equal("/credentials/" .. cred.id, last_request().path)
      assert.equal('{"metadata":"m"}', last_request().body)
    end)

    it("update with nothing is refused and leaves the object as it was", function()
      local cred = create(full)
      local before = cred:totable()
      local value, err = cred:update {}
      assert.is_nil(value)
      assert.equal("invalid", err.kind)
      assert.equal(1, #emu:requests())
      assert.same(before, cred:totable())
    end)

    it("update that fails leaves the object as it was", function()
      local cred = create(full)
      local before = cred:totable()
      emu:misbehave { kind = "status", status = 503 }
      assert.is_nil((cred:update { description = "lost" }))
      assert.same(before, cred:totable())
    end)

    it("update that is answered with nonsense leaves the object as it was", function()
      local cred = create(full)
      local before = cred:totable()
      respond '{"id":"cr_1","acl":"*"}'
      local value, err = cred:update { description = "lost" }
      assert.is_nil(value)
      assert.equal("decode", err.kind)
      assert.same(before, cred:totable())
    end)

    it("update keeps the token that the response no longer tells", function()
      local cred = create(full)
      local token = cred.token
      assert(cred:update { description = "changed" })
      assert.is_string(token)
      assert.equal(token, cred.token)
      assert.equal(token, cred:totable().token)
    end)

    it("update takes a token that the response does tell", function()
      local cred = create(full)
      respond(('{"id":"%s","token":"another_token"}'):format(cred.id))
      assert(cred:update { description = "changed" })
      assert.equal("another_token", cred.token)
    end)

    it("reload returns the object itself, as the account holds it now", function()
      local cred = create(full)
      assert(credentials:update(cred.id, { description = "elsewhere", acl = {} }))
      local same, err = cred:reload()
      assert.is_nil(err)
      assert.is_true(rawequal(cred, same))
      assert.equal("elsewhere", cred.description)
      assert.same({}, cred.acl)
    end)

    it("reload sends a get", function()
      local cred = create(full)
      assert(cred:reload())
      assert.equal("GET", last_request().method)
      assert.equal("/credentials/" .. cred.id, last_request().path)
    end)

    it("reload keeps the token", function()
      local cred = create(full)
      local token = cred.token
      assert.equal(token, assert(cred:reload()).token)
    end)

    it("reload forgets what the account no longer says", function()
      local cred = create(full)
      assert(credentials:update(cred.id, { metadata = "" }))
      assert(cred:reload())
      assert.is_nil(cred.metadata)
    end)

    it("reload that fails leaves the object as it was", function()
      local cred = create(full)
      local before = cred:totable()
      emu:reset()
      local value, err = cred:reload()
      assert.is_nil(value)
      assert.is_true(err:is_not_found())
      assert.same(before, cred:totable())
    end)

    it("delete returns true and removes it from the account", function()
      assert.is_true(create(full):delete())
      assert.equal("DELETE", last_request().method)
      assert.same({}, emu:credentials())
    end)

    it("delete leaves the object readable", function()
      local cred = create(full)
      local before = cred:totable()
      assert(cred:delete())
      assert.same(before, cred:totable())
      assert.equal(before.token, cred.token)
    end)

    it("update after delete returns an error that is_not_found", function()
      local cred = create(full)
      assert(cred:delete())
      local value, err = cred:update { description = "x" }
      assert.is_nil(value)
      assert.is_true(err:is_not_found())
    end)

    it("update changes no other object for the same credential", function()
      local cred = create(full)
      local other = assert(credentials:get(cred.id))
      assert(cred:update { description = "changed" })
      assert.equal(full.description, other.description)
    end)

    for _, method in ipairs { "update", "delete", "reload" } do
      it(method .. " takes the options of a call", function()
        local cred = create(full)
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

    it("update changes the object no sooner than its result is read", function()
      local cred = create(full)
      local request = cred:update({ description = "later" }, { wait = false })
      assert.equal(full.description, cred.description)
      assert.is_true(rawequal(cred, request:result()))
      assert.equal("later", cred.description)
    end)
  end)

  describe("objects and clients:", function()
    it("a credential outlives its client", function()
      local client = host:new_client()
      local cred = assert(client.credentials:create(full))
      local before = cred:totable()
      client:close()
      assert.same(before, cred:totable())
      assert.equal("ngrok.credential: " .. cred.id, tostring(cred))
    end)

    it("a method of a credential whose client is closed returns an error and sends nothing", function()
      local client = host:new_client()
      local cred = assert(client.credentials:create(full))
      client:close()
      local value, err = cred:reload()
      assert.is_nil(value)
      assert.equal("not_sent", err.outcome)
      assert.matches("closed", err.message)
      assert.equal(1, #emu:requests())
    end)

    it("a credential keeps a client alive that nobody else holds", function()
      local made = setmetatable({}, { __mode = "v" })
      local cred
      do
        made.client = host:new_client()
        cred = assert(made.client.credentials:create(full))
        host.clients[#host.clients] = nil
      end
      collectgarbage()
      collectgarbage()
      assert.equal("changed", assert(cred:update { description = "changed" }).description)
      made.client:close()
    end)

    it("a client that nobody holds, nor a credential of it, is collected", function()
      local made = setmetatable({}, { __mode = "v" })
      made.client = host:new_client()
      host.clients[#host.clients] = nil
      assert(made.client.credentials:create(full))
      collectgarbage()
      collectgarbage()
      collectgarbage()
      assert.is_nil(made.client)
    end)

    it("two clients side by side do not disturb each other", function()
      local first, second = host:new_client(), host:new_client()
      local one = first.credentials:create({ description = "one" }, { wait = false })
      local two = second.credentials:create({ description = "two" }, { wait = false })
      assert.equal("two", assert(two:result()).description)
      assert.equal("one", assert(one:result()).description)
      first:close()
      assert.equal(2, #assert(second.credentials:list():all()))
    end)

    it("a credential's methods use the client that it came from", function()
      local first, second = host:new_client(), host:new_client()
      local cred = assert(first.credentials:create(full))
      second:close()
      assert(cred:reload())
      first:close()
      assert.is_nil((cred:reload()))
    end)

    it("many requests at once each get their own response", function()
      local requests = {}
      for index = 1, 40 do
        requests[index] = credentials:create({ description = "number " .. index }, { wait = false })
      end
      for index = 40, 1, -1 do
        assert.equal("number " .. index, assert(requests[index]:result()).description)
      end
    end)
  end)

  describe("options of a call:", function()
    it("timeout ends a call that is not answered", function()
      emu:misbehave { kind = "hang" }
      local cred, err = credentials:get("cr_1", { timeout = timing.scaled(0.05) })
      assert.is_nil(cred)
      assert.equal("timeout", err.kind)
      assert.equal("unknown", err.outcome)
    end)

    it("timeout is that call's alone", function()
      local client = host:new_client { timeout = 0.05 }
      emu:misbehave { kind = "hang", count = 2 }
      local patient = client.credentials:get("cr_1", { timeout = 60, wait = false })
      local _, err = client.credentials:get("cr_2")
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
      assert.equal("timeout", err.kind)
      assert.equal("wait", err.phase)
      assert.equal("not_sent", err.outcome)
      first:cancel()
      assert.equal("cancelled", (select(2, first:result())).kind)
      for _, request in ipairs(emu:requests()) do
        assert.equal("/credentials/cr_1", request.path)
      end
    end)

    it("max_retries = 0 is accepted", function()
      assert(credentials:create({}, { max_retries = 0 }))
    end)

    it("an empty table of options is as none", function()
      assert(credentials:create({}, {}))
    end)

    it("the table of options is left as it was", function()
      local options = { timeout = 5, max_wait = 5 }
      assert(credentials:create({}, options))
      assert.same({ timeout = 5, max_wait = 5 }, options)
    end)
  end)

  describe("a call that has returned", function()
    for _, verb in ipairs { "create", "get", "update", "delete" } do
      it("leaves nothing pending: " .. verb, function()
        local id = emu:seed(1)[1].id
        local first = verb ~= "create" and id or {}
        local second = verb == "update" and { description = "x" } or nil
        assert(credentials[verb](credentials, first, second))
        assert.equal(0, host.client:pending())
        assert.is_nil(host.client:timeout())
      end)
    end
  end)

  describe("wait = false", function()
    it("returns a request that is not done", function()
      emu:misbehave { kind = "hang" }
      local request = credentials:get("cr_1", { wait = false })
      assert.is_false(request:done())
      assert.is_true(request:cancel())
      assert.is_true(request:done())
      request:result()
    end)

    it("gives the value by result", function()
      local request = credentials:create({ description = "later" }, { wait = false })
      local cred, err = request:result()
      assert.is_nil(err)
      assert.equal("later", cred.description)
      assert.is_true(request:done())
    end)

    it("gives nil and the error by result", function()
      local cred, err = credentials:get("cr_nothing", { wait = false }):result()
      assert.is_nil(cred)
      assert.is_true(err:is_not_found())
    end)

    it("gives the same object however often the result is asked for", function()
      local request = credentials:create({}, { wait = false })
      local first = request:result()
      assert.is_true(rawequal(first, request:result()))
      assert.equal(1, #emu:requests())
    end)

    it("gives true for a delete", function()
      assert.is_true((credentials:delete(emu:seed(1)[1].id, { wait = false }):result()))
    end)

    it("is done after steps, without anybody asking for the result", function()
      local request = credentials:create({}, { wait = false })
      timing.step_until(host.client, function() return request:done() end)
      assert.is_true(request:done())
      assert.matches("^cr_", request:result().id)
    end)

    it("returns a request for refused input, too", function()
      local request = credentials:get("", { wait = false })
      assert.is_true(request:done())
      assert.is_false(request:cancel())
      local cred, err = request:result()
      assert.is_nil(cred)
      assert.equal("invalid", err.kind)
      host.client:step(0)
      assert.same({}, emu:requests())
    end)

    it("cancel ends the request with an error of kind cancelled", function()
      emu:misbehave { kind = "hang" }
      local request = credentials:create({}, { wait = false })
      assert.is_true(request:cancel())
      local cred, err = request:result()
      assert.is_nil(cred)
      assert.equal("cancelled", err.kind)
      assert.equal("credentials.create", err.operation)
      assert.is_true(err.outcome == "not_sent" or err.outcome == "unknown")
    end)

    it("cancel of a request that is done changes nothing and says so", function()
      local request = credentials:create({}, { wait = false })
      local cred = assert(request:result())
      assert.is_false(request:cancel())
      assert.is_true(rawequal(cred, request:result()))
    end)

    it("cancel a second time says that it was done", function()
      emu:misbehave { kind = "hang" }
      local request = credentials:create({}, { wait = false })
      assert.is_true(request:cancel())
      assert.is_false(request:cancel())
      request:result()
    end)

    it("cancel of one request leaves the others alone", function()
      emu:misbehave { kind = "hang", method = "GET" }
      local stuck = credentials:get("cr_1", { wait = false })
      local fine = credentials:create({ description = "fine" }, { wait = false })
      assert.is_true(stuck:cancel())
      assert.equal("fine", assert(fine:result()).description)
      assert.equal("cancelled", (select(2, stuck:result())).kind)
    end)

    it("names the operation in the request's tostring, and whether it is done", function()
      local request = credentials:create({}, { wait = false })
      request:result()
      assert.equal("ngrok.request: credentials.create (done)", tostring(request))
    end)
  end)

  describe("on_done", function()
    local calls

    before_each(function()
      calls = {}
    end)

    local function note(...)
      calls[#calls + 1] = { n = select("#", ...), ... }
    end

    -- Steps until the callback came, and a few times more, for it might come again.
    local function step_through()
      timing.step_until(host.client, function() return #calls > 0 end)
      for _ = 1, 5 do
        host.client:step(0)
      end
    end

    local operations = {
      create = function(options) return credentials:create({}, options) end,
      get = function(options) return credentials:get(emu:seed(1)[1].id, options) end,
      update = function(options)
        return credentials:update(emu:seed(1)[1].id, { description = "x" }, options)
      end,
      delete = function(options) return credentials:delete(emu:seed(1)[1].id, options) end,
    }

    for _, name in ipairs { "create", "get", "update", "delete" } do
      it("of " .. name .. " is not called before the call has returned", function()
        operations[name] { on_done = note }
        assert.same({}, calls)
        step_through()
        assert.equal(1, #calls)
      end)

      it("of " .. name .. " is called once, with the value", function()
        local request = operations[name] { on_done = note }
        step_through()
        assert.equal(1, #calls)
        assert.is_true(rawequal(request:result(), calls[1][1]))
        assert.is_truthy(calls[1][1])
        assert.is_nil(calls[1][2])
      end)
    end

    it("is called once with nil and the error of an operation that fails", function()
      credentials:get("cr_nothing", { on_done = note })
      step_through()
      assert.equal(1, #calls)
      assert.is_nil(calls[1][1])
      assert.is_true(calls[1][2]:is_not_found())
    end)

    for _, name in ipairs { "get", "delete" } do
      it("of " .. name .. " with refused input is not called before the call has returned", function()
        local request = credentials[name](credentials, "", { on_done = note })
        assert.same({}, calls)
        assert.equal(1, host.client:pending())
        assert.equal(0, host.client:timeout())
        step_through()
        assert.equal(1, #calls)
        assert.is_nil(calls[1][1])
        assert.equal("invalid", calls[1][2].kind)
        assert.is_true(rawequal(calls[1][2], (select(2, request:result()))))
      end)
    end

    it("of a create with refused attributes is called once, later", function()
      credentials:create({ description = ("x"):rep(256) }, { on_done = note })
      assert.same({}, calls)
      step_through()
      assert.equal(1, #calls)
      assert.equal("invalid", calls[1][2].kind)
      assert.same({}, emu:requests())
    end)

    it("of an update with nothing is called once, later", function()
      credentials:update("cr_1", {}, { on_done = note })
      assert.same({}, calls)
      step_through()
      assert.equal(1, #calls)
      assert.equal("invalid", calls[1][2].kind)
    end)

    it("is called once when somebody waits for the result as well", function()
      local request = credentials:create({}, { on_done = note })
      local cred = assert(request:result())
      step_through()
      assert.equal(1, #calls)
      assert.is_true(rawequal(cred, calls[1][1]))
    end)

    it("is called once, later, when the request is cancelled", function()
      emu:misbehave { kind = "hang" }
      local request = credentials:create({}, { on_done = note })
      assert.is_true(request:cancel())
      assert.same({}, calls)
      step_through()
      assert.equal(1, #calls)
      assert.equal("cancelled", calls[1][2].kind)
    end)

    it("is called once when the client is closed", function()
      local client = host:new_client()
      emu:misbehave { kind = "hang" }
      client.credentials:create({}, { on_done = note })
      client:close()
      client:close()
      assert.equal(1, #calls)
      assert.equal("cancelled", calls[1][2].kind)
    end)

    it("is called although nobody holds the request", function()
      credentials:create({}, { on_done = note })
      collectgarbage()
      collectgarbage()
      step_through()
      assert.equal(1, #calls)
      assert.matches("^cr_", calls[1][1].id)
    end)

    it("is called together with wait = true, which does not wait", function()
      local request = credentials:create({}, { on_done = note, wait = true })
      assert.same({}, calls)
      assert.matches("^ngrok.request", tostring(request))
      step_through()
      assert.equal(1, #calls)
    end)

    it("may start the next operation", function()
      local second
      credentials:create({ description = "first" }, { on_done = function(cred)
        credentials:get(cred.id, { on_done = function(again)
          second = again
          note(again)
        end })
      end })
      step_through()
      assert.equal("first", second.description)
      assert.equal(1, #calls)
    end)

    it("may wait for another operation", function()
      credentials:create({}, { on_done = function(cred)
        note(credentials:get(cred.id))
      end })
      step_through()
      assert.equal(1, #calls)
      assert.matches("^cr_", calls[1][1].id)
    end)

    it("is called in the order of completion with requests that were refused", function()
      local order = {}
      for index = 1, 5 do
        credentials:get("", { on_done = function() order[#order + 1] = index; note() end })
      end
      step_through()
      assert.same({ 1, 2, 3, 4, 5 }, order)
    end)
  end)
end)
