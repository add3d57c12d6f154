-- Services and objects of descriptions that no resource of today needs all at once.
local described = require "spec.support.descriptions"
local ngrok = require "ngrok"

local descriptions = {
  machines = {
    name = "machines", item = "machine", path = "/machines",
    fields = {
      { "id", "string", required = true },
      { "label", "string", on = "create update restart" },
      { "cores", "integer", on = "create", required = true },
      { "load", "number", on = "create" },
      { "on_air", "boolean", on = "create" },
      { "headers", "{string}", on = "create" },
      { "weights", "{integer}", on = "create" },
      { "ports", "[integer]", on = "create" },
      { "target", "target", on = "create" },
      { "rules", "[rule]", on = "create" },
      { "owner", "ref" },
      { "disks", "[ref]" },
      { "key_pem", "string", on = "create", secret = true },
      { "sinks", "{datadog}", on = "create" },
      { "groups", "[group]" },
    },
    attributes = { { "disk_ids", "[string]", on = "create" }, { "rack_id", "string", on = "create" } },
    types = {
      target = { { "datadog", "datadog" }, { "name", "string", max = 5 } },
      datadog = { { "api_key", "string", required = true, secret = true }, { "tags", "[string]" } },
      group = { { "sinks", "{datadog}" }, { "members", "[datadog]" } },
      rule = { { "value", "string", check = "acl_rule" } },
    },
    operations = {
      "create", "get", "list", "delete",
      stop = { method = "POST" },
      restart = { method = "POST" },
      update = { method = "POST", path = "/machines/{id}/update" },
      delete_certificate = { method = "DELETE", path = "/machines/{id}/certificate" },
      get_disks = { method = "GET", path = "/machines/{id}/disks", returns = "page", of = "racks.disks" },
      disks = { method = "GET", returns = "page", of = "racks.disks" },
    },
  },
  ["racks.disks"] = {
    name = "racks.disks", item = "disk", path = "/racks/{rack_id}/disks", list_key = "disks",
    fields = {
      { "id", "string", required = true }, { "rack_id", "string" }, { "size", "integer", on = "replace" },
    },
    operations = { "create", "get", "delete", "replace", list = { query = { "limit" } } },
  },
  modules = {
    name = "modules", item = "module", path = "/machines/{id}/module",
    fields = { { "enabled", "boolean", on = "replace" } },
    operations = { "get", "replace", "delete" },
  },
  tags = {
    name = "tags", item = "tag", path = "/tags",
    fields = { { "id", "string", required = true }, { "names", "[string]", required = true } },
    operations = { "get" },
  },
  sources = {
    name = "sources", item = "source", path = "/subscriptions/{subscription_id}/sources",
    fields = { { "type", "string", required = true } },
    operations = { "list", get = { path = "/subscriptions/{subscription_id}/sources/{type}" } },
  },
}

describe("A resource that is described", function()
  local client, requests, response

  before_each(function()
    requests, response = {}, { status = 200, headers = {}, body = "{}" }
    described.add(descriptions)
    client = assert(ngrok.client {
      api_key = "ak1_described", rate_limit = false, max_retries = 1,
      transport = function(attempt)
        requests[#requests + 1] = attempt
        return response
      end,
    })
  end)

  after_each(function()
    client:close()
    described.remove(descriptions)
  end)

  local function sent()
    local request = requests[#requests]
    local path = request.url:gsub("^https://api.ngrok.com", "")
    return request.method .. " " .. path .. " " .. (request.body or "")
  end

  local function machine(more)
    response.body = ('{"id":"m_1"%s}'):format(more or "")
    return assert(client.machines:get "m_1")
  end

  describe("sends", function()
    it("nested objects, arrays, maps, numbers and booleans", function()
      response.body = '{"id":"m_1"}'
      assert(client.machines:create {
        label = 'a "b"', cores = 2, load = 0.5, on_air = false, headers = { ["X-A"] = "b" },
        weights = {}, ports = { 1, 2 }, target = { datadog = { api_key = "k", tags = {} } },
        rules = { { value = "*" }, {} }, disk_ids = { "d_1" },
      })
      assert.equal('POST /machines {"label":"a \\"b\\"","cores":2,"load":0.5,"on_air":false,'
        .. '"headers":{"X-A":"b"},"weights":{},"ports":[1,2],"target":{"datadog":{"api_key":"k","tags":[]}},'
        .. '"rules":[{"value":"*"},{}],"disk_ids":["d_1"]}', sent())
    end)

    it("null for what is to be cleared, but not for what is required", function()
      response.body = '{"id":"m_1"}'
      assert(client.machines:create {
        cores = 1, label = ngrok.null, ports = ngrok.null, headers = ngrok.null,
        target = { datadog = ngrok.null, name = "n" },
      })
      assert.equal('POST /machines {"label":null,"cores":1,"headers":null,"ports":null,'
        .. '"target":{"datadog":null,"name":"n"}}', sent())
      local _, err = client.machines:create { cores = ngrok.null }
      assert.equal("cores is required", err.message)
      assert(client.machines:create({ cores = ngrok.null }, { validate = false }))
      assert.equal('POST /machines {"cores":null}', sent())
    end)

    it("numbers that read back as the same", function()
      response.body = '{"id":"m_1"}'
      for _, number in ipairs { 0.1, 1 / 3, 2 ^ 53, -1e300, 5e-324 } do
        assert(client.machines:create { cores = 1, load = number })
        assert.equal(number, tonumber(sent():match '"load":([^}]*)'))
      end
    end)

    it("a sub-action with an empty object, and with attributes where it takes some", function()
      assert.is_true(client.machines:stop "m_1")
      assert.equal("POST /machines/m_1/stop {}", sent())
      assert.is_true(client.machines:restart("m_1", { label = "x" }))
      assert.equal('POST /machines/m_1/restart {"label":"x"}', sent())
      assert.is_true(client.machines:update("m_1", { label = "x" }))
      assert.equal('POST /machines/m_1/update {"label":"x"}', sent())
      assert.is_true(client.machines:delete_certificate "m_1")
      assert.equal("DELETE /machines/m_1/certificate ", sent())
    end)

    it("path parameters in the path's order, before what the operation takes", function()
      response.body = '{"id":"d_1","rack_id":"r_1"}'
      assert(client.racks.disks:get("r_1", "d_1", { timeout = 5 }))
      assert.equal("GET /racks/r_1/disks/d_1 ", sent())
      assert(client.racks.disks:create("r_1"))
      assert.equal("POST /racks/r_1/disks {}", sent())
      assert(client.racks.disks:replace("r_1", "d_1", { size = 2 }))
      assert.equal('PUT /racks/r_1/disks/d_1 {"size":2}', sent())
      response.body = '{"disks":[]}'
      assert.same({}, client.racks.disks:list("r_1", { limit = 3 }):all())
      assert.equal("GET /racks/r_1/disks?limit=3 ", sent())
    end)

    it("a part of another resource under that one's id", function()
      response.body = '{"enabled":true}'
      assert.is_true(client.modules:replace("m_1", { enabled = true }).enabled)
      assert.equal('PUT /machines/m_1/module {"enabled":true}', sent())
      assert.is_true(client.modules:get("m_1").enabled)
      assert.is_true(client.modules:delete "m_1")
    end)

    it("a parameter that is not an id with its dots, but never as another path", function()
      response.body = '{"type":"a.v0"}'
      assert(client.sources:get("s_1", "a.v0"))
      assert.equal("GET /subscriptions/s_1/sources/a.v0 ", sent())
      for _, value in ipairs { "..", ".", "a/b", "" } do
        assert.matches("^type ", select(2, client.sources:get("s_1", value)).message)
      end
      assert.matches("^subscription_id ", select(2, client.sources:get("s.1", "a")).message)
    end)
  end)

  describe("takes an object in place of its id", function()
    local machine_1, disk

    before_each(function()
      machine_1 = machine()
      response.body = '{"id":"d_1","rack_id":"r_1"}'
      disk = assert(client.racks.disks:get("r_1", "d_1"))
    end)

    it("in a path", function()
      response.body = '{"id":"m_1"}'
      local same = assert(client.machines:get(machine_1))
      assert.equal("GET /machines/m_1 ", sent())
      assert.equal(machine_1, same)
      assert.is_false(rawequal(machine_1, same))
      assert.is_true(client.machines:restart(machine_1, { label = "x" }))
      assert.equal('POST /machines/m_1/restart {"label":"x"}', sent())
      response.body = '{"id":"d_1"}'
      assert(client.racks.disks:get(machine_1, disk)) -- what a rack is, no description says
      assert.equal("GET /racks/m_1/disks/d_1 ", sent())
    end)

    it("in a query", function()
      response.body = '{"machines":[]}'
      assert(client.machines:list({ before_id = machine_1 }):all())
      assert.equal("GET /machines?before_id=m_1 ", sent())
    end)

    it("among attributes, alone and in arrays", function()
      response.body = '{"id":"m_1"}'
      assert(client.machines:create { cores = 1, rack_id = machine_1, disk_ids = { disk, "d_2" } })
      assert.equal('POST /machines {"cores":1,"disk_ids":["d_1","d_2"],"rack_id":"m_1"}', sent())
    end)

    it("also one that was deleted, of which the API says what it is", function()
      assert.is_true(machine_1:delete())
      response = { status = 404, headers = {}, body = "" }
      assert.is_true(select(2, client.machines:get(machine_1)):is_not_found())
    end)

    it("and the response must be of that id", function()
      response.body = '{"id":"m_2"}'
      assert.equal("decode", select(2, client.machines:get(machine_1)).kind)
    end)

    it("but not one of another kind, where the kind is known", function()
      local count = #requests
      for _, case in ipairs {
        { "machines.get: id", "machine", "disk", function() return client.machines:get(disk) end },
        { "racks.disks.get: id", "disk", "machine", function()
          return client.racks.disks:get("r_1", machine_1)
        end },
        { "machines.list: before_id", "machine", "disk", function()
          return client.machines:list { before_id = disk }
        end },
      } do
        local fine, problem = pcall(case[4])
        assert.is_false(fine)
        assert.matches(("%s must be a string or an object of kind %s, got one of kind %s")
          :format(case[1], case[2], case[3]), problem, 1, true)
      end
      assert.equal(count, #requests)
    end)

    it("but not one without an id, and not elsewhere", function()
      response.body = '{"enabled":true}'
      local part = assert(client.modules:get "m_1")
      for message, call in pairs {
        ["machines.get: id must be a string, got userdata"] = function() return client.machines:get(part) end,
        ["bad attribute 'rack_id' (string expected, got userdata)"] = function()
          return client.machines:create { cores = 1, rack_id = part }
        end,
        ["bad attribute 'label' (string expected, got userdata)"] = function()
          return client.machines:create { cores = 1, label = machine_1 }
        end,
        ["bad 'before_id' in the list's parameters: a string or an object expected"] = function()
          return client.machines:list { before_id = part }
        end,
        ["type must be a string, got userdata"] = function() return client.sources:get("s_1", machine_1) end,
      } do
        local fine, problem = pcall(call)
        assert.is_false(fine)
        assert.matches(message, problem, 1, true)
      end
    end)
  end)

  describe("refuses", function()
    for name, case in pairs {
      ["what a nested object requires"] = {
        { target = { datadog = {} } }, "target.datadog.api_key is required",
      },
      ["what the operation requires"] = { { cores = false }, "cores is required" },
      ["what is too long in a nested object"] = {
        { target = { name = "abcdef" } }, "target.name has 6 bytes; the limit is 5",
      },
      ["what a check refuses in an array of objects"] = {
        { rules = { {}, { value = "bind" } } }, "^rules%[2%]%.value is not a valid rule",
      },
    } do
      it(name .. ", by its full name", function()
        case[1].cores = case[1].cores == nil and 1 or nil
        local made, err = client.machines:create(case[1])
        assert.is_nil(made)
        assert.equal("invalid", err.kind)
        assert.matches(case[2], err.message)
        assert.equal(0, #requests)
        response.body = '{"id":"m_1"}'
        assert(client.machines:create(case[1], { validate = false }))
      end)
    end

    for name, case in pairs {
      ["an unknown name"] = {
        { target = { datadog = { key = 1 } } }, "unknown attribute 'target.datadog.key'",
      },
      ["a string for an object"] = {
        { target = "x" }, "bad attribute 'target' (table expected, got string)",
      },
      ["a number for a string"] = { { label = 1 }, "bad attribute 'label' (string expected, got number)" },
      ["a fraction for a whole number"] = {
        { cores = 1.5 }, "bad attribute 'cores' (whole number expected)",
      },
      ["an infinite number"] = { { load = 1 / 0 }, "bad attribute 'load' (number expected)" },
      ["a string for a boolean"] = {
        { on_air = "x" }, "bad attribute 'on_air' (boolean expected, got string)",
      },
      ["a number in a table of strings"] = {
        { headers = { a = 1 } }, "bad attribute 'headers.a' (string expected, got number)",
      },
      ["an array for a table by name"] = {
        { headers = { "a" } }, "bad attribute 'headers' (its keys must be strings)",
      },
      ["a string for a table by name"] = {
        { headers = "a" }, "bad attribute 'headers' (table of strings by name expected, got string)",
      },
      ["an object for an array"] = {
        { rules = { value = "*" } },
        "bad attribute 'rules' (an array of tables expected, got a table with other keys)",
      },
      ["a field that no operation takes"] = { { disks = {} }, "unknown attribute 'disks' for create" },
      ["null in an array"] = {
        { ports = { 1, ngrok.null } }, "bad attribute 'ports[2]' (whole number expected, got null)",
      },
    } do
      it(name .. " with an error that names it", function()
        local fine, err = pcall(client.machines.create, client.machines, case[1])
        assert.is_false(fine)
        assert.matches("machines.create: " .. case[2], err, 1, true)
        assert.equal(0, #requests)
      end)
    end

    it("all that is wrong with a table in one error, what a program gets wrong first", function()
      local fine, err = pcall(client.machines.create, client.machines, {
        lable = "x", load = "1", target = { name = "abcdef", datadog = { tag = {}, tags = { 1, "b", 2 } } },
        rules = { { value = "bind" }, { value = "*" }, { value = "x" } }, headers = { a = 1 },
      })
      assert.is_false(fine)
      assert.matches("machines.create: ", err, 1, true)
      for _, problem in ipairs {
        "unknown attribute 'lable' for create: did you mean 'label'? (there are label, cores, load,",
        "unknown attribute 'target.datadog.tag' for create: did you mean 'tags'? (there are api_key, tags)",
        "bad attribute 'load' (number expected, got string)", "bad attribute 'headers.a' (string expected",
        "bad attribute 'target.datadog.tags[1]' (string expected", "bad attribute 'target.datadog.tags[3]'",
        "; cores is required", "; target.datadog.api_key is required",
        "; target.name has 6 bytes; the limit is 5",
        "; rules[1].value is not a valid rule: ", "; rules[3].value is not a valid rule: ",
      } do
        assert.matches(problem, err, 1, true)
      end
      assert.is_true(err:find("bad attribute 'headers.a'", 1, true) < err:find("cores is required", 1, true))
      assert.equal(0, #requests)
    end)

    it("all values that are wrong in one error", function()
      local made, err = client.machines:create {
        target = { name = "abcdef", datadog = {} }, rules = { {}, { value = "bind" } },
      }
      assert.is_nil(made)
      assert.equal('cores is required; target.datadog.api_key is required; target.name has 6 bytes; the '
        .. 'limit is 5; rules[2].value is not a valid rule: a rule must be "*" or start with "bind:"',
        err.message)
    end)

    it("a great many problems by the first twenty", function()
      local rules = {}
      for index = 1, 1000 do
        rules[index] = { value = "bind" }
      end
      local _, err = client.machines:create { cores = 1, rules = rules }
      assert.matches("; rules[20].value is not a valid rule: ", err.message, 1, true)
      assert.matches("; and more$", err.message)
      assert.is_nil(err.message:find("rules[21]", 1, true))
    end)

    for message, call in pairs {
      ["machines.get takes id, then options"] = function() client.machines:get("m_1", {}, {}) end,
      ["machines.create takes its attributes, then options"] = function()
        client.machines:create({ cores = 1 }, {}, {})
      end,
      ["racks.disks.list takes rack_id, then its query, then options"] = function()
        client.racks.disks:list("r_1", {}, {}, false)
      end,
      ["racks.disks.replace takes rack_id, id, then its attributes, then options"] = function()
        client.racks.disks:replace("r_1", "d_1", {}, {}, 1)
      end,
      ["machines.stop takes options"] = function() machine():stop({}, {}) end,
      ["machines.get takes options"] = function() machine():reload({}, {}) end,
    } do
      it("a surplus argument: " .. message, function()
        local _, err = pcall(call)
        assert.matches("resource_spec.lua:%d+: ", err)
        assert.matches(message .. ", and no more arguments", err, 1, true)
      end)
    end

    it("a query parameter that the list does not take", function()
      local fine, err = pcall(client.racks.disks.list, client.racks.disks, "r_1", { filter = "x" })
      assert.is_false(fine)
      assert.matches("unknown name 'filter' in the list's parameters (there are limit, prefetch)", err, 1,
        true)
    end)

    it("a path parameter that is not an id, by its name", function()
      assert.equal("rack_id may have only letters, digits, _ and -",
        select(2, client.racks.disks:get("r/1", "d_1")).message)
      local fine, err = pcall(client.racks.disks.get, client.racks.disks, "r_1")
      assert.is_false(fine)
      assert.matches("racks.disks.get: id must be a string, got nil", err, 1, true)
    end)
  end)

  describe("reads", function()
    it("nested objects as fresh tables, with fields that are not described", function()
      local one = machine ',"target":{"datadog":{"api_key":"k","new":[1]},"gone":null},"owner":{"id":"u_1"}'
      assert.same({ datadog = { api_key = "k", new = { 1 } } }, one.target)
      one.target.datadog.api_key = "changed"
      assert.equal("k", one.target.datadog.api_key)
      assert.equal("u_1", one.owner.id)
      assert.same({}, one.disks)
      assert.is_nil(one.headers)
    end)

    for name, case in pairs {
      ["a whole number"] = { '"cores":"2"', "cores is not of type whole number" },
      ["an object"] = { '"target":["x"]', "target is not of type table" },
      ["a boolean"] = { '"on_air":1', "on_air is not of type boolean" },
      ["an array of objects"] = { '"disks":["d_1"]', "disks is not of type array of tables" },
      ["a table by name"] = { '"headers":["a"]', "headers is not of type table of strings by name" },
    } do
      it("nothing from a response with another value for " .. name, function()
        response.body = ('{"id":"m_1",%s}'):format(case[1])
        local value, err = client.machines:get "m_1"
        assert.is_nil(value)
        assert.equal("decode", err.kind)
        assert.equal("unexpected response: expected a machine object, but " .. case[2], err.message)
      end)
    end

    it("a page of another kind of resource", function()
      local one = machine()
      response.body = '{"disks":[{"id":"d_1","rack_id":"r_1"}]}'
      local disks = assert(one:get_disks():all())
      assert.equal("GET /machines/m_1/disks ", sent())
      assert.equal("ngrok.disk: d_1", tostring(disks[1]))
      assert.is_true(disks[1]:delete())
      assert.equal("DELETE /racks/r_1/disks/d_1 ", sent())
    end)
  end)

  it("may have nothing in an array that each response must have", function()
    response.body = '{"id":"t_1","names":[]}'
    assert.same({}, assert(client.tags:get "t_1").names)
    response.body = '{"id":"t_1"}'
    assert.matches("names is missing", select(2, client.tags:get "t_1").message, 1, true)
  end)

  describe("has objects", function()
    it("with the methods that its operations on one of them give", function()
      local one = machine()
      assert.is_true(one:stop())
      assert.equal("POST /machines/m_1/stop {}", sent())
      assert.is_true(one:update { label = "x" })
      assert.is_nil(one.label)
      assert.is_true(one:delete_certificate())
      for _, name in ipairs { "create", "get", "list", "replace" } do
        assert.is_nil(one[name], name)
      end
    end)

    it("that remember the parameters of their path that are not fields", function()
      response.body = '{"enabled":true}'
      local module = assert(client.modules:get "m_1")
      assert.is_true(rawequal(module, module:reload()))
      assert.equal("GET /machines/m_1/module ", sent())
      response.body = '{"enabled":false}'
      assert.is_true(rawequal(module, module:replace { enabled = false }))
      assert.equal('PUT /machines/m_1/module {"enabled":false}', sent())
      assert.is_false(module.enabled)
      assert.is_true(module:delete())
      assert.equal("DELETE /machines/m_1/module ", sent())
      assert.is_nil(module.id)
      assert.same({ enabled = false }, module:totable())
    end)

    it("that remember them in a listing, too", function()
      response.body = '{"sources":[{"type":"a.v0"},{"type":"b.v0"}]}'
      local all = assert(client.sources:list("s_1"):all())
      response.body = '{"type":"b.v0"}'
      assert(all[2]:reload())
      assert.equal("GET /subscriptions/s_1/sources/b.v0 ", sent())
      assert.has_error(function() all[2].subscription_id = "s_2" end)
    end)

    it("with a field that can be called, where an operation has its name", function()
      local one = machine ',"disks":[{"id":"d_1"}]'
      assert.same({ { id = "d_1" } }, one.disks)
      assert.equal("d_1", one.disks[1].id)
      response.body = '{"disks":[{"id":"d_1","rack_id":"r_1"}]}'
      local disks = assert(one:disks({ limit = 2 }):all())
      assert.equal("GET /machines/m_1/disks?limit=2 ", sent())
      assert.equal("ngrok.disk: d_1", tostring(disks[1]))
    end)

    it("that PUT writes into, where it returns them", function()
      response.body = '{"id":"d_1","rack_id":"r_1","size":1}'
      local disk = assert(client.racks.disks:get("r_1", "d_1"))
      response.body = '{"id":"d_1","rack_id":"r_1","size":2}'
      assert.is_true(rawequal(disk, disk:replace { size = 2 }))
      assert.equal(2, disk.size)
    end)

    it("that are equal only to themselves where they have no id", function()
      response.body = '{"enabled":true}'
      local one, other = client.modules:get "m_1", client.modules:get "m_1"
      assert.is_true(one == one) -- luacheck: ignore 581
      assert.is_false(one == other)
    end)
  end)

  describe("is sent again after a 503", function()
    local function attempts(call)
      response = { status = 503, headers = {}, body = "" }
      local _, err = call()
      assert.equal(503, err.status)
      return #requests
    end

    it("by PUT, which is idempotent", function()
      assert.equal(2, attempts(function()
        return client.racks.disks:replace("r_1", "d_1", { size = 2 })
      end))
    end)

    it("but not by a sub-action with POST", function()
      assert.equal(1, attempts(function() return client.machines:stop "m_1" end))
    end)
  end)

  describe("with secret fields", function()
    local function secrets_of(err)
      return tostring(err) .. err.message .. tostring(err.code) .. tostring(err.operation_id)
        .. tostring(err.details and err.details.said)
    end

    it("shows none of the values that it has sent, in errors and events", function()
      local events = {}
      local key, pem = "dd_9Secret", "-----BEGIN KEY-----\nline/two\n"
      local watched = assert(ngrok.client {
        api_key = "ak1_described", max_retries = 0,
        on_event = function(event) events[#events + 1] = event end,
        transport = function(attempt)
          return {
            status = 400, headers = { ["ngrok-operation-id"] = "op_" .. key },
            body = ('{"error_code":"%s","msg":%s,"details":{"said":"%s","operation_id":"x"}}')
              :format(key, require("ngrok.core").json(attempt.body .. pem), key),
          }
        end,
      })
      local _, err = watched.machines:create {
        cores = 1, key_pem = pem, target = { datadog = { api_key = key } },
      }
      local shown = secrets_of(err)
      for _, event in ipairs(events) do
        for _, value in pairs(event) do
          shown = shown .. tostring(value)
        end
      end
      assert.matches("[redacted]", shown, 1, true)
      for _, secret in ipairs { key, "line/two", "BEGIN KEY" } do
        assert.is_nil(shown:find(secret, 1, true), shown)
      end
      watched:close()
    end)

    it("leaves them out of forms that are made to be shown", function()
      local one = machine ',"key_pem":"k","target":{"datadog":{"api_key":"k","tags":[]}},"weights":{}'
      assert.same({ id = "m_1", target = { datadog = { tags = {} } }, weights = {}, ports = {}, rules = {},
        disks = {}, groups = {} }, one:totable { token = false })
      assert.equal('{"disks":[],"groups":[],"id":"m_1","ports":[],"rules":[],'
        .. '"target":{"datadog":{"tags":[]}},"weights":{}}', one:tojson { token = false })
      assert.equal("k", one:totable().key_pem)
      assert.matches('"api_key":"k"', one:tojson(), 1, true)
    end)

    it("leaves them out of objects by name, and of what is in the place of an array", function()
      local one = machine(',"sinks":{"api_key":{"api_key":"k","tags":["a"]}},"groups":[{"members":["b",'
        .. '{"api_key":"k","c":1}],"sinks":{"d":{"api_key":"k","e":2}}},{"members":{"api_key":"k","f":3}}]')
      local form = one:totable { token = false }
      assert.same({ api_key = { tags = { "a" } } }, form.sinks)
      assert.same({ { members = { "b", { c = 1 } }, sinks = { d = { e = 2 } } }, { members = { f = 3 } } },
        form.groups)
      assert.matches('"groups":[{"members":["b",{"c":1}],"sinks":{"d":{"e":2}}},{"members":{"f":3}}],',
        one:tojson { token = false }, 1, true)
      assert.matches('"sinks":{"api_key":{"tags":["a"]}}', one:tojson { token = false }, 1, true)
    end)

    it("shows none of them as the id of an operation", function()
      local ids = {}
      local watched = assert(ngrok.client {
        api_key = "ak1_described", on_event = function(event) ids[event.name] = event.operation_id end,
        transport = function(attempt)
          return { status = 200, headers = { ["ngrok-operation-id"] = attempt.body:match '"label":"(.-)"' },
            body = '{"id":"m_1"}' }
        end,
      })
      local _, said = watched.machines:create { cores = 1, label = "op_1", key_pem = "pem_1" }
      assert.same({ "op_1", "op_1" }, { ids.done, said.operation_id })
      _, said = watched.machines:create { cores = 1, label = "pem_1", key_pem = "pem_1" }
      assert.equal(200, said.status)
      assert.is_nil(said.operation_id)
      assert.is_nil(ids.done)
      watched:close()
    end)
  end)

  it("is found by a name that is nearly right, also in a group", function()
    for call, meant in pairs {
      [function() return client.credential end] = "credentials",
      [function() return client.Credentails end] = "credentials",
    } do
      local fine, err = pcall(call)
      assert.is_false(fine)
      assert.matches(("did you mean '%s'?"):format(meant), err, 1, true)
    end
    local fine, err = pcall(function() return client.racks.discs end)
    assert.is_false(fine)
    assert.matches("client.racks has no 'discs'", err, 1, true)
  end)
end)
