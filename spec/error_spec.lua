-- The error object: each field after each kind of failure, and what it never shows.
local emulator = require "ngrok.emulator"
local hosts = require "spec.support.hosts"
local manual_transport = require "spec.support.manual_transport"
local ngrok = require "ngrok"
local secrets = require "spec.support.secrets"
local timing = require "spec.support.timing"
local wires = require "spec.support.wires"

local error_kinds = {
  invalid = true, timeout = true, transport = true, api = true, decode = true, cancelled = true,
}

local any = {} -- where a field may have any value

-- Every field that is named must be as it says. Those that a response gives must be nil where they are not
-- named.
local function assert_error(expected, err)
  assert.is_true(ngrok.is_error(err), "no error object: " .. tostring(err))
  assert.is_true(error_kinds[err.kind])
  assert.equal("string", type(err.message))
  for _, name in ipairs { "status", "code", "operation_id", "details", "retry_after" } do
    if expected[name] == nil then
      assert.is_nil(err[name], name)
    end
  end
  for name, value in pairs(expected) do
    if value ~= any then
      assert.same(value, err[name], name)
    end
  end
  return err
end

local function fails(value, err)
  assert.is_nil(value)
  return err
end

hosts.describe_on(wires.versions, "an error", function(host)
  local credentials

  before_each(function()
    credentials = host.client.credentials
  end)

  local function misbehave(fault)
    host.emulator:misbehave(fault)
  end

  -- The error of a create whose response has this body.
  local function respond(status, body, headers)
    misbehave { kind = "body", status = status, body = body, headers = headers }
    return fails(credentials:create())
  end

  local function drain(client)
    timing.step_until(client, function() return client:pending() == 0 end)
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
        assert_error({
          kind = "invalid", phase = "validate", outcome = "not_sent", operation = operation, attempts = 0,
        }, fails(call()))
        assert.equal(0, #host.emulator:requests())
      end)
    end

    it("an operation on a closed client", function()
      host.client:close()
      assert_error({
        kind = "invalid", phase = "validate", outcome = "not_sent", operation = "credentials.create",
        attempts = 0, message = "the client is closed",
      }, fails(credentials:create()))
    end)

    it("a wait for the limits that passes max_wait", function()
      local client = host:new_client { max_in_flight = 1 }
      misbehave { kind = "hang" }
      local first = client.credentials:get("cr_1", { wait = false })
      assert_error({
        kind = "timeout", phase = "wait", outcome = "not_sent", operation = "credentials.get", attempts = 0,
      }, fails(client.credentials:get("cr_2", { max_wait = 0.05 })))
      first:cancel()
      drain(client)
    end)

    -- A fault, what the error has beside what all of these have, and how many credentials are made.
    for name, case in pairs {
      ["a connection that breaks before the request is carried out"] =
        { { kind = "reset_before" }, { kind = "transport", phase = any }, 0 },
      ["a connection that breaks after the request was carried out"] =
        { { kind = "reset_after" }, { kind = "transport", phase = "receive" }, 1 },
      ["a response that is cut off"] = { -- in process there is nothing to cut off
        { kind = "truncate" },
        { kind = "transport", phase = "receive", status = host.wire and 201 or nil }, 1,
      },
      ["an oversized response"] = {
        { kind = "oversize", bytes = 1001 },
        { kind = "transport", phase = "receive", status = 201,
          message = "the response exceeds max_response_bytes (1000)" }, 1,
        options = { max_response_bytes = 1000 },
      },
      ["no oversized response where it has just the size allowed: its JSON is read, and has no id"] = {
        { kind = "oversize", bytes = 1000 },
        { kind = "decode", phase = "decode", status = any, operation_id = any }, 1,
        options = { max_response_bytes = 1000 },
      },
      ["a deadline that passes while the server is silent"] = {
        { kind = "hang" },
        { kind = "timeout", phase = "receive", message = "no response within timeout (0.05 s)" }, 0,
        call = { timeout = 0.05 },
      },
      ["a deadline that passes before a response that comes late"] = {
        { kind = "delay", seconds = 5 }, { kind = "timeout", phase = "receive" }, any,
        call = { timeout = 0.05 },
      },
      ["the client's own timeout, where the call has none"] = {
        { kind = "hang" }, { kind = "timeout", phase = "receive" }, 0, options = { timeout = 0.05 },
      },
    } do
      it(name, function()
        local client = host:new_client(case.options)
        misbehave(case[1])
        local err = assert_error(case[2], fails(client.credentials:create({}, case.call)))
        assert_error({
          outcome = "unknown", operation = "credentials.create", attempts = 1, status = any,
          operation_id = any,
        }, err)
        assert.is_true(case[2].phase ~= any or err.phase == "send" or err.phase == "receive", err.phase)
        assert.equal(case[3] == any and #host.emulator:credentials() or case[3],
          #host.emulator:credentials())
        drain(client)
      end)
    end

    it("a request that was cancelled, or whose client was closed", function()
      for way, message in pairs {
        cancel = "the request was cancelled", close = "the client was closed",
      } do
        misbehave { kind = "hang" }
        local client = host:new_client()
        local request = client.credentials:create({}, { wait = false })
        local ends = way == "cancel" and request or client
        ends[way](ends)
        assert_error({
          kind = "cancelled", operation = "credentials.create", attempts = 1, message = message,
        }, fails(request:result()))
      end
    end)

    for outcome, statuses in pairs {
      rejected = { 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 409, 418, 429, 499 },
      unknown = { 500, 501, 502, 503, 504, 599 },
    } do
      for _, status in ipairs(statuses) do
        it(("HTTP %d, whose outcome is %s"):format(status, outcome), function()
          misbehave { kind = "status", status = status, code = "ERR_NGROK_1", message = "no" }
          assert_error({
            kind = "api", phase = "receive", outcome = outcome, status = status, code = "ERR_NGROK_1",
            message = "no", operation = "credentials.create", attempts = 1, operation_id = "op_emulated",
            details = { operation_id = "op_emulated" },
          }, fails(credentials:create()))
        end)
      end
    end

    for _, kind in ipairs { "invalid_json", "deep_json", "empty", "html", "oversize" } do
      it("a 2xx that cannot be decoded: " .. kind, function()
        misbehave { kind = kind, bytes = kind == "oversize" and 5000 or nil }
        local err = assert_error({
          kind = "decode", phase = "decode", outcome = "unknown", operation = "credentials.create",
          attempts = 1, status = any, operation_id = any,
        }, fails(credentials:create()))
        assert.is_true(err.status >= 200 and err.status < 300)
        assert.truthy(err.operation_id:find("^op_"))
        assert.equal(1, #host.emulator:credentials())
      end)
    end
  end)

  it("says what the API says", function()
    local seeded = host.emulator:seed(1, { special = "tunnel_token" })
    local unchecked = { validate = false }
    for code, err in pairs {
      ERR_NGROK_404 = fails(credentials:get("cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3")),
      ERR_NGROK_223 = fails(credentials:get("nonsense")),
      ERR_NGROK_600 = fails(credentials:create({ acl = { "allow:all" } }, unchecked)),
      ERR_NGROK_604 = fails(credentials:create({ description = ("x"):rep(256) }, unchecked)),
      ERR_NGROK_601 = fails(credentials:delete(seeded[1].id)),
    } do
      assert_error({
        kind = "api", phase = "receive", outcome = "rejected", attempts = 1, code = code,
        status = code == "ERR_NGROK_404" and 404 or 400, operation_id = any,
        details = { operation_id = err.operation_id },
      }, err)
      assert.truthy(err.operation_id:find("^op_%w+$"))
      assert.equal(code == "ERR_NGROK_404", err:is_not_found())
      assert.is_true(err:is("ERR_NGROK_1", code))
      assert.is_false(err:is("ERR_NGROK_1", code:sub(1, -2)))
    end
  end)

  describe("with another kind of body:", function()
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
      it("a refusal, a failure and a success that have " .. name, function()
        local err = assert_error({
          kind = "api", phase = "receive", outcome = "rejected", status = 400, attempts = 1,
        }, respond(400, body))
        assert.truthy(err.message:find("HTTP 400", 1, true))
        assert.truthy(tostring(err):find("HTTP 400", 1, true))
        assert_error({ kind = "api", outcome = "unknown", status = 502 }, respond(502, body))
        assert_error({ kind = "decode", phase = "decode", outcome = "unknown", status = 201, attempts = 1 },
          respond(201, body))
      end)
    end

    for name, case in pairs {
      ["no code, but a message"] = { '{"msg":"gone","status_code":404}', { message = "gone" } },
      ["a code, but no message"] = { '{"error_code":"ERR_NGROK_9"}', { code = "ERR_NGROK_9" }, says = "404" },
      ["no details, but the operation's id in the header"] = {
        '{"msg":"gone"}', { operation_id = "op_header" },
        headers = { ["Ngrok-Operation-Id"] = "op_header" },
      },
      ["the operation's id in the details only"] = {
        '{"msg":"gone","details":{"operation_id":"op_details","more":"x","none":null}}',
        { operation_id = "op_details", details = { operation_id = "op_details", more = "x" } },
      },
      ["an operation's id of the wrong type"] = {
        '{"msg":"gone","details":{"operation_id":5}}', { details = { operation_id = 5 } },
      },
      ["no JSON, but its type"] = {
        "<html></html>", {}, headers = { ["content-type"] = "text/html" }, says = "text/html",
      },
    } do
      it(name, function()
        case[2].status = 404
        local err = assert_error(case[2], respond(404, case[1], case.headers))
        assert.truthy(err.message:find(case.says or "", 1, true))
      end)
    end

    it("details as deep as JSON may go", function()
      local deep = ("["):rep(900) .. ("]"):rep(900)
      local err = respond(404, '{"msg":"gone","details":{"a":' .. deep .. "}}")
      assert_error({ message = "gone", status = 404, details = any }, err)
      assert.equal("table", type(err.details.a))
    end)

    it("a success that is not a credential", function()
      for _, body in ipairs {
        '{"uri":"x"}', '{"id":""}', '{"id":null}', '{"id":5}', '{"id":"cr_1","acl":"bind:*"}',
        '{"id":"cr_1","acl":{"a":"bind:*"}}', '{"id":"cr_1","acl":["bind:*",5]}',
        '{"id":"cr_1","description":{}}', '{"id":"cr_1","token":5}',
      } do
        assert_error({ kind = "decode", phase = "decode", outcome = "unknown", status = 201 },
          respond(201, body))
      end
    end)

    it("a 204 to what returns a credential", function()
      misbehave { kind = "empty", status = 204, count = 2 }
      for operation, err in pairs {
        ["credentials.get"] = fails(credentials:get("cr_1")),
        ["credentials.update"] = fails(credentials:update("cr_1", { description = "x" })),
      } do
        assert_error({ kind = "decode", status = 204, operation = operation, operation_id = any }, err)
        assert.truthy(err.message:find("empty", 1, true))
      end
    end)

    it("is no error where a delete has a body, nor with another content type", function()
      misbehave { kind = "body", status = 200, body = '{"deleted":true}' }
      assert.is_true(credentials:delete("cr_1"))
      misbehave { kind = "content_type", content_type = "text/plain" }
      assert.truthy(credentials:create { description = "x" })
    end)
  end)

  describe("says how long to wait", function()
    local function refused(value, status)
      misbehave { kind = "status", status = status or 429, code = "ERR_NGROK_226", retry_after = value }
      local err = fails(credentials:get("cr_1"))
      return assert_error({
        kind = "api", status = status or 429, outcome = status and "unknown" or "rejected",
        code = "ERR_NGROK_226", retry_after = any, operation_id = any, details = any,
      }, err)
    end

    -- One a case: each pauses its client.
    for value, seconds in pairs { ["0"] = 0, ["7"] = 7, ["Wed, 21 Oct 2015 07:28:00 GMT"] = 0 } do
      it("as the header says: " .. value, function()
        assert.equal(seconds, refused(value).retry_after)
      end)
    end

    it("with a 503, too", function()
      assert.equal(9, refused(9, 503).retry_after)
    end)

    it("as a date to come", function()
      local seconds = refused(os.date("!%a, %d %b %Y %H:%M:%S GMT", os.time() + 100)).retry_after
      assert.is_true(seconds > 90 and seconds <= 100, tostring(seconds))
    end)

    for asked, seconds in pairs {
      ["999999999"] = "999999999", ["99999999999"] = "99999999999", ["Fri, 31 Dec 9999 23:59:59 GMT"] = "%d+",
    } do
      it("an hour at most, and what was asked for: " .. asked, function()
        local err = refused(asked)
        assert.equal(3600, err.retry_after)
        local note = "%(Retry%-After asks for " .. seconds .. " s, but the client waits 3600 s at most%)$"
        assert.truthy(err.message:find(note), err.message)
      end)
    end

    for _, value in ipairs {
      "", "soon", "-1", "1.5", "7 seconds", "0x10", "1e3", "Wed, 99 Oct 2015 07:28:00 GMT", "21 Oct 2015",
      "inf",
    } do
      it("nowhere where the header is missing or nonsense: " .. value, function()
        assert.is_nil(refused(value ~= "" and value or nil).retry_after)
      end)
    end
  end)

  it("is what a redirect leads to, and the key goes nowhere else", function()
    local other = assert(emulator.start())
    finally(function() other:stop() end)
    local headers = { location = other.base_url .. "/credentials" }
    for _, status in ipairs { 301, 302, 303, 307, 308 } do
      misbehave { kind = "body", status = status, headers = headers, count = 3 }
      for _, err in ipairs {
        fails(credentials:get "cr_1"), fails(credentials:create()), fails(credentials:delete "cr_1"),
      } do
        assert_error({ kind = "api", phase = "receive", outcome = "rejected", status = status }, err)
        assert.truthy(err.message:find("redirect", 1, true))
      end
    end
    assert.equal(15, #host.emulator:requests())
    assert.equal(0, #other:requests())
  end)

  describe("never shows a token:", function()
    local token, description = "2TMGGL7UOvE5IkjdLwjKrOlUJm3_5JsFk4rfMHdTH7B96qRVD", "Zebra7Quagga"
    local body = ('{"id":"cr_Okapi9","uri":"https://tapir.example/cr_Okapi9","created_at":"2023",'
      .. '"description":"%s",'
      .. '"metadata":"Gnu5Meta","token":"%s","acl":["bind:lemur.example"],"owner_id":"usr_Ibex3"}')
      :format(description, token)
    local words = {
      token:sub(1, 12), token:sub(-12), "Zebra7", "Okapi9", "tapir", "Gnu5", "lemur", "Ibex3", "2023",
    }

    local function shows_none_of(texts, err)
      for _, word in ipairs(texts) do
        assert.is_nil(secrets.find(err, word))
      end
    end

    local function shows_nothing(kind, err)
      assert_error({ kind = kind, outcome = "unknown", status = any }, err)
      shows_none_of(words, err)
      -- No piece of the body that could be one of its values.
      for at = 1, #body - 7 do
        assert.is_nil(secrets.find(err, body:sub(at, at + 7)))
      end
    end

    it("a response to create that is cut off anywhere", function()
      for at = 1, #body - 1, 7 do
        shows_nothing("decode", respond(201, body:sub(1, at)))
      end
    end)

    it("a connection that ends in the middle of it, or one byte too early", function()
      misbehave { kind = "truncate" }
      local err = fails(credentials:create { description = description, metadata = "Gnu5Meta" })
      assert.equal("transport", err.kind)
      local made = host.emulator:credentials()[1]
      shows_none_of({ "Zebra7", "Gnu5", made.id:sub(4) }, err)
      misbehave { kind = "truncate", at = 200 }
      shows_none_of({ description }, fails(credentials:get(made.id)))
    end)

    for name, change in pairs {
      ["whose id is missing"] = { '"id":"cr_Okapi9",', "" },
      ["whose id is not a string"] = { '"id":"cr_Okapi9"', '"id":["cr_Okapi9"]' },
      ["whose acl is none"] = { '%["bind:lemur.example"%]', '"bind:lemur.example"' },
      ["whose token is in a table"] = { '"token":("[^"]+")', '"token":[%1]' },
      ["with something after it"] = { "}$", "}x" },
      ["with a number that is none"] = { '"2023"', "NaN" },
    } do
      it("a response to create " .. name, function()
        local changed, count = body:gsub(change[1], change[2])
        assert.equal(1, count)
        shows_nothing("decode", respond(201, changed))
      end)
    end

    it("a response of any status whose body contains it and is not JSON", function()
      for _, status in ipairs { 200, 302, 400, 500 } do
        shows_none_of(words, respond(status, "log: " .. body))
      end
    end)

    it("a response with it that is too large", function()
      local client = host:new_client { max_response_bytes = #body - 1 }
      misbehave { kind = "body", status = 201, body = body }
      shows_nothing("transport", fails(client.credentials:create()))
    end)
  end)
end)

hosts.describe("an error about the key", function(host)
  local function send(key, body, headers)
    local client = host:new_client { api_key = key }
    host.emulator:misbehave { kind = "body", status = 401, body = body, headers = headers }
    local err = fails(client.credentials:get("cr_1"))
    assert.equal(401, err.status)
    return err
  end

  it("that the API refuses does not repeat it", function()
    for code, key in pairs {
      ERR_NGROK_202 = "nonsense-as-a-key", ERR_NGROK_203 = "FIRSTPART_SECONDPART",
      ERR_NGROK_206 = host.emulator:seed(1)[1].token,
      ERR_NGROK_207 = "cr_2TMGGL7UOvE5IkjdLwjKrOlUJm3", ERR_NGROK_208 = "ak_2TMGGL7UOvE5IkjdLwjKrOlUJm3",
    } do
      local err = fails(host:new_client({ api_key = key }).credentials:create())
      assert_error({
        kind = "api", status = 401, code = code, outcome = "rejected", attempts = 1, operation_id = any,
        details = any,
      }, err)
      assert.is_nil(secrets.find(err, key))
      assert.truthy(err.message:find("[redacted]", 1, true))
    end
  end)

  describe("that the server repeats", function()
    local key = "KOBOLD7_canary9key" -- not known by its look; secrets_spec has one that is, in every form

    for _, form in ipairs { key, secrets.percent(key), "Bearer:" .. key .. "!", key .. "," .. key .. key } do
      it("hides it in every place, also in events:  " .. form, function()
        local body = '{"error_code":"%s","msg":"%s","details":{"operation_id":"%s","%s":["%s"]}}'
        local shown = {}
        local client = host:new_client { api_key = key, on_event = function(event)
          shown[#shown + 1] = event
        end }
        for _, said in ipairs { body:format(form, form, form, form, form), "not JSON" } do
          host.emulator:misbehave {
            kind = "body", status = 401, body = said,
            headers = { ["ngrok-operation-id"] = form, ["content-type"] = form },
          }
          shown[#shown + 1] = fails(client.credentials:get("cr_1"))
          assert.is_nil(shown[#shown].operation_id)
        end
        for _, text in ipairs(secrets.texts(shown)) do
          assert.is_nil(secrets.trace(text, key))
        end
      end)
    end

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
    return fails(client.credentials:get("cr_1"))
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

  it("knows whether what was asked for exists, and has no code where the server gave none", function()
    for status, expected in pairs { [404] = true, [410] = false, [500] = false, [200] = false } do
      assert.equal(expected, error_of(status, ""):is_not_found())
    end
    local err = error_of(404, "")
    for _, codes in ipairs { {}, { nil }, { nil, "ERR_NGROK_404" }, { "ERR_NGROK_404" } } do
      assert.is_false(err:is(codes[1], codes[2]))
    end
    assert.is_false(err:is())
  end)

  it("knows whether there were too many requests", function()
    for status, expected in pairs { [429] = true, [404] = false, [503] = false, [200] = false } do
      assert.equal(expected, error_of(status, ""):is_rate_limited())
    end
  end)

  it("is what ngrok.is_error tells from everything else", function()
    assert.is_true(ngrok.is_error(error_of(404, "")))
    for name, other in pairs {
      nothing = {}, empty = { {} }, text = { "credentials.get failed: x" }, number = { 5 },
      boolean = { true }, lookalike = { { kind = "api", message = "x" } }, callable = { print },
      thread = { coroutine.create(print) }, userdata = { io.stdout }, client = { client },
      service = { client.credentials }, listing = { client.credentials:list() },
    } do
      assert.is_false(ngrok.is_error(other[1]), name)
    end
  end)

  it("is raised as it is by a `for`, and by the program", function()
    transport = function() return { status = 403, body = "" } end
    local fine, err = pcall(function()
      for _ in client.credentials:list() do
        error("no item was expected")
      end
    end)
    assert.is_false(fine)
    assert_error({ status = 403, operation = "credentials.list" }, err)
    local _, caught = pcall(error, err)
    assert.equal(err, caught)
  end)

  it("has the operations of credentials' own methods in its name", function()
    transport = function() return manual_transport.credential("cr_1") end
    local credential = assert(client.credentials:get("cr_1"))
    transport = function() return { status = 500, body = "" } end
    for method, operation in pairs { update = "update", delete = "delete", reload = "get" } do
      local err = fails(credential[method](credential, method == "update" and { description = "x" } or nil))
      assert.equal("credentials." .. operation, err.operation)
    end
  end)
end)
