local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local manual_transport = require "spec.support.manual_transport"
local secrets = require "spec.support.secrets"
local wires = require "spec.support.wires"

local error_kinds = {
  invalid = true, timeout = true, transport = true, api = true, decode = true, cancelled = true,
}

-- Every field that is named must be as it says; `absent` names those that must be nil.
local function assert_error(expected, err)
  assert.is_true(ngrok.is_error(err), "no error object: " .. tostring(err))
  assert.is_true(error_kinds[err.kind])
  assert.equal("string", type(err.message))
  for name, value in pairs(expected) do
    if value == "absent" then
      assert.is_nil(err[name], name)
    else
      assert.same(value, err[name], name)
    end
  end
end

local nothing_of_a_response = {
  status = "absent", code = "absent", operation_id = "absent", details = "absent", retry_after = "absent",
}

local function with(fields, more)
  local all = {}
  for name, value in pairs(fields) do
    all[name] = value
  end
  for name, value in pairs(more) do
    all[name] = value
  end
  return all
end

hosts.describe_on({ wires.plain, wires.http2 }, "an error", function(host)
  local credentials

  before_each(function()
    credentials = host.client.credentials
  end)

  local function misbehave(description)
    host.emulator:misbehave(description)
  end

  local function fails(value, err)
    assert.is_nil(value)
    return err
  end

  describe("of the table:", function()
    for operation, call in pairs {
      ["credentials.get"] = function() return credentials:get("") end,
      ["credentials.delete"] = function() return credentials:delete("../api_keys?x=1") end,
      ["credentials.update"] = function() return credentials:update("cr_1", {}) end,
      ["credentials.create"] = function() return credentials:create { description = ("x"):rep(256) } end,
      ["credentials.list"] = function() return credentials:list({ limit = 0 }):next() end,
    } do
      it("input refused before sending, " .. operation, function()
        assert_error(with(nothing_of_a_response, {
          kind = "invalid", phase = "validate", outcome = "not_sent", operation = operation, attempts = 0,
        }), fails(call()))
        assert.equal(0, #host.emulator:requests())
      end)
    end

    it("an operation on a closed client", function()
      host.client:close()
      assert_error(with(nothing_of_a_response, {
        kind = "invalid", phase = "validate", outcome = "not_sent", operation = "credentials.create",
        attempts = 0,
        message = "the client is closed",
      }), fails(credentials:create()))
    end)

    it("a wait for the limits that passes max_wait", function()
      local client = host:new_client { max_in_flight = 1 }
      misbehave { kind = "hang" }
      local first = client.credentials:get("cr_1", { wait = false })
      assert_error(with(nothing_of_a_response, {
        kind = "timeout", phase = "wait", outcome = "not_sent", operation = "credentials.get", attempts = 0,
      }), fails(client.credentials:get("cr_2", { max_wait = 0.05 })))
      first:cancel()
      timing.step_until(client, function() return client:pending() == 0 end)
    end)

    it("a connection that dies before the request was acted upon", function()
      misbehave { kind = "reset_before" }
      local err = fails(credentials:create())
      assert_error(with(nothing_of_a_response, {
        kind = "transport", outcome = "unknown", operation = "credentials.create", attempts = 1,
      }), err)
      assert.is_true(err.phase == "send" or err.phase == "receive", err.phase)
      assert.equal(0, #host.emulator:credentials())
    end)

    it("a connection that dies after the request was acted upon", function()
      misbehave { kind = "reset_after" }
      assert_error(with(nothing_of_a_response, {
        kind = "transport", phase = "receive", outcome = "unknown", operation = "credentials.create",
        attempts = 1,
      }), fails(credentials:create()))
      assert.equal(1, #host.emulator:credentials())
    end)

    it("a response that is cut off", function()
      misbehave { kind = "truncate" }
      assert_error(with(nothing_of_a_response, {
        kind = "transport", phase = "receive", outcome = "unknown", operation = "credentials.create",
        attempts = 1, status = host.wire and 201 or "absent", -- in process there is nothing to cut off
      }), fails(credentials:create()))
    end)

    it("an oversized response", function()
      local client = host:new_client { max_response_bytes = 1000 }
      misbehave { kind = "oversize", bytes = 1001 }
      assert_error(with(nothing_of_a_response, {
        kind = "transport", phase = "receive", outcome = "unknown", operation = "credentials.create",
        attempts = 1, status = 201,
        message = "the response exceeds max_response_bytes (1000)",
      }), fails(client.credentials:create()))
      timing.step_until(client, function() return client:pending() == 0 end)
    end)

    it("a response that has just the size allowed is none", function()
      local client = host:new_client { max_response_bytes = 1000 }
      misbehave { kind = "oversize", bytes = 1000 }
      -- Its JSON is well read, and has no id.
      assert.equal("decode", fails(client.credentials:create()).kind)
    end)

    it("a deadline passed while the server was silent", function()
      misbehave { kind = "hang" }
      assert_error(with(nothing_of_a_response, {
        kind = "timeout", phase = "receive", outcome = "unknown", operation = "credentials.create",
        attempts = 1,
        message = "no response within timeout (0.05 s)",
      }), fails(credentials:create({}, { timeout = 0.05 })))
    end)

    it("a deadline passed before a response that comes late", function()
      misbehave { kind = "delay", seconds = 5 }
      assert_error(with(nothing_of_a_response, { kind = "timeout", phase = "receive", outcome = "unknown" }),
        fails(credentials:get("cr_1", { timeout = 0.05 })))
    end)

    it("the client's own time-out, where the call has none", function()
      local client = host:new_client { timeout = 0.05 }
      misbehave { kind = "hang" }
      assert_error({ kind = "timeout", outcome = "unknown" }, fails(client.credentials:get("cr_1")))
    end)

    it("a cancelled request", function()
      misbehave { kind = "hang" }
      local request = credentials:create({}, { wait = false })
      assert.is_true(request:cancel())
      local err = fails(request:result())
      assert_error(with(nothing_of_a_response, {
        kind = "cancelled", operation = "credentials.create", attempts = 1,
      }), err)
    end)

    it("a closed client's request under way", function()
      misbehave { kind = "hang" }
      local request = credentials:create({}, { wait = false })
      host.client:close()
      assert_error(with(nothing_of_a_response, {
        kind = "cancelled", operation = "credentials.create", attempts = 1,
        message = "the client was closed",
      }), fails(request:result()))
    end)

    for _, status in ipairs { 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 409, 418, 429, 499 } do
      it("HTTP " .. status .. " is a rejection", function()
        misbehave { kind = "status", status = status, code = "ERR_NGROK_1", message = "no" }
        assert_error({
          kind = "api", phase = "receive", outcome = "rejected", status = status, code = "ERR_NGROK_1",
          message = "no", operation = "credentials.create", attempts = 1, operation_id = "op_emulated",
          details = { operation_id = "op_emulated" }, retry_after = "absent",
        }, fails(credentials:create()))
      end)
    end

    for _, status in ipairs { 500, 501, 502, 503, 504, 599 } do
      it("HTTP " .. status .. " leaves the outcome unknown", function()
        misbehave { kind = "status", status = status, code = "ERR_NGROK_1", message = "oh" }
        assert_error({
          kind = "api", phase = "receive", outcome = "unknown", status = status, code = "ERR_NGROK_1",
          message = "oh", operation = "credentials.create", attempts = 1, operation_id = "op_emulated",
          details = { operation_id = "op_emulated" }, retry_after = "absent",
        }, fails(credentials:create()))
      end)
    end

    for _, kind in ipairs { "invalid_json", "deep_json", "empty", "html", "oversize" } do
      it("a 2xx that cannot be decoded: " .. kind, function()
        misbehave { kind = kind, bytes = kind == "oversize" and 5000 or nil }
        local err = fails(credentials:create())
        assert_error({
          kind = "decode", phase = "decode", outcome = "unknown", operation = "credentials.create",
          attempts = 1,
          code = "absent", details = "absent", retry_after = "absent",
        }, err)
        assert.is_true(err.status >= 200 and err.status < 300)
        assert.truthy(err.operation_id:find("^op_"))
        assert.equal(1, #host.emulator:credentials())
      end)
    end
  end)

  describe("of the API's own making", function()
    local function one_of_each(expected, err)
      assert_error(with({ kind = "api", phase = "receive", outcome = "rejected", attempts = 1 }, expected),
        err)
      assert.truthy(err.operation_id:find("^op_%w+$"))
      assert.equal(err.operation_id, err.details.operation_id)
    end

    it("tells of a credential that does not exist", function()
      local err = fails(credentials:get("cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3"))
      one_of_each({ status = 404, code = "ERR_NGROK_404", operation = "credentials.get" }, err)
      assert.is_true(err:is_not_found())
    end)

    it("tells of an id that is no reference", function()
      one_of_each({ status = 400, code = "ERR_NGROK_223" }, fails(credentials:get("nonsense")))
    end)

    it("tells of an ACL rule that it does not like", function()
      one_of_each({ status = 400, code = "ERR_NGROK_600", operation = "credentials.create" },
        fails(credentials:create({ acl = { "allow:all" } }, { validate = false })))
    end)

    it("tells of a description that is too long", function()
      one_of_each({ status = 400, code = "ERR_NGROK_604" },
        fails(credentials:create({ description = ("x"):rep(256) }, { validate = false })))
    end)

    it("tells of credentials that cannot be deleted", function()
      local seeded = host.emulator:seed(1, { special = "tunnel_token" })
      one_of_each({ status = 400, code = "ERR_NGROK_601", operation = "credentials.delete" },
        fails(credentials:delete(seeded[1].id)))
    end)

    it("tells by is which of several codes it has", function()
      local err = fails(credentials:get("nonsense"))
      assert.is_true(err:is("ERR_NGROK_223"))
      assert.is_true(err:is("ERR_NGROK_1", "ERR_NGROK_223"))
      assert.is_false(err:is("ERR_NGROK_1", "ERR_NGROK_22"))
      assert.is_false(err:is())
      assert.is_false(err:is_not_found())
    end)
  end)

  describe("with a body of its own kind:", function()
    local function respond(status, body, headers)
      misbehave { kind = "body", status = status, body = body, headers = headers }
      return fails(credentials:create())
    end

    for name, body in pairs {
      ["nothing"] = "", ["no JSON"] = "oops", ["HTML"] = "<html><h1>Bad gateway</h1></html>",
      ["a number"] = "5",
      ["an array"] = "[1,2]", ["an empty array"] = "[]", ["a string"] = '"x"', ["null"] = "null",
      ["true"] = "true",
      ["half an object"] = '{"msg":', ["an empty object"] = "{}", ["NUL bytes"] = "\0\0\0",
      ["nulls"] = '{"error_code":null,"msg":null,"details":null,"status_code":null}',
      ["wrong types"] = '{"error_code":5,"msg":["x"],"details":"x","status_code":"y"}',
      ["other wrong types"] = '{"error_code":{},"msg":false,"details":7}',
      ["an empty message"] = '{"msg":""}',
      ["nesting without end"] = ("["):rep(5000),
      ["nesting with an end"] = ("["):rep(5000) .. ("]"):rep(5000),
      ["numbers that are none"] = '{"msg":NaN}',
    } do
      it("a refusal that has " .. name, function()
        local err = respond(400, body)
        assert_error({
          kind = "api", phase = "receive", outcome = "rejected", status = 400, code = "absent",
          details = "absent",
          operation_id = "absent", attempts = 1,
        }, err)
        assert.truthy(err.message:find("HTTP 400", 1, true))
        assert.truthy(tostring(err):find("HTTP 400", 1, true))
      end)

      it("a failure that has " .. name, function()
        assert_error({ kind = "api", outcome = "unknown", status = 502, code = "absent" }, respond(502, body))
      end)

      it("a success that has " .. name, function()
        local err = respond(201, body)
        assert_error({
          kind = "decode", phase = "decode", outcome = "unknown", status = 201, code = "absent", attempts = 1,
        }, err)
      end)
    end

    it("no code, but a message", function()
      assert_error({ code = "absent", message = "gone", status = 404 }, respond(404,
        '{"msg":"gone","status_code":404}'))
    end)

    it("a code, but no message", function()
      local err = respond(404, '{"error_code":"ERR_NGROK_9"}')
      assert_error({ code = "ERR_NGROK_9", status = 404 }, err)
      assert.truthy(err.message:find("404", 1, true))
    end)

    it("no details, but the operation's id in the header", function()
      assert_error({ operation_id = "op_header", details = "absent" },
        respond(404, '{"msg":"gone"}', { ["Ngrok-Operation-Id"] = "op_header" }))
    end)

    it("the operation's id in the details only", function()
      assert_error({ operation_id = "op_details", details = { operation_id = "op_details", more = "x" } },
        respond(404, '{"msg":"gone","details":{"operation_id":"op_details","more":"x","none":null}}'))
    end)

    it("an operation's id of the wrong type", function()
      assert_error({ operation_id = "absent", details = { operation_id = 5 } },
        respond(404, '{"msg":"gone","details":{"operation_id":5}}'))
    end)

    it("details as deep as JSON may go", function()
      local depth = 900
      local deep = ("["):rep(depth) .. ("]"):rep(depth)
      local err = respond(404, '{"msg":"gone","details":{"a":' .. deep .. "}}")
      assert_error({ message = "gone" }, err)
      assert.equal("table", type(err.details.a))
    end)

    it("says what kind of body it was", function()
      assert.truthy(respond(502, "<html></html>",
        { ["content-type"] = "text/html" }).message:find("text/html", 1, true))
    end)

    for name, body in pairs {
      ["without an id"] = '{"uri":"x"}',
      ["with an empty id"] = '{"id":""}',
      ["with a null id"] = '{"id":null}',
      ["with a number for an id"] = '{"id":5}',
      ["with a string for an acl"] = '{"id":"cr_1","acl":"bind:*"}',
      ["with an object for an acl"] = '{"id":"cr_1","acl":{"a":"bind:*"}}',
      ["with a number in its acl"] = '{"id":"cr_1","acl":["bind:*",5]}',
      ["with a table for a description"] = '{"id":"cr_1","description":{}}',
      ["with a number for a token"] = '{"id":"cr_1","token":5}',
    } do
      it("a success " .. name .. " is no credential", function()
        local err = respond(201, body)
        assert_error({ kind = "decode", phase = "decode", outcome = "unknown", status = 201 }, err)
      end)
    end

    for _, name in ipairs { "get", "update" } do
      it("a 204 to " .. name, function()
        misbehave { kind = "empty", status = 204 }
        local err = fails(credentials[name](credentials, "cr_1",
          name == "update" and { description = "x" } or nil))
        assert_error({ kind = "decode", status = 204, operation = "credentials." .. name }, err)
        assert.truthy(err.message:find("empty", 1, true))
      end)
    end

    it("a 200 with a body to delete is as good as a 204", function()
      misbehave { kind = "body", status = 200, body = '{"deleted":true}' }
      assert.is_true(credentials:delete("cr_1"))
    end)

    it("a body of another content type is read all the same", function()
      misbehave { kind = "content_type", content_type = "text/plain" }
      assert.truthy(credentials:create { description = "x" })
    end)
  end)

  describe("says how long to wait", function()
    local function retry_after(value)
      misbehave { kind = "status", status = 429, code = "ERR_NGROK_226", retry_after = value }
      local err = fails(credentials:get("cr_1"))
      assert_error({ kind = "api", status = 429, outcome = "rejected", code = "ERR_NGROK_226" }, err)
      return err.retry_after
    end

    for _, seconds in ipairs { 0, 7, 120 } do
      it("in seconds: " .. seconds, function()
        assert.equal(seconds, retry_after(tostring(seconds)))
      end)
    end

    it("as a date to come", function()
      local seconds = retry_after(os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 100))
      assert.is_true(seconds > 90 and seconds <= 100, tostring(seconds))
    end)

    for asked, seconds in pairs {
      ["999999999"] = "999999999", ["99999999999"] = "99999999999", ["Fri, 31 Dec 9999 23:59:59 GMT"] = "%d+",
    } do
      it("an hour at most, and what was asked for: " .. asked, function()
        misbehave { kind = "status", status = 429, code = "ERR_NGROK_226", retry_after = asked }
        local err = fails(credentials:get("cr_1"))
        assert.equal(3600, err.retry_after)
        local note = "%(Retry%-After asks for " .. seconds .. " s, but the client waits 3600 s at most%)$"
        assert.truthy(err.message:find(note), err.message)
      end)
    end

    it("not at all, where the date has passed", function()
      assert.equal(0, retry_after("Wed, 21 Oct 2015 07:28:00 GMT"))
    end)

    for _, value in ipairs {
      "soon", "-1", "1.5", "7 seconds", "0x10", "1e3", "Wed, 99 Oct 2015 07:28:00 GMT",
      "21 Oct 2015", "inf",
    } do
      it("nowhere, where it is nonsense: " .. value, function()
        assert.is_nil(retry_after(value))
      end)
    end

    it("nowhere, without the header", function()
      assert.is_nil(retry_after(nil))
    end)

    it("with a 503 too", function()
      misbehave { kind = "status", status = 503, retry_after = 9 }
      assert.equal(9, fails(credentials:get("cr_1")).retry_after)
    end)
  end)

  describe("of a redirect", function()
    local other

    setup(function()
      other = assert(emulator.start())
    end)

    teardown(function()
      other:stop()
    end)

    for _, status in ipairs { 301, 302, 303, 307, 308 } do
      it("is an error for " .. status .. ", and the key goes nowhere else", function()
        for _, method in ipairs { "get", "create", "delete" } do
          misbehave { kind = "body", status = status,
            headers = { location = other.base_url .. "/credentials" } }
          local err = fails(credentials[method](credentials, method ~= "create" and "cr_1" or nil))
          assert_error({ kind = "api", phase = "receive", outcome = "rejected", status = status,
            code = "absent" }, err)
          assert.truthy(err.message:find("redirect", 1, true))
        end
        assert.equal(3, #host.emulator:requests())
        assert.equal(0, #other:requests())
      end)
    end
  end)

  describe("never shows a token:", function()
    local token, description = "2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD", "Zebra7Quagga"
    local body = ('{"id":"cr_Okapi9","uri":"https://tapir.example/cr_Okapi9","created_at":"2023",'
      .. '"description":"%s",'
      .. '"metadata":"Gnu5Meta","token":"%s","acl":["bind:lemur.example"],"owner_id":"usr_Ibex3"}')
      :format(description, token)
    local words = {
      token, token:sub(1, 12), token:sub(-12), "Zebra7", "Okapi9", "tapir", "Gnu5", "lemur", "Ibex3", "2023",
    }

    local function shows_nothing(err)
      assert.is_true(ngrok.is_error(err))
      assert.equal("unknown", err.outcome)
      for _, word in ipairs(words) do
        assert.is_nil(secrets.find(err, word))
      end
      -- No piece of the body that could be one of its values.
      for at = 1, #body - 7 do
        assert.is_nil(secrets.find(err, body:sub(at, at + 7)))
      end
    end

    it("a response to create that is cut off anywhere", function()
      for at = 1, #body - 1, 7 do
        misbehave { kind = "body", status = 201, body = body:sub(1, at) }
        local err = fails(credentials:create())
        assert.equal("decode", err.kind)
        shows_nothing(err)
      end
    end)

    it("a connection that ends in the middle of it", function()
      misbehave { kind = "truncate" }
      local value, err = credentials:create { description = description, metadata = "Gnu5Meta" }
      assert.is_nil(value)
      assert.equal("transport", err.kind)
      assert.is_nil(secrets.find(err, "Zebra7"))
      assert.is_nil(secrets.find(err, "Gnu5"))
      assert.is_nil(secrets.find(err, host.emulator:credentials()[1].id:sub(4)))
    end)

    it("a connection that ends one byte too early", function()
      local seeded = host.emulator:seed(1, { description = description })
      misbehave { kind = "truncate", at = 200 }
      local err = fails(credentials:get(seeded[1].id))
      assert.is_nil(secrets.find(err, description))
    end)

    for name, change in pairs {
      ["whose id is missing"] = { '"id":"cr_Okapi9",', "" },
      ["whose id is no string"] = { '"id":"cr_Okapi9"', '"id":["cr_Okapi9"]' },
      ["whose acl is none"] = { '%["bind:lemur.example"%]', '"bind:lemur.example"' },
      ["whose token is in a table"] = { '"token":("[^"]+")', '"token":[%1]' },
      ["with something after it"] = { "}$", "}x" },
      ["with a number that is none"] = { '"2023"', "NaN" },
    } do
      it("a response to create " .. name, function()
        local changed, count = body:gsub(change[1], change[2])
        assert.equal(1, count)
        misbehave { kind = "body", status = 201, body = changed }
        local err = fails(credentials:create())
        assert.equal("decode", err.kind)
        shows_nothing(err)
      end)
    end

    for _, status in ipairs { 200, 302, 400, 500 } do
      it("a response with HTTP " .. status .. " whose body is no JSON and has it", function()
        misbehave { kind = "body", status = status, body = "log: " .. body }
        local err = fails(credentials:create())
        for _, word in ipairs(words) do
          assert.is_nil(secrets.find(err, word))
        end
      end)
    end

    it("a response with it that is too large", function()
      local client = host:new_client { max_response_bytes = #body - 1 }
      misbehave { kind = "body", status = 201, body = body }
      local err = fails(client.credentials:create())
      assert.equal("transport", err.kind)
      shows_nothing(err)
    end)
  end)
end)

hosts.describe("an error about the key", function(host)
  local function forms_of(key)
    return {
      plain = key,
      ["percent-encoded"] = secrets.percent(key),
      ["percent-encoded in part"] = (key:gsub("_", "%%5f")),
      ["percent-encoded in lower case"] = secrets.percent(key):lower(),
      ["escaped for Markdown"] = secrets.markdown(key):gsub("\\", "\\\\"),
      ["inside a word"] = "Bearer:" .. key .. "!",
      twice = key .. key,
      ["twice and again"] = key .. "," .. key .. "/" .. key,
    }
  end

  local function never_shows(err, key)
    for _, text in ipairs(secrets.texts(err)) do
      assert.is_nil(secrets.trace(text, key))
    end
  end

  local function send(key, body, headers)
    local client = host:new_client { api_key = key }
    host.emulator:misbehave { kind = "body", status = 401, body = body, headers = headers }
    local value, err = client.credentials:get("cr_1")
    assert.is_nil(value)
    assert.equal(401, err.status)
    return err
  end

  describe("that the API refuses", function()
    for code, key in pairs {
      ERR_NGROK_202 = "nonsense-as-a-key", ERR_NGROK_203 = "FIRSTPART_SECONDPART",
      ERR_NGROK_207 = "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3", ERR_NGROK_208 = "ak_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
    } do
      it("does not repeat it, " .. code, function()
        local client = host:new_client { api_key = key }
        local value, err = client.credentials:create()
        assert.is_nil(value)
        assert_error({ kind = "api", status = 401, code = code, outcome = "rejected", attempts = 1 }, err)
        assert.is_nil(secrets.find(err, key))
        assert.truthy(err.message:find("[redacted]", 1, true))
      end)
    end

    it("does not repeat it, ERR_NGROK_206", function()
      local token = host.emulator:seed(1)[1].token
      local client = host:new_client { api_key = token }
      local value, err = client.credentials:get("cr_1")
      assert.is_nil(value)
      assert_error({ status = 401, code = "ERR_NGROK_206" }, err)
      assert.is_nil(secrets.find(err, token))
    end)
  end)

  describe("that the server repeats", function()
    local key = "2TMGGAxyz123KEYpart_5JsFk4rfMHdTH7B96qRVD??>>"
    for name, form in pairs(forms_of(key)) do
      it("hides it in the message, " .. name, function()
        never_shows(send(key, '{"error_code":"ERR_NGROK_202","msg":"no: ' .. form .. '"}'), key)
      end)

      it("hides it in the code, " .. name, function()
        never_shows(send(key, '{"error_code":"' .. form .. '","msg":"no"}'), key)
      end)

      it("hides it in the details' values and keys, " .. name, function()
        local body = '{"msg":"no","details":{"operation_id":"%s","deep":{"er":["x","%s",{"%s":1}]},"%s":"y"}}'
        local err = send(key, (body:gsub("%%s", function() return form end)))
        never_shows(err, key)
        assert.equal("table", type(err.details.deep.er[3]))
      end)

      it("hides it in the operation's id of the header, " .. name, function()
        local err = send(key, '{"msg":"no"}', { ["ngrok-operation-id"] = form })
        never_shows(err, key)
        assert.is_nil(err.operation_id)
      end)

      it("hides it in the content type, " .. name, function()
        never_shows(send(key, "x", { ["content-type"] = form }), key)
      end)
    end

    it("hides it when JSON's escapes spell it", function()
      local escaped = key:gsub(".", function(character) return ("\\u%04x"):format(character:byte()) end)
      never_shows(send(key, '{"msg":"' .. escaped .. '"}'), key)
    end)

    it("hides it in a response that should be a credential", function()
      local client = host:new_client { api_key = key }
      for _, body in ipairs { key, '{"id":5,"' .. key .. '":1}',
        '{"id":"cr_1","acl":["' .. key .. '",1]}' } do
        host.emulator:misbehave { kind = "body", body = body, headers = { ["ngrok-operation-id"] = key } }
        local _, err = client.credentials:get("cr_1")
        assert.equal("decode", err.kind)
        never_shows(err, key)
      end
    end)

    it("hides it in a page's next_page_uri that must not be followed", function()
      local client = host:new_client { api_key = key }
      local page = manual_transport.page({ "cr_1" }, "https://evil.example/credentials?k=" .. key)
      host.emulator:misbehave { kind = "body", body = page.body }
      local _, err = client.credentials:list():all()
      assert.equal("decode", err.kind)
      never_shows(err, key)
    end)

    it("shows ids and codes that are, and none that are not", function()
      local body = '{"error_code":"%s","msg":"no","details":{"operation_id":"%s"}}'
      local err = send(key, body:format("ERR_NGROK_9", "op_2"), { ["ngrok-operation-id"] = "op_1" })
      assert.same({ "ERR_NGROK_9", "op_1" }, { err.code, err.operation_id })
      err = send(key, body:format("ERR NGROK", "op_2"), { ["ngrok-operation-id"] = "op 1" })
      assert.same({ [2] = "op_2" }, { err.code, err.operation_id })
      err = send(key, body:format(("x"):rep(129), ("x"):rep(129)))
      assert.same({}, { err.code, err.operation_id })
    end)

    it("leaves all else as it was", function()
      local err = send(key,
        '{"error_code":"ERR_NGROK_202","msg":"a ' .. key .. ' b","details":{"n":1.5,"t":true}}')
      assert.equal("a [redacted] b", err.message)
      assert.same({ n = 1.5, t = true }, err.details)
    end)
  end)

  it("does not come from a closed client either", function()
    local key = "2TMGGAxyz123KEYpart_5JsFk4rfMHdTH7B96qRVD"
    local client = host:new_client { api_key = key }
    host.emulator:misbehave { kind = "body", status = 401, body = '{"msg":"no: ' .. key .. '"}' }
    local request = client.credentials:get("cr_1", { wait = false })
    timing.step_until(client, function() return request:done() end)
    client:close()
    local _, err = request:result()
    assert_error({ kind = "api", status = 401, outcome = "rejected" }, err)
    assert.is_nil(secrets.find(err, key))
  end)
end)

describe("an error object", function()
  local client, transport

  before_each(function()
    client = assert(ngrok.client {
      api_key = "FIRST_SECOND", max_retries = 0, rate_limit = false,
      transport = function() return transport() end,
    })
  end)

  after_each(function()
    client:close()
  end)

  local function error_of(status, body)
    transport = function() return { status = status, body = body } end
    local value, err = client.credentials:get("cr_1")
    assert.is_nil(value)
    return err
  end

  it("is one line, whatever the message has", function()
    local err = error_of(400, '{"msg":"a\\nb\\r\\nc\\td\\u000be\\u0000f\\u001b[31mg","error_code":"X\\nY",'
      .. '"details":{"operation_id":"op\\n1"}}')
    local text = tostring(err)
    assert.is_nil(text:find("%c"))
    assert.truthy(text:find("a b c d e f", 1, true))
    assert.equal("a\nb\r\nc\td\11e\0f\27[31mg", err.message)
  end)

  it("is made of a body of up to 64 KiB, and of a longer one has no word", function()
    local function body_of(length)
      local head, tail = '{"error_code":"ERR_NGROK_9","msg":"no","details":{"list":[', '"end"]}}'
      local left = length - #head - #tail
      return head .. ('"a",'):rep(math.floor(left / 4)) .. (" "):rep(left % 4) .. tail
    end
    local err = error_of(400, body_of(65536))
    local list = err.details.list
    assert.same({ "ERR_NGROK_9", "no", "end" }, { err.code, err.message, list[#list] })
    err = error_of(400, body_of(65537))
    assert.same({}, { err.code, err.details })
    assert.equal("HTTP 400 without a message from the API (65537 bytes of an undeclared type, too long to be "
      .. "read as an error)", err.message)
  end)

  it("says what failed, why, and what became of it", function()
    local err = error_of(429,
      '{"msg":"too fast","error_code":"ERR_NGROK_226","details":{"operation_id":"op_1"}}')
    assert.equal("credentials.get failed: too fast (api, HTTP 429, ERR_NGROK_226, receive, rejected, op_1)",
      tostring(err))
  end)

  it("joins with strings and numbers on either side, and with its like", function()
    local err = error_of(500, '{"msg":"oh"}')
    assert.equal("x: " .. tostring(err), "x: " .. err)
    assert.equal(tostring(err) .. "!", err .. "!")
    assert.equal("1" .. tostring(err), 1 .. err)
    assert.equal(tostring(err) .. tostring(err), err .. err)
  end)

  it("knows whether the thing is not there", function()
    assert.is_true(error_of(404, ""):is_not_found())
    assert.is_true(error_of(404, '{"error_code":"ERR_NGROK_404"}'):is_not_found())
    assert.is_false(error_of(410, ""):is_not_found())
    assert.is_false(error_of(500, ""):is_not_found())
    assert.is_false(error_of(200, ""):is_not_found())
  end)

  it("has no code to be compared where the server gave none", function()
    local err = error_of(404, "")
    assert.is_false(err:is(nil))
    assert.is_false(err:is(nil, "ERR_NGROK_404"))
    assert.is_false(err:is("ERR_NGROK_404"))
  end)

  it("is what ngrok.is_error tells from everything else", function()
    assert.is_true(ngrok.is_error(error_of(404, "")))
    local others = {
      nothing = {}, empty = { {} }, text = { "credentials.get failed: x" }, number = { 5 },
        boolean = { true },
      lookalike = { { kind = "api", message = "x" } }, callable = { print },
        thread = { coroutine.create(print) },
      userdata = { io.stdout }, client = { client }, service = { client.credentials },
      listing = { client.credentials:list() },
    }
    for name, other in pairs(others) do
      assert.is_false(ngrok.is_error(other[1]), name)
    end
  end)

  it("is what a `for` raises, and no text", function()
    transport = function() return { status = 403, body = "" } end
    local fine, err = pcall(function()
      for _ in client.credentials:list() do
        error("no item was expected")
      end
    end)
    assert.is_false(fine)
    assert.is_true(ngrok.is_error(err))
    assert.equal(403, err.status)
    assert.equal("credentials.list", err.operation)
  end)

  it("can be raised and caught by the program", function()
    local err = error_of(404, "")
    local fine, caught = pcall(error, err)
    assert.is_false(fine)
    assert.equal(err, caught)
  end)

  it("has operations of credentials' own methods in its name", function()
    transport = function() return manual_transport.credential("cr_1") end
    local credential = assert(client.credentials:get("cr_1"))
    transport = function() return { status = 500, body = "" } end
    for method, operation in pairs { update = "update", delete = "delete", reload = "get" } do
      local value, err = credential[method](credential, method == "update" and { description = "x" } or nil)
      assert.is_nil(value)
      assert.equal("credentials." .. operation, err.operation)
    end
  end)
end)

describe("the error of ngrok.client", function()
  local function refused(options)
    local client, err = ngrok.client(options)
    assert.is_nil(client)
    assert_error(with(nothing_of_a_response, {
      kind = "invalid", phase = "validate", outcome = "not_sent", attempts = 0, operation = "ngrok.client",
    }), err)
    return err
  end

  local key = "FIRSTPART_SECONDPART"

  it("names an option and never the key", function()
    for _, bad in ipairs { key .. "\n", key .. "\r\nX-Evil: 1", key .. "\0", " " .. key, key .. "é",
      key .. "\127" } do
      local err = refused { api_key = bad }
      assert.truthy(err.message:find("api_key", 1, true))
      assert.is_nil(secrets.find(err, "FIRSTPART"))
    end
  end)

  it("tells of a base URL that must not be", function()
    for _, url in ipairs {
      "http://api.ngrok.com", "ftp://api.ngrok.com", "api.ngrok.com", "", "https://", "https://a b.example",
      "https://user:pass@api.ngrok.com", "https://api.ngrok.com?x=1", "https://api.ngrok.com#x",
      "https://api.ngrok.com\r\nX: y", "https://api.ngrok.com:0", "https://api.ngrok.com:70000",
      "http://127.0.0.1.example",
      "http://localhost.example", "http://128.0.0.1",
    } do
      assert.truthy(refused { api_key = key, base_url = url }.message:find("base_url", 1, true))
    end
  end)

  it("names the CA file that cannot be read", function()
    local err = refused { api_key = key, ca_file = "/nowhere/ca.pem" }
    assert.truthy(err.message:find("/nowhere/ca.pem", 1, true))
  end)
end)
