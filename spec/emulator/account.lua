--- Requests to an emulated account, without a client and without a transport.
local assert = require "luassert"
local cjson = require "cjson"
local emulator = require "ngrok.emulator"

local account = {}
account.__index = account

--- Makes an account whose clock is stopped at `now`.
---@param options? table as of `emulator.new`
---@return table account `emu`, `now`
function account.new(options)
  local self = setmetatable({ now = 1700000000 }, account) -- 2023-11-14T22:13:20Z
  local all = { seed = 7, clock = function() return self.now end }
  for name, value in pairs(options or {}) do
    all[name] = value
  end
  self.emu = emulator.new(all)
  return self
end

--- Sends a request as a client does.
---@param method string
---@param target string path and query
---@param body? string
---@param changes? table headers in lower case; false leaves one out
---@param more? table of the request
---@return table response
function account:send(method, target, body, changes, more)
  local path, query = target:match "^([^?]*)%??(.*)$"
  local request = { method = method, path = path, query = query ~= "" and query or nil, body = body }
  request.headers = {
    ["authorization"] = "Bearer " .. self.emu.api_key,
    ["ngrok-version"] = "2",
    ["content-type"] = "application/json",
  }
  for name, value in pairs(changes or {}) do
    request.headers[name] = value or nil
  end
  for name, value in pairs(more or {}) do
    request[name] = value
  end
  return self.emu:request(request)
end

function account:list(query, changes, more)
  return self:send("GET", "/credentials" .. (query and "?" .. query or ""), nil, changes, more)
end

function account:create(body, changes)
  return self:send("POST", "/credentials", body or "{}", changes)
end

--- Reads a response that must be a success.
---@param response table
---@return table
function account.read(response)
  assert.truthy(response.status < 300, response.body)
  return cjson.decode(response.body)
end

--- Checks that a response is a refusal.
---@param number integer|false of its code; false for none
---@param status integer
---@param response table
---@return string message
function account.refused(number, status, response)
  assert.equal(status, response.status, response.body)
  local body = cjson.decode(response.body)
  assert.equal(number and "ERR_NGROK_" .. number or nil, body.error_code)
  assert.equal(status, body.status_code)
  assert.equal(response.headers["ngrok-operation-id"], body.details.operation_id)
  assert.matches("^op_%w+$", body.details.operation_id)
  return body.msg
end

return account
