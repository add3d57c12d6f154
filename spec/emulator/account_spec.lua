local account = require "spec.emulator.account"
local cjson = require "cjson"
local emulator = require "ngrok.emulator"

local read, refused = account.read, account.refused

describe("the emulated account", function()
  local one

  before_each(function()
    one = account.new()
  end)

  local function create(body)
    return read(one:create(body))
  end

  local function send(method, id, body)
    return one:send(method, "/credentials/" .. id, body)
  end

  describe("create", function()
    it("responds with 201 and the members of the documentation's example in its order", function()
      local response = one:create '{"description":"development cred"}'
      assert.equal(201, response.status)
      assert.matches('^{"id":"cr_%w+","uri":"https://api%.ngrok%.com/credentials/cr_%w+",'
        .. '"created_at":"2023%-11%-14T22:13:20Z","description":"development cred",'
        .. '"token":"%w+_%w+","acl":%[%],"owner_id":"usr_%w+"}$', response.body)
      assert.equal("application/json", response.headers["content-type"])
    end)

    it("makes ids and tokens of the lengths of the example", function()
      local credential = create()
      assert.equal(#"cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3", #credential.id)
      assert.equal(#"2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD", #credential.token)
    end)

    it("keeps what it is given", function()
      local credential = create '{"metadata":"{\\"a\\": 1}","acl":["bind:*.example.com"],"owner_id":"usr_1"}'
      assert.equal('{"a": 1}', credential.metadata)
      assert.same({ "bind:*.example.com" }, credential.acl)
      assert.equal("usr_1", credential.owner_id)
    end)

    it("leaves out what the official clients send for unset fields", function()
      local credential = create '{"description":"","metadata":null,"acl":[],"owner_id":null}'
      assert.is_nil(credential.description)
      assert.is_nil(credential.metadata)
    end)

    it("writes slashes as the API does, without a backslash", function()
      assert.matches([["description":"a/b\\/c"]], one:create('{"description":"a/b\\\\/c"}').body, 1, true)
    end)

    it("makes different ids and tokens in every account, and the same ones for the same seed", function()
      local function seeded(seed)
        return emulator.new({ seed = seed }):seed(1)[1].token
      end
      assert.not_equal(seeded(nil), seeded(nil))
      assert.not_equal(seeded(3), seeded(4))
      assert.equal(seeded(3), seeded(3))
    end)
  end)

  describe("get", function()
    it("never shows the token again", function()
      assert.matches('"token":null', send("GET", create().id).body, 1, true)
    end)

    it("takes a Content-Type and an empty object, which official clients send, and no other body", function()
      local id = create().id
      assert.equal(200, send("GET", id, "{}").status)
      refused(211, 400, send("GET", id, '{"a":1}'))
    end)
  end)

  for method, body in pairs { GET = false, PATCH = '{"metadata":"m"}', DELETE = false } do
    it(method .. " responds with 404 for an unknown id, and refuses what is not a credential's", function()
      refused(404, 404, send(method, "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3", body or nil))
      refused(223, 400, send(method, "ak_2TMGGL7UOvE5IkjdLwjKrOlUJm3", body or nil))
    end)
  end

  describe("update", function()
    local id

    before_each(function()
      id = create('{"description":"before","acl":["bind:a.example.com"]}').id
    end)

    local function update(body)
      return read(send("PATCH", id, body))
    end

    it("changes what is named and nothing else", function()
      local credential = update '{"metadata":"new"}'
      assert.equal("before", credential.description)
      assert.equal("new", credential.metadata)
      assert.same({ "bind:a.example.com" }, credential.acl)
      assert.equal(cjson.null, credential.token)
    end)

    it("empties the ACL with an empty array", function()
      assert.matches('"acl":[]', send("PATCH", id, '{"acl":[]}').body, 1, true)
    end)

    it("takes the id in the body, which official clients send, and null as not given", function()
      local credential = update('{"id":"' .. id .. '","description":null,"metadata":"m"}')
      assert.equal("before", credential.description)
    end)

    it("clears a description with an empty string", function()
      assert.is_nil(update('{"description":""}').description)
    end)

    it("refuses an update without values", function()
      refused(606, 400, send("PATCH", id, "{}"))
      refused(606, 400, send("PATCH", id, '{"id":"cr_1","description":null}'))
    end)

    it("refuses a member that cannot be updated", function()
      refused(214, 400, send("PATCH", id, '{"owner_id":"usr_1"}'))
    end)
  end)

  describe("delete", function()
    it("responds with 204 without a body, once", function()
      local id = create().id
      local response = send("DELETE", id)
      assert.equal(204, response.status)
      assert.equal("", response.body)
      assert.is_nil(response.headers["content-type"])
      refused(404, 404, send("GET", id))
      refused(404, 404, send("DELETE", id))
    end)

    for special, number in pairs { tunnel_token = 601, default_authtoken = 637 } do
      it("refuses the " .. special, function()
        refused(number, 400, send("DELETE", one.emu:seed(1, { special = special })[1].id))
      end)
    end
  end)

  describe("list", function()
    local function list(query)
      return read(one:list(query))
    end

    local function descriptions(page)
      local found = {}
      for index, credential in ipairs(page.credentials) do
        found[index] = credential.description
      end
      return found
    end

    local function query_of(uri)
      return uri ~= cjson.null and uri:match "^https://api%.ngrok%.com/credentials%?(.*)$" or nil
    end

    it("is an empty array on a new account", function()
      local body = '{"credentials":[],"uri":"https://api.ngrok.com/credentials","next_page_uri":null}'
      assert.equal(body, one:list().body)
    end)

    it("is newest first, also within one second", function()
      one.emu:seed(3)
      assert.same({ "credential 3", "credential 2", "credential 1" }, descriptions(list()))
    end)

    it("shows 100 items by default", function()
      one.emu:seed(101)
      assert.equal(100, #list().credentials)
    end)

    it("reaches every item once by its next_page_uri, and ends with the last", function()
      one.emu:seed(6)
      local seen, query = {}, "limit=3"
      while query do
        local page = list(query)
        for _, description in ipairs(descriptions(page)) do
          seen[#seen + 1] = description:match "%d"
        end
        query = query_of(page.next_page_uri)
      end
      assert.equal("654321", table.concat(seen))
    end)

    it("carries limit and filter along, percent-encoded", function()
      one.emu:seed(3)
      local page = list "limit=1&filter=obj.description%20!=%20%22a%26b%22"
      assert.matches("^before_id=cr_%w+&limit=1&filter=obj%.description%%20%%21%%3D%%20%%22a%%26b%%22$",
        query_of(page.next_page_uri))
    end)

    it("shows only what the filter lets through", function()
      one.emu:seed(4)
      assert.same({ "credential 2" }, descriptions(list 'filter=obj.description+%3D%3D+"credential+2"'))
    end)

    it("goes on from a place whose credential has been deleted", function()
      local created = one.emu:seed(3)
      send("DELETE", created[2].id)
      assert.same({ "credential 1" }, descriptions(list("before_id=" .. created[2].id)))
    end)

    for query, number in pairs {
      ["before_id=cr_never"] = 404, ["before_id=x"] = 223, ["limit=0"] = 233, ["limit=101"] = 233,
      ["limit=-1"] = 233, ["limit=many"] = 244, ["limit=1.5"] = 244, ["limit=0x10"] = 244,
      ["filter=obj.nothing"] = 250, ["limit=1&limit=2"] = 232,
    } do
      it("refuses " .. query, function()
        refused(number, number == 404 and 404 or 400, one:list(query))
      end)
    end

    it("ignores a parameter that it does not know, and an empty one", function()
      one.emu:seed(2)
      assert.equal(2, #list("beforeId=cr_1&before_id=&limit=&filter=").credentials)
    end)
  end)
end)
