local cjson = require "cjson"
local emulator = require "ngrok.emulator"

describe("the emulated account", function()
  local emu, now

  before_each(function()
    now = 1700000000
    emu = emulator.new { seed = 7, clock = function() return now end }
  end)

  local function headers_for(key, changes)
    local headers = {
      ["authorization"] = "Bearer " .. key,
      ["ngrok-version"] = "2",
      ["content-type"] = "application/json",
    }
    for name, value in pairs(changes or {}) do
      headers[name] = value or nil
    end
    return headers
  end

  local function send(method, target, body, changes)
    local path, query = target:match("^([^?]*)%??(.*)$")
    return emu:request {
      method = method,
      path = path,
      query = query ~= "" and query or nil,
      headers = headers_for(emu.api_key, changes),
      body = body,
    }
  end

  local function read(response)
    return cjson.decode(response.body)
  end

  local function create(body)
    local response = send("POST", "/credentials", body or "{}")
    assert.equal(201, response.status)
    return read(response)
  end

  local function assert_refused(code, status, response)
    assert.equal(status, response.status)
    local body = read(response)
    assert.equal(code, body.error_code)
    assert.equal(status, body.status_code)
    assert.equal(response.headers["ngrok-operation-id"], body.details.operation_id)
    assert.truthy(body.details.operation_id:find("^op_%w+$"))
    return body.msg
  end

  describe("create", function()
    it("responds with 201 with the members of the documentation's example in its order", function()
      local response = send("POST", "/credentials", '{"description":"development cred"}')
      assert.equal(201, response.status)
      local expected = '^{"id":"cr_%w+","uri":"https://api%.ngrok%.com/credentials/cr_%w+",'
        .. '"created_at":"2023%-11%-14T22:13:20Z","description":"development cred",'
        .. '"token":"%w+_%w+","acl":%[%],"owner_id":"usr_%w+"}$'
      assert.truthy(response.body:find(expected))
      assert.equal("application/json", response.headers["content-type"])
    end)

    it("makes ids and tokens of the lengths of the example", function()
      local credential = create()
      assert.equal(3 + 27, #credential.id)
      assert.equal(#"2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD", #credential.token)
    end)

    it("keeps what it is given", function()
      local credential = create '{"metadata":"{\\"a\\": 1}","acl":["bind:*.example.com"],"owner_id":"usr_1"}'
      assert.equal('{"a": 1}', credential.metadata)
      assert.same({ "bind:*.example.com" }, credential.acl)
      assert.equal("usr_1", credential.owner_id)
    end)

    it("leaves out what the official clients send for unset fields", function()
      local body = '{"description":"","metadata":null,"acl":[],"owner_id":null}'
      local response = send("POST", "/credentials", body)
      assert.equal(201, response.status)
      assert.falsy(response.body:find("description", 1, true))
      assert.falsy(response.body:find("metadata", 1, true))
    end)

    it("writes slashes as the API does, without a backslash", function()
      local response = send("POST", "/credentials", '{"description":"a/b\\\\/c"}')
      assert.truthy(response.body:find([["description":"a/b\\/c"]], 1, true))
    end)

    it("makes different ids and tokens in every account", function()
      local one, other = emulator.new(), emulator.new()
      assert.not_equal(one.api_key, other.api_key)
      assert.not_equal(one:seed(1)[1].token, other:seed(1)[1].token)
    end)

    it("makes the same ids for the same seed", function()
      local one, other = emulator.new { seed = 3 }, emulator.new { seed = 3 }
      assert.equal(one:seed(1)[1].token, other:seed(1)[1].token)
    end)
  end)

  describe("get", function()
    it("never shows the token again", function()
      local response = send("GET", "/credentials/" .. create().id)
      assert.equal(200, response.status)
      assert.truthy(response.body:find('"token":null', 1, true))
    end)

    it("responds with 404 with a code for an unknown id", function()
      assert_refused("ERR_NGROK_404", 404, send("GET", "/credentials/cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3"))
    end)

    it("refuses what is no id of a credential", function()
      assert_refused("ERR_NGROK_223", 400, send("GET", "/credentials/ak_2TMGGL7UOvE5IkjdLwjKrOlUJm3"))
    end)

    it("takes a Content-Type and an empty object, which official clients send", function()
      assert.equal(200, send("GET", "/credentials/" .. create().id, "{}").status)
    end)

    it("refuses any other body", function()
      assert_refused("ERR_NGROK_211", 400, send("GET", "/credentials/" .. create().id, '{"a":1}'))
    end)
  end)

  describe("update", function()
    local id

    before_each(function()
      id = create('{"description":"before","acl":["bind:a.example.com"]}').id
    end)

    local function update(body, changes)
      return send("PATCH", "/credentials/" .. id, body, changes)
    end

    it("changes what is named and nothing else", function()
      local response = update '{"metadata":"new"}'
      assert.equal(200, response.status)
      local credential = read(response)
      assert.equal("before", credential.description)
      assert.equal("new", credential.metadata)
      assert.same({ "bind:a.example.com" }, credential.acl)
    end)

    it("empties the ACL with an empty array", function()
      assert.truthy(update('{"acl":[]}').body:find('"acl":[]', 1, true))
    end)

    it("takes the id in the body, which official clients send", function()
      assert.equal(200, update('{"id":"' .. id .. '","description":"x"}').status)
    end)

    it("treats null as not given", function()
      local credential = read(update '{"description":null,"metadata":"m"}')
      assert.equal("before", credential.description)
    end)

    it("clears a description with an empty string", function()
      assert.is_nil(read(update '{"description":""}').description)
    end)

    it("refuses an update without values", function()
      assert_refused("ERR_NGROK_606", 400, update "{}")
    end)

    it("refuses an update whose only values are null or the id", function()
      assert_refused("ERR_NGROK_606", 400, update '{"id":"cr_1","description":null}')
    end)

    it("shows no token", function()
      assert.equal(cjson.null, read(update '{"metadata":"m"}').token)
    end)

    it("responds with 404 for an unknown id", function()
      id = "cr_unknown"
      assert_refused("ERR_NGROK_404", 404, update '{"metadata":"m"}')
    end)

    it("refuses a member that cannot be updated", function()
      assert_refused("ERR_NGROK_214", 400, update '{"owner_id":"usr_1"}')
    end)
  end)

  describe("delete", function()
    it("responds with 204 without body and takes the credential away", function()
      local id = create().id
      local response = send("DELETE", "/credentials/" .. id)
      assert.equal(204, response.status)
      assert.equal("", response.body)
      assert.is_nil(response.headers["content-type"])
      assert.equal(404, send("GET", "/credentials/" .. id).status)
    end)

    it("responds with 404 the second time", function()
      local id = create().id
      send("DELETE", "/credentials/" .. id)
      assert_refused("ERR_NGROK_404", 404, send("DELETE", "/credentials/" .. id))
    end)

    it("refuses the account's own tunnel token", function()
      local id = emu:seed(1, { special = "tunnel_token" })[1].id
      assert_refused("ERR_NGROK_601", 400, send("DELETE", "/credentials/" .. id))
    end)

    it("refuses a user's default authtoken", function()
      local id = emu:seed(1, { special = "default_authtoken" })[1].id
      assert_refused("ERR_NGROK_637", 400, send("DELETE", "/credentials/" .. id))
    end)
  end)

  describe("list", function()
    local function list(query)
      local response = send("GET", "/credentials" .. (query and "?" .. query or ""))
      assert.equal(200, response.status)
      return read(response)
    end

    local function descriptions(page)
      local found = {}
      for index, credential in ipairs(page.credentials) do
        found[index] = credential.description
      end
      return found
    end

    local function query_of(uri)
      return (uri:match("^https://api%.ngrok%.com/credentials%?(.*)$"))
    end

    it("is an empty array on a new account", function()
      local body = '{"credentials":[],"uri":"https://api.ngrok.com/credentials","next_page_uri":null}'
      assert.equal(body, send("GET", "/credentials").body)
    end)

    it("is newest first, also within one second", function()
      emu:seed(3)
      assert.same({ "credential 3", "credential 2", "credential 1" }, descriptions(list()))
    end)

    it("shows 100 items by default", function()
      emu:seed(101)
      assert.equal(100, #list().credentials)
    end)

    it("has no next page when the last item is shown", function()
      emu:seed(2)
      assert.equal(cjson.null, list("limit=2").next_page_uri)
    end)

    it("reaches every item once by its next_page_uri", function()
      emu:seed(7)
      local seen, query = {}, "limit=3"
      while query do
        local page = list(query)
        for _, description in ipairs(descriptions(page)) do
          seen[#seen + 1] = description
        end
        query = page.next_page_uri ~= cjson.null and query_of(page.next_page_uri) or nil
      end
      assert.equal(7, #seen)
      assert.equal("credential 7", seen[1])
      assert.equal("credential 1", seen[7])
    end)

    it("carries limit and filter along, percent-encoded", function()
      emu:seed(3)
      local page = list("limit=1&filter=obj.description%20!=%20%22a%26b%22")
      local expected = "^before_id=cr_%w+&limit=1&filter=obj%.description%%20%%21%%3D%%20%%22a%%26b%%22$"
      assert.truthy(query_of(page.next_page_uri):find(expected))
    end)

    it("shows only what the filter lets through", function()
      emu:seed(4)
      local page = list('filter=obj.description+%3D%3D+"credential+2"')
      assert.same({ "credential 2" }, descriptions(page))
    end)

    it("goes on from a place whose credential has been deleted", function()
      local created = emu:seed(3)
      send("DELETE", "/credentials/" .. created[2].id)
      assert.same({ "credential 1" }, descriptions(list("before_id=" .. created[2].id)))
    end)

    it("responds with 404 for a place that never was", function()
      assert_refused("ERR_NGROK_404", 404, send("GET", "/credentials?before_id=cr_never"))
    end)

    it("refuses a place that is no id", function()
      assert_refused("ERR_NGROK_223", 400, send("GET", "/credentials?before_id=x"))
    end)

    for _, limit in ipairs { "0", "101", "-1" } do
      it("refuses the limit " .. limit, function()
        assert_refused("ERR_NGROK_233", 400, send("GET", "/credentials?limit=" .. limit))
      end)
    end

    for _, limit in ipairs { "many", "1.5", "0x10" } do
      it("refuses " .. limit .. " as no number", function()
        assert_refused("ERR_NGROK_244", 400, send("GET", "/credentials?limit=" .. limit))
      end)
    end

    it("refuses a bad filter", function()
      assert_refused("ERR_NGROK_250", 400, send("GET", "/credentials?filter=obj.nothing"))
    end)

    it("passes over a parameter that it does not know", function()
      assert.same(list("").credentials, list("beforeId=cr_1").credentials)
    end)

    it("refuses a parameter given twice", function()
      assert_refused("ERR_NGROK_232", 400, send("GET", "/credentials?limit=1&limit=2"))
    end)

    it("takes an empty parameter as one that is not there", function()
      assert.same({}, list("before_id=&limit=&filter=").credentials)
    end)
  end)
end)
