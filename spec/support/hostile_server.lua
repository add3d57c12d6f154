--- Runs a group of specs against a server that does harm. Whatever it does, the client gets a true error
-- within its time, which shows no secret; and the same client works once the server behaves again.
local assert = require "luassert"
local busted = require "busted"
local ngrok = require "ngrok"
local timing = require "spec.support.timing"
local raw_server = require "spec.support.raw_server"
local secrets = require "spec.support.secrets"

local hostile = {}
hostile.__index = hostile

--- Secrets that the server knows and no error may show.
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

--- Checks what an error says, and that it shows no secret.
---@param err table
---@param kind? string any if not given
---@param phase? string any if not given
---@param outcome? string "unknown" if not given
function hostile.check(err, kind, phase, outcome)
  assert.is_true(ngrok.is_error(err))
  assert.equal(kind or err.kind, err.kind, tostring(err))
  assert.equal(phase or err.phase, err.phase, tostring(err))
  assert.equal(outcome or "unknown", err.outcome)
  for _, secret in ipairs { hostile.key, hostile.token, "Okapi9Body" } do
    assert.is_nil(secrets.find(err, secret))
  end
end

--- Creates a credential, which fails.
---@param client table
---@param kind? string any if not given
---@param phase? string any if not given
---@param ... any arguments of create
---@return table the error
function hostile.fails(client, kind, phase, ...)
  local credential, err = client.credentials:create(...)
  assert.is_nil(credential)
  hostile.check(err, kind, phase)
  return err
end

--- Checks that a client works with a server that behaves.
---@param client table
function hostile:recovers(client)
  self.server:respond(hostile.good)
  -- However short the client's own time-out is: a slow machine may need more for a new connection.
  local made = assert(client.credentials:create({}, { timeout = timing.scaled(10) }))
  assert.equal(hostile.token, made.token)
  assert.equal(0, client:pending())
end

--- Creates a credential, which fails, and another one, which does not.
---@param client table
---@param kind string
---@param phase? string "receive" if not given
---@return table the error
function hostile:survives(client, kind, phase)
  local err = hostile.fails(client, kind, phase or "receive")
  self:recovers(client)
  return err
end

--- Describes `body(harness)`; `harness.server` is the server, a raw one.
---@param name string
---@param body function
function hostile.describe(name, body)
  busted.describe(name, function()
    local harness = setmetatable({}, hostile)

    busted.setup(function()
      harness.server = raw_server.start()
    end)

    busted.teardown(function()
      harness.server:stop()
    end)

    busted.before_each(function()
      harness.clients = {}
    end)

    busted.after_each(function()
      for _, client in ipairs(harness.clients) do
        client:close()
      end
    end)

    body(harness)
  end)
end

return hostile
