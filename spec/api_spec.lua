-- Every operation of the API: what is sent for it, and what becomes of its response.
local api = require "spec.support.api"
local cjson = require "cjson"
local description = require "ngrok.description"
local emulator = require "ngrok.emulator"
local index = require "ngrok.api.index"
local ngrok = require "ngrok"

local ids = { id = "x_1", edge_id = "edghts_1", subscription_id = "esb_1", type = "ip_policy_created.v0" }

local function service_of(client, operation)
  local service = client
  for name in operation.service:gmatch "[^.]+" do
    service = service[name]
  end
  return service
end

-- The parameters of the path, then what the operation takes.
local function arguments(operation, input)
  local list = {}
  for position, parameter in ipairs(operation.parameters) do
    list[position] = ids[parameter]
  end
  list[#list + 1] = input
  return (table.unpack or unpack)(list)
end

local function call(client, operation, input)
  local service = service_of(client, operation)
  return service[operation.name](service, arguments(operation, input))
end

local function is_list(operation)
  return operation.response ~= nil and operation.response:find "List$" ~= nil
end

local function path_of(operation)
  return (operation.path:gsub("{(.-)}", ids))
end

-- What a call gives for all that the operation takes, and the query and the body that must go out.
local function input_of(operation)
  if is_list(operation) then
    return { limit = 2, before_id = "x_9", filter = 'obj.id == "x"', id = { "ep_1", "ep_2" }, url = { "a" } }
  end
  local attributes = api.attributes(operation)
  return #attributes > 0 and api.object(attributes) or nil
end

local values = {
  limit = "limit=2", before_id = "before_id=x_9", filter = "filter=obj.id%20%3D%3D%20%22x%22",
  ["[id]"] = "id=ep_1&id=ep_2", ["[url]"] = "url=a",
}

-- Only what the list takes stays in the input.
local function expected_query(operation, input)
  local parts, taken = {}, {}
  for position, name in ipairs(operation.query or {}) do
    parts[position] = values[name]
    taken[name:match "[%w_]+"] = true
  end
  for name in pairs(operation.query and input or {}) do
    input[name] = taken[name] and input[name] or nil
  end
  return operation.query and table.concat(parts, "&") or nil
end

-- By field its type; of a named type, which `types` has, its fields.
local function shape_of(fields, types, name_at, type_at)
  local shape = {}
  for _, field in ipairs(fields) do
    local open, of, close = field[type_at]:match "^([%[{]?)([%w_]+)([%]}]?)$"
    shape[field[name_at]] = types[of] and { open, shape_of(types[of], types, name_at, type_at) }
      or open .. of .. close
  end
  return shape
end

local function list_of(operation)
  for _, field in ipairs(api.types[operation.response]) do
    local item = field.type:match "^%[(.*)%]$"
    if item then
      return field.name, api.types[item]
    end
  end
end

-- A resource as the server sends it.
local function resource(fields, id)
  local object = api.object(fields)
  for name, value in pairs(ids) do
    object[name] = object[name] and value
  end
  object.id = object.id and id or nil
  return object
end

local function respond_to(operation)
  if not operation.response then
    return nil
  elseif is_list(operation) then
    local list_key, item = list_of(operation)
    return { [list_key] = { resource(item, "x_1") }, uri = "u", next_page_uri = cjson.null }
  end
  return resource(api.types[operation.response], ids.id)
end

local function body_of(operation, input)
  if operation.method == "GET" or operation.method == "DELETE" then
    return nil
  end
  return input or {}
end

describe("The API", function()
  local client, requests, respond, done

  setup(function()
    done = 0
  end)

  teardown(function()
    print(("%d of %d operations"):format(done, #api.operations))
  end)

  before_each(function()
    requests = {}
    client = assert(ngrok.client { api_key = "ak1_api", rate_limit = false, transport = function(attempt)
      requests[#requests + 1] = attempt
      return respond(attempt)
    end })
  end)

  after_each(function()
    client:close()
  end)

  local function assert_sent(operation, query, body)
    local sent = table.remove(requests)
    local url = "https://api.ngrok.com" .. path_of(operation) .. (query and "?" .. query or "")
    assert.same({ operation.method, url }, { sent.method, sent.url })
    assert.same(body, sent.body and cjson.decode(sent.body))
    assert.equal(body and "application/json" or nil, sent.headers["Content-Type"])
    assert.same({}, requests)
  end

  local function assert_result(operation, response, result)
    if is_list(operation) then
      local list_key = list_of(operation)
      response, result = response[list_key][1], result[1]
    elseif not response then
      assert.is_true(result)
      return
    end
    for name, value in pairs(response) do
      assert.same(value, result[name], name)
    end
    assert.same(response, result:totable())
  end

  for _, operation in ipairs(api.operations) do
    it("has " .. operation.full_name .. ", as a function of its service", function()
      local input, response = input_of(operation), respond_to(operation)
      local query = expected_query(operation, input)
      respond = function()
        local body = response and cjson.encode(response)
        return { status = operation.status, headers = {}, body = body or "" }
      end
      local result = assert(call(client, operation, input))
      result = is_list(operation) and assert(result:all()) or result
      assert_sent(operation, query, body_of(operation, input))
      assert_result(operation, response, result)
      done = done + 1
    end)
  end

  -- Of the operations on one resource: the path of `get`, or one below it.
  local function get_of(operation)
    for _, get in ipairs(api.operations) do
      if get.service == operation.service and get.name == "get"
        and (operation.path .. "/"):sub(1, #get.path + 1) == get.path .. "/" then
        return get
      end
    end
  end

  for _, operation in ipairs(api.operations) do
    local get = get_of(operation)
    if get then
      it("has " .. operation.full_name .. ", as a method of its object", function()
        local input, response = input_of(operation), respond_to(get)
        local query = expected_query(operation, input)
        respond = function()
          return { status = 200, headers = {}, body = cjson.encode(response) }
        end
        local object = assert(call(client, get))
        requests, response = {}, respond_to(operation)
        local method = object[operation.name == "get" and "reload" or operation.name]
        local result = assert(method(object, input))
        result = is_list(operation) and assert(result:all()) or result
        assert_sent(operation, query, body_of(operation, input))
        assert_result(operation, response, result)
      end)
    end
  end

  for _, operation in ipairs(api.operations) do
    local _, messages = api.faulty(operation)
    if #messages > 0 then
      it("has the limits of " .. operation.full_name .. ", and what it requires", function()
        local attributes = api.faulty(operation)
        local result, err = call(client, operation, attributes)
        assert.is_nil(result)
        assert.same({ "invalid", "validate", "not_sent" }, { err.kind, err.phase, err.outcome })
        for _, message in ipairs(messages) do
          assert.matches(message, err.message, 1, true)
        end
        assert.same({}, requests)
      end)
    end
  end

  local function respond_with_pages(operation)
    local list_key, item = list_of(operation)
    return function(attempt)
      local is_first = not attempt.url:find "before_id"
      local body = { uri = "u", [list_key] = { resource(item, is_first and "x_2" or "x_1") } }
      body.next_page_uri = is_first and attempt.url .. "?before_id=x_2" or cjson.null
      return { status = 200, headers = {}, body = cjson.encode(body) }
    end
  end

  for _, operation in ipairs(api.operations) do
    if is_list(operation) then
      it("walks the pages of " .. operation.full_name .. ", the next one asked for ahead", function()
        respond = respond_with_pages(operation)
        local walk = call(client, operation)
        assert.same({}, requests)
        assert(walk:next())
        assert.equal(2, #requests)
        assert(walk:next())
        assert.same({ nil, nil }, { walk:next() })
        local url = "https://api.ngrok.com" .. path_of(operation)
        assert.same({ url, url .. "?before_id=x_2" }, { requests[1].url, requests[2].url })
      end)

      it("asks for no more of " .. operation.full_name .. " once the listing is closed", function()
        local respond_now = respond_with_pages(operation)
        respond = function(attempt)
          return #requests == 1 and respond_now(attempt) or nil
        end
        local walk = call(client, operation)
        assert(walk:next())
        assert.equal(1, client:pending())
        walk:close()
        client:step(0)
        assert.equal(0, client:pending())
      end)
    end
  end

  -- A field that is not described can be read, too. But no empty array stands for it where it is absent, no
  -- document names it, and no form hides it.
  for _, operation in ipairs(api.operations) do
    if operation.name == "get" then
      it("has the fields of " .. operation.service, function()
        local described = description.load(operation.service)
        assert.same(shape_of(api.types[operation.response], api.types, "name", "type"),
          shape_of(described.fields, described.types, 1, 2))
      end)
    end
  end

  it("has no operations but these, and no services", function()
    local expected, found = {}, {}
    for _, operation in ipairs(api.operations) do
      expected[operation.full_name] = true
    end
    for name in pairs(index) do
      for own_name in pairs(description.load(name).operations) do
        found[name .. "." .. own_name] = true
      end
    end
    expected["edges.https.routes"] = true -- asks for an edge, as a page of its routes
    assert.same(expected, found)
  end)

  -- Over HTTP, where the emulator records what arrives.
  describe("on the wire", function()
    local emu, wired

    setup(function()
      emu = assert(emulator.start())
      wired = assert(ngrok.client {
        api_key = emu.api_key, base_url = emu.base_url, rate_limit = false, max_retries = 0,
      })
    end)

    teardown(function()
      wired:close()
      emu:stop()
    end)

    for position = 1, #api.operations, 6 do
      local operation = api.operations[position]
      it("has " .. operation.full_name, function()
        local input = input_of(operation)
        local query = expected_query(operation, input)
        local result = call(wired, operation, input)
        if is_list(operation) then
          result:next() -- the emulator may know no such resource; what arrives counts
        end
        local seen = emu:requests()
        local request, body = seen[#seen], body_of(operation, input)
        assert.same({ operation.method, path_of(operation) }, { request.method, request.path })
        assert.equal(query, request.query)
        assert.same(body, body and cjson.decode(request.body))
        assert.equal(body and "application/json" or nil, request.headers["content-type"])
      end)
    end
  end)
end)
