-- A credential and a page as a plain table and as JSON.
local cjson = require "cjson"
local emulator = require "ngrok.emulator"
local ngrok = require "ngrok"
local manual_transport = require "spec.support.manual_transport"

local key = "KOBOLD7_canary9key"

describe("a credential", function()
  local emu, client

  before_each(function()
    emu = emulator.new { api_key = key }
    client = assert(ngrok.client { api_key = key, transport = emu })
  end)

  after_each(function()
    client:close()
  end)

  local function from(json)
    emu:misbehave { kind = "body", body = json }
    return assert(client.credentials:get("cr_1"))
  end

  it("is JSON as the API writes it, whatever it has", function()
    for _, json in ipairs {
      '{"acl":[],"id":"cr_1"}',
      '{"acl":["*","bind:a.example.com"],"description":"a \\"b\\" \\u0000","id":"cr_1","token":null}',
      '{"acl":[],"flags":[true,false,null,1],"id":"cr_1","map":{"a":{"b":[[1],[2]]},"c":null}}',
      '{"acl":[],"id":"cr_1","numbers":[0,-1,10000,1.5,1e+300,0.1,9007199254740991]}',
    } do
      assert.equal(json, from(json):tojson())
    end
  end)

  it("is JSON with an empty array for rules that are null or absent", function()
    assert.equal('{"acl":[],"id":"cr_1"}', from('{"id":"cr_1"}'):tojson())
    assert.equal('{"acl":[],"id":"cr_1"}', from('{"id":"cr_1","acl":null}'):tojson())
  end)

  it("is JSON that decodes to its totable", function()
    local credential = assert(client.credentials:create { description = "d\n\\/", acl = { "bind:a.io" } })
    assert.same(credential:totable(), cjson.decode(credential:tojson()))
  end)

  it("leaves its token out where that is asked for", function()
    local credential = assert(client.credentials:create { description = "d" })
    assert.is_string(credential.token)
    assert.equal(credential.token, credential:totable().token)
    assert.equal(credential.token, cjson.decode(credential:tojson { token = true }).token)
    local without = credential:totable { token = false }
    assert.is_nil(without.token)
    assert.equal(credential.id, without.id)
    assert.same(without, cjson.decode(credential:tojson { token = false }))
    assert.is_string(credential.token)
  end)

  it("raises for an option that there is not, and does not show the key in its name", function()
    local credential = assert(client.credentials:create())
    for _, method in ipairs { "totable", "tojson" } do
      local fine, message = pcall(credential[method], credential, { json = true })
      assert.is_false(fine)
      assert.matches("unknown name 'json' in the form's options (there are token)", message, 1, true)
      fine, message = pcall(credential[method], credential, { [key] = true })
      assert.is_false(fine)
      assert.is_nil(message:find("canary9", 1, true))
    end
  end)

  if _VERSION ~= "Lua 5.1" then
    it("is walked by pairs", function()
      local credential = assert(client.credentials:create { acl = { "*" } })
      local fields = {}
      for name, value in pairs(credential) do
        fields[name] = value
      end
      assert.same(credential:totable(), fields)
    end)
  end
end)

describe("a page", function()
  it("is JSON as the API writes it, also where it is the rest of one or the last one", function()
    local pages = {
      manual_transport.page({ "cr_3", "cr_2" }, "https://api.ngrok.com/credentials?before_id=cr_2"),
      manual_transport.page { "cr_1" },
    }
    local client = assert(ngrok.client { api_key = key, transport = function()
      return table.remove(pages, 1)
    end })
    local listing = client.credentials:list()
    assert(listing:next())
    local texts = {}
    for page in listing:pages() do
      texts[#texts + 1] = page:tojson { token = false }
      assert.is_nil(page.anything)
    end
    local item = '{"acl":[],"created_at":"2023-07-31T23:17:18Z","id":"%s","uri":""}'
    assert.same({
      '{"credentials":[' .. item:format("cr_2")
        .. '],"next_page_uri":"https://api.ngrok.com/credentials?before_id=cr_2"'
        .. ',"uri":"https://api.ngrok.com/credentials"}',
      '{"credentials":[' .. item:format("cr_1")
        .. '],"next_page_uri":null,"uri":"https://api.ngrok.com/credentials"}',
    }, texts)
    client:close()
  end)
end)
