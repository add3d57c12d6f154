--- Runs a group of specs against a server that does a client harm. Whatever it did, the client is owed
-- an error that is true, within its time, and that tells no secret; and once the server behaves again, the
-- same client must work.
local assert = require "luassert"
local busted = require "busted"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"
local secrets = require "spec.support.secrets"

local hostile = {}
hostile.__index = hostile

--- What a server knows that no error may show.
hostile.key, hostile.token = "FIRSTPART_SECONDPART", "2TMGGIw07ve6R3DQzMrN3964IKQ_5JsFk4rfMHdTH7B96qRVD"

--- The body of a good response to create.
hostile.body = ('{"id":"cr_1","description":"Okapi9Body","token":"%s","acl":[]}'):format(hostile.token)

--- A complete response, the last one on its connection.
---@param headers string each with its line's end
---@param body? string
---@return string bytes
function hostile.respond(headers, body)
  return "HTTP/1.1 200 OK\r\nConnection: close\r\n" .. headers .. "\r\n" .. (body or hostile.body)
end

hostile.good = hostile.respond(("Content-Length: %d\r\n"):format(#hostile.body))

--- Makes a client on the server; it is closed after the spec.
---@param given? table options
---@return table client
function hostile:client(given)
  local options = {
    api_key = hostile.key, base_url = self.server.base_url, timeout = timing.scaled(10), max_retries = 0,
    rate_limit = false,
  }
  for name, value in pairs(given or {}) do
    options[name] = value
  end
  local client = assert(ngrok.client(options))
  self.clients[#self.clients + 1] = client
  return client
end

--- Checks that an error says what it should, and nothing else.
---@param err table
---@param kind string
---@param phase string
---@param outcome? string "unknown" if not given
function hostile.check(err, kind, phase, outcome)
  assert.is_true(ngrok.is_error(err))
  assert.equal(kind, err.kind, tostring(err))
  assert.equal(phase, err.phase, tostring(err))
  assert.equal(outcome or "unknown", err.outcome)
  for _, secret in ipairs { hostile.key, hostile.token, "Okapi9Body" } do
    assert.is_nil(secrets.find(err, secret))
  end
end

--- Checks that a client works with a server that behaves.
---@param client table
function hostile:recovers(client)
  self.server:respond(hostile.good)
  assert.equal(hostile.token, assert(client.credentials:create()).token)
  assert.equal(0, client:pending())
end

--- Creates a credential, which fails, and another one, which does not.
---@param client table
---@param kind string
---@param phase? string "receive" if not given
---@return table the error
function hostile:survives(client, kind, phase)
  local credential, err = client.credentials:create()
  assert.is_nil(credential)
  self.check(err, kind, phase or "receive")
  self:recovers(client)
  return err
end

--- Describes `body(besieged)`. `besieged.server` is the server.
---@param name string
---@param body function
function hostile.describe(name, body)
  busted.describe(name, function()
    local besieged = setmetatable({}, hostile)

    busted.setup(function()
      besieged.server = raw_server.start()
    end)

    busted.teardown(function()
      besieged.server:stop()
    end)

    busted.before_each(function()
      besieged.clients = {}
    end)

    busted.after_each(function()
      for _, client in ipairs(besieged.clients) do
        client:close()
      end
    end)

    body(besieged)
  end)
end

return hostile
