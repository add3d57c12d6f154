-- Resources of which the emulator knows nothing but their descriptions.
local account = require "spec.emulator.account"
local cjson = require "cjson"
local described = require "spec.support.descriptions"

local read, refused = account.read, account.refused

local descriptions = {
  spec_routes = {
    name = "spec_routes", item = "route", prefix = "rt_", path = "/spec_routes/{spec_id}/routes",
    fields = {
      { "id", "string", required = true },
      { "uri", "string" },
      { "spec_id", "string" },
      { "weight", "integer", on = "create update", required = "create" },
      { "name", "string", on = "create", max = 5 },
      { "labels", "{string}", on = "create update" },
      { "steps", "[step]", on = "create update restart" },
      { "backend", "backend", on = "create update" },
      { "key", "string", once = true, secret = true },
    },
    types = {
      backend = { { "step", "step" }, { "name", "string" } },
      step = { { "verb", "string" }, { "times", "[integer]" } },
    },
    operations = {
      "create", "get", "update", list = { query = { "limit", "before_id", "filter" } },
      restart = { method = "POST" },
    },
  },
  spec_policies = {
    name = "spec_policies", item = "policy", path = "/spec_policies/{id}",
    fields = { { "value", "string", on = "replace" }, { "enabled", "boolean", on = "replace" } },
    operations = { "get", "replace", "delete" },
  },
}

describe("a resource that is described", function()
  local one

  setup(function()
    described.add(descriptions)
  end)

  teardown(function()
    described.remove(descriptions)
  end)

  before_each(function()
    one = account.new()
  end)

  local routes = "/spec_routes/sp_1/routes"

  local function create(body)
    return read(one:send("POST", routes, body or '{"weight":1}'))
  end

  it("has ids with its prefix, parameters of its path, and `once` fields, in the order of its fields",
    function()
      local response = one:send("POST", routes, '{"weight":1,"steps":[{"verb":"a","times":[1,2]}]}')
      assert.matches('^{"id":"rt_%w+","uri":"https://api%.ngrok%.com/spec_routes/sp_1/routes/rt_%w+",'
        .. '"spec_id":"sp_1","weight":1,"steps":%[{"verb":"a","times":%[1,2%]}%],'
        .. '"key":"%w+_%w+"}$', response.body)
      local item = read(response)
      assert.equal(cjson.null, read(one:send("GET", routes .. "/" .. item.id)).key)
    end)

  it("keeps maps and objects in objects", function()
    local body = '{"weight":2,"labels":{"a":"b"},"backend":{"step":{"verb":"x","times":[]},"name":"n"}}'
    local item = create(body)
    assert.same({ a = "b" }, item.labels)
    assert.same({ step = { verb = "x", times = {} }, name = "n" }, item.backend)
  end)

  for body, number in pairs {
    ['{}'] = false, ['{"weight":1.5}'] = 215, ['{"weight":1,"labels":{"a":1}}'] = 215,
    ['{"weight":1,"labels":[]}'] = 215, ['{"weight":1,"steps":[{"times":["1"]}]}'] = 215,
    ['{"weight":1,"backend":{"step":{"verb":1}}}'] = 215, ['{"weight":1,"backend":[]}'] = 215,
    ['{"weight":1,"name":"longer"}'] = 215, ['{"weight":1,"key":"x"}'] = 214,
  } do
    it("refuses " .. body, function()
      refused(number, 400, one:send("POST", routes, body))
    end)
  end

  it("is there under its own parent only, and is filtered by its fields", function()
    local first, second = create(), create '{"weight":2}'
    read(one:send("POST", "/spec_routes/sp_2/routes", '{"weight":2}'))
    local page = read(one:send("GET", routes))
    assert.equal("https://api.ngrok.com/spec_routes/sp_1/routes", page.uri)
    assert.same({ second.id, first.id }, { page.spec_routes[1].id, page.spec_routes[2].id })
    assert.equal(2, #page.spec_routes)
    assert.equal(1, #read(one:send("GET", routes .. "?filter=obj.weight==2")).spec_routes)
    refused(250, 400, one:send("GET", routes .. '?filter=obj.key=="x"'))
    refused(404, 404, one:send("GET", "/spec_routes/sp_2/routes/" .. first.id))
  end)

  it("has no operation but those that are described", function()
    refused(false, 404, one:send("DELETE", routes .. "/" .. create().id))
  end)

  it("is acted on by an operation that has a name", function()
    local path = routes .. "/" .. create().id
    assert.equal(204, one:send("POST", path .. "/restart", '{"steps":[{"verb":"z"}]}').status)
    assert.equal("z", read(one:send("GET", path)).steps[1].verb)
    refused(404, 404, one:send("POST", routes .. "/rt_x/restart", "{}"))
  end)

  it("clears in an update what is null", function()
    local made = create '{"weight":2,"labels":{"a":"b"},"backend":{"name":"n"},"steps":[{"verb":"a"}]}'
    local path = routes .. "/" .. made.id
    local body = '{"id":null,"labels":null,"backend":null,"steps":null,"x":null}'
    local after = read(one:send("PATCH", path, body))
    assert.same({ made.id, 2, {} }, { after.id, after.weight, after.steps })
    assert.is_nil(after.labels)
    assert.is_nil(after.backend)
  end)

  it("refuses an update without values, with no code where ngrok's is not known", function()
    refused(false, 400, one:send("PATCH", routes .. "/" .. create().id, "{}"))
  end)

  it("is replaced as a whole, and is there from then on", function()
    local path = "/spec_policies/ed_1"
    refused(404, 404, one:send("GET", path))
    assert.same({ value = "a", enabled = true }, read(one:send("PUT", path, '{"value":"a","enabled":true}')))
    assert.same({ value = "b" }, read(one:send("PUT", path, '{"id":"ed_1","value":"b"}')))
    assert.same({ value = "b" }, read(one:send("GET", path)))
    assert.equal(204, one:send("DELETE", path).status)
    refused(404, 404, one:send("GET", path))
  end)
end)
