-- A credential as a value: what can be read from it, as fields, as a table and as JSON, and what it refuses.
local child = require "spec.support.child"
local cjson = require "cjson"
local core = require "ngrok.core"
local emulator = require "ngrok.emulator"
local proxy = require "ngrok.proxy"
local ngrok = require "ngrok"
local manual_transport = require "spec.support.manual_transport"
local secrets = require "spec.support.secrets"

local key = "KOBOLD7_canary9key"
local token = "2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD"

local known = {
  id = "cr_1",
  uri = "https://api.ngrok.com/credentials/cr_1",
  created_at = "2023-07-31T23:17:18Z",
  description = "a device",
  metadata = "{}",
  token = token,
  acl = { "bind:a.example.com", "bind:b.example.com" },
  owner_id = "usr_1",
}

describe("a credential", function()
  local emu, client

  before_each(function()
    emu = emulator.new { api_key = key }
    client = assert(ngrok.client { api_key = key, transport = emu })
  end)

  after_each(function()
    client:close()
  end)

  -- The credential that a response becomes.
  local function from(json)
    emu:misbehave { kind = "body", body = json }
    return assert(client.credentials:get(json:match '"id":"([%w_]+)"' or "cr_1"))
  end

  local function from_known()
    return from(cjson.encode(known))
  end

  local function message_of(...)
    local fine, err = pcall(...)
    assert.is_false(fine)
    return err
  end

  describe("is a value that", function()
    it("takes the last of fields that come twice, and reads names that are escaped", function()
      local cred = from('{"id":"cr_1","x":1,"description":"first",'
        .. '"d\\u0065scription":"last","x":2,"\\u0078y":3}')
      assert.equal("last", cred.description)
      assert.equal(2, cred.x)
      assert.equal(3, cred.xy)
      assert.same({ id = "cr_1", description = "last", acl = {}, x = 2, xy = 3 }, cred:totable())
    end)

    it("has values of any length", function()
      for _, length in ipairs { 0, 1, 125, 126, 127, 128, 16381, 16382, 16383, 16384, 3000000 } do
        local text = ("x"):rep(length)
        local cred = from(('{"id":"cr_1","metadata":"%s","description":"d","new":"%s"}'):format(text, text))
        assert.equal(length, #cred.metadata)
        assert.equal(length, #cred.new)
        assert.equal("d", cred.description)
      end
    end)

    it("keeps its token and its client over any number of updates", function()
      emu:misbehave { kind = "body", body = cjson.encode(known) }
      local cred = assert(client.credentials:create {})
      for number = 1, 3 do
        emu:misbehave { kind = "body", body = ('{"id":"cr_1","token":null,"n":%d}'):format(number) }
        assert.equal(cred, cred:reload())
        collectgarbage()
        assert.equal(token, cred.token)
        assert.equal(number, cred.n)
        assert.is_nil(cred.description)
      end
    end)

    it("is a userdata with the fields of the response, and nil for any other key", function()
      local cred = from_known()
      assert.equal("userdata", type(cred))
      for name, value in pairs(known) do
        assert.same(value, cred[name], name)
      end
      for _, other in ipairs { "nothing", "", 0, 1, 1.5, true, false, {}, print, cred } do
        assert.is_nil(cred[other])
      end
    end)

    it("refuses next, calls, # and arithmetic", function()
      local cred = from_known()
      for _, use in ipairs {
        function() return next(cred) end, function() return cred() end,
        function() return #cred end, function() return cred + 1 end,
      } do
        assert.is_false(pcall(use))
      end
    end)

    it("can be a key of a table, different from other objects with its id", function()
      local first, second = from_known(), from_known()
      local seen = { [first] = 1, [second] = 2 }
      assert.same({ 1, 2 }, { seen[first], seen[second] })
    end)

    it("survives collection while the program holds it", function()
      local cred = from_known()
      collectgarbage()
      collectgarbage()
      assert.same(known, cred:totable())
    end)

    it("the core knows by its schema", function()
      assert.is_userdata(core.schema_of(from_known()))
      for _, value in ipairs { 1, "credential", {}, io.stdout, print } do
        assert.is_nil(core.schema_of(value))
      end
    end)
  end)

  describe("as a string", function()
    it("is its kind and its id", function()
      assert.equal("ngrok.credential: cr_1", tostring(from_known()))
    end)

    it("shows no id that is or has the key or a token, also when the client is closed", function()
      for _, id in ipairs { key, "cr_" .. key, token, "no id" } do
        emu:misbehave { kind = "body", body = ('{"id":"%s"}'):format(id) }
        local other = assert(ngrok.client { api_key = key, transport = emu })
        local cred = assert(other.credentials:create())
        other:close()
        assert.equal("ngrok.credential", tostring(cred))
        assert.equal(id, cred.id)
      end
    end)
  end)

  describe("compared with ==", function()
    it("equals any object with the same id, also one of another client", function()
      local cred = from_known()
      local other_client = assert(ngrok.client { api_key = key, transport = emu })
      emu:misbehave { kind = "body", body = '{"id":"cr_1"}' }
      local other = assert(other_client.credentials:get("cr_1"))
      other_client:close()
      assert.is_true(cred == other)
      assert.is_true(cred == from '{"id":"cr_1"}')
      assert.is_true(cred == cred) -- luacheck: ignore 581
      assert.is_true(cred ~= from '{"id":"cr_2"}')
    end)

    it("differs from any other value without an error", function()
      local cred = from_known()
      for name, other in pairs {
        ["a number"] = 1, ["its own id"] = cred.id, ["a boolean"] = true,
        ["a table with the same fields"] = cred:totable(), ["a function"] = print,
        ["a coroutine"] = coroutine.create(function() end), ["an open file"] = io.stdout,
        ["the core's client"] = proxy.target(client).core, ["JSON's null"] = cjson.null,
        ["a listing"] = client.credentials:list(),
        ["a table that equals everything"] = setmetatable({}, { __eq = function() return true end }),
        -- luacheck: globals newproxy
        ["a userdata without a metatable"] = rawget(_G, "newproxy") and newproxy(),
      } do
        assert.is_false(cred == other, name)
        assert.is_false(other == cred, name)
      end
      assert.is_false(cred == nil)
    end)
  end)

  describe("cannot be changed:", function()
    it("an assignment raises, and the message names the field, the line and the way to change it", function()
      local cred = from_known()
      for _, name in ipairs { "id", "token", "acl", "nothing", "update" } do
        for _, value in ipairs { "x", false } do
          local line = debug.getinfo(1, "l").currentline + 1
          local message = message_of(function() cred[name] = value or nil end)
          for _, words in ipairs { ("credential_spec.lua:%d:"):format(line), "'" .. name .. "'", "update" } do
            assert.matches(words, message, 1, true)
          end
        end
      end
      for _, name in ipairs { 1, true, {}, print } do
        assert.matches("read%-only", message_of(function() cred[name] = "x" end))
      end
      assert.same(known, cred:totable())
    end)

    it("rawset and setmetatable raise, and getmetatable returns a name", function()
      local cred = from_known()
      assert.is_false(pcall(rawset, cred, "id", "x"))
      assert.is_false(pcall(setmetatable, cred, {}))
      assert.equal("ngrok.credential", getmetatable(cred))
      assert.equal("ngrok.credential", debug.getmetatable(cred).__name)
    end)

    it("its metamethods refuse other values", function()
      local metatable = debug.getmetatable(from_known())
      for _, name in ipairs { "__index", "__newindex", "__tostring" } do
        for _, value in ipairs { 1, "x", io.stdout, {} } do
          assert.is_false(pcall(metatable[name], value, "id", "x"), name)
        end
      end
    end)

    it("a change to its acl, to its totable or to a nested field changes a copy", function()
      local cred = from '{"id":"cr_1","acl":["*"],"object":{"a":["b"],"list":[1,[2,[3]]]}}'
      local before = cred:totable()
      local fields, acl, object = cred:totable(), cred.acl, cred.object
      fields.id, fields.acl[1], fields.object.a[1] = "x", "x", "x"
      acl[1], acl[2] = nil, "x"
      object.a[1], object.list[2][2][1] = "x", "x"
      assert.same(before, cred:totable())
    end)
  end)

  describe("with a response that leaves something out", function()
    it("has an empty array for rules that are [], null or absent", function()
      for _, json in ipairs { '{"acl":[],"id":"cr_1"}', '{"acl":null,"id":"cr_1"}', '{"id":"cr_1"}' } do
        local cred = from(json)
        assert.same({}, cred.acl)
        assert.same({ id = "cr_1", acl = {} }, cred:totable())
        assert.equal('{"acl":[],"id":"cr_1"}', cred:tojson())
      end
    end)

    it("has nil for null", function()
      local names = { "uri", "created_at", "description", "metadata", "token", "owner_id", "new_field" }
      local cred = from('{"id":"cr_1","' .. table.concat(names, '":null,"') .. '":null}')
      for _, name in ipairs(names) do
        assert.is_nil(cred[name])
      end
      assert.same({ id = "cr_1", acl = {} }, cred:totable())
    end)
  end)

  describe("tells by created() when it was made:", function()
    local minute = 1690845420 -- 2023-07-31T23:17:00Z
    for text, expected in pairs {
      ["2023-07-31T23:17:18Z"] = minute + 18,
      ["2023-07-31T23:17:18.000Z"] = minute + 18,
      ["2023-07-31T23:17:18.25Z"] = minute + 18.25,
      ["2023-07-31T23:17:18.123456789z"] = minute + 18.123456789,
      ["2023-08-01T01:17:18+02:00"] = minute + 18,
      ["2023-07-31T18:47:18.5-04:30"] = minute + 18.5,
      ["1970-01-01T00:00:00Z"] = 0,
      ["1969-12-31T23:59:59Z"] = -1,
      ["2024-02-29T00:00:00Z"] = 1709164800,
    } do
      it(text, function()
        local seconds = from('{"id":"cr_1","created_at":"' .. text .. '"}'):created()
        assert.equal(expected, seconds)
        if math.type then
          assert.equal(expected % 1 == 0 and "integer" or "float", math.type(seconds))
        end
      end)
    end

    for name, field in pairs {
      absent = "", null = ',"created_at":null', unreadable = ',"created_at":"today"',
    } do
      it("nil where the time is " .. name, function()
        assert.is_nil(from('{"id":"cr_1"' .. field .. "}"):created())
      end)
    end
  end)

  describe("with fields that this version does not know", function()
    local json = [=[{"id":"cr_1","text":"t","number":-1.5,"yes":true,"no":false,"none":null,"empty":"",
      "object":{"a":{"b":{"c":null,"d":"deep"}},"list":[1,[2,[3]]],"gone":null},"list":[null,"b",null,"d"]}]=]

    it("has them by name and in totable, without any null", function()
      local cred = from(json)
      local expected = {
        id = "cr_1", acl = {}, text = "t", number = -1.5, yes = true, no = false, empty = "",
        object = { a = { b = { d = "deep" } }, list = { 1, { 2, { 3 } } } },
        list = { nil, "b", nil, "d" }, -- a hole is a null
      }
      for name, value in pairs(expected) do
        assert.same(value, cred[name], name)
      end
      assert.same(expected, cred:totable())
      assert.is_nil(cred.none)
    end)

    it("replaces them on update and reload, and drops those that are left out", function()
      local cred = from '{"id":"cr_1","region":"eu"}'
      emu:misbehave { kind = "body", body = '{"id":"cr_1","region":"us"}' }
      assert.equal("us", assert(cred:reload()).region)
      emu:misbehave { kind = "body", body = '{"id":"cr_1"}' }
      assert.is_nil(assert(cred:update { description = "x" }).region)
    end)

    it("has names with odd characters", function()
      local cred = from '{"id":"cr_1","a b":1,"":2,"a\\u0000b":3,"1":4,"__index":5}'
      assert.same({ 1, 2, 3, 4, 5 }, { cred["a b"], cred[""], cred["a\0b"], cred["1"], cred.__index })
    end)

    it("has the method where a field has a method's name", function()
      local names = { "update", "delete", "reload", "totable", "tojson", "permits" }
      local cred = from('{"id":"cr_1","' .. table.concat(names, '":"a field","') .. '":"a field"}')
      for _, name in ipairs(names) do
        assert.equal("function", type(cred[name]))
        assert.equal("a field", cred:totable()[name])
      end
      emu:misbehave { kind = "body", body = '{"id":"cr_1","description":"new"}' }
      assert.equal("new", assert(cred:update { description = "new" }).description)
    end)
  end)

  describe("in another form", function()
    it("is a plain table with every field, the token included", function()
      local fields = from_known():totable()
      assert.same(known, fields)
      assert.is_nil(getmetatable(fields))
      assert.same(known, cjson.decode(cjson.encode(fields)))
    end)

    it("is JSON as the API writes it", function()
      for _, json in ipairs {
        '{"acl":["*","bind:a.example.com"],"description":"a \\"b\\" \\u0000","id":"cr_1","token":null}',
        '{"acl":[],"flags":[true,false,null,1],"id":"cr_1","map":{"a":{"b":[[1],[2]]},"c":null}}',
        '{"acl":[],"id":"cr_1","numbers":[0,-1,10000,1.5,1e+300,0.1,9007199254740991]}',
      } do
        assert.equal(json, from(json):tojson())
      end
      assert.same(known, cjson.decode(from_known():tojson()))
    end)

    it("leaves its token out with token = false", function()
      local cred = from_known()
      assert.equal(token, cjson.decode(cred:tojson { token = true }).token)
      local without = cred:totable { token = false }
      assert.same({ nil, known.id }, { without.token, without.id })
      assert.same(without, cjson.decode(cred:tojson { token = false }))
      assert.equal(token, cred.token)
    end)

    it("raises for an unknown option, and does not show the key in its name", function()
      local cred = from_known()
      for _, method in ipairs { "totable", "tojson" } do
        assert.matches("unknown name 'json' in the form's options (there are token)",
          message_of(cred[method], cred, { json = true }), 1, true)
        assert.is_nil(message_of(cred[method], cred, { [key] = true }):find("canary9", 1, true))
      end
    end)

    if _VERSION ~= "Lua 5.1" then
      it("is walked by pairs", function()
        local fields = {}
        for name, value in pairs(from_known()) do
          fields[name] = value
        end
        assert.same(known, fields)
      end)
    end

    it("is an item of a page, which is JSON as the API writes it, whole or not", function()
      local pages = {
        manual_transport.page({ "cr_3", "cr_2" }, "https://api.ngrok.com/credentials?before_id=cr_2"),
        manual_transport.page { "cr_1" },
      }
      local other = assert(ngrok.client { api_key = key, transport = function()
        return table.remove(pages, 1)
      end })
      local listing, texts = other.credentials:list(), {}
      assert(listing:next())
      for page in listing:pages() do
        texts[#texts + 1] = page:tojson { token = false }
        assert.is_nil(page.anything)
      end
      other:close()
      local page = '{"credentials":[{"acl":[],"created_at":"2023-07-31T23:17:18Z","id":"%s","uri":""}],'
        .. '"next_page_uri":%s,"uri":"https://api.ngrok.com/credentials"}'
      assert.same({
        page:format("cr_2", '"https://api.ngrok.com/credentials?before_id=cr_2"'),
        page:format("cr_1", "null"),
      }, texts)
    end)
  end)

  -- The settings of cjson belong to the program.
  describe("and the program's own cjson:", function()
    local saved
    local settings = {
      encode_sparse_array = { true, 3, 11 }, encode_max_depth = { 7 }, decode_max_depth = { 2 },
      encode_number_precision = { 3 }, encode_keep_buffer = { false }, encode_invalid_numbers = { true },
      decode_invalid_numbers = { true },
    }

    local function current()
      local values = {}
      for name in pairs(settings) do
        values[name] = { cjson[name]() }
      end
      return values
    end

    local function set(values)
      for name, arguments in pairs(values) do
        cjson[name]((unpack or table.unpack)(arguments)) -- luacheck: ignore 113 143
      end
    end

    before_each(function()
      saved = current()
    end)

    after_each(function()
      set(saved)
    end)

    local function use_everything()
      local cred = assert(client.credentials:create { description = "x", acl = { "*" } })
      assert(cred:update { acl = {} })
      assert(cred:reload())
      assert(client.credentials:list():all())
      assert(client.credentials:get("cr_nothing") == nil)
      assert.equal(1, from('{"id":"cr_1","a":{"b":{"c":{"d":{"e":{"f":{"g":1}}}}}}}').a.b.c.d.e.f.g)
      emu:misbehave { kind = "body", body = '{"id":"cr_1","n":NaN}' }
      assert.equal("decode", select(2, client.credentials:get("cr_1")).kind)
      assert(cred:delete())
    end

    it("neither changes the other's settings", function()
      use_everything()
      assert.same(saved, current())
      set(settings)
      local before = current()
      use_everything()
      assert.same(before, current())
    end)

    it("a program that replaces its functions does not change ours", function()
      local decode, encode = cjson.decode, cjson.encode
      cjson.decode, cjson.encode = error, error
      local fine, problem = pcall(use_everything)
      cjson.decode, cjson.encode = decode, encode
      assert(fine, problem)
    end)

    -- What a program prints in which cjson is a copy that `preparation` changes.
    local program = [[
      local real = require "cjson"
      package.loaded.cjson = nil
      local function made()
        local copy = {}
        for name, value in pairs(real.new()) do copy[name] = value end
        %s
        copy.new = made
        return copy
      end
      package.preload.cjson = made
      local ngrok = require "ngrok"
      local emu = require("ngrok.emulator").new()
      local client = assert(ngrok.client { transport = emu })
      local cred = assert(client.credentials:create { acl = {}, description = "" })
      assert(cred:update { acl = { "*", "bind:a.example.com" } })
      assert(cred:update { acl = {} })
      for _, request in ipairs(emu:requests()) do
        print(request.body)
      end
      emu:misbehave { kind = "body", body = '{"id":"cr_1","acl":[],"list":[],"object":{}}' }
      local read = assert(client.credentials:get("cr_1"))
      print(type(read.acl), next(read.acl), getmetatable(read.acl), type(read.list), type(read.object))
      print(getmetatable(read:totable().acl))
    ]]

    for name, preparation in pairs {
      ["without empty_array, as Debian's"] = [[
        copy.empty_array, copy.array_mt, copy.empty_array_mt = nil, nil, nil
        copy.encode_empty_table_as_object, copy.decode_array_with_array_mt = nil, nil
      ]],
      -- It marks empty arrays with a light userdata or a metatable, and writes other tables as objects.
      ["with empty_array, as OpenResty's"] = [[
        local array_mt = {}
        copy.empty_array, copy.array_mt, copy.empty_array_mt = io.stdout, array_mt, array_mt
        copy.encode_empty_table_as_object = function() return true end
        copy.decode_array_with_array_mt = function() return false end
      ]],
    } do
      it("an empty array is one with a cjson " .. name, function()
        local result = child.run(program:format(preparation))
        assert.same({ 0, "" }, { result.status, result.errors })
        assert.equal('{"description":"","acl":[]}\n{"acl":["*","bind:a.example.com"]}\n{"acl":[]}\n'
          .. "table\tnil\tnil\ttable\ttable\nnil\n", result.output)
      end)
    end
  end)

  it("is made of nothing else than a credential: any other response is an error of kind decode", function()
    for _, json in ipairs {
      "{}", '{"id":""}', '{"id":null}', '{"id":1}', '{"id":"cr_1","description":1}',
      '{"id":"cr_1","metadata":{}}', '{"id":"cr_1","token":true}', '{"id":"cr_1","owner_id":[]}',
      '{"id":"cr_1","acl":"*"}', '{"id":"cr_1","acl":{"a":"*"}}', '{"id":"cr_1","acl":["*",1]}',
      '{"id":"cr_1","acl":[["*"]]}', '[{"id":"cr_1"}]', '"cr_1"', "1", "null", "true",
      ('{"token":"%s","acl":"%s"}'):format(token, token),
    } do
      emu:misbehave { kind = "body", status = 201, body = json }
      local cred, err = client.credentials:create {}
      assert.is_nil(cred, json)
      assert.same({ "decode", "decode", "unknown" }, { err.kind, err.phase, err.outcome })
      assert.is_nil(secrets.find(err, token))
    end
  end)
end)
