-- The credential as a value: what can be read from it, and what cannot be done to it.
local child = require "spec.support.child"
local core = require "ngrok.core"
local emulator = require "ngrok.emulator"
local face = require "ngrok.face"
local ngrok = require "ngrok"
local secrets = require "spec.support.secrets"

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

local known_json = [[{"id":"cr_1","uri":"https://api.ngrok.com/credentials/cr_1",
  "created_at":"2023-07-31T23:17:18Z","description":"a device","metadata":"{}",
  "token":"2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD",
  "acl":["bind:a.example.com","bind:b.example.com"],"owner_id":"usr_1"}]]

describe("a credential", function()
  local emu, client

  before_each(function()
    emu = emulator.new()
    client = assert(ngrok.client { transport = emu })
  end)

  after_each(function()
    client:close()
  end)

  -- The credential that a response becomes.
  local function from(json)
    emu:misbehave { kind = "body", body = json }
    local cred, err = client.credentials:get(json:match '"id":"([%w_]+)"' or "cr_1")
    assert.is_nil(err)
    return cred
  end

  local function message_of(...)
    local fine, err = pcall(...)
    assert.is_false(fine)
    return err
  end

  describe("is a value that", function()
    it("is a userdata", function()
      assert.equal("userdata", type(from(known_json)))
    end)

    it("can be read by the names of its fields", function()
      local cred = from(known_json)
      for name, value in pairs(known) do
        assert.same(value, cred[name], name)
      end
    end)

    it("has nil for a name that no field has", function()
      local cred = from(known_json)
      assert.is_nil(cred.nothing)
      assert.is_nil(cred[""])
    end)

    it("has nil for what is no name at all", function()
      local cred = from(known_json)
      for _, key in ipairs { 0, 1, 2, 1.5, true, false, {}, print, cred } do
        assert.is_nil(cred[key])
      end
    end)

    it("cannot be iterated over, nor be called, measured or added to", function()
      local cred = from(known_json)
      assert.is_false(pcall(next, cred))
      assert.is_false(pcall(function() return cred() end))
      assert.is_false(pcall(function() return #cred end))
      assert.is_false(pcall(function() return cred + 1 end))
    end)

    it("can be a key of a table, each object one of its own", function()
      local first, second = from(known_json), from(known_json)
      local seen = { [first] = 1, [second] = 2 }
      assert.equal(1, seen[first])
      assert.equal(2, seen[second])
    end)

    it("survives collection while it is held", function()
      local cred = from(known_json)
      collectgarbage()
      collectgarbage()
      assert.same(known, cred:totable())
    end)
  end)

  describe("as a string", function()
    it("is its kind and its id", function()
      assert.equal("ngrok.credential: cr_1", tostring(from(known_json)))
    end)

    it("does not show the token", function()
      assert.is_nil(tostring(from(known_json)):find(token, 1, true))
    end)

    it("shows no id that is the key or a token, or that has one, also once the client is closed", function()
      local key = "my-own_key-1"
      for _, id in ipairs { key, "cr_" .. key, token, "no id" } do
        local own = assert(ngrok.client { api_key = key, transport = function()
          return { status = 200, headers = {}, body = ('{"id":"%s"}'):format(id) }
        end })
        local single = assert(own.credentials:create())
        own:close()
        assert.equal("ngrok.credential", tostring(single))
        assert.equal(id, single.id)
      end
    end)

    it("shows no other field either", function()
      local text = tostring(from(known_json))
      for _, name in ipairs { "uri", "created_at", "description", "owner_id" } do
        assert.is_nil(text:find(known[name], 1, true), name)
      end
    end)

    it("does not show the token in the error of misuse", function()
      local cred = from(known_json)
      for _, misuse in ipairs {
        function() cred.token = "x" end,
        function() return cred .. "" end,
        function() return cred.token.x.y end,
        function() return cred() end,
        function() cred:update { token = cred.token } end,
      } do
        assert.is_nil(tostring(message_of(misuse)):find(token, 1, true))
      end
    end)
  end)

  describe("compared with ==", function()
    it("equals another object with the same id", function()
      assert.is_true(from '{"id":"cr_1"}' == from(known_json))
    end)

    it("equals itself", function()
      local cred = from(known_json)
      assert.is_true(cred == cred) -- luacheck: ignore 581
    end)

    it("differs from one with another id", function()
      local one, other = from '{"id":"cr_1"}', from '{"id":"cr_2"}'
      assert.is_false(one == other)
      assert.is_true(one ~= other)
    end)

    it("equals an object of another client with the same id", function()
      local other_emu = emulator.new()
      local other_client = assert(ngrok.client { transport = other_emu })
      other_emu:misbehave { kind = "body", body = '{"id":"cr_1"}' }
      local other = assert(other_client.credentials:get("cr_1"))
      other_client:close()
      assert.is_true(from '{"id":"cr_1"}' == other)
    end)

    local function coroutine_of()
      return coroutine.create(function() end)
    end

    for name, make in pairs {
      ["nil"] = function() return nil end,
      ["a number"] = function() return 1 end,
      ["its own id"] = function(cred) return cred.id end,
      ["a boolean"] = function() return true end,
      ["a table with the same fields"] = function(cred) return cred:totable() end,
      ["a function"] = function() return print end,
      ["a coroutine"] = coroutine_of,
      ["an open file"] = function() return io.stdout end,
      ["the core's client"] = function() return face.state(client).core end,
      ["JSON's null"] = function() return require("cjson").null end,
      ["a listing"] = function() return client.credentials:list() end,
      ["a userdata without a metatable"] = function()
        return rawget(_G, "newproxy") and newproxy() or io.stderr -- luacheck: globals newproxy
      end,
    } do
      it("differs from " .. name .. ", and that is no error", function()
        local cred = from(known_json)
        local other = make(cred)
        assert.is_false(cred == other)
        assert.is_false(other == cred)
        assert.is_true(cred ~= other)
      end)
    end

    it("differs from a value whose own __eq would say otherwise", function()
      local liar = setmetatable({}, { __eq = function() return true end })
      assert.is_false(from(known_json) == liar)
    end)
  end)

  describe("cannot be changed:", function()
    for _, name in ipairs { "id", "token", "acl", "description", "nothing", "update" } do
      it("assigning " .. name .. " raises and names it", function()
        local cred = from(known_json)
        local before = cred:totable()
        local message = message_of(function() cred[name] = "x" end)
        assert.matches("'" .. name .. "'", message, 1, true)
        assert.matches("credential", message, 1, true)
        assert.same(before, cred:totable())
      end)
    end

    it("assigning nil raises", function()
      local cred = from(known_json)
      assert.matches("'description'", message_of(function() cred.description = nil end), 1, true)
    end)

    it("assigning what is no name raises", function()
      local cred = from(known_json)
      for _, key in ipairs { 1, true, {}, print } do
        assert.matches("read%-only", message_of(function() cred[key] = "x" end))
      end
    end)

    it("the message tells the line of the assignment", function()
      local cred = from(known_json)
      local line = debug.getinfo(1, "l").currentline + 1
      local message = message_of(function() cred.id = "x" end)
      assert.matches(("credential_spec.lua:%d:"):format(line), message, 1, true)
    end)

    it("the message tells how to change it", function()
      local cred = from(known_json)
      assert.matches("update", message_of(function() cred.id = "x" end), 1, true)
    end)

    it("rawset raises, too", function()
      assert.is_false(pcall(rawset, from(known_json), "id", "x"))
    end)

    it("getmetatable shows a name instead of the metatable", function()
      assert.equal("ngrok.credential", getmetatable(from(known_json)))
    end)

    it("setmetatable raises", function()
      assert.is_false(pcall(setmetatable, from(known_json), {}))
    end)

    it("debug's names for it are ngrok.credential", function()
      assert.equal("ngrok.credential", debug.getmetatable(from(known_json)).__name)
    end)
  end)

  describe("has an acl that", function()
    it("is the array of rules", function()
      assert.same({ "bind:a.example.com", "bind:b.example.com" }, from(known_json).acl)
    end)

    it("is a fresh array each time", function()
      local cred = from(known_json)
      assert.is_false(rawequal(cred.acl, cred.acl))
    end)

    it("changed by a caller leaves the credential as it was", function()
      local cred = from(known_json)
      local acl = cred.acl
      acl[1], acl[2] = "*", nil
      assert.same(known.acl, cred.acl)
    end)

    for name, json in pairs { ["[]"] = '"acl":[],', ["null"] = '"acl":null,', ["left out"] = "" } do
      it("is an empty array where the response's is " .. name, function()
        assert.same({}, from("{" .. json .. '"id":"cr_1"}').acl)
      end)
    end

    it("is an empty array in totable, too, where the response has none", function()
      assert.same({ id = "cr_1", acl = {} }, from('{"id":"cr_1"}'):totable())
    end)

    it("of one credential is not that of another", function()
      assert.is_false(rawequal(from('{"id":"cr_1"}').acl, from('{"id":"cr_2"}').acl))
    end)
  end)

  describe("with null in its response", function()
    local names = { "uri", "created_at", "description", "metadata", "token", "owner_id", "new_field" }

    for _, name in ipairs(names) do
      it("has nil for " .. name, function()
        local cred = from(('{"id":"cr_1","%s":null}'):format(name))
        assert.is_nil(cred[name])
        assert.is_nil(cred:totable()[name])
      end)
    end
  end)

  describe("with fields that this version does not know", function()
    local json = [=[{"id":"cr_1","text":"t","number":-1.5,"yes":true,"no":false,"none":null,"empty":"",
      "object":{"a":{"b":{"c":null,"d":"deep"}},"list":[1,[2,[3]]],"gone":null},"list":["x","y"]}]=]

    it("has strings, numbers and booleans", function()
      local cred = from(json)
      assert.equal("t", cred.text)
      assert.equal(-1.5, cred.number)
      assert.is_true(cred.yes)
      assert.is_false(cred.no)
      assert.equal("", cred.empty)
      assert.is_nil(cred.none)
    end)

    it("has nested tables, in which null is nil", function()
      local cred = from(json)
      assert.same({ a = { b = { d = "deep" } }, list = { 1, { 2, { 3 } } } }, cred.object)
      assert.same({ "x", "y" }, cred.list)
    end)

    it("has null in an array as a hole", function()
      local list = from('{"id":"cr_1","list":[null,"b",null,"d"]}').list
      assert.is_nil(list[1])
      assert.equal("b", list[2])
      assert.is_nil(list[3])
      assert.equal("d", list[4])
    end)

    it("gives fresh nested tables each time, however deep", function()
      local cred = from(json)
      local object = cred.object
      object.a.b.d = "changed"
      object.list[2][2][1] = "changed"
      assert.equal("deep", cred.object.a.b.d)
      assert.equal(3, cred.object.list[2][2][1])
    end)

    it("has them in totable", function()
      local fields = from(json):totable()
      assert.equal("t", fields.text)
      assert.is_false(fields.no)
      assert.same({ a = { b = { d = "deep" } }, list = { 1, { 2, { 3 } } } }, fields.object)
    end)

    it("keeps them on update and reload", function()
      local cred = from '{"id":"cr_1","region":"eu"}'
      emu:misbehave { kind = "body", body = '{"id":"cr_1","region":"us"}' }
      assert.equal("us", assert(cred:reload()).region)
      emu:misbehave { kind = "body", body = '{"id":"cr_1","region":"ap"}' }
      assert.equal("ap", assert(cred:update { description = "x" }).region)
    end)

    it("forgets those that a later response leaves out", function()
      local cred = from '{"id":"cr_1","region":"eu"}'
      emu:misbehave { kind = "body", body = '{"id":"cr_1"}' }
      assert.is_nil(assert(cred:reload()).region)
    end)

    it("reads names with odd characters", function()
      assert.equal(1, from('{"id":"cr_1","a b":1}')["a b"])
      assert.equal(2, from('{"id":"cr_1","":2}')[""])
      assert.equal(3, from('{"id":"cr_1","a\\u0000b":3}')["a\0b"])
      assert.equal(4, from('{"id":"cr_1","1":4}')["1"])
      assert.equal(5, from('{"id":"cr_1","__index":5}').__index)
    end)

    for _, name in ipairs { "update", "delete", "reload", "totable" } do
      it("has the method where a field is named " .. name, function()
        local cred = from(('{"id":"cr_1","%s":"a field"}'):format(name))
        assert.equal("function", type(cred[name]))
        assert.equal("a field", cred:totable()[name])
      end)
    end

    it("still works where fields are named like all of its methods", function()
      local cred = from '{"id":"cr_1","update":1,"delete":2,"reload":3,"totable":4}'
      emu:misbehave { kind = "body", body = '{"id":"cr_1","description":"new"}' }
      assert.equal("new", assert(cred:update { description = "new" }).description)
    end)
  end)

  describe("has a totable that", function()
    it("has every field, the token included", function()
      assert.same(known, from(known_json):totable())
    end)

    it("has none of our own bookkeeping", function()
      for key in pairs(from(known_json):totable()) do
        assert.is_not_nil(known[key], tostring(key))
      end
    end)

    it("is a plain table", function()
      assert.is_nil(getmetatable(from(known_json):totable()))
    end)

    it("is a copy, however deep it is changed", function()
      local cred = from '{"id":"cr_1","acl":["*"],"object":{"a":["b"]}}'
      local fields = cred:totable()
      fields.id, fields.acl[1], fields.object.a[1] = "x", "x", "x"
      assert.same({ id = "cr_1", acl = { "*" }, object = { a = { "b" } } }, cred:totable())
    end)

    it("can be encoded by the program's own cjson", function()
      local cjson = require "cjson"
      assert.same(known, cjson.decode(cjson.encode(from(known_json):totable())))
    end)
  end)

  describe("has methods that raise a clear error", function()
    -- With a dot, the first argument is taken for the object.
    for _, name in ipairs { "update", "delete", "reload", "totable" } do
      it("when " .. name .. " is called with a dot", function()
        local method = from(known_json)[name]
        local message = message_of(method, { description = "x" })
        assert.matches("got table", message, 1, true)
        assert.matches("colon, credential:" .. name .. "(...)", message, 1, true)
        assert.equal(1, #emu:requests())
      end)

      it("when " .. name .. " is called without anything", function()
        local message = message_of(from(known_json)[name])
        assert.matches("credential." .. name .. " (got nil)", message, 1, true)
      end)

      for value_name, value in pairs {
        string = "cr_1", number = 1, boolean = true, userdata = io.stdout, ["function"] = print,
      } do
        it("when " .. name .. " is called on a " .. value_name, function()
          assert.matches("got " .. value_name, message_of(from(known_json)[name], value, {}), 1, true)
        end)
      end
    end

    it("that tells the line of the call", function()
      local cred = from(known_json)
      for _, name in ipairs { "update", "delete", "reload", "totable" } do
        local line = debug.getinfo(1, "l").currentline + 1
        local message = message_of(function() local value = cred[name]({}) return value end)
        assert.matches(("credential_spec.lua:%d:"):format(line), message, 1, true)
      end
    end)

    it("and the metamethods do as well", function()
      local metatable = debug.getmetatable(from(known_json))
      for _, name in ipairs { "__index", "__newindex", "__tostring" } do
        for _, value in ipairs { 1, "x", io.stdout, {} } do
          assert.is_false(pcall(metatable[name], value, "id", "x"), name)
        end
      end
    end)
  end)

  -- cjson's settings belong to the program; what we need differently is ours alone.
  describe("and the program's own cjson:", function()
    local cjson = require "cjson"
    local saved

    -- Every setting of every cjson: name, and values that differ from the defaults.
    local settings = {
      { "encode_sparse_array", { true, 3, 11 } },
      { "encode_max_depth", { 7 } },
      { "decode_max_depth", { 7 } },
      { "encode_number_precision", { 3 } },
      { "encode_keep_buffer", { false } },
      { "encode_invalid_numbers", { true } },
      { "decode_invalid_numbers", { true } },
    }

    local function current()
      local values = {}
      for _, setting in ipairs(settings) do
        values[setting[1]] = { cjson[setting[1]]() }
      end
      return values
    end

    local function set(values)
      for _, setting in ipairs(settings) do
        cjson[setting[1]]((unpack or table.unpack)(values[setting[1]])) -- luacheck: ignore 113 143
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
      from '{"id":"cr_1","a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"i":null}}}}}}}}}'
      assert(cred:delete())
    end

    it("none of its settings is changed by use", function()
      use_everything()
      assert.same(saved, current())
    end)

    it("settings that the program has changed stay changed", function()
      local changed = {}
      for _, setting in ipairs(settings) do
        changed[setting[1]] = setting[2]
      end
      set(changed)
      local before = current()
      use_everything()
      assert.same(before, current())
    end)

    it("a program's limit on depth does not limit us", function()
      cjson.decode_max_depth(2)
      assert.same({ b = { c = { d = 1 } } }, from('{"id":"cr_1","a":{"b":{"c":{"d":1}}}}').a)
    end)

    it("a program's taste for invalid numbers is not ours", function()
      cjson.decode_invalid_numbers(true)
      emu:misbehave { kind = "body", body = '{"id":"cr_1","n":NaN}' }
      local cred, err = client.credentials:get("cr_1")
      assert.is_nil(cred)
      assert.equal("decode", err.kind)
    end)

    it("a program that replaces its functions does not change ours", function()
      local decode, encode = cjson.decode, cjson.encode
      cjson.decode, cjson.encode = error, error
      local fine, cred = pcall(client.credentials.create, client.credentials, { description = "x" })
      cjson.decode, cjson.encode = decode, encode
      assert.is_true(fine)
      assert.equal("x", cred.description)
    end)

    it("a program's null is never seen in a credential", function()
      local cred = from '{"id":"cr_1","token":null,"x":null,"y":{"z":null}}'
      for _, value in pairs(cred:totable()) do
        assert.are_not.equal(cjson.null, value)
      end
      assert.same({}, cred.y)
    end)
  end)

  describe("is the same with either lua-cjson:", function()
    -- What a program prints in which cjson is `kind`; the core keeps the cjson that it was loaded with.
    local program = [[
      local real = require "cjson"
      %s
      local ngrok = require "ngrok"
      local emu = require("ngrok.emulator").new()
      local client = assert(ngrok.client { transport = emu })
      local bodies = {}
      local cred = assert(client.credentials:create { acl = {}, description = "" })
      assert(cred:update { acl = { "*", "bind:a.example.com" } })
      assert(cred:update { acl = {} })
      for _, request in ipairs(emu:requests()) do
        bodies[#bodies + 1] = request.body
      end
      emu:misbehave { kind = "body", body = '{"id":"cr_1","acl":[],"list":[],"object":{}}' }
      local read = assert(client.credentials:get("cr_1"))
      print(table.concat(bodies, " "))
      print(type(read.acl), next(read.acl), getmetatable(read.acl), type(read.list), type(read.object))
      print(getmetatable(read:totable().acl))
    ]]

    local expected = table.concat({
      '{"description":"","acl":[]} {"acl":["*","bind:a.example.com"]} {"acl":[]}',
      "table\tnil\tnil\ttable\ttable",
      "nil",
      "",
    }, "\n")

    local function output_with(preparation)
      local result = child.run(program:format(preparation))
      assert.equal("", result.errors)
      assert.equal(0, result.status)
      return result.output
    end

    it("one without empty_array, as Debian's", function()
      assert.equal(expected, output_with [[
        package.loaded.cjson = nil
        local function without()
          local copy = {}
          for name, value in pairs(real.new()) do copy[name] = value end
          copy.empty_array, copy.array_mt, copy.empty_array_mt = nil, nil, nil
          copy.encode_empty_table_as_object, copy.decode_array_with_array_mt = nil, nil
          copy.new = without
          return copy
        end
        package.preload.cjson = without
      ]])
    end)

    -- A stand-in: OpenResty's marks empty arrays with a light userdata and, when asked, with a
    -- metatable, and writes a table without either as an object.
    it("one with empty_array, as OpenResty's", function()
      assert.equal(expected, output_with [[
        package.loaded.cjson = nil
        local array_mt = {}
        local function with()
          local copy = {}
          for name, value in pairs(real.new()) do copy[name] = value end
          copy.empty_array, copy.array_mt, copy.empty_array_mt = io.stdout, array_mt, array_mt
          copy.encode_empty_table_as_object = function() return true end
          copy.decode_array_with_array_mt = function() return false end
          copy.new = with
          return copy
        end
        package.preload.cjson = with
      ]])
    end)
  end)

  describe("that a response is not", function()
    for name, json in pairs {
      ["no id"] = "{}",
      ["an empty id"] = '{"id":""}',
      ["an id that is null"] = '{"id":null}',
      ["an id that is a number"] = '{"id":1}',
      ["a description that is a number"] = '{"id":"cr_1","description":1}',
      ["metadata that is an object"] = '{"id":"cr_1","metadata":{}}',
      ["a token that is a boolean"] = '{"id":"cr_1","token":true}',
      ["an owner that is an array"] = '{"id":"cr_1","owner_id":[]}',
      ["an acl that is a string"] = '{"id":"cr_1","acl":"*"}',
      ["an acl that is an object"] = '{"id":"cr_1","acl":{"a":"*"}}',
      ["an acl with a number"] = '{"id":"cr_1","acl":["*",1]}',
      ["an acl with an array"] = '{"id":"cr_1","acl":[["*"]]}',
      ["an array"] = '[{"id":"cr_1"}]',
      ["a string"] = '"cr_1"',
      ["a number"] = "1",
      ["null"] = "null",
      ["a boolean"] = "true",
    } do
      it("for " .. name .. " is an error of kind decode", function()
        emu:misbehave { kind = "body", body = json }
        local cred, err = client.credentials:get("cr_1")
        assert.is_nil(cred)
        assert.equal("decode", err.kind)
        assert.equal("decode", err.phase)
        assert.equal("unknown", err.outcome)
      end)
    end

    it("does not show the response's token in its error", function()
      emu:misbehave { kind = "body", status = 201, body = ('{"token":"%s","acl":"%s"}'):format(token, token) }
      local _, err = client.credentials:create {}
      assert.equal("decode", err.kind)
      assert.is_nil(secrets.find(err, token))
    end)
  end)

  it("is known to the core by its kind, and nothing else is", function()
    assert.equal("credential", core.kind_of(from(known_json)))
    for _, value in ipairs { 1, "credential", {}, io.stdout, print } do
      assert.is_nil(core.kind_of(value))
    end
  end)
end)
