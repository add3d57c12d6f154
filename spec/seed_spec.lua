-- The five examples of https://ngrok.com/docs/api/resources/tunnel-credentials/: what they send, byte
-- for byte, and what their responses become.
local cjson = require "cjson"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"

local key = "2TMGGFIRSTPART_2TMGGSECONDPART"
local id = "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3"
local device = '{"device_id": "d5111ba7-0cc5-4ba3-8398-e6c79e4e89c2"}'

local alpha = [[{
"id": "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
"uri": "https://api.ngrok.com/credentials/cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
"created_at": "2023-07-31T23:17:18Z",
"description": "device alpha-2",
"metadata": "{\"device_id\": \"d5111ba7-0cc5-4ba3-8398-e6c79e4e89c2\"}",
"token": null,
"acl": [],
"owner_id": "usr_2TMGG635o87KDP13PBjUDx2rzJY"
}]]

local examples = {
  create = {
    line = "POST /credentials HTTP/1.1",
    body = [[{"description":"development cred for alan@example.com"}]],
    status = 201,
    call = function(credentials)
      return credentials:create { description = "development cred for alan@example.com" }
    end,
    response = [[{
"id": "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
"uri": "https://api.ngrok.com/credentials/cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
"created_at": "2023-07-31T23:17:18Z",
"description": "development cred for alan@example.com",
"token": "2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD",
"acl": [],
"owner_id": "usr_2TMGG635o87KDP13PBjUDx2rzJY"
}]],
  },
  delete = {
    line = "DELETE /credentials/cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3 HTTP/1.1",
    status = 204,
    call = function(credentials) return credentials:delete(id) end,
    response = "",
  },
  get = {
    line = "GET /credentials/cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3 HTTP/1.1",
    status = 200,
    call = function(credentials) return credentials:get(id) end,
    response = alpha,
  },
  list = {
    line = "GET /credentials HTTP/1.1",
    status = 200,
    call = function(credentials) return credentials:list():all() end,
    response = [[{
"credentials": [
{
"id": "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
"uri": "https://api.ngrok.com/credentials/cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
"created_at": "2023-07-31T23:17:18Z",
"description": "development cred for alan@example.com",
"token": null,
"acl": [],
"owner_id": "usr_2TMGG635o87KDP13PBjUDx2rzJY"
},
{
"id": "cr_2TMGGIw07ve6R3DQzMrN3964IKQ",
"uri": "https://api.ngrok.com/credentials/cr_2TMGGIw07ve6R3DQzMrN3964IKQ",
"created_at": "2023-07-31T23:17:18Z",
"description": "for device #132",
"token": null,
"acl": [
"bind:1.tcp.ngrok.io:20002",
"bind:132.devices.company.com"
],
"owner_id": "usr_2TMGG635o87KDP13PBjUDx2rzJY"
},
{
"id": "cr_2TMGG9nG76NdxNAb6B33fiqs1DL",
"uri": "https://api.ngrok.com/credentials/cr_2TMGG9nG76NdxNAb6B33fiqs1DL",
"created_at": "2023-07-31T23:17:17Z",
"description": "credential for \"api-examples-a7bdd90fd3fe6d67@example.com\"",
"token": null,
"acl": [],
"owner_id": "usr_2TMGG635o87KDP13PBjUDx2rzJY"
}
],
"uri": "https://api.ngrok.com/credentials",
"next_page_uri": null
}]],
  },
  update = {
    line = "PATCH /credentials/cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3 HTTP/1.1",
    body = [[{"description":"device alpha-2","metadata":]]
      .. [["{\"device_id\": \"d5111ba7-0cc5-4ba3-8398-e6c79e4e89c2\"}"}]],
    status = 200,
    call = function(credentials)
      return credentials:update(id, { description = "device alpha-2", metadata = device })
    end,
    response = alpha,
  },
}

-- The fields of a response, without those that are null.
local function fields_of(item)
  for name, value in pairs(item) do
    item[name] = value ~= cjson.null and value or nil
  end
  return item
end

-- ngrok-api-<language>/<version>/<runtime>; Lua's own variables say what runs here.
local function user_agent()
  local number = rawget(_G, "jit") and jit.version_num -- luacheck: globals jit
  local runtime = "lua" .. _VERSION:sub(#"Lua " + 1)
  if number then
    runtime = ("luajit%d.%d"):format(math.floor(number / 10000), math.floor(number / 100) % 100)
  end
  return ("ngrok-api-lua/%s/%s"):format(ngrok._VERSION, runtime)
end

describe("the examples of the API's page:", function()
  local emu, client

  setup(function()
    emu = assert(emulator.start { api_key = key })
  end)

  teardown(function()
    emu:stop()
  end)

  before_each(function()
    emu:reset()
    client = assert(ngrok.client { api_key = key, base_url = emu.base_url })
  end)

  after_each(function()
    client:close()
  end)

  local function perform(name)
    local example = examples[name]
    emu:misbehave { kind = "body", status = example.status, body = example.response }
    return (assert(example.call(client.credentials)))
  end

  -- The one request that came in: its first line, its header lines in alphabetical order, its body.
  local function sent()
    local requests = emu:requests()
    assert.equal(1, #requests)
    local line, rest = requests[1].raw:match("^(.-)\r\n(.*)$")
    local headers = {}
    for header in rest:gmatch("(.-)\r\n") do
      headers[#headers + 1] = header ~= "" and header or nil
    end
    table.sort(headers)
    return line, headers, requests[1].body
  end

  for name, example in pairs(examples) do
    it(name .. " has the first line, the headers and the body of the curl command, our own two headers "
      .. "and no other", function()
      perform(name)
      local line, headers, body = sent()
      assert.equal(example.line, line)
      assert.equal(example.body or "", body or "")
      local expected = {
        "Accept: */*",
        "Accept-Encoding: gzip",
        "Authorization: Bearer " .. key,
        "Host: " .. emu.base_url:match("^http://(.+)$"),
        "Ngrok-Version: 2",
        "User-Agent: " .. user_agent(),
        example.body and "Content-Type: application/json",
        example.body and ("Content-Length: %d"):format(#example.body),
      }
      table.sort(expected)
      assert.same(expected, headers)
    end)
  end

  for _, name in ipairs { "create", "get", "update" } do
    it("the response to " .. name .. " becomes a credential with exactly its fields", function()
      local credential, expected = perform(name), fields_of(cjson.decode(examples[name].response))
      assert.same(expected, credential:totable())
      for field, value in pairs(expected) do
        assert.same(value, credential[field], field)
      end
      assert.equal(name == "create" and expected.token or nil, credential.token)
    end)
  end

  it("the response to delete becomes true", function()
    assert.is_true(perform("delete"))
  end)

  it("the response to list becomes credentials with exactly their fields", function()
    local found, expected = perform("list"), cjson.decode(examples.list.response).credentials
    assert.equal(3, #found)
    for index, credential in ipairs(found) do
      assert.same(fields_of(expected[index]), credential:totable())
    end
  end)

  it("the list is one page with its own uri and no next one", function()
    emu:misbehave { kind = "body", body = examples.list.response }
    local pages = {}
    for page in client.credentials:list():pages() do
      pages[#pages + 1] = page
    end
    assert.equal(1, #pages)
    assert.equal(3, #pages[1])
    assert.equal("https://api.ngrok.com/credentials", pages[1].uri)
    assert.is_nil(pages[1].next_page_uri)
  end)
end)
