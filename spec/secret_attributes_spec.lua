-- The secrets that resources are given show nowhere, however a server repeats them.
local core = require "ngrok.core"
local leaks = require "spec.support.secrets"
local ngrok = require "ngrok"

local pem = "-----BEGIN PRIVATE KEY-----\n" .. ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n"):rep(3)
  .. "-----END PRIVATE KEY-----\n"

local policy = [[
on_http_request:
  - actions:
      - type: basic-auth
        config:
          credentials:
            - alan:Pw0Canary1
            - "ada:Pw0Canary2"
      - type: oauth
        config: { client_secret: 'Pw0Canary3', client_id: id }
]]

local aws = { creds = { aws_access_key_id = "AKIA1", aws_secret_access_key = "Pw0Canary/aws+key" } }

-- By name: what is called, and what of it is secret.
local calls = {
  ["a vault secret's value"] = {
    function(client, options)
      return client.secrets:create({ vault_id = "v_1", name = "n", value = "Pw0Canary value" }, options)
    end, { "Pw0Canary value" },
  },
  ["a vault secret's new value"] = {
    function(client, options)
      return client.secrets:update("sec_1", { value = "Pw0Canary value" }, options)
    end, { "Pw0Canary value" },
  },
  ["a private key"] = {
    function(client, options)
      return client.tls_certificates:create({ certificate_pem = "cert", private_key_pem = pem }, options)
    end, { pem, "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC" },
  },
  ["the key of Datadog"] = {
    function(client, options)
      local target = { datadog = { api_key = "Pw0Canary_dd" } }
      return client.event_destinations:create({ target = target }, options)
    end, { "Pw0Canary_dd" },
  },
  ["the secret of AWS"] = {
    function(client, options)
      return client.event_destinations:update("ed_1", { target = { kinesis = { auth = aws } } }, options)
    end, { "Pw0Canary/aws+key" },
  },
  ["the secret of Azure"] = {
    function(client, options)
      return client.event_destinations:create({ target = { azure_logs_ingestion = {
        tenant_id = "t", client_id = "c", client_secret = "Pw0Canary~azure", logs_ingestion_uri = "u",
        data_collection_rule_id = "r", data_collection_stream_name = "s",
      } } }, options)
    end, { "Pw0Canary~azure" },
  },
  ["the secret of OIDC"] = {
    function(client, options)
      return client.edge_modules.https_edge_route_oidc:replace("e_1", "r_1", {
        issuer = "i", client_id = "c", client_secret = "Pw0Canary-oidc",
      }, options)
    end, { "Pw0Canary-oidc" },
  },
  ["the secret of OAuth, in a route"] = {
    function(client, options)
      return client.edges.https_routes:create("e_1", {
        match_type = "path_prefix", match = "/",
        oauth = { provider = { github = { client_id = "c", client_secret = "Pw0Canary%oauth" } } },
      }, options)
    end, { "Pw0Canary%oauth" },
  },
  ["the secret of webhooks"] = {
    function(client, options)
      return client.edge_modules.https_edge_route_webhook_verification:replace("e_1", "r_1", {
        provider = "p", secret = "Pw0Canary\\hook",
      }, options)
    end, { "Pw0Canary\\hook" },
  },
  ["the passwords in an endpoint's traffic policy"] = {
    function(client, options)
      return client.endpoints:create({ url = "https://a", type = "cloud", traffic_policy = policy }, options)
    end, { policy, "Pw0Canary1", "Pw0Canary2", "ada:Pw0Canary2", "Pw0Canary3" },
  },
  ["the passwords in an edge's traffic policy"] = {
    function(client, options)
      return client.edges.tcp:update("e_1", { traffic_policy = {
        value = '{"a":{"config":{"credentials":["alan:Pw0Canary1"]}}}',
      } }, options)
    end, { '{"a":{"config":{"credentials":["alan:Pw0Canary1"]}}}', "alan:Pw0Canary1", "Pw0Canary1" },
  },
}

-- How a server writes what it repeats. Where it changes white space, that is all it does.
local function in_two_lines(text)
  local middle = math.floor(#text / 2)
  return #text >= 16 and text:sub(1, middle) .. "\n  " .. text:sub(middle + 1) or text
end

local spellings = {
  ["as it is"] = function(text) return text end,
  ["percent-encoded"] = leaks.percent,
  ["JSON-escaped"] = leaks.json_escaped,
  ["as JSON has it"] = core.json,
  ["as JSON in JSON has it"] = function(text) return core.json(core.json(text)) end,
  ["without the white space around it"] = function(text) return text:match "^%s*(.-)%s*$" end,
  ["with the lines of DOS"] = function(text) return (text:gsub("\n", "\r\n")) end,
  ["on one line"] = function(text) return (text:gsub("%s+", " ")) end,
  ["cut into two lines"] = in_two_lines,
  ["twice"] = function(text) return text .. text end,
}

local function squeezed(text)
  return (text:gsub("\\[nrt]", " "):gsub("%%0[aAdD]", ""):gsub("%s+", ""))
end

local function assert_shows_none(values, secrets)
  for _, value in ipairs(values) do
    for _, text in ipairs(leaks.texts(value)) do
      for _, secret in ipairs(secrets) do
        local found = leaks.trace(text, secret) or leaks.trace(squeezed(text), squeezed(secret))
        assert.is_nil(found, found)
      end
    end
  end
end

describe("No error and no event shows", function()
  local events, said

  local function new_client(status)
    return assert(ngrok.client {
      api_key = "ak1_attributes", rate_limit = false, max_retries = 1,
      on_event = function(event) events[#events + 1] = event end,
      transport = function()
        local body = ('{"error_code":%s,"msg":%s,"details":{"operation_id":%s,"said":%s,%s:1}}'):format(
          core.json(said), core.json("not valid: '" .. said .. "'."), core.json(said), core.json(said),
          core.json(said))
        return { status = status, headers = { ["ngrok-operation-id"] = said }, body = body }
      end,
    })
  end

  before_each(function()
    events = {}
  end)

  for name, call in pairs(calls) do
    it(name .. ", which a server repeats", function()
      local client = new_client(400)
      for _, secret in ipairs(call[2]) do
        for spelling, spell in pairs(spellings) do
          said = spell(secret)
          local value, err = call[1](client)
          assert.is_nil(value)
          assert.matches("[redacted]", err.message, 1, true, spelling)
          assert.matches("not valid", err.message, 1, true)
          assert_shows_none({ err }, call[2])
        end
      end
      assert_shows_none(events, call[2])
      client:close()
    end)
  end

  it("what a transport fails with, nor a request that is kept after it", function()
    local call = calls["a private key"]
    local client = assert(ngrok.client {
      api_key = "ak1_attributes", on_event = function(event) events[#events + 1] = event end,
      transport = function(attempt) return nil, "send", "cannot send " .. attempt.body end,
    })
    local request = call[1](client, { wait = false, max_retries = 0 })
    local _, err = request:result()
    assert_shows_none({ err, request }, { pem })
    assert_shows_none(events, { pem })
    assert.is_nil(require("ngrok.proxy").target(request).secrets)
    client:close()
  end)
end)

describe("An object", function()
  local client, body

  before_each(function()
    client = assert(ngrok.client { api_key = "ak1_attributes", transport = function()
      return { status = 200, headers = {}, body = body }
    end })
  end)

  after_each(function()
    client:close()
  end)

  it("shows no secret as its id that its request has sent", function()
    body = '{"id":"Pw0Canary_dd","uri":""}'
    local made = assert(calls["the key of Datadog"][1](client))
    assert.equal("ngrok.event_destination", tostring(made))
    body = '{"id":"ed_1","uri":""}'
    assert.equal("ngrok.event_destination: ed_1", tostring(assert(calls["the key of Datadog"][1](client))))
  end)

  it("has its secrets in its fields, and leaves them out of a form with token = false", function()
    body = '{"id":"ed_1","target":{"datadog":{"api_key":"Pw0Canary","ddtags":"t"}}}'
    local one = assert(client.event_destinations:get "ed_1")
    assert.equal("Pw0Canary", one.target.datadog.api_key)
    assert.is_nil(one:tojson({ token = false }):find "Pw0Canary")
    body = ('{"id":"ep_1","traffic_policy":%s}'):format(core.json(policy))
    one = assert(client.endpoints:get "ep_1")
    assert.equal(policy, one.traffic_policy)
    assert.is_nil(one:totable({ token = false }).traffic_policy)
    for path, service in pairs { ak_1 = client.api_keys, aigk_1 = client.ai_gateway_api_keys } do
      body = ('{"id":"%s","token":"2TMGGL7UOvE5IkjdLwjKrOlUJm3_Zm3Xn5Yp7Wq9Vr2Us4Tt6"}'):format(path)
      one = assert(service:get(path))
      assert.truthy(one.token)
      assert.equal(path, tostring(one):match ": (.*)")
      assert.is_nil(one:tojson({ token = false }):find "Zm3X")
    end
  end)
end)
