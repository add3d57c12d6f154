-- What is wrong with a description is found before anybody uses it, with its file and the place in it.
local described = require "spec.support.descriptions"
local description = require "ngrok.description"
local index = require "ngrok.api.index"

local check = dofile "build-aux/check_description.lua"

local function valid()
  return {
    name = "things", item = "thing", path = "/things",
    fields = { { "id", "string", required = true }, { "size", "integer", on = "create" } },
    operations = { "create", "get", "list" },
  }
end

-- By what is wrong: a change to a valid description, and what the error says behind the file's name.
local faults = {
  ["a part is missing"] = { function(d) d.item = nil end, "description: item is missing" },
  ["a part is of another type"] = {
    function(d) d.path = {} end, "description: path must be a string, got table",
  },
  ["a part is unknown"] = { function(d) d.pfad = "/" end, "description: unknown property 'pfad'" },
  ["a field is not a table"] = {
    function(d) d.fields[2] = "size" end,
    "fields: each field must be a table of a name, a type and properties",
  },
  ["a field has no type"] = {
    function(d) d.fields[2] = { "size" } end,
    "fields: each field must be a table of a name, a type and properties",
  },
  ["a field's name would break the JSON"] = {
    function(d) d.fields[2][1] = 'si"ze' end, 'fields: si"ze: a name may have only letters, digits and _',
  },
  ["a field is there twice"] = {
    function(d) d.fields[3] = { "id", "string" } end, "fields: id: is there twice",
  },
  ["a field's property is unknown"] = {
    function(d) d.fields[2].maximum = 1 end, "fields: size: unknown property 'maximum'",
  },
  ["a field's property is of another type"] = {
    function(d) d.fields[2].max = "1" end, "fields: size: max must be a number, got string",
  },
  ["a field is a secret that nothing would find"] = {
    function(d) d.fields[2].secret = true end, "fields: size: only strings have 'secret'",
  },
  ["a field that is not a string has a limit in bytes"] = {
    function(d) d.fields[2].max = 5 end, "fields: size: only strings have 'max'",
  },
  ["a named type is not an array of fields"] = {
    function(d) d.types = { size = "integer" } end, "types: size: must be an array of fields",
  },
  ["a named type that nothing uses has a faulty field"] = {
    function(d) d.types = { size = { { "unit" } } } end,
    "types: size: each field must be a table of a name, a type and properties",
  },
  ["a field's type is unknown"] = {
    function(d) d.fields[2][2] = "[size]" end, "fields: size: unknown type 'size'",
  },
  ["a field's check is unknown"] = {
    function(d) d.fields[1].check = "size" end, "fields: id: unknown check 'size'",
  },
  ["a field is given to an operation that is not there"] = {
    function(d) d.fields[2].on = "create update" end, "fields: size: unknown operation 'update'",
  },
  ["a field is required by an operation that is not there"] = {
    function(d) d.fields[2].required = "replace" end, "fields: size: unknown operation 'replace'",
  },
  ["an attribute's type is unknown"] = {
    function(d) d.attributes = { { "weight", "weight", on = "create" } } end,
    "attributes of create: weight: unknown type 'weight'",
  },
  ["an operation has an attribute twice"] = {
    function(d) d.attributes = { { "size", "string", on = "create" } } end,
    "attributes of create: size: is there twice",
  },
  ["a named type has itself in it"] = {
    function(d)
      d.types = { size = { { "inner", "size" } } }
      d.fields[2][2] = "size"
    end,
    "types: size: has itself in it",
  },
  ["a named type's field has an unknown type"] = {
    function(d)
      d.types = { size = { { "unit", "unit" } } }
      d.fields[2][2] = "{size}"
    end,
    "types: size: unit: unknown type 'unit'",
  },
  ["an operation is named that must be described"] = {
    function(d) d.operations[4] = "stop" end,
    "operations: 'stop' is not a standard operation: give its method and path",
  },
  ["an operation is not a table"] = {
    function(d) d.operations.stop = true end, "operations: stop: must be a table",
  },
  ["an operation's property is unknown"] = {
    function(d) d.operations.stop = { verb = "POST" } end, "operations: stop: unknown property 'verb'",
  },
  ["an operation has no method"] = {
    function(d) d.operations.stop = {} end,
    "operations: stop: method must be GET, POST, PUT, PATCH or DELETE",
  },
  ["an operation's path is not one"] = {
    function(d) d.operations.stop = { method = "POST", path = "things/{id" } end,
    "operations: stop: path must begin with / and have two parameters in braces at most",
  },
  ["an operation's path has three parameters"] = {
    function(d) d.operations.stop = { method = "POST", path = "/a/{a}/b/{b}/c/{c}" } end,
    "operations: stop: path must begin with / and have two parameters in braces at most",
  },
  ["an operation returns something unknown"] = {
    function(d) d.operations.stop = { method = "POST", returns = "items" } end,
    "operations: stop: returns must be item or page",
  },
  ["an operation returns what no service has"] = {
    function(d) d.operations.list = { of = "nothing" } end, "operations: list: unknown service 'nothing'",
  },
  ["an operation takes an unknown type"] = {
    function(d) d.operations.replace = { takes = "size" } end, "operations: replace: unknown type 'size'",
  },
  ["an operation has an unknown query parameter"] = {
    function(d) d.operations.list = { query = { "limits" } } end,
    "operations: list: unknown query parameter 'limits'",
  },
}

describe("A description", function()
  for name, fault in pairs(faults) do
    it("is refused where " .. name, function()
      local given = valid()
      fault[1](given)
      local fine, err = pcall(check, given)
      assert.is_false(fine)
      assert.equal("ngrok/api/things.lua: " .. fault[2], err)
    end)
  end

  for name in pairs(index) do
    it("of " .. name .. " is as it must be", function()
      local given, shared = description.read(name)
      assert.same({ name, index[name] }, { given.name, given.path })
      check(given, shared)
    end)
  end

  it("may give an attribute another type in another operation", function()
    local given = valid()
    given.operations[4] = "update"
    given.attributes = { { "size", "string", on = "update" } }
    local operations = description.complete(given).operations
    assert.equal("integer", operations.create.attributes[1][2])
    assert.equal("string", operations.update.attributes[1][2])
  end)

  it("needs no more for the usual operations than their names", function()
    local complete = description.complete(valid())
    local create, get, list = complete.operations.create, complete.operations.get, complete.operations.list
    assert.same({ "POST", "/things", "item" }, { create.method, create.path, create.returns })
    assert.same({ "GET", "/things/{id}", "item" }, { get.method, get.path, get.returns })
    assert.same({ "GET", "/things", "page", { "limit", "before_id" } },
      { list.method, list.path, list.returns, list.query })
    assert.equal("things", complete.list_key)
  end)

  it("names its file where that cannot be loaded", function()
    described.add { broken = true }
    package.preload["ngrok.api.broken"] = function() error("broken.lua:1: unexpected symbol", 0) end
    finally(function() described.remove { broken = true } end)
    local fine, err = pcall(description.load, "broken")
    assert.is_false(fine)
    assert.matches("broken.lua:1: unexpected symbol", err, 1, true)
  end)
end)
